"""The register of incoming documents (sổ đăng ký văn bản đến) in the ten columns of Decree 30/2020/NĐ-CP, Appendix IV.

What the archive cannot know stays empty for the clerk: the day of handing on, the receipt. Which unit receives it is
decided in the office; until then that column shows whom the document itself addresses (Kính gửi). A value that was read
with too little confidence is left out of its cell; the cell says so and names the candidates. What else a clerk must
look at (:data:`vndoc.export.reviews.REVIEWED`) marks the cell that it is about, or the remarks.
"""

import csv
import io
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from vndoc.archive.codes import printed_code
from vndoc.archive.database import path_from_sql
from vndoc.archive.search import Filters
from vndoc.archive.stored import dispatch_of
from vndoc.dispatch import Dispatch
from vndoc.export.cells import plain
from vndoc.export.doubts import doubts
from vndoc.filenames import readable

COLUMNS: Mapping[str, str] = {
    "arrival_date": "Ngày đến",
    "arrival_number": "Số đến",
    "author": "Tác giả",
    "code": "Số, ký hiệu văn bản",
    "issued_date": "Ngày tháng văn bản",
    "subject": "Tên loại và trích yếu nội dung văn bản",
    "recipient": "Đơn vị hoặc người nhận",
    "forwarded_date": "Ngày chuyển",
    "receipt": "Ký nhận",
    "remarks": "Ghi chú",
}
"""The columns in the decree's order, with its headings."""

DOUBTS = "Cần kiểm tra"
"""Heading of the column behind them in CSV, which has no comments: the doubtful values with their candidates."""

_POINTERS: Mapping[str, tuple[str, ...]] = {
    "arrival_date": ("/arrival/date",),
    "arrival_number": ("/arrival/number",),
    "author": ("/organ_name",),
    "code": ("/code_number", "/code_notation"),
    "issued_date": ("/issued_date",),
    "subject": ("/type_name", "/subject"),
    "recipient": ("/recipients",),
}

_LISTED = "EXISTS (SELECT 1 FROM location WHERE location.document_id = {}.document_id)"
_TWINS = f"""
    SELECT count(*) FROM dispatch AS other WHERE other.code = dispatch.code AND other.issued_date = dispatch.issued_date
    AND other.organ_folded = dispatch.organ_folded AND other.id != dispatch.id AND {_LISTED.format("other")}"""
"""The same letter scanned twice has other bytes each time: only what was read of it tells."""

_ORDER = """
    SELECT document_id FROM dispatch WHERE {}
    ORDER BY coalesce(arrival_date, issued_date) IS NULL, coalesce(arrival_date, issued_date),
    CAST(arrival_number AS INTEGER), document_id"""
_ROW = f"SELECT json, ({_TWINS}) FROM dispatch WHERE document_id = ? AND {_LISTED.format('dispatch')}"


@dataclass(slots=True, frozen=True)
class Row:
    """One line of the register; ``doubts`` tells, by column, what a clerk must look at, and why."""

    document_id: int
    path: str
    arrival_date: date | None
    arrival_number: str | None
    author: str | None
    code: str | None
    issued_date: date | None
    subject: str | None
    recipient: str | None
    remarks: str
    doubts: Mapping[str, str]
    forwarded_date: date | None = None
    receipt: str | None = None

    def cell(self, column: str) -> str | date | None:
        """The value of one of :data:`COLUMNS`."""
        value: str | date | None = getattr(self, column)
        return value


def rows(db: sqlite3.Connection, filters: Filters) -> Iterator[Row]:
    """The documents that pass the filters, by the day of their arrival, or of issue where no stamp tells that."""
    where, values = filters.where()
    # Numbers first, then row after row: sorting the dispatches themselves would read all of them before the first row.
    for (document,) in db.execute(_ORDER.format(where), values).fetchall():
        row = db.execute(_ROW, (document,)).fetchone()
        if row is None:  # its file has gone
            continue
        paths = db.execute("SELECT path FROM location WHERE document_id = ? ORDER BY path", (document,))
        dispatch, twins = dispatch_of(row[0]), row[1]
        yield row_of(document, dispatch, [path_from_sql(path) for (path,) in paths], twins)


def row_of(document: int, dispatch: Dispatch, paths: list[str], twins: int = 0) -> Row:
    """The line of one document that lies at ``paths``; ``twins``: others of the same number, day and issuer."""
    marked = _doubts(dispatch, twins)
    title = " ".join(filter(None, (dispatch.type_name, dispatch.subject)))
    return Row(
        document,
        paths[0],
        dispatch.arrival.date,
        dispatch.arrival.number,
        " - ".join(body.organ_name for body in dispatch.joint_issuers) or dispatch.organ_name,
        _code(dispatch),
        dispatch.issued_date,
        title or None,
        "; ".join(dispatch.recipients) or None,
        "; ".join(_remarks(dispatch, paths, marked.get("remarks"))),
        marked,
    )


def _code(dispatch: Dispatch) -> str | None:
    """Number and notation; a number that is not sure leaves its place open: '…/UBND'."""
    if not dispatch.code_number and not dispatch.code_notation:
        return None
    return printed_code(dispatch.code_number or "…", dispatch.code_notation)


def _remarks(dispatch: Dispatch, paths: list[str], review: str | None) -> Iterator[str]:
    if review:
        yield f"Cần xem lại: {'; '.join(review.splitlines())}"
    if dispatch.secrecy:
        yield f"Độ mật: {dispatch.secrecy}"
    if dispatch.urgency:
        yield f"Độ khẩn: {dispatch.urgency}"
    if dispatch.due_date:
        yield f"Thời hạn: {dispatch.due_date:%d/%m/%Y}"
    if dispatch.circulation:
        yield dispatch.circulation
    if dispatch.certified_copy:
        yield dispatch.certified_copy.type_name
    if dispatch.draft:
        yield "Dự thảo"
    yield f"{dispatch.source.page_amount} trang"
    if len(paths) > 1:
        yield f"{len(paths)} bản giống hệt nhau"


def _doubts(dispatch: Dispatch, twins: int) -> dict[str, str]:
    """By column: what a clerk must look at, and that the document may be entered twice."""
    twice = f"cùng số, ký hiệu, ngày và cơ quan với {twins} văn bản khác, có thể vào sổ hai lần"
    found = doubts(dispatch, _POINTERS, "remarks")
    found["remarks"] = found.get("remarks", []) + ([twice] if twins else [])
    return {column: "\n".join(notes) for column, notes in found.items() if notes}


def to_csv(found: Iterable[Row]) -> str:
    """CSV (RFC 4180) with a header row; dates as a register has them (31/12/2025)."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*COLUMNS.values(), DOUBTS])
    for row in found:
        cells = (row.cell(column) for column in COLUMNS)
        shown = [f"{cell:%d/%m/%Y}" if isinstance(cell, date) else plain(cell) for cell in cells]
        notes = [note.replace("\n", "; ") for note in row.doubts.values()]
        writer.writerow([*shown, " | ".join(notes)])
    return out.getvalue()


def to_jsonl(found: Iterable[Row]) -> str:
    """A JSON object on each line, for programs: columns under their English names, dates in ISO 8601, doubts, path."""
    return "".join(json.dumps(_object(row), ensure_ascii=False) + "\n" for row in found)


def _object(row: Row) -> dict[str, object]:
    cells = {column: row.cell(column) for column in COLUMNS}
    shown = {column: str(cell) if isinstance(cell, date) else cell for column, cell in cells.items()}
    return {"document_id": row.document_id, **shown, "doubts": dict(row.doubts), "path": readable(row.path)}
