"""Tesseract killed, crashing, talking nonsense or hanging: in the first reading and in each of regions after it."""

import numpy as np
import pytest

from tests.conftest import draw_lines, pdf_of
from vndoc import pipeline
from vndoc.errors import EngineError, VndocError
from vndoc.ocr.engines.engine import ImageKind
from vndoc.ocr.engines.tesseract import SEGMENTATION, Tesseract
from vndoc.ocr.reader import PageReader
from vndoc.ocr.recognition import read_image
from vndoc.page import Box, Line, Method, Word
from vndoc.settings import Settings
from vndoc.sources import load_file, open_file

FAULTS = {
    "killed": "kill -9 $$",
    "crash": "echo boom >&2; exit 3",
    "bad UTF-8": "printf 'level\\n\\377\\376' > $2.tsv",
    "no output": "exit 0",
    "hangs": "exec sleep 30",
}
EACH_FAULT = [pytest.param(fault, marks=pytest.mark.slow) if fault == "hangs" else fault for fault in FAULTS]
FIRST, COLOURED = (SEGMENTATION[kind] for kind in (ImageKind.PAGE, ImageKind.SPARSE))
"""Page segmentation modes, by which the readings of a page are known."""

BODY = "Ủy ban nhân dân huyện yêu cầu"


@pytest.fixture(scope="module")
def page():
    """Print, and a name stamped in red."""
    black = draw_lines([BODY, BODY], size=(1984, 700))
    return np.minimum(black, draw_lines(["", "", "", "Nguyễn Trúc Giang"], size=(1984, 700), ink=(200, 30, 60)))


def failing(mode, fault):
    """A shell script that fails in one mode and is Tesseract in the others."""
    return f'case "$*" in *"--psm {mode} "*) {fault} ;; *) exec $real "$@" ;; esac'


def test_each_region_is_read(page, fake_tesseract, tmp_path):
    fake_tesseract(f'echo "$*" >> {tmp_path}/log; exec $real "$@"')
    read = read_image(page, 1, 240, Tesseract())
    modes = (tmp_path / "log").read_text()
    assert all(f"--psm {mode} " in modes for mode in (FIRST, COLOURED))
    assert "Nguyễn Trúc Giang" in read.text
    assert read.warnings == ()


@pytest.mark.parametrize("fault", EACH_FAULT)
def test_a_reading_of_regions_that_fails_costs_only_itself(page, fake_tesseract, fault):
    fake_tesseract(failing(COLOURED, FAULTS[fault]))
    read = read_image(page, 1, 240, Tesseract(seconds=4 if fault == "hangs" else 60))
    assert read.method is Method.OCR
    assert read.text.count(BODY) == 2
    assert "Nguyễn Trúc Giang" not in read.text
    (warning,) = read.warnings
    assert warning.startswith("coloured ink")


@pytest.mark.parametrize("fault", EACH_FAULT)
def test_a_first_reading_that_fails_costs_the_page(page, fake_tesseract, fault, tmp_path):
    once = f"[ -e {tmp_path}/done ] || {{ touch {tmp_path}/done; {FAULTS[fault]}; exit; }}"
    fake_tesseract(f'{once}\nexec $real "$@"')
    engine = Tesseract(seconds=4 if fault == "hangs" else 60)
    with open_file(load_file(pdf_of(page, page)))[0] as file:
        pages = list(PageReader(file, engine, Settings(jobs=1)).pages([1, 2]))
    assert [p.method for p in pages] == [Method.FAILED, Method.OCR]
    assert pages[0].text == ""
    assert len(pages[0].warnings) == 1
    assert BODY in pages[1].text


def test_a_page_that_reads_badly_is_kept_where_it_cannot_be_turned(page):
    class Once:
        """Reads without confidence, and then never again."""

        name, version, calls = "once", "1", 0

        def read(self, images, kind, dpi):
            self.calls += 1
            if self.calls > 1:
                raise EngineError("killed")
            return [[Line((Word("yêu", Box(150, 120, 250, 170), 0.3), Word("cầu", Box(260, 120, 350, 170), 0.3)))]]

    read = read_image(page, 1, 240, Once())
    assert read.text == "yêu cầu"
    assert read.warnings[0] == "the page turned over could not be read: killed"


def test_an_empty_back_has_no_text_of_its_front():
    front = draw_lines([BODY] * 6, size=(1984, 700), ink=(195, 195, 195))
    back = np.ascontiguousarray(front[:, ::-1])
    assert read_image(back, 1, 240, Tesseract()).method is Method.BLANK
    assert read_image(front, 1, 240, Tesseract()).text.count(BODY) == 6


def test_a_document_is_parsed_with_what_was_read_and_says_so(page, fake_tesseract):
    fake_tesseract(failing(COLOURED, FAULTS["crash"]))
    dispatch = pipeline.parse(pdf_of(page), settings=Settings(engine="tesseract", jobs=1))
    assert BODY in dispatch.text
    (notice,) = [n for n in dispatch.warnings if n.code == "page-doubtful"]
    assert notice.pointer == "/pages/1"
    assert "boom" in notice.message


def test_slots_stay_open_where_the_page_cannot_be_drawn_again(monkeypatch):
    lines = ["ỦY BAN NHÂN DÂN", "Số:      /UBND-VX", "Hà Nội, ngày      tháng 01 năm 2025", BODY, BODY]
    data = pdf_of(draw_lines(lines))

    def cannot(*_):
        raise VndocError("killed")

    monkeypatch.setattr(pipeline, "_image_of", cannot)
    dispatch = pipeline.parse(data, settings=Settings(jobs=1))
    assert (dispatch.code_number, dispatch.issued_date) == (None, None)
    assert BODY in dispatch.text
