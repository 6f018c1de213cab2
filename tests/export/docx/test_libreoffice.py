"""What LibreOffice, which counts lists and pages by itself, makes of the Word files; where it is installed."""

import shutil
import subprocess

import pikepdf
import pytest

import vndoc
from samples.letter import Letter
from tests.conftest import SAMPLES
from tests.export.docx.made import made
from tests.export.docx.test_numbering import CASES, printed, unit
from vndoc.export.docx import to_docx

OFFICE = shutil.which("soffice")
TRUTHS = sorted(SAMPLES.glob("*/dispatch.json"))
pytestmark = [pytest.mark.slow, pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")]


def converted(folder, suffix):
    """The Word files of a folder in another format."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [OFFICE, "--headless", profile, "--convert-to", suffix, "--outdir", folder, *folder.glob("*.docx")]
    subprocess.run(command, check=True, capture_output=True, timeout=300)


@pytest.fixture(scope="module")
def printed_samples(tmp_path_factory):
    folder = tmp_path_factory.mktemp("printed")
    for truth in TRUTHS:
        dispatch = vndoc.parse(truth.parent / "text.txt")
        (folder / f"{truth.parent.name}.docx").write_bytes(to_docx(dispatch))
    converted(folder, "pdf")
    return folder


@pytest.mark.parametrize("truth", TRUTHS, ids=lambda path: path.parent.name)
def test_samples_have_as_many_pages_as_the_original_or_one_more_or_less(printed_samples, truth):
    with pikepdf.open(printed_samples / f"{truth.parent.name}.pdf") as pdf:
        assert abs(len(pdf.pages) - Letter.load(truth).pages) <= 1


def test_labels_are_counted_alike(tmp_path):
    sections = [
        unit("Chương I", "chuong", unit("Điều 1", "dieu"), unit("Điều 2", "dieu", unit("1", "khoan"))),
        unit(
            "Chương II",
            "chuong",
            unit("Điều 3", "dieu", unit("1", "khoan", *(unit(x, "diem") for x in "abcdđeghik")), unit("2", "khoan")),
            unit("Điều 5", "dieu", unit("1", "khoan", unit("a", "diem"), unit("b", "diem"))),
        ),
        unit("Chương IV", "chuong", unit("Điều 1", "dieu", unit("3", "khoan"), unit("4", "khoan"))),
    ]
    cases = [sections, *(units for units, _ in CASES)]
    for k, units in enumerate(cases):
        (tmp_path / f"{k}.docx").write_bytes(to_docx(made(sections=units)))
    converted(tmp_path, "txt:Text (encoded):UTF8")
    for k, units in enumerate(cases):
        lines = (tmp_path / f"{k}.txt").read_text(encoding="utf-8-sig").split("\n")
        labels = [line.strip().removesuffix(" việc") for line in lines if line.endswith(" việc")]
        assert labels == list(printed(units))
