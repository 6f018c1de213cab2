"""Made-up tables: cells that fill their grid, and pages that show all of them."""

from collections import Counter

import numpy as np
import pytest

from samples.table_pages import Rules, make_look, print_table
from samples.tables import make_table
from samples.typeset import width_of

SEEDS = range(60)


@pytest.mark.parametrize("merged", [True, False])
def test_cells_fill_the_grid_once(merged):
    merged_below = 0
    for seed in SEEDS:
        table = make_table(np.random.default_rng(seed), merged)
        taken = Counter(
            (row, column)
            for cell in table.cells
            for row in range(cell.row, cell.row + cell.row_span)
            for column in range(cell.column, cell.column + cell.column_span)
        )
        assert taken == Counter(np.ndindex(table.rows, len(table.columns)))
        assert 3 <= len(table.columns) <= 8
        body = [cell for cell in table.cells if cell.row >= table.header_rows]
        merged_below += sum(cell.row_span * cell.column_span > 1 for cell in body)
    assert bool(merged_below) is merged


def test_the_same_seed_makes_the_same_table():
    one, same, other = (make_table(np.random.default_rng(seed), True) for seed in (1, 1, 2))
    assert one == same != other


@pytest.mark.slow
def test_pages_show_all_cells(fonts):
    several = repeated = 0
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        rules = list(Rules)[seed % 3]
        table = make_table(rng, rules is Rules.RULED)
        printed = print_table(table, make_look(rng, rules, table), rng, fonts)
        shown = [cell.text for part in printed.parts for cell in part.cells if cell.row >= part.header_rows]
        assert shown == [cell.text for cell in table.cells if cell.row >= table.header_rows]
        several += len(printed.parts) > 1
        repeated += len(printed.parts) > 1 and printed.parts[1].header_rows > 0
        for part in printed.parts:
            sheet = printed.sheets[part.page - 1]
            x0, y0, x1, y1 = part.box
            assert 0 <= x0 < x1 <= sheet.width
            assert 0 <= y0 < y1 <= sheet.height
            words = Counter(piece.text for line in sheet.lines for piece in line.pieces if y0 < line.y < y1)
            assert words == Counter(word for cell in part.cells for word in cell.text.split())
            inside = (line for line in sheet.lines if y0 < line.y < y1)
            for line in inside:
                assert line.pieces[0].x >= x0 - 1
                assert line.pieces[-1].x + width_of(line.pieces[-1], fonts) <= x1 + 1
    assert several > repeated > 0
