"""Print that begins under a stamp: which lines are read again, and what of them is kept."""

import numpy as np

from vndoc.ocr.regions.arrival_stamp import ArrivalStamp, without_stamp_strokes
from vndoc.ocr.regions.crossing_lines import accepted_lines, propose_crossing_lines
from vndoc.ocr.regions.region import Frame
from vndoc.page import Block, BlockKind, Box, Line, Word

DPI = 240
STAMP = Box(100, 400, 600, 700)


def line(y, *words):
    return Line(tuple(Word(text, Box(x0, y, x1, y + 36), sure) for text, x0, x1, sure in words))


OFFICE = line(470, ("CỔNG", 140, 260, 0.9), ("THÔNG", 270, 400, 0.9))
SEEN = ArrivalStamp(Frame.of(STAMP), Block((OFFICE,), BlockKind.ARRIVAL_STAMP))
CROSSING = line(420, ("n", 560, 590, 0.3), ("tướng", 620, 720, 0.99), ("Chính", 730, 830, 0.99))
APART = line(420, ("Quyết", 900, 1000, 0.99), ("định", 1010, 1080, 0.99))
BELOW = line(800, ("Căn", 560, 640, 0.99), ("cứ", 650, 700, 0.99))


def regions(*lines):
    return propose_crossing_lines(np.full((2000, 1600), 255, np.uint8), lines, [SEEN], DPI)


def test_a_line_beside_the_stamp_is_read_from_under_it():
    found = regions(CROSSING)
    assert len(found) == 2  # with and without what is on other base lines
    assert all(region.frame.box.x0 < 500 and region.frame.box.x1 >= 830 for region in found)


def test_other_lines_are_not_read_again():
    assert regions(APART) == []
    assert regions(BELOW) == []


def test_what_was_read_is_kept_from_its_first_word_on():
    region, _ = regions(CROSSING)
    read = line(420, ("–", 480, 500, 0.8), ("Phó", 510, 560, 0.98), ("Thủ", 565, 610, 0.5), ("tướng", 620, 720, 0.99))
    kept = accepted_lines([region], {region: [read]}, [SEEN])
    assert [row.text for row in kept] == ["Phó Thủ tướng"]
    own = line(470, ("CỔNG", 140, 260, 0.98), ("THÔNG", 270, 400, 0.98), ("tướng", 620, 720, 0.99))
    assert [row.text for row in accepted_lines([region], {region: [own]}, [SEEN])] == ["tướng"]


def test_what_was_hardly_read_in_a_stamp_is_a_stroke_of_it():
    strokes = line(500, ("gg5555", 300, 560, 0.1), ("Quy", 620, 700, 0.1))
    assert [row.text for row in without_stamp_strokes([strokes], [SEEN])] == ["Quy"]
