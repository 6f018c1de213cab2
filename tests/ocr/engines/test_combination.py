"""Two readings of a line made one: nothing that is sure is lost, the surer word is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vndoc.ocr.engines.combination import combined
from vndoc.page import Box, Line, Word


def line(*words, **more):
    """Of ``(text, left, right, confidence)``."""
    return Line(tuple(Word(text, Box(x0, 10, x1, 40), sure) for text, x0, x1, sure in words), **more)


def told(read):
    return [(word.text, word.confidence) for word in read.words]


def test_a_word_that_both_read_alike_is_surer_than_either_says():
    read = combined(
        line(("nhân", 0, 80, 0.6), ("dân", 100, 160, 0.9)), line(("nhân", 2, 79, 0.7), ("dân", 99, 161, 0.5))
    )
    assert [word.text for word in read.words] == ["nhân", "dân"]
    assert 0.7 < read.words[0].confidence < 1
    assert 0.9 < read.words[1].confidence < 1
    assert read.words[0].box == Box(0, 10, 80, 40)


def test_of_two_readings_the_surer_is_kept_and_own_where_they_are_even():
    own = line(("nhan", 0, 80, 0.4), ("dân", 100, 160, 0.9), ("xã", 180, 220, 0.5))
    other = line(("nhân", 2, 79, 0.8), ("dàn", 99, 161, 0.6), ("xả", 180, 220, 0.5))
    assert told(combined(own, other)) == [("nhân", 0.8), ("dân", 0.9), ("xã", 0.5)]


def test_one_word_against_two_is_weighed_by_letters():
    own = line(("nhândân", 0, 160, 0.5))
    assert told(combined(own, line(("nhân", 0, 80, 0.9), ("dân", 90, 160, 0.8)))) == [("nhân", 0.9), ("dân", 0.8)]
    assert told(combined(own, line(("nhân", 0, 80, 0.6), ("d", 90, 160, 0.1)))) == [("nhândân", 0.5)]


def test_what_only_one_sees():
    """The own reading stays; of the other what it is sure of, for strokes and specks are read without confidence."""
    own, other = line(("nhân", 0, 80, 0.3)), line(("nhân", 0, 80, 0.3), ("dân", 100, 160, 0.9), ("~", 200, 230, 0.2))
    assert [word.text for word in combined(own, other).words] == ["nhân", "dân"]
    assert [word.text for word in combined(other, line(("x", 300, 320, 0.6))).words] == ["nhân", "dân", "~", "x"]


def test_a_number_that_the_own_reader_has_not_read_is_doubted():
    """Only that one sees whether a number is print or was written in a blank."""
    other = line(("464", 0, 80, 0.9), ("dân", 100, 160, 0.9))
    assert told(combined(line(("4b4", 0, 80, 0.3), ("dân", 100, 160, 0.9)), other))[0] == ("464", 0.4)
    assert told(combined(line(("dân", 100, 160, 0.9)), other))[0][0] == "dân"
    both = combined(line(("464", 0, 80, 0.7)), line(("464", 0, 80, 0.9)))
    assert both.words[0].confidence > 0.9


def test_base_line_and_size_are_those_of_the_own_reading():
    read = combined(line(("a", 0, 20, 0.5), base_line=38.0, em=43.0), line(("b", 0, 20, 0.9)))
    assert (read.text, read.base_line, read.em) == ("b", 38.0, 43.0)


def test_words_without_a_place_are_kept():
    assert combined(Line((Word("không"),)), Line(())).text == "không"
    assert combined(Line(()), line(("dân", 0, 60, 0.9))).text == "dân"
    assert combined(Line(()), Line(())).words == ()


def words(prefix):
    """A line's words, of which no two overlap."""
    entry = st.tuples(st.integers(5, 60), st.integers(1, 30), st.floats(0, 1))
    return st.lists(entry, max_size=8).map(lambda entries: _in_a_row(prefix, entries))


def _in_a_row(prefix, entries):
    row, x = [], 0
    for number, (width, gap, sure) in enumerate(entries):
        row.append((prefix + "xyzxyzxyz"[number] * (number + 1), x + gap, x + gap + width, sure))
        x += gap + width
    return line(*row)


@given(words("a"), words("b"))
def test_no_ink_is_lost_and_no_word_is_invented(own, other):
    read = combined(own, other)
    assert set(read.words) <= {*own.words, *other.words}
    for word in own.words:
        assert any(kept.box.x0 < word.box.x1 and word.box.x0 < kept.box.x1 for kept in read.words)
    for word in other.words:
        near = [kept for kept in read.words if kept.box.x0 < word.box.x1 and word.box.x0 < kept.box.x1]
        assert near or word.confidence < 0.5


@given(words("a"))
def test_a_reading_beside_itself_or_nothing_is_the_same(own):
    assert combined(own, Line(())) == own
    twice = combined(own, own)
    assert [word.text for word in twice.words] == [word.text for word in own.words]
    assert all(a.confidence >= b.confidence for a, b in zip(twice.words, own.words, strict=True))


@pytest.mark.parametrize("sure", [0.0, 1.0])
def test_confidences_stay_confidences(sure):
    (word,) = combined(line(("dân", 0, 60, sure)), line(("dân", 0, 60, sure))).words
    assert 0 <= word.confidence <= 1


def test_what_the_other_reads_a_number_as_is_kept():
    own, other = line(("28", 0, 80, 0.9), ("tháng", 100, 160, 0.9)), line(("2", 0, 80, 0.6), ("thàng", 99, 161, 0.5))
    number, word = combined(own, other).words
    assert number.text == "28"
    assert number.alternatives == (("2", pytest.approx(0.6 / 0.9)),)
    assert word.alternatives == ()
    assert combined(line(("XII,", 0, 80, 0.9)), line(("XI,", 0, 80, 0.8))).words[0].alternatives[0][0] == "XI,"
