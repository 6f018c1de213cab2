"""Deadlines and assignees as offices word them: sentences by kind, held in ``data/wordings.json``."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.parse.passages import zoned
from vndoc.dispatch import Notice, Task
from vndoc.parse.outline.sections import find_sections
from vndoc.parse.tasks.duties import find_tasks
from vndoc.parse.tasks.terms import with_ends

WORDINGS: dict[str, Any] = json.loads((Path(__file__).parents[1] / "data" / "wordings.json").read_text("utf-8"))
ISSUED = date.fromisoformat(WORDINGS["issued"])


def rows(part: str) -> list[Any]:
    """The sentences of a part, as pytest parameters named by their kind."""
    return [
        pytest.param(row, kind, id=f"{kind}-{n}") for kind, own in WORDINGS[part].items() for n, row in enumerate(own)
    ]


def read(sentence: str) -> tuple[list[Task], list[Notice]]:
    """Tasks and notices of a letter of one sentence."""
    text, zones = zoned(sentence, issued=f"Lam Giang, ngày {ISSUED.day} tháng {ISSUED.month} năm {ISSUED.year}")
    sections, _ = find_sections(text, zones)
    tasks, notices = find_tasks(text, zones, sections, WORDINGS["organ"], ISSUED.replace(day=1), ISSUED)
    return with_ends(tasks, {"issued": ISSUED}), notices


@pytest.mark.parametrize(("row", "kind"), rows("due"))
def test_the_day_and_the_hour_of_a_deadline(row: list[str | None], kind: str) -> None:
    sentence, day, hour = row
    tasks, notices = read(str(sentence))
    assert [(t.due_date and t.due_date.isoformat(), t.due_time and t.due_time.isoformat()) for t in tasks] == [
        (day, hour)
    ]
    assert notices == []


@pytest.mark.parametrize(("row", "kind"), rows("none"))
def test_days_that_bind_nobody(row: str, kind: str) -> None:
    assert [task.due_date for task in read(row)[0] if task.due_date] == []


@pytest.mark.parametrize(("row", "kind"), rows("assignees"))
def test_who_must_act(row: list[str | None], kind: str) -> None:
    sentence, actor = row
    assert [task.assignee for task in read(str(sentence))[0]] == [actor]


@pytest.mark.parametrize(("row", "kind"), rows("notices"))
def test_a_deadline_that_is_not_understood_gives_a_notice(row: str, kind: str) -> None:
    tasks, notices = read(row)
    assert [notice.code for notice in notices] == ([kind] if kind else [])
    for notice in notices:
        assert notice.pointer in (None, "/tasks/0")
        assert (notice.pointer is None) == (not tasks)
    if kind == "deadline-unread":
        assert [task.due_date for task in tasks if task.due_date] == []


def test_without_the_day_of_issue_words_that_count_from_it_give_a_notice() -> None:
    text, zones = zoned("Giao Sở Y tế báo cáo chậm nhất thứ Năm tuần sau.", issued="Lam Giang, ngày … tháng 8 năm 2025")
    tasks, notices = find_tasks(text, zones, [], None, date(2025, 8, 1))
    assert [(task.assignee, task.due_date) for task in tasks] == [("Sở Y tế", None)]
    assert [notice.code for notice in notices] == ["deadline-unread"]
