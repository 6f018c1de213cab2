"""Days and periods, with the year taken from a reference day that the caller names."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vndoc.parse.dates import day_at, find_days, find_periods


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("ngày 19/01/2024", date(2024, 1, 19)),
        ("ngày 5-3-2024", date(2024, 3, 5)),
        ("ngày 05.3.2024.", date(2024, 3, 5)),
        ("ngày 25 tháng 10 năm 2017", date(2017, 10, 25)),
        ("ngày 19/6/201 5;", date(2015, 6, 19)),
        ("ngày 30/ 7⁄2024 của", date(2024, 7, 30)),
        ("ngày 22 tháng 1] năm 2019", date(2019, 11, 22)),
        ("ngày O1/l2/2020", date(2020, 12, 1)),
        ("trước ngày 15/3.", date(2025, 3, 15)),
        ("ngày 02 tháng 4,", date(2025, 4, 2)),
    ],
)
def test_days(text: str, day: date) -> None:
    assert [m.value for m in find_days(text, date(2025, 2, 1))] == [day]


@pytest.mark.parametrize("text", ["31/02/2024", "1.846 tổ chức", "15/2024", "ngày 15/3/20", "32/13/2024", "10/10/0999"])
def test_what_is_no_day(text: str) -> None:
    assert list(find_days(text, date(2025, 2, 1))) == []


def test_a_day_without_year_needs_a_reference() -> None:
    assert list(find_days("trước ngày 15/01")) == []
    assert [m.value for m in find_days("trước ngày 15/01", date(2025, 12, 1))] == [date(2026, 1, 15)]
    assert list(find_days("ngày 29/02", date(2024, 12, 1))) == []


def test_a_day_at_its_place() -> None:
    text = "của 12/3/2024, 13/3/2024"
    found = day_at(text, 4, len(text))
    assert found is not None
    assert text[found.start : found.end] == "12/3/2024"
    assert day_at(text, 0, len(text)) is None


@pytest.mark.parametrize(
    ("text", "end", "precision"),
    [
        ("trong tháng 3/2025", date(2025, 3, 31), "month"),
        ("tháng 02 năm 2024", date(2024, 2, 29), "month"),
        ("quý II/2025", date(2025, 6, 30), "quarter"),
        ("quý 4 năm 2025", date(2025, 12, 31), "quarter"),
        ("trong năm 2026", date(2026, 12, 31), "year"),
    ],
)
def test_periods_are_given_by_their_last_day(text: str, end: date, precision: str) -> None:
    assert [(m.value, m.precision) for m in find_periods(text)] == [(end, precision)]


def test_a_month_that_is_none() -> None:
    assert list(find_periods("tháng 13/2025")) == []


@given(
    st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31)),
    st.sampled_from(["%d/%m/%Y", "%d tháng %m năm %Y"]),
)
def test_a_day_printed_reads_back_equal(day: date, form: str) -> None:
    text = f"ngày {day.strftime(form)} của"
    assert [m.value for m in find_days(text)] == [day]


@given(st.text(), st.dates())
def test_any_text_is_read_without_failing(text: str, reference: date) -> None:
    for match in (*find_days(text, reference), *find_periods(text)):
        assert 0 <= match.start < match.end <= len(text)
