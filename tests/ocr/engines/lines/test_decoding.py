"""From likelihoods to words: repeats are one, blanks nothing, other readings with their shares."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vndoc.ocr.engines.lines.alphabet import BLANK, CHARACTERS, CLASSES, labels
from vndoc.ocr.engines.lines.decoding import glyphs, readings
from vndoc.ocr.engines.lines.strips import STRIDE


def likelihoods(columns):
    """Of columns given as ``{class: probability}``; the rest is shared by all other classes."""
    scores = np.empty((len(columns), CLASSES), np.float32)
    for row, column in zip(scores, columns, strict=True):
        row[:] = (1 - sum(column.values())) / (CLASSES - len(column))
        for number, probability in column.items():
            row[number] = probability
    return np.log(np.maximum(scores, 1e-9))


def written(text, sure=0.95):
    """As the network writes: a letter at its middle, blanks between."""
    columns = [{BLANK: sure}]
    for number in labels(text):
        columns += [{number: sure}, {BLANK: sure}]
    return likelihoods(columns)


def text_of(scores):
    return " ".join(reading.text for reading in readings(scores))


@given(st.text(alphabet=CHARACTERS, max_size=40))
def test_what_was_written_is_read(text):
    assert text_of(written(text)) == " ".join(text.split())


def test_a_letter_over_several_columns_is_one_and_two_with_a_blank_between_are_two():
    (a,) = labels("a")
    sure, blank = {a: 0.9}, {BLANK: 0.9}
    assert text_of(likelihoods([sure, sure, sure])) == "a"
    assert text_of(likelihoods([sure, blank, sure])) == "aa"
    assert [glyph.column for glyph in glyphs(likelihoods([blank, {a: 0.6}, {a: 0.9}, blank]))] == [2]


def test_nothing_written_is_no_word():
    assert readings(written("")) == []
    assert readings(written("   ")) == []


def test_words_reach_to_the_blanks_around_them():
    first, second = readings(written(" nhân dân "))
    assert (first.text, second.text) == ("nhân", "dân")
    assert (first.start, first.end) == (STRIDE * 1.5, STRIDE * 11.5)
    assert (second.start, second.end) == (STRIDE * 11.5, STRIDE * 19.5)
    alone = written("nhân")
    assert readings(alone)[0].end == len(alone) * STRIDE + STRIDE / 2


def test_a_word_is_as_sure_as_all_its_letters():
    (word,) = readings(written("huyện", sure=0.9))
    assert word.score == pytest.approx(0.9**5, rel=1e-3)


def test_other_readings_come_by_their_share():
    e, hat, o = labels("ếêo")
    (word,) = readings(
        likelihoods([{BLANK: 0.9}, {e: 0.6, hat: 0.3, BLANK: 0.06}, {BLANK: 0.9}, {o: 0.95}, {BLANK: 0.9}])
    )
    assert word.text == "ếo"
    assert [text for text, _ in word.others] == ["êo", "o"]
    assert [share for _, share in word.others] == pytest.approx([0.5, 0.1], rel=1e-2)


@given(st.integers(0, 2**32 - 1), st.integers(1, 30))
def test_other_readings_are_others_each_once_and_none_likelier(seed, columns):
    """Of columns in which few letters are likely, many of which are the same."""
    rng = np.random.default_rng(seed)
    scores = np.full((columns, CLASSES), -9, np.float32)
    few = rng.integers(0, CLASSES, 4)
    scores[:, few] = rng.uniform(-4, 0, (columns, 4))
    scores -= np.log(np.exp(scores).sum(axis=1, keepdims=True))
    for word in readings(scores):
        texts = [text for text, _ in word.others]
        shares = [share for _, share in word.others]
        assert word.text
        assert 0 < word.score <= 1
        assert word.text not in texts
        assert len(set(texts)) == len(texts)
        assert all(texts)
        assert shares == sorted(shares, reverse=True)
        assert all(0 < share <= 1 for share in shares)
