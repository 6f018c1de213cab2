"""Fields of real dispatches from the true text of their first pages; skipped where the golden files are missing."""

import json
from pathlib import Path

import pytest

from vndoc.page import page_from_text
from vndoc.parse import parse_pages

GOLDEN = Path(__file__).parents[4] / "shared" / "golden"
PAGES = sorted((GOLDEN / "scans").glob("*.p1.txt")) if GOLDEN.is_dir() else []

pytestmark = pytest.mark.skipif(not PAGES, reason="the golden files are not at hand")


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
@pytest.mark.parametrize(
    "name", ["type_name", "code_number", "code_notation", "place", "issued_date", "subject", "recipients"]
)
def test_head_of_a_true_page(path: Path, name: str) -> None:
    truth = json.loads(path.with_name(path.name.replace(".p1.txt", ".json")).read_text("utf-8"))
    dispatch = parse_pages([page_from_text(path.read_text("utf-8"))])
    assert json.loads(dispatch.model_dump_json())[name] == truth[name]


@pytest.mark.parametrize(
    "name", ["type_name", "code_number", "organ_name", "subject", "recipients", "to_places", "signer"]
)
def test_a_letter_whose_columns_are_interleaved(name: str) -> None:
    folder = GOLDEN / "cv815"
    truth = json.loads((folder / "truth.json").read_text("utf-8"))
    text = (folder / "truth.txt").read_text("utf-8").replace("ngày 21 tháng", "ngày 2/ tháng")
    dispatch = parse_pages([page_from_text(text)])
    assert json.loads(dispatch.model_dump_json())[name] == truth[name]
    assert dispatch.issued_date is None
    assert {c for c, _ in dispatch.evidence["/issued_date"].candidates} == {"2024-03-21", "2024-03-27"}
