"""Lines whose letters touch the rule under them, and pages that were not made quite level."""

import cv2
import numpy as np
import pytest

from vndoc.ocr.engines.lines.finder import find_lines
from vndoc.ocr.engines.lines.measuring import Letters, measured

TEXT = "TRUONG DAI HOC TAY DO"


def page(rows: int = 4) -> np.ndarray:
    """White, with rows of capitals 22 pixels high, the first base line at 200, the others 100 apart."""
    image = np.full((800, 1000), 255, np.uint8)
    for number in range(rows):
        cv2.putText(image, TEXT, (100, 200 + 100 * number), cv2.FONT_HERSHEY_DUPLEX, 1.0, 0, 2, cv2.LINE_AA)
    return image


@pytest.mark.parametrize("width", [150, 420])
def test_a_line_whose_letters_touch_its_underline_stays_one(width):
    plain, image = page(), page()
    x = 250
    image[208:211, x - 60 : x - 60 + width] = 0
    image[196:210, x : x + 4] = 0  # the dot under a letter, grown together with both
    image[196:210, x + 30 : x + 34] = 0
    whole, *others = find_lines(plain)
    line, *rest = find_lines(image)
    assert len(rest) == len(others)
    assert abs(line.box.x0 - whole.box.x0) <= 2
    assert abs(line.box.x1 - whole.box.x1) <= 2
    assert line.measure.xheight == pytest.approx(whole.measure.xheight, rel=0.1)
    assert line.measure.base_at(300) == pytest.approx(whole.measure.base_at(300), abs=2)


def test_a_page_that_slants_by_four_in_a_hundred():
    turn = np.array([[1, 0, 0], [0.04, 1, 0]], np.float32)
    image = np.asarray(cv2.warpAffine(page(), turn, (1000, 800), borderValue=(255,)), np.uint8)
    level = find_lines(page())
    for line, straight in zip(find_lines(image), level, strict=True):
        assert line.measure.slope == pytest.approx(0.04, abs=0.004)
        assert line.measure.xheight == pytest.approx(straight.measure.xheight, rel=0.08)


def test_one_line_that_slants_alone_on_a_level_page_is_taken_for_level():
    x = np.arange(12) * 30.0
    straight = [Letters(x, np.full(12, row - 20.0), np.full(12, row)) for row in (100.0, 200.0, 300.0)]
    slanting = Letters(x, 380 - 0.055 * x, 400 - 0.055 * x)
    *level, last = measured([*straight, slanting])
    assert [m.slope for m in level] == [0.0] * 3
    assert last.slope == 0.0
