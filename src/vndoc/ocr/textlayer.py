"""Is a PDF page's text layer the text of this page? The verdict, from ink coverage and Vietnamese letters."""

import unicodedata
from collections.abc import Sequence

import cv2
import numpy as np

from vndoc.ocr.clean import Image8, drop_colour
from vndoc.page import Layer, Word

_COVERED = 0.6  # share of the ink that must lie in the layer's word boxes; seals and signatures are outside
_MARKED = 0.4  # share of words with a Vietnamese letter; real text has 0.8, text read with another language's OCR 0.1
_ENOUGH_WORDS = 20  # fewer words say nothing about their language
_BAD = frozenset("\ufffd\u25a1\u25af")


def ink_coverage(image: Image8, words: Sequence[Word], scale: float) -> float:
    """Share of the dark pixels of ``image`` that lie in the boxes of ``words``, 1 for a page without ink.

    ``scale`` leads from box pixels to image pixels. Coloured ink does not count.
    """
    ink = drop_colour(image) < 128
    total = int(ink.sum())
    if total == 0:
        return 1.0
    mask = np.zeros(ink.shape, np.uint8)
    for box in (w.box for w in words if w.box):
        corner, opposite = (
            (int(box.x0 * scale) - 1, int(box.y0 * scale) - 1),
            (int(box.x1 * scale) + 1, int(box.y1 * scale) + 1),
        )
        cv2.rectangle(mask, corner, opposite, (1,), thickness=-1)
    return float((ink & (mask > 0)).sum()) / total


def reads_as_vietnamese(words: Sequence[Word]) -> bool:
    """False where the words are many and too few of them carry a letter that only Vietnamese has."""
    text = [w.text for w in words if any(c.isalpha() for c in w.text)]
    if any(_is_unmapped(c) for word in text for c in word):
        return False
    if len(text) < _ENOUGH_WORDS:
        return True
    marked = sum(any(ord(c) > 0xBF and c.isalpha() for c in unicodedata.normalize("NFC", word)) for word in text)
    return marked >= _MARKED * len(text)


def _is_unmapped(char: str) -> bool:
    return char in _BAD or unicodedata.category(char) == "Co"


def judge(words: Sequence[Word], coverage: float, signed: bool) -> Layer:
    """The verdict on a layer, its signature stamps already taken out; ``signed`` tells that there were some."""
    if not words:
        return Layer.STAMP_ONLY if signed else Layer.NONE
    if coverage < _COVERED:
        return Layer.STAMP_ONLY
    return Layer.GOOD if reads_as_vietnamese(words) else Layer.GARBLED
