"""Tables of tasks: who does what, with whom and by when, a row each."""

from datetime import date

import pytest

from tests.parse.tables.pages_of_tables import page, table
from tests.parse.tables.test_reading import FOOT, HEAD
from vndoc.parse import parse_pages
from vndoc.parse.knowledge import load
from vndoc.parse.tasks.rows import _kind

TITLES = ("STT", "Nhiệm vụ", "Đơn vị chủ trì", "Đơn vị phối hợp", "Thời hạn")


def tasks(*rows, titles=TITLES):
    found = parse_pages([page(1, HEAD, table(titles, *rows), FOOT)])
    return [task for task in found.tasks if task.section == "II"], found


def test_a_row_is_a_task():
    row = ("1", "Rà soát thủ tục\nhành chính", "Phòng Tổ chức", "Phòng Tài chính, Thanh tra Sở", "Trước ngày 30/6/2025")
    (task,), found = tasks(row)
    assert (task.text, task.assignee) == ("Rà soát thủ tục hành chính", "Phòng Tổ chức")
    assert task.coordinators == ["Phòng Tài chính", "Thanh tra Sở"]
    assert task.due_date == found.due_date == date(2025, 6, 30)
    assert found.text[task.start : task.end].split() == " ".join(row).split()
    assert found.evidence["/tasks/0"].confidence > 0.5


@pytest.mark.parametrize(
    ("when", "due", "recurrence"),
    [
        ("30/6/2025", date(2025, 6, 30), None),
        ("Tháng 9/2025", date(2025, 9, 30), None),
        ("Quý III/2025", date(2025, 9, 30), None),
        ("Tháng 4", date(2025, 4, 30), None),
        ("10/4 - 09/7/2025", date(2025, 7, 9), None),
        ("Từ ngày 10/4/2025 đến ngày 09/7/2025", date(2025, 7, 9), None),
        ("15-20/6/2025", date(2025, 6, 20), None),
        ("6/2025", date(2025, 6, 30), None),
        ("2026", date(2026, 12, 31), None),
        ("2025 - 2030", date(2030, 12, 31), None),
        ("Hằng quý", None, "Hằng quý"),
        ("Thường xuyên", None, None),
        ("", None, None),
    ],
)
def test_deadlines_of_cells(when, due, recurrence):
    (task,), _ = tasks(("1", "Báo cáo kết quả", "Văn phòng Sở", "", when))
    assert (task.due_date, task.recurrence) == (due, recurrence)


def test_a_cell_over_several_rows_counts_for_each():
    found, _ = tasks(("1", "Tập huấn", "Văn phòng Sở", "", "Quý II/2025"), ("2", "Tổng kết", "^", "", "^"))
    assert [(task.assignee, task.due_date) for task in found] == [("Văn phòng Sở", date(2025, 6, 30))] * 2


def test_the_heading_of_a_group_is_no_task_and_may_name_who_acts():
    rows = (("Phòng Tổ chức", "<", "<"), ("1", "Rà soát văn bản", "30/6/2025"))
    found, _ = tasks(*rows, titles=("STT", "Nhiệm vụ", "Thời hạn hoàn thành"))
    assert [(task.assignee, task.text) for task in found] == [("Phòng Tổ chức", "Rà soát văn bản")]


def test_headings_of_two_rows_tell_who_leads_and_who_helps():
    titles = ("TT", "Nội dung công việc", "Cơ quan thực hiện", "<")
    found, _ = tasks(("^", "^", "Chủ trì", "Phối hợp"), ("1", "Rà soát", "Sở Y tế", "Sở Tài chính"), titles=titles)
    assert [(task.assignee, task.coordinators) for task in found] == [("Sở Y tế", ["Sở Tài chính"])]


def test_a_deadline_that_is_no_day_is_told():
    _, found = tasks(("1", "Rà soát", "Văn phòng Sở", "", "31/6/2025"))
    (notice,) = [one for one in found.warnings if one.code == "deadline-impossible"]
    assert notice.pointer == "/tasks/0"


@pytest.mark.parametrize(
    "titles",
    [
        ("STT", "Tên thiết bị", "Số lượng"),
        ("Thời gian", "Nội dung", "Ghi chú"),
        ("TT", "Nội dung", "Số tiền"),
        ("TT", "Nội dung chi", "Đơn vị thực hiện"),
        ("TT", "Nội dung vi phạm", "Trách nhiệm"),
    ],
)
def test_other_tables_lay_no_tasks_on_anybody(titles):
    assert tasks(("1", "Máy in 05/6/2025", "2"), titles=titles)[0] == []


@pytest.mark.parametrize(
    "outcome", ["Đã hoàn thành ngày 30/4/2024", "Hoàn thành", "Hoàn thành 100%", "Đã ban hành\nvăn bản"]
)
def test_what_is_done_is_laid_on_nobody(outcome):
    titles = ("STT", "Nhiệm vụ", "Đơn vị thực hiện", "Kết quả")
    rows = (("1", "Rà soát", "Sở Y tế", outcome), ("2", "Tập huấn", "Sở Nội vụ", "Chưa thực hiện"))
    assert [task.text for task in tasks(*rows, titles=titles)[0]] == ["Tập huấn"]


def test_the_programme_of_a_day_lays_no_tasks_on_anybody():
    titles = ("Thời gian", "Nội dung", "Người thực hiện")
    rows = (("8h00", "Đón tiếp đại biểu", "Ban Tổ chức"), ("8h30 - 9h15", "Khai mạc", "Văn phòng Sở"))
    assert tasks(*rows, titles=titles)[0] == []


@pytest.mark.parametrize("sign", ["-nt-", "nt", '"', "Như trên"])
def test_a_sign_for_the_same_again_stands_for_the_cell_above(sign):
    rows = (("1", "Rà soát", "Sở Y tế", "", "30/6/2025"), *[(str(k), "Báo cáo", sign, "", sign) for k in (2, 3)])
    found, _ = tasks(*rows)
    assert [(task.assignee, task.due_date) for task in found] == [("Sở Y tế", date(2025, 6, 30))] * 3


@pytest.mark.parametrize(("record", "example"), [(r, e) for r in load("duties")["columns"] for e in r["examples"]])
def test_every_kind_of_column_reads_its_examples(record, example):
    assert _kind(example) == record["column"]
