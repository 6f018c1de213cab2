"""The incoming stamp: found by its frame, read without its dots, its blanks handed to the reader of handwriting."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from samples.fonts import FontError, Fonts, Style
from samples.ink import PEN_BLACK, handwriting
from tests.conftest import draw_lines
from vndoc.errors import EngineError
from vndoc.ocr.engines.tesseract import Tesseract
from vndoc.ocr.handwriting import SlotBox, read_slots
from vndoc.ocr.imaging.ink import Separation
from vndoc.ocr.recognition import read_image
from vndoc.ocr.regions.arrival_stamp import Stamp as IncomingStamp
from vndoc.ocr.regions.arrival_stamp import beside, read_stamps
from vndoc.page import Box, Line, Word
from vndoc.parse import parse_form

DPI, EM = 240, 40
WIDE, TALL = 560, 300
BLACK, RED = (20, 20, 24), (205, 38, 44)
AT = (110, 420)
BODY = [*[""] * 8, *[[(760, "Ủy ban nhân dân huyện yêu cầu các đơn vị báo cáo")]] * 6]


class Stamp:
    """'CÔNG VĂN ĐẾN', 'Số: …', 'Ngày … tháng … năm …' on dots, or 'ĐẾN' beside 'Số: …' and 'Ngày: …'."""

    def __init__(self, number, date, ink=BLACK, legal=False):
        self.image = Image.new("RGB", (WIDE, TALL), "white")
        self.pen, self.ink = ImageDraw.Draw(self.image), ink
        self.pen.rectangle((4, 4, WIDE - 5, TALL - 5), outline=ink, width=4)
        self.rng = np.random.default_rng(3)
        self.put("SỞ NỘI VỤ", WIDE / 2, 46, bold=True, middle=True)
        self.pen.line((4, 60, WIDE - 5, 60), fill=ink, width=2)
        if legal:
            self.put("ĐẾN", 90, 150, bold=True, middle=True)
            self.pen.line((180, 60, 180, 196), fill=ink, width=2)
            self.blank(self.put("Số:", 190, 120), WIDE - 20, 120, number)
            self.blank(self.put("Ngày:", 190, 180), WIDE - 20, 180, date)
        else:
            self.put("CÔNG VĂN ĐẾN", WIDE / 2, 110, bold=True, middle=True)
            self.blank(self.put("Số:", 120, 168), WIDE - 60, 168, number)
            x = self.put("Ngày", 20, 226)
            for label, value in zip(("tháng", "năm", ""), date, strict=True):
                end = x + (110 if label else 100)
                self.blank(x, end, 226, value)
                x = self.put(label, end, 226)
        self.blank(self.put("Chuyển:", 20, 272), WIDE - 20, 272, "")

    def put(self, text, x, base, bold=False, middle=False):
        face = Fonts().face(Style(14, bold=bold), EM)
        self.pen.text((x, base), text, self.ink, face, anchor="ms" if middle else "ls")
        return x + face.getlength(text)

    def blank(self, x0, x1, base, value):
        for x in range(round(x0) + 6, round(x1) - 4, 10):
            self.pen.ellipse((x, base - 4, x + 3, base - 1), self.ink)
        if value:
            ink = handwriting(value, 10.0, PEN_BLACK)(DPI / 72, self.rng)
            ink = ink.crop(ink.getbbox())
            self.image.paste(ink, (round((x0 + x1 - ink.width) / 2), base - ink.height + 2), ink)


@pytest.fixture(scope="module", autouse=True)
def fonts():
    try:
        return Fonts().file()
    except FontError as error:
        pytest.skip(str(error))


def page_with(stamp, angle=0.0):
    page = draw_lines(BODY, size=(1984, 2000)).copy()
    mark = np.asarray(stamp.image.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor="white"))
    (x, y), (tall, wide) = AT, mark.shape[:2]
    page[y : y + tall, x : x + wide] = np.minimum(page[y : y + tall, x : x + wide], mark)
    return page


def blanks(page):
    """The best reading of each blank of the stamp."""
    read = read_image(page, 1, DPI, Tesseract(), "vie")
    slots = [SlotBox(slot.name, slot.box) for slot in parse_form([read]).slots if slot.box]
    found = read_slots(page, slots, list(read.words), DPI, read.angle)
    return {name: likely[0][0] for name, likely in found.items() if likely}


@pytest.mark.parametrize("ink", [BLACK, RED])
@pytest.mark.parametrize("angle", [0.0, 1.4, -1.1])
def test_a_stamp_is_a_block_of_its_own(ink, angle):
    page = read_image(page_with(Stamp("815", ("21", "03", "2024"), ink), angle), 1, DPI, Tesseract(), "vie")
    stamp, *rest = page.blocks
    assert "CÔNG VĂN ĐẾN" in stamp.text
    assert "tháng" in stamp.text
    assert "Chuyển" in stamp.text
    body = "\n".join(block.text for block in rest)
    assert body.count("Ủy ban nhân dân huyện") == 6
    assert "tháng" not in body
    box = stamp.box
    assert AT[0] - 10 <= box.x0 < box.x1 <= AT[0] + WIDE + 20
    assert AT[1] - 10 <= box.y0 < box.y1 <= AT[1] + TALL + 20


@pytest.mark.slow
@pytest.mark.parametrize("angle", [0.0, 1.4])
@pytest.mark.parametrize(("number", "date"), [("815", ("21", "03", "2024")), ("1304", ("15", "10", "2023"))])
def test_its_blanks_are_read(number, date, angle):
    found = blanks(page_with(Stamp(number, date), angle))
    assert (found["arrival_number"], found["arrival_day"], found["arrival_month"]) == (number, *date[:2])


def test_the_decree_s_own_stamp_has_the_date_in_one_blank():
    found = blanks(page_with(Stamp("815", "", legal=True)))
    assert found["arrival_number"] == "815"
    assert "arrival_day" not in found


def test_a_table_and_a_picture_are_no_stamps():
    page = page_with(Stamp("815", ("21", "03", "2024")))
    x, y = AT
    page[y + 62 : y + TALL - 10, x + 6 : x + WIDE - 10] = 255
    for row in range(y + 60, y + TALL, 60):
        page[row : row + 3, x : x + WIDE] = 0
    assert read_stamps(Separation.of(page).inked, Tesseract(), "vie", DPI) == []
    assert read_stamps(np.full((3000, 2000), 255, np.uint8), Tesseract(), "vie", DPI) == []


class _Failing(Tesseract):
    """Fails where the stamp's column is read."""

    def read_all(self, images, lang, dpi, psm):
        if psm == 6 and len(images) == 1:
            raise EngineError("it broke")
        return super().read_all(images, lang, dpi, psm)


