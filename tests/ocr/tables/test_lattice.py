"""Cells of ruled tables from drawn rules."""

import cv2
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.ocr.tables.drawing import Plan, blank, draw, plans, spans, turned, write
from vndoc.ocr.tables import find_grids
from vndoc.ocr.tables.filling import Places
from vndoc.page import Box


def the_grid(page, dpi=240, number=2):
    grids = find_grids(page, number, dpi)
    assert len(grids) == 1
    return grids[0]


def is_whole(plan):
    """Whether every line parts some cells, and two rows have two cells: anything else is another table, or none."""
    firsts = [row for row, *_ in plan.cells]
    lines = ({cell[side] for cell in plan.cells} for side in (0, 1))
    sizes = (len(plan.heights), len(plan.widths))
    parted = all(len(found) == size for found, size in zip(lines, sizes, strict=True))
    return parted and len(plan.cells) > 3 and sum(firsts.count(row) > 1 for row in set(firsts)) > 1


@settings(max_examples=35)
@given(plans(), st.sampled_from([150, 200, 240, 300]), st.integers(1, 3))
def test_any_table_drawn_comes_back(plan, dpi, thickness):
    assume(is_whole(plan) and sum(plan.widths) > 55)

    grid = the_grid(draw(plan, dpi, thickness), dpi)

    assert spans(grid) == plan.cells
    for cell, box in zip(grid.cells, plan.boxes(dpi), strict=True):
        assert np.allclose(cell.box, box, atol=0.7 * dpi / 25.4)


@pytest.mark.parametrize("angle", [0.25, -0.4])
def test_what_is_left_of_a_skew_does_no_harm(angle):
    plan = Plan.plain(8, 5, merged=[(0, 1, 1, 2), (3, 0, 3, 1)])

    assert spans(the_grid(turned(draw(plan), angle))) == plan.cells


def test_faint_rules_with_gaps_on_a_grey_paper():
    plan = Plan.plain(5, 4)
    page = draw(plan, thickness=1, ink=150, page=blank(paper=225))
    page[:, ::90] = 225
    page[::90] = 225
    noise = np.random.default_rng(5).normal(0, 6, page.shape)

    assert spans(the_grid(np.clip(page + noise, 0, 255).astype(np.uint8))) == plan.cells


def test_a_wall_of_which_pieces_are_left():
    plan = Plan.plain(4, 4)
    page = draw(plan)
    wall = plan.boxes(240)[5]
    for y in range(wall.y0 + 30, wall.y1 - 10, 36):
        page[y : y + 10, wall.x0 - 3 : wall.x0 + 6] = 255

    assert spans(the_grid(page)) == plan.cells


def test_a_head_whose_columns_are_a_little_off():
    plan = Plan.plain(4, 4)
    page = draw(plan)
    head = plan.boxes(240)[1]
    page[head.y0 + 2 : head.y1, head.x0 : head.x0 + 2] = 255
    page[head.y0 : head.y1, head.x0 + 24 : head.x0 + 26] = 0

    assert spans(the_grid(page)) == plan.cells


def test_double_rules_are_one():
    plan = Plan.plain(4, 4)
    page = draw(plan, thickness=2)
    page = np.minimum(page, np.roll(page, (7, 7), (0, 1)))

    assert spans(the_grid(page)) == plan.cells


def test_a_table_on_a_shaded_ground():
    plan = Plan.plain(4, 4)
    page = blank()
    head = Box.around(plan.boxes(240)[:4])
    page[head.y0 : head.y1, head.x0 : head.x1] = 170

    assert spans(the_grid(draw(plan, page=page))) == plan.cells


def test_outer_borders_may_be_left_out():
    plan = Plan.plain(4, 4)

    assert spans(the_grid(draw(plan, sides=False))) == plan.cells


def test_text_makes_no_cells():
    """Stems that run into a rule are none, nor are underlined words."""
    plan = Plan.plain(3, 4, height=7.0)
    boxes = plan.boxes(240)
    page = write(draw(plan), boxes, ["Thực hiện", "HỆ ĐÀO TẠO", "TTYTDP", "Phối hợp"] * 3, points=15)
    for box in boxes:
        page[box.y1 - 16 : box.y1 - 14, box.x0 + 20 : box.x1 - 30] = 0

    assert spans(the_grid(page)) == plan.cells


