"""Tables as an Excel workbook: Vietnamese headings, filters, a frozen head, doubtful cells with a comment."""

from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from vndoc.characters import lawful
from vndoc.errors import unwritable
from vndoc.export.cells import Value, as_text
from vndoc.replacing import replacing
from vndoc.sandbox.scratch import scratch

_TITLE, _HEAD, _MARKS = 0, 2, 3
_FIRST = 4  # rows of the sheet, from 0
_CELL = 32_767  # letters that a cell of Excel holds
_EARLIEST = date(1900, 3, 1)  # before it, Excel counts a day that there never was
_NO_DAY = "Excel không có ngày trước 01/03/1900: ghi thành chữ, xem lại nếu đọc nhầm"
_FONT = {"font_name": "Times New Roman", "font_size": 12, "valign": "top", "text_wrap": True}


class Column(NamedTuple):
    """A column: its heading, what stands in small letters under that, its width in characters."""

    heading: str
    mark: str
    width: float
    choices: tuple[str, ...] = ()
    """What a person may choose from in its cells."""


class Cell(NamedTuple):
    """A value, and what a clerk must know of it."""

    value: Value = None
    doubt: str | None = None


class Book:
    """A workbook that is written sheet by sheet, row by row; it stands on the disk, whole, at the end of the context.

    Raises:
        MissingFileError: on closing, where the file cannot be written.
        MachineError: the disk, or that of temporary files, is full.
    """

    def __init__(self, path: Path, title: str, comments: str) -> None:
        self._path, self._data = path, BytesIO()
        options = {"strings_to_formulas": False, "strings_to_urls": False, "tmpdir": str(scratch())}
        self._book = xlsxwriter.Workbook(self._data, options)
        self._book.set_properties({"title": title, "comments": comments})
        self._looks = _Looks(self._book)

    def sheet(self, name: str, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> int:
        """Add a table; how many rows it has."""
        sheet = self._book.add_worksheet(name)
        self._write_head(sheet, title, columns)
        last = _FIRST - 1
        for last, row in enumerate(rows, _FIRST):
            for at, cell in enumerate(row):
                self._write(sheet, last, at, cell)
        for at, column in enumerate(columns):
            if column.choices:
                sheet.data_validation(
                    _FIRST, at, max(last, _FIRST), at, {"validate": "list", "source": list(column.choices)}
                )
        sheet.autofilter(_MARKS, 0, max(last, _FIRST), len(columns) - 1)
        sheet.freeze_panes(_FIRST, 0)
        sheet.repeat_rows(_HEAD, _MARKS)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&P/&N")
        return last - _FIRST + 1

    def _write_head(self, sheet: Worksheet, title: str, columns: Sequence[Column]) -> None:
        sheet.merge_range(_TITLE, 0, _TITLE, len(columns) - 1, title, self._looks.title)
        for at, column in enumerate(columns):
            sheet.set_column(at, at, column.width)
            sheet.write_string(_HEAD, at, column.heading, self._looks.head)
            sheet.write_string(_MARKS, at, column.mark, self._looks.mark)

    def _write(self, sheet: Worksheet, row: int, at: int, cell: Cell) -> None:
        value, doubt = cell
        is_day = isinstance(value, date) and value >= _EARLIEST
        if isinstance(value, date) and not is_day:
            doubt = f"{doubt}\n{_NO_DAY}" if doubt else _NO_DAY
        look = self._looks.cell(day=is_day, doubtful=doubt is not None)
        if isinstance(value, date) and is_day:
            sheet.write_datetime(row, at, value, look)
        elif isinstance(value, int | float):
            sheet.write_number(row, at, value, look)
        elif value:
            sheet.write_string(row, at, as_text(value) if isinstance(value, date) else lawful(value[:_CELL]), look)
        else:
            sheet.write_blank(row, at, None, look)
        if doubt:
            sheet.write_comment(row, at, lawful(doubt[:_CELL]), {"author": "vndoc", "x_scale": 2.2, "font_size": 9})

    def __enter__(self) -> Self:
        """Use as a context."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Write the file."""
        if error is not None:
            return
        try:
            self._book.close()
        except (FileCreateError, OSError) as fault:
            found = next((one for one in (fault, *fault.args) if isinstance(one, OSError)), OSError())
            raise unwritable(found, "temporary files") from None
        try:
            with replacing(self._path) as fresh:
                fresh.write_bytes(self._data.getbuffer())
        except OSError as fault:
            raise unwritable(fault, self._path, "is it open in Excel?") from None


class _Looks:
    """How cells look."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        bold = {**_FONT, "bold": True, "align": "center", "valign": "vcenter"}
        bordered = {**_FONT, "border": 1}
        doubtful = {"bg_color": "#FFE699"}
        day = {"num_format": "dd/mm/yyyy", "align": "center"}
        self.title = book.add_format({**bold, "font_size": 14, "text_wrap": False})
        self.head = book.add_format({**bold, "border": 1, "bg_color": "#D9E1F2"})
        self.mark = book.add_format({**bordered, "italic": True, "align": "center"})
        self._cells: dict[tuple[bool, bool], Format] = {
            (False, False): book.add_format(bordered),
            (False, True): book.add_format({**bordered, **doubtful}),
            (True, False): book.add_format({**bordered, **day}),
            (True, True): book.add_format({**bordered, **day, **doubtful}),
        }

    def cell(self, *, day: bool, doubtful: bool) -> Format:
        return self._cells[day, doubtful]
