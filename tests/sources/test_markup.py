"""Markdown, bars of tables and control characters are no text."""

import pytest

from vndoc.errors import TooLargeError
from vndoc.sources import SourceFile, load_file, open_file
from vndoc.sources import text as texts
from vndoc.sources.markup import without_markup


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("| **BỘ Y TẾ**<br>Số: 1/BYT-TB | *Hà Nội, ngày 5* |\n| --- | :-: |\n| a | b |",
         "BỘ Y TẾ\nSố: 1/BYT-TB\nHà Nội, ngày 5\na\nb"),
        ("| STT | Tên | Hạn |\n|---|---|---|\n| 1 | Báo cáo | 5/9 |", "STT | Tên | Hạn\n1 | Báo cáo | 5/9"),
        ("__BỘ Y TẾ__\n\n__Số: 1/BYT\\-TB__\n\n__ __\n\n1\\. Nội dung\\.\\.",
         "BỘ Y TẾ\n\nSố: 1/BYT-TB\n\n\n\n1. Nội dung.."),
        ("# **QUYẾT ĐỊNH**\n\n**Điều 1.** Xem [Luật Đất đai](https://a.vn/b).<br/>Hết",
         "QUYẾT ĐỊNH\n\nĐiều 1. Xem Luật Đất đai.\nHết"),
        ("SỞ Y TẾ\n|\n| Số: 1/SYT\n|", "SỞ Y TẾ\nSố: 1/SYT"),
        ("A &amp; B<br>&nbsp;C", "A & B\n\xa0C"),
        ("**A** **B**\n## Mục tiêu ##  \n# C#\n***D*** **_E_** *F **G** H*", "A B\nMục tiêu\nC\nD E F G H"),
        (" | a  |  b |  \n|-|-|", "a\nb"),
    ],
)  # fmt: skip
def test_marks_go_and_words_stay(source: str, text: str) -> None:
    assert without_markup(source) == text


@pytest.mark.parametrize(
    "text",
    [
        "Số: ___/QĐ-UBND ngày ___ tháng ___",
        "a | b\nc * d * e",
        "***\n- Lưu: VT.",
        "<5 triệu đồng và > 3 năm",
        "2 * 3 = 6",
    ],
)
def test_other_text_stays(text: str) -> None:
    assert without_markup(text) == text


@pytest.mark.parametrize(
    "line",
    ["# a" + " " * 100_000 + "a", "| a" + " " * 100_000 + "a", "**a " * 5_000, "*" * 100_000, "*a" * 8_000,
     "*a**b*" * 1_500],
    ids=["heading", "bar", "open", "stars", "letters", "closed"],
)  # fmt: skip
def test_a_line_without_end_costs_what_its_length_does(line: str) -> None:
    """By the square of its length it took seconds, and minutes where it was a page long."""
    text = without_markup(f"**a** **b**\n{line}")
    assert text.startswith("a b\n")
    assert len(text) <= len(line) + 4


def test_control_characters_are_left_out() -> None:
    with open_file(load_file("báo\x07 cáo\x16 và\x00ng".encode().replace(b"\x00", b"\x0f")))[0] as opened:
        page = opened.page(1)
    assert page is not None
    assert page.text == "báo cáo vàng"


def test_a_text_of_ten_thousand_pages_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "_MOST_BYTES", 100)
    with pytest.raises(TooLargeError, match=r"a\.txt: a text of more than 0 MiB is not read; split it"):
        open_file(SourceFile("a.txt", b"a" * 101))
    open_file(SourceFile("a.txt", b"a" * 100))
