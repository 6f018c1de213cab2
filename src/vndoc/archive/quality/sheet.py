"""The table that a checker fills in: a row for each value, with the file and page it stands on, and room for a mark.

What comes back has been through a spreadsheet, which takes zeros off numbers and writes days in its own way, and may
part cells by semicolons. So nothing is compared but the code of each row, which is text, and what the checker wrote.
"""

import csv
import io
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import ParseError

from vndoc.archive.quality.sample import FIELDS, Item, Sample, State
from vndoc.errors import FormatError, MissingFileError, unwritable
from vndoc.export.cells import as_text, plain
from vndoc.export.labels import labels
from vndoc.export.workbook import Book, Cell, Column
from vndoc.parse.fold import fold
from vndoc.replacing import replacing

_ROW, _SAMPLE, _DOCUMENT, _FIELD, _STATE, _MARK = "Mã dòng", "Đợt", "Tài liệu", "Trường", "Tình trạng", "Đúng/Sai"
_RIGHT, _WRONG = "Đúng", "Sai"
HEADINGS: Mapping[str, float] = {
    _ROW: 18,
    _SAMPLE: 24,
    _DOCUMENT: 22,
    "Tệp tin": 40,
    "Trang": 8,
    _FIELD: 20,
    _STATE: 14,
    "Giá trị": 60,
    "Gợi ý": 40,
    _MARK: 12,
    "Giá trị đúng": 40,
    "Ghi chú": 24,
}
"""The columns, with their widths in a workbook."""
_NEEDED = (_ROW, _SAMPLE, _DOCUMENT, _FIELD, _STATE, _MARK)

_STATES: Mapping[State, str] = {"given": "có giá trị", "absent": "không có", "withheld": "chưa chắc"}
_MARKS: Mapping[str, bool] = {"dung": True, "d": True, "1": True, "sai": False, "s": False, "0": False}
_HEAD_WITHIN = 10  # rows
_SEPARATORS = ",;\t"
_SHOWN = 5  # of what is wrong


class Mark(NamedTuple):
    """What a checker said of one value; ``right`` is None for one that was withheld."""

    document: str
    pointer: str
    state: State
    right: bool | None


class Filled(NamedTuple):
    """A table that was filled in: which sample it is of, and a mark for every value of it."""

    sample: Sample
    marks: list[Mark]


def write_sheet(sample: Sample, items: Iterable[Item], path: Path) -> None:
    """Write the table, as a workbook or as CSV by the suffix of the name.

    Raises:
        MissingFileError: it cannot be written.
    """
    if path.suffix.lower() == ".xlsx":
        columns = [
            Column(heading, "", width, (_RIGHT, _WRONG) if heading == _MARK else ())
            for heading, width in HEADINGS.items()
        ]
        rows = ([Cell(value) for value in _cells(sample, item)] for item in items)
        with Book(path, "Phiếu kiểm tra chất lượng", str(sample)) as book:
            book.sheet("Kiểm tra", "PHIẾU KIỂM TRA CHẤT LƯỢNG DỮ LIỆU", columns, rows)
        return
    try:
        with (
            replacing(path) as fresh,
            fresh.open("w", encoding="utf-8-sig", newline="") as out,
        ):  # the mark tells Excel that it is UTF-8
            writer = csv.writer(out)
            writer.writerow(HEADINGS)
            writer.writerows(map(plain, _cells(sample, item)) for item in items)
    except OSError as error:
        raise unwritable(error, path, "is it open in Excel?") from None


def _cells(sample: Sample, item: Item) -> Sequence[str]:
    return (
        item.check(sample),
        str(sample),
        item.key,
        item.path,
        str(item.page or ""),
        _names()[item.pointer],
        _STATES[item.state],
        as_text(item.value) if isinstance(item.value, date) else item.value or "",
        item.remark or "",
        "",
        "",
        "",
    )


def _names() -> Mapping[str, str]:
    """What the fields are called, by their pointers."""
    return {pointer: name for pointer, name in labels()["fields"] if pointer in FIELDS}


def read_sheet(path: Path) -> Filled:
    """What a checker has filled in.

    Raises:
        MissingFileError: no such file.
        FormatError: it is no such table, rows are missing or were changed, or marks are missing or not understood.
    """
    try:
        rows = list(_rows_of(path))
    except (OSError, zipfile.BadZipFile, KeyError, ParseError, UnicodeError, csv.Error) as error:
        if isinstance(error, FileNotFoundError):
            raise MissingFileError(f"{path}: no such file; check the path") from None
        kind = type(error).__name__
        raise FormatError(f"{path}: cannot be read as a table ({kind}); save it as .xlsx or as CSV UTF-8") from None
    lines = list(_records(rows, path))
    sample = _sample_of(lines, path)
    _check_rows(lines, sample, path)
    return Filled(sample, [_mark(record) for _, record in _checked_marks(lines, path)])


