"""Skew is found and undone."""

import numpy as np
import pytest

from tests.conftest import draw_lines
from vndoc.ocr.imaging.skew import find_skew, rotate

TEXT = [
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6",
    "năm 2015; xét đề nghị của Trưởng phòng Nội vụ",
] * 6


@pytest.mark.parametrize("angle", [-2.5, -0.8, 0.0, 0.4, 1.5, 3.0])
def test_skew_is_found_and_undone(angle):
    level = draw_lines(TEXT)[..., 0].copy()
    found = find_skew(rotate(level, angle))
    assert found == pytest.approx(-angle, abs=0.15)


def test_a_blank_image_has_no_skew():
    assert find_skew(np.full((900, 700), 255, np.uint8)) == 0.0


def test_rows_of_the_turned_page_are_those_of_all_of_it():
    page = draw_lines(TEXT)[..., 0].copy()
    whole, part = rotate(page, 1.3), rotate(page, 1.3, slice(100, 300))
    assert np.abs(whole[100:300].astype(int) - part).max() <= 8
    assert (rotate(page, 0.0, slice(100, 300)) == page[100:300]).all()
