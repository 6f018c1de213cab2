import io

import numpy as np
import pytest
from PIL import Image
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas
from vndoc.sources.source import open_source

from samples.fonts import Fonts
from tests.conftest import draw_lines, pdf_of, with_signature
from vndoc.errors import EngineError, FormatError, SetupError
from vndoc.ocr.reader import READ_DPI, ReadOptions, read_pages
from vndoc.ocr.recognition import read_image
from vndoc.page import Box, Layer, Line, Method, Word
from vndoc.sources import pdf

SENTENCE = "Ủy ban nhân dân huyện yêu cầu các đơn vị báo cáo kết quả trước ngày 05/11/2024."


class Engine:
    """Gives one line a page, and fails on the pages asked for."""

    def __init__(self, fail=(), error=None):
        self.calls, self.fail, self.error = 0, fail, error or EngineError("killed")

    def read(self, gray, lang, dpi, psm=3):
        if psm != 3:  # a second look
            return []
        self.calls += 1
        self.ink = float((gray < 128).mean())
        if self.calls in self.fail:
            raise self.error
        return [Line((Word("Điều", Box(10, 10, 90, 50), 0.9), Word("1.", Box(100, 10, 130, 50), 0.9)))]


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


def only(data, engine=None, **options):
    pages = list(read_pages(open_source(data), ReadOptions(jobs=1, **options), engine))
    assert len(pages) == 1
    return pages[0]


def test_scanned_pdf_through_real_tesseract(page_image):
    page = only(pdf_of(page_image))
    assert "Ủy ban nhân dân huyện yêu cầu các đơn vị" in page.text
    assert (page.method, page.layer, page.dpi) == (Method.TESSERACT, Layer.NONE, READ_DPI)
    assert page.width == pytest.approx(page_image.shape[1], abs=10)


def test_born_digital_page_needs_no_engine():
    engine = Engine()
    page = only(born_digital([SENTENCE, "2. Giao Phòng Nội vụ theo dõi."]), engine)
    assert page.method is Method.TEXT_LAYER
    assert SENTENCE in page.text
    assert engine.calls == 0
    assert all(w.box for w in page.words)


def test_layer_of_another_language_is_not_trusted():
    page = only(born_digital(["Uy ban nhan dan huyen yeu cau cac don vi bao cao ket qua"] * 4), Engine())
    assert (page.layer, page.method) == (Layer.GARBLED, Method.TESSERACT)


def test_layer_that_covers_little_of_the_ink_is_a_stamp(tmp_path):
    picture = tmp_path / "scan.png"
    Image.fromarray(draw_lines([SENTENCE] * 12)).save(picture)
    page = only(born_digital(["Người ký: Sở Y tế"], stamp=str(picture)), Engine())
    assert (page.layer, page.text) == (Layer.STAMP_ONLY, "Điều 1.")


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
    import pikepdf  # noqa: PLC0415

    digital = pikepdf.open(io.BytesIO(born_digital([SENTENCE] * 3)))
    digital.pages.extend(pikepdf.open(io.BytesIO(pdf_of(page_image))).pages)
    path = tmp_path / "mixed.pdf"
    digital.save(path)
    pages = list(read_pages(open_source(path), ReadOptions(jobs=2), Engine()))
    assert [(p.number, p.method) for p in pages] == [(1, Method.TEXT_LAYER), (2, Method.TESSERACT)]


def test_pages_can_be_chosen_and_stay_in_order(page_image):
    data = pdf_of(*[page_image] * 5)
    pages = list(read_pages(open_source(data), ReadOptions(frozenset({2, 4, 5, 9}), jobs=2), Engine()))
    assert [p.number for p in pages] == [2, 4, 5]


def test_a_page_that_fails_is_empty_and_the_others_are_read(page_image):
    data = pdf_of(*[page_image] * 3)
    pages = list(read_pages(open_source(data), ReadOptions(jobs=1), Engine(fail={2})))
    assert [p.method for p in pages] == [Method.TESSERACT, Method.FAILED, Method.TESSERACT]
    assert pages[1].warnings == ("killed",)


def test_a_machine_that_lacks_something_stops_the_run(page_image):
    with pytest.raises(SetupError, match="no data"):
        list(read_pages(open_source(pdf_of(page_image)), None, Engine(fail={1}, error=SetupError("no data"))))


def test_leaving_early_cancels_the_rest(page_image):
    pages = read_pages(open_source(pdf_of(*[page_image] * 6)), ReadOptions(jobs=2), Engine())
    assert next(pages).number == 1
    pages.close()


def test_blank_page_is_not_read():
    engine = Engine()
    page = only(pdf_of(np.full((1400, 1000, 3), 250, np.uint8)), engine)
    assert (page.method, page.text, engine.calls) == (Method.BLANK, "", 0)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_page_on_its_side(turns):
    lying = np.ascontiguousarray(np.rot90(draw_lines([SENTENCE[:60]] * 8), turns))
    from vndoc.ocr.engines.tesseract import Tesseract  # noqa: PLC0415

    page = read_image(lying, 1, READ_DPI, Tesseract(), "vie")
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


@pytest.mark.parametrize(("format_", "mode"), [("PNG", "1"), ("JPEG", "L")])
def test_a_page_of_very_many_pixels_is_scaled_down(page_image, format_, mode):
    side = (12_000, 9_000)
    out = io.BytesIO()
    Image.fromarray(page_image).convert(mode).resize(side).save(out, format_, dpi=(96, 96))
    engine = Engine()
    page = only(out.getvalue(), engine)
    assert page.width * page.height <= pdf.MAX_PIXELS
    assert page.dpi == pytest.approx(96 * page.width / side[0], abs=1)
    assert engine.ink == pytest.approx(0.0058, abs=0.001)
    assert page.text == "Điều 1."


def test_image_without_resolution_is_taken_as_a4(page_image):
    small = Image.fromarray(page_image).resize((600, 850))
    out = io.BytesIO()
    small.save(out, "PNG")
    assert only(out.getvalue(), Engine()).width == pytest.approx(8.27 * READ_DPI, rel=0.02)


def test_cut_off_image(page_image):
    out = io.BytesIO()
    Image.fromarray(page_image).save(out, "PNG")
    source = open_source(out.getvalue()[:-2000])
    with pytest.raises(FormatError, match="cut off"):
        list(read_pages(source, None, Engine()))


def test_plain_text_pages():
    source = open_source("Số: 815/UBND\n\nKính gửi: Công an huyện\fTrang hai\n".encode())
    pages = list(read_pages(source))
    assert [p.text for p in pages] == ["Số: 815/UBND\n\nKính gửi: Công an huyện", "Trang hai"]
    assert {p.method for p in pages} == {Method.PLAIN_TEXT}


def test_large_pages_are_drawn_at_fewer_dpi():
    assert pdf.fitting_dpi(595, 842, 240) == 240
    dpi = pdf.fitting_dpi(30_000, 30_000, 240)
    assert (30_000 / 72 * dpi) ** 2 <= pdf.MAX_PIXELS


def test_page_that_poppler_cannot_draw(tmp_path):
    path = tmp_path / "not.pdf"
    path.write_bytes(b"nothing")
    with pytest.raises(EngineError, match="cannot be drawn"):
        pdf.render(path, 1, 60)
    assert pdf.read_layers(path, 60) == []


def test_poppler_missing(monkeypatch, tmp_path, page_image):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SetupError, match="poppler"):
        list(read_pages(open_source(pdf_of(page_image)), None, Engine()))
    with pytest.raises(SetupError, match="poppler"):
        pdf.render(tmp_path / "a.pdf", 1, 60)
