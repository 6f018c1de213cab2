"""What stands in the columns of a run of levels, and where its head ends."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import regex

from vndoc.ocr.tables.unruled.levels import Interval, Level, Piece, is_head
from vndoc.ocr.tables.unruled.runs import Run, columns_of
from vndoc.page import Box, Word

FIGURE = regex.compile(r"\p{L}{0,2}[(]?[\d.,:/%()+\-–hHxX*]*\d[\d.,:/%()+\-–hHxX*]*\p{L}?")
"""A figure, a date or a time, without blanks."""
LABEL = regex.compile(r"\(?(\d{1,3}|[IVXLl|]{1,5}|[A-HĐ])[.)]?")
"""A number of a row or of a section."""
SHARE = 0.6
"""Of texts or rows: most."""
ENOUGH = 3
"""Columns and rows of a table, and texts in a column that speak for one."""
_YEAR = regex.compile(r"\(?(19|20)\d\d\)?")
_NUMBERING = regex.compile(r"[(\[]?(\d{1,2})\b")
_BRACKETED = regex.compile(r"[(\[]\w{0,2}[)\]]?|\w{0,2}[)\]]")  # a number of a column, or what was read of it
_GLUED = 0.4  # text heights of a blank at a gutter that parts two columns


@dataclass(slots=True, frozen=True)
class Placed:
    """A piece and the columns that it goes over, the last one included."""

    piece: Piece
    first: int
    last: int


Texts = dict[int, Placed]
"""What stands on a level, by the first column."""


@dataclass(slots=True, frozen=True)
class Contents:
    """The levels of a table with what stands in its columns, and what is known of these."""

    levels: Sequence[Level]
    texts: Sequence[Texts]
    columns: Sequence[Interval]
    height: float
    figures: frozenset[int]
    """Columns of figures, dates or times."""
    upper: frozenset[int]
    """Columns whose texts begin with capitals."""
    numbered: bool
    """The first column numbers the rows."""


def contents_of(run: Run) -> Contents:
    """What stands in the columns of a run."""
    columns = columns_of(run)
    texts = [_placed(level, columns, run.height) for level in run.levels]
    by_column = [[text[at].piece.text for text in texts if at in text] for at in range(len(columns))]
    upper = frozenset(at for at, own in enumerate(by_column) if sum(t[0].isupper() for t in own) > 0.3 * len(own))
    numbered = _mostly(by_column[0], LABEL)
    figures = frozenset(at for at in range(int(numbered), len(columns)) if _mostly(by_column[at], FIGURE))
    return Contents(tuple(run.levels), texts, columns, run.height, figures, upper, numbered)


def _placed(level: Level, columns: Sequence[Interval], height: float) -> Texts:
    texts: Texts = {}
    for piece in (part for whole in level.pieces for part in _parted(whole, columns, height)):
        own = [n for n, column in enumerate(columns) if piece.box.x0 < column.x1 and column.x0 < piece.box.x1]
        if own and own[0] in texts:
            before = texts[own[0]]
            words = (*before.piece.words, *piece.words)
            joined = Piece(words, piece.box.around([before.piece.box, piece.box]))
            texts[own[0]] = Placed(joined, own[0], max(before.last, own[-1]))
        elif own:
            texts[own[0]] = Placed(piece, own[0], own[-1])
    return texts


def _parted(piece: Piece, columns: Sequence[Interval], height: float) -> Iterator[Piece]:
    """A piece cut at the gutters between two columns where it has a wide blank there, or any in a head."""
    words = [word for word in piece.words if word.box]
    head = is_head(words)
    start = 0
    for at, (one, other) in enumerate(pairwise(words), 1):
        assert one.box is not None and other.box is not None  # noqa: PT018
        blank = Interval(one.box.x1, other.box.x0)
        gutter = any(blank.x0 < b.x0 and blank.x1 > a.x1 for a, b in pairwise(columns))
        if gutter and (head or blank.x1 - blank.x0 >= _GLUED * height):
            yield _piece(words[start:at])
            start = at
    yield _piece(words[start:])


def _piece(words: Sequence[Word]) -> Piece:
    return Piece(tuple(words), Box.around([word.box for word in words if word.box]))


def _mostly(texts: Sequence[str], pattern: "regex.Pattern[str]") -> bool:
    """Whether the lower texts of a column, where no head is, have this form."""
    lower = texts[-max(ENOUGH, round(SHARE * len(texts))) :]
    fit = sum(bool(pattern.fullmatch(text.replace(" ", ""))) for text in lower)
    return fit >= max(2, SHARE * len(lower))


def filled(text: Texts) -> set[int]:
    """The columns that have text on a level."""
    return {at for placed in text.values() for at in range(placed.first, placed.last + 1)}


def _is_numbering(text: Texts, columns: int) -> bool:
    """Whether a level numbers the columns: (1), (2), (3) = (1) + (2)."""
    if len(text) > 1 and all(_BRACKETED.fullmatch(placed.piece.text) for placed in text.values()):
        return True
    right = sum((m := _NUMBERING.match(p.piece.text)) is not None and int(m[1]) == at + 1 for at, p in text.items())
    return right >= max(2, columns / 2) and all(len(placed.piece.text) < 12 for placed in text.values())


def body_start(table: Contents) -> int:
    """Number of the first level below the head, 0 where there is no head."""
    for number, text in enumerate(table.texts):
        if _is_numbering(text, len(table.columns)):
            if not table.numbered or not _numbered_on(table, number):
                return number + 1
            continue
        if table.numbered and 0 in text and LABEL.fullmatch(text[0].piece.text):
            return number
        figures = [text[at].piece.text.replace(" ", "") for at in table.figures if at in text]
        found = sum(bool(FIGURE.fullmatch(t)) and not _YEAR.fullmatch(t) for t in figures)
        if found >= (2 if table.numbered else max(1, len(table.figures) / 2)):
            return number
    return 0


def head_end(table: Contents, body: int) -> int:
    """Number of the level below the headings: that of the numbers of columns, or the first of the body."""
    return body - 1 if body > 1 and _is_numbering(table.texts[body - 1], len(table.columns)) else body


def _numbered_on(table: Contents, number: int) -> bool:
    """Whether what looks like numbers of columns is the first row: the next number below is 2."""
    return next((t[0].piece.text.strip("().") == "2" for t in table.texts[number + 1 :] if 0 in t), False)