def test_a_stamp_that_cannot_be_read_costs_only_itself():
    page = read_image(page_with(Stamp("815", ("21", "03", "2024"))), 1, DPI, _Failing(), "vie")
    assert page.text.count("Ủy ban nhân dân huyện") == 6
    assert any(warning.startswith("the incoming stamp") for warning in page.warnings)


def test_later_pages_have_no_incoming_stamp():
    class Counting(Tesseract):
        columns = 0

        def read_all(self, images, lang, dpi, psm):
            self.columns += psm == 8
            return super().read_all(images, lang, dpi, psm)

    engine = Counting()
    read_image(page_with(Stamp("815", ("21", "03", "2024"))), 2, DPI, engine, "vie")
    assert engine.columns == 0


def test_words_are_where_they_stand_on_the_page():
    page = page_with(Stamp("815", ("21", "03", "2024")), 1.0)
    ink = Separation.of(page).inked
    (stamp,) = read_stamps(ink, Tesseract(), "vie", DPI)
    words = [word for line in stamp.lines for word in line.words if len(word.text) > 3]
    assert words
    for word in words:
        inked = ink[word.box.y0 : word.box.y1, word.box.x0 : word.box.x1] < 128
        assert inked.mean() > 0.05


def word(text, x0, x1, confidence=0.9, y=450):
    return Word(text, Box(x0, y, x1, y + 30), confidence)


OFFICE = Line((word("SỞ", 130, 200), word("NỘI", 210, 280), word("VỤ", 290, 360)))
SEEN = IncomingStamp(Box(110, 420, 670, 720), (OFFICE, Line((word("Ngày", 130, 220, 0.4, 600),))))
BEHIND = (word("của", 700, 760), word("pháp", 775, 850), word("luật", 865, 930), word("về", 945, 990))


def test_a_row_of_the_stamp_leaves_the_line_it_was_read_with():
    assert beside([Line((*OFFICE.words, *BEHIND))], [SEEN]) == [Line(BEHIND)]
    assert beside([OFFICE], [SEEN]) == []


def test_a_line_that_runs_into_the_stamp_stays_whole():
    crossing = Line((word("Căn", 600, 660, y=600), *(word(w.text, w.box.x0, w.box.x1, y=600) for w in BEHIND)))
    assert beside([crossing], [SEEN]) == [crossing]
    assert beside([crossing], []) == [crossing]
