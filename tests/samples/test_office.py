"""Every sample as offices type it in a word processor: each field as in the sample's own data."""

import json
from pathlib import Path

import pytest

import vndoc
from samples.letter import Letter
from samples.office import write_docx

SAMPLES = sorted((Path(__file__).parents[2] / "samples").glob("*/dispatch.json"))
FIELDS = (
    "type_name", "code_number", "code_notation", "organ_name", "parent_organ_name", "place", "issued_date", "subject",
    "secrecy", "circulation", "recipients", "to_places",
)  # fmt: skip
CITED = ("notation", "type_name", "issued_date", "organ_name")
WRITERS = {"docx": write_docx}


@pytest.mark.slow
@pytest.mark.parametrize("truth", SAMPLES, ids=lambda path: path.parent.name)
@pytest.mark.parametrize("suffix", WRITERS)
def test_twins(suffix, truth, tmp_path):
    letter = Letter.load(truth)
    twin = tmp_path / f"twin.{suffix}"
    WRITERS[suffix](letter, twin)
    got, want = json.loads(vndoc.parse(twin).model_dump_json()), json.loads(letter.model_dump_json())
    assert {name: got[name] for name in FIELDS} == {name: want[name] for name in FIELDS}
    assert got["urgency"] == (want["urgency"] if letter.printed.typed_marks else None)  # a stamp is no text
    signer = {key: got["signer"][key] for key in ("authority", "position", "full_name")}
    assert signer == want["signer"]
    assert [[cited[key] for key in CITED] for cited in got["references"]] == [
        [cited[key] for key in CITED] for cited in want["references"]
    ]
    assert [section["label"] for section in got["sections"]] == want["outline"]
    assert [annex["label"] for annex in got["annexes"]] == [annex["label"] for annex in want["annexes"]]
    assert sorted(task["due_date"] for task in got["tasks"] if task["due_date"]) == sorted(
        deadline["due_date"] for deadline in want["deadlines"] if deadline["due_date"]
    )
