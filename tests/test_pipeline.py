"""The whole way: files in, typed dispatches out, through real Tesseract."""

import json

import pytest

import vndoc
from tests.conftest import SAMPLES, pdf_of
from vndoc.dispatch import Dispatch
from vndoc.ocr.engines.engine import ImageKind
from vndoc.page import Box, Line, Word
from vndoc.repair.syllable import strip_marks


def test_public_names():
    assert set(vndoc.__all__) <= set(dir(vndoc))
    assert callable(vndoc.parse)
    assert callable(vndoc.repair)
    assert vndoc.repair("Ké hoach").text == "Kế hoạch"


def test_cv815_from_its_garbled_text():
    """The user's own example, field by field against its truth."""
    truth = json.loads((SAMPLES / "cv815" / "truth.json").read_text(encoding="utf-8"))
    got = vndoc.parse(SAMPLES / "cv815" / "ocr.txt")
    for name in (
        "type_name",
        "code_number",
        "code_notation",
        "organ_name",
        "place",
        "subject",
        "recipients",
        "to_places",
    ):
        assert getattr(got, name) == truth[name], name
    assert got.evidence["/organ_name"].method == "inferred"
    # The day was read as "2/": unresolved, with its candidates.
    assert got.issued_date is None
    days = got.evidence["/issued_date"]
    assert days.confidence < 0.5
    assert "2/" in days.raw
    assert {"2024-03-21", "2024-03-27"} <= {value for value, _ in days.candidates}
    assert got.signer.authority == truth["signer"]["authority"]
    assert (got.signer.position, got.signer.full_name) == ("PHÓ CHỦ TỊCH", None)
    references = [(r.type_name, r.notation, str(r.issued_date), r.organ_name) for r in got.references]
    assert references == [
        tuple(r[k] for k in ("type_name", "notation", "issued_date", "organ_name")) for r in truth["references"]
    ]
    party_plan = got.references[4]
    assert party_plan.as_printed == "187-KH-HU"
    for reference in got.references:
        assert reference.mentions
        assert all(got.text[m.start : m.end] == m.text for m in reference.mentions)
    assert [s.label for s in got.sections] == truth["outline"]
    for section, want in zip(got.sections, truth["sections"], strict=True):
        # The letters of a title are the repair's matter, whose word errors are counted elsewhere.
        assert strip_marks(section.title).replace("—", "–") == strip_marks(want["title"])
        assert [c.label for c in section.children] == want["points"]
    assert got.sections[4].label_as_read == "6"
    assert any(w.code == "label-repaired" and w.pointer == "/sections/4/label" for w in got.warnings)
    dated = [t for t in got.tasks if t.due_date]
    assert [(str(t.due_date), t.assignee, t.report_to, t.via) for t in dated] == [
        ("2024-11-05", "Thủ trưởng các cơ quan, đơn vị, địa phương", "UBND huyện", "Phòng Văn hóa và Thông tin")
    ]
    assert str(got.due_date) == "2024-11-05"
    yearly = [t for t in got.tasks if t.recurrence]
    assert [(t.recurrence, t.section, t.assignee) for t in yearly] == [
        ("hằng năm", "6.d", "Phòng Văn hóa và Thông tin")
    ]
    assert got.source.media_type == "text/plain"


def test_a_scanned_dispatch_through_real_tesseract():
    """A page image of the sample decision: every field of the form."""
    truth = json.loads((SAMPLES / "quyet-dinh-1247" / "dispatch.json").read_text(encoding="utf-8"))
    got = vndoc.parse(SAMPLES / "quyet-dinh-1247" / "scan.pdf")
    assert got.type_name == "Quyết định"
    assert (got.code_number, got.code_notation) == ("1247", "QĐ-UBND")
    assert str(got.issued_date) == "2024-05-14"
    assert got.organ_name == "Ủy ban nhân dân huyện Vạn An"
    assert [s.label for s in got.sections] == [f"Điều {n}" for n in range(1, len(got.sections) + 1)]
    assert got.signer.full_name == truth["signer"]["full_name"]
    assert got.subject == truth["subject"]
    for pointer, evidence in got.evidence.items():
        assert pointer.startswith("/")
        assert evidence.page is None or evidence.page <= got.source.page_amount
    assert Dispatch.model_validate_json(got.model_dump_json()) == got


def test_progress_comes_page_by_page(page_image):
    seen = []
    vndoc.parse(
        pdf_of(page_image, page_image),
        settings=vndoc.Settings(jobs=1),
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen == [(1, 2), (2, 2)]


class Failing:
    """An engine that dies on the pages asked for."""

    name, version = "failing", "1"

    def __init__(self, *pages):
        self.pages, self.at = pages, 0

    def read(self, images, kind, dpi):
        if kind is not ImageKind.PAGE:
            return [[] for _ in images]
        self.at += 1
        if self.at in self.pages:
            raise vndoc.EngineError("Tesseract failed with status -9")
        return [[Line((Word("Số:", Box(100, 100, 160, 140)), Word("12/QĐ-UBND", Box(170, 100, 400, 140))))]]


def test_one_failed_page_is_a_warning(page_image):
    got = vndoc.parse(pdf_of(page_image, page_image), settings=vndoc.Settings(jobs=1), engine=Failing(2))
    assert [p.method for p in got.pages] == ["failing", "failed"]
    assert any(w.code == "page-failed" and w.pointer == "/pages/2" and "status -9" in w.message for w in got.warnings)


def test_all_pages_failed_is_an_error(page_image):
    with pytest.raises(vndoc.EngineError, match="no page could be read"):
        vndoc.parse(pdf_of(page_image), engine=Failing(1))


def test_page_that_is_not_there(page_image):
    with pytest.raises(vndoc.EmptyFileError, match="it has 1"):
        vndoc.parse(pdf_of(page_image), pages=[7])
