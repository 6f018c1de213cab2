import numpy as np
import pytest

from tests.conftest import draw_lines
from vndoc.ocr.engines.engine import ImageKind
from vndoc.ocr.legibility import letters_seen, unread_print
from vndoc.ocr.recognition import read_image
from vndoc.page import Box, Line, Word

TEXT = "Ủy ban nhân dân huyện yêu cầu các đơn vị báo cáo"
PAGE = draw_lines([TEXT] * 12)[..., 0].copy()


def lines(rows):
    return [
        Line(
            tuple(
                Word(w, Box(150 + 90 * i, 120 + 80 * r, 230 + 90 * i, 170 + 80 * r)) for i, w in enumerate(TEXT.split())
            )
        )
        for r in range(rows)
    ]


def test_letters_are_counted_about_right():
    printed = 12 * len(TEXT.replace(" ", ""))
    assert letters_seen(PAGE, 50) == pytest.approx(printed, rel=0.35)


def test_a_page_of_which_little_was_read_says_so():
    assert unread_print(PAGE, lines(12), 240) is None
    assert unread_print(PAGE, lines(9), 240) is None
    assert "letters were read" in unread_print(PAGE, lines(3), 240)
    assert "only 0 letters" in unread_print(PAGE, [], 240)


def test_rules_specks_and_few_letters_are_no_print():
    noisy = np.full((1200, 1984), 255, np.uint8)
    noisy[::40, ::40] = 0
    noisy[::300, :] = 0
    assert unread_print(noisy, [], 240) is None
    assert unread_print(draw_lines([TEXT] * 2)[..., 0].copy(), [], 240) is None


def test_the_reader_warns():
    class Half:
        name, version = "half", "1"

        def read(self, images, kind, dpi):
            return [lines(2) if kind is ImageKind.PAGE else [] for _ in images]

    (warning,) = read_image(PAGE, 1, 240, Half()).warnings
    assert warning.startswith("only ")
