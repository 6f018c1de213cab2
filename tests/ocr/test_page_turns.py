"""The way back from the page as read to the page of the source."""

import numpy as np
import pytest

from tests.conftest import draw_lines
from vndoc.ocr.engines.engine import ImageKind
from vndoc.ocr.engines.lines.engine import Lines
from vndoc.ocr.engines.tesseract import Tesseract
from vndoc.ocr.imaging.skew import rotate
from vndoc.ocr.recognition import read_image
from vndoc.page import Box, Line, Method, Page, Word
from vndoc.trace import traced


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
@pytest.mark.parametrize("angle", [0.0, 2.5, -3.7])
def test_a_mark_is_found_where_it_was(turns, angle):
    """The slow way round: a spot is drawn, the image is turned as the reader turns it, the spot is looked for."""
    source = np.full((420, 300), 255, np.uint8)
    source[118:123, 208:213] = 0
    read = rotate(np.ascontiguousarray(np.rot90(source, turns)), angle)
    rows, columns = np.nonzero(read < 128)
    height, width = read.shape
    page = Page(1, (), width, height, angle=angle, turns=turns)
    assert page.source_size == (300, 420)
    x, y = page.to_source(columns.mean() + 0.5, rows.mean() + 0.5)
    assert (x, y) == (pytest.approx(210.5, abs=0.7), pytest.approx(120.5, abs=0.7))
    assert page.from_source(x, y) == pytest.approx((columns.mean() + 0.5, rows.mean() + 0.5))


def test_the_page_says_how_it_was_turned():
    image = draw_lines(["Ủy ban nhân dân huyện yêu cầu các cơ quan"] * 8)
    lying = np.ascontiguousarray(np.rot90(image, 1))
    upright, turned = (read_image(i, 1, 240, Tesseract()) for i in (image, lying))
    assert (upright.turns, turned.turns, turned.source_size) == (0, 3, (1200, 1984))
    places = []
    for page in (upright, turned):
        box = next(word.box for word in page.words if word.text == "huyện")
        places.append(page.to_source(box.x_center, box.y_center))
    (x, y), (u, v) = places
    assert (u, v) == (pytest.approx(y, abs=8), pytest.approx(1984 - x, abs=8))


WORDS = ("yêu", "cầu", "nộp")


class Surer:
    """Reads pages with one confidence after the other."""

    name, version = "surer", "1"

    def __init__(self, *confidences):
        self.confidences = list(confidences)

    def read(self, images, kind, dpi):
        if kind is not ImageKind.PAGE:
            return [[] for _ in images]
        sure = self.confidences.pop(0)
        boxes = Box(150, 120, 250, 170), Box(260, 120, 350, 170), Box(360, 120, 490, 170)
        return [[Line(tuple(Word(text, box, sure) for text, box in zip(WORDS, boxes, strict=True)))]]


@pytest.mark.parametrize(
    ("confidences", "turns", "noted"),
    [
        ((0.9,), 0, []),
        ((0.5, 0.9), 2, ["turned by 180 degrees"]),
        ((0.5, 0.4, 0.9), 1, ["turned by 90 degrees"]),
        ((0.5, 0.4, 0.6, 0.9), 3, ["turned by 270 degrees"]),
        ((0.5, 0.4, 0.6, 0.6, 0.5), 0, []),
        ((0.5, 0.6, 0.5, 0.5, 0.9), None, ["blank"]),
    ],
)
def test_a_page_is_turned_until_it_reads_well(confidences, turns, noted):
    image = draw_lines(["Ủy ban nhân dân huyện"] * 3)
    with traced() as decisions:
        page = read_image(image, 1, 240, Surer(*confidences))
    assert page.method is (Method.BLANK if turns is None else Method.OCR)
    assert page.turns == (turns or 0)
    outcomes = [decision.outcome for decision in decisions if decision.by == "ocr.orientation"]
    assert outcomes == noted


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
@pytest.mark.parametrize("rows", [4, 16])
def test_the_own_reader_s_pages_come_out_upright(turns, rows):
    """It cannot tell that lines run up or down, and of a dense page on its side it finds none."""
    image = draw_lines(["Ủy ban nhân dân huyện yêu cầu các cơ quan"] * rows, size=(1300, 90 * rows + 200))
    page = read_image(np.ascontiguousarray(np.rot90(image, turns)), 1, 240, Lines())
    assert page.turns == -turns % 4
    assert page.text.count("nhân dân huyện") == rows


def on_sides(lines):
    """An engine that reads these lines on a page that lies, and nothing on others."""

    class Sides:
        name, version = "sides", "1"

        def read(self, images, kind, dpi):
            return [lines if kind is ImageKind.PAGE and image.shape[0] < image.shape[1] else [] for image in images]

    return Sides()


@pytest.mark.parametrize(
    ("words", "turns"),
    [((("nhân", 0.9), ("dân", 0.9), ("huyện", 0.9)), 1), ((("ta", 0.95),), 0), ((("nhân", 0.6),), 0)],
)
def test_a_page_without_lines_is_turned_only_where_its_side_reads_plainly(words, turns):
    line = Line(tuple(Word(text, Box(150 + 200 * k, 120, 300 + 200 * k, 170), c) for k, (text, c) in enumerate(words)))
    image = draw_lines(["Ủy ban nhân dân"] * 6, size=(800, 1200))
    assert read_image(image, 1, 240, on_sides([line])).turns == turns


def test_a_page_of_nonsense_is_read_a_bounded_number_of_times():
    """As it is, upside down, on both sides and in a mirror; its parts come out of what is left of its budget."""
    engine = Surer(*[0.5] * 5)
    read_image(draw_lines(["Ủy ban nhân dân huyện"] * 3), 1, 240, engine)
    assert engine.confidences == []


def test_an_empty_page_is_noted_as_blank():
    with traced() as decisions:
        assert read_image(np.full((1200, 900), 255, np.uint8), 2, 240, Surer()).method is Method.BLANK
    assert [(decision.subject, decision.outcome) for decision in decisions] == [("/pages/2", "blank")]
