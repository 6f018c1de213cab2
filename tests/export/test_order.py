"""The body in reading order: every paragraph found where it stands, tables between those they stand between."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from vndoc.dispatch import Annex, Dispatch, Section, Source, Table, TableCell, TablePart, TableRow
from vndoc.export.order import Heading, Paragraph, annex_of, body_of, start_of
from vndoc.page import page_from_text
from vndoc.parse import parse_pages

SOURCE = Source(name="a.pdf", sha256="0" * 64, media_type="application/pdf", page_amount=1)


def a_table(text, first, last):
    start = text.index(first)
    end = text.index(last, start) + len(last)
    cells = [TableCell(column=0, text=text[start:end], page=1, start=start, end=end)]
    return Table(page=1, columns=1, rows=[TableRow(cells=cells)], parts=[TablePart(page=1, start=start, end=end)])


def printed(part):
    if isinstance(part, Heading):
        behind = part.run_in.text if part.run_in else None
        return " ".join(filter(None, (part.label, part.title + part.mark, behind)))
    return part.text if isinstance(part, Paragraph) else "[bảng]"


def test_labels_and_what_stands_behind_titles_are_as_printed():
    text = """Thực hiện Kế hoạch, UBND huyện yêu cầu:
1- Sở Y tế: Chủ trì, phối hợp.
2- Sở Tài chính:
a/ Bố trí kinh phí.
b/ Kiểm tra."""
    sections = [
        Section(label="1", style="khoan", title="Sở Y tế", text="Chủ trì, phối hợp.", start=text.index("1-")),
        Section(label="2", style="khoan", title="Sở Tài chính", start=text.index("2-"), children=[
            Section(label="a", style="diem", text="Bố trí kinh phí.", start=text.index("a/")),
            Section(label="b", style="diem", text="Kiểm tra.", start=text.index("b/")),
        ]),
    ]  # fmt: skip
    opening = ["Thực hiện Kế hoạch, UBND huyện yêu cầu:"]
    found = list(body_of(Dispatch(source=SOURCE, text=text, opening=opening, sections=sections)))
    assert [printed(part) for part in found] == text.split("\n")
    assert [part.depth for part in found if isinstance(part, Heading)] == [0, 0, 1, 1]
    assert text[found[1].run_in.start : found[1].run_in.end] == "Chủ trì, phối hợp."


def test_a_mended_label_keeps_what_stands_behind_it_and_an_unknown_one_gets_the_usual():
    sections = [
        Section(label="đ", label_as_read="d", style="diem", text="Một.", start=0),
        Section(label="II", style="la_ma", title="NHIỆM VỤ", start=9),
        Section(label="Chương I", style="chuong", title="CHUNG", start=9),
        Section(label="g", style="diem", text="Hai.", start=9),
    ]
    found = body_of(Dispatch(source=SOURCE, text="d/  Một.", sections=sections))
    assert [part.label for part in found] == ["đ/", "II.", "Chương I", "g)"]


def test_a_paragraph_that_a_page_number_and_a_table_run_through_is_found_whole():
    text = "Giao Sở Tài chính chủ trì phối hợp với\n\n2\n\nSTT | Số\n1 | 7\ncác sở có liên quan thực hiện.\nTrên đây."
    whole = "Giao Sở Tài chính chủ trì phối hợp với các sở có liên quan thực hiện."
    dispatch = Dispatch(source=SOURCE, text=text, opening=[whole, "Trên đây."], tables=[a_table(text, "STT", "7")])
    first, table, last = body_of(dispatch)
    assert text[first.start : first.end].endswith("thực hiện.")
    assert start_of(table) == text.index("STT")
    assert text[last.start : last.end] == "Trên đây."


def test_tables_stand_where_they_were():
    text = "Mở đầu.\nSTT | Số\n1. Một việc.\n7 | 8\nKết thúc."
    unit = Section(label="1", style="khoan", text="Một việc.", start=text.index("1."))
    tables = [a_table(text, "7", "8"), a_table(text, "STT", "Số")]
    dispatch = Dispatch(
        source=SOURCE, text=text, opening=["Mở đầu."], sections=[unit], closing=["Kết thúc."], tables=tables
    )
    assert [printed(part) for part in body_of(dispatch)] == [
        "Mở đầu.",
        "[bảng]",
        "1. Một việc.",
        "[bảng]",
        "Kết thúc.",
    ]


def test_an_annex_has_its_lines_put_together_and_its_tables_between_them():
    lines = [
        "Phụ lục I",
        "DANH MỤC",
        "Các đơn vị có tên trong danh mục này thực hiện theo đúng quy định của pháp luật",
        "và báo cáo kết quả.",
        "STT | Đơn vị",
        "- Sở Y tế",
    ]
    text = "Thân.\n\n" + "\n".join(lines)
    annex = Annex(page=2, start=7, end=len(text))
    table = a_table(text, "STT", "Đơn vị")
    dispatch = Dispatch(source=SOURCE, text=text, opening=["Thân."], tables=[table], annexes=[annex])
    assert [printed(part) for part in annex_of(dispatch, annex)] == [
        "Phụ lục I",
        "DANH MỤC",
        " ".join(lines[2:4]),
        "[bảng]",
        "- Sở Y tế",
    ]
    assert [printed(part) for part in body_of(dispatch)] == ["Thân."]


WORDS = st.text("abcđ 1.)-:;\n", min_size=1, max_size=60)


@given(st.lists(WORDS.filter(str.strip)), st.lists(st.sampled_from(["\n", "\n\n", "\n\n7\n\n", " "]), min_size=1))
def test_every_paragraph_is_found_in_its_order(paragraphs, gaps):
    text = "".join(words + gaps[k % len(gaps)] for k, words in enumerate(paragraphs))
    found = list(body_of(Dispatch(source=SOURCE, text=text, opening=paragraphs)))
    assert [part.text for part in found] == paragraphs
    assert all(text[p.start : p.end].split() for p in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


@given(st.text(max_size=300))
def test_nothing_of_what_the_parser_gives_is_left_out(text):
    dispatch = parse_pages([page_from_text("1. Một\n" + text)])
    words = " ".join(printed(part) for part in body_of(dispatch))
    for paragraph in [*dispatch.opening, *dispatch.closing]:
        assert paragraph in words
