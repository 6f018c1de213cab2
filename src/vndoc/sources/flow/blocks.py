"""Paragraphs and tables, as the readers of word processors' files hand them on."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple


@dataclass(slots=True, frozen=True)
class Cell:
    """A cell with blocks of its own, and how many columns and rows it goes over."""

    blocks: "tuple[Block, ...]" = ()
    columns: int = 1
    rows: int = 1


Row = tuple[Cell, ...]
"""The cells that begin in a row, from left to right."""


@dataclass(slots=True, frozen=True)
class Table:
    """Rows of cells.

    ``ruled``: lines are drawn between the cells. ``header_rows``: the first rows that the file calls the head, which
    are repeated on every page.
    """

    rows: tuple[Row, ...]
    ruled: bool = False
    header_rows: int = 0


Block = str | Table
"""A paragraph, its lines parted by line feeds, or a table. A form feed in a paragraph begins a page."""


class Edge(NamedTuple):
    """What files of the nineties say of a cell: where it ends, and whether it only goes on with another one."""

    right: int
    """In twips (1/1440 inch) from the margin."""
    with_above: bool = False
    with_left: bool = False


_SAME_EDGE = 40
"""Twips within which two cells end at the same place."""


def by_edges(rows: Sequence[tuple[Row, Sequence[Edge]]]) -> tuple[Row, ...]:
    """Rows of cells with how many columns and rows each goes over, from where the cells of all rows end.

    A row whose edges do not fit its cells stays as it is.
    """
    stops: list[int] = []
    for right in sorted({edge.right for _, edges in rows for edge in edges}):
        if not stops or right - stops[-1] > _SAME_EDGE:
            stops.append(right)
    placed = []
    for row, edges in rows:
        own: list[tuple[Cell, bool]] = []
        column = 0
        fits = len(edges) == len(row)
        for cell, edge in zip(row, edges if fits else [Edge(0)] * len(row), strict=True):
            end = bisect_right(stops, edge.right) if fits else column + 1
            wide, column = max(1, end - column), max(column + 1, end)
            if edge.with_left and own:
                before, goes_on = own[-1]
                blocks = (*before.blocks, *cell.blocks)
                own[-1] = replace(before, blocks=blocks, columns=before.columns + wide), goes_on
            else:
                own.append((replace(cell, columns=wide), edge.with_above))
        placed.append(own)
    return merged(placed)


def merged(rows: Sequence[Sequence[tuple[Cell, bool]]]) -> tuple[Row, ...]:
    """Rows in which cells that only go on with the one above, in the same column, are part of that.

    >>> merged([[(Cell(("a",)), False), (Cell(("b",)), False)], [(Cell(), True), (Cell(("c",)), False)]])[0][0].rows
    2
    """
    kept: list[list[Cell]] = []
    above: dict[int, tuple[int, int]] = {}
    """Column to the place of the cell that reaches down to it."""
    for row in rows:
        own: list[Cell] = []
        now: dict[int, tuple[int, int]] = {}
        column = 0
        for cell, goes_on in row:
            held = above.get(column) if goes_on else None
            if held:
                first = kept[held[0]][held[1]]
                kept[held[0]][held[1]] = replace(first, rows=first.rows + 1)
                now[column] = held
            else:
                now[column] = len(kept), len(own)
                own.append(cell)
            column += cell.columns
        kept.append(own)
        above = now
    return tuple(map(tuple, kept))
