"""Lines beside a black seal, which engines take for a picture: found by their letters."""

import cv2
import numpy as np
import pytest

from tests.conftest import draw_lines
from vndoc.ocr.regions.missed_lines import find_missed_lines, print_lines
from vndoc.page import Box, Line, Word


@pytest.fixture
def sealed():
    """A signature block whose first line is clear and whose second touches a seal."""
    page = draw_lines([[(1000, "KT. CHỦ TỊCH")], [(1000, "PHÓ CHỦ TỊCH")]])[..., 0].copy()
    cv2.circle(page, (940, 330), 130, (0,), 4)
    cv2.circle(page, (940, 330), 90, (0,), 3)
    return page


def test_missed_lines_are_found_by_their_letters(sealed):
    boxes = find_missed_lines(sealed, [], 45.0)
    assert len(boxes) == 2
    assert all(box.x0 >= 990 and box.height < 70 for box in boxes)
    assert find_missed_lines(sealed, [Box(900, 100, 1500, 200)], 45.0) == [b for b in boxes if b.y0 > 180]


def test_an_empty_image_has_no_lines():
    assert find_missed_lines(np.full((300, 400), 255, np.uint8), [], 45.0) == []


def line(*words):
    return Line(tuple(Word(t, Box(300 + 80 * i, 20, 370 + 80 * i, 60), c) for i, (t, c) in enumerate(words)))


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ([("BỘ", 0.95), ("TRƯỞNG", 0.15)], "BỘ TRƯỞNG"),
        ([("575", 0.97)], None),
        ([("vTrế", 0.36), ("ƒ", 0.2)], None),
        ([("XHCN", 0.9), ("~", 0.0), ("§", 0.1)], None),
        ([("SỐ.", 0.1), ("_", 0.2), ("—TˆI", 0.2), ("Hoàng", 0.9), ("Anh", 0.97), ("⁄", 0.1)], "—TˆI Hoàng Anh"),
    ],
)
def test_only_print_is_kept_without_the_strokes_at_its_ends(words, kept):
    assert [read.text for read in print_lines([line(*words)])] == ([kept] if kept else [])
