"""Paragraphs and tables as lines: columns of a letterhead, rows of figures, and tables in tables without end."""

import pytest

from vndoc.sources.flow import Cell, Table, text_of


def rows(*texts):
    return tuple(tuple(Cell((text,) if text else ()) for text in row) for row in texts)


HEAD = rows(("SỞ NỘI VỤ", "CỘNG HÒA"), ("Số: 1", "Hà Nội"))


@pytest.mark.parametrize(
    ("table", "wanted"),
    [
        (Table(HEAD), "SỞ NỘI VỤ|Số: 1|CỘNG HÒA|Hà Nội"),
        (Table(HEAD, ruled=True), "SỞ NỘI VỤ|CỘNG HÒA|Số: 1|Hà Nội"),
        (
            Table((*HEAD, *rows(("giữa",)), *HEAD)),
            "SỞ NỘI VỤ|Số: 1|CỘNG HÒA|Hà Nội|giữa|SỞ NỘI VỤ|Số: 1|CỘNG HÒA|Hà Nội",
        ),
        (Table(HEAD * 7), "|".join(["SỞ NỘI VỤ|CỘNG HÒA|Số: 1|Hà Nội"] * 7)),
        (Table(((*rows("a")[0], Cell(("b", "c")), *rows("d")[0]),)), "a|b|c|d"),
        (Table(rows(("a", "", "d"))), "a|d"),  # a gap between two columns
        (Table(()), ""),
        (Table(rows(("Điều 1.", "Duyệt dự án."), ("Điều 2.", "Sở chi."))), "Điều 1. Duyệt dự án.|Điều 2. Sở chi."),
        (Table(rows(("Thời gian:", "8 giờ"), ("", "ngày 2"), ("Tại:", "A"))), "Thời gian: 8 giờ|ngày 2|Tại: A"),
        (
            Table(rows(("Điều 1.", "Duyệt."), ("Điều 2.", "Chi."), ("Nơi nhận:", "CHỦ TỊCH"), ("- Lưu: VT.", "An"))),
            "Điều 1. Duyệt.|Điều 2. Chi.|Nơi nhận:|- Lưu: VT.|CHỦ TỊCH|An",
        ),
        (Table(rows(("SỞ NỘI VỤ", "CỘNG HÒA"), ("Số:", "Hà Nội"))), "SỞ NỘI VỤ|Số:|CỘNG HÒA|Hà Nội"),
        (Table(rows(("Nơi nhận:", "CHỦ TỊCH"), ("- Như trên;", "An"))), "Nơi nhận:|- Như trên;|CHỦ TỊCH|An"),
    ],
)
def test_tables(table, wanted):
    assert text_of([table]).split("\n") == wanted.split("|")


def test_names_and_values_of_a_registry_stay_together():
    pairs = [(name, f"{name} 1") for name in ("Số ký hiệu", "Ngày ban hành", "Cơ quan ban hành", "Người ký", "Loại")]
    assert text_of([Table(rows(*pairs))]).split("\n") == [text for pair in pairs for text in pair]
    assert text_of([Table(rows(*pairs[:4]))]).split("\n")[:2] == ["Số ký hiệu", "Ngày ban hành"]


def test_rows_of_figures_are_one_line():
    assert text_of([Table(rows(("a", "", "d"), ("", "", ""), "efg"))]) == "a |  | d\ne | f | g"


def test_tables_within_tables_cost_no_more_than_they_hold():
    table = Table(rows(("trong cùng",)))
    for _ in range(60):
        table = Table(((Cell((table,)), Cell(("x",))),))
    assert text_of([table]).split("\n") == ["trong cùng", *["x"] * 60]


def test_a_bullet_of_a_picture_font_is_a_dash_where_a_line_begins():
    assert text_of(["\uf0b7 một \uf0fe hai"]) == "- một  hai"
