"""What 'vndoc explain' says about a document."""

import io
import re

import pikepdf
import pytest

from tests.conftest import SAMPLES
from vndoc.explain import Explanation, explain
from vndoc.pipeline import STAGES


@pytest.fixture(scope="module")
def scanned() -> Explanation:
    """Of the first page of a scan."""
    with pikepdf.open(SAMPLES / "cv815" / "scan.pdf") as pdf:
        del pdf.pages[1:]
        out = io.BytesIO()
        pdf.save(out)
    return explain(out.getvalue())


def test_every_line_has_its_zone(scanned):
    zones = {line.text: line.zone for line in scanned.zones}
    assert zones["ỦY BAN NHÂN DÂN"] == "issuer"
    assert zones["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"] == "national_title"
    assert zones["- Công an huyện;"] == "recipients"


def test_every_page_tells_how_it_was_read(scanned):
    assert [(page.number, page.method, page.layer) for page in scanned.pages] == [(1, "auto", "none")]
    assert scanned.pages[0].words > 300
    assert "1: " in scanned.to_text().split("Pages\n-----\n")[1]


def test_a_slot_has_both_readings(scanned):
    number = next(slot for slot in scanned.slots if slot.kind == "number")
    assert number.candidates[0][0] == "815"
    assert number.print_confidence < 0.5
    assert number.origin == "ocr"


def test_decisions_name_who_made_them(scanned):
    by_hand = [s for s in scanned.steps if s.subject == "/code_number" and "by hand '815'" in s.outcome]
    assert [step.by for step in by_hand] == ["parse.resolution"]
    assert scanned.stages == [stage.name for stage in STAGES]


def test_fields_with_what_was_rejected():
    text = explain(SAMPLES / "cv815" / "ocr.txt").to_text()
    assert re.search(r"/issued_date: withheld +\[slot, 0\.\d\d", text)
    assert re.search(r"rejected: .*2024-03-21", text)
    assert "/references/0: 254-KH/TU" in text
    assert "    as read: KT. CHU TICH" in text


def test_it_goes_through_json(scanned):
    assert Explanation.model_validate_json(scanned.model_dump_json()) == scanned
