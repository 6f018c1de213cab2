"""Tables of a dispatch: typed, over their pages, with their heads, and in no section."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.parse.tables.pages_of_tables import page, shown, table, texts
from vndoc.parse import parse_pages

HEAD = """UBND TỈNH BẮC NINH
SỞ NỘI VỤ
Số: 12/KH-SNV
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Bắc Ninh, ngày 05 tháng 3 năm 2025
KẾ HOẠCH
Triển khai công tác cải cách hành chính năm 2025
I. MỤC ĐÍCH
Nâng cao chất lượng phục vụ người dân.
II. NHIỆM VỤ
Các nhiệm vụ được phân công như sau:"""
FOOT = """III. TỔ CHỨC THỰC HIỆN
Các phòng chuyên môn thực hiện nghiêm túc kế hoạch này.
Nơi nhận:
- Như trên;
- Lưu: VT.
GIÁM ĐỐC
Nguyễn Văn Bình"""
TITLES = ("STT", "Nội dung", "Số lượng")


def parsed(*pages):
    return parse_pages([page(number, *parts) for number, parts in enumerate(pages, 1)])


def test_a_table_stands_in_its_section_and_its_text_in_no_section():
    found = parsed((HEAD, table(TITLES, ("1", "Máy in", "2"), ("2", "Bàn ghế\nvăn phòng", "15")), FOOT))
    (one,) = found.tables
    assert texts(one) == [list(TITLES), ["1", "Máy in", "2"], ["2", "Bàn ghế văn phòng", "15"]]
    assert (one.page, one.columns, one.header_rows, one.section) == (1, 3, 1, "II")
    assert [section.text for section in found.sections] == [
        "Nâng cao chất lượng phục vụ người dân.",
        "Các nhiệm vụ được phân công như sau:",
        "Các phòng chuyên môn thực hiện nghiêm túc kế hoạch này.",
    ]
    assert found.signer.full_name == "Nguyễn Văn Bình"
    for row in one.rows:
        for cell in row.cells:
            assert found.text[cell.start : cell.end] == cell.text


def test_merged_cells_and_a_head_of_two_rows():
    rows = (("STT", "Đơn vị", "Số lượng", "<"), ("^", "^", "Nam", "Nữ"), ("1", "Sở Y tế", "3", ""))
    (one,) = parsed((HEAD, table(*rows), FOOT)).tables
    assert one.header_rows == 2
    assert shown(one) == [
        [(0, 2, 1, "STT"), (1, 2, 1, "Đơn vị"), (2, 1, 2, "Số lượng")],
        [(2, 1, 1, "Nam"), (3, 1, 1, "Nữ")],
        [(0, 1, 1, "1"), (1, 1, 1, "Sở Y tế"), (2, 1, 1, "3"), (3, 1, 1, "")],
    ]


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ([TITLES, ("(1)", "(2)", "(3)"), ("1", "Máy in", "2")], 2),
        ([("1", "Máy in", "2"), ("2", "Bàn", "3")], 0),
        ([("Họ và tên", "Chức vụ"), ("Nguyễn Văn An", "Trưởng phòng")], 1),
        ([("TT", "Tháng 1", "Tháng 2"), ("1", "20", "30")], 1),
        ([("Nội dung",) * 3, ("Ngày 05/3/2025", "8 giờ", "9 giờ")], 1),
    ],
)
def test_heads(rows, wanted):
    assert parsed((HEAD, table(*rows), FOOT)).tables[0].header_rows == wanted


def test_what_the_file_calls_the_head_is_the_head():
    assert parsed((HEAD, table(("1", "2"), ("3", "4"), header_rows=1), FOOT)).tables[0].header_rows == 1


def test_a_table_goes_on_over_pages_and_its_head_stands_once():
    found = parsed(
        (HEAD, table(TITLES, ("1", "Máy in", "2"), boxes=True)),
        ("2", table(TITLES, ("2", "Bàn", "3"), boxes=True)),
        ("3", table(("3", "Ghế", "4"), boxes=True), FOOT),
    )
    (one,) = found.tables
    assert [row[0] for row in texts(one)] == ["STT", "1", "2", "3"]
    assert [part.page for part in one.parts] == [1, 2, 3]
    assert [row.cells[0].page for row in one.rows] == [1, 1, 2, 3]


def test_a_row_broken_over_the_page_is_one_row():
    found = parsed(
        (HEAD, table(TITLES, ("1", "Máy in", "2"), ("2", "Bàn ghế của", "3"))), (table(("", "hội trường", "")), FOOT)
    )
    assert texts(found.tables[0])[-1] == ["2", "Bàn ghế của hội trường", "3"]


@pytest.mark.parametrize(
    "second",
    [
        table(("STT", "Họ và tên", "Chức vụ"), ("1", "Nguyễn An", "Văn thư")),
        table(("1", "Máy in", "2", "x"), ("2", "Máy in", "2", "x")),
        table(("3", "Ghế", "4"), ("4", "Tủ", "5"), boxes=True),
    ],
    ids=["another head", "more columns", "text between"],
)
def test_what_does_not_go_on_is_a_table_of_its_own(second):
    between = "Danh sách kèm theo như sau." if second.grid.cells[0].box else ""
    first = table(TITLES, ("1", "Máy in", "2"), boxes=bool(between))
    found = parsed((HEAD, first), (*([between] if between else []), second, FOOT))
    assert len(found.tables) == 2


def test_a_letterhead_with_rules_is_no_table():
    lines = HEAD.split("\n")
    head = table(("\n".join(lines[:3]), "\n".join(lines[3:6])), ("", ""))
    found = parsed((head, "\n".join(lines[6:]), FOOT))
    assert found.tables == []
    assert (found.code_number, found.place, found.organ_name) == ("12", "Bắc Ninh", "Sở Nội vụ")


def test_a_column_of_days_is_no_letterhead():
    listed = table(("TT", "Họ và tên", "Ngày, tháng, năm sinh"), ("1", "Lê Thị Hoa", "23/01/1996"))
    assert len(parsed(("Phụ lục III\nDANH SÁCH CÁN BỘ", listed)).tables) == 1


def test_who_signs_side_by_side_is_no_table():
    signed = table(("NGƯỜI LẬP BIỂU", "KẾ TOÁN TRƯỞNG", "GIÁM ĐỐC"), ("Lê Thị Hoa", "Trần Văn Hùng", "Nguyễn Văn Bình"))
    found = parsed((HEAD, FOOT.split("Nơi nhận", maxsplit=1)[0], signed))
    assert found.tables == []
    assert "GIÁM ĐỐC" in [signer.position for signer in found.signers]


def test_a_table_of_an_annex_is_no_part_of_the_body():
    listed = table(TITLES, ("1", "Phụ lục I", "2"))
    found = parsed((HEAD, FOOT), ("PHỤ LỤC\nDANH MỤC THIẾT BỊ", listed), ("Ghi chú: không có.",))
    assert [(one.page, one.section) for one in found.tables] == [(2, None)]
    (annex,) = found.annexes
    assert annex.start < found.tables[0].parts[0].start < annex.end
    assert annex.title == "Danh mục thiết bị"


def test_documents_cited_in_a_table_are_references():
    listed = table(("TT", "Văn bản"), ("1", "Quyết định số 45/QĐ-BNV ngày 12/02/2025 của Bộ Nội vụ"))
    assert [one.notation for one in parsed((HEAD, listed, FOOT)).references] == ["45/QĐ-BNV"]


cells = st.text("ab1 -\n", max_size=6)


@given(st.integers(1, 4).flatmap(lambda n: st.lists(st.tuples(*[cells] * n), min_size=1, max_size=5)))
def test_nothing_of_any_table_is_lost_and_every_cell_has_its_place(rows):
    block = table(*rows)
    found = parsed(("Văn bản.", block))
    if not block.lines:
        assert found.tables == []
        return
    assert "".join(found.text.split()) == "".join(f"Vănbản.{''.join(line.text for line in block.lines)}".split())
    for one in found.tables:
        for row in one.rows:
            for cell in row.cells:
                assert "".join(found.text[cell.start : cell.end].split()) == "".join(cell.text.split())


def test_where_there_is_no_cell_there_is_an_empty_one():
    whole = table(("TT", "Tên", "Số"), ("1", "", "2"))
    cells = tuple(cell for cell in whole.grid.cells if (cell.row, cell.column) != (1, 1))
    found = parsed((HEAD, replace(whole, grid=replace(whole.grid, cells=cells)), FOOT))
    assert texts(found.tables[0]) == [["TT", "Tên", "Số"], ["1", "", "2"]]
