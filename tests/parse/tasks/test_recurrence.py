"""Rules of duties that return, checked by the library that calendars use."""

from datetime import datetime

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from vndoc.parse.knowledge import load
from vndoc.parse.tasks.recurrence import find_recurrence

START = datetime(2025, 1, 1)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("trước ngày 20 hằng tháng", ["2025-01-20", "2025-02-20"]),
        ("trước ngày 15 của tháng cuối quý", ["2025-03-15", "2025-06-15"]),
        ("trước ngày 10 tháng đầu quý", ["2025-01-10", "2025-04-10"]),
        ("trước ngày 15/6 và 15/12 hằng năm", ["2025-06-15", "2025-12-15"]),
        ("hằng tuần, trước thứ Sáu hằng tuần", ["2025-01-03"]),
        ("định kỳ 6 tháng", ["2025-01-01", "2025-07-01"]),
        ("hằng quý", ["2025-01-01", "2025-04-01"]),
        ("hằng năm", ["2025-01-01", "2026-01-01"]),
        ("02 tuần/lần", ["2025-01-01", "2025-01-15"]),
        ("hằng ngày", ["2025-01-01", "2025-01-02"]),
        ("mỗi tháng một lần", ["2025-01-01", "2025-02-01"]),
    ],
)
def test_days_that_a_rule_means(text: str, first: list[str]) -> None:
    found = find_recurrence(f"Sở Y tế báo cáo {text}.")
    assert found
    days = sorted(d for rule in found.rules for d in rrulestr(rule, dtstart=START)[:2])
    assert [d.date().isoformat() for d in days][: len(first)] == first


def test_a_list_of_periods() -> None:
    found = find_recurrence("Định kỳ hằng quý, 6 tháng và năm báo cáo")
    assert found
    assert found.printed == "hằng quý, 6 tháng và năm"
    assert found.rules == ("FREQ=MONTHLY;INTERVAL=3", "FREQ=MONTHLY;INTERVAL=6", "FREQ=YEARLY")


@pytest.mark.parametrize("group", ["recurring", "days"])
def test_every_form_reads_its_examples(group: str) -> None:
    for record in load("recurrence")[group]:
        for example in record["examples"]:
            found = find_recurrence(f"Sở Y tế kiểm tra, {example}.")
            assert found, example
            assert all(rrulestr(rule, dtstart=START)[0] for rule in found.rules)


@pytest.mark.parametrize(
    "text", ["trợ cấp hằng tháng", "ngân sách hằng năm", "hệ thống định kỳ hè", "trước ngày 20/3/2025"]
)
def test_what_does_not_return(text: str) -> None:
    assert find_recurrence(text) is None


def test_days_of_no_calendar_give_no_rule() -> None:
    found = find_recurrence("trước ngày 45 hằng tháng")
    assert found
    assert found.rules == ("FREQ=MONTHLY",)


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    found = find_recurrence(f"hằng năm, ngày {text} hằng tháng")
    assert found
    for rule in found.rules:
        rrulestr(rule, dtstart=START)
