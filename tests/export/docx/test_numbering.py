"""Labels counted by Word are those that were printed, whatever was printed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.export.docx.made import again, letter, made, opened, text_of
from vndoc.dispatch import Section


def unit(label, style, *children, text="việc"):
    return Section(label=label, style=style, text=text, start=0, children=list(children))


def printed(sections):
    """Labels as the writer has to print them without a text to look them up in."""
    for section in sections:
        worded = section.style in ("phan", "chuong", "muc", "tieu_muc") and " " in section.label
        yield section.label + ("" if worded else ")" if section.style == "diem" else ".")
        yield from printed(section.children)


def read(sections):
    """Labels as Word's rules of counting print them, and how many of them Word counts."""
    dispatch = made(sections=sections)
    lines = [line for line in text_of(dispatch).split("\n") if line.endswith(" việc")]
    counted = sum(p._p.pPr is not None and p._p.pPr.numPr is not None for p in opened(dispatch).paragraphs)
    return [line.removesuffix(" việc") for line in lines], counted


CASES = [
    ([unit("0", "khoan"), unit("007", "khoan"), unit("9999", "khoan"), unit("12345", "khoan"), unit("00", "khoan")], 1),
    ([unit("1", "khoan"), unit("2", "khoan"), unit("3", "khoan")], 3),
    ([unit("3", "khoan"), unit("4", "khoan")], 2),
    ([unit("I", "la_ma", unit("1", "khoan"), unit("2", "khoan")), unit("II", "la_ma", unit("1", "khoan"))], 5),
    ([unit("1", "khoan", *(unit(x, "diem") for x in "abcdđeghiklm")), unit("2", "khoan", unit("a", "diem"))], 14),
    (
        [
            unit("Chương I", "chuong", unit("Điều 1", "dieu"), unit("Điều 2", "dieu")),
            unit("Chương II", "chuong", unit("Điều 3", "dieu", unit("1", "khoan")), unit("Điều 4", "dieu")),
            unit("Chương III", "chuong", unit("Điều 1", "dieu")),
        ],
        9,
    ),
    (
        [
            unit("1", "khoan", unit("1.1", "khoan", unit("1.1.1", "khoan")), unit("1.2", "khoan")),
            unit("2", "khoan", unit("2.1", "khoan")),
        ],
        6,
    ),
    ([unit("II", "la_ma", unit("2.1", "khoan"), unit("2.3", "khoan"))], 3),
    ([unit("Phần thứ nhất", "phan", unit("1", "khoan")), unit("Phần thứ hai", "phan", unit("1", "khoan"))], 2),
    ([unit("Điều 12a", "dieu"), unit("Điều 13", "dieu")], 1),
    ([unit("1", "khoan"), unit("1", "khoan"), unit("01", "khoan"), unit("02", "khoan")], 4),
    ([unit("1", "khoan", unit("i", "diem"), unit("ii", "diem"), unit("iv", "diem"))], 4),
]
"""Units, and how many of their labels Word counts."""


@pytest.mark.parametrize(("sections", "counted"), CASES)
def test_labels_are_counted_and_printed_right(sections, counted):
    assert read(sections) == (list(printed(sections)), counted)


LABELS = st.sampled_from(
    [("1", "khoan"), ("2", "khoan"), ("7", "khoan"), ("1.1", "khoan"), ("1.2", "khoan"), ("2.1", "khoan"),
     ("a", "diem"), ("b", "diem"), ("đ", "diem"), ("g", "diem"), ("i", "diem"), ("ii", "diem"), ("I", "la_ma"),
     ("IV", "la_ma"), ("Điều 1", "dieu"), ("Điều 5", "dieu"), ("Điều 5a", "dieu"), ("Phần thứ hai", "phan"),
     ("A", "phan"), ("Chương II", "chuong"), ("Mục 1", "muc"), ("a.1", "diem"), ("03", "khoan"), ("IIII", "la_ma")]
)  # fmt: skip
TREES = st.recursive(
    LABELS.map(lambda found: unit(*found)),
    lambda below: st.builds(lambda found, children: unit(*found, *children), LABELS, st.lists(below, max_size=4)),
    max_leaves=14,
)


@settings(max_examples=60)
@given(st.lists(TREES, max_size=5))
def test_any_labels_are_printed_as_they_are(sections):
    assert read(sections)[0] == list(printed(sections)) if sections else True


def test_dashes_are_items_of_lists():
    dispatch = letter("1. Sở Y tế:\n- Chủ trì;\n+ Trước ngày 05;\n-Không có cách.\n2. Hết.")
    listed = [p.text for p in opened(dispatch).paragraphs if p._p.pPr is not None and p._p.pPr.numPr is not None]
    assert listed == ["Sở Y tế:", "Chủ trì;", "Trước ngày 05;", "Hết."]
    assert [item.text for item in again(dispatch).sections[0].items] == [
        item.text for item in dispatch.sections[0].items
    ]
