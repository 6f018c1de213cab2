"""The data of digitised documents after Circular 05/2025/TT-BNV: its columns, what fills them, hồ sơ and their sums."""

import csv
import io
import json
from datetime import date
from importlib import resources

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from tests.conftest import SAMPLES
from vndoc import pipeline
from vndoc.cli import app
from vndoc.dispatch import CertifiedCopy, Dispatch, Evidence, JointIssuer, Notice, Overlay, PageText, Source
from vndoc.errors import MissingFileError
from vndoc.export.luutru import DOUBTS, Place, codes, document_fields, file_code, file_fields, row_of, to_luutru
from vndoc.export.luutru_files import FileSums, write_luutru_workbook
from vndoc.export.paper import PageCount
from vndoc.parse.knowledge import load

A4 = {"layer": "none", "width": 1654, "height": 2339, "dpi": 200}


def pages(*methods, text="chữ"):
    return [PageText(number=n, text=text, method=method, **A4) for n, method in enumerate(methods, 1)]


def dispatch(*methods, media_type="application/pdf", **fields):
    source = Source(name="x", sha256="0", media_type=media_type, page_amount=len(methods) or 1)
    return Dispatch(source=source, pages=pages(*methods or ["lines"]), **fields)


FULL = {
    "type_name": "Công văn",
    "code_number": "815",
    "code_notation": "UBND",
    "issued_date": date(2024, 3, 21),
    "organ_name": "Ủy ban nhân dân huyện Bình Sơn",
    "subject": '=SUM("đợt 2")',
}


def csv_of(*rows):
    return list(csv.DictReader(io.StringIO("".join(to_luutru(rows)), newline="")))


def test_the_fields_of_the_circular():
    """Annex III, EAD_doc.xml and EAD.xml, with arcFileCode (as fileCode) and docOrdinal of annex I."""
    assert " ".join(field.name for field in document_fields() if field.clause) == (
        "fileCode docOrdinal docId docCode maintenance typeName codeNumber codeNotation issuedDate organName subject "
        "language numberOfPage inforSign keyword mode confidenceLevel autograph format process riskRecovery "
        "riskRecoveryStatus description"
    )
    assert " ".join(field.name for field in file_fields() if field.clause) == (
        "fileCode title maintenance mode language startDate endDate keyword totalDoc numberOfPaper numberOfPage format "
        "inforSign confidenceLevel paperFileCode riskRecovery riskRecoveryStatus description"
    )
    assert all(field.clause.startswith(("Phụ lục", "Điều")) for field in document_fields() if field.clause)


def test_every_record_is_used():
    data = json.loads(resources.files("vndoc.export").joinpath("data/luutru.json").read_text(encoding="utf-8"))
    known = {field.name for field in (*document_fields(), *file_fields())}
    assert set(data["codes"]) <= known
    types = {kind["name"] for kind in load("document_types")["types"]}
    assert set(codes("typeName").values()) - types == {"Bản đồ", "Bản vẽ kỹ thuật", "Khác"}


def test_what_is_known_fills_its_column():
    note = Overlay(text="Chuyển phòng VH", page=1)
    read = dispatch("lines", "lines", secrecy="Mật", draft=True, overlays=[note], **FULL)
    (row,) = csv_of(row_of(read, Place("in/G09.2010.01.TH.0000003_signed.pdf")))
    assert {heading: value for heading, value in row.items() if value not in ("", "0")} == {
        "Mã hồ sơ": "G09.2010.01.TH",
        "Số thứ tự tài liệu": "3",
        "Mã định danh tài liệu": "G09.2010.01.TH.3",
        "Mã lưu trữ của tài liệu": "G09.2010.01.TH.0000003",
        "Tên loại tài liệu": "22",
        "Số của tài liệu": "815",
        "Ký hiệu của tài liệu": "UBND",
        "Ngày, tháng, năm tài liệu": "21/03/2024",
        "Tên cơ quan, tổ chức, cá nhân ban hành": "Ủy ban nhân dân huyện Bình Sơn",
        "Trích yếu nội dung": '\'=SUM("đợt 2")',
        "Ngôn ngữ": "01",
        "Số lượng trang": "2",
        "Chế độ sử dụng": "03",
        "Mức độ tin cậy": "02",
        "Bút tích": "Chuyển phòng VH",
        "Ghi chú": "Độ mật: Mật; Dự thảo",
        "Tên loại (bằng chữ)": "Công văn",
        "Số trang A4": "2",
        "Quy đổi A4": "2",
        "Tệp tin": "in/G09.2010.01.TH.0000003_signed.pdf",
    }


