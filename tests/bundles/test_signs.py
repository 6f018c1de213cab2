"""What a page says of its place in a document."""

from vndoc.bundles.signs import signs_of
from vndoc.page import Block, BlockKind, Grid, GridCell, Line, Method, Page, Word


def line(text):
    return Line(tuple(Word(part) for part in text.split()))


def test_numbers_in_a_table_are_no_page_numbers():
    """A table at the head of a page that goes on from another begins and ends with numbers of its rows."""
    lines = tuple(map(line, ("12", "Rà soát hồ sơ", "13", "Tổng hợp kết quả", "14")))
    cells = tuple(GridCell(k // 2, k % 2, first=k, last=k + 1) for k in range(5))
    table = Block(lines, BlockKind.TABLE, Grid(3, 2, (*cells, GridCell(2, 1, first=5, last=5))))
    page = Page(2, (Block((line("7"),)), table), 2000, 2800, 240, method=Method.OCR)

    assert signs_of(page).folios == (7,)
