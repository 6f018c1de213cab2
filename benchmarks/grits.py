"""How alike two tables are: grid table similarity (Smock, Pesala and Abraham, "GriTS: Grid table similarity metric for
table structure recognition", ICDAR 2023).

A table is a matrix, a merged cell standing at each of its places. Of two matrices the most similar substructures are
sought: as many rows and columns of each, in order, with the greatest sum of likeness of the places that face each
other. To find them exactly is hard; like the paper's authors this module aligns the rows and the columns each by
themselves (the factored form), which gives a lower bound that is nearly always exact, and an upper bound.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq

Likeness = NDArray[np.float64]
"""Likeness from 0 to 1 of each place of one matrix and each of another: row, column, other row, other column."""


class Place(NamedTuple):
    """A cell of a table: where it is, rows and columns from 0, how far it goes, and its text."""

    row: int
    column: int
    row_span: int
    column_span: int
    text: str


@dataclass(frozen=True, slots=True)
class Grits:
    """Likeness of two tables as F1, from 0 to 1: of their structure and of the texts of their cells."""

    topology: float
    content: float


def grits(true: Iterable[Place], read: Iterable[Place]) -> Grits:
    """GriTS_Top and GriTS_Con of two tables. An empty table is like none but another empty one."""
    one, other = _matrix(true), _matrix(read)
    if not one.size or not other.size:
        same = float(one.size == other.size)
        return Grits(same, same)
    return Grits(*(f_score(likeness(one, other)) for likeness in (topology, content)))


Matrix = NDArray[np.object_]
"""The cell at each place of a table."""


def _matrix(places: Iterable[Place]) -> Matrix:
    """Places that no cell takes are empty cells."""
    cells = list(places)
    rows = max((cell.row + cell.row_span for cell in cells), default=0)
    columns = max((cell.column + cell.column_span for cell in cells), default=0)
    matrix = np.empty((rows, columns), object)
    for row, column in np.ndindex(rows, columns):
        matrix[row, column] = Place(row, column, 1, 1, "")
    for cell in cells:
        for row in range(cell.row, cell.row + cell.row_span):
            for column in range(cell.column, cell.column + cell.column_span):
                matrix[row, column] = cell
    return matrix


def topology(one: Matrix, other: Matrix) -> Likeness:
    """Intersection over union of the cells, each seen from its place: how far they go in each direction."""
    boxes, others = _spans(one), _spans(other)
    low = np.maximum(boxes[:, None, :2], others[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], others[None, :, 2:])
    common = np.prod(np.maximum(0, high - low), axis=2)
    areas, other_areas = (np.prod(spans[:, 2:] - spans[:, :2], axis=1) for spans in (boxes, others))
    either = areas[:, None] + other_areas[None, :] - common
    likeness: Likeness = (common / either).reshape(*one.shape, *other.shape)
    return likeness


def _spans(matrix: Matrix) -> NDArray[np.float64]:
    """The cell at each place as (top, left, bottom, right), counted from that place."""
    spans = [
        (cell.row - row, cell.column - column, cell.row + cell.row_span - row, cell.column + cell.column_span - column)
        for (row, column), cell in np.ndenumerate(matrix)
    ]
    return np.array(spans, float)


def content(one: Matrix, other: Matrix) -> Likeness:
    """Twice the length of the longest common subsequence of two texts, over their lengths together."""
    texts, others = ([" ".join(cell.text.split()) for _, cell in np.ndenumerate(matrix)] for matrix in (one, other))
    known = {(a, b): _text_likeness(a, b) for a in set(texts) for b in set(others)}
    return np.array([[known[a, b] for b in others] for a in texts]).reshape(*one.shape, *other.shape)


def _text_likeness(one: str, other: str) -> float:
    both = len(one) + len(other)
    return 2 * LCSseq.similarity(one, other) / both if both else 1.0


def f_score(likeness: Likeness) -> float:
    """F1 of the most similar substructures that the factored search finds."""
    rows, other_rows = align(likeness)
    columns, other_columns = align(likeness.transpose(1, 0, 3, 2))
    found = likeness[np.ix_(rows, columns, other_rows, other_columns)]
    total = float(np.einsum("ijij->", found)) if found.size else 0.0
    return 2 * total / _places(likeness)


def upper_bound(likeness: Likeness) -> float:
    """No substructures of these matrices have a greater F1."""
    best = min(float(_best(likeness)[-1, -1]), float(_best(likeness.transpose(1, 0, 3, 2))[-1, -1]))
    return 2 * best / _places(likeness)


def _places(likeness: Likeness) -> int:
    return int(np.prod(likeness.shape[:2]) + np.prod(likeness.shape[2:]))


def align(likeness: Likeness) -> tuple[Sequence[int], Sequence[int]]:
    """The rows of either matrix that face each other, where each pair of rows aligns its columns as is best for it."""
    scores = _best(likeness)
    row, other = scores.shape[0] - 1, scores.shape[1] - 1
    pairs = []
    while row and other:
        if scores[row, other] == scores[row - 1, other]:
            row -= 1
        elif scores[row, other] == scores[row, other - 1]:
            other -= 1
        else:
            row, other = row - 1, other - 1
            pairs.append((row, other))
    pairs.reverse()
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def _best(likeness: Likeness) -> NDArray[np.float64]:
    """The greatest sum of the alignments of the first so many rows of either matrix."""
    # All pairs of rows at once: the innermost loops are those over the columns.
    inner = _cumulated(likeness.transpose(1, 3, 0, 2))[-1, -1]
    return _cumulated(inner)


def _cumulated(rewards: NDArray[np.float64]) -> NDArray[np.float64]:
    """Best sums of alignments over the first two axes; what is behind them is done in step."""
    rows, columns = rewards.shape[:2]
    best = np.zeros((rows + 1, columns + 1, *rewards.shape[2:]))
    for row in range(rows):
        for column in range(columns):
            both = best[row, column] + rewards[row, column]
            best[row + 1, column + 1] = np.maximum(both, np.maximum(best[row, column + 1], best[row + 1, column]))
    return best
