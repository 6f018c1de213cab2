"""Contrast: faint pages stretched, light print on dark bars inverted."""

import cv2
import numpy as np

from vndoc.ocr.imaging.connected import connected
from vndoc.ocr.imaging.image import Image8

_FAINT_INK = 110  # grey level of the darkest per mille above which the print is faint and gets stretched
_LEAST_SPREAD = 20  # grey levels between paper and ink; what has fewer is paper alone
_BAR = 44  # least pixels of the height of a bar with a line of light letters on it
_BAR_FILLED = (0.6, 0.97)  # share of a bar that is dark: letters take the rest


def stretch_faint(gray: Image8) -> Image8:
    """Spread the grey levels of a faint page over the full range after a light blur; other pages are left alone.

    A clean page loses by any filter, so this is gated: only where the darkest per mille of the pixels is still lighter
    than ``_FAINT_INK``.
    """
    dark = float(np.percentile(gray[::4, ::4], 0.1))
    light = float(np.percentile(gray[::4, ::4], 80))
    return gray if dark < _FAINT_INK or light - dark < _LEAST_SPREAD else spread(_soft(gray), dark)


def invert_dark_bars(gray: Image8) -> Image8:
    """Light print on dark bars, as in the heads of tables, made dark on light; other pages are left alone.

    The engine need not try every doubtful line as its negative, which takes a tenth of its time.
    """
    if min(gray.shape) < _BAR:
        return gray
    small = cv2.resize(gray, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    dark = (small < 128).astype(np.uint8)
    letters_filled = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    solid = cv2.morphologyEx(letters_filled, cv2.MORPH_OPEN, np.ones((_BAR // 4, _BAR // 4), np.uint8))
    stats = connected(solid).stats
    left = gray
    for x, y, width, height, area in stats[1:]:
        filled = float(dark[y : y + height, x : x + width].mean())
        is_bar = height >= _BAR // 4 and width > 2 * height and area > 0.9 * width * height
        if is_bar and _BAR_FILLED[0] < filled < _BAR_FILLED[1]:
            left = gray.copy() if left is gray else left
            bar = (slice(4 * y, 4 * (y + height)), slice(4 * x, 4 * (x + width)))
            left[bar] = 255 - gray[bar]
    return left


def _soft(gray: Image8) -> Image8:
    return np.asarray(cv2.GaussianBlur(gray, (0, 0), 0.8), dtype=np.uint8)


def spread(gray: "cv2.typing.MatLike", dark: float | None = None) -> Image8:
    """The image with ``dark``, or its darkest hundredth, spread to black and the level of its paper to white."""
    if dark is None:
        dark = float(np.percentile(gray[::4, ::4], 1))
    light = float(np.percentile(gray[::4, ::4], 80))
    if light - dark < _LEAST_SPREAD:
        return np.asarray(gray, dtype=np.uint8)
    scaled = (gray.astype(np.float32) - dark) * (255.0 / (light - dark))
    return np.asarray(np.clip(scaled, 0, 255), dtype=np.uint8)
