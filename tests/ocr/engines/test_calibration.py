"""From scores to shares of right words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vndoc.ocr.engines.calibration import IDENTITY, Calibration
from vndoc.ocr.engines.tesseract import parse_tsv

TABLE = Calibration(((0.2, 0.0), (0.5, 0.6), (0.9, 0.7)))


@pytest.mark.parametrize(
    ("score", "share"), [(0.0, 0.0), (0.2, 0.0), (0.35, 0.3), (0.5, 0.6), (0.7, 0.65), (0.9, 0.7), (1.0, 0.7)]
)
def test_straight_between_the_points_and_level_beyond(score, share):
    assert TABLE(score) == pytest.approx(share)


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_surer_word_stays_surer(a, b):
    assert (TABLE(a) <= TABLE(b)) or a > b
    assert IDENTITY(a) == a


@pytest.mark.parametrize(
    "points", [(), ((0.5, 0.5), (0.4, 0.6)), ((0.4, 0.6), (0.5, 0.5)), ((0, 0), (0, 1)), ((0, 0), (1, 1.2))]
)
def test_what_does_not_rise_is_no_calibration(points):
    with pytest.raises(ValueError, match="rising points"):
        Calibration(points)


def test_an_engine_s_words_come_calibrated():
    table = "head\n" + "\t".join(["5", "1", "1", "1", "1", "1", "10", "20", "30", "40", "50", "Số:"])
    assert parse_tsv(table, TABLE)[1][0].words[0].confidence == pytest.approx(0.6)
