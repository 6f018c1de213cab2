"""From ruled lines to the cells of a table: lines of rows and of columns, the walls between them, and what they part.

Where a wall is missing its two squares are one cell, and cells that are merged that way are rectangles again at the
end. The outer border of a table may be left out.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from vndoc.ocr.tables.rules import Mask, Ruling, page_box
from vndoc.page import Box, Grid, GridCell

_SAME = 3.0  # millimetres between rules that are one: double ones, or pieces of one askew; no row is so low
_ON_LINE = 1.3  # millimetres from a line within which a stroke lies on it
_BORDER = 4.0  # millimetres of the narrowest column whose outer border is left out
_ENDS = 2.5  # millimetres by which ends of rules may differ that such a border would join
_LOOSE, _REACH = 12.0, 0.5  # millimetres: shorter strokes must end at others, which are so near
_WALL = 0.7  # share of a wall that is ruled
_INSET = 0.12  # of a wall, at either end, that other rules touch
_DRAWN = 0.88  # share of all walls of a table that is ruled; of frames in stamps, of seals and diagrams it is less
_LEAST = (52, 7)  # millimetres of a table, across and down; an arrival stamp is 50 wide
_ROW_ALONE = (3, 100)  # columns, and millimetres across, of a table of one row: the rest of a row from another page

Shares = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(slots=True, frozen=True)
class _Lines:
    """Where lines run, from the first to the last, and whether the outer ones are drawn."""

    at: list[float]
    drawn: tuple[bool, bool] = (True, True)


def grid_of(ruling: Ruling) -> Grid | None:
    """The cells that a group of rules parts, boxes in pixels of the page; None where they are no table.

    A table has two rows and two columns that rules part, at least four cells, and a size.
    """
    if ruling.box.width < _LEAST[0] * ruling.mm or ruling.box.height < _LEAST[1] * ruling.mm:
        return None
    level, upright = _without_loose(ruling)
    if not level or not upright:
        return None
    rows = _lines([(box.y_center, box.width) for box in level], ruling.mm)
    columns = _lines([(box.x_center, box.height) for box in upright], ruling.mm)
    down = _with_border(rows, [(box.y0, box.y1) for box in upright], ruling.mm)
    over = _with_border(columns, [(box.x0, box.x1) for box in level], ruling.mm)
    if len(down.at) < 2 or len(over.at) < 3:
        return None
    across = _ruled(ruling.masks[0], down.at, over.at, ruling.mm)
    along = _ruled(ruling.masks[1].T, over.at, down.at, ruling.mm).T
    cells = _squares(_walls(across, axis=0), _walls(along, axis=1))
    if not _is_table(cells, ruling) or _drawn(cells, down, over, across, along) < _DRAWN:
        return None
    return _grid(*_without_unused(down.at, over.at, cells), ruling.step)


def _without_loose(ruling: Ruling) -> tuple[list[Box], list[Box]]:
    """Level and upright strokes but for short ones with a loose end: stems and bars of letters that touch a rule."""
    reach, short = _REACH * ruling.mm, _LOOSE * ruling.mm
    level = [
        box
        for box in ruling.level
        if box.width > short or all(_meets(x, box.y_center, ruling.upright, reach) for x in (box.x0, box.x1))
    ]
    upright = [
        box
        for box in ruling.upright
        if box.height > short or all(_meets(box.x_center, y, ruling.level, reach) for y in (box.y0, box.y1))
    ]
    return level, upright


def _meets(x: float, y: float, boxes: Sequence[Box], reach: float) -> bool:
    return any(b.x0 - reach <= x <= b.x1 + reach and b.y0 - reach <= y <= b.y1 + reach for b in boxes)


def _lines(strokes: Sequence[tuple[float, int]], mm: float) -> list[float]:
    """Where lines run, from strokes with their lengths: short ones close to a longer one lie on its line."""
    groups: list[list[tuple[float, int]]] = []
    for at, length in sorted(strokes, key=lambda stroke: -stroke[1]):
        group = next((group for group in groups if abs(at - _mean(group)) < _SAME * mm), None)
        if group is None:
            groups.append([(at, length)])
        elif abs(at - _mean(group)) < _ON_LINE * mm:
            group.append((at, length))
    return sorted(map(_mean, groups))


def _mean(group: Sequence[tuple[float, int]]) -> float:
    return sum(at * length for at, length in group) / sum(length for _, length in group)


def _with_border(lines: list[float], strokes: Sequence[tuple[int, int]], mm: float) -> _Lines:
    """The lines, and one more at either side where strokes across them go on to a common end."""
    starts, ends = [start for start, _ in strokes], [end for _, end in strokes]
    first, last = min(starts), max(ends)
    before = lines[0] - first > _BORDER * mm and sum(start - first < _ENDS * mm for start in starts) > 1
    after = last - lines[-1] > _BORDER * mm and sum(last - end < _ENDS * mm for end in ends) > 1
    at = [*([float(first)] if before else []), *lines, *([float(last)] if after else [])]
    return _Lines(at, (not before, not after))


def _ruled(mask: Mask, lines: Sequence[float], stops: Sequence[float], mm: float) -> Shares:
    """For each line down the mask and each stretch between two stops along it, what share of it is ruled."""
    found = np.zeros((len(lines), len(stops) - 1))
    reach = _ON_LINE * mm
    for i, line in enumerate(lines):
        band = mask[max(0, round(line - reach)) : round(line + reach) + 1].max(axis=0)
        for j, (start, stop) in enumerate(pairwise(stops)):
            inset = _INSET * (stop - start)
            stretch = band[round(start + inset) : max(round(start + inset) + 1, round(stop - inset))]
            found[i, j] = float(stretch.mean()) if stretch.size else 0.0
    return found


def _walls(shares: Shares, axis: int) -> Flags:
    """Which walls there are, by the share of each that is ruled; the border, first and last along ``axis``, always."""
    walls = np.moveaxis(shares > _WALL, axis, 0).copy()
    walls[[0, -1]] = True
    return np.moveaxis(walls, 0, axis)


def _drawn(cells: Sequence[GridCell], down: _Lines, over: _Lines, across: Shares, along: Shares) -> float:
    """Share of the walls of all cells that is ruled, but for borders that are left out."""
    heights, widths = np.diff(down.at), np.diff(over.at)
    total = ruled = 0.0
    for cell in cells:
        foot, right = cell.row + cell.row_span, cell.column + cell.column_span
        for row in {cell.row, foot} - _left_out(down):
            total += float(widths[cell.column : right].sum())
            ruled += float((across[row, cell.column : right] * widths[cell.column : right]).sum())
        for column in {cell.column, right} - _left_out(over):
            total += float(heights[cell.row : foot].sum())
            ruled += float((along[cell.row : foot, column] * heights[cell.row : foot]).sum())
    return ruled / total if total else 0.0


def _left_out(lines: _Lines) -> set[int]:
    return {number for number, drawn in zip((0, len(lines.at) - 1), lines.drawn, strict=True) if not drawn}


def _squares(across: Flags, along: Flags) -> list[GridCell]:
    """Cells of the squares between walls: from its upper left square each goes right, then down, as far as it can.

    Squares that hang together in another shape than a rectangle are several cells.
    """
    rows, columns = along.shape[0], across.shape[1]
    taken = np.zeros((rows, columns), dtype=bool)
    cells: list[GridCell] = []
    for row in range(rows):
        for column in range(columns):
            if taken[row, column]:
                continue
            right = column + 1
            while right < columns and not along[row, right] and not taken[row, right]:
                right += 1
            foot = row + 1
            while foot < rows and _goes_down(across, along, taken, foot, column, right):
                foot += 1
            taken[row:foot, column:right] = True
            cells.append(GridCell(row, column, foot - row, right - column))
    return cells


def _goes_down(across: Flags, along: Flags, taken: Flags, row: int, column: int, right: int) -> bool:
    """Whether a cell over these columns goes on into a row: no wall above it, none within."""
    return not (
        across[row, column:right].any() or along[row, column + 1 : right].any() or taken[row, column:right].any()
    )


def _without_unused(
    rows: Sequence[float], columns: Sequence[float], cells: Sequence[GridCell]
) -> tuple[list[float], list[float], list[GridCell]]:
    """Rows, columns and cells without the lines at which no cell begins: strokes of something else."""
    row_of = _renumbered(len(rows), {cell.row for cell in cells})
    column_of = _renumbered(len(columns), {cell.column for cell in cells})
    kept = [
        GridCell(
            row_of[cell.row],
            column_of[cell.column],
            row_of[cell.row + cell.row_span] - row_of[cell.row],
            column_of[cell.column + cell.column_span] - column_of[cell.column],
        )
        for cell in cells
    ]
    return _kept(rows, row_of), _kept(columns, column_of), kept


def _renumbered(amount: int, used: set[int]) -> list[int]:
    """New number of each line: those not in ``used`` get that of the next one, the last is always kept."""
    return [sum(1 for other in used if other < line) for line in range(amount - 1)] + [len(used)]


def _kept(lines: Sequence[float], numbers: Sequence[int]) -> list[float]:
    return [line for line, (a, b) in zip(lines, pairwise([*numbers, numbers[-1] + 1]), strict=True) if a != b]


def _is_table(cells: Sequence[GridCell], ruling: Ruling) -> bool:
    """Whether two rows have two cells and more beside each other, or one row is long and has several."""
    by_row = Counter(cell.row for cell in cells)
    least, width = _ROW_ALONE
    if len(by_row) == 1:
        return len(cells) >= least and ruling.box.width > width * ruling.mm
    return len(cells) >= 4 and sum(amount > 1 for amount in by_row.values()) > 1


def _grid(rows: Sequence[float], columns: Sequence[float], cells: Sequence[GridCell], step: int) -> Grid:
    def box(top: int, left: int, foot: int, right: int) -> Box:
        return page_box(Box(round(columns[left]), round(rows[top]), round(columns[right]), round(rows[foot])), step)

    ordered = sorted(cells, key=lambda cell: (cell.row, cell.column))
    placed = [replace(c, box=box(c.row, c.column, c.row + c.row_span, c.column + c.column_span)) for c in ordered]
    down, over = len(rows) - 1, len(columns) - 1
    return Grid(down, over, tuple(placed), box=box(0, 0, down, over))
