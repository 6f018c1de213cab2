"""A dispatch put together at random, laid out and parsed, comes back equal in all its fields."""

from collections.abc import Sequence
from typing import Any

from hypothesis import HealthCheck, given, settings

from samples.compose import compose
from samples.fonts import Fonts
from samples.letter import Letter
from samples.paper import read_pages
from samples.typeset import Sheet
from tests.parse.letters import letters
from vndoc.dispatch import Dispatch
from vndoc.page import Page, page_from_text
from vndoc.parse import parse_pages


def wanted(letter: Letter) -> dict[str, Any]:
    own = ("type_name", "code_number", "code_notation", "organ_name", "parent_organ_name", "place", "issued_date",
           "subject", "urgency", "secrecy", "circulation", "recipients", "to_places", "outline")  # fmt: skip
    signers = [signer for signer in (letter.signer, letter.co_signer) if signer]
    return {name: getattr(letter, name) for name in own} | {
        "signers": [(signer.authority, signer.position, signer.full_name) for signer in signers],
        "references": sorted((r.type_name, r.notation, r.issued_date, r.organ_name) for r in letter.references),
        "due_dates": sorted(d.due_date for d in letter.deadlines if d.due_date),
        "annexes": [(annex.label, annex.title) for annex in letter.annexes],
    }


def read(dispatch: Dispatch, names: Sequence[str]) -> dict[str, Any]:
    got = {name: getattr(dispatch, name) for name in names if name in Dispatch.model_fields}
    return got | {
        "signers": [(s.authority, s.position, s.full_name) for s in dispatch.signers],
        "references": sorted((r.type_name, r.notation, r.issued_date, r.organ_name) for r in dispatch.references),
        "outline": [section.label for section in dispatch.sections],
        "due_dates": sorted(task.due_date for task in dispatch.tasks if task.due_date),
        "annexes": [(annex.label, annex.title) for annex in dispatch.annexes],
    }


def rows_of(sheet: Sheet) -> str:
    """The sheet's text, what is side by side on one line, as most OCR gives it."""
    text, base = "", None
    for line in sheet.lines:
        text += f"    {line.text}" if base is not None and abs(line.y - base) < 1 else f"\n{line.text}"
        base = line.y
    return text


def check(letter: Letter, pages: Sequence[Page]) -> None:
    want = wanted(letter)
    assert read(parse_pages(pages), list(want)) == want


@given(letters())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_pages_with_boxes_give_all_fields_back(fonts: Fonts, letter: Letter) -> None:
    check(letter, read_pages(compose(letter, fonts), fonts))


@given(letters())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_plain_text_gives_all_fields_back(fonts: Fonts, letter: Letter) -> None:
    sheets = compose(letter, fonts)
    check(letter, [page_from_text(rows_of(sheet), sheet.number) for sheet in sheets])
