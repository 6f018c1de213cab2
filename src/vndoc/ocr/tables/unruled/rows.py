"""Rows of a table without rules: which levels are lines of one row.

Texts of a row begin on one level, so a level with text in a column that had none on the level above begins a row. So
does a figure below a figure, a number in the first column, wider white, or a line whose first word had had room behind
the line above.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import regex

from vndoc.ocr.tables.unruled.contents import FIGURE, LABEL, Contents, Texts, body_start, contents_of, filled
from vndoc.ocr.tables.unruled.evidence import is_table
from vndoc.ocr.tables.unruled.head import between, has_title, head_of
from vndoc.ocr.tables.unruled.levels import Level, Piece
from vndoc.ocr.tables.unruled.runs import Run
from vndoc.page import GridCell

_TOTAL = regex.compile(r"(tổng|cộng)\b", regex.IGNORECASE)
_ITEM = regex.compile(r"[-–+•*]")
_WHITE = 1.3  # so many times the least pitch of lines parts rows
_ROOM = 0.5  # text heights that must be left over where a word would have fitted behind the line above
_BLANK = 0.35  # text heights: a blank between words


@dataclass(slots=True, frozen=True)
class Rows:
    """The rows of a table.

    Attributes:
        edges: y between the rows, from the top of the first to the foot of the last.
        spans: cells that go over several rows or columns.
    """

    edges: list[float]
    spans: list[GridCell]


def rows_of(run: Run) -> Rows | None:
    """The rows of a run of levels; None where it does not speak for itself as a table.

    Levels that are a title above the table or text below it are taken out of the run.
    """
    table = contents_of(run)
    while has_title(table, body_start(table)):
        table = _without(run, table.levels[:1])
    table = _without(run, table.levels[_foot(table, body_start(table)) :])
    body, texts = body_start(table), table.texts
    if body >= len(texts):
        return None
    starts = list(_row_starts(table, body))
    bounds = [*([0] if body else []), *starts, len(texts)]
    if not is_table(table, body, [set().union(*map(filled, texts[a:b])) for a, b in pairwise(bounds)]):
        return None
    head_edges, spans = head_of(table, body)
    edges = [float(run.box.y0), *head_edges, *(between(table.levels, at) for at in starts if at), float(run.box.y1)]
    first = len(edges) - 1 - len(starts)
    for row, (start, end) in enumerate(pairwise([*starts, len(texts)]), first):
        spans += _spans(row, texts[start:end])
    return Rows(list(accumulate(edges, max)), spans)


def _without(run: Run, levels: Sequence[Level]) -> Contents:
    """What stands in the columns when some levels are taken out."""
    for level in levels:
        run.drop(level)
    return contents_of(run)


def _spans(row: int, texts: Sequence[Texts]) -> Iterator[GridCell]:
    """The cells of a row that go over several columns; of two that share a column, the upper one."""
    taken: set[int] = set()
    for placed in (placed for text in texts for placed in text.values() if placed.last > placed.first):
        own = set(range(placed.first, placed.last + 1))
        if not taken & own:
            taken |= own
            yield GridCell(row, placed.first, 1, len(own))


def _foot(table: Contents, body: int) -> int:
    """Number of the level at which the table is over: there words stand in a column of figures."""
    for number in range(body + 1, len(table.texts)):
        own = (table.texts[number][at].piece for at in table.figures if at in table.texts[number])
        if any(len(piece.words) > 1 and not any(map(str.isdigit, piece.text)) for piece in own):
            return number
    return len(table.texts)


def _row_starts(table: Contents, body: int) -> Iterator[int]:
    """Numbers of the levels at which the rows of the body begin."""
    yield body
    pitches = [b.box.y_center - a.box.y_center for a, b in pairwise(table.levels[body:])]
    lines = [pitch for pitch in pitches if pitch > 0.8 * table.height]
    least, most = min(lines, default=0.0), max(lines, default=0.0)
    for number in range(body + 1, len(table.levels)):
        sign = _news(table, table.texts[number - 1], table.texts[number])
        if most > _WHITE * least:
            sign += 2 if pitches[number - body - 1] > _WHITE * least else -1
        if sign > 0:
            yield number


def _news(table: Contents, above: Texts, below: Texts) -> int:
    """How much speaks for a new row, above 0, or for a row that goes on."""
    signs = 0
    if filled(below) - filled(above):
        signs += 3
    if table.numbered:
        signs += 3 if 0 in below and LABEL.fullmatch(below[0].piece.text) else -1
    both = [at for at in below if at in above]
    if any(all(FIGURE.fullmatch(t[at].piece.text) for t in (above, below)) for at in both if at in table.figures):
        signs += 3
    if any(_TOTAL.match(placed.piece.text) for at, placed in below.items() if at < 2):
        signs += 3
    if any(below[at].piece.text[0].islower() for at in both if at in table.upper):
        signs -= 2
    elif any(_had_room(table, above[at].piece, below[at].piece, at) for at in both if at):
        signs += 2
    return signs


def _had_room(table: Contents, above: Piece, below: Piece, column: int) -> bool:
    """Whether the first word below had had room behind the line above."""
    word = below.words[0].box
    if word is None or _ITEM.match(below.text):
        return False
    need = above.box.width + word.width + (_BLANK + _ROOM) * table.height
    return need <= table.columns[column].x1 - table.columns[column].x0
