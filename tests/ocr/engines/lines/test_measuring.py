"""Base line and x-height from the letters' tops and feet alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vndoc.ocr.engines.lines.measuring import CAPITAL, Letters, measured

ASCENDER, DESCENDER = 1.5, 0.45  # x-heights


def letters(pattern, xheight, base=100.0, slope=0.0, seed=0):
    """Of a line: ``x`` plain, ``b`` with an ascender, ``g`` with a descender, ``A`` a capital, half a pixel off."""
    rng = np.random.default_rng(seed)
    x = np.arange(len(pattern)) * xheight * 1.2
    heights = {"x": 1.0, "b": ASCENDER, "g": 1.0, "A": 1 / CAPITAL}
    noise = rng.uniform(-0.5, 0.5, (2, len(pattern)))
    foot = base + slope * x + noise[0]
    top = foot - np.array([heights[letter] for letter in pattern]) * xheight + noise[1]
    return Letters(x, top, foot + np.array([DESCENDER * xheight * (letter == "g") for letter in pattern]))


SMALL, CAPITALS = "Axbxxgbxxxbxgxxbxxgxbxxx", "AAAAAAAAAAAAAAA"


@given(st.floats(10, 60), st.floats(-0.02, 0.02), st.integers(0, 1000))
def test_small_letters(xheight, slope, seed):
    (measure,) = measured([letters(SMALL, xheight, slope=slope, seed=seed)])
    assert measure.xheight == pytest.approx(xheight, abs=max(1.0, 0.04 * xheight))
    assert measure.base_at(0) == pytest.approx(100, abs=2)
    assert measure.slope == pytest.approx(slope, abs=0.01)


@given(st.floats(10, 60))
def test_capitals_on_a_page_of_small_letters(xheight):
    *_, title = measured([letters(SMALL, xheight), letters(SMALL, xheight), letters(CAPITALS, xheight)])
    assert title.xheight == pytest.approx(xheight, abs=max(1.0, 0.06 * xheight))


def test_what_cannot_be_told_is_left_open():
    """Three letters of one height may be "ooo" or "OOO"."""
    (measure,) = measured([letters("xxx", 20)])
    assert measure.other
    assert sorted((measure.xheight, measure.other)) == pytest.approx([20 * CAPITAL, 20], abs=1)


def test_a_lone_letter_has_a_measure():
    (measure,) = measured([Letters(np.array([5.0]), np.array([10.0]), np.array([30.0]))])
    assert (measure.base, measure.slope) == (30, 0)
    assert measure.xheight > 0
    assert measured([]) == []


def test_a_measure_on_an_image_twice_as_large():
    (measure,) = measured([letters("xxx", 20)])
    twice = measure.zoomed(2)
    assert twice.base_at(80) == pytest.approx(2 * measure.base_at(40))
    assert (twice.xheight, twice.other) == (2 * measure.xheight, 2 * measure.other)


@pytest.mark.parametrize("tilt", [-0.1, -0.065, 0.05])
def test_a_stamped_line_may_lie_aslant_on_a_level_page(tilt):
    *level, stamped = measured([*[letters(SMALL, 20)] * 3, letters("AxAxbxgAbxx", 20, slope=tilt)])
    assert [one.tilted for one in level] == [None] * 3
    assert stamped.tilted.slope == pytest.approx(tilt, abs=0.012)
    assert stamped.tilted.base_at(0) == pytest.approx(100, abs=3)
    assert stamped.zoomed(2).tilted.xheight == 2 * stamped.tilted.xheight


def test_a_few_letters_tell_no_tilt():
    *_, stamped = measured([*[letters(SMALL, 20)] * 3, letters("Axbxx", 20, slope=-0.06)])
    assert stamped.tilted is None
