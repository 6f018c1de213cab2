import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vndoc.repair import repair
from vndoc.repair.letters import is_syllable, normalised

TEXT = "Ủy ban nhân dân tỉnh Lạc Hồng đề nghị các sở, ngành nghiên cứu, điều chỉnh; Đường Trường Sơn, ngoằn ngoèo"


def tone_first(text):
    """The marks of each letter with the tone before the circumflex or breve, as it may be typed."""
    out = unicodedata.normalize("NFD", text)
    for mark in "\u0302\u0306":
        for tone in "\u0300\u0301\u0303\u0309":
            out = out.replace(mark + tone, tone + mark)
    return out


@pytest.mark.parametrize(
    "written",
    [
        unicodedata.normalize("NFD", TEXT),
        tone_first(TEXT),
        TEXT.replace("đ", "ð").replace("Đ", "Ð"),
        TEXT.replace("Đ", "Ɖ").replace("ư", "ƣ"),
        TEXT.replace("a", "a\u200b").replace("ban", "b\u00adan"),
    ],
)
def test_letters_become_those_of_vietnamese(written):
    assert normalised(written) == TEXT


@given(st.text())
def test_normalising_twice_changes_nothing(text):
    assert normalised(normalised(text)) == normalised(text)


@given(st.text(alphabet=st.characters(codec="ascii")))
def test_plain_letters_stay(text):
    assert normalised(text) == text


def test_texts_are_normalised_too():
    assert repair(unicodedata.normalize("NFD", TEXT).replace("đ", "ð"), "clean").text == TEXT


@pytest.mark.parametrize("word", ["HỒNG", "hoà", "hòa", "Quý", "gìn", "nghiêng", "Uỷ", "uỷ", "khuya", "ĐƯỢC"])
def test_syllables(word):
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["HỒỒNG", "SỞỞ", "nhậận", "vớớti", "dượƣc", "", "12", "tấn̉g"])
def test_no_syllables(word):
    assert not is_syllable(word)
