"""From ruled lines to the cells of a table: lines of rows and of columns, the walls between them, and what they part.

Where a wall is missing its two squares are one cell, and cells that are merged that way are rectangles again at the
end. The outer border of a table may be left out.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from vndoc.ocr.tables.rules import Mask, Ruling, page_box
from vndoc.page import Box, Grid, GridCell

_SAME = 3.0  # millimetres between rules that are one: double ones, or pieces of one askew; no row is so low
_ON_LINE = 1.3  # millimetres from the longest stroke of a line within which others tell where it runs
_BORDER = 4.0  # millimetres of the narrowest column whose outer border is left out
_ENDS = 2.5  # millimetres by which ends of rules may differ that such a border would join
_LOOSE, _REACH = 12.0, 0.5  # millimetres: shorter strokes must end at others, which are so near
_WALL = 0.6  # share of a wall that is ruled
_PIECE, _INSET, _BESIDE = 2.5, 0.5, 0.6  # millimetres: pieces of a worn rule, from its ends, and the white beside it
_DRAWN = 0.88  # share of all walls of a table that is ruled; of frames in stamps, of seals and diagrams it is less
_CLOSED = 0.6  # share of the walls of a cell that is ruled
_LEAST = (52, 7)  # millimetres of a table, across and down; an arrival stamp is 50 wide
_ROW_ALONE = (3, 100)  # columns, and millimetres across, of a table of one row: the rest of a row from another page

Shares = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(slots=True, frozen=True)
class _Stroke:
    """A stroke across or down: where it runs, from where to where along it."""

    at: float
    start: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.start


@dataclass(slots=True, frozen=True)
class _Line:
    """A line between rows or columns, and the stretches of it that are drawn; none of a border left out."""

    at: float
    stretches: tuple[tuple[int, int], ...] = ()


def grid_of(ruling: Ruling) -> Grid | None:
    """The cells that a group of rules parts, boxes in pixels of the page; None where they are no table.

    A table has two rows and two columns that rules part, at least four cells, and a size.
    """
    if ruling.box.width < _LEAST[0] * ruling.mm or ruling.box.height < _LEAST[1] * ruling.mm:
        return None
    level, upright = _without_loose(ruling)
    if not level or not upright:
        return None
    across = [_Stroke(box.y_center, box.x0, box.x1) for box in level]
    along = [_Stroke(box.x_center, box.y0, box.y1) for box in upright]
    rows, columns = _with_border(_lines(across, ruling.mm), along, ruling.mm), _lines(along, ruling.mm)
    columns = _with_border(columns, across, ruling.mm)
    if len(rows) < 2 or len(columns) < 3:
        return None
    tops = _ruled(rows, columns, ruling.dark, ruling.mm)
    sides = _ruled(columns, rows, ruling.dark.T, ruling.mm).T
    cells = _squares(_walls(tops, axis=0), _walls(sides, axis=1))
    drawn = [_drawn(cell, rows, columns, tops, sides) for cell in cells]
    if not _is_table(cells, ruling) or sum(part for _, part in drawn) < _DRAWN * sum(whole for whole, _ in drawn):
        return None
    # Print beside a table that a stamp with rules is joined to has rules on two sides, and is in no cell.
    cells = [cell for cell, (whole, part) in zip(cells, drawn, strict=True) if part >= _CLOSED * whole]
    foot, right = max(c.row + c.row_span for c in cells), max(c.column + c.column_span for c in cells)
    places = [line.at for line in rows[: foot + 1]], [line.at for line in columns[: right + 1]]
    return _grid(*_without_unused(*places, cells), ruling.step)


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


def _lines(strokes: Sequence[_Stroke], mm: float) -> list[_Line]:
    """Lines, from strokes: short ones close to a longer one are part of its line, which runs where most of it does."""
    groups: list[list[_Stroke]] = []
    for stroke in sorted(strokes, key=lambda stroke: -stroke.length):
        group = next((group for group in groups if abs(stroke.at - _middle(group, mm)) < _SAME * mm), None)
        if group is None:
            groups.append([stroke])
        else:
            group.append(stroke)
    lines = (_Line(_middle(group, mm), tuple((one.start, one.end) for one in group)) for group in groups)
    return sorted(lines, key=lambda line: line.at)


def _middle(group: Sequence[_Stroke], mm: float) -> float:
    """Where the first stroke of a line and those level with it run."""
    near = [one for one in group if abs(one.at - group[0].at) < _ON_LINE * mm]
    return sum(one.at * one.length for one in near) / sum(one.length for one in near)


def _with_border(lines: list[_Line], strokes: Sequence[_Stroke], mm: float) -> list[_Line]:
    """The lines, and one more at either side where strokes across them go on to a common end."""
    first, last = min(stroke.start for stroke in strokes), max(stroke.end for stroke in strokes)
    before = sum(stroke.start - first < _ENDS * mm for stroke in strokes)
    after = sum(last - stroke.end < _ENDS * mm for stroke in strokes)
    if lines[0].at - first > _BORDER * mm and before > 1:
        lines = [_Line(first), *lines]
    if last - lines[-1].at > _BORDER * mm and after > 1:
        lines = [*lines, _Line(last)]
    return lines


def _ruled(lines: Sequence[_Line], across: Sequence[_Line], dark: Mask, mm: float) -> Shares:
    """For each line and each stretch of it between two lines across, what share of it is drawn.

    Lines run along the rows of ``dark``.
    """
    found = np.zeros((len(lines), len(across) - 1))
    for i, line in enumerate(lines):
        for j, (start, stop) in enumerate(pairwise(one.at for one in across)):
            share = _covered(line.stretches, start, stop) / max(1.0, stop - start)
            if share <= _WALL and line.stretches:
                share = max(share, _worn(dark, line.at, start, stop, mm))
            found[i, j] = share
    return found


def _worn(dark: Mask, at: float, start: float, stop: float, mm: float) -> float:
    """Share of a stretch of a line with pieces of a rule too short to be found elsewhere, with white on either side.

    They begin and end at the stretch's ends: the bars of letters in a cell do not.
    """
    inset, side, piece = max(1, round(_INSET * mm)), max(2, round(_BESIDE * mm)), round(_PIECE * mm)
    reach = round(_ON_LINE * mm) + side + 2
    top, first, last = max(0, round(at) - reach), round(start) + inset, round(stop) - inset
    if last - first < piece:
        return 0.0
    before = min(piece, first)
    part = np.ascontiguousarray(dark[top : round(at) + reach + 1, first - before : last + piece])
    pieces = cv2.morphologyEx(part, cv2.MORPH_OPEN, np.ones((1, piece), np.uint8)) > 0
    part, pieces = part[:, before : before + last - first], pieces[:, before : before + last - first]
    best = 0.0
    for row in range(side + 1, len(part) - side - 1):
        above, below = part[row - 1 - side : row - 1].max(axis=0), part[row + 2 : row + 2 + side].max(axis=0)
        rule = pieces[row - 1 : row + 2].any(axis=0) & ((above & below) == 0)
        if rule[:inset].any() and rule[-inset:].any():
            best = max(best, float(rule.mean()))
    return best


def _covered(stretches: Sequence[tuple[int, int]], start: float, stop: float) -> float:
    """Length of what the stretches have in common with one from ``start`` to ``stop``."""
    total = 0.0
    for one, other in sorted(stretches):
        begin, end = max(one, start), min(other, stop)
        if end > begin:
            total += end - begin
            start = end
    return total


def _walls(shares: Shares, axis: int) -> Flags:
    """Which walls there are, by the share of each that is ruled; the border, first and last along ``axis``, always."""
    walls = np.moveaxis(shares > _WALL, axis, 0).copy()
    walls[[0, -1]] = True
    return np.moveaxis(walls, 0, axis)


def _drawn(
    cell: GridCell, rows: Sequence[_Line], columns: Sequence[_Line], tops: Shares, sides: Shares
) -> tuple[float, float]:
    """Length of the walls of a cell, but for borders that are left out, and how much of it is ruled."""
    heights, widths = (np.diff([line.at for line in lines]) for lines in (rows, columns))
    total = ruled = 0.0
    foot, right = cell.row + cell.row_span, cell.column + cell.column_span
    for row in (cell.row, foot):
        if rows[row].stretches:
            total += float(widths[cell.column : right].sum())
            ruled += float((tops[row, cell.column : right] * widths[cell.column : right]).sum())
    for column in (cell.column, right):
        if columns[column].stretches:
            total += float(heights[cell.row : foot].sum())
            ruled += float((sides[cell.row : foot, column] * heights[cell.row : foot]).sum())
    return total, ruled


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
