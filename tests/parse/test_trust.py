"""How signals for and against a value move its confidence."""

import pytest

from vndoc.page import Word
from vndoc.parse.evidence import FieldValue
from vndoc.parse.knowledge import load
from vndoc.parse.trust import abbreviates, confidence_of, is_scrap, leads, signals_of, trusted
from vndoc.trace import traced

FIELDS = {"subject": {"bias": 0.5, "weights": {"score": 1.0, "weakest": -2.0, "scraps": -1.0}}}


def subject(text: str, *confidences: float) -> FieldValue[str]:
    words = tuple(Word(part, None, sure) for part, sure in zip(text.split(), confidences, strict=True))
    return FieldValue(text, 0.9, words=words)


@pytest.mark.parametrize(
    "word",
    ["3nhân", "Ủa,bqg", "gg5555", "n", "v", "hà~nh", "«t|q"],
)
def test_scraps(word: str) -> None:
    assert is_scrap(word)


@pytest.mark.parametrize(
    "word",
    ["nhân", "ý", "y", "a", "Internet", "TT-BTM", "02/2007/TT-BTM", "100m2", "Covid-19", "CTrTT", "2a", "10-2017",
     "SVH,TT&DL", "sản,xuất", "km", "m3", "G7", "(03b)", "9,5", "TTATGT", "Đăk", "H'Leo", "1.200ha", "5G"],
)  # fmt: skip
def test_no_scraps(word: str) -> None:
    assert not is_scrap(word)


def test_signals_are_those_of_the_words() -> None:
    signals = signals_of(subject("tổ chức 3nhân dân", 0.9, 0.8, 0.2, 1.0))
    assert signals["score"] == pytest.approx(2.197, abs=0.001)
    assert signals["weakest"] == pytest.approx(0.8)
    assert signals["hardly"] == pytest.approx(0.25)
    assert signals["scraps"] == pytest.approx(0.5)
    assert signals["inferred"] == 0.0


def test_a_value_without_words_has_only_its_score() -> None:
    assert signals_of(FieldValue("Kon Tum", 0.5)) == {
        "score": 0.0, "weakest": 0.0, "hardly": 0.0, "scraps": 0.0, "inferred": 0.0,
    }  # fmt: skip


def test_weights_make_a_confidence() -> None:
    signals = {"score": 1.5, "weakest": 0.5, "scraps": 0.0}
    assert confidence_of("subject", 0.9, signals, FIELDS) == pytest.approx(0.731, abs=0.001)
    assert confidence_of("place", 0.9, signals, FIELDS) == 0.9


def test_what_contradicts_a_value_withholds_it_and_says_so() -> None:
    found = subject("bổ nhiệm Bí thư n tướng Chính phủ", *[0.99] * 8)
    with traced() as notes:
        held = trusted("subject", found, signals_of(found), FIELDS)
    assert held.sure is None
    assert held.evidence().candidates
    assert any("scraps" in note.why for note in notes)


@pytest.mark.parametrize(
    ("position", "organ", "worth"),
    [
        ("PHÓ CHỦ TỊCH", "Ủy ban nhân dân xã Trà Tân", 1.0),
        ("PHÓ HIỆU TRƯỞNG", "Bộ Công an", -1.0),
        ("PHÓ GIÁM", "Viễn thông Hải Dương", -1.0),
        ("TỔNG GIÁM ĐỐC", "Tổng công ty Điện lực", 1.0),
        ("KIỂM TOÁN TRƯỞNG", "Kiểm toán nhà nước khu vực V", 0.0),
        (None, "Bộ Y tế", 0.0),
        ("BỘ TRƯỞNG", None, 0.0),
    ],
)
def test_who_leads_what(position: str | None, organ: str | None, worth: float) -> None:
    assert leads(position, organ) == worth


@pytest.mark.parametrize(
    ("notation", "organ", "worth"),
    [
        ("SGDĐT-CTrTT", "Sở Giáo dục và Đào tạo", 1.0),
        ("QĐ-UBND", "Ủy ban nhân dân tỉnh An Giang", 1.0),
        ("QĐ-TTg", "Thủ tướng Chính phủ", 1.0),
        ("TB-BGH", "Trường Đại học Công nghệ", 0.0),
        (None, "Bộ Y tế", 0.0),
    ],
)
def test_abbreviations(notation: str | None, organ: str, worth: float) -> None:
    assert abbreviates(notation, organ) == worth


def test_every_kind_of_body_is_led_by_somebody_known() -> None:
    titles = {row["name"] for row in load("signing")["positions"]}
    for row in load("trust")["heads"]:
        assert any(any(head in title for title in titles) for head in row["heads"]), row


def test_the_weights_are_of_known_signals() -> None:
    known = {
        "abbreviates",
        "certified",
        "cut",
        "hardly",
        "inferred",
        "known",
        "leads",
        "scraps",
        "score",
        "short",
        "weakest",
    }
    for pointer, fitted in load("trust")["fields"].items():
        assert set(fitted["weights"]) <= known, pointer
        assert fitted["weights"].get("score", 1.0) >= 0, pointer
