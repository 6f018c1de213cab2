"""What is read beyond a page's first reading fails by itself, and ends where the page has cost enough."""

import cv2
import numpy as np
import pytest

from tests.conftest import draw_lines
from vndoc.errors import EngineError, SetupError
from vndoc.ocr.attempts import Attempts, PixelBudget
from vndoc.ocr.engines.engine import ImageKind
from vndoc.ocr.recognition import read_image
from vndoc.ocr.regions import sealed_lines
from vndoc.page import Box, Line, Word

BODY = [Line((Word("nhiệm", Box(150, 120, 300, 170), 0.95), Word("vụ", Box(320, 120, 400, 170), 0.95)))]


class Counting:
    """Reads the same line in every page, nothing in parts, and counts the pixels it was handed."""

    name, version = "counting", "1"

    def __init__(self):
        self.pixels = 0

    def read(self, images, kind, dpi):
        self.pixels += sum(image.size for image in images)
        return [BODY if kind is ImageKind.PAGE else [] for _ in images]


@pytest.mark.parametrize("error", [EngineError("killed"), cv2.error("no rows")])
def test_a_failure_is_a_warning(error):
    attempts = Attempts(3)

    def fails():
        raise error

    assert attempts.make("a seal", fails, "nothing") == "nothing"
    assert attempts.warnings == [f"a seal could not be read: {error}"]
    assert attempts.make("a seal", lambda: "something", "nothing") == "something"
    assert attempts.subject == "/pages/3"


def test_a_machine_without_an_engine_is_no_warning():
    def fails():
        raise SetupError("not installed")

    with pytest.raises(SetupError):
        Attempts(1).make("a seal", fails, None)


def test_no_reading_begins_once_the_budget_is_spent():
    engine = PixelBudget(Counting(), 100)
    image = np.zeros((10, 10), np.uint8)
    for _ in range(13):
        engine.read([image], ImageKind.LINE, 240)
    with pytest.raises(EngineError, match="12 times"):
        engine.read([image], ImageKind.LINE, 240)
    assert engine.engine.pixels == 1300


def test_an_image_that_opencv_cannot_work_on_costs_that_region(monkeypatch):
    def fails(*_):
        raise cv2.error("no rows")

    monkeypatch.setattr(sealed_lines, "propose_sealed_lines", fails)
    read = read_image(draw_lines(["nhiệm vụ"]), 1, 240, Counting())
    assert read.text == "nhiệm vụ"
    assert read.warnings == ("print under a seal could not be read: no rows",)
