"""Is a PDF page's text layer the text of this page? The verdict, from ink coverage and Vietnamese letters."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace

import cv2
import numpy as np

from vndoc.ocr.imaging.image import Image8
from vndoc.ocr.imaging.ink import Separation
from vndoc.page import Layer, Line, Page, Word

_COVERED = 0.6  # share of the ink that must lie in the layer's word boxes; seals and signatures are outside
_MARKED = 0.3  # share of words with a letter of Vietnamese alone; real text has 0.6, other OCR and encodings 0.05
_ENOUGH_WORDS = 20  # fewer words say nothing about their language
_SURE = 0.85  # words surer than this need no second opinion
_BAD = frozenset("\ufffd\u25a1\u25af")

Decode = Callable[[Sequence[str]], Sequence[str] | None]
"""Words in an encoding from before Unicode, read as Latin-1, to Unicode; None where they are in none that it knows."""


def ink_coverage(image: Image8, words: Sequence[Word], scale: float) -> float:
    """Share of the dark pixels of ``image`` that lie in the boxes of ``words``, 1 for a page without ink.

    ``scale`` leads from box pixels to image pixels. Coloured ink does not count.
    """
    ink = Separation.of(image).black < 128
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
    marked = sum(any(_is_vietnamese(c) for c in unicodedata.normalize("NFC", word)) for word in text)
    return marked >= _MARKED * len(text)


def _is_vietnamese(char: str) -> bool:
    """Whether the letter is one that no encoding from before Unicode and no neighbour's language shares."""
    return char in "ĂăĐđĨĩŨũƠơƯư" or "\u1ea0" <= char <= "\u1ef9"


def _is_unmapped(char: str) -> bool:
    return char in _BAD or unicodedata.category(char) == "Co"


def judge(words: Sequence[Word], coverage: float, signed: bool) -> Layer:
    """The verdict on a layer, its signature stamps already taken out; ``signed`` tells that there were some."""
    if not words:
        return Layer.STAMP_ONLY if signed else Layer.NONE
    if coverage < _COVERED:
        return Layer.STAMP_ONLY
    return Layer.GOOD if reads_as_vietnamese(words) else Layer.GARBLED


def decoded(lines: Sequence[Line], decode: Decode) -> list[Line] | None:
    """The lines in Unicode where ``decode`` knows their encoding, else None."""
    texts = decode([word.text for line in lines for word in line.words])
    if texts is None:
        return None
    left = iter(texts)
    return [Line(tuple(replace(word, text=next(left)) for word in line.words)) for line in lines]


def with_second_opinion(page: Page, words: Sequence[Word], scale: float) -> Page:
    """The page with the words surer that a garbled layer has too, marks aside, in the same place.

    Two engines that agree on the letters or digits are seldom both wrong. ``words`` have their boxes on the source's
    page; ``scale`` leads from the page's pixels to theirs.
    """
    places = [(word.box, fold(word.text)) for word in words if word.box]

    def opinion(word: Word) -> Word:
        if word.box is None or word.confidence >= _SURE:
            return word
        x, y = (scale * at for at in page.to_source(word.box.x_center, word.box.y_center))
        there = {text for box, text in places if box.x0 <= x < box.x1 and box.y0 <= y < box.y1}
        return replace(word, confidence=(1 + word.confidence) / 2) if fold(word.text) in there else word

    blocks = tuple(
        replace(block, lines=tuple(replace(line, words=tuple(map(opinion, line.words))) for line in block.lines))
        for block in page.blocks
    )
    return replace(page, blocks=blocks)


def fold(text: str) -> str:
    """The word without marks, case and the punctuation around it."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(c for c in plain if not unicodedata.combining(c)).strip(".,:;()\"'-")
