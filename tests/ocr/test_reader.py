import io

import numpy as np
import pikepdf
import pytest
from PIL import Image
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas

from samples.fonts import Fonts
from tests.conftest import draw_lines, pdf_of, with_signature
from vndoc.errors import EngineError, FormatError, MemoryLimitError, SetupError
from vndoc.ocr.engines.engine import ImageKind
from vndoc.ocr.engines.tesseract import Tesseract
from vndoc.ocr.reader import PageReader, _in_order
from vndoc.ocr.recognition import read_image
from vndoc.ocr.text_layer import Script
from vndoc.page import Box, Layer, Line, Method, Origin, Page, Word
from vndoc.settings import DEFAULTS, Settings
from vndoc.sources import load_file, open_file
from vndoc.sources.backend import Layout
from vndoc.sources.pdf.layers import Layers
from vndoc.sources.pdf.poppler import render

SENTENCE = "Ủy ban nhân dân huyện yêu cầu các đơn vị báo cáo kết quả trước ngày 05/11/2024."


class Engine:
    """Gives one line a page, and fails on the pages asked for."""

    name, version = "fake", "1"

    def __init__(self, fail=(), error=None):
        self.calls, self.fail, self.error = 0, fail, error or EngineError("killed")

    def read(self, images, kind, dpi):
        if kind is not ImageKind.PAGE:  # the regions read again
            return [[] for _ in images]
        self.calls += 1
        self.ink = float((images[0] < 128).mean())
        if self.calls in self.fail:
            raise self.error
        return [[Line((Word("Điều", Box(10, 10, 90, 50), 0.9), Word("1.", Box(100, 10, 130, 50), 0.9)))]]


def born_digital(lines, stamp=None):
    """PDF with a text layer in a Vietnamese face, one page."""
    pdfmetrics.registerFont(TTFont("body", str(Fonts().file())))
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=(595, 842), invariant=1)
    page.setFont("body", 13)
    for i, text in enumerate(lines):
        page.drawString(70, 760 - 20 * i, text)
    if stamp:
        page.drawImage(stamp, 60, 100, 475, 400)
    page.showPage()
    page.save()
    return out.getvalue()


def read_pages(data, engine=None, numbers=None, **settings):
    with open_file(load_file(data), Settings(**settings))[0] as file:
        reader = PageReader(file, engine or Tesseract(), Settings(**settings))
        yield from reader.pages(numbers or range(1, file.page_amount + 1))


def only(data, engine=None):
    pages = list(read_pages(data, engine, jobs=1))
    assert len(pages) == 1
    return pages[0]


def test_scanned_pdf_through_real_tesseract(page_image):
    page = only(pdf_of(page_image))
    assert "Ủy ban nhân dân huyện yêu cầu các đơn vị" in page.text
    assert (page.method, page.layer, page.dpi) == (Method.OCR, Layer.NONE, DEFAULTS.dpi)
    assert page.width == pytest.approx(page_image.shape[1], abs=10)


def test_born_digital_page_needs_no_engine():
    engine = Engine()
    page = only(born_digital([SENTENCE, "2. Giao Phòng Nội vụ theo dõi."]), engine)
    assert page.method is Method.TEXT_LAYER
    assert SENTENCE in page.text
    assert engine.calls == 0
    assert all(w.box for w in page.words)


def with_picture_of(texts, tmp_path):
    """Ten lines of text, and below them a picture of more lines in letters of their size."""
    picture = tmp_path / "lines.png"
    Image.fromarray(draw_lines([SENTENCE[:40]] * texts, size=(1583, 1333))).save(picture)
    return born_digital([SENTENCE] * 10, stamp=str(picture))


def test_a_page_with_a_picture_of_text_is_read_from_its_image_too(tmp_path):
    page = only(with_picture_of(3, tmp_path), Engine())
    assert (page.method, page.layer) == (Method.OCR, Layer.PARTIAL)
    assert page.text.count(SENTENCE) == 10
    assert "Điều" in page.text


def test_a_row_of_print_outside_the_layer_is_told(tmp_path):
    page = only(with_picture_of(1, tmp_path), Engine())
    assert page.method is Method.TEXT_LAYER
    assert "print outside the text layer" in page.warnings[0]
    assert only(with_picture_of(0, tmp_path), Engine()).warnings == ()


