"""How many of the first rows of a table are its head."""

from collections.abc import Sequence

import regex

from vndoc.parse.fold import fold
from vndoc.parse.knowledge import is_capitals
from vndoc.parse.tables.sheets import Sheet

_ORDER = regex.compile(r"\W*(?:s\s?t\s?t|t\s?t|so\s+t\s?t|so\s+thu\s+tu|stt\W*so)\W*")
_COUNTED = regex.compile(r"\W*(?:\d{1,2}|[a-h]|[ivx]{1,4})(?:\s*=.*|\W*)")
"""Of a row that numbers the columns: (1), (2), (3) = (1) + (2)."""
_FIGURE = regex.compile(r"\d")
_LONG = 90
"""Characters of a cell that is no heading."""
_MOST = 4


def is_order_column(text: str) -> bool:
    """Whether a heading is that of the column that numbers the rows: 'STT', 'TT', 'Số TT'."""
    return _ORDER.fullmatch(fold(text)) is not None


def header_rows(sheet: Sheet) -> int:
    """How many of the first rows are the head: as the file says, or as their words do; 0 for a table without one.

    Cells of the first row that go over several rows, such as 'STT' beside a heading over two columns, take those along;
    a row that numbers the columns belongs to the head.
    """
    grid = sheet.grid
    if grid.header_rows:
        return min(grid.header_rows, grid.rows)
    first = [(cell, sheet.text(cell)) for cell in grid.cells if cell.row == 0]
    named = [text for _, text in first if text]
    if grid.rows < 2 or not named or not _is_head(named, len(first)):
        return 0
    rows = max(cell.row_span for cell, _ in first)
    if any(cell.column_span > 1 for cell, _ in first) and rows == 1 and _is_head_row(sheet, 1):
        rows = 2
    if rows >= min(grid.rows, _MOST + 1):
        return 0
    return rows + (rows + 1 < grid.rows and _numbers_columns(_row(sheet, rows)))


def _row(sheet: Sheet, row: int) -> list[str]:
    return [sheet.text(cell) for cell in sheet.grid.cells if cell.row == row]


def _is_head(named: Sequence[str], cells: int) -> bool:
    """Whether a first row with these words in so many cells names columns."""
    if any(is_order_column(text) for text in named):
        return True
    bare = [text for text in named if not _FIGURE.search(text) or is_capitals(text)]
    return len(named) >= max(2, cells - 1) and len(bare) == len(named) and all(len(text) <= _LONG for text in named)


def _is_head_row(sheet: Sheet, row: int) -> bool:
    """Whether a row goes on naming columns below headings over several: nothing in it is a figure or a sentence."""
    named = [text for text in _row(sheet, row) if text]
    return bool(named) and all(len(text) <= _LONG and not _FIGURE.search(text) for text in named)


def _numbers_columns(row: Sequence[str]) -> bool:
    return len(row) > 1 and all(_COUNTED.fullmatch(fold(text)) for text in row if text) and sum(map(bool, row)) > 1
