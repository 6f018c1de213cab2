"""The Word file as python-docx sees it: the decree's form, comments on doubt, tables, annexes, properties."""

import io
import zipfile
from datetime import date

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from typer.testing import CliRunner

import vndoc
from tests.conftest import SAMPLES
from tests.export.docx.made import again, letter, made, opened, values
from vndoc.cli import app
from vndoc.dispatch import (
    Annex,
    Arrival,
    Evidence,
    Overlay,
    PageText,
    Section,
    Table,
    TableCell,
    TableRow,
)
from vndoc.export.docx import to_docx
from vndoc.page import Block, Line, Page, Word, page_from_text


def styled(word, style):
    return [paragraph.text for paragraph in word.paragraphs if paragraph.style.name == style]


def comments(word):
    return {comment.text for comment in word.comments}


def commented(word):
    """The words that comments stand on, by their comments."""
    found = {}
    bodies = [word, *(cell for table in word.tables for row in table.rows for cell in row.cells)]
    for paragraph in (paragraph for body in bodies for paragraph in body.paragraphs):
        for start in paragraph._p.iter(qn("w:commentRangeStart")):
            run = start.getnext()
            text = "".join(piece.text or "" for piece in run.iter(qn("w:t")))
            found[word.comments.get(int(start.get(qn("w:id")))).text] = text
    return found


def test_page_margins_sizes_and_fonts_are_the_decrees():
    word = opened(letter("1. Một.\n2. Hai."))
    section = word.sections[0]
    assert (section.page_width, section.page_height) == (Mm(210), Mm(297)) or abs(section.page_width - Mm(210)) < Mm(1)
    assert (round(section.top_margin.mm), round(section.bottom_margin.mm)) == (20, 20)
    assert (round(section.left_margin.mm), round(section.right_margin.mm)) == (30, 15)
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header.paragraphs[0]._p.xml
    sizes = {name: word.styles[name].font.size for name in ("Quốc hiệu", "Tiêu ngữ", "Số, ký hiệu", "Nơi nhận")}
    assert sizes == {"Quốc hiệu": Pt(13), "Tiêu ngữ": Pt(14), "Số, ký hiệu": Pt(13), "Nơi nhận": Pt(11)}
    assert "Times New Roman" in word.styles.element.xml
    assert round(word.styles["Body Text"].paragraph_format.first_line_indent.cm, 2) == 1.27


def test_the_size_of_the_body_is_that_of_the_page():
    words = tuple(Word(word) for word in ("Kính", "gửi"))
    small = Page(1, (Block((Line(words, 100, 13.1 / 72 * 300),)),), 2480, 3508, 300)
    sizes = [opened(made(), pages).styles["Tiêu ngữ"].font.size for pages in ([small], [])]
    assert sizes == [Pt(13), Pt(14)]


def test_letterhead_title_and_signature():
    word = opened(letter("1. Một.\n2. Hai."))
    head, foot = word.tables
    (issuer, title), (number, place) = ([cell.text for cell in row.cells] for row in head.rows)
    assert issuer.split() == ["ỦY", "BAN", "NHÂN", "DÂN", "HUYỆN", "VẠN", "AN"]
    assert title.strip() == "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"
    assert (number, place) == ("Số: 15/KH-UBND", "Vạn An, ngày 05 tháng 6 năm 2024")
    assert styled(word, "Title") == ["KẾ HOẠCH"]
    assert styled(word, "Subtitle") == ["Triển khai số hóa tài liệu lưu trữ năm 2024"]
    left, right = foot.rows[0].cells
    assert left.text == "Nơi nhận:\n- Sở Nội vụ;\n- Lưu: VT, NV."
    assert right.text.split("\n")[:2] + right.text.split("\n")[-1:] == [
        "TM. ỦY BAN NHÂN DÂN",
        "CHỦ TỊCH",
        "Đỗ Minh Khải",
    ]


def test_marks_stand_in_frames_below_the_number():
    word = opened(
        made(code_number="7", code_notation="UBND", urgency="Hỏa tốc", secrecy="Mật", draft=True, subject="x")
    )
    assert word.tables[0].rows[1].cells[0].text.split("\n") == ["Số: 7/UBND", "V/v x", "MẬT", "HỎA TỐC", "DỰ THẢO"]