def test_what_is_not_known_stays_empty():
    row = row_of(dispatch(), Place("scan.pdf"))
    empty = ("fileCode", "docOrdinal", "docId", "docCode", "typeName", "issuedDate", "mode", "maintenance", "keyword")
    assert [row.cells[name] for name in empty] == [None] * len(empty)


def test_a_doubtful_value_is_left_out_and_told():
    unsure = Evidence(confidence=0.3, page=1, candidates=[("12", 0.3)], method="handwriting")
    warnings = [Notice(code="page-failed", pointer="/pages/3", message="")]
    read = dispatch(evidence={"/code_number": unsure}, warnings=warnings)
    row = row_of(read, Place("scan.pdf"))
    assert row.doubts == {
        "codeNumber": "số: chưa chắc; có thể là 12 (30 %); trang 1",
        "description": "trang 3: không đọc được trang này",
    }
    (told,) = csv_of(row)
    assert told[DOUBTS] == " | ".join(row.doubts.values())
    assert told["Ghi chú"] == "Cần xem lại: trang 3: không đọc được trang này"


@pytest.mark.parametrize(
    ("methods", "media_type", "level"),
    [
        (["text layer", "plain text"], "application/pdf", "01"),
        (["lines", "blank", "ocr"], "application/pdf", "02"),
        (["lines", "text layer"], "application/pdf", "03"),
        (["failed"], "application/pdf", None),
        (["plain text"], "text/plain", None),
    ],
)
def test_whether_it_was_born_on_paper(methods, media_type, level):
    assert row_of(dispatch(*methods, media_type=media_type), Place("a")).cells["confidenceLevel"] == level


def test_types_and_joint_issuers_and_copies():
    bodies = [JointIssuer(organ_name="Bộ Nội vụ"), JointIssuer(organ_name="Bộ Tài chính")]
    read = dispatch(
        type_name="Thông tư liên tịch",
        organ_name="Bộ Nội vụ",
        joint_issuers=bodies,
        subject="a" * 600,
        certified_copy=CertifiedCopy(type_name="Bản sao y"),
    )
    cells = row_of(read, Place("a")).cells
    assert (cells["typeName"], cells["typeNameWords"]) == ("32", "Thông tư liên tịch")
    assert cells["organName"] == "Bộ Nội vụ - Bộ Tài chính"
    assert cells["description"] == "Bản sao y"
    assert cells["subject"] == "a" * 499 + "…"


@pytest.mark.parametrize(
    ("name", "code", "ordinal"),
    [
        ("H49.64.33.2001.160.1.pdf", "H49.64.33.2001.160", 1),
        ("H49.64.33.2001.160.pdf", "H49.64.33.2001.160", None),
        ("H05.02.02.2008.01.HC.0000001_signed.pdf", "H05.02.02.2008.01.HC", 1),
        ("001.03.08.H30.81.2024.K4.01.01.001.pdf", "001.03.08.H30.81.2024.K4.01.01", 1),
        ("000.00.00.G09.2010.01.TH.pdf", "000.00.00.G09.2010.01.TH", None),
        ("scan 2024.05.12.pdf", None, None),
        ("05.2024.12.1.pdf", None, None),
        ("Công văn 815.pdf", None, None),
        ("H49.64.pdf", None, None),
    ],
)
def test_the_name_of_a_file_tells_the_code(name, code, ordinal):
    assert file_code(f"x/{name}") == (code, ordinal)


@given(
    st.lists(st.from_regex(r"[A-Z0-9]{1,4}", fullmatch=True), max_size=3),
    st.integers(1950, 2049),
    st.from_regex(r"[0-9]{1,3}(\.[A-Z]{1,3})?", fullmatch=True),
    st.integers(1, 9_999_999),
)
def test_codes_come_back_from_names(units, year, notation, ordinal):
    code = ".".join([*units, "H49", str(year), notation])
    assert file_code(f"a/{code}.{ordinal:07d}.pdf") == (code, ordinal)
    assert file_code(f"a/{code}.pdf")[0] in (code, code.rpartition(".")[0])


