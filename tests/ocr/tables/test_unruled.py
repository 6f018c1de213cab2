"""Tables without rules, from the boxes of words alone."""

from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import samples
from benchmarks.grits import Grits, Place, grits
from samples.compose import compose
from samples.letter import Letter
from samples.paper import read_pages
from samples.table_pages import Rules, make_look, print_table
from samples.tables import make_table
from vndoc.ocr.tables import with_tables
from vndoc.ocr.tables.unruled import find_unruled
from vndoc.page import BlockKind, Box, Line, Word

HEIGHT, LETTER, BLANK, PITCH = 30, 16, 10, 45


def line(y, *texts):
    """A line of texts, each given with the x where it begins."""
    words = []
    for x, text in texts:
        for part in text.split():
            left = words[-1].box.x1 + BLANK if words and words[-1].box.x1 > x else x
            words.append(Word(part, Box(left, y, left + LETTER * len(part), y + HEIGHT)))
    return Line(tuple(words))


def table(*rows, columns=(100, 200, 700, 1100), top=400, pitch=PITCH):
    """Lines of a table: each row gives the text of every column, empty where there is none."""
    return [
        line(top + pitch * at, *((x, text) for x, text in zip(columns, row, strict=True) if text))
        for at, row in enumerate(rows)
    ]


def read(lines):
    """The tables as rows of texts, a merged cell's once."""
    return [block.text.split("\n") for block in with_tables(lines, []) if block.kind is BlockKind.TABLE]


HEAD = ("STT", "Nội dung", "Đơn vị", "Thời hạn")
FIRST = ("1", "Họp tổ giúp việc", "Sở Nội vụ", "12/03/2025")
SECOND = ("2", "Lập báo cáo", "Sở Tư pháp", "15/03/2025")
THIRD = ("3", "Số hóa hồ sơ", "Sở Y tế", "20/04/2025")


def test_columns_by_the_white_between_them():
    (grid,) = find_unruled(table(HEAD, FIRST, SECOND, THIRD))
    assert (grid.rows, grid.columns, grid.ruled) == (4, 4, False)
    assert read(table(HEAD, FIRST, SECOND, THIRD)) == [["\t".join(row) for row in (HEAD, FIRST, SECOND, THIRD)]]


def test_two_columns_are_a_table_where_its_head_says_that_rows_are_numbered():
    lines = table(HEAD[:2], FIRST[:2], SECOND[:2], THIRD[:2], columns=(100, 200))
    assert read(lines) == [["\t".join(row[:2]) for row in (HEAD, FIRST, SECOND, THIRD)]]


def test_a_column_may_be_empty_under_a_head_that_numbers_rows():
    rows = [("STT", "Nội dung", "Đơn vị", "Ghi chú"), ("1", "Họp", "", ""), ("2", "Thi", "", ""), ("3", "Chấm", "", "")]
    (grid,) = find_unruled(table(*rows))
    assert (grid.rows, grid.columns) == (4, 4)


def test_a_line_that_was_missed_does_not_end_a_table():
    rows = table(HEAD, FIRST, ("", "và lập biên bản", "", ""), SECOND, THIRD, FIRST, SECOND, THIRD)
    (grid,) = find_unruled([*rows[:4], *table(THIRD, FIRST, SECOND, top=400 + 5 * PITCH)])
    assert grid.rows == 6


def test_words_between_columns_are_not_cut():
    rows = table(HEAD, FIRST, SECOND, THIRD)
    stretched = Word("hạn", Box(1060, 400, 1220, 430))
    cut = line(400, (100, "STT"), (200, "Nội dung"), (700, "Đơn vị"))
    blocks = with_tables([Line((*cut.words, stretched)), *rows[1:]], [])
    assert "hạn" in {word.text for block in blocks for one in block.lines for word in one.words}


def test_what_is_in_known_tables_is_left_out():
    lines = table(HEAD, FIRST, SECOND, THIRD)
    assert find_unruled(lines, [Box(0, 380, 2000, 600)]) == []


