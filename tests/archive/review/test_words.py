"""Words that people corrected, in pages that are read again."""

from vndoc.archive.review.words import mended
from vndoc.facts import WordFact
from vndoc.page import Block, BlockKind, Box, Grid, GridCell, Line, Page, Word


def test_a_cell_of_which_a_person_takes_the_only_word_is_empty():
    boxes = [Box(10 + 100 * k, 10, 60 + 100 * k, 40) for k in range(3)]
    lines = tuple(Line((Word(text, box),)) for text, box in zip(("a", "vết", "c"), boxes, strict=True))
    cells = tuple(GridCell(0, k, first=k, last=k + 1) for k in range(3))
    page = Page(1, (Block(lines, BlockKind.TABLE, Grid(1, 3, cells)),))

    (table,) = mended([page], [WordFact(page=1, box=boxes[1], before="vết", after="")])[0].blocks

    assert [(cell.first, cell.last) for cell in table.grid.cells] == [(0, 1), (1, 1), (1, 2)]
    assert table.text == "a\tc"
