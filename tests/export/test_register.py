"""The register's CSV: a row for each dispatch under the decree's names, within the decree's lengths."""

import csv
import io
from datetime import date

from typer.testing import CliRunner

from tests.conftest import SAMPLES
from vndoc.cli import app
from vndoc.dispatch import Arrival, CertifiedCopy, Dispatch, Notice, Signer, Source
from vndoc.export.register import COLUMNS, to_register

CV815 = SAMPLES / "cv815" / "text.txt"


def dispatch(**fields):
    return Dispatch(source=Source(name="x", sha256="0", media_type="text/plain", page_amount=2), **fields)


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_row_holds_what_the_dispatch_says():
    full = dispatch(
        type_name="Công văn",
        code_number="815",
        code_notation="UBND",
        issued_date=date(2024, 3, 21),
        organ_name="Ủy ban nhân dân huyện Bình Sơn",
        subject='triển khai "Kế hoạch", đợt 2',
        urgency="Hỏa tốc",
        secrecy="Mật",
        circulation="Lưu hành nội bộ",
        recipients=["Công an huyện", "Các phòng, ban"],
        signer=Signer(position="PHÓ CHỦ TỊCH", full_name="Nguyễn Văn An"),
        arrival=Arrival(number="77", date=date(2024, 3, 25)),
        due_date=date(2024, 11, 5),
    )
    text = to_register([full])
    (row,) = rows_of(text)
    assert list(row) == list(COLUMNS)
    assert {name: value for name, value in row.items() if value} == {
        "TypeName": "Công văn",
        "CodeNumber": "815",
        "CodeNotation": "UBND",
        "IssuedDate": "2024-03-21",
        "OrganName": "Ủy ban nhân dân huyện Bình Sơn",
        "Subject": 'triển khai "Kế hoạch", đợt 2',
        "Language": "Tiếng Việt",
        "PageAmount": "2",
        "Description": "Độ mật: Mật; Lưu hành nội bộ",
        "ArrivalDate": "2024-03-25",
        "ArrivalNumber": "77",
        "SignerInfo.Position": "PHÓ CHỦ TỊCH",
        "SignerInfo.FullName": "Nguyễn Văn An",
        "Priority": "3",
        "ToPlaces": "Công an huyện; Các phòng, ban",
        "DueDate": "2024-11-05",
    }
    assert text.endswith("\r\n")


def test_what_is_left_open_is_named_in_the_remarks():
    (row,) = rows_of(to_register([dispatch(type_name="Công văn", subject="x", organ_name="y", signer=Signer())]))
    assert row["CodeNumber"] == row["IssuedDate"] == ""
    assert row["Description"] == (
        "Cần xem lại: CodeNumber, CodeNotation, IssuedDate, SignerInfo.Position, SignerInfo.FullName"
    )
    assert row["Priority"] == "0"


def test_values_keep_to_the_decree_s_lengths():
    long = dispatch(subject="a" * 600, recipients=["b" * 700, "c" * 700], type_name="Thông báo")
    (row,) = rows_of(to_register([long]))
    for name, length in COLUMNS.items():
        assert length is None or len(row[name]) <= length
    assert (len(row["Subject"]), row["Subject"][-1]) == (500, "…")


def test_pages_and_signatures_to_check_are_named_in_the_remarks():
    notices = [("page-failed", "/pages/2"), ("number-missing", "/code_number"), ("signature-missing", "/signer")]
    paper = dispatch(warnings=[Notice(code=code, pointer=pointer, message="") for code, pointer in notices])
    (row,) = rows_of(to_register([paper]))
    assert row["Description"].endswith("trang 2: không đọc được trang này; không thấy chữ ký cuối văn bản")
    assert "Số: …" not in row["Description"]


def test_no_value_is_a_formula():
    (row,) = rows_of(to_register([dispatch(subject="=SUM(A1:A9)", recipients=["+84 1"])]))
    assert (row["Subject"], row["ToPlaces"]) == ("'=SUM(A1:A9)", "'+84 1")


def test_copies_and_drafts_say_so():
    paper = dispatch(certified_copy=CertifiedCopy(type_name="Bản sao y"), draft=True)
    (row,) = rows_of(to_register([paper]))
    assert row["Description"].startswith("Bản sao y; Dự thảo; Cần xem lại: TypeName")


def test_no_dispatch_gives_the_header_alone():
    assert to_register([]) == ",".join(COLUMNS) + "\r\n"


def test_on_the_command_line_every_file_has_its_row(tmp_path):
    run = CliRunner().invoke(app, ["parse", str(CV815), str(CV815), "--format", "register"])
    assert run.exit_code == 0
    first, second = rows_of(run.stdout)
    assert first == second
    assert (first["TypeName"], first["CodeNotation"], first["DueDate"]) == ("Công văn", "UBND", "2024-11-05")


def test_a_file_begins_with_the_mark_that_excel_needs(tmp_path):
    target = tmp_path / "so.csv"
    run = CliRunner().invoke(app, ["parse", str(CV815), "--format", "register", "--output", str(target)])
    assert (run.exit_code, run.stdout) == (0, "")
    data = target.read_bytes()
    assert data.startswith(b"\xef\xbb\xbfFileCode.OrganId,")
    assert data.count(b"\r\r\n") == 0
    assert len(rows_of(data.decode("utf-8-sig"))) == 1
