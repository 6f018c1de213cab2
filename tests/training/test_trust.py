"""Learning what signals are worth: which way they pull, and that a kept-out office is kept out."""

import json
import random
import re
from pathlib import Path

import pytest

from training.trust import Outcome, by_field, calibration_error, cross_validated, fitted, outcomes, read, table

SAMPLE = Path(__file__).parents[2] / "samples" / "cv815"


def made(count: int = 200, offices: int = 8, seed: int = 3) -> list[Outcome]:
    """Values of which a scrap makes nine in ten wrong."""
    rng = random.Random(seed)
    rows = []
    for k in range(count):
        scraps = float(rng.random() < 0.3)
        right = rng.random() < (0.1 if scraps else 0.97)
        signals = {"score": rng.uniform(1, 3), "scraps": scraps}
        rows.append(Outcome(f"office {k % offices}", f"d{k}", "", "place", 0.9, signals, right))
    return rows


def test_what_goes_with_errors_weighs_against() -> None:
    weights = fitted(made())
    assert weights is not None
    assert weights["weights"]["scraps"] < -1


def test_nothing_is_learnt_from_three_errors() -> None:
    rows = [row._replace(right=k > 2) for k, row in enumerate(made(50))]
    assert fitted(rows) is None
    assert by_field(rows) == {}


def test_an_office_s_own_outcomes_do_not_tell_on_it() -> None:
    rows = made()
    flipped = [row._replace(right=not row.right) if row.office == "office 3" else row for row in rows]
    before, after = cross_validated(rows), cross_validated(flipped)
    own = [k for k, row in enumerate(rows) if row.office == "office 3"]
    assert [before[k] for k in own] == [after[k] for k in own]
    assert before != after


def test_the_fit_is_calibrated_and_its_table_counts_every_value() -> None:
    rows = made(600)
    sure = cross_validated(rows)
    assert calibration_error(rows, sure) < 0.05
    last = table(rows, sure).splitlines()[-1]
    held = sum(c < 0.5 for c in sure)
    assert last.startswith(f"| all | {held} (")
    assert sum(int(of) for of in re.findall(r"of (\d+)", last)) == 600 - held


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    truth = json.loads((SAMPLE / "dispatch.json").read_text("utf-8"))
    truth["file"] = "a.txt"
    (tmp_path / "a.txt").write_text((SAMPLE / "text.txt").read_text("utf-8"), "utf-8")
    (tmp_path / "a.json").write_text(json.dumps(truth), "utf-8")
    return tmp_path


def test_outcomes_of_a_document(folder: Path) -> None:
    want = json.loads((folder / "a.json").read_text("utf-8"))
    rows = {row.field: row.right for row in outcomes(folder / "a.txt", want, "Bình Sơn")}
    assert rows["organ_name"]
    assert rows["code_notation"]
    wrong = {row.field: row.right for row in outcomes(folder / "a.txt", {**want, "organ_name": "x"}, "Bình Sơn")}
    assert not wrong["organ_name"]


def test_what_was_read_is_not_read_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = folder / "state.jsonl"
    first = read(folder, {"a": "Bình Sơn"}, "", state)
    monkeypatch.setattr("training.trust.outcomes", lambda *_: pytest.fail("read again"))
    assert read(folder, {"a": "Bình Sơn"}, "", state) == first
