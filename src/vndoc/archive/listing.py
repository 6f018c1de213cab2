"""All documents of the archive, read or not, the latest come first, a page at a time."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from vndoc.archive.codes import printed_code
from vndoc.archive.database import WHOLE, day_from_sql, path_from_sql
from vndoc.archive.jobs import Category
from vndoc.archive.ledger import State
from vndoc.archive.search import Filters
from vndoc.filenames import readable


@dataclass(slots=True, frozen=True)
class Listed:
    """A document in the list; what is read of it is None until it is."""

    document_id: int
    key: str
    name: str
    state: State
    category: Category | None
    """Of a failure."""
    queued_at: str
    finished_at: str | None
    pages: int | None
    code: str | None
    type_name: str | None
    organ_name: str | None
    issued_date: date | None
    subject: str | None
    urgency: str | None
    due_date: date | None
    doubts: int
    closed_at: str | None
    closed_by: str | None


def listed(
    db: sqlite3.Connection,
    filters: Filters | None = None,
    state: State | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Iterator[Listed]:
    """The documents that pass the filters, the latest first; ``before``: ``document_id`` of the last one told.

    A file that was cut into parts is not among them, its parts are. Filters leave out what is not read yet.
    """
    where, values = (filters or Filters()).where()
    where = where.replace("due_date", "dispatch.due_date")
    rows = db.execute(
        f"""SELECT document.id, state, category, queued_at, finished_at, document.page_amount, code_number,
            code_notation, type_name, organ_name, issued_date, subject, urgency, dispatch.due_date, doubts, closed_at,
            closed_by, (SELECT min(path) FROM location WHERE location.document_id = document.id) AS path,
            (SELECT min(key) FROM location WHERE location.document_id = document.id) AS "key"
            FROM document LEFT JOIN dispatch ON dispatch.document_id = document.id
            LEFT JOIN review ON review.document_id = document.id
            WHERE {WHOLE} AND {where} AND "key" IS NOT NULL AND (:state IS NULL OR state = :state)
            AND (:before IS NULL OR document.id < :before) ORDER BY document.id DESC LIMIT :limit""",
        {**values, "state": state, "before": before, "limit": limit},
    )
    return map(_listed, rows)


def _listed(row: sqlite3.Row) -> Listed:
    return Listed(
        row["id"],
        row["key"],
        readable(path_from_sql(row["path"]).rpartition("/")[2]),
        row["state"],
        Category(row["category"]) if row["category"] else None,
        row["queued_at"],
        row["finished_at"],
        row["page_amount"],
        printed_code(row["code_number"], row["code_notation"]),
        row["type_name"],
        row["organ_name"],
        day_from_sql(row["issued_date"]),
        row["subject"],
        row["urgency"],
        day_from_sql(row["due_date"]),
        row["doubts"] or 0,
        row["closed_at"],
        row["closed_by"],
    )
