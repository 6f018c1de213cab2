"""Words, lines, blocks and pages hold to what they say, whatever they are made of."""

from hypothesis import given
from hypothesis import strategies as st

from vndoc.page import Block, BlockKind, Box, Grid, GridCell, Line, Page, Word, page_from_text

EDGES = st.integers(-500, 1500)
BOXES = st.builds(Box, EDGES, EDGES, EDGES, EDGES)


@given(BOXES, st.integers(1, 1000), st.integers(1, 1000))
def test_the_part_of_a_box_on_the_page(box, width, height):
    within = box.within(width, height)
    assert 0 <= within.x0 <= within.x1 <= width
    assert 0 <= within.y0 <= within.y1 <= height
    assert within.within(width, height) == within
    if 0 <= box.x0 <= box.x1 <= width and 0 <= box.y0 <= box.y1 <= height:
        assert within == box


@given(st.lists(BOXES, max_size=5), BOXES)
def test_boxes_of_a_page_end_at_its_edges(boxes, cell):
    lines = tuple(Line((Word("chữ", box),)) for box in boxes)
    grid = Grid(1, 1, (GridCell(0, 0, first=0, last=len(boxes), box=cell),), box=cell)
    page = Page(1, (Block(lines, BlockKind.TABLE, grid),), 1000, 700)
    table = page.blocks[0].grid
    assert table is not None
    for box in [*(word.box for word in page.words), table.box, table.cells[0].box]:
        assert box == box.within(1000, 700)


def test_boxes_of_a_page_without_a_size_stay():
    page = Page(1, (Block((Line((Word("chữ", Box(-5, 0, 9, 9)),)),)),))
    assert [word.box for word in page.words] == [Box(-5, 0, 9, 9)]


def test_a_word_holds_nothing_that_no_page_shows():
    word = Word("Hỏa\x1b[31m\ud83d", raw="tốc\x07", alternatives=(("a\u202eb", 0.5),))
    assert (word.text, word.raw, word.alternatives) == ("Hỏa[31m\ufffd", "tốc", (("ab", 0.5),))


def test_a_word_of_which_nothing_is_left_is_none():
    assert [word.text for word in Line((Word("a"), Word("\x1b"), Word(""), Word("\n"), Word("b"))).words] == ["a", "b"]
    assert page_from_text("một\n\x07\n\nhai").text == "một\n\nhai"


def test_cells_have_lines_of_their_block():
    cells = (GridCell(0, 0, first=-2, last=1), GridCell(0, 1, first=1, last=9), GridCell(0, 2, first=7, last=3))
    block = Block((Line((Word("a"),)), Line((Word("b"),))), BlockKind.TABLE, Grid(1, 3, cells))
    assert block.grid is not None
    assert [(cell.first, cell.last) for cell in block.grid.cells] == [(0, 1), (1, 2), (2, 2)]
    assert block.text == "a\tb"