def test_titled_units_are_headings_and_sentences_are_none():
    points = "a) Việc thứ nhất.\nb) Việc thứ hai."
    word = opened(letter(f"I. MỤC ĐÍCH\n1. Yêu cầu chung\n{points}\n2. Sở Y tế: Chủ trì.\nII. TỔ CHỨC\n1. Nộp."))
    headings = [(p.style.name, p.text) for p in word.paragraphs if p.style.name.startswith("Heading")]
    assert headings == [("Heading 1", "MỤC ĐÍCH"), ("Heading 2", "Yêu cầu chung"), ("Heading 1", "TỔ CHỨC")]
    run_in = next(p for p in word.paragraphs if p.text.startswith("Sở Y tế"))
    assert [(run.text, run.bold) for run in run_in.runs] == [("Sở Y tế", True), (": ", True), ("Chủ trì.", None)]


def test_a_doubtful_field_has_its_candidates_beside_it():
    doubt = Evidence(confidence=0.4, candidates=[("2024-06-05", 0.4), ("2024-06-06", 0.3)], raw="0S", method="slot")
    seen = Evidence(confidence=0.7, candidates=[], method="rule")
    word = opened(made(subject="về tết", evidence={"/issued_date": doubt, "/subject": seen, "/place": seen}))
    assert commented(word) == {
        "Ngày ban hành: không đọc được; có thể là “05/06/2024” (40 %), “06/06/2024” (30 %); đọc được: “0S”": (
            "ngày … tháng … năm …"
        ),
        "Trích yếu: chưa chắc (70 %)": "về tết",
        "Địa danh: không đọc được": "……",
    }
    assert {comment.author for comment in word.comments} == {"vndoc"}


def test_doubtful_words_have_what_else_they_may_be():
    page = page_from_text("Giao Sở Y tế chủ trì, Sở Y tê phối hợp.\n2\nBáo cáo trước ngày 05.")
    doubtful = Word("tê", confidence=0.55, alternatives=(("tế", 0.4), ("tê", 0.3)))
    lines = [
        Line(tuple(doubtful if word.text == "tê" else word for word in line.words)) for line in page.blocks[0].lines
    ]
    page = Page(1, (Block(tuple(lines)),))
    whole = "Giao Sở Y tế chủ trì, Sở Y tê phối hợp. Báo cáo trước ngày 05."
    word = opened(made(text=page.text, opening=[whole]), [page])
    paragraph = next(p for p in word.paragraphs if p.text.startswith("Giao"))
    assert paragraph.text == whole
    assert commented(word) == {"Chữ đọc chưa chắc (55 %); có thể là “tế” (40 %)": "tê"}
    assert paragraph.text.index("tê phối") == sum(len(run.text) for run in paragraph.runs[:1])


def test_what_was_put_on_the_paper_later_is_told_in_comments_only():
    word = opened(
        made(
            code_number="7",
            opening=["Mở đầu."],
            arrival=Arrival(number="88", date=date(2024, 6, 7)),
            overlays=[Overlay(text="Giao anh Nam", page=1)],
        )
    )
    assert comments(word) == {"Dấu đến: số 88, ngày 07/06/2024", "Ghi trên trang 1: Giao anh Nam"}
    assert "Giao anh" not in "".join(p.text for p in word.paragraphs)


def cell(column, text="", rows=1, columns=1):
    return TableCell(column=column, text=text, row_span=rows, column_span=columns, page=1, start=0, end=0)


def test_tables_have_merged_cells_and_a_head_on_every_page():
    rows = [
        [cell(0, "TT", rows=2), cell(1, "Kinh phí", columns=2)],
        [cell(1, "Tỉnh"), cell(2, "Huyện")],
        [cell(0, "1"), cell(1, "12"), cell(2, "- Xe\n- Nhà")],
    ]
    table = Table(page=1, columns=3, header_rows=2, rows=[TableRow(cells=row) for row in rows])
    word = opened(made(tables=[table]))
    found = word.tables[1]
    texts = [[place.text for place in row.cells] for row in found.rows]
    assert texts == [["TT", "Kinh phí", "Kinh phí"], ["TT", "Tỉnh", "Huyện"], ["1", "12", "- Xe\n- Nhà"]]
    assert [row._tr.find(f".//{qn('w:tblHeader')}") is not None for row in found.rows] == [True, True, False]
    assert all(row._tr.find(f".//{qn('w:cantSplit')}") is not None for row in found.rows)
    assert found.style.name == "Table Grid"
    unruled = opened(made(tables=[table.model_copy(update={"ruled": False})])).tables[1]
    assert unruled.style.name == "Normal Table"


