"""Numbers written out."""

import pytest
import regex

from vndoc.parse.fold import fold
from vndoc.parse.knowledge import load
from vndoc.parse.numerals import number, number_words


@pytest.mark.parametrize(("words", "value"), load("numerals")["examples"].items())
def test_examples(words: str, value: int) -> None:
    assert number(words) == value
    assert regex.fullmatch(number_words(years=value > 1999), fold(words))


@pytest.mark.parametrize(("words", "value"), [("05", 5), ("sau", None), ("nam", None), ("", None), ("mười mười", None)])
def test_digits_and_words_without_their_marks(words: str, value: int | None) -> None:
    assert number(words) == value
