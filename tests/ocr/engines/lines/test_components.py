"""Pieces of ink: which are as large as letters, which are rules."""

import cv2
import numpy as np

from tests.conftest import draw_lines
from tests.ocr.engines.lines.drawing import drawn
from vndoc.ocr.engines.lines.components import components_of, ink_of, usual_height


def ink(size=(400, 600)):
    return np.zeros(size, np.uint8)


def test_letters_are_pieces_with_their_boxes_and_area():
    image = ink()
    image[100:130, 50:70] = 1
    image[200:202, 50:51] = 1  # dust
    components, rules = components_of(image)
    assert rules == []
    sides = (components.x0, components.y0, components.x1, components.y1, components.area)
    assert [side.tolist() for side in sides] == [[50], [100], [70], [130], [600]]
    assert (len(components), components.height.tolist(), components.width.tolist()) == (1, [30], [20])


def test_an_upright_rule_is_no_letter():
    image = ink()
    image[20:380, 300:303] = 1
    components, (rule,) = components_of(image)
    assert (len(components), tuple(rule)) == (0, (300, 20, 303, 380))


def test_what_touches_the_rules_of_a_table_is_parted_from_them():
    image = ink()
    cv2.rectangle(image, (50, 50), (550, 350), (1,), 3)
    cv2.line(image, (300, 50), (300, 350), (1,), 3)
    image[314:349, 100:130] = 1  # a letter on the lower rule
    components, rules = components_of(image)
    assert len(rules) == 3
    (number,) = np.flatnonzero(components.height > 25).tolist()
    assert (components.x0[number], components.x1[number]) == (100, 130)


def test_the_letters_of_a_line_that_fills_its_crop_are_letters():
    image, (base,) = drawn(["Nguyễn Trúc Giang"], 80)
    crop = image[base - 70 : base + 25]
    components, _ = components_of(ink_of(crop))
    assert (components.height > 35).sum() >= 10


def test_the_usual_height_is_that_of_letters_with_ascenders():
    page = np.ascontiguousarray(draw_lines(["Ủy ban nhân dân huyện yêu cầu"] * 4)[..., 0])
    components, _ = components_of(ink_of(page))
    assert 24 <= usual_height(components, 5) <= 36
    assert usual_height(components.only(np.arange(3)), 5) is None


def test_faint_print_is_ink_and_its_paper_is_not():
    page = np.ascontiguousarray(draw_lines(["Ủy ban nhân dân"] * 4, ink=(170, 170, 170), paper=(235, 235, 235))[..., 0])
    strong = np.ascontiguousarray(draw_lines(["Ủy ban nhân dân"] * 4)[..., 0])
    assert np.mean(ink_of(page) == ink_of(strong)) > 0.995
