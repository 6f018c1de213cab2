"""vndoc on the samples: every kind of file gives the fields of its dispatch.json, and no sure value is wrong."""

import shutil
from pathlib import Path

import pytest

import vndoc
from samples.letter import Letter

SAMPLES = Path(__file__).parents[2] / "samples"
HEADER = (
    "type_name",
    "code_number",
    "code_notation",
    "organ_name",
    "parent_organ_name",
    "place",
    "issued_date",
    "subject",
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (shutil.which("tesseract") and shutil.which("pdftoppm")), reason="needs Tesseract and poppler"
    ),
]


def read(name: str, file: str) -> tuple[vndoc.Dispatch, Letter]:
    return vndoc.parse(SAMPLES / name / file), Letter.load(SAMPLES / name / "dispatch.json")


@pytest.mark.parametrize(
    ("name", "file", "layer"),
    [
        ("chi-thi-06", "digital.pdf", "good"),
        ("chi-thi-06", "scan.pdf", "none"),
        ("chi-thi-06", "signed.pdf", "stamp only"),
        ("thong-bao-312", "scan.tif", "none"),
    ],
)
def test_every_kind_of_file_gives_the_same_fields(name, file, layer):
    got, truth = read(name, file)
    assert {f: getattr(got, f) for f in HEADER} == {f: getattr(truth, f) for f in HEADER}
    assert got.pages[0].layer == layer
    assert len(got.pages) == truth.pages
    assert len(got.to_places) == len(truth.to_places)
    assert [section.label for section in got.sections] == truth.outline
    assert {r.notation: r.issued_date for r in got.references} == {r.notation: r.issued_date for r in truth.references}
    assert {t.due_date for t in got.tasks if t.due_date} == {d.due_date for d in truth.deadlines if d.due_date}


def test_a_text_layer_s_words_stay_as_they_are():
    got, truth = read("chi-thi-06", "digital.pdf")
    assert got.to_places == truth.to_places


def test_what_is_written_by_hand_is_right_or_left_open():
    got, truth = read("ke-hoach-dang-12", "scan.pdf")
    assert got.code_number in (None, truth.code_number)
    assert got.issued_date in (None, truth.issued_date)
    for pointer, value in (("/code_number", got.code_number), ("/issued_date", got.issued_date)):
        assert (got.evidence[pointer].confidence >= 0.5) is (value is not None)
    assert got.code_notation == "KH/HU"
    assert got.signer.authority == ["T/M BAN THƯỜNG VỤ"]


def test_urgency_is_in_a_stamp():
    got, truth = read("cong-van-hoa-toc-1904", "scan.pdf")
    assert got.urgency == truth.urgency == "Hỏa tốc"
    assert got.recipients == truth.recipients
    assert got.due_date == truth.deadlines[0].due_date
