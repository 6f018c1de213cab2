"""What the README promises, held against the program."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

import vndoc
from vndoc import errors

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def holds(shown: Any, real: Any) -> bool:
    """Whether ``shown`` is ``real`` with parts left out: keys of objects, and the later items of lists of objects."""
    if isinstance(shown, dict):
        return isinstance(real, dict) and all(key in real and holds(value, real[key]) for key, value in shown.items())
    if isinstance(shown, list) and shown and isinstance(shown[0], dict):
        return len(real) >= len(shown) and all(holds(a, b) for a, b in zip(shown, real, strict=False))
    return bool(shown == real)


@pytest.mark.slow
@pytest.mark.skipif(not (shutil.which("tesseract") and shutil.which("pdftoppm")), reason="needs Tesseract and poppler")
def test_the_demo_s_fields_are_what_the_readme_shows():
    shown = json.loads(re.findall(r"```json\n(.*?)```", README, re.DOTALL)[0])
    real = vndoc.parse(ROOT / "samples" / "cv815" / "scan.pdf").model_dump(mode="json")
    assert {key: real[key] for key in shown if not holds(shown[key], real[key])} == {}


def test_every_exit_code_is_named():
    named = {int(code) for code in re.findall(r"^\| (\d+) \|", README, re.MULTILINE)}
    kinds = [getattr(errors, name) for name in dir(errors) if name.endswith("Error")]
    assert {kind.exit_code for kind in kinds} - {1} <= named
    assert {0, 2, 9} <= named
