"""Tables without rules, by the white between their columns alone.

Words on one level make a row of pieces, parted by white; where levels one below the other leave the same white free,
they are columns (Breuel, "Two geometric algorithms for layout analysis", DAS 2002). A page of a dispatch has more of
such than tables: its head and its foot, lists, names of signers side by side. So only what has three columns and rows
counts, and speaks for itself as a table: by a column of numbers of rows, or of figures, dates or times. What is
doubtful stays text.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, product

from vndoc.ocr.layout import text_height
from vndoc.ocr.tables.unruled.levels import is_head, levels_of
from vndoc.ocr.tables.unruled.rows import rows_of
from vndoc.ocr.tables.unruled.runs import Run, columns_of, grow
from vndoc.page import Box, Grid, GridCell, Line

_PIECES = 3  # on a level that a table is sought around
_TRIES = 3  # runs that are no table and hold a level, after which none is sought around it
_MARGIN = 0.3  # text heights around the text of a table that belong to it


def find_unruled(lines: Sequence[Line], taken: Sequence[Box] = ()) -> list[Grid]:
    """The tables among the lines of a level page, from top to bottom; what lies in the boxes ``taken`` is left out.

    All cells have boxes; none is filled with lines.
    """
    height = text_height(lines)
    levels = levels_of(lines, taken, height)
    free = [True] * len(levels)
    tries = [0] * len(levels)
    grids: dict[int, Grid] = {}
    # The fullest levels first: they know of all the columns.
    for seed in sorted(range(len(levels)), key=lambda number: -len(levels[number].pieces)):
        pieces = levels[seed].pieces
        known = len(pieces) >= _PIECES or (len(pieces) == 2 and is_head(pieces[0].words))
        if not known or not free[seed] or tries[seed] == _TRIES:
            continue
        run = grow(levels, seed, free, height)
        grid = _grid(run)
        if grid:
            grids[run.levels[0].number] = grid
            for level in run.levels:
                free[level.number] = False
        else:
            for level in run.levels:
                tries[level.number] += 1
    return [grids[number] for number in sorted(grids)]


def _grid(run: Run) -> Grid | None:
    rows = rows_of(run)
    if rows is None:
        return None
    columns = columns_of(run)
    margin = _MARGIN * run.height
    xs = [columns[0].x0 - margin, *((a.x1 + b.x0) / 2 for a, b in pairwise(columns)), columns[-1].x1 + margin]
    ys = [rows.edges[0] - margin, *rows.edges[1:-1], rows.edges[-1] + margin]
    merged = {square: cell for cell in rows.spans for square in cell.squares}
    squares = product(range(len(ys) - 1), range(len(columns)))
    cells = tuple(_placed(cell, xs, ys) for cell in dict.fromkeys(merged.get(at, GridCell(*at)) for at in squares))
    box = Box(*(round(v) for v in (xs[0], ys[0], xs[-1], ys[-1])))
    return Grid(len(ys) - 1, len(columns), cells, ruled=False, box=box)


def _placed(cell: GridCell, xs: Sequence[float], ys: Sequence[float]) -> GridCell:
    """The cell with its place between these edges of columns and rows."""
    foot, right = cell.row + cell.row_span, cell.column + cell.column_span
    edges = xs[cell.column], ys[cell.row], xs[right], ys[foot]
    return replace(cell, box=Box(*(round(edge) for edge in edges)))
