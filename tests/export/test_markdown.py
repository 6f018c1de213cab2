"""Markdown of a dispatch: in the document's order, with nothing lost and nothing taken for markup."""

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.parse.tables.pages_of_tables import page, table
from tests.parse.tables.test_reading import FOOT, HEAD
from vndoc.dispatch import Dispatch, Evidence, Section, Signer, Source, Task
from vndoc.export.markdown import to_markdown
from vndoc.page import page_from_text
from vndoc.parse import parse_pages

DISPATCHES = Path(__file__).parents[1] / "parse" / "data" / "dispatches"


def dispatch(**fields) -> Dispatch:
    return Dispatch(source=Source(name="x", sha256="0", media_type="text/plain", page_amount=1), **fields)


def read(name: str) -> Dispatch:
    pages = (DISPATCHES / f"{name}.txt").read_text("utf-8").split("\f")
    return parse_pages([page_from_text(page, number) for number, page in enumerate(pages, 1)])


def inline(text: str, kind: str) -> list[str]:
    """The plain words of every element of a kind."""
    tokens = MarkdownIt().parse(text)
    found = []
    for token, content in pairwise(tokens):
        if token.type == f"{kind}_open" and content.type == "inline":
            found.append("".join(part.content for part in content.children or [] if part.type == "text"))
    return found


def test_it_reads_in_the_order_of_the_document():
    rows = [row for row in to_markdown(read("cong-van-nhieu-noi")).split("\n") if row]
    assert rows[:4] == [
        "**Bộ Nội vụ**",
        "Số: 8215/BNV-CCVC — Hà Nội, ngày 24 tháng 9 năm 2025",
        "# Công văn: báo cáo biên chế công chức và số lượng người làm việc năm 2026",
        "Kính gửi:",
    ]
    body = rows.index("**1.** Rà soát số lượng biên chế được giao năm 2025.")
    assert rows[body - 1].startswith("Thực hiện Kết luận số 40-KL/TW")
    assert rows.index("**KT. BỘ TRƯỞNG**\\") > body
    assert rows.index("## Văn bản được dẫn") > rows.index("- Lưu: VT, CCVC")


@pytest.mark.parametrize("name", sorted(path.stem for path in DISPATCHES.glob("*.txt")))
def test_every_paragraph_of_the_body_is_there_once(name):
    read_back = " ".join(MarkdownIt().render(to_markdown(read(name))).split())
    source = read(name)
    for paragraph in [*source.opening, *source.closing]:
        assert read_back.count(MarkdownIt().renderInline(paragraph.lstrip("-–+ "))) >= 1
    assert read_back.count("CỘNG HÒA XÃ HỘI CHỦ NGHĨA") == sum(a.type_name is not None for a in source.annexes)


def test_titles_become_headings_by_their_depth():
    headings = [row for row in to_markdown(read("quy-che-so")).split("\n") if row.startswith("#")]
    assert headings[1:4] == [
        "## Chương I QUY ĐỊNH CHUNG",
        "### Điều 1. Phạm vi điều chỉnh",
        "### Điều 2. Đối tượng áp dụng",
    ]


def test_all_signers_the_copy_and_the_annexes_follow_the_body():
    assert to_markdown(read("lien-tich-2013")).count("**THỨ TRƯỞNG**") == 2
    assert "*Bản sao y: Sở Xây dựng, số 77/SY-SXD, ngày 10/10/2025*" in to_markdown(read("ban-sao-y"))
    annexed = to_markdown(read("ke-hoach-co-phu-luc"))
    assert "## Phụ lục I: Danh sách khu phố điều tra" in annexed
    assert annexed.index("Khu phố 2: 388 hộ") < annexed.index("## Phụ lục II")
    assert "## Dự thảo Nghị quyết: Quy định mức chi tiếp công dân" in to_markdown(read("cong-van-gui-du-thao"))


def test_tables_stand_where_they_were_and_merged_cells_are_html():
    head = table(("TT", "Tên | hiệu"), ("1", "Máy <in>\n- màu"))
    merged = table(("Số lượng", "<", "Tuổi"), ("Nam", "Nữ", "^"), ("3", "4", "5"))
    made = to_markdown(parse_pages([page(1, HEAD, head, "Và:", merged, FOOT)]))
    assert "| TT | Tên \\| hiệu |\n| --- | --- |\n| 1 | Máy \\<in><br>- màu |" in made
    assert '<tr><th colspan="2">Số lượng</th><th rowspan="2">Tuổi</th></tr>\n<tr><th>Nam</th><th>Nữ</th></tr>' in made
    assert made.index("phân công như sau") < made.index("| TT") < made.index("<table>") < made.index("## III.")
    assert MarkdownIt().enable("table").render(made).count("<table>") == 3  # the last one is that of the duties


def test_what_is_doubtful_is_marked():
    doubtful = dispatch(
        type_name="Thông báo",
        evidence={"/issued_date": Evidence(confidence=0.3, method="slot", candidates=[("2024-03-21", 0.3)])},
    )
    assert "Số: …/… — …, ngày … (?) \\[2024-03-21\\]" in to_markdown(doubtful)


def test_marks_are_below_the_title():
    marked = dispatch(urgency="Hỏa tốc", secrecy="Mật", circulation="Lưu hành nội bộ", draft=True)
    assert "**HỎA TỐC · MẬT · LƯU HÀNH NỘI BỘ · DỰ THẢO**" in to_markdown(marked)


def test_dashes_are_lists_and_bars_stay_in_their_cells():
    listed = dispatch(
        sections=[Section(label="a", style="diem", text="Các đơn vị:\n- Sở A;\n+ Sở B.\nHết.", start=0)],
        tasks=[Task(text="làm | xong", due_date=date(2024, 5, 1), start=0, end=1)],
    )
    text = to_markdown(listed)
    assert "**a)** Các đơn vị:\n\n- Sở A;\n- Sở B.\n\nHết." in text
    assert "|  |  | làm \\| xong | 01/05/2024 |" in text


@given(st.text(st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1))
@example("#")
def test_no_text_is_taken_for_markup(text):
    words = " ".join(text.split())
    signer = Signer(full_name=words or "x")
    made = to_markdown(dispatch(type_name="Thông báo", subject=text, to_places=[text], signers=[signer]))
    assert inline(made, "heading")[0] == f"Thông báo: {words}".strip()
