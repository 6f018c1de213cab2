"""Dates written into a stamp, by what was read and by the days on which they can be."""

from datetime import date, timedelta

import pytest

from vndoc.parse.form.stamps.written_dates import dates_of_parts, whole_dates, written_dates

ISSUED = date(2025, 1, 3)
DAYS = {ISSUED + timedelta(days=ahead): 1 / 60 for ahead in range(60)}


def best(likely: dict[date, float]) -> tuple[date, float]:
    return max(likely.items(), key=lambda found: found[1])


@pytest.mark.parametrize("text", ["0710112025", "071112025", "7112025", "711125", "07101", "710112025"])
def test_every_way_to_write_a_date_is_known(text: str) -> None:
    value, p = best(written_dates([(text, 0.8)], DAYS))
    assert value == date(2025, 1, 7)
    assert 0 < p < 1


def test_a_digit_or_a_stroke_may_be_misread() -> None:
    for text in ("0740112025", "0710712025", "071012025"):
        value, p = best(written_dates([(text, 0.7)], DAYS))
        assert (text, value) == (text, date(2025, 1, 7))
        assert p < best(written_dates([("0710112025", 0.7)], DAYS))[1]


def test_what_fits_no_day_makes_none_sure() -> None:
    assert best(written_dates([("98765", 0.9)], DAYS))[1] < 0.1
    assert written_dates([("0710112025", 0.9)], {}) == {}


def test_a_whole_date_needs_nothing_else() -> None:
    assert whole_dates([("0515120261", 0.3), ("051512026", 0.2), ("315", 0.4)]) == {
        date(2026, 5, 5): pytest.approx(0.5)
    }
    assert whole_dates([("4511312026", 0.9)]) == {}


def test_the_parts_agree_or_raise_doubt() -> None:
    sure = best(dates_of_parts([("07", 0.8)], [("01", 0.8)], DAYS))
    assert sure[0] == date(2025, 1, 7)
    assert sure[1] > 0.7
    other = best(dates_of_parts([("07", 0.8)], [("09", 0.8)], DAYS))
    assert other[1] <= 0.4
    assert best(dates_of_parts([("07", 0.8)], [], DAYS))[0].day == 7
    assert best(dates_of_parts([("07", 0.3), ("17", 0.3)], [("01", 1.0)], DAYS))[1] < 0.5
