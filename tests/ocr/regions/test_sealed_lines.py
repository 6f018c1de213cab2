"""Print beside and under a black seal is read with the seal taken away."""

import cv2
import numpy as np
import pytest

from tests.conftest import draw_lines
from tests.ocr.conftest import BODY, CENTRE, RADIUS, sealed_page
from vndoc.ocr.engines.tesseract import Tesseract
from vndoc.ocr.recognition import read_image
from vndoc.ocr.regions.merging import merge
from vndoc.ocr.regions.region import read_regions
from vndoc.ocr.regions.sealed_lines import accepted_lines, propose_sealed_lines, without_seal_strokes
from vndoc.page import Box, Line, Word


@pytest.fixture(scope="module")
def sealed():
    return sealed_page()


def without_seal(gray, lines, engine):
    """The lines with what is read beside the seal."""
    text = propose_sealed_lines(gray, lines, 240)
    readings, _ = read_regions(engine, text.regions, 240)
    return without_seal_strokes(merge(lines, accepted_lines(text, readings)), text.seal)


def test_name_and_position_are_read(sealed):
    page = read_image(sealed, 1, 240, Tesseract())
    assert "PHÓ CHỦ TỊCH" in page.text
    assert "Trúc Giang" in page.text
    assert page.text.count(BODY) == 4


def boxed(text, x, confidence):
    return Word(text, Box(x, 945, x + 26 * len(text), 990), confidence)


class Reads:
    """Sees the words in the first strip and nothing elsewhere."""

    name, version = "reads", "1"

    def __init__(self, *words):
        self.words = words

    def read(self, images, kind, dpi):
        lines = [Line(tuple(Word(t, Box(x, 30, x + 26 * len(t), 75), c) for t, x, c in self.words))]
        return [lines if number == 0 else [] for number in range(len(images))]


def test_a_sure_line_takes_the_place_of_an_unsure_one(sealed):
    body = Line(tuple(Word("nhiệm", Box(150 + 120 * i, 100, 250 + 120 * i, 150), 0.95) for i in range(5)))
    unsure = Line((boxed("Ng", 950, 0.87), boxed("ễn", 1010, 0.5), boxed("Trúc", 1130, 0.95)))
    lines = without_seal(sealed, [body, unsure], Reads(("Nguyễn", 200, 0.95), ("Trúc", 380, 0.96)))
    assert body in lines
    assert any("Nguyễn Trúc" in line.text for line in lines)
    worse = without_seal(sealed, [body, unsure], Reads(("Ngzuễn", 200, 0.4), ("Trác", 380, 0.9)))
    assert "Trúc" in [w.text for line in worse for w in line.words]


def test_without_a_seal_nothing_is_proposed():
    page = draw_lines([BODY] * 8)[..., 0].copy()
    assert propose_sealed_lines(page, [Line((boxed("một", 100, 0.9),))], 240) is None


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ((("han", 0.41), ("Thị", 0.99), ("Diễm", 0.99)), "han Thị Diễm"),
        ((("_,â", 0.44), ("Thị", 0.99), ("Diễm", 0.99)), "Thị Diễm"),
        ((("Phsa", 0.17), ("Thị", 0.99), ("Diễm", 0.99)), "Thị Diễm"),
    ],
)
def test_what_is_left_of_the_first_word_is_kept(sealed, words, kept):
    body = Line(tuple(Word("nhiệm", Box(150 + 120 * i, 100, 250 + 120 * i, 150), 0.95) for i in range(5)))
    text = propose_sealed_lines(sealed, [body], 240)
    read = Line(tuple(boxed(word, 950 + 120 * i, confidence) for i, (word, confidence) in enumerate(words)))
    assert [line.text for line in accepted_lines(text, {text.regions[0]: [read]})] == [kept]


@pytest.mark.parametrize(
    ("word", "confidence"),
    [(Word("*Phan", None, 0.47, alternatives=(("Phan", 0.7), ("Pham", 0.03))), 0.8), (Word("-Phan", None, 0.4), 0.4)],
)
def test_a_star_before_the_first_word_is_none_of_its_letters(sealed, word, confidence):
    text = propose_sealed_lines(sealed, [Line((boxed("nhiệm", 150, 0.95),))], 240)
    read = Line((word, boxed("Thị", 1100, 0.99), boxed("Diễm", 1220, 0.99)))
    (line,) = accepted_lines(text, {text.regions[0]: [read]})
    assert line.text == "Phan Thị Diễm"
    assert line.words[0].confidence == pytest.approx(confidence, abs=0.01)


@pytest.mark.parametrize(("width", "as_they_are"), [(3, True), (16, False)])
def test_lines_along_a_thin_ring_are_read_with_it_too(width, as_they_are):
    page = draw_lines([BODY] * 4, top=60)[..., 0].copy()
    page = np.minimum(page, draw_lines([[(790, "Phan Thị Diễm")]], top=CENTRE[1] + 120)[..., 0])
    cv2.circle(page, CENTRE, RADIUS, (0,), width)
    body = Line(tuple(Word("nhiệm", Box(150 + 120 * i, 100, 250 + 120 * i, 140), 0.95) for i in range(5)))
    given = Line((Word("Thị", Box(910, 930, 985, 975), 0.99), Word("Diễm", Box(1000, 930, 1110, 975), 0.99)))
    text = propose_sealed_lines(page, [body, given], 240)
    whole = [region for region in text.regions if (region.image == cut(page, region.frame.box)).all()]
    assert any(box.x0 < 790 and box.overlap(given.box) > 0.9 for box in (r.frame.box for r in whole)) is as_they_are


def cut(page, box):
    return page[box.y0 : box.y1, box.x0 : box.x1]
