"""Evidence of every kind of field: where it is, how it was read, and what its confidence is made of."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.parse.form_builder import line, page
from tests.parse.slot_readings import own
from vndoc.dispatch import Dispatch
from vndoc.notices import NOTICE_CODES
from vndoc.page import Block, Line, Page, page_from_text
from vndoc.parse import parse_pages

FOLDER = Path(__file__).parents[1] / "data" / "dispatches"
NAMES = sorted(path.stem for path in FOLDER.glob("*.txt"))


def read(name: str) -> Dispatch:
    pages = (FOLDER / f"{name}.txt").read_text("utf-8").split("\f")
    return parse_pages([page_from_text(page, number) for number, page in enumerate(pages, 1)])


def resolve(dispatch: Dispatch, pointer: str) -> object:
    """What a JSON pointer (RFC 6901) points at; KeyError or IndexError if at nothing."""
    value: object = dispatch.model_dump()
    for key in pointer.split("/")[1:]:
        value = value[int(key)] if isinstance(value, list) else value[key]  # type: ignore[index]
    return value


@pytest.mark.parametrize("name", NAMES)
def test_every_pointer_leads_to_its_value(name: str) -> None:
    dispatch = read(name)
    for pointer, evidence in dispatch.evidence.items():
        value = resolve(dispatch, pointer)
        assert (value is not None) is (evidence.confidence >= 0.5), pointer
        assert evidence.page is not None, pointer
        assert evidence.raw, pointer


@pytest.mark.parametrize("name", NAMES)
def test_every_value_has_evidence(name: str) -> None:
    dispatch = read(name)
    plain = ("type_name", "code_number", "code_notation", "organ_name", "parent_organ_name", "place", "issued_date",
             "subject", "urgency", "secrecy", "circulation", "due_date")  # fmt: skip
    for field in plain:
        assert getattr(dispatch, field) is None or f"/{field}" in dispatch.evidence, field
    for field in ("recipients", "to_places", "references", "sections", "tasks"):
        assert all(f"/{field}/{i}" in dispatch.evidence for i in range(len(getattr(dispatch, field)))), field
    for i in range(1, len(dispatch.signers)):
        assert f"/signers/{i}/full_name" in dispatch.evidence


@pytest.mark.parametrize("name", NAMES)
def test_every_warning_is_in_the_list_and_points_at_something(name: str) -> None:
    dispatch = read(name)
    for notice in dispatch.warnings:
        assert notice.code in NOTICE_CODES
        if notice.pointer:
            resolve(dispatch, notice.pointer)


def with_confidence(name: str, confidence: float) -> Dispatch:
    """The dispatch as if each of its words had been read with this confidence."""
    source = page_from_text((FOLDER / f"{name}.txt").read_text("utf-8").split("\f")[0])
    blocks = tuple(
        Block(tuple(Line(tuple(replace(w, confidence=confidence) for w in row.words)) for row in block.lines))
        for block in source.blocks
    )
    return parse_pages([replace(source, blocks=blocks)])


def test_confidence_falls_with_the_reading_and_is_made_of_both() -> None:
    sure, unsure = with_confidence("thong-tu-2025", 1.0), with_confidence("thong-tu-2025", 0.7)
    for pointer in ("/organ_name", "/subject", "/signer/full_name", "/references/0", "/sections/0", "/to_places/0"):
        high, low = sure.evidence[pointer], unsure.evidence[pointer]
        assert high.confidence > low.confidence, pointer
        assert (high.reading, low.reading) == (1.0, 0.7)
        assert high.rule == low.rule
        assert high.rule is not None
        assert low.confidence <= low.rule


def test_a_task_s_place_is_that_of_its_words() -> None:
    rows = [
        line("Kính gửi: Sở Y tế.", 300, 400),
        line("1. Sở Y tế báo cáo trước ngày 15/10/2025.", 300, 600),
        line("2. Sở Tài chính bố trí kinh phí.", 300, 700),
    ]
    dispatch = parse_pages([page(*rows)])
    box = dispatch.evidence["/due_date"].box
    assert dispatch.due_date == date(2025, 10, 15)
    assert dispatch.evidence["/due_date"] == dispatch.evidence["/tasks/0"]
    assert box is not None
    assert 540 < box[1] < box[3] < 620
    assert dispatch.evidence["/sections/1"].raw == "2."


def test_a_number_that_print_and_hand_agree_on_is_surer() -> None:
    readings = own(number=[("111", 0.6), ("1117", 0.2)])
    unread = parse_pages([_numbered("#~", 0.1)], readings=readings)
    twice = parse_pages([_numbered("1117", 0.1)], readings=readings)
    assert (unread.code_number, twice.code_number) == ("111", "1117")
    assert twice.evidence["/code_number"].candidates[1][0] == "111"


def test_a_number_that_print_gainsays_is_doubted() -> None:
    readings = own(number=[("76241", 0.61), ("7624", 0.11)])
    alone = parse_pages([_numbered("#~", 0.4)], readings=readings)
    gainsaid = parse_pages([_numbered("2624", 0.4)], readings=readings)
    assert (alone.code_number, gainsaid.code_number) == ("76241", None)
    assert gainsaid.evidence["/code_number"].candidates[0][0] == "76241"
    clear = parse_pages([_numbered("99", 0.4)], readings=own(number=[("299", 0.8)]))
    assert clear.code_number == "299"


def _numbered(number: str, confidence: float) -> Page:
    row = line(f"Số: {number} /QĐ-UBND", 300, 600)
    words = tuple(replace(w, confidence=confidence) if w.text == number else w for w in row.words)
    return page(Line(words), line("QUYẾT ĐỊNH", 1000, 800), line("Căn cứ Luật Đất đai;", 300, 1100))
