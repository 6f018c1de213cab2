"""What is taken out: the register in its forms, the calendar, the statistics."""

import csv
import io
import json
import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest
from icalendar import Calendar

from vndoc.archive import Filters
from vndoc.archive.calendar import to_ics
from vndoc.archive.duties import to_csv as duties_csv
from vndoc.archive.events import causes
from vndoc.archive.jobs import Category, Failure, Outcome
from vndoc.archive.register import COLUMNS, DOUBTS, row_of, to_csv, to_jsonl
from vndoc.archive.stats import Stats, _without_gaps, to_html
from vndoc.archive.workbook import write_workbook
from vndoc.dispatch import Dispatch, Evidence, Notice, Source
from vndoc.errors import MissingFileError
from vndoc.export.cells import plain
from vndoc.export.doubts import FIELD_NAMES

NOW = datetime(2025, 1, 2, 3, 4, tzinfo=UTC)


def test_the_register_has_the_decrees_columns_in_its_order():
    assert list(COLUMNS.values()) == [
        "Ngày đến",
        "Số đến",
        "Tác giả",
        "Số, ký hiệu văn bản",
        "Ngày tháng văn bản",
        "Tên loại và trích yếu nội dung văn bản",
        "Đơn vị hoặc người nhận",
        "Ngày chuyển",
        "Ký nhận",
        "Ghi chú",
    ]


def test_rows_in_the_order_of_arrival(filled):
    rows = list(filled.register())
    assert [row.code for row in rows] == ["254-KH/TU", "815/UBND", "…/KH-UBND"]
    assert rows[1].author == "Ủy ban nhân dân huyện Bình Sơn - Huyện ủy Bình Sơn"
    assert rows[1].recipient == "Công an huyện; Các phòng, ban thuộc huyện"
    assert rows[1].remarks == "Độ khẩn: Hỏa tốc; Lưu hành nội bộ; Bản sao y; Dự thảo; 1 trang"
    assert rows[0].remarks == "Thời hạn: 05/11/2024; 2 trang"
    assert rows[0].doubts == {}
    assert rows[1].doubts == {
        "issued_date": "ngày ban hành: chưa chắc; có thể là 21/03/2024 (50 %) hoặc 27/03/2024 (40 %); trang 1; "
        "đọc được: “2/”"
    }
    assert [row.code for row in filled.register(Filters(organ="uy ban nhan dan"))] == ["815/UBND", "…/KH-UBND"]


def noticed(*notices, **fields):
    source = Source(name="a", sha256="0", media_type="application/pdf", page_amount=5)
    warnings = [Notice(code=code, pointer=pointer, message=code) for code, pointer in notices]
    return row_of(1, Dispatch(source=source, warnings=warnings, **fields), ["/in/a.pdf"])


def test_a_notice_marks_its_cell_or_the_remarks():
    row = noticed(
        ("page-doubtful", "/pages/2"),
        ("page-failed", "/pages/3"),
        ("page-doubtful", "/pages/5"),
        ("number-missing", "/code_number"),
        ("arrival-unsure", "/arrival"),
        ("signature-missing", "/signer"),
    )
    reasons = [
        "trang 2, 5: trang này đọc chưa chắc",
        "trang 3: không đọc được trang này",
        "không thấy chữ ký cuối văn bản",
    ]
    assert row.remarks == f"Cần xem lại: {'; '.join(reasons)}; 5 trang"
    assert row.doubts == {
        "remarks": "\n".join(reasons),
        "code": "không thấy dòng “Số: …”",
        "arrival_number": "dấu đến viết tay, cần xem lại",
    }


def test_what_a_register_holds_nothing_of_marks_no_row():
    row = noticed(("label-repaired", "/sections/1"), ("annex-left-out", "/annexes"), ("draft", "/draft"))
    assert (row.doubts, row.remarks) == ({}, "5 trang")


def test_a_cell_with_candidates_says_nothing_less_exact():
    unsure = Evidence(confidence=0.3, page=1, candidates=[("12", 0.3)], method="handwriting")
    row = noticed(("number-unsure", "/code_number"), evidence={"/code_number": unsure})
    assert row.doubts == {"code": "số: chưa chắc; có thể là 12 (30 %); trang 1"}


