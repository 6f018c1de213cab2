"""A block that was read as a stamp stays one, whatever is added to its page."""

from vndoc.ocr.reader import _with_numbers
from vndoc.ocr.text_layer import with_second_opinion
from vndoc.page import Block, BlockKind, Box, Line, Method, Page, Word

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
    page = _with_numbers(PAGE, [Word("12", Box(200, 20, 240, 40))])
    assert [(block.kind, block.text) for block in page.blocks] == [
        (BlockKind.ARRIVAL_STAMP, "Ngày"),
        (BlockKind.TEXT, "12\nĐiều"),
    ]
    assert page.blocks[0].lines == (ROW,)
