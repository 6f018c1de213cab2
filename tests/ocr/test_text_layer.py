"""What a text layer is worth: good, a stamp only, garbled, in an old encoding; and what is done with it."""

import io
import subprocess
from collections import Counter
from itertools import pairwise

import numpy as np
import pikepdf
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas

import vndoc
from samples.fonts import Fonts
from tests.conftest import draw_lines, with_signature
from vndoc.export.hidden_text import drop_hidden_text
from vndoc.export.searchable import to_searchable_pdf
from vndoc.ocr.text_layer import Verdict, with_second_opinion, with_typed
from vndoc.page import Block, Box, Layer, Line, Method, Page, Word
from vndoc.repair.legacy import encodings, from_old_encoding
from vndoc.settings import Settings
from vndoc.sources import load_file, open_file

LINES = [
    "Ủy ban nhân dân huyện yêu cầu các đơn vị báo cáo kết quả",
    "thực hiện Kế hoạch số 254-KH/TU ngày 19/01/2024 của Tỉnh ủy",
    "về việc triển khai nhiệm vụ phát triển kinh tế, xã hội năm 2024;",
    "giao Phòng Nội vụ theo dõi, đôn đốc và tổng hợp trước ngày 05/11.",
]
GARBLED = [
    "Uy ban nhan dan huyén yéu cau cac don vi bao cao két qua",
    "thyc hién Ké hoach sé 254-KH/TU ngay 19/01/2024",
]
OLD = ["Trong tháng này các đơn vị báo cáo kết quả", *LINES[1:]]
"""TCVN3 has no capitals with marks: those of another font had the codes of small letters."""
SIZE, DPI = (1984, 1200), 240


def pdf_with(lines, *, image=None, under=False, mode=0, form=False):
    """A page with a text layer at the places of ``draw_lines``, under or over an image of the whole page."""
    pdfmetrics.registerFont(TTFont("body", str(Fonts().file())))
    width, height = (side * 72 / DPI for side in SIZE)
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=(width, height), invariant=1)

    def picture():
        if image is not None:
            page.drawImage(ImageReader(Image.fromarray(image)), 0, 0, width, height)

    if not under:
        picture()
    if form:
        page.beginForm("layer")
    text = page.beginText()
    text.setTextRenderMode(mode)
    text.setFont("body", 15)
    for row, line in enumerate(lines):
        text.setTextOrigin(45, height - 49.5 - 24 * row)
        text.textOut(line)
    page.drawText(text)
    if form:
        page.endForm()
        page.doForm("layer")
    if under:
        picture()
    page.showPage()
    page.save()
    return out.getvalue()


@pytest.fixture(scope="module")
def picture():
    return draw_lines(LINES, size=SIZE)


def page_of(data):
    document = vndoc.pipeline.read(data, settings=Settings(jobs=1))
    return document, document.pages[0]


def test_good():
    document, page = page_of(pdf_with(LINES))
    assert (page.layer, page.method) == (Layer.GOOD, Method.TEXT_LAYER)
    assert document.dispatch.pages[0].layer == "good"
    assert page.text.split() == " ".join(LINES).split()


def test_stamp_only(picture):
    plain = pdf_with([], image=picture)
    document, page = page_of(with_signature(plain, "Ky boi: So Y te 15/01/2025 07:46:10"))
    assert (page.layer, page.method) == (Layer.STAMP_ONLY, Method.OCR)
    assert "Ky boi" not in document.dispatch.text


@pytest.mark.parametrize("form", [False, True])
def test_hidden(picture, form):
    data = pdf_with(GARBLED * 2, image=picture, mode=3, form=form)
    document, page = page_of(data)
    assert (page.layer, page.method) == (Layer.HIDDEN, Method.OCR)
    assert "Kế hoạch số 254-KH/TU" in document.dispatch.text


def test_garbled_text_that_is_seen():
    document, page = page_of(pdf_with(GARBLED * 12))
    assert (page.layer, page.method) == (Layer.GARBLED, Method.OCR)
    assert "254-KH/TU" in document.dispatch.text


@pytest.mark.parametrize("encoding", encodings(), ids=lambda e: e.name)
def test_legacy_encoding(encoding):
    document, page = page_of(pdf_with([encoding.encoded(line) for line in OLD]))
    assert (page.layer, page.method) == (Layer.LEGACY, Method.TEXT_LAYER)
    assert document.dispatch.pages[0].layer == "legacy encoding"
    assert page.text.split() == " ".join(OLD).split()


def test_old_encodings_are_known_or_not():
    encoding = encodings()[0]
    assert from_old_encoding(encoding.encoded(OLD[0]).split()) == OLD[0].split()
    assert from_old_encoding(LINES[0].split()) is None


# --- the second opinion -------------------------------------------------------------------------------------


def test_agreement_makes_surer():
    words = [Word("254-KH/TU", Box(100, 100, 300, 140), 0.4), Word("hoạch", Box(320, 100, 420, 140), 0.6)]
    page = Page(1, (Block((Line((*words, Word("không"))),)),), 1000, 500, 240, Layer.HIDDEN, Method.OCR)
    layer = [Word("254-KH/TU", Box(50, 50, 150, 70)), Word("hoach,", Box(160, 50, 210, 70))]
    assert [w.confidence for w in with_second_opinion(page, layer, 0.5).words] == [0.7, 0.8, 1.0]
    elsewhere = [Word("254-KH/TU", Box(350, 50, 450, 70)), Word("hoang", Box(160, 50, 210, 70))]
    assert with_second_opinion(page, elsewhere, 0.5) == page


