"""Every record of the form's data against its own examples."""

import pytest
import regex

from vndoc.page import page_from_text
from vndoc.parse.form import anchors
from vndoc.parse.form.foot.names import read_name
from vndoc.parse.form.foot.signing import positions, read_signing_line
from vndoc.parse.form.head.recipients import read_to_places
from vndoc.parse.form.head.writing import ordinary_case
from vndoc.parse.form.slots import digit_candidates
from vndoc.parse.knowledge import best_match, likeness, load
from vndoc.parse.lines import document_lines

TYPES = load("document_types")["types"]
MARKS = load("marks")


@pytest.mark.parametrize("record", TYPES, ids=lambda r: r["name"])
def test_every_title_names_its_type_and_no_other(record: dict[str, list[str]]) -> None:
    for title in [*record["titles"], *record["examples"]]:
        found = anchors.type_of_title(title)
        assert found is not None
        assert found[0] == record["name"]


def test_type_names_and_abbreviations_of_the_decree_are_all_there() -> None:
    administrative = [t for t in TYPES if t["group"] == "administrative"]
    assert len(administrative) >= 29
    assert len({t["name"] for t in TYPES}) == len(TYPES)
    shorts = [a for t in administrative for a in t["abbreviations"]]
    assert len(set(shorts)) == len(shorts)


@pytest.mark.parametrize(
    ("title", "name"),
    [("QUYÉT ĐỊNH", "Quyết định"), ("GIẦY MỜI", "Giấy mời"), ("| KÉ HOẠCH", "Kế hoạch"), ("CHÍ THỊ", "Chỉ thị")],
)
def test_misread_titles(title: str, name: str) -> None:
    assert (anchors.type_of_title(title) or ("", 0))[0] == name


@pytest.mark.parametrize("text", ["QUYẾT ĐỊNH:", "Quyết định số 12", "ỦY BAN NHÂN DÂN", "TM", "Kế hoạch này"])
def test_what_is_no_title(text: str) -> None:
    assert anchors.type_of_title(text) is None


def test_marks_are_capitals_and_whole() -> None:
    assert anchors.mark_of("HÓA TỐC |") is not None
    for text in ("Mật", "MẶT", "BẢO MẬT", "khẩn trương", ""):
        assert anchors.mark_of(text) is None


@pytest.mark.parametrize("record", MARKS["overlays"], ids=lambda r: r["pattern"][:20])
def test_overlays(record: dict[str, list[str]]) -> None:
    assert all(anchors.is_overlay(example) for example in record["examples"])


def test_overlays_leave_the_letter_alone() -> None:
    for text in ("Quảng Nam, ngày 05 tháng 01 năm 2021", "Số: 12/QĐ-UBND", "1. Cơ quan chủ trì: Sở Y tế"):
        assert not anchors.is_overlay(text)


def test_national_titles() -> None:
    for record in MARKS["national_titles"]:
        assert all(anchors.is_national_title(example) for example in record["examples"])
    assert anchors.is_national_title("CỌNG HOA XÁ HỘI CHÚ NGHĨA VIỆT NAM")
    assert anchors.is_motto("Độc lập — Tự do —- Hanh phúc")


@pytest.mark.parametrize("record", load("signing")["powers"], ids=lambda r: r["name"])
def test_signing_powers(record: dict[str, list[str]]) -> None:
    for example in record["examples"]:
        found = read_signing_line(example)
        assert found is not None
        assert found.power in (record["name"], record["party"])
        assert found.text == example


def test_positions_name_themselves_and_their_deputies() -> None:
    for name, deputy in positions().items():
        found = read_signing_line(name)
        assert found is not None
        assert (found.power, found.rest) == (None, name)
        assert deputy is None or deputy in positions()


def test_organ_examples() -> None:
    for capitals, ordinary in load("organs")["examples"]:
        assert ordinary_case(capitals) == ordinary
    for body in load("organs")["named"]:
        assert ordinary_case(body["name"].upper()) == body["name"]
        assert len(body["abbreviations"]) >= 1


def test_provinces_keep_their_capitals() -> None:
    for place in load("places")["provinces"]:
        assert ordinary_case(f"SỞ Y TẾ {place['unit'].upper()} {place['name'].upper()}").endswith(place["name"])


def test_surnames_open_names() -> None:
    for surname in load("surnames")["surnames"]:
        assert regex.fullmatch(r"\p{Lu}[\p{L}']*", surname)
    for name in ("Đặng Văn Minh", "Hà Thị Lê Vân", "Vũ Huy Hoàng"):
        assert read_name(name) == (name, 1.0)


def test_letters_read_for_digits() -> None:
    shares = load("digits")["looks_like"].values()
    assert [sum(share.values()) for share in shares] == pytest.approx([1] * len(shares))
    for read, digits in load("digits")["examples"]:
        assert digits in [text for text, _ in digit_candidates(read)]


def test_addressee_examples() -> None:
    for read, meant in load("addressees")["examples"]:
        rows = document_lines([page_from_text(f"Nơi nhận:\n- {read};")])
        assert [found.value for found in read_to_places(rows)] == [meant]


def test_likeness_is_of_letters_alone() -> None:
    assert likeness("ỦY BAN", "uy ban") == 1
    assert best_match("CHỦ TỊCH", ("PHÓ CHỦ TỊCH", "CHỦ TỊCH")) == ("CHỦ TỊCH", 1.0)
    assert best_match("x", ()) is None
