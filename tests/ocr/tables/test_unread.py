"""Rows in cells that are read by themselves."""

import numpy as np
import pytest

from tests.ocr.tables.drawing import Plan, draw, write
from vndoc.ocr.tables import fill_all, find_grids
from vndoc.ocr.tables.filling import cell_lines
from vndoc.ocr.tables.unread import inner_box, propose_cell_rows, with_cell_rows
from vndoc.page import Box, Line, Word

PLAN = Plan.plain(3, 3, height=12.0)
BOXES = PLAN.boxes(240)
TEXTS = ["STT", "Nội dung\ncông việc", "Thời hạn", "1", "Báo cáo", "", "2", "", "x"]


@pytest.fixture(scope="module")
def page():
    return write(draw(PLAN), BOXES, TEXTS)


def over(number, text, confidence=1.0, row=0):
    """A word over a line of the text in a cell."""
    box = BOXES[number]
    return Word(
        text, Box(box.x0 + 18, box.y0 + 8 + 42 * row, box.x0 + 18 + 26 * len(text), box.y0 + 52 + 42 * row), confidence
    )


def proposed(page, lines):
    tables, _ = fill_all(find_grids(page, 2, 240), lines)
    return tables, propose_cell_rows(page, tables, 240)


def test_rows_with_letters_that_no_word_covers(page):
    read = [
        Line((over(0, "STT"),)),
        Line((over(1, "Nội dung"),)),
        Line((over(2, "Thời hạn"),)),
        Line((over(4, "Báo cáo"),)),
    ]

    _, rows = proposed(page, read)

    assert [row.cell for row in rows] == [1, 3, 6, 8]
    second = rows[0].region.frame.box
    assert BOXES[1].y0 + 40 < second.y_center < BOXES[1].y1
    assert all((row.region.image < 100).mean() < 0.2 for row in rows)


def test_where_all_is_read_nothing_is_proposed(page):
    lines = [
        Line((over(n, line, row=row),))
        for n, text in enumerate(TEXTS)
        for row, line in enumerate(text.split("\n"))
        if text
    ]

    assert proposed(page, lines)[1] == []


def test_a_word_that_was_cut_is_read_again(page):
    across = Word("1Báo", Box(BOXES[3].x1 - 60, BOXES[3].y0 + 8, BOXES[4].x0 + 60, BOXES[3].y0 + 48), 0.9)
    tables, rows = proposed(page, [Line((across,))])
    readings = {row.region: [Line((over(4, "Báo cáo", 0.9),))] for row in rows if row.cell == 4}

    (block,) = with_cell_rows(tables, rows, readings)

    assert [line.text for line in cell_lines(block)[4]] == ["Báo cáo"]


@pytest.mark.parametrize(("text", "confidence", "kept"), [("17", 0.95, "17"), ("17", 0.4, "1"), ("|", 0.9, "1")])
def test_what_is_read_anew_is_taken_where_it_is_likelier_right(page, text, confidence, kept):
    across = Word("ab", Box(BOXES[3].x1 - 40, BOXES[3].y0 + 8, BOXES[3].x1 + 40, BOXES[3].y0 + 40))
    tables, rows = proposed(page, [Line((over(3, "1", 0.8),)), Line((across,))])
    (row,) = [row for row in rows if row.cell == 3]

    (block,) = with_cell_rows(tables, [row], {row.region: [Line((over(3, text, confidence),))]})

    assert cell_lines(block)[3][0].words[0].text == kept


def test_diagonals_and_specks_are_no_letters():
    page = draw(PLAN)
    box = BOXES[0]
    for step in range(min(box.width, box.height)):
        page[box.y0 + step, box.x0 + 2 * step : box.x0 + 2 * step + 4] = 0
    page[BOXES[4].y0 + 30 : BOXES[4].y0 + 34, BOXES[4].x0 + 30 : BOXES[4].x0 + 34] = 0

    assert proposed(page, [])[1] == []


def test_the_inside_of_a_cell_is_without_its_rules():
    page = draw(Plan.plain(2, 2), thickness=6)
    box = Plan.plain(2, 2).boxes(240)[0]

    inner = inner_box(page, box, 240 / 25.4)

    assert np.all(page[inner.y0 : inner.y1, inner.x0 : inner.x1] == 255)
    assert inner.width > box.width - 20
    assert inner_box(page, Box(0, 0, 12, 12), 240 / 25.4) is None