# --- the searchable copy ------------------------------------------------------------------------------------


def pdftotext(data, path):
    path.write_bytes(data)
    return subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True).stdout.decode()


def drawn(data, path):
    path.write_bytes(data)
    subprocess.run(["pdftoppm", "-r", "60", "-gray", "-singlefile", path, path.with_suffix("")], check=True)
    return np.asarray(Image.open(path.with_suffix(".pgm")), dtype=float)


@pytest.mark.parametrize("about", [{"mode": 3}, {"mode": 3, "form": True}, {"under": True}])
def test_the_copy_has_our_text_alone_and_looks_the_same(picture, tmp_path, about):
    data = pdf_with(GARBLED * 2, image=picture, **about)
    document, page = page_of(data)
    copy = to_searchable_pdf(data, document.dispatch, document.pages)
    assert Counter(pdftotext(copy, tmp_path / "copy.pdf").split()) == Counter(w.text for w in page.words)
    assert np.abs(drawn(data, tmp_path / "a.pdf") - drawn(copy, tmp_path / "b.pdf")).max() == 0


def test_words_are_where_they_are_seen_on_a_cropped_page(picture, tmp_path):
    """Half of the media box is cut off: the words of the copy lie where those of the whole page lie."""
    whole = pdf_with([], image=picture)
    with pikepdf.open(io.BytesIO(whole)) as pdf:
        x0, y0, x1, y1 = (float(n) for n in pdf.pages[0].mediabox)
        pdf.pages[0].obj.MediaBox = pikepdf.Array([x0 - 300, y0 - 500, x1 + 900, y1 + 40])
        pdf.pages[0].obj.CropBox = pikepdf.Array([x0, y0, x1, y1])
        out = io.BytesIO()
        pdf.save(out)
    boxes = []
    for data in (whole, out.getvalue()):
        document, page = page_of(data)
        copy = to_searchable_pdf(data, document.dispatch, document.pages)
        with open_file(load_file(copy))[0] as opened:
            layer = opened.text_layer(1, 72)
        assert Counter(w.text for line in layer.hidden for w in line.words) == Counter(w.text for w in page.words)
        boxes.append([w.box for line in layer.hidden for w in line.words])
    assert boxes[0] == boxes[1]


def test_text_that_is_seen_stays(picture, tmp_path):
    data = pdf_with(GARBLED, image=picture)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        drop_hidden_text(pdf, pdf.pages[0])
        out = io.BytesIO()
        pdf.save(out)
    assert pdftotext(out.getvalue(), tmp_path / "a.pdf").split() == " ".join(GARBLED).split()


def test_operators_that_go_to_the_next_line(tmp_path):
    with pikepdf.open(io.BytesIO(pdf_with(["trên"]))) as pdf:
        page = pdf.pages[0]
        font = next(iter(page.Resources.Font))
        content = f"BT {font} 12 Tf 14 TL 50 300 Td 3 Tr (a) Tj (b) ' 0 0 (c) \" 0 Tr (d) ' ET".encode()
        page.Contents = pdf.make_stream(content)
        drop_hidden_text(pdf, page)
        left = page.Contents.read_bytes()
        assert left.count(b"T*") == 2
        assert b"(d) '" in left
        assert all(letter not in left for letter in (b"(a)", b"(b)", b"(c)"))


def test_damaged_content_is_left_alone():
    with pikepdf.open(io.BytesIO(pdf_with(["trên"]))) as pdf:
        pdf.pages[0].Contents = pdf.make_stream(b"BT /F1 3 Tr wrong Tr (a Tj")
        drop_hidden_text(pdf, pdf.pages[0])
        assert pdf.pages[0].Contents.read_bytes().startswith(b"BT /F1 3 Tr")


@pytest.mark.parametrize(
    ("read", "typed", "words"),
    [
        (("Số:77", 100, 150), ("77", 130, 150), ["Số:", "77"]),
        (("Sô:7T", 100, 150), ("77", 130, 150), ["Sô:", "77"]),  # misread: parted where the typed word begins
        (("77/QĐ-UBND", 100, 200), ("77", 100, 120), ["77", "/QĐ-UBND"]),
        (("ngày14tháng", 100, 210), ("14", 140, 160), ["ngày", "14", "tháng"]),
        (("77", 128, 151), ("77", 130, 150), ["77"]),
        (("771", 128, 152), ("77", 130, 150), ["77"]),  # no room for another digit
        (("Số:", 100, 128), ("77", 130, 150), ["Số:", "77"]),
    ],
)
def test_a_typed_word_takes_the_place_of_its_part_alone(read, typed, words):
    (text, x0, x1), (known, left, right) = read, typed
    page = Page(1, (Block((Line((Word(text, Box(x0, 50, x1, 80), 0.6),)),)),), 800, 600, 240, method=Method.OCR)
    page = with_typed(page, Verdict(Layer.PARTIAL, typed=(Line((Word(known, Box(left, 50, right, 80)),)),)), 1.0)
    assert [word.text for word in page.words] == words
    boxes = [word.box for word in page.words]
    assert all(one.x1 <= other.x0 for one, other in pairwise(boxes))


def test_two_typed_words_replace_all_of_a_word():
    page = Page(1, (Block((Line((Word("Số:77", Box(100, 50, 150, 80), 0.9),)),)),), 800, 600, 240, method=Method.OCR)
    typed = Line((Word("Số:", Box(100, 50, 128, 80)), Word("77", Box(130, 50, 150, 80))))
    assert with_typed(page, Verdict(Layer.GOOD, typed=(typed,)), 1.0).text == "Số: 77"
