"""The register as an Excel workbook."""

from collections.abc import Iterable
from pathlib import Path

from vndoc.archive.register import COLUMNS, Row
from vndoc.export.workbook import Book, Cell, Column

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


def write_workbook(found: Iterable[Row], path: Path) -> int:
    """Write the register; how many documents it has.

    Raises:
        MissingFileError: the file cannot be written.
    """
    columns = [Column(heading, f"({at})", _WIDTHS[name]) for at, (name, heading) in enumerate(COLUMNS.items(), 1)]
    rows = ([Cell(row.cell(column), row.doubts.get(column)) for column in COLUMNS] for row in found)
    with Book(path, "Sổ đăng ký văn bản đến", "Nghị định 30/2020/NĐ-CP, Phụ lục IV") as book:
        return book.sheet("Văn bản đến", "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN", columns, rows)
