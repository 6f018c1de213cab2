"""The words of a line on its image: boxes around their ink, and what a pen wrote between them.

A pen's digits often read well, and wrong. Type betrays itself by its place: printed digits stand on the base line and
are as high as capitals, written ones are seldom both: of 545 printed numbers in the upper halves of 80 scans 519 are,
of some 25 written ones 4.
"""

from dataclasses import dataclass, replace
from math import ceil, floor

import numpy as np
import regex
from numpy.typing import NDArray

from vndoc.ocr.engines.calibration import Calibration
from vndoc.ocr.engines.lines.cutting import Strip
from vndoc.ocr.engines.lines.decoding import Reading
from vndoc.ocr.engines.lines.strips import BASE
from vndoc.page import Box, Word

BY_HAND = 0.4
"""Of its confidence that is left to a number written by hand."""
_DIGITS_TOP, _DIGITS_FOOT = (9, 15), (35, 38)  # rows of the strip in which printed digits begin and end
_PRINTED = 0.95  # probability of printed numbers, at least; of written ones half are read with less
_INKED = 100  # of a strip's 255, from which a pixel is ink
_GLUED = (
    regex.compile(r"(\p{Ll}{3,})(\d[\d/]{0,2})"),  # ngày20: a printed word and a day or month
    regex.compile(r"([^/]{1,6})(/\p{Lu}[\p{Lu}\d&/-]+)"),  # 227/MTTQ-BTT: a number and a printed notation
)
"""Words that a pen and print make together where there is hardly a blank between them."""
_NUMBER = regex.compile(r"^[^/]*\d")


@dataclass(slots=True, frozen=True)
class _Ink:
    """Where the ink of a word is, in rows and columns of its strip; ends are exclusive."""

    x0: int
    x1: int
    y0: int
    y1: int


def words(reading: Reading, one: Strip, calibration: Calibration) -> list[Word]:
    """The word of a reading, or two where a written number stands close beside a printed word."""
    confidence = calibration(reading.score)
    for form in _GLUED if reading.score < _PRINTED else ():
        glued = form.fullmatch(reading.text)
        at = _gap(one, reading, len(glued[1])) if glued else None
        if glued and at is not None:
            parts = ((glued[1], _ink(one, reading.start, at)), (glued[2], _ink(one, at, reading.end)))
            if not all(_stands_as_type(ink) for text, ink in parts if _NUMBER.search(text)):
                return [_word(text, ink, one, confidence, ()) for text, ink in parts]
    word = _word(reading.text, _ink(one, reading.start, reading.end), one, confidence, reading.others)
    return [replace(word, confidence=min(word.confidence, BY_HAND)) if _is_guess(reading) else word]


def _word(text: str, ink: _Ink, one: Strip, confidence: float, others: tuple[tuple[str, float], ...]) -> Word:
    by_hand = text.rstrip("/").isdigit() and not _stands_as_type(ink)
    return Word(text, _box(ink, one), BY_HAND * confidence if by_hand else confidence, alternatives=others)


def _is_guess(reading: Reading) -> bool:
    """Whether a number was read with less certainty than print is, wherever it stands."""
    return reading.text.isdigit() and reading.score < _PRINTED


def _stands_as_type(ink: _Ink) -> bool:
    """Whether a number is between the base line and the height of capitals."""
    return _DIGITS_TOP[0] <= ink.y0 <= _DIGITS_TOP[1] and _DIGITS_FOOT[0] <= ink.y1 - 1 <= _DIGITS_FOOT[1]


def _rows(one: Strip, column: float) -> slice:
    """Rows of the strip that the ink of its line reaches, so that neighbouring lines are left out."""
    middle, box = one.base_at(column), one.line.box
    top = max(0, floor(BASE + (box.y0 - middle) * one.zoom))
    return slice(top, max(top + 1, ceil(BASE + (box.y1 - middle) * one.zoom)))


def _inked(one: Strip, start: float, end: float) -> tuple[NDArray[np.bool_], int, int]:
    """Ink between two columns, and the row and column that it begins at."""
    rows = _rows(one, (start + end) / 2)
    columns = slice(max(0, floor(start)), max(1, ceil(end)))
    return one.image[rows, columns] > _INKED, rows.start, columns.start


def _ink(one: Strip, start: float, end: float) -> _Ink:
    inked, top, left = _inked(one, start, end)
    across, down = np.flatnonzero(inked.any(axis=0)), np.flatnonzero(inked.any(axis=1))
    if not len(across):
        return _Ink(left, left + inked.shape[1], top, top + inked.shape[0])
    return _Ink(left + int(across[0]), left + int(across[-1]) + 1, top + int(down[0]), top + int(down[-1]) + 1)


def _gap(one: Strip, reading: Reading, letters: int) -> float | None:
    """Column of the white gap behind so many letters of a word; None where the letters about it touch."""
    if not reading.middles:
        return None
    start, end = reading.middles[letters - 1 : letters + 1]
    inked, _, left = _inked(one, start, end)
    white = np.flatnonzero(~inked.any(axis=0))
    return float(left + white[len(white) // 2]) if len(white) else None


def _box(ink: _Ink, one: Strip) -> Box:
    """Around the ink, in pixels of the image and no further than that."""
    middle, zoom = one.base_at((ink.x0 + ink.x1) / 2), one.zoom
    box = Box(
        floor(one.left + ink.x0 / zoom),
        floor(middle + (ink.y0 - BASE) / zoom),
        ceil(one.left + ink.x1 / zoom),
        ceil(middle + (ink.y1 - BASE) / zoom),
    )
    return _within(box, one.size)


def _within(box: Box, size: tuple[int, ...]) -> Box:
    """The part of the box on an image of so many rows and columns; of one beside it, the pixel next to it."""
    height, width = size
    x0, y0 = max(0, min(box.x0, width - 1)), max(0, min(box.y0, height - 1))
    return Box(x0, y0, max(x0 + 1, min(box.x1, width)), max(y0 + 1, min(box.y1, height)))
