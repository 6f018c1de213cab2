"""Duties and deadlines: passages, and what must hold for any body."""

from datetime import date, time, timedelta
from time import process_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.parse.passages import PASSAGES, with_key, zoned, zoned_passage
from vndoc.dispatch import Task
from vndoc.parse.fold import fold
from vndoc.parse.knowledge import load
from vndoc.parse.outline.sections import find_sections
from vndoc.parse.tasks.duties import earliest, find_tasks, reference_day
from vndoc.parse.tasks.terms import event_days, with_ends

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
    return find_tasks(text, zones, sections, organ)[0]


def day(passage: dict[str, Any], key: str) -> date | None:
    return date.fromisoformat(passage[key]) if key in passage else None


@pytest.mark.parametrize("passage", with_key("tasks"))
def test_passages(passage: dict[str, Any]) -> None:
    text, zones = zoned_passage(passage)
    days = event_days(text, day(passage, "issued_date"), day(passage, "arrived"))
    found = [task.model_dump(mode="json") for task in with_ends(tasks_of(text, zones), days)]
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


@pytest.mark.parametrize("example", [e for r in load("deadlines")["period_due"] for e in r["examples"]])
def test_every_form_before_a_period_reads_its_examples(example: str) -> None:
    (task,) = tasks_of(*zoned(f"Giao Sở Y tế chủ trì, {example}."))
    assert task.due_date
    assert task.due_date.year == 2025


@pytest.mark.parametrize(("role", "example"), [(r["role"], e) for r in load("duties")["roles"] for e in r["examples"]])
def test_every_line_of_a_plan_reads_its_examples(role: str, example: str) -> None:
    lines = {"leads": "Đơn vị chủ trì: Sở Y tế", "helps": "Phối hợp: Sở Nội vụ", "time": "Thời gian: tháng 9/2025"}
    lines[role] = example + lines[role][lines[role].index(":") :]
    (task,) = tasks_of(
        *zoned("Khám sức khỏe cho người cao tuổi\n" + "\n".join(f"- {line}." for line in lines.values()))
    )
    assert (task.text, task.assignee) == ("Khám sức khỏe cho người cao tuổi", "Sở Y tế")
    assert (task.coordinators, task.due_date) == (["Sở Nội vụ"], date(2025, 9, 30))


def test_lines_of_a_plan_complete_the_duty_before_them() -> None:
    (task,) = tasks_of(*zoned("Giao Sở Y tế kiểm tra các xã.\n- Thời gian hoàn thành: trước ngày 15/9/2025."))
    assert (task.assignee, task.due_date, task.text) == ("Sở Y tế", date(2025, 9, 15), "Giao Sở Y tế kiểm tra các xã.")
    assert tasks_of(*zoned("Nội dung\n- Phối hợp: Sở Nội vụ.\n- Thời gian: 08 giờ ngày 15/9/2025.")) == []
    (bare,) = tasks_of(*zoned("- Đơn vị chủ trì: Sở Y tế."))
    assert bare.assignee == "Sở Y tế"


def test_the_first_day_is_that_of_the_dispatch() -> None:
    body = "Giao Sở Y tế báo cáo trước ngày 20/12/2024.\nGiao Sở Nội vụ báo cáo trước ngày 05/12/2024."
    assert earliest(tasks_of(*zoned(body))) == date(2024, 12, 5)
    assert earliest([]) is None


def test_the_reference_day_is_an_argument() -> None:
    text, zones = zoned("Giao Sở Y tế hoàn thành trong tháng 6.", issued="X, ngày 04 tháng 02 năm 2024")
    assert earliest(find_tasks(text, zones, [], None)[0]) == date(2024, 6, 30)
    assert earliest(find_tasks(text, zones, [], None, date(2030, 7, 1))[0]) == date(2031, 6, 30)


