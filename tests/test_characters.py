"""No character of a document steers a terminal, breaks a file or turns the reading."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vndoc import characters
from vndoc.characters import displayed, lawful, printed, without_steering

ANY = st.text(st.characters(), max_size=60) | st.text(
    st.sampled_from(["a", " ", "\n", "\t", "\r", "\x1b", "[", "m", "\x9b", "\ud800", "\u202e", "\ufffe", "\u2028"])
)


def is_written(text: str) -> bool:
    """Whether every file and terminal takes it: UTF-8, XML 1.0, and no control but line feeds and tabs."""
    text.encode("utf-8")
    controls = {*map(chr, range(32)), *map(chr, range(0x7F, 0xA0))} - {"\n", "\t"}
    turning = {*"\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", "\ufffe", "\uffff"}
    return not (controls | turning) & set(text)


def test_what_the_examples_say():
    assert doctest.testmod(characters).failed == 0


@given(ANY)
def test_a_word_is_one_line_and_can_be_written(text):
    word = printed(text)
    assert is_written(word)
    assert not {*"\n\t"} & set(word)
    assert printed(word) == word


@given(ANY)
def test_a_text_keeps_its_length(text):
    assert is_written(lawful(text))
    assert len(lawful(text)) == len(displayed(text)) == len(text)
    assert all(a == b for a, b in zip(lawful(text), text, strict=True) if b in "\n\t" or b.isprintable())


@given(ANY)
def test_a_terminal_gets_no_escape(text):
    assert is_written(displayed(text).replace("\r\n", "\n").replace("\f", ""))


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ("\x1b[1;31mHỏa tốc\x1b[0m", "Hỏa tốc"),
        ("\x1b]8;;http://a.vn\x1b\\đây\x1b]8;;\x1b\\", "đây"),
        ("\x1b]2;không có cuối", "2;không có cuối"),
        ("\x1b(Bđã", "đã"),
        ("một\r\nhai\x0b\f\x85", "một\r\nhai\x0b\f\x85"),
    ],
)
def test_escape_sequences_go_whole(given, left):
    assert without_steering(given) == left


@pytest.mark.parametrize("letters", ["Tiếng Việt", "e\u0323\u0302", "a\u200db", "中文", "a\u00a0b", "\ue000", "😀"])
def test_letters_stay(letters):
    assert printed(letters) == lawful(letters) == displayed(letters) == letters