def test_documents_of_a_file_are_numbered_where_it_is_a_whole_file():
    row = row_of(dispatch("lines", "lines"), Place("H49.64.33.2001.160.pdf", 2))
    assert [row.cells[name] for name in ("docOrdinal", "docCode", "pages", "numberOfPage")] == [
        2,
        "H49.64.33.2001.160.0000002",
        "1-2",
        2,
    ]
    assert row_of(dispatch(), Place("post.pdf", 2)).cells["docOrdinal"] is None


def rows():
    yield row_of(dispatch("lines", **FULL), Place("in/H49.2001.160.1.pdf"))
    yield row_of(dispatch("lines", "text layer"), Place("in/H49.2001.160.2.pdf"))
    yield row_of(dispatch("lines", **{**FULL, "issued_date": date(1850, 1, 2)}), Place("in/a/x.pdf"))
    yield row_of(dispatch("lines", **FULL), Place("in/post.pdf", 1))


def test_files_are_counted():
    sums = FileSums()
    assert len(list(sums.counting(rows()))) == 4
    assert [(own.code, own.place, own.documents, own.pages) for own in sums] == [
        ("H49.2001.160", "in", 2, 3),
        (None, "in/a", 1, 1),
        (None, "in/post.pdf", 1, 1),
    ]
    cells = next(iter(sums)).cells()
    assert (cells["startDate"].value, cells["endDate"].value) == (date(2024, 3, 21), date(2024, 3, 21))
    assert cells["startDate"].doubt == "1 tài liệu chưa rõ ngày"
    assert (cells["confidenceLevel"].value, cells["A4"].value, cells["title"].value) == ("03", 3, None)
    assert (sums.total.documents, sums.total.pages, sums.total.count.A4) == (4, 5, 5)


def test_workbook(tmp_path):
    total = write_luutru_workbook(rows(), tmp_path / "a.xlsx")
    assert total.pages == 5
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["Tài liệu", "Hồ sơ", "Danh mục mã", "Trường thông tin"]
    documents = list(book["Tài liệu"].iter_rows(min_row=3, values_only=True))
    assert documents[1][:3] == ("fileCode", "docOrdinal", "docId")
    by_name = [dict(zip(documents[1], row, strict=True)) for row in documents[2:]]
    assert [row["typeName"] for row in by_name] == ["22", None, "22", "22"]  # a text: Excel keeps its zeros
    assert by_name[0]["issuedDate"].date() == date(2024, 3, 21)
    assert by_name[2]["issuedDate"] == "02/01/1850"  # Excel has no such day
    files = list(book["Hồ sơ"].iter_rows(min_row=4, values_only=True))
    last = dict(zip(files[0], files[-1], strict=True))
    assert (last["fileCode"], last["totalDoc"], last["numberOfPage"], last["A4Equivalent"]) == ("Tổng cộng", 4, 5, 5)
    with pytest.raises(MissingFileError, match="cannot be written"):
        write_luutru_workbook(rows(), tmp_path / "none" / "a.xlsx")


def test_parse_prints_it(tmp_path):
    runner = CliRunner()
    samples = [SAMPLES / "thong-bao-312" / "text.txt", SAMPLES / "ke-hoach-58" / "text.txt"]
    result = runner.invoke(app, ["parse", "--format", "luutru", *map(str, samples)])
    assert result.exit_code == 0
    found = list(csv.DictReader(io.StringIO(result.stdout)))
    assert [row["Tên loại (bằng chữ)"] for row in found] == ["Thông báo", "Kế hoạch"]
    assert "2 documents" in result.stderr
    target = tmp_path / "a.csv"
    assert runner.invoke(app, ["parse", "--format", "luutru", str(samples[0]), "--output", str(target)]).exit_code == 0
    assert target.read_bytes().startswith("\ufeffMã hồ sơ,".encode())


def test_the_pages_of_a_file_have_their_size():
    count = PageCount.of(pipeline.parse(SAMPLES / "chi-thi-06" / "digital.pdf").pages)
    assert count == PageCount(A4=2, a4_equivalent=2)
