"""Every sample as offices type it in a word processor: each field as in the sample's own data."""

import json
import shutil
import subprocess
from functools import partial
from pathlib import Path

import pytest

import vndoc
from samples.letter import Letter
from samples.office import write_docx, write_html, write_mail, write_rtf

SAMPLES = sorted((Path(__file__).parents[2] / "samples").glob("*/dispatch.json"))
FIELDS = (
    "type_name", "code_number", "code_notation", "organ_name", "parent_organ_name", "place", "issued_date", "subject",
    "secrecy", "circulation", "recipients", "to_places",
)  # fmt: skip
CITED = ("notation", "type_name", "issued_date", "organ_name")
WRITERS = {
    "docx": write_docx,
    "rows.docx": partial(write_docx, layout="rows"),
    "tabs.docx": partial(write_docx, layout="tabs"),
    "html": write_html,
    "rtf": write_rtf,
    "eml": write_mail,
}
CONVERTED = ("doc", "odt", "rtf")
OFFICE = shutil.which("soffice")


@pytest.mark.slow
@pytest.mark.parametrize("truth", SAMPLES, ids=lambda path: path.parent.name)
@pytest.mark.parametrize("suffix", WRITERS)
def test_twins(suffix, truth, tmp_path):
    letter = Letter.load(truth)
    twin = tmp_path / f"twin.{suffix}"
    WRITERS[suffix](letter, twin)
    compare(twin, letter)


@pytest.fixture(scope="module", params=CONVERTED)
def converted(request, tmp_path_factory):
    """The Word files of all samples as LibreOffice writes them in another format."""
    folder = tmp_path_factory.mktemp(request.param)
    for truth in SAMPLES:
        write_docx(Letter.load(truth), folder / f"{truth.parent.name}.docx")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [OFFICE, "--headless", profile, "--convert-to", request.param, "--outdir", folder, *folder.glob("*.docx")]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return {path.stem: path for path in folder.glob(f"*.{request.param}")}


@pytest.mark.slow
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("truth", SAMPLES, ids=lambda path: path.parent.name)
def test_twins_by_another_word_processor(converted, truth):
    compare(converted[truth.parent.name], Letter.load(truth))


def compare(twin, letter):
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
