"""Two readings of one page: which words of the same ink win, and what is never lost."""

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vndoc.ocr.regions.merging import _rivals, merge, right_letters, share_ink
from vndoc.page import Box, Line, Word


def line(*words, y=0):
    """Words as (text, x0, x1, confidence)."""
    return Line(tuple(Word(text, Box(x0, y, x1, y + 40), sure) for text, x0, x1, sure in words))


def texts(lines):
    return [one.text for one in lines]


NAME = ("Hoàng", 100, 200, 0.95)


@pytest.mark.parametrize(
    ("old", "new", "merged"),
    [
        (line(("Ề", 90, 150, 0.3), ("tố", 160, 210, 0.3)), line(NAME), ["Hoàng"]),
        (line(("Hoàng", 100, 200, 0.9)), line(("Hoảng", 100, 200, 0.95)), ["Hoàng"]),
        (line(("Họàng", 100, 200, 0.7)), line(("Hoàng", 100, 200, 0.8)), ["Hoàng"]),
        (line(("Hoàng", 100, 200, 0.7)), line(("Họàng", 100, 200, 0.6)), ["Hoàng"]),
        (line(("TÁ", 100, 140, 0.92)), line(("TRƯỞNG", 100, 200, 0.95)), ["TRƯỞNG"]),
        (line(("TÁ", 100, 140, 0.92)), line(("TRƯỞNG", 100, 200, 0.7)), ["TÁ"]),
        (line(("Hoàng", 100, 200, 0.4)), line(("Hoà", 100, 170, 0.95)), ["Hoàng"]),
        (line(("khác", 500, 600, 0.9)), line(NAME), ["khác", "Hoàng"]),
        (line(("Họàng", 100, 200, 0.7)), line(("Hoàng", 100, 200, 0.7)), ["Họàng"]),  # none is better
        (line(("khác", 0, 100, 0.7)), line(("Hoàng", 70, 170, 0.7)), ["khác", "Hoàng"]),  # three tenths shared
        (line(("khác", 0, 100, 0.6)), line(("Hoàng", 69, 169, 0.7)), ["Hoàng"]),
        # sure words give way to sure ones with twice as many letters right
        (line(("TÁ", 100, 140, 0.9)), line(("TRÁI", 100, 200, 0.9)), ["TRÁI"]),
        (line(("TÁ", 100, 140, 0.92)), line(("TRƯỜNG", 100, 200, 0.85)), ["TRƯỜNG"]),
        (line(("tố", 100, 140, 0.85)), line(("Trường", 100, 200, 0.84)), ["tố"]),
        (line(("Ủy", 0, 40, 0.9), ("bxn", 50, 100, 0.5)), line(("Ủybannhân", 0, 100, 0.8)), ["Ủy bxn"]),
        # letters that are likelier wrong than right count nothing: the surer reading then
        (line(("ĐạiHọc", 0, 100, 0.4)), line(("Đại", 0, 45, 0.3), ("hoc", 55, 100, 0.3)), ["ĐạiHọc"]),
        # a piece never takes the place of a word, but junk is no word, nor is what holds other signs
        (line(("Hoàngx", 100, 200, 0.29)), line(("Hoàng", 100, 180, 0.5)), ["Hoàng"]),
        (line(("Hoàngx", 100, 200, 0.3)), line(("Hoàng", 100, 180, 0.5)), ["Hoàngx"]),
        (line(("Hoà2", 100, 200, 0.5)), line(("Hoà", 100, 180, 0.9)), ["Hoà"]),
        (line(("Họàng", 100, 200, 0.55)), line(("Hoàn", 100, 200, 0.9)), ["Hoàn"]),
        (
            line(("Nguyễn", 0, 100, 0.95), ("Hoàng", 110, 210, 0.4)),
            line(("Nguyễn", 0, 100, 0.95), ("Hoà", 110, 170, 0.95)),
            ["Nguyễn Hoàng"],
        ),
        (
            line(("Hoàng", 100, 200, 0.4), ("xyzt", 100, 300, 0.4)),
            line(("Trà", 100, 190, 0.8), ("à", 195, 300, 0.8)),
            ["Trà à"],
        ),
        # a sure line takes the place of as many letters
        (line(("Vũ", 0, 50, 0.97), ("“", 10, 20, 0.57)), line(("Vũ", 0, 50, 0.97)), ["Vũ"]),
    ],
)
def test_of_the_same_ink_more_right_letters_win(old, new, merged):
    assert texts(merge([old], [new])) == merged


def test_a_word_that_was_not_read_joins_its_line():
    old = line(("CỔNG", 0, 90, 0.9), ("H", 100, 180, 0.2), ("TỬ", 200, 250, 0.9))
    assert texts(merge([old], [line(("ĐIỆN", 100, 180, 0.8))])) == ["CỔNG ĐIỆN TỬ"]


