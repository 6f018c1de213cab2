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
_INKED = 100  # of a strip's 255, from which a pixel is ink
_AFTER_LABEL = regex.compile(r"(\p{Ll}{3,})(\d[\d/]{0,2})")
"""A printed word of small letters with what looks like a day or a month behind it: ``ngày20``."""


@dataclass(slots=True, frozen=True)
class _Ink:
    """Where the ink of a word is, in rows and columns of its strip; ends are exclusive."""

    x0: int
    x1: int
    y0: int
    y1: int


def words(reading: Reading, one: Strip, calibration: Calibration) -> list[Word]:
    """The word of a reading, or two where a written number stands close behind a printed word."""
    ink = _ink(one, reading.start, reading.end)
    confidence = calibration(reading.score)
    glued = _AFTER_LABEL.fullmatch(reading.text)
    at = _gap(one, ink, len(glued[1]) / len(reading.text)) if glued else None
    if glued is None or at is None:
        sure = confidence if _is_typeset(reading.text, ink) else BY_HAND * confidence
        return [Word(reading.text, _box(ink, one), sure, alternatives=reading.others)]
    label, number = _ink(one, reading.start, at), _ink(one, at, reading.end)
    sure = confidence if _is_typeset(glued[2], number) else BY_HAND * confidence
    whole = Word(glued[1], _box(label, one), confidence)
    return [whole, replace(whole, text=glued[2], box=_box(number, one), confidence=sure)]


def _is_typeset(text: str, ink: _Ink) -> bool:
    """Whether a number stands as type does; of other words nothing is said."""
    if not text.isdigit():
        return True
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


def _gap(one: Strip, ink: _Ink, share: float) -> float | None:
    """Column of the white gap that is nearest to a share of a word's width; None where all letters touch."""
    inked, _, left = _inked(one, ink.x0, ink.x1)
    white = np.flatnonzero(~inked.any(axis=0))
    if not len(white):
        return None
    return float(left + white[np.abs(white - share * (ink.x1 - ink.x0)).argmin()])


def _box(ink: _Ink, one: Strip) -> Box:
    middle, zoom = one.base_at((ink.x0 + ink.x1) / 2), one.zoom
    return Box(
        floor(one.left + ink.x0 / zoom),
        floor(middle + (ink.y0 - BASE) / zoom),
        ceil(one.left + ink.x1 / zoom),
        ceil(middle + (ink.y1 - BASE) / zoom),
    )
