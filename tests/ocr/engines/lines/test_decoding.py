"""From likelihoods to words and their other readings."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vndoc.ocr.engines.lines.alphabet import BLANK, CHARACTERS, CLASSES, collapsed, labels
from vndoc.ocr.engines.lines.decoding import readings


def likelihoods(columns):
    """Of columns as ``{character: probability}``; the empty text is CTC's blank, and takes what is left."""
    table = np.full((len(columns), CLASSES), 1e-9)
    for row, column in zip(table, columns, strict=True):
        for character, p in column.items():
            row[labels(character)[0] if character else BLANK] = p
        row[BLANK] += max(0.0, 1 - sum(column.values()))
    return np.log(table / table.sum(axis=1, keepdims=True)).astype(np.float32)


def sure(text):
    return [column for character in text for column in ({character: 1.0}, {})]


def test_sure_words_have_no_other_readings():
    read = readings(likelihoods([{}, *sure("hai từ"), {}]))
    assert [word.text for word in read] == ["hai", "từ"]
    assert all(word.score > 0.99 and not word.others for word in read)
    assert read[0].start == 2
    assert read[0].end == read[1].start


def test_a_letter_seen_in_two_columns_is_not_read_twice():
    # the best path has both, as each is likelier than nothing; all paths with one together are likelier
    columns = [*sure("t"), {"ử": 0.55, "": 0.45}, {"ừ": 0.51, "": 0.27, "ử": 0.22}]
    (word,) = readings(likelihoods(columns))
    assert collapsed(likelihoods(columns).argmax(axis=1).tolist()) == "tửừ"
    assert word.text == "tử"
    assert dict(word.others).keys() >= {"tửừ", "từ"}


def test_a_doubtful_blank_is_another_reading():
    (word,) = readings(likelihoods([*sure("bị"), {" ": 0.45, "": 0.55}, *sure("hại")]))
    assert word.text == "bịhại"
    assert dict(word.others)["bị hại"] == pytest.approx(0.45 / 0.55, rel=1e-3)


@given(
    st.lists(
        st.dictionaries(st.sampled_from("abc"), st.floats(0.02, 0.32), max_size=3), min_size=1, max_size=5
    )
)  # fmt: skip
@settings(deadline=None)
def test_probabilities_are_those_of_all_paths(columns):
    table = likelihoods(columns)
    whole = dict.fromkeys(["", "a", "b", "c"], 0.0)
    for path in product([BLANK, *labels("abc")], repeat=len(columns)):
        text = collapsed(path)
        whole[text] = whole.get(text, 0.0) + math.exp(sum(float(table[t, k]) for t, k in enumerate(path)))
    for word in readings(table):
        assert word.score <= whole[word.text] + 1e-4
        assert word.score >= whole[word.text] * 0.9 - 1e-2
        shares = [share for _, share in word.others]
        assert shares == sorted(shares, reverse=True)
        assert word.text not in dict(word.others)


@given(st.text([c for c in CHARACTERS if c != " "], min_size=1, max_size=12))
@settings(deadline=None)
def test_what_is_sure_is_read(text):
    assert [word.text for word in readings(likelihoods(sure(text)))] == [text]


def test_no_ink_is_no_word():
    assert readings(likelihoods([{}] * 5)) == []
    assert readings(likelihoods([{" ": 1.0}] * 5)) == []


@given(st.text(CHARACTERS, max_size=40))
@settings(deadline=None)
def test_a_line_is_read_in_words(text):
    assert [word.text for word in readings(likelihoods([{}, *sure(text)]))] == text.split()


@given(st.integers(0, 2**32 - 1), st.integers(1, 12))
@settings(deadline=None, max_examples=30)
def test_other_readings_are_others_each_once(seed, columns):
    """Of columns in which few letters are likely, many of which are the same."""
    rng = np.random.default_rng(seed)
    few = rng.choice(list("abê1"), 3, replace=False)
    table = likelihoods([dict(zip(few, rng.dirichlet([0.5] * 4)[:3], strict=True)) for _ in range(columns)])
    for word in readings(table):
        texts = [text for text, _ in word.others]
        assert 0 < word.score <= 1
        assert word.text
        assert word.text not in texts
        assert len({*texts}) == len(texts)
        assert all(texts)
        assert word.start < word.end
