"""The arrival stamp: found by its frame, read without its dots, its blanks handed to the reader of handwriting."""

import json
from importlib.resources import files

import numpy as np
import pytest
from PIL import Image, ImageDraw
from unidecode import unidecode

from samples.fonts import FontError, Fonts, Style
from samples.ink import PEN_BLACK, handwriting
from tests.conftest import draw_lines
from vndoc.errors import EngineError
from vndoc.ocr.engines.engine import ImageKind
from vndoc.ocr.engines.tesseract import Tesseract
from vndoc.ocr.handwriting import DigitReader
from vndoc.ocr.imaging.ink import Separation
from vndoc.ocr.recognition import read_image
from vndoc.ocr.regions.arrival_stamp import (
    ArrivalStamp,
    accepted_stamp,
    is_stamp_text,
    propose_stamps,
    without_stamps,
)
from vndoc.ocr.regions.region import Frame, read_regions
from vndoc.page import Block, BlockKind, Box, Line, Word
from vndoc.parse import read_form
from vndoc.slots import SlotForm, SlotKind
from vndoc.trace import traced

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


def stamps_of(ink, engine):
    """The stamps found in ink alone."""
    candidates = propose_stamps(ink, DPI)
    readings, failures = read_regions(engine, [region for one in candidates for region in one.regions], DPI)
    assert failures == []
    return [stamp for one in candidates if (stamp := accepted_stamp(one, readings))]


def blanks(page):
    """The best reading of each blank of the stamp."""
    read = read_image(page, 1, DPI, Tesseract())
    slots = [slot for slot in read_form([read]).slots if slot.box]
    found = DigitReader().read(page, slots, list(read.words), DPI, read.angle)
    return {key.kind: likely[0][0] for key, likely in found.items() if likely and key.form is SlotForm.ARRIVAL_STAMP}


@pytest.mark.slow
@pytest.mark.parametrize("ink", [BLACK, RED])
@pytest.mark.parametrize("angle", [0.0, 1.4, -1.1])
def test_a_stamp_is_a_block_of_its_own(ink, angle):
    page = read_image(page_with(Stamp("815", ("21", "03", "2024"), ink), angle), 1, DPI, Tesseract())
    stamp, *rest = page.blocks
    assert [block.kind for block in page.blocks].count(BlockKind.ARRIVAL_STAMP) == 1
    assert stamp.kind is BlockKind.ARRIVAL_STAMP
    assert "CÔNG VĂN ĐẾN" in stamp.text
    assert "tháng" in stamp.text
    assert "Chuy" in stamp.text
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
    assert (found[SlotKind.NUMBER], found[SlotKind.DAY], found[SlotKind.MONTH]) == (number, *date[:2])


def test_dotted_rows_give_their_base_line_and_type_size():
    page = read_image(page_with(Stamp("815", ("21", "03", "2024"))), 1, DPI, Tesseract())
    rows = [line for line in page.blocks[0].lines if line.base_line is not None]
    assert [line.base_line for line in rows] == [pytest.approx(AT[1] + y, abs=5) for y in (168, 226, 272)]
    assert all(line.em == pytest.approx(EM, rel=0.15) for line in rows)


def test_the_decree_s_own_stamp_has_the_date_in_one_blank():
    found = blanks(page_with(Stamp("815", "", legal=True)))
    assert found[SlotKind.NUMBER] == "815"
    assert SlotKind.DAY not in found


def test_a_table_and_a_picture_are_no_stamps():
    page = page_with(Stamp("815", ("21", "03", "2024")))
    x, y = AT
    page[y + 62 : y + TALL - 10, x + 6 : x + WIDE - 10] = 255
    for row in range(y + 60, y + TALL, 60):
        page[row : row + 3, x : x + WIDE] = 0
    assert stamps_of(Separation.of(page).inked, Tesseract()) == []
    assert propose_stamps(np.full((3000, 2000), 255, np.uint8), DPI) == []


class _Failing(Tesseract):
    """Fails where the stamp's column is read."""

    def read(self, images, kind, dpi):
        if kind is ImageKind.BLOCK and len(images) == 1:
            raise EngineError("it broke")
        return super().read(images, kind, dpi)


