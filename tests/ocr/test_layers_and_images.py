"""Whatever layer lies on a page, the words read are those that its image shows."""

import io
from math import cos, radians, sin

import numpy as np
import pikepdf
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas

from samples.fonts import Fonts
from tests.conftest import draw_lines
from vndoc.ocr.engines.engine import ImageKind
from vndoc.ocr.engines.tesseract import Tesseract
from vndoc.ocr.reader import PageReader
from vndoc.ocr.text_layer import Script
from vndoc.page import Box, Layer, Line, Origin, Word
from vndoc.repair.legacy import from_old_encoding
from vndoc.repair.letters import is_syllable, normalised
from vndoc.sources import load_file, open_file

SIZE, DPI = (1984, 1200), 240
POINTS = tuple(side * 72 / DPI for side in SIZE)
ROWS = [
    "Ủy ban nhân dân huyện yêu cầu các đơn vị báo cáo kết quả",
    "thực hiện Kế hoạch số 254-KH/TU ngày 19/01/2024 của Tỉnh ủy",
    "về việc triển khai nhiệm vụ phát triển kinh tế, xã hội năm 2024;",
    "giao Phòng Nội vụ theo dõi, đôn đốc và tổng hợp trước ngày 05/11.",
] * 2
OTHER = ["Đảng ủy xã thông báo lịch họp Ban Chấp hành tháng 12", "Thời gian: 8 giờ 00, ngày 02/12/2023"] * 5
GARBLED = ["Uy ban nhan dan huyén yéu cau cac don vi bao cao két qua", "thyc hién Ké hoach sé 254-KH/TU"] * 4
MARK = ["Ký bởi: Ủy ban nhân dân huyện", "Thời gian ký: 05/01/2021 08:15:24"] * 4
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
SCRIPT = Script(from_old_encoding, normalised, is_syllable, lambda text: "Ký bởi" in text or "ký:" in text)


def table_of(image):
    """The page with the rules of a table about its lines: more ink than the words have."""
    ruled = image.copy()
    for y in range(105, 800, 80):
        ruled[y : y + 3, 60:1924] = 0
    for x in (60, 140, 900, 1921):
        ruled[105:750, x : x + 3] = 0
    return ruled


PLAIN = draw_lines(ROWS, size=SIZE)
IMAGES = {"plain": PLAIN, "table": table_of(PLAIN)}


def pdf_with(image, lines, *, shift=(0, 0), scale=1.0, turn=0.0, under=False):
    """A scan with hidden lines about the places of ``draw_lines``, moved, scaled and turned about the middle."""
    pdfmetrics.registerFont(TTFont("body", str(Fonts().file())))
    width, height = POINTS
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=POINTS, invariant=1)
    scan = ImageReader(Image.fromarray(image))
    if not under:
        page.drawImage(scan, 0, 0, width, height)
    page.saveState()
    page.translate(width / 2 + shift[0], height / 2 + shift[1])
    page.transform(cos(radians(turn)), sin(radians(turn)), -sin(radians(turn)), cos(radians(turn)), 0, 0)
    page.scale(scale, scale)
    page.translate(-width / 2, -height / 2)
    text = page.beginText()
    text.setTextRenderMode(0 if under else 3)
    text.setFont("body", 15)
    for row, line in enumerate(lines):
        text.setTextOrigin(45, height - 49.5 - 24 * row)
        text.textOut(line)
    page.drawText(text)
    page.restoreState()
    if under:
        page.drawImage(scan, 0, 0, width, height)
    page.showPage()
    page.save()
    return out.getvalue()


class Recorded:
    """Gives for a page what Tesseract reads on it, at its places; nothing in the regions read again."""

    name, version = "recorded", "1"

    def read(self, images, kind, dpi):
        if kind is not ImageKind.PAGE:
            return [[] for _ in images]
        rows = [
            [Word(word, Box(150 + 110 * i, 120 + 80 * at, 250 + 110 * i, 170 + 80 * at), 0.6 if i % 3 else 0.95)
             for i, word in enumerate(row.split())]
            for at, row in enumerate(ROWS)
        ]  # fmt: skip
        return [[Line(tuple(row)) for row in rows] for _ in images]


def read(data, engine):
    with open_file(load_file(data))[0] as file:
        return PageReader(file, engine, script=SCRIPT).page(1)


@pytest.fixture(scope="module")
def bare():
    return {name: [w.text for w in read(pdf_with(image, []), Recorded()).words] for name, image in IMAGES.items()}


@pytest.mark.slow
@settings(max_examples=10)
@example(image="plain", lines=OTHER, shift=(0, 0), scale=1.0, turn=0, under=False)
@example(image="table", lines=ROWS, shift=(90, -60), scale=1.0, turn=0, under=False)
@example(image="table", lines=GARBLED, shift=(0, 0), scale=1.0, turn=90, under=True)
@given(
    image=st.sampled_from(list(IMAGES)),
    lines=st.sampled_from([ROWS, OTHER, GARBLED, MARK, [], ["412"], ["…"] * 3]),
    shift=st.tuples(st.integers(-400, 400), st.integers(-300, 300)) | st.just((0, 0)),
    scale=st.floats(0.2, 3) | st.just(1.0),
    turn=st.sampled_from([0, 90, 180, 270]) | st.floats(-10, 10) | st.just(0),
    under=st.booleans(),
)
def test_a_hidden_layer_takes_no_word_away_and_adds_none(bare, image, lines, shift, scale, turn, under):
    data = pdf_with(IMAGES[image], lines, shift=shift, scale=scale, turn=turn, under=under)
    page = read(data, Recorded())
    assert [w.text for w in page.words] == bare[image]
    assert page.layer in (Layer.NONE, Layer.HIDDEN)
    assert all(w.confidence >= 0.6 for w in page.words)


