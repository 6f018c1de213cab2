"""No reading is replaced by a value that its letters contradict: every known value against every other."""

import pytest

from tests.parse.misreadings import confused, misreadings
from vndoc.page import page_from_text
from vndoc.parse.form import anchors
from vndoc.parse.form.foot.names import read_name
from vndoc.parse.form.foot.signing import positions, read_signing_line
from vndoc.parse.form.head.recipients import read_to_places
from vndoc.parse.knowledge import bare, load
from vndoc.parse.lines import document_lines
from vndoc.parse.misreading import clearest, code_cost, is_well_spelt, misread_cost
from vndoc.parse.notation import parse_notation
from vndoc.parse.places import place_at

SIGNING = load("signing")
CONFUSIONS = load("confusions")
DEGREES = ["ThS.", "TS.", "PGS.TS.", "GS.TS.", "BS.CKII.", "BS.", "KS.", "LS.", "CN.", "NGƯT.", "ĐẠI TÁ", "Thượng tá"]
SURNAMES = [surname for surname in load("surnames")["surnames"] if surname.isalpha() and surname != "Ông"]
MARKS = {
    e: r["name"]
    for f in ("urgency", "secrecy", "circulation", "draft")
    for r in load("marks")[f]
    for e in r["examples"]
}
TITLES = {title: t["name"] for t in load("document_types")["types"] for title in t["titles"]}


def is_honest(read: str, value: str, known: str) -> bool:
    """Whether the value is what was printed, or has the letters that were read, marks aside."""
    return value == known or bare(value) == bare(read)


def entry(text: str) -> str | None:
    found = read_to_places(document_lines([page_from_text(f"Nơi nhận:\n- {text};")]))
    return found[0].value if found else None


@pytest.mark.parametrize(("read", "known"), CONFUSIONS["examples"])
def test_confusions_explain_a_misreading(read: str, known: str) -> None:
    assert misread_cost(read, known) is not None


@pytest.mark.parametrize(("read", "known"), CONFUSIONS["not"])
def test_confusions_explain_no_other_word(read: str, known: str) -> None:
    assert misread_cost(read, known) is None


def test_confusions_of_codes() -> None:
    assert all(code_cost(read, known) is not None for read, known in CONFUSIONS["code_examples"])
    assert all(code_cost(read, known) is None for read, known in CONFUSIONS["code_not"])


@pytest.mark.parametrize("word", ["HIỆU", "giám", "Nguyễn", "ưu", "quyết", "nghiêng", "y"])
def test_syllables_are_well_spelt(word: str) -> None:
    assert is_well_spelt(word)


@pytest.mark.parametrize("word", ["GLAM", "ĐÓỌC", "TOÔNG", "TIC", "TŒ", "1M", "Zx", "balô-", ""])
def test_what_nobody_writes_is_not(word: str) -> None:
    assert not is_well_spelt(word)


def test_several_likely_values_are_none() -> None:
    assert clearest("THỪ TRƯỞNG", ("THỨ TRƯỞNG", "THỦ TRƯỞNG")) is None
    assert clearest("THỦ TRƯỞNG", ("THỨ TRƯỞNG", "THỦ TRƯỞNG")) == ("THỦ TRƯỞNG", 0.0)
    assert clearest("HOÁ TỐC", ("HOẢ TỐC", "HỎA TỐC"), {"HOẢ TỐC": 1, "HỎA TỐC": 1}.__getitem__) is not None
    assert clearest("", ("x",)) is None


@pytest.mark.parametrize("power", SIGNING["powers"], ids=lambda p: p["name"])
def test_powers_and_what_is_none(power: dict[str, list[str]]) -> None:
    for line in power["readings"]:
        found = read_signing_line(line)
        assert found is not None
        assert found.power == power["name"]
    for line in power["not"]:
        found = read_signing_line(line)
        assert found is None or found.power != power["name"]


@pytest.mark.slow
@pytest.mark.parametrize("degree", DEGREES)
def test_ranks_and_degrees_give_nobody_a_power(degree: str) -> None:
    for title in positions():
        found = read_signing_line(f"{degree} {title}")
        assert found is not None
        assert (found.power, found.rest) == (None, title)


@pytest.mark.parametrize("title", SIGNING["not_positions"])
def test_a_title_on_no_list_is_none_that_is(title: str) -> None:
    for read in (title, *misreadings(title, 10)):
        for power in ("", "KT. "):
            found = read_signing_line(power + read)
            assert found is None or is_honest(read, found.rest, title)


