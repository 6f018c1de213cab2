"""The register as an Excel workbook: Vietnamese headings, filters, a frozen head, doubtful cells with a comment."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from vndoc.archive.register import COLUMNS, Row
from vndoc.errors import MissingFileError

_WIDTHS = {
    "arrival_date": 11,
    "arrival_number": 8,
    "author": 28,
    "code": 20,
    "issued_date": 12,
    "subject": 60,
    "recipient": 34,
    "forwarded_date": 11,
    "receipt": 11,
    "remarks": 26,
}
_TITLE, _HEAD, _NUMBERS = 0, 2, 3
_FIRST = 4  # rows of the sheet, from 0
_CELL = 32_767  # letters that a cell of Excel holds
_FONT = {"font_name": "Times New Roman", "font_size": 12, "valign": "top", "text_wrap": True}


def write_workbook(found: Iterable[Row], path: Path) -> int:
    """Write the register; how many documents it has.

    Raises:
        MissingFileError: the file cannot be written.
    """
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": "Sổ đăng ký văn bản đến", "comments": "Nghị định 30/2020/NĐ-CP, Phụ lục IV"})
    looks = _Looks(book)
    sheet = book.add_worksheet("Văn bản đến")
    _write_head(sheet, looks)
    last = _FIRST - 1
    for last, row in enumerate(found, _FIRST):
        _write_row(sheet, last, row, looks)
    sheet.autofilter(_NUMBERS, 0, max(last, _FIRST), len(COLUMNS) - 1)
    sheet.freeze_panes(_FIRST, 0)
    sheet.repeat_rows(_HEAD, _NUMBERS)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P/&N")
    try:
        book.close()
    except xlsxwriter.exceptions.FileCreateError as error:
        raise MissingFileError(f"{path}: cannot be written ({error}); is it open in Excel?") from None
    return last - _FIRST + 1


class _Looks:
    """How cells look."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        bold = {**_FONT, "bold": True, "align": "center", "valign": "vcenter"}
        bordered = {**_FONT, "border": 1}
        doubtful = {"bg_color": "#FFE699"}
        day = {"num_format": "dd/mm/yyyy", "align": "center"}
        self.title = book.add_format({**bold, "font_size": 14, "text_wrap": False})
        self.head = book.add_format({**bold, "border": 1, "bg_color": "#D9E1F2"})
        self.number = book.add_format({**bordered, "italic": True, "align": "center"})
        self._cells: dict[tuple[bool, bool], Format] = {
            (False, False): book.add_format(bordered),
            (False, True): book.add_format({**bordered, **doubtful}),
            (True, False): book.add_format({**bordered, **day}),
            (True, True): book.add_format({**bordered, **day, **doubtful}),
        }

    def cell(self, *, day: bool, doubtful: bool) -> Format:
        return self._cells[day, doubtful]


def _write_head(sheet: Worksheet, looks: _Looks) -> None:
    sheet.merge_range(_TITLE, 0, _TITLE, len(COLUMNS) - 1, "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN", looks.title)
    for at, (column, heading) in enumerate(COLUMNS.items()):
        sheet.set_column(at, at, _WIDTHS[column])
        sheet.write_string(_HEAD, at, heading, looks.head)
        sheet.write_string(_NUMBERS, at, f"({at + 1})", looks.number)


def _write_row(sheet: Worksheet, at: int, row: Row, looks: _Looks) -> None:
    for number, column in enumerate(COLUMNS):
        value, doubt = row.cell(column), row.doubts.get(column)
        look = looks.cell(day=column.endswith("_date"), doubtful=doubt is not None)
        if isinstance(value, date):
            sheet.write_datetime(at, number, value, look)
        elif value:
            sheet.write_string(at, number, value[:_CELL], look)
        else:
            sheet.write_blank(at, number, None, look)
        if doubt:
            sheet.write_comment(at, number, doubt, {"author": "vndoc", "x_scale": 2.2, "font_size": 9})
