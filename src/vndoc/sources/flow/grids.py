"""Tables of a text file as those of a page: every cell in its place, as HTML's table model puts them.

A cell takes the first free place of its row, and what it goes over is taken in the rows below (HTML Living Standard,
"Forming a table"). Files may say of a cell that it goes over thousands of rows; it ends with the last one there is.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from vndoc.page import Block as PageBlock
from vndoc.page import BlockKind, Grid, GridCell, Line, Origin, Word
from vndoc.sources.flow.blocks import Row, Table
from vndoc.sources.flow.lines import cell_lines, is_layout

_MOST_COLUMNS = 200
_MOST_PLACES = 200_000
"""Columns of a row, and places of a table, beyond which it is read as lines alone."""


def table_block(table: Table) -> PageBlock | None:
    """The table as a block of a page; None for one that only sets text side by side, or has one row or column."""
    texts = [[cell_lines(cell) for cell in row] for row in table.rows]
    if len(texts) < 2 or is_layout(texts, ruled=table.ruled):
        return None
    places = _places(table.rows)
    columns = max((cell.column + cell.column_span for row in places for cell in row), default=0)
    if columns < 2 or columns > _MOST_COLUMNS or not any(text for row in texts for text in row):
        return None
    lines: list[Line] = []
    cells: list[GridCell] = []
    for cell, text in ((c, t) for own in zip(places, texts, strict=True) for c, t in zip(*own, strict=True)):
        cells.append(replace(cell, first=len(lines), last=len(lines) + len(text)))
        lines += map(_line, text)
    grid = Grid(len(texts), columns, tuple(cells), table.ruled, min(table.header_rows, len(texts)))
    return PageBlock(tuple(lines), BlockKind.TABLE, grid)


def _places(rows: Sequence[Row]) -> list[list[GridCell]]:
    """Every cell in its place; nothing where there are too many."""
    found: list[list[GridCell]] = []
    free: dict[int, int] = {}
    """Column to the row from which on it is free."""
    amount = 0
    for number, row in enumerate(rows):
        column = 0
        found.append([])
        for cell in row:
            while free.get(column, 0) > number:
                column += 1
            wide = range(column, column + cell.columns)
            end = next((k for k in wide if free.get(k, 0) > number), wide.stop)  # cells never overlap
            amount += end - column
            if amount > _MOST_PLACES:
                return []
            tall = min(cell.rows, len(rows) - number)
            found[-1].append(GridCell(number, column, tall, end - column))
            free |= dict.fromkeys(range(column, end), number + tall)
            column = end
    return found


def _line(text: str) -> Line:
    words = unicodedata.normalize("NFC", text).split()
    return Line(tuple(Word(word, origin=Origin.TYPED) for word in words))
