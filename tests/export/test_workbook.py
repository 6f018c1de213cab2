"""What every workbook does with days that Excel does not have, and with letters that no file takes."""

from datetime import date

import openpyxl
import pytest

from vndoc.export.cells import plain
from vndoc.export.workbook import Book, Cell, Column


def written(tmp_path, *cells):
    with Book(tmp_path / "a.xlsx", "Sổ", "") as book:
        book.sheet("Sổ", "Sổ", [Column("Ngày", "1", 12)] * 2, [list(cells)])
    return next(openpyxl.load_workbook(tmp_path / "a.xlsx").active.iter_rows(min_row=5))


@pytest.mark.parametrize("day", [date(1850, 1, 2), date(1899, 12, 31), date(1900, 2, 28), date(1, 1, 1)])
@pytest.mark.parametrize("doubt", [None, "chữ mờ"])
def test_a_day_that_excel_does_not_have_is_a_marked_text(day, doubt, tmp_path):
    cell, _ = written(tmp_path, Cell(day, doubt))
    assert cell.data_type == "s"
    assert cell.value == f"{day.day:02}/{day.month:02}/{day.year}"
    assert cell.fill.start_color.rgb == "FFFFE699"
    assert "ghi thành chữ" in cell.comment.text
    assert (doubt or "") in cell.comment.text


@pytest.mark.parametrize("day", [date(1900, 3, 1), date(2024, 3, 21), date(9999, 12, 31)])
def test_a_day_that_excel_has_is_one(day, tmp_path):
    cell, _ = written(tmp_path, Cell(day))
    assert cell.is_date
    assert cell.value.date() == day
    assert cell.comment is None


def test_letters_that_no_file_takes_have_a_mark(tmp_path):
    text, doubt = written(tmp_path, Cell("Hỏa\x1b[1m\ud800"), Cell("a", "b\x07"))
    assert text.value == "Hỏa\ufffd[1m\ufffd"
    assert doubt.comment.text.startswith("b\ufffd")
    assert plain("\x1b[2J\udcf4") == "\ufffd[2J\\xf4"
