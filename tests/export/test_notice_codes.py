"""Every code that the program emits is documented, and has a sentence in Vietnamese for people."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

from vndoc.export.reviews import REVIEWED
from vndoc.notices import NOTICE_CODES

SOURCE = Path(__file__).parents[2] / "src" / "vndoc"
WORDS = json.loads((SOURCE / "export" / "data" / "labels.json").read_text(encoding="utf-8"))


def emitted() -> Iterator[str]:
    """The strings given, anywhere in the program, as ``code`` of a notice or of a remark of a source."""
    for path in SOURCE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = {
            target.id: node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Notice":
                value = next(keyword.value for keyword in node.keywords if keyword.arg == "code")
                if isinstance(value, ast.Attribute) and ast.unparse(value) == "remark.code":
                    continue  # it comes from a Remark, below
                value = named.get(value.id, value) if isinstance(value, ast.Name) else value
                parts = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
                for part in parts:
                    assert isinstance(part, ast.Constant), f"{path.name}:{node.lineno}: the code is no plain string"
                    yield str(part.value)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Remark":
                assert isinstance(node.args[0], ast.Constant), f"{path.name}:{node.lineno}: the code is no plain string"
                yield str(node.args[0].value)


def test_every_code_is_documented_and_every_documented_code_emitted():
    assert set(emitted()) == set(NOTICE_CODES)


def test_codes_that_mark_a_row_are_known_and_those_of_pages_are_among_them():
    assert set(NOTICE_CODES) >= REVIEWED
    assert {code for code in NOTICE_CODES if code.startswith(("page-", "layout-"))} <= REVIEWED


def test_every_code_has_its_vietnamese_sentence():
    assert set(WORDS["notices"]) >= set(NOTICE_CODES)
