import numpy as np
import pytest

from tests.conftest import draw_lines
from vndoc.ocr.imaging.polarity import positive

LINES = ["Ủy ban nhân dân huyện yêu cầu các đơn vị báo cáo"] * 8


@pytest.fixture(scope="module")
def page():
    return draw_lines(LINES)


@pytest.mark.parametrize("colour", [True, False])
def test_a_negative_is_turned_and_a_page_is_not(page, colour):
    image = page if colour else page[..., 0].copy()
    assert positive(image) is image
    turned = positive(255 - image)
    assert np.array_equal(turned, image)
    assert positive(turned) is turned


def test_a_dim_negative():
    dim = draw_lines(LINES, ink=(200, 200, 200), paper=(60, 60, 60))
    assert float(np.median(positive(dim))) > 150


def test_what_is_dark_and_no_negative(page):
    table = np.full((2400, 3000, 3), 30, np.uint8)  # a sheet photographed on a dark table
    table[400:1600, 500:2484] = page
    assert positive(table) is table
    half = page.copy()
    half[700:] = 0  # a picture, or the lid left open
    assert positive(half) is half
    black = np.zeros((1200, 1000), np.uint8)
    assert positive(black) is black
    assert positive(np.full((1, 1), 0, np.uint8)).shape == (1, 1)