def test_marks_in_all_forms_of_the_register(tmp_path):
    row = noticed(("page-failed", "/pages/3"))
    words = "trang 3: không đọc được trang này"
    assert next(csv.DictReader(io.StringIO(to_csv([row]))))[DOUBTS] == words
    assert json.loads(to_jsonl([row]))["doubts"] == {"remarks": words}
    write_workbook([row], tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert words in sheet["J5"].comment.text
    assert sheet["J5"].fill.start_color.rgb != sheet["A5"].fill.start_color.rgb


def test_one_letter_scanned_twice_is_reported(archive, tmp_path, here):
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("a", "a again", "b", "c"):
        (folder / name).with_suffix(".txt").write_text(name)

    def work(job):
        source = Source(name="x", sha256=job.sha256, media_type="text/plain", page_amount=1)
        name = Path(job.path).stem
        fields = {"code_number": "530", "code_notation": "SNV-VTLT", "organ_name": "Sở Nội vụ"} if name != "c" else {}
        day = date(2025, 8, 15 if name == "b" else 14)
        return Outcome(job, Dispatch(source=source, issued_date=day, **fields).model_dump_json())

    archive.batch([folder], executor=here(work))
    marked = {Path(row.path).stem: row.doubts for row in archive.register()}
    twice = {"remarks": "cùng số, ký hiệu, ngày và cơ quan với 1 văn bản khác, có thể vào sổ hai lần"}
    assert marked == {"a": twice, "a again": twice, "b": {}, "c": {}}


def test_duplicates_are_named_in_the_remarks(archive, folder, here):
    archive.batch([folder], executor=here())
    assert [row.remarks for row in archive.register()].count("1 trang; 2 bản giống hệt nhau") == 1


def test_register_as_csv(filled):
    rows = list(csv.reader(io.StringIO(to_csv(filled.register()))))
    assert rows[0] == [*COLUMNS.values(), DOUBTS]
    assert rows[1][4] == "19/01/2024"
    assert rows[2][:2] == ["25/03/2024", "77"]
    assert rows[2][10].startswith("ngày ban hành: chưa chắc")
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)


@pytest.mark.parametrize("text", ["=1+1", "+84", "-x", "@sum", "\tx"])
def test_formulas_become_words(text):
    assert plain(text) == f"'{text}"
    assert plain(None) == ""
    assert plain(12) == "12"


def test_register_as_json_lines(filled):
    objects = [json.loads(line) for line in to_jsonl(filled.register()).splitlines()]
    assert [o["issued_date"] for o in objects] == ["2024-01-19", None, "2025-02-03"]
    assert set(COLUMNS) < set(objects[0])
    assert objects[2]["doubts"].keys() == {"code"}


def test_register_as_a_workbook(filled, tmp_path):
    path = tmp_path / "sổ.xlsx"
    assert write_workbook(filled.register(), path) == 3
    sheet = openpyxl.load_workbook(path)["Văn bản đến"]
    assert [cell.value for cell in sheet[3]] == list(COLUMNS.values())
    assert [cell.value for cell in sheet[4]] == [f"({k})" for k in range(1, 11)]
    assert sheet["E5"].value.date() == date(2024, 1, 19)
    assert sheet["E5"].number_format == "dd/mm/yyyy"
    assert sheet["F6"].value == 'Công văn =HYPERLINK("x") đối ngoại'
    assert "21/03/2024 (50 %)" in sheet["E6"].comment.text
    assert sheet["E6"].fill.start_color.rgb != sheet["E5"].fill.start_color.rgb
    assert sheet["E5"].comment is None
    assert sheet.freeze_panes == "A5"
    assert sheet.auto_filter.ref == "A4:J7"
    assert sheet.print_title_rows == "$3:$4"


def test_a_workbook_without_documents_or_without_a_place(archive, tmp_path):
    assert write_workbook(archive.register(), tmp_path / "a.xlsx") == 0
    with pytest.raises(MissingFileError, match="cannot be written"):
        write_workbook([], tmp_path / "no folder" / "a.xlsx")


