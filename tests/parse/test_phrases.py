"""Set phrases behind words that the repair doubts."""

import pytest

from vndoc.page import Word
from vndoc.parse.lines import TextLine
from vndoc.parse.phrases import settle_phrases


def line(text: str, doubted: str = "", start: int = 0) -> TextLine:
    words = tuple(Word(w, None, 0.6 if w in doubted.split() else 1.0, w) for w in text.split())
    return TextLine(text, start, 1, words, 0)


@pytest.mark.parametrize(
    ("text", "doubted", "settled"),
    [
        ("tại Công văn này; hồng nam tổng hợp", "hồng nam", "tại Công văn này; hằng năm tổng hợp"),
        ("hàng quy báo cáo", "hàng quy", "hằng quý báo cáo"),
        ("tại Công văn này; hồng nam tổng hợp", "", None),  # sure words stay
        ("tại Công văn này; hồng nam tổng hợp", "hồng", None),  # half sure too
        ("trồng hoa hồng nam giới", "hồng nam", None),  # within a clause
        ("này; hết nam tổng hợp", "hết nam", None),  # two letters away
        ("này; hồng", "hồng", None),
        ("", "", None),
    ],
)
def test_only_doubtful_words_at_the_head_of_a_clause(text: str, doubted: str, settled: str | None) -> None:
    (got,) = settle_phrases([line(text, doubted)])
    assert got.text == (settled or text)
    assert (got.start, len(got.text), got.words) == (0, len(text), line(text, doubted).words)


def test_the_line_before_may_end_the_clause() -> None:
    lines = [line("thực hiện nghiêm túc;"), line("hồng nam tổng hợp", "hồng nam", 30)]
    assert settle_phrases(lines)[1].text == "hằng năm tổng hợp"
    assert settle_phrases([line("thực hiện"), lines[1]])[1].text == "hồng nam tổng hợp"
