"""Marks of the scanner, of a fax, and of the back of the sheet taken off a page image.

Images are grey numpy arrays ``(height, width)`` of ``uint8``, 0 is black.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from vndoc.ocr.imaging.connected import connected
from vndoc.ocr.imaging.contrast import spread
from vndoc.ocr.imaging.image import Image8

_SPECK = 5  # pixels of the largest speck; letters of 11-point type are 12 to 30 high
_SPECKLED = 1.5  # specks for each letter from which a page is blurred
_LINED = 0.7  # least share of the page's height that a scanner's line is dark
_THICKEST_LINE = 8  # pixels
_SMALLEST = 100  # pixels of the shorter side of what may be a page; OpenCV crashes on nothing
_SHOWING = 35  # grey levels under the paper at which what shows through begins
_TWO_KINDS, _VALLEY = 60, 15  # grey levels between the two kinds of letters, and half the gap that has to be empty
_IN_VALLEY = 0.02  # most share of letters in the gap
_LIGHTER = 0.2  # least share of letters that show through
_FEW_LETTERS = 50  # a page with fewer is not judged by them


def remove_scanner_lines(gray: Image8) -> Image8:
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


def despeckle(gray: Image8) -> Image8:
    """A faxed page, or one scanned too dark, with its specks blurred away; other pages are left alone.

    Gated by the specks there are for each letter: on real scans up to 0.6 of them, on a noisy bitonal one 10.
    """
    if min(gray.shape) < _SMALLEST:
        return gray
    middle = gray[gray.shape[0] // 4 : gray.shape[0] * 3 // 4]
    stats = connected(middle < 128).stats
    width, height = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]
    specks = int(((width <= _SPECK) & (height <= _SPECK)).sum())
    letters = int(((height > 2 * _SPECK) & (height < 12 * _SPECK) & (width < 16 * _SPECK)).sum())
    if specks < _SPECKLED * max(letters, _FEW_LETTERS):
        return gray
    return spread(cv2.GaussianBlur(gray, (0, 0), 1.2))


def remove_show_through(gray: Image8) -> Image8:
    """A page without the print of its back that shows through; other pages are left alone."""
    paper = float(np.percentile(gray[::4, ::4], 80))
    middle = _between_front_and_back(_darkest_of_letters(gray, paper - _SHOWING))
    if middle is None:
        return gray
    front = cv2.dilate((gray < middle).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return np.where(front, gray, np.uint8(round(paper))).astype(np.uint8)


def _darkest_of_letters(gray: Image8, ink_from: float) -> NDArray[np.uint8]:
    """Grey level of the darkest pixel of each component of a letter's size, found at half the page's size."""
    small = cv2.erode(gray, np.ones((2, 2), np.uint8))[::2, ::2]
    ink = small < ink_from
    labels, stats, _ = connected(ink)
    count = len(stats)
    darkest = np.full(count, 255, np.uint8)
    np.minimum.at(darkest, labels[ink].astype(np.intp), small[ink])
    wide, tall = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    like = (tall > 1.6 * _SPECK) & (tall < 8 * _SPECK) & (wide < 12 * _SPECK)
    like[0] = False
    return darkest[like]


def _between_front_and_back(darkest: NDArray[np.uint8]) -> float | None:
    """Grey level between the letters of the front and those of the back; None where all are the front's.

    Where two kinds of letters are well apart and the lighter ones are a fifth of all, these are the back's. Of 39 real
    pages 0.17 at most are lighter.
    """
    if len(darkest) < _FEW_LETTERS:
        return None
    cut, _ = cv2.threshold(darkest, 0, 255, cv2.THRESH_OTSU)
    levels = darkest.astype(np.float32)
    lighter = levels > cut
    if not _LIGHTER < lighter.mean() < 1:
        return None
    front, back = (float(np.median(levels[part])) for part in (~lighter, lighter))
    middle = (front + back) / 2
    between = float((np.abs(levels - middle) < _VALLEY).mean())
    return middle if back - front >= _TWO_KINDS and between <= _IN_VALLEY else None
