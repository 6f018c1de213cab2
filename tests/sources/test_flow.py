"""Paragraphs and tables as lines: columns of a letterhead, rows of figures, and tables in tables without end."""

import pytest

from vndoc.sources.flow import Table, text_of

HEAD = (("SỞ NỘI VỤ",), ("CỘNG HÒA",)), (("Số: 1",), ("Hà Nội",))


@pytest.mark.parametrize(
    ("table", "wanted"),
    [
        (Table(HEAD), "SỞ NỘI VỤ|Số: 1|CỘNG HÒA|Hà Nội"),
        (Table(HEAD, ruled=True), "SỞ NỘI VỤ|CỘNG HÒA|Số: 1|Hà Nội"),
        (Table((*HEAD, (("giữa",),), *HEAD)), "SỞ NỘI VỤ|Số: 1|CỘNG HÒA|Hà Nội|giữa|SỞ NỘI VỤ|Số: 1|CỘNG HÒA|Hà Nội"),
        (Table(HEAD * 7), "|".join(["SỞ NỘI VỤ|CỘNG HÒA|Số: 1|Hà Nội"] * 7)),
        (Table(((("a",), ("b", "c"), ("d",)),)), "a|b|c|d"),
        (Table(((("a",), (), ("d",)),)), "a|d"),  # a gap between two columns
        (Table(()), ""),
    ],
)
def test_tables(table, wanted):
    assert text_of([table]).split("\n") == wanted.split("|")


def test_rows_of_figures_are_one_line():
    assert text_of([Table(((("a",), (), ("d",)), ((), (), ()), (("e",), ("f",), ("g",))))]) == "a |  | d\ne | f | g"


def test_tables_within_tables_cost_no_more_than_they_hold():
    table = Table(((("trong cùng",),),))
    for _ in range(60):
        table = Table((((table,), ("x",)),))
    assert text_of([table]).split("\n") == ["trong cùng", *["x"] * 60]


def test_a_bullet_of_a_picture_font_is_a_dash_where_a_line_begins():
    assert text_of(["\uf0b7 một \uf0fe hai"]) == "- một  hai"