def test_layer_of_another_language_is_not_trusted():
    page = only(born_digital(["Uy ban nhan dan huyen yeu cau cac don vi bao cao ket qua"] * 4), Engine())
    assert (page.layer, page.method) == (Layer.GARBLED, Method.OCR)


def scan_with(text, tmp_path):
    picture = tmp_path / "scan.png"
    Image.fromarray(draw_lines([SENTENCE] * 12)).save(picture)
    return born_digital([text], stamp=str(picture))


def test_the_mark_of_a_signature_in_the_page_is_left_out(tmp_path):
    data = scan_with("Người ký: Sở Y tế", tmp_path)
    script = Script(is_mark=lambda text: text.startswith("Người ký"))
    with open_file(load_file(data))[0] as file:
        page = PageReader(file, Engine(), script=script).page(1)
    assert (page.layer, page.text) == (Layer.STAMP_ONLY, "Điều 1.")


def test_text_typed_over_a_scan_comes_through(tmp_path):
    page = only(scan_with("1849", tmp_path), Engine())
    assert page.layer is Layer.PARTIAL
    (typed,) = [word for word in page.words if word.origin is Origin.TYPED]
    assert (typed.text, typed.confidence) == ("1849", 1.0)
    assert "Điều" in page.text


def test_signature_stamp_is_taken_off_the_page(page_image):
    data = with_signature(pdf_of(page_image), "Ky boi: So Y te 15/01/2025 07:46:10")
    page = only(data)
    assert page.layer is Layer.STAMP_ONLY
    assert "07:46" not in page.text
    assert "Ủy ban nhân dân" in page.text


def test_number_set_as_signature_field_is_kept(page_image):
    page = only(with_signature(pdf_of(page_image), "507"), Engine())
    assert "507" in page.text.split()


def test_mixed_pdf_page_by_page(page_image, tmp_path):
    digital = pikepdf.open(io.BytesIO(born_digital([SENTENCE] * 3)))
    digital.pages.extend(pikepdf.open(io.BytesIO(pdf_of(page_image))).pages)
    path = tmp_path / "mixed.pdf"
    digital.save(path)
    pages = list(read_pages(path, Engine(), jobs=2))
    assert [(p.number, p.method) for p in pages] == [(1, Method.TEXT_LAYER), (2, Method.OCR)]


def test_pages_can_be_chosen_and_stay_in_order(page_image):
    data = pdf_of(*[page_image] * 5)
    pages = list(read_pages(data, Engine(), [2, 4, 5], jobs=2))
    assert [p.number for p in pages] == [2, 4, 5]


def test_a_page_that_fails_is_empty_and_the_others_are_read(page_image):
    data = pdf_of(*[page_image] * 3)
    pages = list(read_pages(data, Engine(fail={2}), jobs=1))
    assert [p.method for p in pages] == [Method.OCR, Method.FAILED, Method.OCR]
    assert pages[1].warnings == ("killed",)


def test_a_machine_that_lacks_something_stops_the_run(page_image):
    with pytest.raises(SetupError, match="no data"):
        list(read_pages(pdf_of(page_image), Engine(fail={1}, error=SetupError("no data"))))


def test_leaving_early_cancels_the_rest(page_image):
    engine = Engine()
    pages = read_pages(pdf_of(*[page_image] * 9), engine, jobs=2)
    assert next(pages).number == 1
    pages.close()
    assert engine.calls < 9


def test_blank_page_is_not_read():
    engine = Engine()
    page = only(pdf_of(np.full((1400, 1000, 3), 250, np.uint8)), engine)
    assert (page.method, page.text, engine.calls) == (Method.BLANK, "", 0)


@pytest.mark.slow
@pytest.mark.parametrize("turns", [1, 2, 3])
def test_page_on_its_side(turns):
    lying = np.ascontiguousarray(np.rot90(draw_lines([SENTENCE[:60]] * 8), turns))
    page = read_image(lying, 1, DEFAULTS.dpi, Tesseract())
    assert page.text.startswith(SENTENCE[:40])


def test_rubber_stamp_in_red_is_read():
    black = draw_lines(["GIÁM ĐỐC", "", "", "đã ký và gửi các đơn vị"])
    red = draw_lines(["", "", "Nguyễn Trúc Giang", ""], ink=(200, 30, 60))
    page = only(pdf_of(np.minimum(black, red)))
    assert "Nguyễn Trúc Giang" in page.text
    assert page.text.index("GIÁM ĐỐC") < page.text.index("Nguyễn")


