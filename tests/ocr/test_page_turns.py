"""The way back from the page as read to the page of the source."""

import numpy as np
import pytest

from tests.conftest import draw_lines
from vndoc.ocr.engines.tesseract import Tesseract
from vndoc.ocr.imaging import cleaning as clean
from vndoc.ocr.recognition import read_image
from vndoc.page import Page


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
@pytest.mark.parametrize("angle", [0.0, 2.5, -3.7])
def test_a_mark_is_found_where_it_was(turns, angle):
    """The slow way round: a spot is drawn, the image is turned as the reader turns it, the spot is looked for."""
    source = np.full((420, 300), 255, np.uint8)
    source[118:123, 208:213] = 0
    read = clean.rotate(np.ascontiguousarray(np.rot90(source, turns)), angle)
    rows, columns = np.nonzero(read < 128)
    height, width = read.shape
    page = Page(1, (), width, height, angle=angle, turns=turns)
    assert page.source_size == (300, 420)
    x, y = page.to_source(columns.mean() + 0.5, rows.mean() + 0.5)
    assert (x, y) == (pytest.approx(210.5, abs=0.7), pytest.approx(120.5, abs=0.7))
    assert page.from_source(x, y) == pytest.approx((columns.mean() + 0.5, rows.mean() + 0.5))


def test_the_reader_tells_how_it_turned_the_page():
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
