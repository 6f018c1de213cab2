"""Tables of a page, ruled and unruled: their cells found by geometry, the words that were read put into them.

What the engine read is kept: a table takes the words in its cells, all others stay in the lines around it.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from vndoc.ocr.imaging.image import Image8
from vndoc.ocr.layout import arrange
from vndoc.ocr.regions.region import Readings
from vndoc.ocr.tables.filling import Filled, fill
from vndoc.ocr.tables.lattice import grid_of
from vndoc.ocr.tables.rules import find_rulings
from vndoc.ocr.tables.unread import CellRow, with_cell_rows
from vndoc.ocr.tables.unruled import find_unruled
from vndoc.page import Block, Box, Grid, Line

_HEAD = 0.2  # of a first page's height: there the letterhead stands, in two columns
_HEAD_ROWS = 3  # most rows of a letterhead with rules around its parts


def find_grids(gray: Image8, number: int, dpi: int) -> list[Grid]:
    """The ruled tables of a level page, from top to bottom, boxes in its pixels; rules round a letterhead are none."""
    found = [grid for ruling in find_rulings(gray, dpi) if (grid := grid_of(ruling))]
    outer = [g for g in found if not any(g is not o and _holds(o, g) for o in found)]
    return [grid for grid in outer if number > 1 or not _is_letterhead(grid, gray.shape[0])]


def darkest(image: Image8) -> Image8:
    """A page in grey, RGB or grey before, on which rules of any colour are dark."""
    return image if image.ndim == 2 else np.asarray(image.min(axis=2), dtype=np.uint8)


def scaled(grid: Grid, scale: float) -> Grid:
    """The table on the page drawn so many times as large."""

    def larger(box: Box | None) -> Box | None:
        return box and Box(*(round(scale * edge) for edge in box))

    cells = tuple(replace(cell, box=larger(cell.box)) for cell in grid.cells)
    return replace(grid, cells=cells, box=larger(grid.box))


def _holds(outer: Grid, inner: Grid) -> bool:
    """Whether one table lies in another."""
    a, b = outer.box, inner.box
    return a is not None and b is not None and a.overlap(b) > 0.9 and a.width * a.height > b.width * b.height


def _is_letterhead(grid: Grid, height: int) -> bool:
    high = grid.box is not None and grid.box.y0 < _HEAD * height
    return high and grid.columns == 2 and grid.rows <= _HEAD_ROWS


def with_tables(
    lines: Sequence[Line], grids: Sequence[Grid], rows: Sequence[CellRow] = (), readings: Readings | None = None
) -> tuple[Block, ...]:
    """Blocks in reading order: tables with the words in their cells, and around them what :func:`arrange` gives.

    ``grids`` are the tables that are known; ``rows`` of their cells were read by themselves. Tables without rules are
    sought in what is in none of them.
    """
    tables, rest = fill_all(grids, lines)
    known = with_cell_rows(tables, rows, readings or {})
    unruled, rest = fill_all(find_unruled(rest, [grid.box for grid in grids if grid.box]), rest)
    return around([*known, *(table.block for table in unruled)], rest)


def fill_all(grids: Sequence[Grid], lines: Sequence[Line]) -> tuple[list[Filled], list[Line]]:
    """The tables with what of the lines is in each, and what is in none."""
    rest = list(lines)
    tables: list[Filled] = []
    for grid in grids:
        filled, rest = fill(grid, rest)
        tables.append(filled)
    return tables, rest


def around(tables: Sequence[Block], lines: Sequence[Line]) -> tuple[Block, ...]:
    """Tables and other lines as blocks in reading order: lines above a table come before it.

    Lines beside a table, level with it, come after it.
    """
    blocks: list[Block] = []
    left = list(lines)
    for top, table in sorted(((box.y0, table) for table in tables if (box := _box(table))), key=lambda pair: pair[0]):
        above = [line for line in left if line.box and line.box.y_center < top]
        left = [line for line in left if not (line.box and line.box.y_center < top)]
        blocks += [*arrange(above), table]
    return (*blocks, *arrange(left))


def _box(table: Block) -> Box | None:
    return table.grid.box if table.grid and table.grid.box else table.box
