"""How tables that were found are compared with those that were printed."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.grits import Grits
from benchmarks.tables import NO_TABLE, Result, Task, compare, figures, main, print_tables
from samples.fonts import FontError, Fonts
from samples.table_pages import Part, Rules, make_look, print_table
from samples.tables import make_table
from vndoc.page import Block, BlockKind, Box, Grid, GridCell, Line, Page, Word

DPI = 144
TASK = Task(str(Rules.RULED), "200", 0, 1)


@pytest.fixture(scope="module", autouse=True)
def fonts() -> None:
    try:
        Fonts().file()
    except FontError as error:
        pytest.skip(str(error))


@pytest.fixture
def part() -> Part:
    rng = np.random.default_rng(5)
    table = make_table(rng, True)
    return print_table(table, make_look(rng, Rules.RULED, table), rng).parts[0]


def read(part: Part, box: Box | None = None) -> Page:
    """The page as a reader without faults gives it."""
    lines, cells = [], []
    for cell in part.cells:
        first = len(lines)
        lines += [Line((Word(cell.text, Box(0, 0, 1, 1)),))] if cell.text else []
        cells.append(GridCell(cell.row, cell.column, cell.row_span, cell.column_span, first, len(lines)))
    place = box or Box(*(round(v * DPI / 72) for v in part.box))
    grid = Grid(part.rows, part.columns, tuple(cells), box=place)
    return Page(1, (Block(tuple(lines), BlockKind.TABLE, grid),), dpi=DPI)


def test_what_is_read_without_faults(part):
    result = Result(TASK)
    compare(read(part), [part], result, "")
    assert result.parts == [Grits(1.0, 1.0)]
    assert (result.found, result.false, result.failures) == (1, 0, [])


def test_what_is_not_found_counts_as_nothing(part):
    result = Result(TASK)
    compare(read(part, Box(0, 0, 20, 20)), [part], result, "")
    assert result.parts == [Grits(0.0, 0.0)]
    assert (result.found, result.false) == (0, 1)
    compare(read(part), [part], result, "")
    assert figures([result]) == {
        "tables": 2,
        "false": 1,
        "precision": 0.5,
        "recall": 0.5,
        "structure": 0.5,
        "content": 0.5,
        "whole_structure": 1.0,
        "whole_content": 1.0,
    }


def test_rows_that_are_missing_are_told(part):
    page = read(part)
    block = page.blocks[0]
    assert block.grid
    fewer = tuple(cell for cell in block.grid.cells if cell.row + cell.row_span < part.rows - 3)
    result = Result(TASK)
    compare(replace(page, blocks=(replace(block, grid=replace(block.grid, cells=fewer)),)), [part], result, "a.pdf")
    assert 0.3 < result.parts[0].topology < 1
    assert result.failures[0].startswith("a.pdf page 1: 0.")


def test_every_source_shows_the_same_tables():
    one, other = (print_tables(replace(TASK, source=source)) for source in ("digital", "300"))
    assert one
    assert other
    assert one.table == other.table
    assert one.parts == other.parts
    assert print_tables(replace(TASK, kind=NO_TABLE)) is None


@pytest.mark.slow
def test_a_run(capsys):
    assert (
        main(["--documents", "1", "--sources", "digital", "--kinds", "ruled", NO_TABLE, "--jobs", "1", "--json"]) == 0
    )
    assert '"ruled, digital": {' in capsys.readouterr().out
