"""Whole dispatches of the project's own writing: every type of the decree, and every field of each.

``data/dispatches/<name>.txt`` is the text, a form feed between pages; ``<name>.json`` what must come out. What a JSON
file does not name must stay empty.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from vndoc.page import page_from_text
from vndoc.parse import parse_pages
from vndoc.parse.knowledge import load

FOLDER = Path(__file__).parents[1] / "data" / "dispatches"
NAMES = sorted(path.stem for path in FOLDER.glob("*.txt"))
PLAIN = (
    "type_name", "code_number", "code_notation", "organ_name", "parent_organ_name", "place", "issued_date", "subject",
    "urgency", "secrecy", "circulation", "draft",
)  # fmt: skip
CITED = ("notation", "type_name", "issued_date", "organ_name")


def expected(name: str) -> dict[str, Any]:
    want = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    signers = [with_all(s) for s in want.pop("signers", [want.pop("signer", {})])]
    empty: dict[str, Any] = {
        "recipients": [], "to_places": [], "joint_issuers": [], "references": [], "outline": [], "due_dates": [],
        "recurrences": [], "annexes": [], "filing": None, "certified_copy": None, "draft": False,
    }  # fmt: skip
    return dict.fromkeys(PLAIN) | empty | want | {"signers": signers}


def with_all(signer: dict[str, Any]) -> dict[str, Any]:
    return {"authority": [], "position": None, "full_name": None} | signer


def parsed(name: str) -> dict[str, Any]:
    """What the parser makes of a dispatch, in the shape of the expected file."""
    pages = (FOLDER / f"{name}.txt").read_text("utf-8").split("\f")
    dispatch = parse_pages([page_from_text(page, number) for number, page in enumerate(pages, 1)])
    got = dispatch.model_dump(mode="json")
    copy, filing = got["certified_copy"], got["filing"]
    if copy:
        copy["signer"] = {key: value for key, value in copy["signer"].items() if value}
    return {key: got[key] for key in PLAIN} | {
        "recipients": got["recipients"],
        "to_places": got["to_places"],
        "joint_issuers": [body["organ_name"] for body in got["joint_issuers"]],
        "signers": got["signers"],
        "references": [
            [r[k] for k in ("notation", "type_name", "issued_date", "organ_name")] for r in got["references"]
        ],
        "outline": [section["label"] for section in got["sections"]],
        "due_dates": sorted(task["due_date"] for task in got["tasks"] if task["due_date"]),
        "recurrences": [task["recurrence"] for task in got["tasks"] if task["recurrence"]],
        "annexes": [
            {k: a[k] for k in ("label", "title", "type_name", "draft", "page") if a[k]} for a in got["annexes"]
        ],
        "filing": {k: v for k, v in filing.items() if v} if filing else None,
        "certified_copy": {k: v for k, v in copy.items() if v} if copy else None,
    }


@pytest.mark.parametrize("name", NAMES)
def test_dispatch(name: str) -> None:
    want, got = expected(name), parsed(name)
    assert {key: got[key] for key in want} == want


def test_every_type_of_the_decree_is_among_them() -> None:
    decree = [t["name"] for t in load("document_types")["types"] if t["group"] == "administrative"][:29]
    assert {expected(name)["type_name"] for name in NAMES} >= set(decree)
    assert len(NAMES) >= 40
