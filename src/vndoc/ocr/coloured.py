"""Text in coloured ink: rubber-stamped names, positions and urgency marks, which the colour drop-out takes away.

The coloured ink is read as a layer of its own. A seal's ring and a signature give scraps of words, so only lines of
two or more sure words are kept.
"""

from collections.abc import Sequence

import cv2
import numpy as np

from vndoc.ocr.clean import Image8, drop_colour
from vndoc.ocr.tesseract import Engine
from vndoc.page import Box, Line, Word

SPARSE_TEXT = 11  # Tesseract's page segmentation mode for scattered lines
_COLOUR = 60  # least difference between the brightest and the darkest channel of coloured ink
_LEAST_SHARE = 5e-4  # of the page: less coloured ink than a stamped word of two syllables has
_SURE = 0.85
_MARGIN = 10  # pixels around the ink


def coloured_ink(image: Image8) -> tuple[Image8, Box] | None:
    """Grey image of the coloured ink alone (dark on white) and the box around it, or None where there is hardly any."""
    if image.ndim == 2:
        return None
    red, green, blue = cv2.split(image)
    saturation = cv2.subtract(drop_colour(image), cv2.min(cv2.min(red, green), blue))
    ink = cv2.morphologyEx((saturation > _COLOUR).astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    if float(ink.mean()) < _LEAST_SHARE:
        return None
    columns, rows = np.flatnonzero(ink.any(axis=0)), np.flatnonzero(ink.any(axis=1))
    height, width = ink.shape
    box = Box(
        max(0, int(columns[0]) - _MARGIN),
        max(0, int(rows[0]) - _MARGIN),
        min(width, int(columns[-1]) + _MARGIN),
        min(height, int(rows[-1]) + _MARGIN),
    )
    layer = cv2.bitwise_not(cv2.multiply(cv2.subtract(saturation, np.full(1, _COLOUR // 2, np.float64)), 3))
    return np.asarray(layer, dtype=np.uint8), box


def read_coloured(layer: Image8, box: Box, engine: Engine, lang: str, dpi: int) -> list[Line]:
    """Lines of two or more sure words in the coloured layer, boxes in pixels of the whole layer."""
    crop = np.ascontiguousarray(layer[box.y0 : box.y1, box.x0 : box.x1])
    lines = (Line(tuple(w for w in line.words if _is_word(w))) for line in engine.read(crop, lang, dpi, SPARSE_TEXT))
    return [Line(tuple(_moved(w, box) for w in line.words)) for line in lines if len(line.words) > 1]


def _is_word(word: Word) -> bool:
    letters = word.text.strip(".,:")
    return word.confidence >= _SURE and len(letters) > 1 and letters.isalpha()


def _moved(word: Word, by: Box) -> Word:
    assert word.box is not None  # engines give every word its box
    b = word.box
    return Word(word.text, Box(b.x0 + by.x0, b.y0 + by.y0, b.x1 + by.x0, b.y1 + by.y0), word.confidence)


def merge(lines: Sequence[Line], coloured: Sequence[Line]) -> list[Line]:
    """Both readings together; where two words stand in one place, the coloured line wins only over unsurer words."""
    merged = list(lines)
    for line in coloured:
        rivals = [w for other in merged for w in other.words if any(_same_place(w, c) for c in line.words)]
        if any(rival.confidence >= _SURE for rival in rivals):
            continue
        lost = {id(w) for w in rivals}
        kept = (Line(tuple(w for w in other.words if id(w) not in lost)) for other in merged)
        merged = [*(other for other in kept if other.words), line]
    return merged


def _same_place(a: Word, b: Word) -> bool:
    if a.box is None or b.box is None:
        return False
    width = min(a.box.x1, b.box.x1) - max(a.box.x0, b.box.x0)
    height = min(a.box.y1, b.box.y1) - max(a.box.y0, b.box.y0)
    smaller = min(a.box.width * a.box.height, b.box.width * b.box.height)
    return width > 0 and height > 0 and width * height > 0.3 * smaller
