"""The likeness of tables, against its definition taken at its word."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.grits import Grits, Likeness, Place, f_score, grits, upper_bound


def exact(likeness: Likeness) -> float:
    """F1 of the best substructures: all choices of rows and columns are tried."""
    rows, columns, other_rows, other_columns = likeness.shape
    best = 0.0
    for high in range(1, min(rows, other_rows) + 1):
        for wide in range(1, min(columns, other_columns) + 1):
            for own in combinations(range(rows), high):
                for theirs in combinations(range(other_rows), high):
                    for left in combinations(range(columns), wide):
                        for right in combinations(range(other_columns), wide):
                            total = sum(
                                likeness[i, j, k, m]
                                for i, k in zip(own, theirs, strict=True)
                                for j, m in zip(left, right, strict=True)
                            )
                            best = max(best, total)
    return 2 * best / (rows * columns + other_rows * other_columns)


def _best(rows: int, others: int, reward) -> float:
    """The best sum of rewards of pairs in order, by recursion."""
    if not rows or not others:
        return 0.0
    both = _best(rows - 1, others - 1, reward) + reward(rows - 1, others - 1)
    return max(both, _best(rows - 1, others, reward), _best(rows, others - 1, reward))


def bound(likeness: Likeness) -> float:
    """The upper bound by recursion."""
    rows, columns, other_rows, other_columns = likeness.shape

    def of_rows(i: int, k: int) -> float:
        return _best(columns, other_columns, lambda j, m: likeness[i, j, k, m])

    def of_columns(j: int, m: int) -> float:
        return _best(rows, other_rows, lambda i, k: likeness[i, j, k, m])

    least = min(_best(rows, other_rows, of_rows), _best(columns, other_columns, of_columns))
    return 2 * least / (rows * columns + other_rows * other_columns)


@settings(max_examples=60, deadline=None)
@given(st.tuples(*[st.integers(1, 3)] * 4), st.integers(0, 10_000))
def test_bounds_hold(shape, seed):
    likeness = np.random.default_rng(seed).choice([0.0, 0.25, 0.5, 1.0], shape)
    assert f_score(likeness) <= exact(likeness) + 1e-9
    assert exact(likeness) <= upper_bound(likeness) + 1e-9
    assert upper_bound(likeness) == pytest.approx(bound(likeness))


def table(*rows: str) -> list[Place]:
    """Cells parted by bars; one that is ``<`` or ``^`` belongs to the cell at its left or above it."""
    texts = [[text.strip() for text in row.split("|")] for row in rows]
    cells = []
    for row, own in enumerate(texts):
        for column, text in enumerate(own):
            if text in "<^" and text:
                continue
            wide = next((n for n, t in enumerate(own[column + 1 :], 1) if t != "<"), len(own) - column)
            below = [other[column] for other in texts[row + 1 :]]
            high = next((n for n, t in enumerate(below, 1) if t != "^"), len(texts) - row)
            cells.append(Place(row, column, high, wide, text))
    return cells


TRUE = table("STT | Tên | Kinh phí | <", "^ | ^ | Tỉnh | Xã", "1 | Cầu | 5 | 6", "2 | Đường | 7 | 8")


def test_a_table_is_like_itself():
    assert grits(TRUE, TRUE) == Grits(1.0, 1.0)
    assert grits([], []) == Grits(1.0, 1.0)
    assert grits(TRUE, []) == Grits(0.0, 0.0)


def test_a_row_that_is_missing():
    assert grits(TRUE, TRUE[:-4]) == Grits(pytest.approx(2 * 12 / 28), pytest.approx(2 * 12 / 28))


def test_spans_that_are_missed():
    flat = table("STT | Tên | Kinh phí |", " | | Tỉnh | Xã", "1 | Cầu | 5 | 6", "2 | Đường | 7 | 8")
    score = grits(TRUE, flat)
    # All 8 places of the head but two are half of what their cells are; four texts are not where they ought to be.
    assert score.topology == pytest.approx((10 + 6 * 0.5) / 16)
    assert score.content == pytest.approx(13 / 16)


def test_letters_that_are_misread():
    read = [cell._replace(text=cell.text.replace("Cầu", "Cẩu")) for cell in TRUE]
    score = grits(TRUE, read)
    assert score.topology == 1.0
    assert score.content == pytest.approx((15 + 2 * 2 / 6) / 16)


def test_columns_that_were_torn_apart():
    torn = table("STT | Tên | Kinh phí | <", "^ | ^ | Tỉnh | Xã", "1 | Cầu | 5 | 6", "2 | Đường | 7 | 8")
    extra = [cell._replace(column=cell.column + 1) if cell.column > 1 else cell for cell in torn]
    score = grits(TRUE, [*extra, *(Place(row, 2, 1, 1, "") for row in range(4))])
    assert score == Grits(pytest.approx(2 * 16 / 36), pytest.approx(2 * 16 / 36))