def test_a_line_sure_throughout_takes_the_place_of_scraps():
    old = [line(("“", 120, 130, 0.57)), line(("vũ", 0, 50, 0.86), ("Huy", 60, 120, 0.97), ("Hoàng", 130, 200, 0.86))]
    new = line(("Vũ", 0, 50, 0.97), ("Huy", 60, 120, 0.96), ("Hoàng", 130, 200, 0.96))
    assert texts(merge([*old, line(("Hoà", 131, 180, 0.96))], [new])) == ["Vũ Huy Hoàng"]


def test_a_mended_part_of_a_line_stays_in_it():
    old = line(("Số", 0, 40, 0.93), ("4Q2", 60, 130, 0.5), ("/QĐ-TTg", 140, 300, 0.6))
    assert texts(merge([old], [line(("Số", 0, 40, 0.93), ("402", 60, 130, 0.9))])) == ["Số 402 /QĐ-TTg"]


def test_lines_before_and_after_a_mended_one_stay():
    rows = [line((text, 300, 400, 0.9), y=100 * k) for k, text in enumerate(["một", "hai", "ba", "bốn"])]
    rows[1] = line(("hai", 300, 400, 0.9), ("~", 100, 200, 0.2), y=100)
    assert texts(merge(rows, [line(NAME, y=100)])) == ["một", "Hoàng hai", "ba", "bốn"]


def boxed(text, y, height, sure, x=100):
    return Word(text, Box(x, y, x + 100, y + height), sure)


@pytest.mark.parametrize(
    ("apart", "height", "merged"),
    [(18, 40, ["Số Hoàng"]), (19, 40, ["Số Hoàng"]), (20, 40, ["Số", "Hoàng"]), (22, 40, ["Số", "Hoàng"]),
     (15, 80, ["Số Hoàng"]), (25, 80, ["Số", "Hoàng"])],
)  # fmt: skip
def test_a_word_joins_what_is_left_of_a_line_on_its_level(apart, height, merged):
    """An engine runs a line and one half below it together; half the lesser height apart is another line."""
    y = apart - (height - 40) // 2
    old = Line((boxed("Số", 0, 40, 0.9, x=0), boxed("~", y, height, 0.2)))
    assert texts(merge([old], [Line((boxed("Hoàng", y, height, 0.8),))])) == merged
    above = boxed("trên", -90, 40, 0.9, x=220)
    assert len(merge([Line((*old.words, above))], [Line((boxed("Hoàng", y, height, 0.8),))])) == len(merged)


def test_new_words_without_a_place_compete_with_none():
    loose = Word("không")
    assert merge([line(NAME)], [Line((loose,))]) == [line(NAME), Line((loose,))]
    new = Line((loose, *line(NAME).words))
    assert merge([line(("Họ", 100, 200, 0.4))], [new]) == [new]


def test_what_has_no_place_is_on_no_level():
    loose = Word("không")
    old = Line((loose, boxed("~", 0, 40, 0.2)))
    assert texts(merge([old], [Line((boxed("Hoàng", 0, 40, 0.8),))])) == ["không", "Hoàng"]
    old = Line((boxed("Số", 0, 40, 0.9, x=0), boxed("~", 0, 40, 0.2)))
    new = Line((Word("nghiêng"), boxed("Hoàng", 0, 40, 0.8)))
    assert texts(merge([old], [new])) == ["Số", "nghiêng Hoàng"]


def test_a_dash_does_not_part_a_line():
    dash = Word("-", Box(0, 30, 10, 34), 0.95)
    old = Line((replace(dash, confidence=0.6), *line(("Lưu", 20, 60, 0.5), ("VT", 70, 100, 0.95)).words))
    new = Line((dash, *line(("Lưu", 20, 60, 0.84), ("TV", 70, 100, 0.5)).words))
    assert texts(merge([old], [new])) == ["- Lưu VT"]


def test_two_words_may_take_the_place_of_one():
    old = line(("ĐạiHộc", 0, 100, 0.32))
    assert texts(merge([old], [line(("Đại", 0, 45, 0.8), ("học", 55, 100, 0.95))])) == ["Đại học"]


def test_but_not_of_more_letters():
    old = line(("Nguyễn", 0, 100, 0.95), ("Văn", 110, 160, 0.95), ("Hợp", 170, 220, 0.6))
    assert merge([old], [line(("guyễn", 10, 100, 0.9), ("Vă", 110, 150, 0.9), ("ợp", 175, 225, 0.9))]) == [old]


