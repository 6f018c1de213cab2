"""The duties that the documents lay on people, with their days."""

import csv
import io
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date, time
from itertools import chain

from vndoc.archive.codes import printed_code
from vndoc.archive.database import day_from_sql, path_from_sql, time_from_sql
from vndoc.archive.stored import loading, plain_of
from vndoc.export.cells import plain
from vndoc.parse.fold import fold


@dataclass(slots=True, frozen=True)
class Duty:
    """Who must do what, by when, and which document says so."""

    due_date: date | None
    due_time: time | None
    assignee: str | None
    coordinators: tuple[str, ...]
    text: str
    recurrence: str | None
    recurrence_rules: tuple[str, ...]
    """RRULEs of RFC 5545."""
    report_to: str | None
    via: str | None
    section: str | None
    code: str | None
    organ_name: str | None
    issued_date: date | None
    subject: str | None
    document_id: int
    position: int
    key: str
    """SHA-256 of the file, of a part of a bundle with its first page behind it: see :meth:`Archive.key`."""
    path: str
    read_at: str
    """When the document was read: ISO 8601, UTC."""


_DUTIES = """
    SELECT task.*, dispatch.code_number, code_notation, organ_name, issued_date, subject, finished_at,
    (SELECT key FROM location WHERE location.document_id = task.document_id) AS key,
    (SELECT min(path) FROM location WHERE location.document_id = task.document_id) AS path
    FROM task INDEXED BY task_due CROSS JOIN dispatch USING (document_id)
    CROSS JOIN document ON document.id = task.document_id
    WHERE {} AND path IS NOT NULL ORDER BY task.due_date, task.document_id, position"""
"""By the index and without sorting, so that the first duties come at once."""


def duties(
    db: sqlite3.Connection,
    due_before: date | None = None,
    due_after: date | None = None,
    assignee: str | None = None,
) -> Iterator[Duty]:
    """Duties by their day, those without one last. A day as limit leaves out what has none; both limits are included.

    ``assignee`` is any part of the name, with or without diacritics.
    """
    wanted = fold(assignee) if assignee else ""
    if due_before or due_after:
        spans = ["task.due_date BETWEEN :after AND :before"]
    else:
        spans = ["task.due_date IS NOT NULL", "task.due_date IS NULL"]
    limits = {"before": str(due_before or date.max), "after": str(due_after or date.min)}
    for row in chain.from_iterable(db.execute(_DUTIES.format(span), limits) for span in spans):
        if wanted not in fold(row["assignee"] or ""):
            continue
        with loading():
            duty = _duty(row)
        yield duty


def _duty(row: sqlite3.Row) -> Duty:
    return Duty(
        day_from_sql(row["due_date"]),
        time_from_sql(row["due_time"]),
        row["assignee"],
        tuple(plain_of(row["coordinators"])),
        row["text"],
        row["recurrence"],
        tuple(plain_of(row["recurrence_rules"])),
        row["report_to"],
        row["via"],
        row["section"],
        printed_code(row["code_number"], row["code_notation"]),
        row["organ_name"],
        day_from_sql(row["issued_date"]),
        row["subject"],
        row["document_id"],
        row["position"],
        row["key"],
        path_from_sql(row["path"]),
        row["finished_at"],
    )


def to_csv(found: Iterable[Duty]) -> str:
    """CSV (RFC 4180) with a header row; dates are ISO 8601, lists are joined with '; '."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([field.name for field in fields(Duty)])
    writer.writerows([_cell(value) for value in asdict(duty).values()] for duty in found)
    return out.getvalue()


def _cell(value: object) -> str:
    return plain("; ".join(value) if isinstance(value, tuple) else value)