@pytest.mark.parametrize(
    ("format_", "mode"), [("PNG", "RGBA"), ("JPEG", "L"), ("TIFF", "1"), ("PNG", "P"), ("PNG", "I;16")]
)
def test_image_files(page_image, format_, mode):
    image = Image.fromarray(page_image)
    deep = Image.fromarray(page_image[..., 0].astype(np.uint16) * 257)
    image = deep if mode == "I;16" else image.convert(mode)
    out = io.BytesIO()
    image.save(out, format_, dpi=(240, 240))
    engine = Engine()
    page = only(out.getvalue(), engine)
    assert page.text == "Điều 1."
    assert (page.width, page.height) == (1984, 1200)
    assert engine.ink == pytest.approx(0.0058, abs=0.001)


@pytest.mark.slow
@pytest.mark.parametrize(("format_", "mode"), [("PNG", "1"), ("JPEG", "L")])
def test_a_page_of_very_many_pixels_is_scaled_down(page_image, format_, mode):
    side = (12_000, 9_000)
    out = io.BytesIO()
    Image.fromarray(page_image).convert(mode).resize(side).save(out, format_, dpi=(96, 96))
    engine = Engine()
    page = only(out.getvalue(), engine)
    assert page.width * page.height <= DEFAULTS.limits.page_pixels
    assert page.dpi == pytest.approx(page.height / 8.27, abs=1)  # 96 dpi would make it a poster
    assert engine.ink == pytest.approx(0.0058, abs=0.001)
    assert page.text == "Điều 1."


def test_image_without_resolution_is_taken_as_a4(page_image):
    small = Image.fromarray(page_image).resize((600, 850))
    out = io.BytesIO()
    small.save(out, "PNG")
    assert only(out.getvalue(), Engine()).width == pytest.approx(8.27 * DEFAULTS.dpi, rel=0.02)


def test_cut_off_image(page_image):
    out = io.BytesIO()
    Image.fromarray(page_image).save(out, "PNG")
    with pytest.raises(FormatError, match="cut off"):
        list(read_pages(out.getvalue()[:-2000], Engine()))


def test_plain_text_pages():
    pages = list(read_pages("Số: 815/UBND\n\nKính gửi: Công an huyện\fTrang hai\n".encode()))
    assert [p.text for p in pages] == ["Số: 815/UBND\n\nKính gửi: Công an huyện", "Trang hai"]
    assert {p.method for p in pages} == {Method.PLAIN_TEXT}


def test_large_pages_are_drawn_at_fewer_dpi():
    pixels = DEFAULTS.limits.page_pixels
    assert Layout.within(595, 842, 240, pixels).dpi == 240
    assert (30_000 / 72 * Layout.within(30_000, 30_000, 240, pixels).dpi) ** 2 <= pixels


def test_page_that_poppler_cannot_draw(tmp_path):
    path = tmp_path / "not.pdf"
    path.write_bytes(b"nothing")
    with pytest.raises(EngineError, match="cannot be drawn"):
        render(path, 1, 60, 60)
    layers = Layers(path, 1, None, 60)
    assert layers.of(1, 72) is None
    assert [remark.code for remark in layers.remarks] == ["text-layer-lost"]


def test_poppler_missing(monkeypatch, tmp_path, page_image):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SetupError, match="poppler"):
        list(read_pages(pdf_of(page_image), Engine()))
    with pytest.raises(SetupError, match="poppler"):
        render(tmp_path / "a.pdf", 1, 60, 60)


def test_a_page_for_which_no_memory_is_left_beside_others_is_read_when_they_are_done():
    under_way, failed = set(), set()

    def read(number):
        if number in failed:
            assert not under_way
            return Page(number, ())
        under_way.add(number)
        try:
            if number % 2:
                failed.add(number)
                raise MemoryLimitError("no memory is left")
            return Page(number, ())
        finally:
            under_way.remove(number)

    assert [page.number for page in _in_order(read, range(1, 9), 3)] == list(range(1, 9))
    assert failed == {1, 3, 5, 7}


def test_a_page_that_is_too_large_by_itself_ends_the_reading():
    def read(number):
        raise MemoryLimitError(f"page {number}")

    with pytest.raises(MemoryLimitError, match="page 1"):
        list(_in_order(read, [1, 2], 2))
