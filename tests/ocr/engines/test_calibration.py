"""From scores to shares of right words."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vndoc.ocr.engines.calibration import IDENTITY, Calibration

TABLE = Calibration(((0.2, 0.0), (0.5, 0.6), (0.9, 0.7)))


@pytest.mark.parametrize(
    ("score", "share"), [(0.0, 0.0), (0.2, 0.0), (0.35, 0.3), (0.5, 0.6), (0.7, 0.65), (0.9, 0.7), (1.0, 0.7)]
)
def test_straight_between_the_points_and_level_beyond(score, share):
    assert TABLE(score) == pytest.approx(share)


def slow(points, score):
    """The same by trying each piece of the line."""
    if score < points[0][0]:
        return points[0][1]
    for (x0, y0), (x1, y1) in pairwise(points):
        if x0 <= score <= x1:
            return y0 + (y1 - y0) * (score - x0) / (x1 - x0)
    return points[-1][1]


PARTS = st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=1, max_size=8, unique_by=lambda p: p[0])


@given(PARTS, st.integers(0, 200))
def test_the_lookup_finds_the_piece_that_trying_each_finds(parts, score):
    scores, shares = (sorted(axis) for axis in zip(*parts, strict=True))
    points = tuple((x / 100, y / 100) for x, y in zip(scores, shares, strict=True))
    assert Calibration(points)(score / 200) == pytest.approx(slow(points, score / 200))


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_surer_word_stays_surer(a, b):
    low, high = sorted((a, b))
    assert TABLE(low) <= TABLE(high)
    assert IDENTITY(a) == a


@pytest.mark.parametrize(
    "points", [(), ((0.5, 0.5), (0.4, 0.6)), ((0.4, 0.6), (0.5, 0.5)), ((0, 0), (0, 1)), ((0, 0), (1, 1.2))]
)
def test_what_does_not_rise_is_no_calibration(points):
    with pytest.raises(ValueError, match="rising points"):
        Calibration(points)
