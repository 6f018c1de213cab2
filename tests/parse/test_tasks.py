"""Duties and deadlines: passages, and what must hold for any body."""

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from passages import PASSAGES, with_key, zoned, zoned_passage

from vndoc.dispatch import Task
from vndoc.parse.fold import fold
from vndoc.parse.knowledge import load
from vndoc.parse.outline import find_sections
from vndoc.parse.tasks import find_tasks, reference_day

UNITS = [
    "giao Sở Y tế, ",
    "trước ngày 05/3/2025, ",
    "báo cáo kết quả cho ",
    "hằng năm ",
    "Các sở: ",
    "qua Sở Y tế (",
    "- Sở Y tế: Chủ trì.\n",
]


def tasks_of(text: str, zones: Any, organ: str | None = None) -> list[Task]:
    sections, _ = find_sections(text, zones)
    return find_tasks(text, zones, sections, organ)


@pytest.mark.parametrize("passage", with_key("tasks"))
def test_passages(passage: dict[str, Any]) -> None:
    text, zones = zoned_passage(passage)
    found = [task.model_dump(mode="json") for task in tasks_of(text, zones)]
    assert len(found) == len(passage["tasks"])
    assert [{k: f[k] for k in w} for f, w in zip(found, passage["tasks"], strict=True)] == passage["tasks"]
    for task in found:
        assert fold(task["text"].split()[0]) in fold(text[task["start"] : task["end"]])


@pytest.mark.parametrize("passage", with_key("due"))
def test_deadlines(passage: dict[str, Any]) -> None:
    found = tasks_of(*zoned_passage(passage))
    assert [t.due_date.isoformat() for t in found if t.due_date] == passage["due"]


@pytest.mark.parametrize("example", [e for r in load("deadlines")["due"] for e in r["examples"]])
def test_every_form_of_deadline_reads_its_examples(example: str) -> None:
    (task,) = tasks_of(*zoned(f"Giao Sở Y tế chủ trì, {example}."))
    assert task.due_date
    assert task.assignee == "Sở Y tế"


@pytest.mark.parametrize("example", [e for r in load("recurrence")["recurring"] for e in r["examples"]])
def test_every_form_of_recurrence_reads_its_examples(example: str) -> None:
    (task,) = tasks_of(*zoned(f"Giao Sở Y tế kiểm tra, {example}, khi có yêu cầu."))
    assert task.recurrence
    assert task.recurrence in example


def test_what_the_issuer_says_of_itself_is_no_task() -> None:
    text, zones = zoned("UBND tỉnh thông báo để các đơn vị biết.\nYêu cầu các đơn vị báo cáo kết quả về Sở.")
    assert len(tasks_of(text, zones)) == 2
    (task,) = tasks_of(text, zones, "Ủy ban nhân dân tỉnh Lam Giang")
    assert (task.assignee, task.report_to) == ("các đơn vị", "Sở")


def test_days_before_the_dispatch_are_history() -> None:
    body = "Giao Sở Y tế báo cáo trước ngày 20/12/2024."
    (early,) = tasks_of(*zoned(body, issued="Lam Giang, ngày 05 tháng 11 năm 2024"))
    (late,) = tasks_of(*zoned(body, issued="Lam Giang, ngày 05 tháng 02 năm 2025"))
    assert early.due_date
    assert late.due_date is None


def test_the_reference_day_comes_from_the_date_line() -> None:
    for issued, month in (
        ("X, ngày Ø5 tháng 11 năm 2024", 11),
        ("X, ngày 4 tháng ?? năm 2024", 1),
        ("X, ngày 04/6/2024", 6),
    ):
        day = reference_day(zoned("Y", issued=issued)[1])
        assert day is not None
        assert (day.year, day.month, day.day) == (2024, month, 1)
    assert reference_day(zoned("Y")[1]) is None


@settings(max_examples=60)
@given(st.text(max_size=300) | st.lists(st.sampled_from([p["body"] for p in PASSAGES]), max_size=3).map("\n".join))
def test_any_body_is_read_without_failing(body: str) -> None:
    text, zones = zoned(body)
    for task in tasks_of(text, zones):
        assert 0 <= task.start < task.end <= len(text)


@pytest.mark.parametrize("unit", UNITS)
def test_time_grows_with_the_length_only(unit: str) -> None:
    text, zones = zoned(unit * (60_000 // len(unit)))
    start = time.perf_counter()
    tasks_of(text, zones)
    assert time.perf_counter() - start < 10
