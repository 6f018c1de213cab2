"""The page image made ready for the text engine: denoised, of full contrast, level."""

import cv2

from vndoc.ocr.imaging.contrast import invert_dark_bars, stretch_faint
from vndoc.ocr.imaging.denoising import despeckle, remove_scanner_lines, remove_show_through
from vndoc.ocr.imaging.image import Image8
from vndoc.ocr.imaging.skew import find_skew, rotate

_INK = 140  # grey level under which a pixel of the page at half size counts as ink
_BLANK_INK = 2e-4  # share of ink under which a page is blank: a line of ten words on A4 is about 1e-3


def prepare(gray: Image8) -> tuple[Image8, float]:
    """Clean and level image for the OCR engine, and the angle in degrees it was turned by."""
    gray = despeckle(stretch_faint(remove_show_through(invert_dark_bars(remove_scanner_lines(gray)))))
    angle = find_skew(gray)
    return rotate(gray, angle), angle


def is_blank(gray: Image8) -> bool:
    """True where the page holds less ink than a few words, margins (3 %) and specks left out."""
    height, width = gray.shape
    inner = gray[height * 3 // 100 : height * 97 // 100, width * 3 // 100 : width * 97 // 100]
    if min(inner.shape) < 2:
        return True
    small = cv2.resize(inner, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return float((small < _INK).mean()) < _BLANK_INK