def test_letters_one_above_the_other_between_two_rules_are_no_wall():
    """What low rows and a low threshold make of ộ: a stroke from rule to rule, with the letter's sides beside it."""
    plan = Plan.plain(4, 4, height=5.6)
    page = draw(plan)
    for box in plan.boxes(240)[::3]:
        middle = round(box.x_center)
        page[box.y0 : box.y1, middle - 2 : middle + 2] = 0
        for x in (middle - 9, middle + 5):
            page[box.y0 + 16 : box.y1 - 14, x : x + 4] = 0

    assert spans(the_grid(page)) == plan.cells


def test_bars_of_letters_between_two_rows_are_no_rule():
    """TT in the middle of a cell over two rows: its bars lie where the rule would be."""
    plan = Plan.plain(3, 5, width=12.0, merged=[(0, 0, 2, 1)])
    page = draw(plan)
    line = plan.boxes(240)[0].y_center
    for x in (16, 46):
        left = plan.boxes(240)[0].x0 + x
        page[round(line) - 2 : round(line) + 2, left : left + 28] = 0

    assert spans(the_grid(page)) == plan.cells


def test_a_row_of_several_cells_alone_goes_on_from_another_page():
    assert the_grid(draw(Plan.plain(1, 5))).rows == 1
    assert find_grids(draw(Plan.plain(1, 2, width=75)), 2, 240) == []


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (4, 1), (1, 2)])
def test_boxes_without_columns_or_rows_are_no_tables(rows, columns):
    assert find_grids(draw(Plan.plain(rows, columns, width=60 / columns)), 2, 240) == []


def test_a_frame_of_a_stamp_is_no_table():
    """35 by 50 mm with rules for what is filled in (Decree 30, Appendix IV)."""
    assert find_grids(draw(Plan.plain(4, 2, height=8, width=25)), 1, 240) == []


def test_rules_around_a_letterhead_make_no_table_of_it():
    plan = Plan.plain(2, 2, height=15, width=80)

    assert find_grids(draw(plan, at=(20, 15)), 1, 240) == []
    assert len(find_grids(draw(plan, at=(20, 15)), 2, 240)) == 1
    assert len(find_grids(draw(plan, at=(20, 90)), 1, 240)) == 1


def test_seals_and_drawings_are_no_tables():
    page = blank()
    for radius in (200, 190, 120):
        cv2.circle(page, (900, 800), radius, (0,), 5)
    rng = np.random.default_rng(2)
    for _ in range(60):
        x, y, w, h = (int(n) for n in rng.integers((500, 500, 20, 20), (1200, 1400, 300, 300)))
        cv2.rectangle(page, (x, y), (x + w, y + h), (0,), 2)

    assert find_grids(page, 2, 240) == []


def test_a_pattern_of_strokes_is_no_table():
    """Bricks, thousands of them: each stroke would be compared with all others."""
    page = blank()
    for row, y in enumerate(range(100, 2700, 60)):
        page[y : y + 2, 100:1900] = 0
        for x in range(100 + row % 2 * 20, 1900, 40):
            page[y : y + 60, x : x + 2] = 0

    assert find_grids(page, 2, 240) == []


def test_two_tables_and_a_table_within_a_cell():
    first, second = Plan.plain(3, 3), Plan.plain(4, 4)
    page = draw(second, page=draw(first), at=(20, 120))

    assert [spans(grid) for grid in find_grids(page, 2, 240)] == [first.cells, second.cells]


def test_print_beside_a_narrow_part_of_a_table_is_in_no_cell():
    page = draw(Plan.plain(12, 2, 8, 13))
    page = draw(Plan.plain(4, 6, 10, 26), page=page, at=(20, 40 + 12 * 8))

    (grid,) = find_grids(page, 2, 240)

    assert all(cell.row_span == 1 or cell.column < 2 for cell in grid.cells)
    assert Places.of(grid).at(150 * 240 / 25.4, 80 * 240 / 25.4) is None
    assert Places.of(grid).at(150 * 240 / 25.4, 150 * 240 / 25.4) is not None
