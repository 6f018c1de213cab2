"""The page image made ready for reading: stray marks, contrast, skew. Pure functions on arrays.

Images are grey numpy arrays ``(height, width)`` of ``uint8``, 0 is black; :func:`rotate` takes colour too.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

Image8 = NDArray[np.uint8]
"""Grey ``(height, width)`` or RGB ``(height, width, 3)``."""

SKEW_LIMIT = 4.0  # degrees searched to either side
_SKEW_SEARCH = ((400, 0.5, SKEW_LIMIT), (800, 0.15, 0.45), (800, 0.05, 0.1))
"""Image width in pixels, step and reach in degrees: coarse on a small image, then finer around the best."""

_INK = 160  # grey level under which a pixel counts as ink
_BLANK_INK = 2e-4  # share of ink under which a page is blank: a line of ten words on A4 is about 1e-3
_FAINT_INK = 110  # grey level of the darkest per mille above which the print is faint and gets stretched

_LEAST_SPREAD = 20  # grey levels between paper and ink; what has fewer is paper alone
_SPECK = 5  # pixels of the largest speck; letters of 11-point type are 12 to 30 high
_SPECKLED = 1.5  # specks for each letter from which a page is blurred
_LINED = 0.7  # least share of the page's height that a scanner's line is dark
_THICKEST_LINE = 8  # pixels
_BAR = 44  # least pixels of the height of a bar with a line of light letters on it
_BAR_FILLED = (0.6, 0.97)  # share of a bar that is dark: letters take the rest
_SMALLEST = 100  # pixels of the shorter side of what may be a page; OpenCV crashes on nothing
_SHOWING = 35  # grey levels under the paper at which what shows through begins
_TWO_KINDS, _VALLEY = 60, 15  # grey levels between the two kinds of letters, and half the gap that has to be empty
_LIGHTER = 0.2  # least share of letters that show through
_FEW_LETTERS = 50  # a page with fewer is not judged by them


def stretch_faint(gray: Image8) -> Image8:
    """Spread the grey levels of a faint page over the full range after a light blur; other pages are left alone.

    A clean page loses by any filter, so this is gated: only where the darkest per mille of the pixels is still lighter
    than ``_FAINT_INK``.
    """
    dark = float(np.percentile(gray[::4, ::4], 0.1))
    light = float(np.percentile(gray[::4, ::4], 80))
    return gray if dark < _FAINT_INK or light - dark < _LEAST_SPREAD else _spread(_soft(gray), dark)


def drop_scanner_lines(gray: Image8) -> Image8:
    """The scan without the upright lines that a soiled sensor draws down all of it; strokes across them stay.

    To be used before the page is levelled. Rules of tables are shorter.
    """
    lined = np.flatnonzero((gray < 128).mean(axis=0) > _LINED)
    runs = np.split(lined, np.flatnonzero(np.diff(lined) > 1) + 1) if lined.size else []
    left = gray.copy() if runs else gray
    for run in runs:
        begin, end = int(run[0]) - 2, int(run[-1]) + 2
        if begin >= 0 and end < gray.shape[1] and len(run) <= _THICKEST_LINE:
            left[:, begin + 1 : end] = np.maximum(gray[:, begin], gray[:, end])[:, None]
    return left


def turn_negative(gray: Image8) -> Image8:
    """Light print on dark bars, as in the heads of tables, made dark on light; other pages are left alone.

    The engine is told not to try every doubtful line as its negative, which takes a tenth of its time.
    """
    if min(gray.shape) < _BAR:
        return gray
    small = cv2.resize(gray, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    dark = (small < 128).astype(np.uint8)
    letters_filled = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    solid = cv2.morphologyEx(letters_filled, cv2.MORPH_OPEN, np.ones((_BAR // 4, _BAR // 4), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(solid, connectivity=8)
    left = gray
    for x, y, width, height, area in stats[1:]:
        filled = float(dark[y : y + height, x : x + width].mean())
        is_bar = height >= _BAR // 4 and width > 2 * height and area > 0.9 * width * height
        if is_bar and _BAR_FILLED[0] < filled < _BAR_FILLED[1]:
            left = gray.copy() if left is gray else left
            bar = (slice(4 * y, 4 * (y + height)), slice(4 * x, 4 * (x + width)))
            left[bar] = 255 - gray[bar]
    return left


def smooth_speckled(gray: Image8) -> Image8:
    """A faxed page, or one scanned too dark, with its specks blurred away; other pages are left alone.

    Gated by the specks there are for each letter: on real scans up to 0.6 of them, on a noisy bitonal one 10.
    """
    if min(gray.shape) < _SMALLEST:
        return gray
    middle = gray[gray.shape[0] // 4 : gray.shape[0] * 3 // 4]
    _, _, stats, _ = cv2.connectedComponentsWithStats((middle < 128).astype(np.uint8), connectivity=8)
    width, height = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]
    specks = int(((width <= _SPECK) & (height <= _SPECK)).sum())
    letters = int(((height > 2 * _SPECK) & (height < 12 * _SPECK) & (width < 16 * _SPECK)).sum())
    if specks < _SPECKLED * max(letters, _FEW_LETTERS):
        return gray
    return _spread(cv2.GaussianBlur(gray, (0, 0), 1.2))


def drop_show_through(gray: Image8) -> Image8:
    """A page without the print of its back that shows through; other pages are left alone.

    Gated by how dark the darkest pixel of each letter is: where two kinds of letters stand well apart and the lighter
    ones are a fifth of all, these are the back's. Of 39 real pages 0.17 at most are lighter.
    """
    paper = float(np.percentile(gray[::4, ::4], 80))
    small = cv2.erode(gray, np.ones((2, 2), np.uint8))[::2, ::2]
    ink = small < paper - _SHOWING
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    darkest = np.full(count, 255, np.uint8)
    np.minimum.at(darkest, labels[ink].astype(np.intp), small[ink])
    wide, tall = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    like = (tall > 1.6 * _SPECK) & (tall < 8 * _SPECK) & (wide < 12 * _SPECK)
    like[0] = False
    levels = darkest[like].astype(np.float32)
    if len(levels) < _FEW_LETTERS:
        return gray
    cut, _ = cv2.threshold(darkest[like], 0, 255, cv2.THRESH_OTSU)
    lighter = levels > cut
    if not _LIGHTER < lighter.mean() < 1:
        return gray
    front, back = (float(np.median(levels[part])) for part in (~lighter, lighter))
    middle = (front + back) / 2
    between = float((np.abs(levels - middle) < _VALLEY).mean())
    if back - front < _TWO_KINDS or between > 0.02:
        return gray
    edges = cv2.dilate((gray < middle).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return np.where(edges, gray, np.uint8(round(paper))).astype(np.uint8)


def erased(gray: Image8, what: NDArray[np.bool_], side: int = 3) -> Image8:
    """The image with some pixels made white, and those beside them: ``side`` pixels across for each."""
    left = gray.copy()
    left[cv2.dilate(what.astype(np.uint8), np.ones((side, side), np.uint8)) > 0] = 255
    return left


def bring_out(part: Image8) -> Image8:
    """A small part of a page, blurred and stretched so that its darkest twentieth is black: faint strokes join."""
    return _spread(_soft(part), float(np.percentile(part, 5)))


def _soft(gray: Image8) -> Image8:
    return np.asarray(cv2.GaussianBlur(gray, (0, 0), 0.8), dtype=np.uint8)


def _spread(gray: "cv2.typing.MatLike", dark: float | None = None) -> Image8:
    """The image with ``dark``, or its darkest hundredth, spread to black and the level of its paper to white."""
    if dark is None:
        dark = float(np.percentile(gray[::4, ::4], 1))
    light = float(np.percentile(gray[::4, ::4], 80))
    if light - dark < _LEAST_SPREAD:
        return np.asarray(gray, dtype=np.uint8)
    scaled = (gray.astype(np.float32) - dark) * (255.0 / (light - dark))
    return np.asarray(np.clip(scaled, 0, 255), dtype=np.uint8)


def is_blank(gray: Image8) -> bool:
    """True where the page holds less ink than a few words, margins (3 %) and specks left out."""
    height, width = gray.shape
    inner = gray[height * 3 // 100 : height * 97 // 100, width * 3 // 100 : width * 97 // 100]
    if min(inner.shape) < 2:
        return True
    small = cv2.resize(inner, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return float((small < _INK - 20).mean()) < _BLANK_INK


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


def rotate(image: Image8, angle: float) -> Image8:
    """The image turned by ``angle`` degrees counter-clockwise about its centre, same size, white corners."""
    if abs(angle) < 0.05:
        return image
    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    turned = cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255))
    return np.asarray(turned, dtype=np.uint8)


def prepare(gray: Image8) -> tuple[Image8, float]:
    """Clean and level image for the OCR engine, and the angle in degrees it was turned by."""
    gray = smooth_speckled(stretch_faint(drop_show_through(turn_negative(drop_scanner_lines(gray)))))
    angle = find_skew(gray)
    return rotate(gray, angle), angle
