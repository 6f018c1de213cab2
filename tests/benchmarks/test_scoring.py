"""Counting of words, lines and letters."""

import pytest

from benchmarks.scoring import Mistake, folded, score


def test_spellings_that_are_the_same():
    assert folded("hoà  bình — thuỷ lợi, “uý”…") == 'hòa bình - thủy lợi, "úy"...'
    assert folded("hòa") == "hòa"


def test_words_in_any_order():
    counts = score(["ba hai", "một bốn năm"], ["một hai", "ba bốn"])
    assert (counts.words, counts.read, counts.both) == (4, 5, 4)
    assert counts.recall == 1.0
    assert counts.precision == 0.8


def test_words_with_digits():
    counts = score(["ngày 12 tháng 7", "số 15/QĐ"], ["ngày 12 tháng 1", "số 15/QĐ"])
    assert (counts.digits, counts.digits_both) == (3, 2)
    assert counts.digit_recall == pytest.approx(2 / 3)


def test_lines_that_align():
    counts = score(
        ["Kính gửi: Công an huyên", "Độc lập - Tự do - Hạnh phúc", "ooo"],
        ["Độc lập - Tự do - Hạnh phúc", "Kính gửi: Công an huyện", "một dòng không ai đọc"],
    )
    assert (counts.lines, counts.aligned, counts.exact) == (3, 2, 1)
    assert counts.errors == 1
    assert counts.cer == pytest.approx(1 / 50)
    assert counts.mistakes == [
        Mistake("Kính gửi: Công an huyện", "Kính gửi: Công an huyên"),
        Mistake("một dòng không ai đọc", ""),
    ]


def test_one_line_is_not_used_twice_and_short_ones_must_be_the_same():
    counts = score(["Công an huyện", "A3"], ["Công an huyện", "Công an huyện", "A1"])
    assert (counts.lines, counts.aligned) == (3, 1)


def test_letters():
    counts = score(["Ủy ban nhân dán tình"], ["Ủy ban nhân dân tỉnh"])
    assert counts.letters["â"] == 2
    assert counts.letters_right["â"] == 1
    assert counts.weak(0.985) == [("ỉ", 0, 1), ("â", 1, 2)]


def test_what_cannot_be_read_is_not_scored():
    counts = score(["Số: 12 /SYT-NVY"], ["Số: ¤ /SYT-NVY"])
    assert (counts.words, counts.both, counts.lines) == (2, 2, 0)


def test_pages_add_up():
    one, other = score(["một hai ba"], ["một hai bà"]), score(["bốn năm"], ["bốn năm"])
    total = one + other
    assert (total.words, total.both, total.lines, total.exact) == (5, 4, 2, 1)
    assert total.letters["à"] == 1
    assert score([], []).recall == 1.0
