"""The registry against itself: every record has dates and examples, reads its examples, and no other record does."""

import json
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import regex

from tests.parse.passages import zoned
from vndoc.parse.form.anchors import mark_of
from vndoc.parse.form.head.writing import ordinary_case
from vndoc.parse.knowledge import load
from vndoc.parse.notation import office_of_homonym, parse_notation
from vndoc.parse.places import place_at
from vndoc.parse.references.reading import Cited, read_references

LISTS = {
    "document_types": ("types",),
    "acts": ("acts",),
    "organs": ("named",),
    "places": ("provinces",),
    "units": ("groups",),
    "marks": ("national_titles", "urgency", "secrecy", "circulation", "draft"),
    "signing": ("powers", "positions"),
    "notations": ("forms", "homonyms"),
}
RECORDS = [(file, name, record) for file, names in LISTS.items() for name in names for record in load(file)[name]]
TYPES = load("document_types")["types"]
BODIES = load("organs")["named"]


def read(body: str, own_type: str | None = None) -> Cited:
    return read_references(*zoned(body), own_type)


@pytest.mark.parametrize("file", LISTS)
def test_every_record_has_examples_and_the_days_between_which_it_held(file: str) -> None:
    for _, _, record in (r for r in RECORDS if r[0] == file):
        assert record["examples"]
        start, end = (record[key] and date.fromisoformat(record[key]) for key in ("from", "to"))
        assert not (start and end) or start < end


@pytest.mark.parametrize("record", [t for t in TYPES if t["code_examples"]], ids=lambda t: t["name"])
def test_a_code_gives_its_type_and_no_other(record: dict[str, Any]) -> None:
    for code in record["code_examples"]:
        (found,) = read(f"Theo nội dung số {code} đã gửi.").references
        assert found.type_name == record["name"]


def test_the_types_of_the_decree_and_their_abbreviations() -> None:
    """Decree 30/2020/NĐ-CP, Article 7 and Appendix III: 29 types, 27 of them abbreviated; three kinds of copies."""
    decree = {
        "Nghị quyết": "NQ", "Quyết định": "QĐ", "Chỉ thị": "CT", "Quy chế": "QC", "Quy định": "QyĐ", "Thông cáo": "TC",
        "Thông báo": "TB", "Hướng dẫn": "HD", "Chương trình": "CTr", "Kế hoạch": "KH", "Phương án": "PA",
        "Đề án": "ĐA", "Dự án": "DA", "Báo cáo": "BC", "Biên bản": "BB", "Tờ trình": "TTr", "Hợp đồng": "HĐ",
        "Công điện": "CĐ", "Bản ghi nhớ": "BGN", "Bản thỏa thuận": "BTT", "Giấy ủy quyền": "GUQ", "Giấy mời": "GM",
        "Giấy giới thiệu": "GGT", "Giấy nghỉ phép": "GNP", "Phiếu gửi": "PG", "Phiếu chuyển": "PC", "Phiếu báo": "PB",
        "Bản sao y": "SY", "Bản trích sao": "TrS", "Bản sao lục": "SL",
    }  # fmt: skip
    known = {t["name"]: t["abbreviations"] for t in TYPES}
    assert {name: known[name][0] for name in decree} == decree
    assert {"Công văn", "Thư công"} <= set(known)


@pytest.mark.parametrize("body", BODIES, ids=lambda b: b["name"])
def test_a_body_is_named_by_its_examples_alone(body: dict[str, Any]) -> None:
    for example in body["examples"]:
        notation = parse_notation(example)
        if notation is None:
            assert ordinary_case(example) == body["name"]
            continue
        code = regex.sub(r"\d+$", "", regex.split(r"[-/.&]", notation.issuer)[0])
        assert [b["name"] for b in BODIES if code in b["abbreviations"]] == [body["name"]]


@pytest.mark.parametrize("record", load("notations")["homonyms"], ids=lambda r: r["code"])
def test_letters_of_an_office_are_no_type(record: dict[str, Any]) -> None:
    for code in record["examples"]:
        notation = parse_notation(code)
        assert notation is not None
        assert notation.kind is None
        assert notation.issuer.split("-")[0] == record["code"]
        assert str(notation) == code


def test_letters_that_may_be_a_type_or_an_office() -> None:
    offices = {
        code: office_of_homonym(n) for code in ("9/CT-XHH", "9/CT-UBND", "9/TTr-XHH") if (n := parse_notation(code))
    }
    assert offices == {"9/CT-XHH": "Cục Thuế", "9/CT-UBND": None, "9/TTr-XHH": None}


