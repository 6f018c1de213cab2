"""Tables over all their pages: what goes on behind a page's end is one table, a head that is repeated stands once."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product

from vndoc.dispatch import Table, TableCell, TablePart, TableRow
from vndoc.page import Box, Grid, GridCell
from vndoc.parse.fold import fold
from vndoc.parse.knowledge import likeness
from vndoc.parse.lines import TextLine
from vndoc.parse.tables.heads import header_rows
from vndoc.parse.tables.sheets import Sheet

_SAME = 0.85
"""Least likeness of the words of a head and of the one that repeats it."""
_APART = 0.04
"""Share of the width of a table by which its columns may be elsewhere on the next page."""


@dataclass(slots=True)
class _Open:
    """A table that may go on; rows of ``cells`` by their number in the whole table."""

    sheets: list[Sheet]
    head: int
    rows: list[list[TableCell]] = field(default_factory=list)


def read_tables(
    sheets: Sequence[Sheet], between: Sequence[TextLine], places: Sequence[tuple[int, str | None]]
) -> list[Table]:
    """The tables that stand on ``sheets``, in order; linear in their cells.

    Args:
        sheets: the tables of single pages, in order.
        between: the lines of body and annexes outside tables: where one stands between two sheets, each is a table.
        places: offset and path of each section, and None from where on there are none.
    """
    starts = sorted(line.start for line in between)
    found: list[_Open] = []
    for sheet in sheets:
        head = header_rows(sheet)
        last = found[-1] if found else None
        if last and _follows(last.sheets[-1], sheet, starts) and _goes_on(last, sheet, head):
            _append(last, sheet, head if head and _repeats(last, sheet, head) else 0)
        else:
            found.append(_Open([sheet], head))
            _append(found[-1], sheet, 0)
    return [_table(one, places) for one in found]


def _follows(above: Sheet, below: Sheet, starts: Sequence[int]) -> bool:
    """Whether nothing stands between the end of a page's table and the beginning of the next page's."""
    return below.page == above.page + 1 and bisect_right(starts, below.start) == bisect_right(starts, above.end - 1)


def _goes_on(table: _Open, sheet: Sheet, head: int) -> bool:
    """Whether a sheet has the columns of the table, and no head but the table's own."""
    last = table.sheets[-1]
    if sheet.grid.columns != last.grid.columns or sheet.grid.ruled != last.grid.ruled:
        return False
    if head and table.head and not _repeats(table, sheet, head):
        return False
    if head and not table.head:
        return False
    edges = [_edges(one) for one in (last, sheet)]
    return all(abs(a - b) <= _APART for a, b in zip(*edges, strict=False))


def _edges(sheet: Sheet) -> list[float]:
    """Where the columns begin, as shares of the page's width; nothing without boxes."""
    width = sheet.lines[0].page_width
    begins: dict[int, int] = {}
    for cell in sheet.grid.cells:
        if cell.box and cell.column_span == 1:
            begins[cell.column] = min(cell.box.x0, begins.get(cell.column, cell.box.x0))
    known = len(begins) == sheet.grid.columns and width
    return [begins[column] / width for column in sorted(begins)] if known else []


def _repeats(table: _Open, sheet: Sheet, head: int) -> bool:
    """Whether the head of the sheet is that of the table once more."""
    own = [sheet.text(cell) for cell in sheet.grid.cells if cell.row < head]
    first = [cell.text for row in table.rows[:head] for cell in row]
    return head == table.head and likeness(" ".join(own), " ".join(first)) >= _SAME


def _append(table: _Open, sheet: Sheet, skipped: int) -> None:
    """Add the rows of a sheet but for the first ``skipped``; a row broken over the page goes on in the last one."""
    own: list[list[TableCell]] = [[] for _ in range(sheet.grid.rows - skipped)]
    for cell in sorted([*sheet.grid.cells, *_holes(sheet.grid)], key=lambda cell: (cell.row, cell.column)):
        if cell.row >= skipped:
            own[cell.row - skipped].append(_cell(sheet, cell))
    if table.rows and own and _is_rest(table.rows[-1], own[0], numbered=_is_numbered(table)):
        table.rows[-1] = [_joined(a, b) for a, b in zip(table.rows[-1], own[0], strict=True)]
        own = own[1:]
    table.rows += own
    if sheet is not table.sheets[-1]:
        table.sheets.append(sheet)


def _holes(grid: Grid) -> list[GridCell]:
    """Empty cells where there are none."""
    taken = {square for cell in grid.cells for square in cell.squares}
    if len(taken) == grid.rows * grid.columns:
        return []
    return [GridCell(*place) for place in product(range(grid.rows), range(grid.columns)) if place not in taken]


def _is_numbered(table: _Open) -> bool:
    """Whether the first column numbers the rows."""
    first = [row[0].text for row in table.rows[table.head :] if row and row[0].column == 0]
    counted = sum(text.strip(" .)").isdecimal() for text in first)
    return counted > 0 and 2 * counted >= len(first)


def _is_rest(above: Sequence[TableCell], below: Sequence[TableCell], *, numbered: bool) -> bool:
    """Whether a first row is the rest of the last one of the page before: it lacks the number that others have."""
    shape = [(cell.column, cell.column_span) for cell in above] == [(cell.column, cell.column_span) for cell in below]
    whole = all(cell.row_span == 1 for cell in below)
    small = any(fold(cell.text)[:1] and cell.text[:1].islower() for cell in below)
    return shape and whole and not below[0].text and len(below) > 1 and (numbered or small)


def _joined(above: TableCell, below: TableCell) -> TableCell:
    """A cell and its rest on the next page; its place is that of its beginning."""
    if not below.text:
        return above
    if not above.text:
        return below.model_copy(update={"column": above.column})
    total = len(above.text) + len(below.text)
    confidence = (above.confidence * len(above.text) + below.confidence * len(below.text)) / total
    return above.model_copy(update={"text": f"{above.text} {below.text}", "confidence": round(confidence, 3)})


def _cell(sheet: Sheet, cell: GridCell) -> TableCell:
    lines = sheet.own_lines(cell)
    before = sheet.lines[cell.first - 1].end if 0 < cell.first <= len(sheet.lines) else sheet.start
    boxes = [box for line in lines if (box := line.box)]
    return TableCell(
        column=cell.column,
        row_span=cell.row_span,
        column_span=cell.column_span,
        text=sheet.text(cell),
        confidence=round(sheet.confidence(cell), 3),
        page=sheet.page,
        box=cell.box or (Box.around(boxes) if boxes else None),
        start=lines[0].start if lines else before,
        end=lines[-1].end if lines else before,
    )


def _table(table: _Open, places: Sequence[tuple[int, str | None]]) -> Table:
    first = table.sheets[0]
    at = bisect_right(places, first.start, key=lambda place: place[0]) - 1
    return Table(
        page=first.page,
        box=first.box,
        parts=[TablePart(page=one.page, box=one.box, start=one.start, end=one.end) for one in table.sheets],
        columns=first.grid.columns,
        header_rows=table.head,
        rows=[TableRow(cells=row) for row in table.rows],
        ruled=first.grid.ruled,
        section=places[at][1] if at >= 0 else None,
    )
