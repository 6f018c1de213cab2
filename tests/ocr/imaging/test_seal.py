"""Black seals: found by their rings, taken away, the print beside and under them read."""

import cv2
import numpy as np
import pytest

from tests.conftest import draw_lines
from vndoc.ocr.engines.tesseract import Tesseract
from vndoc.ocr.imaging.seal import find_seal, without_disc, without_rings
from vndoc.ocr.recognition import read_image
from vndoc.ocr.regions.reread import look_under_seal
from vndoc.page import Box, Line, Word

BODY = "Ủy ban nhân dân huyện yêu cầu các đơn vị báo cáo"
CENTRE, RADIUS = (900, 800), 165


@pytest.fixture(scope="module")
def sealed():
    """A signature block in black: the seal's ring runs through the first letters of position and name."""
    page = draw_lines([*[BODY] * 4, "", "", [(960, "PHÓ CHỦ TỊCH")]])[..., 0].copy()
    page = np.minimum(page, draw_lines([[(950, "Nguyễn Trúc Giang")]], top=CENTRE[1] + 138)[..., 0])
    for radius, width in ((RADIUS, 6), (RADIUS - 9, 2), (115, 3)):
        cv2.circle(page, CENTRE, radius, (0,), width)
    for angle in range(0, 360, 24):
        x, y = (int(c + 138 * f(np.radians(angle))) for c, f in zip(CENTRE, (np.cos, np.sin), strict=True))
        cv2.putText(page, "N", (x - 10, y + 10), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (0,), 3)
    return page


def test_a_seal_is_found_with_its_rings(sealed):
    seal = find_seal(sealed, 240)
    assert abs(seal.x - CENTRE[0]) <= 3
    assert abs(seal.y - CENTRE[1]) <= 3
    assert abs(seal.radius - RADIUS) <= 5
    assert len(seal.rings) >= 2


def test_text_and_signatures_are_no_seal():
    page = draw_lines([BODY] * 8)[..., 0].copy()
    cv2.ellipse(page, (900, 900), (170, 90), 20, 0, 360, (0,), 4)
    cv2.ellipse(page, (1400, 900), (150, 150), 0, 0, 200, (0,), 4)
    assert find_seal(page, 240) is None


def test_what_each_way_takes_away(sealed):
    seal = find_seal(sealed, 240)
    disc, rings = without_disc(sealed, seal), without_rings(sealed, seal)
    x, y = CENTRE
    inside = np.s_[y - 100 : y + 100, x - 100 : x + 100]
    assert (disc[inside] == 255).all()
    angles = np.radians(np.arange(90, 270))
    ring = (y + RADIUS * np.sin(angles)).astype(int), (x + RADIUS * np.cos(angles)).astype(int)
    assert (sealed[ring] < 128).mean() > 0.95
    assert (rings[ring] < 128).mean() < 0.05
    beside = np.s_[100:600, :]
    assert (rings[beside] == sealed[beside]).all()


def test_name_and_position_are_read(sealed):
    page = read_image(sealed, 1, 240, Tesseract(), "vie")
    assert "PHÓ CHỦ TỊCH" in page.text
    assert "Trúc Giang" in page.text
    assert page.text.count(BODY) == 4


def boxed(text, x, confidence):
    return Word(text, Box(x, 945, x + 26 * len(text), 990), confidence)


def test_a_sure_line_takes_the_place_of_an_unsure_one(sealed):
    class Reads:
        """Sees the name in the first strip and nothing elsewhere."""

        def __init__(self, *words):
            self.words = words

        def read_all(self, images, lang, dpi, psm):
            lines = [Line(tuple(Word(t, Box(x, 30, x + 26 * len(t), 75), c) for t, x, c in self.words))]
            return [lines if number == 0 else [] for number in range(len(images))]

        def read(self, gray, lang, dpi, psm=3):
            return self.read_all([gray], lang, dpi, psm)[0]

    body = Line(tuple(Word("nhiệm", Box(150 + 120 * i, 100, 250 + 120 * i, 150), 0.95) for i in range(5)))
    unsure = Line((boxed("Ng", 950, 0.87), boxed("ễn", 1010, 0.5), boxed("Trúc", 1130, 0.95)))
    lines = look_under_seal(sealed, [body, unsure], Reads(("Nguyễn", 200, 0.95), ("Trúc", 380, 0.96)), "vie", 240)
    assert body in lines
    assert any("Nguyễn Trúc" in line.text for line in lines)
    worse = look_under_seal(sealed, [body, unsure], Reads(("Ngzuễn", 200, 0.4), ("Trác", 380, 0.9)), "vie", 240)
    assert "Trúc" in [w.text for line in worse for w in line.words]


def test_without_a_seal_nothing_is_read():
    page = draw_lines([BODY] * 8)[..., 0].copy()
    line = Line((boxed("một", 100, 0.9),))
    assert look_under_seal(page, [line], None, "vie", 240) == [line]