def test_a_table_of_a_word_file_comes_back_with_its_words_and_spans():
    source = Document()
    source.add_paragraph("1. Sở Y tế thực hiện các nhiệm vụ trong bảng sau.")
    grid = source.add_table(3, 3, "Table Grid")
    texts = ("TT", "Nhiệm vụ", "Thời hạn", "1", "Mua xe cứu thương", "15/7/2024", "2", "Sửa nhà", "20/8/2024")
    for place, text in zip((place for row in grid.rows for place in row.cells), texts, strict=True):
        place.text = text
    grid.cell(1, 2).merge(grid.cell(2, 2))
    source.add_paragraph("2. Sở Nội vụ theo dõi.")
    file = io.BytesIO()
    source.save(file)
    dispatch = vndoc.parse(file.getvalue())
    assert [len(table.rows) for table in dispatch.tables] == [3]
    assert values(again(dispatch)) == values(dispatch)


def test_what_names_a_table_and_is_no_sentence_is_a_heading():
    table = Table(page=1, columns=2, rows=[TableRow(cells=[cell(0, "TT"), cell(1, "Việc")])])
    unit = Section(label="6", style="khoan", text="Tiến độ thực hiện", start=0)
    sentence = unit.model_copy(update={"text": "Thực hiện theo bảng."})
    styles = [
        next(p.style.name for p in opened(made(sections=[section], tables=[table])).paragraphs if "hực hiện" in p.text)
        for section in (unit, sentence)
    ]
    assert styles == ["Heading 1", "Body Text"]


def test_annexes_begin_pages_that_are_numbered_anew_and_lie_as_they_did():
    text = "Thân.\n\nPhụ lục I\nDANH MỤC\n(Kèm theo Kế hoạch số 15/KH-UBND)\nMột dòng."
    pages = [
        PageText(number=1, text="Thân.", layer="none", method="ocr", width=2480, height=3508),
        PageText(number=2, text=text[7:], layer="none", method="ocr", width=3508, height=2480),
    ]
    annex = Annex(label="Phụ lục I", title="Danh mục", page=2, start=7, end=len(text))
    word = opened(made(text=text, opening=["Thân."], annexes=[annex], pages=pages))
    body, own = word.sections
    assert (body.orientation, own.orientation) == (WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE)
    assert own._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"
    assert body._sectPr.find(qn("w:pgNumType")) is None
    assert styled(word, "Đầu phụ lục") == ["Phụ lục I"]
    assert styled(word, "Kèm theo") == ["(Kèm theo Kế hoạch số 15/KH-UBND)"]


def test_the_file_says_what_it_is_and_nothing_of_the_machine():
    dispatch = letter("1. Một.\n2. Hai.")
    data = to_docx(dispatch)
    properties = opened(dispatch).core_properties
    assert properties.title == "Kế hoạch 15/KH-UBND: Triển khai số hóa tài liệu lưu trữ năm 2024"
    assert (properties.identifier, properties.category, properties.language) == ("15/KH-UBND", "Kế hoạch", "vi-VN")
    assert properties.author == "Ủy ban nhân dân huyện Vạn An"
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert {info.date_time[0] for info in parts.infolist()} == {1980}
        whole = b"".join(parts.read(name) for name in parts.namelist())
    assert b"w:date=" not in whole
    assert b"dcterms:created" not in whole
    assert data == to_docx(dispatch)


def test_what_xml_cannot_hold_has_a_mark_in_its_place():
    broken = "Sở\x00 Y\x0b tế\ud800 \ufffe<&>" + "x" * 300_000
    word = opened(made(subject=broken, opening=[broken], sections=[Section(label=broken, style="khoan", start=0)]))
    assert any("Sở\ufffd Y\ufffd tế\ufffd \ufffd<&>xxx" in p.text for p in word.paragraphs)


def test_the_command_writes_files_of_their_own(tmp_path):
    source = SAMPLES / "cv815" / "text.txt"
    done = CliRunner().invoke(app, ["parse", str(source), "--format", "docx", "--output", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert vndoc.parse(tmp_path / "text.docx").code_notation == "UBND"
