"""A page made ready for the engine, and pages without print."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import draw_lines
from vndoc.ocr.imaging.preparation import is_blank, prepare
from vndoc.ocr.imaging.skew import SKEW_LIMIT

TEXT = [
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6",
    "năm 2015; xét đề nghị của Trưởng phòng Nội vụ",
] * 6


def test_a_page_without_print_is_blank():
    white = np.full((900, 700), 255, np.uint8)
    assert is_blank(white)
    assert not is_blank(draw_lines(TEXT)[..., 0].copy())
    assert is_blank(np.full((2, 2), 255, np.uint8))


def test_specks_and_dark_margins_are_blank():
    page = np.full((1200, 900), 255, np.uint8)
    page[:, :20] = 0
    page[500, 400:404] = 0
    assert is_blank(page)


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 2**32 - 1))
def test_any_image_can_be_prepared(height, width, seed):
    image = np.random.default_rng(seed).integers(0, 256, (height, width), dtype=np.uint8)
    gray, angle = prepare(image)
    assert gray.shape == image.shape
    assert abs(angle) <= SKEW_LIMIT + 1