def test_wrapped_lines_belong_to_their_row():
    lines = table(
        HEAD, ("1", "Xây dựng kế hoạch cải cách", "Sở Nội vụ", "12/03/2025"), ("", "hành chính", "", ""),
        ("2", "Tuyên truyền pháp luật cho", "Sở Tư pháp,", ""), ("", "người dân", "Công an tỉnh", ""), THIRD,
    )  # fmt: skip
    assert read(lines)[0][1:3] == [
        "1\tXây dựng kế hoạch cải cách hành chính\tSở Nội vụ\t12/03/2025",
        "2\tTuyên truyền pháp luật cho người dân\tSở Tư pháp, Công an tỉnh",
    ]


def test_rows_without_numbers_are_told_by_what_begins_anew():
    lines = table(
        ("Đơn vị", "Ghi chú", "Đúng hạn", "Quá hạn"), ("Sở Y", "", "120", "12"), ("Sở Tư", "", "33", ""),
        ("Sở Nội", "Đã nộp", "", "44"), ("Cộng", "", "153", "56"),
        columns=(100, 400, 700, 1100),
    )  # fmt: skip
    (grid,) = find_unruled(lines)
    assert grid.rows == 5


def test_a_heading_over_two_columns():
    lines = [
        line(400, (860, "Năm 2024")),
        line(422, (100, "TT"), (200, "Chỉ tiêu"), (1400, "Ghi chú")),
        line(445, (700, "Kế hoạch"), (1000, "Thực hiện")),
        *table(
            ("1", "Số hộ nghèo", "120", "90", "Giảm"), ("2", "Thu ngân sách", "5.600", "6.000", ""),
            columns=(105, 200, 740, 1040, 1400), top=500,
        ),
    ]  # fmt: skip
    (grid,) = find_unruled(lines)
    spans = {(c.row, c.column): (c.row_span, c.column_span) for c in grid.cells if c.row_span * c.column_span > 1}
    assert spans == {(0, 0): (2, 1), (0, 1): (2, 1), (0, 2): (1, 2), (0, 4): (2, 1)}


def test_a_title_above_is_none_of_its_head():
    lines = [line(330, (480, "(Kèm theo Quyết định)")), *table(HEAD, FIRST, SECOND, THIRD, top=375)]
    assert read(lines)[0][0] == "\t".join(HEAD)


def test_the_unit_above_and_the_signature_below_are_no_part():
    lines = [
        line(355, (1080, "Đơn vị tính: đồng")),
        *table(HEAD, FIRST, SECOND, THIRD),
        line(620, (100, "Nơi nhận:"), (1000, "KT. CHỦ TỊCH")),
        line(665, (100, "- Như trên;"), (1000, "PHÓ CHỦ TỊCH")),
    ]
    assert [len(rows) for rows in read(lines)] == [4]


def test_a_row_of_numbers_of_columns_is_one_of_the_head():
    lines = table(HEAD, ("(1)", "(2)", "(3)", "(4)"), FIRST, SECOND)
    assert read(lines)[0][1] == "(1)\t(2)\t(3)\t(4)"


def test_a_head_that_was_run_together_at_its_rule():
    words = [Word(text, Box(x0, 400, x1, 440)) for text, x0, x1 in (
        ("STT", 100, 190), ("Nội", 190, 420), ("dung", 420, 650), ("Đơn", 650, 850), ("vị", 850, 1050),
        ("Thời", 1050, 1200), ("hạn", 1200, 1300),
    )]  # fmt: skip
    rows = read([Line(tuple(words)), *table(FIRST, SECOND, THIRD, top=460)])
    assert rows[0][0] == "\t".join(HEAD)


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(
            [("", "NGƯỜI LẬP", "KẾ TOÁN", "GIÁM ĐỐC"), ("", "(Ký tên)", "(Ký tên)", "(Ký tên)"),
             ("", "Lê Văn An", "Vũ Thị Hà", "Đỗ Minh")] * 2, id="signers"),
        pytest.param(
            [("", "Nơi nhận:", "", "KT. CHỦ TỊCH"), ("", "- Như trên;", "", "PHÓ CHỦ TỊCH"),
             ("", "- Lưu: VT.", "", ""), ("", "", "", "Trần Minh")], id="places"),
        pytest.param(
            [("4.", "Địa chỉ", "01 Trần Hưng Đạo", ""), ("5.", "Hình thức", "TM", ""), ("6.", "Mã số", "170285", ""),
             ("7.", "Tên hàng", "", "")], id="list"),
        pytest.param([HEAD, FIRST], id="two rows"),
        pytest.param(
            [("Số", "Việc", "", ""), ("1", "Họp", "", ""), ("2", "Thi", "", ""), ("3", "Lập", "", "")],
            id="two columns"),
    ],
)  # fmt: skip
def test_what_is_no_table(rows):
    assert find_unruled(table(*rows)) == []