@pytest.mark.slow
@pytest.mark.parametrize("lines", [ROWS, OTHER, MARK])
def test_print_between_rules_survives_a_shifted_layer(lines):
    """With the true engine: the layer's words lie on other words of the page."""
    image = IMAGES["table"]
    alone, layered = (
        [w.text for w in read(data, Tesseract()).words]
        for data in (pdf_with(image, []), pdf_with(image, lines, shift=(0, -48)))
    )
    assert layered == alone
    assert sum(row in " ".join(alone) for row in set(ROWS)) >= 2


def test_agreement_in_place_makes_surer():
    agreeing = read(pdf_with(PLAIN, ROWS), Recorded())
    other = read(pdf_with(PLAIN, OTHER), Recorded())
    low = [sum(w.confidence < 0.7 for w in page.words) for page in (agreeing, other)]
    assert low[0] < low[1]
    assert np.all([w.text for w in agreeing.words] == [w.text for w in other.words])


def with_alpha(image, alpha):
    """The picture with a mask of opacities, all alike."""
    return ImageReader(Image.fromarray(np.dstack([image, np.full(image.shape[:2], alpha, np.uint8)])))


def unseen_pdf(how):
    """A scan and other text that cannot be seen, though no rendering mode hides it."""
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=POINTS, invariant=1)
    width, height = POINTS
    if how != "under a masked image":
        page.drawImage(ImageReader(Image.fromarray(PLAIN)), 0, 0, width, height)
    if how == "clipped away":
        path = page.beginPath()
        path.moveTo(0, 0)
        path.lineTo(1, 0)
        path.lineTo(0, 1)
        page.clipPath(path, stroke=0, fill=0)
    pdfmetrics.registerFont(TTFont("body", str(Fonts().file())))
    page.setFont("body", 15)
    for row, line in enumerate(OTHER):
        page.drawString(45, height - 49.5 - 24 * row, line)
    if how == "under a masked image":
        page.drawImage(with_alpha(PLAIN, 255), 0, 0, width, height, mask="auto")
    page.showPage()
    page.save()
    return out.getvalue()


def with_glyphless_text(data, text):
    """The page with text in a font whose letters are all empty, in the mode in which text is filled."""
    pdf = pikepdf.open(io.BytesIO(data))
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type3, FontBBox=pikepdf.Array([0, 0, 1000, 1000]),
        FontMatrix=pikepdf.Array([0.001, 0, 0, 0.001, 0, 0]), FirstChar=48, LastChar=57,
        Widths=pikepdf.Array([500] * 10), Resources=pikepdf.Dictionary(),
        CharProcs=pikepdf.Dictionary({f"/{name}": pdf.make_stream(b"500 0 0 0 1000 1000 d1") for name in DIGITS}),
        Encoding=pikepdf.Dictionary(Differences=pikepdf.Array([48, *(pikepdf.Name(f"/{name}") for name in DIGITS)])),
    )  # fmt: skip
    page = pdf.pages[0]
    page.obj.Resources["/Font"] = pikepdf.Dictionary(F3=font)
    page.contents_add(pdf.make_stream(f"BT /F3 15 Tf 45 {POINTS[1] - 49.5} Td ({text}) Tj ET".encode()))
    saved = io.BytesIO()
    pdf.save(saved)
    return saved.getvalue()


def test_letters_without_a_shape_are_an_opinion_alone(bare):
    page = read(with_glyphless_text(pdf_with(PLAIN, []), "1849"), Recorded())
    assert [w.text for w in page.words] == bare["plain"]
    assert page.layer is Layer.HIDDEN


@pytest.mark.parametrize("how", ["under a masked image", "clipped away"])
def test_text_that_makes_no_difference_to_the_page_is_an_opinion_alone(bare, how):
    page = read(unseen_pdf(how), Recorded())
    assert [w.text for w in page.words] == bare["plain"]
    assert page.layer is Layer.HIDDEN


def test_text_that_is_typed_over_a_scan_makes_a_difference():
    blank = PLAIN.copy()
    blank[80:180] = 255
    page = read(pdf_with(blank, []), Recorded())
    assert page.layer is Layer.NONE
    out = io.BytesIO()
    sheet = canvas.Canvas(out, pagesize=POINTS, invariant=1)
    sheet.drawImage(ImageReader(Image.fromarray(blank)), 0, 0, *POINTS)
    sheet.setFont("Helvetica", 15)
    sheet.drawString(45, POINTS[1] - 49.5, "1849")
    sheet.showPage()
    sheet.save()
    page = read(out.getvalue(), Recorded())
    assert page.layer is Layer.PARTIAL
    assert "1849" in [w.text for w in page.words if w.origin is Origin.TYPED]
