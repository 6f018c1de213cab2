"""The hồ sơ that documents lie in: what can be counted of each over its documents, and all of it as a workbook.

Documents of one mã hồ sơ are one hồ sơ. Where the names of the files tell none, the documents of one folder are, or
those of one file that was cut: how files are scanned and handed over.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath

from vndoc.export.cells import Value
from vndoc.export.luutru import Field, Row, codes, document_fields, file_fields
from vndoc.export.paper import PageCount
from vndoc.export.workbook import Book, Cell, Column
from vndoc.filenames import readable

_ACT = "Thông tư 05/2025/TT-BNV"
_WIDE, _NARROW = 40, 14
_LONG = 200
"""Characters from which a column is wide."""


@dataclass(slots=True)
class FileSum:
    """What is counted of one hồ sơ."""

    code: str | None
    place: str
    """Its folder, or its file."""
    documents: int = 0
    undated: int = 0
    first: date | None = None
    last: date | None = None
    levels: set[str] = field(default_factory=set)
    count: PageCount = field(default_factory=PageCount)
    pages: int = 0

    def add(self, row: Row) -> None:
        """Take in the next document."""
        day, level, pages = (row.cells[name] for name in ("issuedDate", "confidenceLevel", "numberOfPage"))
        self.documents += 1
        if isinstance(day, date):
            self.first = min(day, self.first or day)
            self.last = max(day, self.last or day)
        else:
            self.undated += 1
        if isinstance(level, str):
            self.levels.add(level)
        self.pages += pages if isinstance(pages, int) else 0
        self.count += row.count

    def cells(self) -> dict[str, Cell]:
        """The row of the hồ sơ under the names of :func:`vndoc.export.luutru.file_fields`."""
        open_days = f"{self.undated} tài liệu chưa rõ ngày" if self.undated else None
        level = next(iter(self.levels)) if len(self.levels) == 1 else "03" if self.levels else None
        known: dict[str, Value] = {
            "file_code": self.code,
            "language": "01",
            "start_date": self.first,
            "end_date": self.last,
            "document_amount": self.documents,
            "page_amount": self.pages,
            "confidence_level": level,
            "A5": self.count.A5,
            "A4": self.count.A4,
            "A3": self.count.A3,
            "other": self.count.other,
            "unknown": self.count.unknown,
            "a4_equivalent": self.count.a4_equivalent,
            "folder": self.place,
        }
        doubts = {"startDate": open_days, "endDate": open_days}
        return {f.name: Cell(known.get(f.value) if f.value else None, doubts.get(f.name)) for f in file_fields()}


class FileSums:
    """The hồ sơ of documents that are taken in one after the other; nothing of the documents themselves is held."""

    def __init__(self) -> None:
        self._sums: dict[tuple[str, str], FileSum] = {}

    def add(self, row: Row) -> None:
        """Take in the next document."""
        path, part = row.place
        place = readable(path if part is not None else str(PurePosixPath(path).parent))
        key = ("code", row.file_code) if row.file_code else ("place", place)
        self._sums.setdefault(key, FileSum(row.file_code, place)).add(row)

    def counting(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows as they are, each taken in as it passes."""
        for row in rows:
            self.add(row)
            yield row

    def __iter__(self) -> Iterator[FileSum]:
        """The hồ sơ in the order of their first documents."""
        return iter(self._sums.values())

    @property
    def total(self) -> FileSum:
        """All of it as if it were one."""
        total = FileSum(None, "")
        for own in self:
            total.documents += own.documents
            total.pages += own.pages
            total.count += own.count
        return total


def write_luutru_workbook(rows: Iterable[Row], path: Path) -> FileSum:
    """Write documents, hồ sơ with their sum, the codes, and where each column is from; what was counted over all.

    Raises:
        MissingFileError: the file cannot be written.
    """
    sums = FileSums()

    def documents() -> Iterator[Sequence[Cell]]:
        for row in sums.counting(rows):
            yield [Cell(row.cells[f.name], row.doubts.get(f.name)) for f in document_fields()]

    def files() -> Iterator[Sequence[Cell]]:
        for own in sums:
            yield list(own.cells().values())
        total = sums.total.cells()
        summed = {"totalDoc", "numberOfPage", "A5", "A4", "A3", "other", "unknown", "A4Equivalent"}
        yield [
            Cell("Tổng cộng") if at == 0 else total[f.name] if f.name in summed else Cell()
            for at, f in enumerate(file_fields())
        ]

    with Book(path, "Dữ liệu hồ sơ, tài liệu lưu trữ", _ACT) as book:
        book.sheet("Tài liệu", "DỮ LIỆU TÀI LIỆU", _columns(document_fields()), documents())
        book.sheet("Hồ sơ", "DỮ LIỆU HỒ SƠ", _columns(file_fields()), files())
        book.sheet("Danh mục mã", "DANH MỤC MÃ", _CODE_COLUMNS, _codes())
        book.sheet("Trường thông tin", "TRƯỜNG THÔNG TIN", _SOURCE_COLUMNS, _sources())
    return sums.total


def _columns(fields: Sequence[Field]) -> list[Column]:
    return [Column(f.heading, f.name, _WIDE if (f.length or 0) >= _LONG else _NARROW) for f in fields]


_CODE_COLUMNS = (Column("Trường", "", 24), Column("Mã", "", 8), Column("Nghĩa", "", 40))
_SOURCE_COLUMNS = (
    Column("Trường", "", 24),
    Column("Tên", "", 44),
    Column("Độ dài", "", 10),
    Column("Căn cứ", "", 44),
)


def _codes() -> Iterator[Sequence[Cell]]:
    for own in document_fields():
        for code, meaning in codes(own.name).items():
            yield Cell(own.name), Cell(code), Cell(meaning)


def _sources() -> Iterator[Sequence[Cell]]:
    for sheet, fields in (("Tài liệu", document_fields()), ("Hồ sơ", file_fields())):
        for own in fields:
            clause = f"{_ACT}, {own.clause}" if own.clause else "theo hợp đồng"
            yield Cell(f"{sheet}: {own.name}"), Cell(own.heading), Cell(own.length), Cell(clause)
