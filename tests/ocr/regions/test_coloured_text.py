"""Stamped lines keep their worn words; scraps of a seal's ring are no lines."""

import numpy as np
import pytest

from vndoc.ocr.engines.engine import ImageKind
from vndoc.ocr.regions.coloured_text import accepted_lines
from vndoc.ocr.regions.region import Region, RegionKind
from vndoc.page import Box, Line, Word


def read(*words: tuple[str, float], gap: int = 15, height: int = 40) -> list[str]:
    """The lines kept of one line of words with their confidences."""
    x, placed = 100, []
    for text, confidence in words:
        placed.append(Word(text, Box(x, 500, x + 25 * len(text), 500 + height), confidence))
        x += 25 * len(text) + gap
    region = Region.at(RegionKind.COLOURED_TEXT, ImageKind.SPARSE, np.full((800, 1600), 255, np.uint8), Box(0, 0, 9, 9))
    return [line.text for line in accepted_lines([region], {region: [Line(tuple(placed))]})]


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ((("PHÓ", 0.99), ("GIÁM", 0.99), ("ĐỐC", 0.51)), ["PHÓ GIÁM ĐỐC"]),
        ((("PHÓ", 0.5), ("GIÁM", 0.93), ("ĐỐC", 0.81)), ["PHÓ GIÁM ĐỐC"]),
        ((("Hà", 0.99), ("Văn", 0.99), ("Phúc", 0.53)), ["Hà Văn Phúc"]),
        ((("Hà", 0.54), ("Văn", 0.96), ("Phúe", 0.48)), ["Hà Văn Phúe"]),
        ((("x", 0.23), ("HẢI", 0.99), ("DƯƠNG", 0.97), ("á", 0.24)), ["HẢI DƯƠNG"]),
        ((("MỆT", 0.18), ("NAN", 0.32), ("TRƯỞNG", 0.97)), []),
        ((("THÔNG", 0.93), ("e", 0.47)), []),
        ((("SỞ", 0.89),), []),
    ],
)
def test_lines_in_coloured_ink(words: tuple[tuple[str, float], ...], kept: list[str]) -> None:
    assert read(*words) == kept


def test_what_is_far_off_is_no_word_of_the_line() -> None:
    assert read(("PHÓ", 0.99), ("GIÁM", 0.99), ("ĐỐC", 0.51), gap=60) == ["PHÓ GIÁM"]
