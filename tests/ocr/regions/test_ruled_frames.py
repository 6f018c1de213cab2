"""Frames of stamps: worn, askew, one over another; and what is none."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from vndoc.ocr.regions.ruled_frames import find_ruled_frames, without_rules

DPI = 240
AT = (200, 300, 700, 560)


def page(*lines, angle=0.0):
    image = Image.new("L", (1984, 2806), 255)
    pen = ImageDraw.Draw(image)
    for x0, y0, x1, y1 in lines:
        pen.line((x0, y0, x1, y1), fill=0, width=5)
    return np.asarray(image.rotate(angle, Image.Resampling.BICUBIC, fillcolor=255, center=(450, 430)), np.uint8)


def edges(x0, y0, x1, y1):
    return {"top": (x0, y0, x1, y0), "foot": (x0, y1, x1, y1), "left": (x0, y0, x0, y1), "right": (x1, y0, x1, y1)}


def near(found, expected, within=25):
    return len(found) == 1 and all(abs(a - b) < within for a, b in zip(found[0], expected, strict=True))


@pytest.mark.parametrize("lost", [None, "left", "right", "top", "foot"])
def test_one_edge_may_be_lost(lost):
    kept = {name: edge for name, edge in edges(*AT).items() if name != lost}
    assert near(find_ruled_frames(page(*kept.values()), DPI), AT)


def test_two_lost_edges_are_no_frame():
    kept = edges(*AT)
    assert find_ruled_frames(page(kept["top"], kept["foot"]), DPI) == []
    assert find_ruled_frames(page(kept["left"], kept["top"]), DPI) == []


@pytest.mark.parametrize("angle", [-3.5, -1.5, 1.5, 3.5])
def test_a_frame_pressed_askew(angle):
    assert near(find_ruled_frames(page(*edges(*AT).values(), angle=angle), DPI), AT, 45)


def test_two_stamps_one_over_another_are_two():
    second = (220, 700, 690, 860)
    found = find_ruled_frames(page(*edges(*AT).values(), *edges(*second).values()), DPI)
    assert len(found) == 2


def test_rules_go_and_the_letters_that_they_cross_stay():
    image = page((200, 300, 700, 300), *[(x, 285, x, 315) for x in range(220, 300, 20)])
    bare = without_rules(image, DPI / 25.4)
    assert (bare[298:303, 400:690] > 200).all()
    assert (bare[290:310, 240] < 100).all()
