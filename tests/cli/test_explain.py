"""``vndoc explain`` and ``--verbose``."""

import json

from tests.cli.conftest import run
from tests.conftest import SAMPLES

CV815 = SAMPLES / "cv815" / "ocr.txt"


def test_for_a_person():
    result = run("explain", CV815)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0].startswith("ocr.txt: recognition → ")
    assert "/issued_date: withheld" in result.stdout


def test_for_a_program(tmp_path):
    target = tmp_path / "why.json"
    assert run("explain", CV815, "--format", "json", "--output", target).exit_code == 0
    found = json.loads(target.read_text("utf-8"))
    assert {"zones", "slots", "fields", "steps"} <= found.keys()


def test_an_error_is_one_line(tmp_path):
    result = run("explain", tmp_path / "missing.pdf")
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