def test_words_without_a_place_stay():
    loose = Line((Word("không"),))
    assert merge([loose], [line(NAME)]) == [loose, line(NAME)]


def test_marks_and_single_letters_add_no_line():
    assert merge([], [line(("—", 0, 40, 0.9), ("a", 50, 60, 0.9), ("12", 70, 100, 0.95))]) == []


def test_letters_read_twice_count_once():
    twice = [Word("Hoàng", Box(0, 0, 100, 40), 0.9), Word("Hoà", Box(0, 0, 60, 40), 0.9)]
    assert right_letters(twice) == right_letters(twice[:1]) == pytest.approx(4.0)
    assert right_letters([Word("nonsense", Box(0, 0, 99, 40), 0.4)]) == 0


LINES = st.lists(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 3), st.floats(0, 1)), min_size=1, max_size=4).map(
        lambda specs: Line(
            tuple(
                Word(f"w{x}" if y == 3 else "chữ", Box(50 * x, 50 * y, 50 * x + 60, 50 * y + 40), sure)
                for x, y, sure in specs
            )
        )
    ),
    max_size=5,
)


@given(LINES, LINES)
def test_sure_words_are_lost_to_sure_ones_only_and_none_is_made_up(old, new):
    merged = [word for one in merge(old, new) for word in one.words]
    known = [word for one in [*old, *new] for word in one.words]
    assert all(any(word is other for other in known) for word in merged)
    gone = [word for one in old for word in one.words if not any(word is other for other in merged)]
    if any(word.confidence >= 0.85 for word in gone):
        assert any(word.confidence >= 0.85 for one in new for word in one.words)
    if not new:
        assert merge(old, new) == old


def ids(words):
    return frozenset(map(id, words))


def reached(new, old):
    """The words of one group, by going from word to word that share ink until no more are reached."""
    groups = set()
    for word in new:
        mine, theirs = [word], []
        while True:
            theirs = [w for w in old if any(share_ink(w, other) for other in mine)]
            more = [w for w in new if w is word or any(share_ink(other, w) for other in theirs)]
            if len(more) == len(mine):
                break
            mine = more
        groups.add((ids(mine), ids(theirs)))
    return groups


@given(LINES, LINES)
@example([line(("cả hai", 0, 120, 0.5))], [line(("một", 0, 60, 0.5), ("hai", 60, 120, 0.5), ("xa", 500, 560, 0.5))])
@example(
    [line(("a", 0, 60, 0.5), ("b", 100, 160, 0.5), ("d", 300, 360, 0.5))],
    [line(("d", 300, 360, 0.5), ("a", 0, 60, 0.5), ("b", 100, 160, 0.5), ("c", 0, 160, 0.5))],
)
def test_rivals_are_the_words_that_shared_ink_connects(old, new):
    """The groups, grown word by word, are those found by searching the whole page again from each word."""
    for row in new:
        groups = _rivals(old, row)
        assert all(len(group.old) == len(ids(group.old)) for group in groups)
        found = {(ids(group.new), ids(group.old)) for group in groups}
        assert found == reached(row.words, [w for other in old for w in other.words])
        assert len(found) == len(groups)


def test_of_two_readings_with_one_ending_the_one_with_more_ink_stands():
    cut = line(("xan", 40, 120, 0.51), ("Thị", 150, 210, 0.99))
    whole = line(("han", 10, 120, 0.41), ("Thị", 150, 210, 0.99))
    assert texts(merge([cut], [whole])) == ["han Thị"]
    assert texts(merge([whole], [cut])) == ["han Thị"]


@pytest.mark.parametrize(("word", "merged"), [("Hùng", "Hùng Cường"), ("Hùnh", "g Cường")])
def test_a_letter_left_of_a_word_gives_way_to_the_word(word, merged):
    rest = ("Cường", 150, 260, 0.99)
    assert texts(merge([line(("g", 90, 115, 0.99), rest)], [line((word, 20, 115, 0.55), rest)])) == [merged]


def test_a_letter_opens_a_line_of_words():
    rest = ("TƯỚNG", 150, 300, 0.97)
    assert texts(merge([line(("naTPHỦ", 20, 110, 0.12), rest)], [line(("Ủ", 60, 110, 0.49), rest)])) == ["Ủ TƯỚNG"]


@pytest.mark.parametrize(("x", "lines"), [(40, ["Phan Thị Diễm"]), (0, ["Thị Diễm", "Phan"])])
def test_a_surname_found_later_is_put_before_its_given_name(x, lines):
    given = line(("Thị", 150, 210, 0.99), ("Diễm", 220, 320, 0.99))
    found = Line((Word("Phan", Box(x, 0, x + 100, 40), 0.8), *given.words))
    assert texts(merge([given], [found])) == lines
