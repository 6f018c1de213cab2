"""A block that was read as a stamp stays one, whatever is added to its page."""

from vndoc.ocr.text_layer import Verdict, with_second_opinion, with_typed
from vndoc.page import Block, BlockKind, Box, Grid, GridCell, Layer, Line, Method, Page, Word

ROW = Line((Word("Ngày", Box(10, 20, 60, 40), 0.4),), 38.0, 20.0)
PAGE = Page(
    1,
    (Block((ROW,), BlockKind.ARRIVAL_STAMP), Block((Line((Word("Điều", Box(10, 200, 60, 220), 0.9),)),))),
    400,
    400,
    240,
    method=Method.OCR,
)


def test_a_second_opinion_changes_confidences_only():
    page = with_second_opinion(PAGE, [Word("ngay", Box(0, 0, 100, 60))], 1.0)
    assert [block.kind for block in page.blocks] == [BlockKind.ARRIVAL_STAMP, BlockKind.TEXT]
    (row,) = page.blocks[0].lines
    assert (row.base_line, row.em, row.words[0].confidence) == (38.0, 20.0, 0.7)


def test_numbers_set_over_the_page_are_no_part_of_its_stamps():
    number = Line((Word("12", Box(200, 20, 240, 40)),))
    page = with_typed(PAGE, Verdict(Layer.STAMP_ONLY, typed=(number,)), 1.0)
    assert [(block.kind, block.text) for block in page.blocks] == [
        (BlockKind.ARRIVAL_STAMP, "Ngày"),
        (BlockKind.TEXT, "12\nĐiều"),
    ]
    assert page.blocks[0].lines == (ROW,)


def test_the_cells_of_a_table_keep_their_lines_when_others_go():
    lines = tuple(Line((Word(text),)) for text in ("STT", "1", "Họp", "giao ban"))
    cells = (GridCell(0, 0, 1, 2, 0, 1), GridCell(1, 0, first=1, last=2), GridCell(1, 1, first=2, last=4))
    table = Block(lines, BlockKind.TABLE, Grid(2, 2, cells))

    left = table.only(lambda line: line.text not in ("1", "Họp"))

    assert left.text == "STT\ngiao ban"
    assert [(cell.first, cell.last) for cell in left.grid.cells] == [(0, 1), (1, 1), (1, 2)]
    assert table.only(lambda line: True) == table
