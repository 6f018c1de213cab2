"""Stamps of urgency and secrecy: framed, red or black, at any slant."""

import re

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from samples.fonts import Fonts, Style
from tests.conftest import draw_lines
from vndoc.errors import EngineError
from vndoc.ocr.engines.engine import ImageKind
from vndoc.ocr.engines.tesseract import Tesseract
from vndoc.ocr.recognition import read_image
from vndoc.ocr.regions.region import erase_frames, read_regions
from vndoc.ocr.regions.urgency_stamp import accepted_stamp, find_frames, outside, propose_stamps
from vndoc.page import BlockKind, Box, Line, Word

RED, BLACK = (215, 40, 50), (10, 10, 10)
BODY = ["", "", "", "", "", *["Ủy ban nhân dân huyện yêu cầu các đơn vị báo cáo"] * 6]
ARROW = [(0, 0), (40, 22), (230, 22), (230, 0), (350, 70), (230, 140), (230, 118), (40, 118), (0, 140), (28, 70)]
OBLONG = [(0, 20), (330, 20), (330, 120), (0, 120)]


def stamp(text, shape, ink, angle):
    """A stamp of 330 to 350 by 100 to 140 pixels on white, turned counter-clockwise, 440 pixels square."""
    picture = Image.new("RGB", (440, 440), "white")
    pen = ImageDraw.Draw(picture)
    corners = [(x + 45, y + 150) for x, y in shape]
    pen.line([*corners, corners[0]], fill=ink, width=5)
    middle = 45 + (160 if shape is ARROW else 165), 220
    pen.text(middle, text, fill=ink, font=Fonts().face(Style(14, bold=True), 36), anchor="mm")
    return np.asarray(picture.rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor="white"))


def page_with(mark, at=(120, 60)):
    page = draw_lines(BODY, size=(1984, 1400)).copy()
    x, y = at
    page[y : y + 440, x : x + 440] = np.minimum(page[y : y + 440, x : x + 440], mark)
    return page


@pytest.mark.slow
@pytest.mark.parametrize("angle", [0, 12, 40, -25])
@pytest.mark.parametrize(("text", "shape"), [("HỎA TỐC", ARROW), ("THƯỢNG KHẨN", OBLONG), ("MẬT", OBLONG)])
def test_red_stamps_are_read_at_any_slant(text, shape, angle):
    page = read_image(page_with(stamp(text, shape, RED, angle)), 1, 240, Tesseract())
    assert page.blocks[0].text == text
    assert page.blocks[0].kind is BlockKind.URGENCY_STAMP
    assert page.text.count(text) == 1
    assert page.text.count("Ủy ban nhân dân huyện") == 6
    box = page.blocks[0].box
    assert abs(box.x_center - 340) < 60
    assert abs(box.y_center - 280) < 40


def test_slanted_black_stamp():
    page = read_image(page_with(stamp("HỎA TỐC", ARROW, BLACK, 30)), 1, 240, Tesseract())
    assert page.blocks[0].text == "HỎA TỐC"
    assert [line.text for line in page.lines].count("HỎA TỐC") == 1


def test_seals_signatures_and_tables_are_no_stamps():
    ink = np.full((2000, 1600), 255, np.uint8)
    for radius in (165, 120):
        cv2.circle(ink, (400, 400), radius, (60,), 6)
    cv2.polylines(ink, [np.array([[700, 500], [800, 300], [850, 480], [1100, 350]], np.int32)], False, (60,), 5)
    for x in range(5):
        cv2.rectangle(ink, (200 + 200 * x, 700), (400 + 200 * x, 800), (60,), 3)
    ink[850:930, 300:640] = 60
    assert find_frames(ink, 240) == []


class Says:
    """Reads the same words in every image."""

    name, version = "says", "1"

    def __init__(self, *words):
        self.words = words

    def read(self, images, kind, dpi):
        boxes = (Box(10 + 90 * i, 20, 90 + 90 * i, 60) for i in range(len(self.words)))
        line = Line(tuple(Word(text, box, sure) for (text, sure), box in zip(self.words, boxes, strict=True)))
        return [[line] for _ in images]


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ([("[HỎA", 0.7), ("TỐC]", 0.9)], "HỎA TỐC"),
        ([("KHẨN", 0.9)], "KHẨN"),
        ([("KHẨN", 0.7)], None),
        ([("đã", 0.9), ("nhận", 0.9)], None),
        ([("A", 0.9), ("12", 0.9)], None),
    ],
)
def test_what_counts_as_a_mark(words, read):
    ink = cv2.cvtColor(stamp("KHẨN", OBLONG, BLACK, 0), cv2.COLOR_RGB2GRAY)
    ink = np.vstack([ink, np.full_like(ink, 255)])
    (region,) = propose_stamps(np.full_like(ink, 255), ink, 240)
    readings, _ = read_regions(Says(*words), [region], 240)
    found = accepted_stamp(region, readings[region])
    assert (found and found.block.text) == read


def test_words_and_ink_of_a_stamp_are_its_own():
    ink = cv2.cvtColor(stamp("MẬT", OBLONG, BLACK, 20), cv2.COLOR_RGB2GRAY)
    ink = np.vstack([ink, np.full_like(ink, 255)])
    frames = find_frames(ink, 240)
    rest = erase_frames(ink, frames)
    assert (rest < 128).sum() < 0.05 * (ink < 128).sum()
    middle, above = Word("MÂT", Box(180, 200, 260, 240)), Word("trên", Box(20, 20, 90, 60))
    assert outside([Line((above, middle, Word("không chỗ")))], frames) == [Line((above, Word("không chỗ")))]


def test_a_stamp_that_cannot_be_read_costs_only_itself():
    class NoStamps(Tesseract):
        def read(self, images, kind, dpi):
            if kind is ImageKind.LINE:
                raise EngineError("killed")
            return super().read(images, kind, dpi)

    page = read_image(page_with(stamp("HỎA TỐC", ARROW, RED, 40)), 1, 240, NoStamps())
    assert any(re.match("urgency stamp.* could not be read: killed", warning) for warning in page.warnings)
    assert page.text.count("Ủy ban nhân dân huyện") == 6