_Line = tuple[int, Mapping[str, str]]
"""Number of a row in the file, and its cells by heading."""


def _rows_of(path: Path) -> Iterator[Sequence[str]]:
    data = path.read_bytes()
    if data.startswith(b"PK"):
        from openpyxl import load_workbook  # noqa: PLC0415 -- takes a quarter of a second to load

        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        for row in book.worksheets[0].iter_rows(values_only=True):
            yield ["" if value is None else str(value).strip() for value in row]
        return
    text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    first = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    yield from (
        [cell.strip() for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    )


def _records(rows: Sequence[Sequence[str]], path: Path) -> Iterator[_Line]:
    """The rows under the headings, blank ones left out."""
    at = next((n for n, row in enumerate(rows[:_HEAD_WITHIN]) if set(_NEEDED) <= set(row)), None)
    if at is None:
        raise FormatError(
            f"{path}: is no table of 'vndoc qc': the columns {', '.join(_NEEDED)} are needed; fill in the table as it "
            "was written"
        )
    heads = rows[at]
    for number, row in enumerate(rows[at + 1 :], at + 2):
        record = dict(zip(heads, chain(row, [""] * len(heads)), strict=False))
        if record[_ROW] or record[_DOCUMENT]:  # a mark alone was dragged over a row that is blank
            yield number, record


def _sample_of(lines: Sequence[_Line], path: Path) -> Sample:
    found = {record[_SAMPLE] for _, record in lines}
    sample = Sample.parse(next(iter(found))) if len(found) == 1 else None
    if sample is None:
        told = "rows of several samples" if len(found) > 1 else "no sample"
        raise FormatError(f"{path}: the column {_SAMPLE} names {told}; fill in one table as it was written")
    return sample


def _check_rows(lines: Sequence[_Line], sample: Sample, path: Path) -> None:
    """Whether these are the rows of the sample, each once and none changed."""
    numbers = {line: _number(record, sample) for line, record in lines}
    changed = [f"line {line}" for line, number in numbers.items() if number is None]
    if changed:
        raise FormatError(
            f"{path}: {_told(changed)}: the code of the row does not belong to its document, field and state; put the "
            "row back as it was written"
        )
    amounts = Counter(number for number in numbers.values() if number is not None)
    twice = [f"row {number}" for number, amount in sorted(amounts.items()) if amount > 1]
    if twice:
        raise FormatError(f"{path}: {_told(twice)}: is there more than once; keep one of each")
    missing = [f"row {n}" for n in range(1, sample.row_amount + 1) if n not in amounts]
    if missing:
        raise FormatError(
            f"{path}: {len(missing)} of the {sample.row_amount} rows are missing ({_told(missing)}); the rates hold "
            "for the whole sample only"
        )


def _number(record: Mapping[str, str], sample: Sample) -> int | None:
    """The number of the row, where its code says that it is as it was written."""
    pointers = {name: pointer for pointer, name in _names().items()}
    states = {name: state for state, name in _STATES.items()}
    pointer, state = pointers.get(record[_FIELD]), states.get(record[_STATE])
    number = record[_ROW].partition("-")[0].removeprefix("D")
    if pointer is None or state is None or not (number.isascii() and number.isdecimal()):
        return None
    item = Item(int(number), record[_DOCUMENT], pointer, state, None, None, None, "")
    return item.number if item.check(sample) == record[_ROW] else None


def _checked_marks(lines: Sequence[_Line], path: Path) -> Sequence[_Line]:
    """The lines, once every value that was given or said to be absent has a mark that is understood."""
    strange = [f"line {n}: '{r[_MARK][:20]}'" for n, r in lines if r[_MARK] and fold(r[_MARK]) not in _MARKS]
    if strange:
        raise FormatError(
            f"{path}: {_told(strange)}: is no mark; write {_RIGHT} or {_WRONG} in the column {_MARK}, nothing else"
        )
    needed = [(n, r) for n, r in lines if r[_STATE] != _STATES["withheld"]]
    empty = [f"line {n}" for n, r in needed if not r[_MARK]]
    if empty:
        raise FormatError(
            f"{path}: {len(empty)} of {len(needed)} values have no mark yet ({_told(empty)}); write {_RIGHT} or "
            f"{_WRONG} for each that is not '{_STATES['withheld']}'"
        )
    return lines


def _mark(record: Mapping[str, str]) -> Mark:
    pointers = {name: pointer for pointer, name in _names().items()}
    states: dict[str, State] = {name: state for state, name in _STATES.items()}
    state = states[record[_STATE]]
    right = None if state == "withheld" else _MARKS[fold(record[_MARK])]
    return Mark(record[_DOCUMENT], pointers[record[_FIELD]], state, right)


def _told(found: Sequence[str]) -> str:
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return f"{', '.join(found[:_SHOWN])}{more}"