def test_a_stamp_that_cannot_be_read_costs_only_itself():
    page = read_image(page_with(Stamp("815", ("21", "03", "2024"))), 1, DPI, _Failing())
    assert page.text.count("Ủy ban nhân dân huyện") == 6
    assert any(warning.startswith("arrival stamp") for warning in page.warnings)


def test_later_pages_have_no_arrival_stamp():
    class Counting(Tesseract):
        pieces = 0

        def read(self, images, kind, dpi):
            self.pieces += kind is ImageKind.WORD
            return super().read(images, kind, dpi)

    engine = Counting()
    read_image(page_with(Stamp("815", ("21", "03", "2024"))), 2, DPI, engine)
    assert engine.pieces == 0


def test_words_are_where_they_are_printed():
    page = page_with(Stamp("815", ("21", "03", "2024")), 1.0)
    ink = Separation.of(page).inked
    (stamp,) = stamps_of(ink, Tesseract())
    words = [word for line in stamp.block.lines for word in line.words if len(word.text) > 3]
    assert words
    for word in words:
        inked = ink[word.box.y0 : word.box.y1, word.box.x0 : word.box.x1] < 128
        assert inked.mean() > 0.05


def word(text, x0, x1, confidence=0.9, y=450):
    return Word(text, Box(x0, y, x1, y + 30), confidence)


OFFICE = Line((word("SỞ", 130, 200), word("NỘI", 210, 280), word("VỤ", 290, 360)))
SEEN = ArrivalStamp(
    Frame.of(Box(110, 420, 670, 720)),
    Block((OFFICE, Line((word("Ngày", 130, 220, 0.4, 600),))), BlockKind.ARRIVAL_STAMP),
)
BEHIND = (word("của", 700, 760), word("pháp", 775, 850), word("luật", 865, 930), word("về", 945, 990))


def test_a_row_of_the_stamp_leaves_the_line_it_was_read_with():
    assert without_stamps([Line((*OFFICE.words, *BEHIND))], [SEEN]) == [Line(BEHIND)]
    assert without_stamps([OFFICE], [SEEN]) == []


def test_a_line_that_runs_into_the_stamp_stays_whole():
    crossing = Line((word("Căn", 600, 660, y=600), *(word(w.text, w.box.x0, w.box.x1, y=600) for w in BEHIND)))
    assert without_stamps([crossing], [SEEN]) == [crossing]
    assert without_stamps([crossing], []) == [crossing]


DATA = json.loads(files("vndoc.ocr.regions").joinpath("arrival_stamp.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("text", DATA["examples"])
def test_texts_of_arrival_stamps(text):
    assert is_stamp_text(text)


@pytest.mark.parametrize("text", DATA["counter_examples"])
def test_texts_of_other_frames(text):
    assert not is_stamp_text(text)


@pytest.mark.parametrize("label", DATA["labels"], ids=lambda label: label["text"])
def test_every_label_is_in_its_examples(label):
    for example in label["examples"]:
        spelt = "".join(c if c.isalpha() else " " for c in unidecode(example).lower()).split()
        assert f" {label['text']} " in f" {' '.join(spelt)} "


def test_what_was_found_is_noted():
    with traced() as decisions:
        read_image(page_with(Stamp("815", ("21", "03", "2024"))), 1, DPI, Tesseract())
    noted = [decision for decision in decisions if decision.outcome.startswith("arrival stamp")]
    assert [(decision.subject, decision.by) for decision in noted] == [("/pages/1", "ocr.recognition")]


def test_a_frame_without_the_labels_is_noted_as_none():
    page = page_with(Stamp("", ("", "", "")))
    x, y = AT
    page[y + 8 : y + TALL - 8, x + 8 : x + WIDE - 8] = 255
    with traced() as decisions:
        read_image(page, 1, DPI, Tesseract())
    assert [d.why for d in decisions if d.outcome.startswith("no arrival stamp")] == ["a frame without its labels"]
