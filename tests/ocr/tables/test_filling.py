"""Words into the cells of a table."""

from hypothesis import given
from hypothesis import strategies as st

from tests.ocr.tables.drawing import Plan, draw
from vndoc.ocr.tables import find_grids, with_tables
from vndoc.ocr.tables.filling import cell_lines, fill, with_lines
from vndoc.page import BlockKind, Box, Line, Word

PLAN = Plan.plain(3, 3, merged=[(0, 0, 1, 2)])
BOXES = PLAN.boxes(240)
(GRID,) = find_grids(draw(PLAN), 2, 240)


def word(text, x, y, width=None, height=30):
    return Word(text, Box(x, y, x + (width or 16 * len(text)), y + height))


def in_cell(number, text, row=0):
    """A word at the left of a cell."""
    return word(text, BOXES[number].x0 + 20, BOXES[number].y0 + 8 + 40 * row)


def texts(block):
    return [[line.text for line in lines] for lines in cell_lines(block).values()]


def test_a_line_read_across_the_table_is_parted():
    line = Line(
        (in_cell(2, "1"), in_cell(3, "Văn"), word("phòng", BOXES[3].x0 + 90, BOXES[3].y0 + 8), in_cell(4, "Sở"))
    )

    filled, outside = fill(GRID, [line])

    assert texts(filled.block) == [[], [], ["1"], ["Văn phòng"], ["Sở"], [], [], []]
    assert outside == []
    assert not filled.doubtful


def test_lines_of_a_cell_come_in_order_and_pieces_of_one_are_joined():
    lines = [
        Line((in_cell(3, "dưới", 1),)),
        Line((word("phải", BOXES[3].x0 + 120, BOXES[3].y0 + 9),)),
        Line((in_cell(3, "trái"),)),
    ]

    filled, _ = fill(GRID, lines)

    assert cell_lines(filled.block)[3] == [Line((*lines[2].words, *lines[1].words)), lines[0]]


def test_a_word_across_a_rule_is_two_and_both_cells_are_doubtful():
    edge = BOXES[3].x0
    barred, unbarred = word("01|Phòng", edge - 40, BOXES[3].y0 + 8, 170), word("abcd", edge - 40, BOXES[6].y0 + 8, 80)

    filled, _ = fill(GRID, [Line((barred,)), Line((unbarred,))])

    assert texts(filled.block)[2:4] == [["01"], ["Phòng"]]
    assert texts(filled.block)[5:7] == [["ab"], ["cd"]]
    assert filled.doubtful == {2, 3, 5, 6}


def test_a_word_that_just_touches_the_rule_is_whole():
    touching = word("STT", BOXES[3].x0 - 60, BOXES[3].y0 + 8, 72)

    filled, _ = fill(GRID, [Line((touching,))])

    assert cell_lines(filled.block)[2] == [Line((touching,))]


def test_rules_read_as_letters_are_left_out():
    cell = BOXES[4]
    bar = Word("|", Box(cell.x0 - 3, cell.y0 + 5, cell.x0 + 4, cell.y1 - 5))
    dash = Word("—", Box(cell.x0 + 5, cell.y1 - 4, cell.x1 - 5, cell.y1 + 3))
    nil = word("-", cell.x0 + 100, cell.y0 + 30, 12, 5)

    filled, _ = fill(GRID, [Line((bar, word("|Sở|", cell.x0 + 10, cell.y0 + 5), nil, dash))])

    assert texts(filled.block)[4] == ["Sở -"]


def test_what_is_outside_stays_as_it_was():
    above, unplaced = Line((word("Kính", 200, 100), word("gửi", 300, 100))), Line((Word("rời"),))

    filled, outside = fill(GRID, [above, unplaced])

    assert outside == [above, unplaced]
    assert filled.block.lines == ()


def test_tables_stand_in_their_place_among_the_blocks():
    above, below = Line((word("Trên", 200, 100),)), Line((word("Dưới", 200, 1200),))

    blocks = with_tables([below, Line((in_cell(3, "Ô"),)), above], [GRID])

    assert [block.kind for block in blocks] == [BlockKind.TEXT, BlockKind.TABLE, BlockKind.TEXT]
    assert [block.text for block in blocks] == ["Trên", "Ô", "Dưới"]
    assert len(blocks[1].grid.cells) == 8


PLACED = st.tuples(st.integers(0, 1900), st.integers(0, 1300), st.text("abc", min_size=2, max_size=6))


@given(st.lists(PLACED, max_size=30))
def test_no_word_is_lost(places):
    lines = [Line((word(text, x, y),)) for x, y, text in places]

    filled, outside = fill(GRID, lines)

    kept = sorted(w.text for line in [*filled.block.lines, *outside] for w in line.words)
    assert "".join(sorted("".join(kept))) == "".join(sorted("".join(text for *_, text in places)))
    assert with_lines(GRID, cell_lines(filled.block)) == filled.block