def test_duties_by_their_day(filled):
    duties = list(filled.tasks())
    assert [duty.due_date for duty in duties] == [date(2024, 11, 5), None, None]
    assert [d.assignee for d in filled.tasks(assignee="so thong tin")] == ["Sở Thông tin và Truyền thông"]
    assert len(list(filled.tasks(due_before=date(2024, 11, 5)))) == 1
    assert list(filled.tasks(due_before=date(2024, 11, 4))) == []
    assert list(filled.tasks(due_after=date(2024, 11, 6))) == []
    rows = list(csv.DictReader(io.StringIO(duties_csv(duties))))
    assert (rows[0]["due_date"], rows[0]["code"], rows[0]["section"]) == ("2024-11-05", "254-KH/TU", "1.a")
    assert rows[1]["recurrence_rules"] == "FREQ=MONTHLY;BYMONTHDAY=20"


def test_the_calendar_has_days_and_series(filled):
    calendar = Calendar.from_ical(to_ics(filled.tasks()))
    once, monthly = calendar.walk("VEVENT")
    assert once["dtstart"].dt == date(2024, 11, 5)
    assert once["summary"] == "Sở Thông tin và Truyền thông: Báo cáo kết quả trước ngày 05/11/2024."
    assert "254-KH/TU ngày 19/01/2024" in once["description"]
    assert monthly["dtstart"].dt == date(2024, 1, 20)
    assert monthly["rrule"].to_ical() == b"FREQ=MONTHLY;BYMONTHDAY=20"


def test_the_calendar_is_the_same_each_time(filled):
    assert to_ics(filled.tasks()) == to_ics(filled.tasks())


def failed(folder, archive, here):
    (folder / "hỏng.txt").write_text("hỏng", encoding="utf-8")

    def broken(job):
        return Outcome(job, failure=Failure(Category.CRASH, "<b>x</b>"))

    archive.batch([folder], executor=here(broken))


def test_figures(filled, tmp_path, here):
    folder = tmp_path / "more"
    folder.mkdir()
    failed(folder, filled, here)
    found = filled.stats()
    assert found.states == {"done": 3, "failed": 1}
    assert (found.files, found.duplicates, found.pages) == (4, 0, 4)
    assert found.by_type == {"Kế hoạch": 2, "Công văn": 1}
    assert found.doubtful == {"/code_number": (1, 3), "/issued_date": (1, 3)}
    assert found.failures == {"crash": 1}
    assert list(found.by_month)[:2] == ["2024-01", "2024-02"]
    assert len(found.by_month) == 14


def test_months_have_no_gaps():
    assert _without_gaps({}) == {}
    assert _without_gaps({"2024-11": 1, "2025-02": 2}) == {"2024-11": 1, "2024-12": 0, "2025-01": 0, "2025-02": 2}


class Checked(HTMLParser):
    """Every tag is closed in its order; what it asks the network for."""

    def __init__(self, text):
        super().__init__()
        self.open, self.links = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.links += [v for k, v in attrs if k in ("src", "href")]
        if tag not in ("meta", "rect", "line"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in ("rect", "line"):
            assert self.open.pop() == tag


def test_the_page_is_whole_and_self_contained(filled, tmp_path, here):
    folder = tmp_path / "more"
    folder.mkdir()
    failed(folder, filled, here)
    page = to_html(filled.stats(), "<kho>", NOW)
    checked = Checked(page)
    assert checked.open == []
    assert checked.links == []
    assert "&lt;kho&gt;" in page
    assert "<title>Kế hoạch</title>" in page
    assert "33,3 %" in page
    assert "Tiến trình bị dừng" in page
    assert "lập ngày 02/01/2025 03:04" in page


def test_the_page_of_an_empty_archive_and_of_a_large_one(archive):
    Checked(to_html(archive.stats(), "trống", NOW))
    months = {f"{y}-{m:02d}": y for y in range(2000, 2020) for m in range(1, 13)}
    organs = {None: 3, **{f"Cơ quan {k}": 100 - k for k in range(40)}}
    large = Stats({"done": 9}, 9, 0, 9, 1.0, {}, organs, months, {}, {}, None, None)
    page = to_html(large, "lớn", NOW)
    Checked(page)
    assert "25 giá trị khác: 1.825" in page
    assert "chưa xác định: 3." in page
    assert ">2018<" in page


def test_every_cause_and_every_field_has_its_words():
    assert set(causes()) == set(Category)
    assert all(set(about) == {"title", "vietnamese", "advice"} for about in causes().values())
    assert all(re.fullmatch(r"[^A-Z]+ ?(\(Kính gửi\))?", name) for name in FIELD_NAMES.values())
