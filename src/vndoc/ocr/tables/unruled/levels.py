"""Levels of text on a page, and the pieces that white parts them into."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import regex

from vndoc.ocr.layout import level_rows
from vndoc.page import Box, Line, Word

GUTTER = 0.6
"""Least white between columns, in text heights; blanks of ragged text are half as wide."""
FIRST = regex.compile(r"(stt|tt|s\.t\.t|t\.t)\.?", regex.IGNORECASE)
"""The heading of a column of numbers."""
_DASH = 2.0  # text heights: a word without letters that is so wide is a rule


class Interval(NamedTuple):
    """From the left to the right, in pixels."""

    x0: float
    x1: float

    @property
    def middle(self) -> float:
        """Half way."""
        return (self.x0 + self.x1) / 2


class Piece(NamedTuple):
    """Words of one level without wide white between them."""

    words: tuple[Word, ...]
    box: Box

    @property
    def text(self) -> str:
        """The words joined with single blanks."""
        return " ".join(word.text for word in self.words)

    def covers(self, gutter: Interval, least: float) -> bool:
        """Whether it leaves less than ``least`` of the gutter free at either side."""
        overlaps = self.box.x0 < gutter.x1 and self.box.x1 > gutter.x0
        return overlaps and max(self.box.x0 - gutter.x0, gutter.x1 - self.box.x1) < least


@dataclass(slots=True, frozen=True)
class Level:
    """Pieces side by side, from left to right."""

    pieces: tuple[Piece, ...]
    box: Box
    number: int

    @property
    def gaps(self) -> list[Interval]:
        """The white between the pieces."""
        return [Interval(a.box.x1, b.box.x0) for a, b in pairwise(self.pieces)]


def is_head(words: Sequence[Word]) -> bool:
    """Whether these are words of a head, all of whose columns an engine may have run together at a rule below it."""
    return bool(words) and bool(FIRST.fullmatch(words[0].text))


def levels_of(lines: Sequence[Line], taken: Sequence[Box], height: float) -> list[Level]:
    """All levels of a page from top to bottom; ``height`` is that of the text. What is in ``taken`` is left out."""
    cut = [piece for line in lines for piece in _pieces([w for w in line.words if _counts(w, taken, height)], height)]
    levels = []
    for number, row in enumerate(level_rows([Line(piece.words) for piece in cut])):
        pieces = tuple(_pieces(row.words, height))
        levels.append(Level(pieces, Box.around([piece.box for piece in pieces]), number))
    return levels


def _counts(word: Word, taken: Sequence[Box], height: float) -> bool:
    """Whether a word is one of text outside of what is taken, and no rule that was read as dashes."""
    box = word.box
    if box is None or any(b.x0 <= box.x_center < b.x1 and b.y0 <= box.y_center < b.y1 for b in taken):
        return False
    return any(letter.isalnum() for letter in word.text) or (box.width < _DASH * height and word.text not in "|¦.,'`")


def _pieces(words: Sequence[Word], height: float) -> Iterator[Piece]:
    """Words cut at white that is as wide as a gutter."""
    placed = sorted(((word.box, word) for word in words if word.box), key=lambda pair: pair[0].x0)
    group: list[tuple[Box, Word]] = []
    for box, word in placed:
        if group and box.x0 - max(b.x1 for b, _ in group) >= GUTTER * height:
            yield _piece(group)
            group = []
        group.append((box, word))
    if group:
        yield _piece(group)


def _piece(group: Sequence[tuple[Box, Word]]) -> Piece:
    return Piece(tuple(word for _, word in group), Box.around([box for box, _ in group]))
