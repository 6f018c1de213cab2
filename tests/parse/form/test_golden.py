"""Fields of real dispatches from the true text of their first pages; skipped where the golden files are missing.

The same is asked of the project's own dispatches in ``test_dispatches.py``.
"""

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