@pytest.mark.slow
@pytest.mark.parametrize("title", positions())
def test_a_title_misread_is_itself_or_as_read(title: str) -> None:
    for read in misreadings(title):
        for power in ("", "KT. "):
            found = read_signing_line(power + read)
            assert found is None or is_honest(read, found.rest, title), read
            assert found is None or found.power == (power.strip() or None)


@pytest.mark.slow
@pytest.mark.parametrize("surname", SURNAMES)
def test_a_surname_misread_is_itself_or_as_read(surname: str) -> None:
    assert read_name(f"{surname} Mạnh Khải") == (f"{surname} Mạnh Khải", 1.0)
    for read in misreadings(surname):
        found = read_name(f"{read} Mạnh Khải")
        assert found is None or is_honest(read, found[0].split()[0], surname), read


@pytest.mark.parametrize("wording", MARKS)
def test_a_mark_misread_is_itself_or_none(wording: str) -> None:
    for read in misreadings(wording):
        mark = anchors.mark_of(read)
        assert mark is None or mark.value in (MARKS[wording], MARKS.get(read)), read


@pytest.mark.parametrize("title", TITLES)
def test_a_type_misread_is_itself_or_none(title: str) -> None:
    for read in misreadings(title):
        found = anchors.type_of_title(read)
        assert found is None or found[0] in (TITLES[title], TITLES.get(read)), read


@pytest.mark.parametrize(
    "text",
    ["THÔNG TIN", "KẾ TOÁN", "CÔNG ĐOÀN", "TỜ KHAI", "BIÊN LAI", "ĐIỀU LỆNH", "GIẤY NỢ", "BÁO GIÁ", "QUYẾT TOÁN"],
)
def test_other_headings_are_no_type(text: str) -> None:
    assert anchors.type_of_title(text) is None


@pytest.mark.parametrize("mend", load("addressees")["mends"], ids=lambda m: m["text"])
def test_mends_of_entries(mend: dict[str, list[str]]) -> None:
    assert [entry(read) for read, _ in mend["examples"]] == [meant for _, meant in mend["examples"]]
    assert [entry(read) for read in mend["not"]] == mend["not"]


def test_entries_that_stay_as_read() -> None:
    data = load("addressees")
    for text in [*data["not"], *data["phrases"], *data["other_phrases"], *data["abbreviations"]]:
        assert entry(text) == text


@pytest.mark.parametrize("code", load("addressees")["abbreviations"])
def test_an_everyday_abbreviation_misread_is_itself_or_as_read(code: str) -> None:
    for read in confused(code):
        assert entry(f"{read} tỉnh") in (f"{code} tỉnh", f"{read} tỉnh")


@pytest.mark.parametrize("record", [*load("notations")["misread_kinds"], *load("notations")["misread_issuers"]])
def test_codes_as_ocr_leaves_them(record: dict[str, list[str]]) -> None:
    for code in record["examples"]:
        assert str(record.get("kind") or record.get("issuer")) in str(parse_notation(code))
    assert [str(parse_notation(code)) for code in record["not"]] == record["not"]


KINDS = sorted({a for t in load("document_types")["types"] for a in t["abbreviations"] if a.isalpha()})
BODIES = [short for body in load("organs")["named"] for short in body["abbreviations"]]
ISSUERS = sorted({*load("notations")["state_issuers"], *BODIES})
LISTED = {read for record in load("notations")["misread_kinds"] for read in record["read"]}
"""Misreadings of so common a type that no other comes near."""


@pytest.mark.parametrize("kind", KINDS)
def test_a_type_s_abbreviation_misread_is_itself_or_as_read(kind: str) -> None:
    for read in confused(kind):
        found = parse_notation(f"12/{read}-UBND")
        assert found is None or found.kind is None or is_honest(read, found.kind, kind) or read in LISTED, read


@pytest.mark.parametrize("issuer", ISSUERS)
def test_an_issuer_misread_is_itself_or_as_read(issuer: str) -> None:
    for read in confused(issuer):
        found = parse_notation(f"12/KH-{read}")
        assert found is None or is_honest(read, found.issuer, issuer) or read in load("notations")["variants"], read


def test_a_province_misread_is_itself_or_as_read() -> None:
    for province in load("places")["provinces"]:
        for read in misreadings(province["name"], 20):
            found, _ = place_at(province["unit"], f" {read} ", 0)
            assert found is None or is_honest(read[: len(found)], found, province["name"]), read
