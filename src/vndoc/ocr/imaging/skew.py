"""Skew: how far a page is off level, and the page turned level."""

import cv2
import numpy as np
from numpy.typing import NDArray

from vndoc.ocr.imaging.image import Image8

SKEW_LIMIT = 4.0
"""Degrees searched to either side."""
_SKEW_SEARCH = ((400, 0.5, SKEW_LIMIT), (800, 0.15, 0.45), (800, 0.05, 0.1))
"""Image width in pixels, step and reach in degrees: coarse on a small image, then finer around the best."""
_INK = 160  # grey level under which a pixel counts as ink


def find_skew(gray: Image8) -> float:
    """Skew in degrees, positive where the text falls to the right, within ±``SKEW_LIMIT``, to 0.05°.

    Maximises the energy of the differences of the horizontal projection profile (Postl's criterion), first in steps of
    0.5°, then finer around the best.
    """
    best = 0.0
    inks = {width: _ink_profile_image(gray, width) for width in {width for width, _, _ in _SKEW_SEARCH}}
    for width, step, reach in _SKEW_SEARCH:
        ink = inks[width]
        if not ink.any():
            return 0.0
        trials = np.arange(best - reach, best + reach + step / 2, step)
        best = float(max(trials, key=lambda angle: _energy(ink, float(angle))))
    return best if _energy(ink, best) > 1.02 * _energy(ink, 0.0) else 0.0


def _ink_profile_image(gray: Image8, width: int) -> NDArray[np.float32]:
    scale = width / max(gray.shape[1], 1)
    small = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    ink = (small < _INK).astype(np.float32)
    side = ink.shape[1] // 20  # black scan edges would outweigh the text
    ink[:, :side] = 0
    ink[:, ink.shape[1] - side :] = 0
    return ink


def _energy(ink: NDArray[np.float32], angle: float) -> float:
    """Energy of the differences of the projection profile of the image turned by ``angle`` degrees."""
    height, width = ink.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    profile = cv2.warpAffine(ink, matrix, (width, height), flags=cv2.INTER_LINEAR).sum(axis=1)
    return float(np.square(np.diff(profile)).sum())


def rotate(image: Image8, angle: float, rows: slice = slice(None)) -> Image8:
    """The image turned by ``angle`` degrees counter-clockwise about its centre, same size, white corners.

    ``rows`` are those wanted of the turned image; only these are made.
    """
    height, width = image.shape[:2]
    top, bottom, _ = rows.indices(height)
    if abs(angle) < 0.05 or bottom <= top:
        return image[rows]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    matrix[1, 2] -= top
    size = (width, bottom - top)
    turned = cv2.warpAffine(image, matrix, size, flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255))
    return np.asarray(turned, dtype=np.uint8)