def test_acts_are_read_whole_and_once() -> None:
    for act in load("acts")["acts"]:
        for example in act["examples"]:
            (named,) = read(f"theo quy định của {example} năm 1999.").named_references
            assert (named.type_name, named.title, named.year) == (act["type"], act["title"], 1999)


def test_places_are_read_whole() -> None:
    for province in load("places")["provinces"]:
        assert place_at(province["unit"], f" {province['name']} về", 0) == (province["name"], len(province["name"]) + 1)
    for group in load("units")["groups"]:
        for name in group["names"][::23]:
            if not name[0].isdigit():
                found, end = place_at(group["level"], f" {name}, ", 0)
                assert (found, end) == (name, len(name) + 1)


def test_merged_provinces_went_into_one_that_is_there() -> None:
    provinces = {p["name"]: p for p in load("places")["provinces"]}
    assert len([p for p in provinces.values() if p["to"] is None]) == 34
    for province in provinces.values():
        assert (province["to"] is None) == (province["into"] is None)
        assert province["into"] is None or provinces[province["into"]]["to"] is None


@pytest.mark.parametrize(
    ("level", "text", "name"),
    [
        ("tỉnh", " Quảng Ngải về", "Quảng Ngãi"),
        ("TP.", " Hồ Chí Minh Ban hành", "Hồ Chí Minh"),
        ("xã", " Hoà Bình", "Hoà Bình"),
        ("huyện", " Không Có Thật", None),
        ("quận", " 7", None),
        ("tỉnh", "", None),
    ],
)
def test_a_place_is_spelt_as_known_where_one_alone_can_be_meant(level: str, text: str, name: str | None) -> None:
    assert place_at(level.lower(), text, 0)[0] == name


@pytest.mark.parametrize("field", ["urgency", "secrecy", "circulation", "draft"])
def test_marks_give_their_field(field: str) -> None:
    for record in load("marks")[field]:
        for example in record["examples"]:
            mark = mark_of(example)
            assert mark is not None
            assert (mark.field, mark.value) == (field, record["name"])


@pytest.mark.parametrize("example", load("antecedents")["examples"], ids=lambda e: e["text"])
def test_words_that_point_back(example: dict[str, Any]) -> None:
    """A document of that type is cited first; the words then mean it, or nothing."""
    kind = example["type"] or "Kế hoạch"
    (document,) = read(f"{kind} số 5/XY-UBND của UBND tỉnh. Ngoài ra, {example['text']}").references
    assert len(document.mentions) == (2 if example["type"] else 1)
    if example["type"]:
        assert document.mentions[1].text.casefold().endswith(example["deictic"])


@pytest.mark.parametrize(
    ("level", "example"), [(k, e) for k, r in load("provisions")["levels"].items() for e in r["examples"]]
)
def test_provisions_of_every_level(level: str, example: str) -> None:
    found = read(f"theo {example} Nghị định số 30/2020/NĐ-CP.").provisions
    assert found
    assert all(getattr(p, level) is not None and p.document == "/references/0" for p in found)


RELATIONS = load("relations")["relations"]


@pytest.mark.parametrize("record", RELATIONS, ids=lambda r: r["name"])
def test_a_phrase_gives_its_relation(record: dict[str, Any]) -> None:
    for example in record["examples"]:
        before = "Nghị định số 9/2019/NĐ-CP " if record.get("by") else ""
        found = read(f"{before}{example}.")
        mention = [*found.references, *found.named_references][-1].mentions[-1]
        assert mention.relation == record["name"]
        assert mention.relation_of == ("/references/0" if record.get("by") else None)


def test_a_phrase_gives_one_relation() -> None:
    phrases = [phrase for record in RELATIONS for phrase in record["phrases"]]
    assert len(set(phrases)) == len(phrases)


CHECKED = {
    "about",
    "examples",
    "not",
    "readings",
    "not_positions",
    "from",
    "to",
    "into",
    "code_examples",
    "code_not",
    "deictic",
    "comment",
    "why",
    "features",
    "relations",
}
"""Keys that are there for those who read the data and for the tests."""


def keys(data: object) -> Iterator[str]:
    """The names of a file's own lists and of the fields of their records; not those of tables by word."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield key
            for record in value if isinstance(value, list) else ():
                yield from record if isinstance(record, dict) else ()


def test_every_key_of_the_data_is_read_by_some_code() -> None:
    root = files("vndoc")
    code = "\n".join(path.read_text(encoding="utf-8") for path in Path(str(root)).rglob("*.py"))
    for path in Path(str(root)).joinpath("parse", "data").glob("*.json"):
        named = set(keys(json.loads(path.read_text(encoding="utf-8"))))
        unread = {key for key in named if f'"{key}"' not in code and f"'{key}'" not in code}
        assert unread <= CHECKED, path.name