@pytest.mark.slow
def test_no_table_in_letters(fonts):
    for path in sorted(Path(samples.__file__).parent.glob("*/dispatch.json")):
        for page in read_pages(compose(Letter.load(path)), fonts):
            assert find_unruled(list(page.lines)) == []


@pytest.mark.slow
def test_tables_that_were_made_up(fonts):
    """Likeness with the truth where words are read without faults; a table of fewer than three rows is none."""
    scores = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        made = make_table(rng, merged=False)
        printed = print_table(made, make_look(rng, [Rules.HEAD, Rules.NONE][seed % 2], made), rng, fonts)
        pages = read_pages(printed.sheets, fonts)
        for part in printed.parts:
            if part.rows < 3:
                continue
            blocks = with_tables(list(pages[part.page - 1].lines), [])
            true = [Place(c.row, c.column, c.row_span, c.column_span, c.text) for c in part.cells]
            found = [
                grits(true, [
                    Place(c.row, c.column, c.row_span, c.column_span,
                          " ".join(one.text for one in block.lines[c.first : c.last]))
                    for c in block.grid.cells
                ])
                for block in blocks if block.grid
            ]  # fmt: skip
            assert len(found) <= 1
            scores.append(found[0] if found else Grits(0.0, 0.0))
    assert np.mean([score.topology for score in scores]) > 0.97
    assert np.mean([score.content for score in scores]) > 0.97


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(st.integers(0, 100_000), st.integers(3, 40))
def test_any_words_give_whole_grids(seed, amount):
    """Whatever is on a page, cells of what is found fill their grid once and lie in its box, and no word is lost."""
    rng = np.random.default_rng(seed)
    columns = rng.choice([100, 160, 400, 460, 700, 1000, 1030, 1300], int(rng.integers(3, 7)), replace=False)
    texts = ["STT", "1", "2", "3", "12/03/2025", "Sở Nội vụ", "(1)", "Tổng cộng", "kế hoạch", "-", "Xây dựng kế hoạch"]
    lines = [
        line(
            int(100 + 40 * at + rng.integers(-8, 9)),
            *((int(x + rng.integers(-5, 6)), str(rng.choice(texts))) for x in sorted(columns) if rng.random() < 0.7),
        )
        for at in range(amount)
    ]
    lines = [one for one in lines if one.words]
    for grid in find_unruled(lines):
        taken = Counter(
            (row, column)
            for cell in grid.cells
            for row in range(cell.row, cell.row + cell.row_span)
            for column in range(cell.column, cell.column + cell.column_span)
        )
        assert taken == Counter(np.ndindex(grid.rows, grid.columns))
        assert grid.box
        for cell in grid.cells:
            assert cell.box
            assert cell.box.x0 < cell.box.x1
            assert grid.box.x0 <= cell.box.x0 < cell.box.x1 <= grid.box.x1
            assert grid.box.y0 <= cell.box.y0 <= cell.box.y1 <= grid.box.y1
        assert all(one.row <= other.row for one, other in pairwise(grid.cells))
    blocks = with_tables(lines, [])
    words = Counter(word.text for block in blocks for one in block.lines for word in one.words)
    assert words == Counter(word.text for one in lines for word in one.words)
