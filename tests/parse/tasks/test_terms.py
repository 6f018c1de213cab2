"""Terms counted from an event, and the working days that they end on."""

from datetime import date
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vndoc.dispatch import Task, Term
from vndoc.parse.knowledge import load
from vndoc.parse.tasks.terms import event_days, find_terms, with_ends
from vndoc.parse.tasks.working_days import Unit, end_of_term

DAYS = st.dates(date(1995, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize("example", [e for r in load("deadlines")["terms"] for e in r["examples"]])
def test_every_form_of_term_reads_its_examples(example: str) -> None:
    (found,) = find_terms(f"Giao Sở Y tế báo cáo {example}.")
    assert found.term.amount
    assert found.term.base


@pytest.mark.parametrize(
    ("text", "amount", "unit", "event"),
    [
        ("trong thời hạn năm (05) ngày làm việc kể từ ngày ký", 5, "working_day", "issued"),
        ("trong 02 tuần kể từ khi nhận được văn bản này", 2, "week", "arrived"),
        ("trong vòng 01 năm, kể từ ngày Quyết định này có hiệu lực", 1, "year", "effective"),
        ("trong thời hạn mười lăm ngày kể từ ngày 02 tháng 9 năm 2025", 15, "day", "dated"),
        ("không quá 20 ngày kể từ ngày ký hợp đồng", 20, "day", "other"),
        ("trong thời hạn 10 ngày", 10, "day", None),
    ],
)
def test_amount_unit_and_event(text: str, amount: int, unit: str, event: str | None) -> None:
    (found,) = find_terms(text)
    assert (found.term.amount, found.term.unit, found.term.event) == (amount, unit, event)


@pytest.mark.parametrize(
    "text",
    [
        "trong 05 năm qua",
        "trong 06 tháng đầu năm",
        "từ 03 tháng đến 02 năm",
        "sau 2 tháng thi công",
        "có hiệu lực sau 45 ngày kể từ ngày ký",
        "trong 3 ngày liên tiếp",
        "12 ngày",
        "",
    ],
)
def test_durations_are_no_terms(text: str) -> None:
    assert list(find_terms(text)) == []


@pytest.mark.parametrize(
    ("base", "amount", "unit", "end"),
    [
        (date(2025, 4, 25), 5, "working_day", date(2025, 5, 6)),  # 26/4 worked for 2/5, 30/4 and 1/5 off
        (date(2025, 1, 22), 5, "working_day", date(2025, 2, 5)),  # Tết Ất Tỵ
        (date(2025, 3, 6), 10, "day", date(2025, 3, 17)),  # ends on a Sunday
        (date(2025, 3, 6), 1, "week", date(2025, 3, 13)),
        (date(2025, 1, 31), 1, "month", date(2025, 2, 28)),  # no 31st
        (date(2024, 2, 29), 1, "year", date(2025, 2, 28)),
        (date(2025, 8, 1), 1, "month", date(2025, 9, 3)),  # 1 and 2 September are days off
        (date(2025, 3, 6), 24, "hour", None),
        (date(2025, 3, 6), 0, "working_day", date(2025, 3, 6)),
        (date(2025, 3, 13), -3, "working_day", date(2025, 3, 10)),
        (date(2025, 3, 12), -3, "day", date(2025, 3, 7)),  # a Sunday: the Friday before
        (date(9999, 12, 1), 900, "day", None),
    ],
)
def test_ends_of_terms(base: date, amount: int, unit: Unit, end: date | None) -> None:
    assert end_of_term(base, amount, unit) == end


@given(DAYS, st.integers(1, 60))
def test_a_longer_term_ends_later(base: date, amount: int) -> None:
    first, second = (end_of_term(base, n, "working_day") for n in (amount, amount + 1))
    assert first
    assert second
    assert base < first < second
    calendar = end_of_term(base, amount, "day")
    assert calendar
    assert calendar <= first


def task(event: Literal["issued", "other"] | None, base_date: date | None = None) -> Task:
    term = Term(amount=10, unit="day", event=event, base_date=base_date)
    return Task(text="Báo cáo", start=0, end=7, term=term)


def test_ends_are_filled_in_where_the_event_is_known() -> None:
    plain = Task(text="Báo cáo", start=0, end=7)
    days = event_days("Quyết định này có hiệu lực kể từ ngày ký.", date(2025, 3, 3), None)
    assert days == {"issued": date(2025, 3, 3), "effective": date(2025, 3, 3)}
    done, other, none, same = with_ends([task("issued"), task("other"), task(None), plain], days)
    assert (done.due_date, other.due_date, none.due_date, same) == (date(2025, 3, 13), None, None, plain)
    assert done.term
    assert done.term.base_date == date(2025, 3, 3)
    assert with_ends([task("issued")], {})[0].due_date is None


@given(
    st.text(max_size=80), st.sampled_from(["trong 05 ngày kể từ ngày ", "chậm nhất 3 tháng sau khi ", "trong 999 năm "])
)
def test_any_text_is_read(text: str, words: str) -> None:
    for found in find_terms(words + text):
        assert 0 <= found.start < found.end <= len(words + text)