@pytest.mark.parametrize("example", [e for r in load("recurrence")["recurring"] for e in r["examples"]])
def test_every_form_of_recurrence_reads_its_examples(example: str) -> None:
    (task,) = tasks_of(*zoned(f"Giao Sở Y tế kiểm tra, {example}, khi có yêu cầu."))
    assert task.recurrence
    assert task.recurrence in example


def test_what_the_issuer_says_of_itself_is_no_task() -> None:
    text, zones = zoned("UBND tỉnh thông báo để các đơn vị biết.\nYêu cầu các đơn vị báo cáo kết quả về Sở.")
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


ACTORS = ["Sở Nội vụ", "Công an tỉnh", "Chủ tịch UBND các xã, phường", "Ban Quản lý dự án", "các sở, ban, ngành"]
HELPERS = ["Sở Tài chính", "Sở Tư pháp", "Văn phòng UBND tỉnh", "Thanh tra tỉnh"]
DUTIES = ["rà soát các thủ tục hành chính", "kiểm tra an toàn thực phẩm", "tham mưu việc sắp xếp trụ sở"]
DUE_DAYS = st.dates(date(2025, 4, 1), date(2027, 12, 31))


@st.composite
def duties(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A sentence that lays a duty on somebody, and what should be read from it."""
    actor, duty = draw(st.sampled_from(ACTORS)), draw(st.sampled_from(DUTIES))
    helpers = draw(st.lists(st.sampled_from(HELPERS), max_size=3, unique=True))
    due = draw(DUE_DAYS)
    end = date(due.year + due.month // 12, due.month % 12 + 1, 1) - timedelta(days=1)
    words, when, clock = draw(
        st.sampled_from(
            [
                (f"trước ngày {due:%d/%m/%Y}", due, None),
                (f"chậm nhất là ngày {due.day} tháng {due.month} năm {due.year}", due, None),
                (f"trước 16h30 ngày {due.day}/{due.month}/{due.year}", due, time(16, 30)),
                (f"đến hết ngày {due.day}/{due.month}/{due.year}", due, None),
                (f"hoàn thành trong tháng {due.month}/{due.year}", end, None),
                (f"hoàn thành trong quý IV/{due.year}", date(due.year, 12, 31), None),
                (f"hoàn thành trong năm {due.year}", date(due.year, 12, 31), None),
                ("khi có yêu cầu", None, None),
            ]
        )
    )
    organ = draw(st.sampled_from(["UBND tỉnh", "Bộ Nội vụ", None]))
    lead = f"chủ trì, phối hợp với {', '.join(helpers)} {duty}" if helpers else f"chủ trì {duty}"
    report = f"báo cáo {organ} {words}" if organ else f"{duty.split()[0]} xong, {words}"
    wanted = {"assignee": actor, "coordinators": helpers, "due_date": when, "due_time": clock, "report_to": organ}
    return f"{draw(st.sampled_from(['Giao', 'Yêu cầu', 'Đề nghị']))} {actor} {lead}; {report}.", wanted


@settings(max_examples=80)
@given(duties())
def test_duties_written_out_read_back_equal(duty: tuple[str, dict[str, Any]]) -> None:
    text, wanted = duty
    (task,) = tasks_of(*zoned(text, issued="Lam Giang, ngày 05 tháng 3 năm 2025"))
    assert {key: getattr(task, key) for key in wanted} == wanted


@settings(max_examples=60)
@given(st.text(max_size=300) | st.lists(st.sampled_from([p["body"] for p in PASSAGES]), max_size=3).map("\n".join))
def test_any_body_is_read_without_failing(body: str) -> None:
    text, zones = zoned(body)
    for task in tasks_of(text, zones):
        assert 0 <= task.start < task.end <= len(text)


@pytest.mark.parametrize("unit", UNITS)
def test_time_grows_with_the_length_only(unit: str) -> None:
    text, zones = zoned(unit * (60_000 // len(unit)))
    start = process_time()
    tasks_of(text, zones)
    assert process_time() - start < 10
