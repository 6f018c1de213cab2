"""What waits for a person: first what is due soon, the nearest day first, then what is most in doubt.

A day that is long past draws nobody's attention any more, so the nearness of a due date counts within a window.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Literal

from vndoc.archive.codes import printed_code
from vndoc.archive.database import day_from_sql, path_from_sql
from vndoc.archive.search import Filters
from vndoc.filenames import readable

OVERDUE_DAYS, SOON_DAYS = 14, 30
"""Days before today and after it within which a due date puts a document to the front."""

Wanted = Literal["open", "closed", "all"]


@dataclass(slots=True, frozen=True)
class QueueRow:
    """A document that waits for a person, or that one is done with."""

    document_id: int
    key: str
    name: str
    code: str | None
    type_name: str | None
    organ_name: str | None
    issued_date: date | None
    subject: str | None
    urgency: str | None
    due_date: date | None
    doubts: int
    pages: int
    closed_at: str | None
    closed_by: str | None
    cursor: str
    """Where the rows behind this one begin: ``after`` of :func:`queue`."""


@dataclass(slots=True, frozen=True)
class QueueCounts:
    """How much waits, and what has been done."""

    open: int
    doubtful: int
    """Open ones with a field to look at."""
    closed: int
    overdue: int
    due_soon: int
    closed_today: int
    closed_today_by: dict[str, int]


_COLUMNS = """
    SELECT review.document_id, code_number, code_notation, type_name, organ_name, issued_date, subject, urgency,
    review.due_date, doubts, page_amount, closed_at, closed_by,
    (SELECT min(path) FROM location WHERE location.document_id = review.document_id) AS path,
    (SELECT min(key) FROM location WHERE location.document_id = review.document_id) AS "key"
    FROM review CROSS JOIN dispatch USING (document_id)"""
"""CROSS JOIN: SQLite then keeps the order of the tables, and so the order of the index."""

_PASSES = """EXISTS (SELECT 1 FROM dispatch INDEXED BY dispatch_filters
    WHERE dispatch.document_id = review.document_id AND {})"""
"""Looked at row by row, so that a full page ends the search, and in the index alone, without the JSON between."""

_SOON = "review.due_date BETWEEN :first AND :last"
_SEGMENTS: dict[str, tuple[str, str, str, tuple[str, ...]]] = {
    "soon": (
        f"closed_at IS NULL AND {_SOON}",
        "(review.due_date, -doubts, review.document_id) > (:k0, CAST(:k1 AS INTEGER), CAST(:k2 AS INTEGER))",
        "review.due_date, doubts DESC, review.document_id",
        ("due_date", "-doubts", "document_id"),
    ),
    "rest": (
        f"closed_at IS NULL AND NOT coalesce({_SOON}, FALSE)",
        "(-doubts, review.document_id) > (CAST(:k0 AS INTEGER), CAST(:k1 AS INTEGER))",
        "doubts DESC, review.document_id",
        ("-doubts", "document_id"),
    ),
    "closed": (
        "closed_at IS NOT NULL",
        "(closed_at, review.document_id) < (:k0, CAST(:k1 AS INTEGER))",
        "closed_at DESC, review.document_id DESC",
        ("closed_at", "document_id"),
    ),
}
_WANTED: dict[Wanted, tuple[str, ...]] = {
    "open": ("soon", "rest"),
    "closed": ("closed",),
    "all": ("soon", "rest", "closed"),
}


def queue(
    db: sqlite3.Connection,
    filters: Filters | None = None,
    wanted: Wanted = "open",
    after: str | None = None,
    limit: int = 50,
    today: date | None = None,
) -> list[QueueRow]:
    """The documents that wait, most pressing first, or those that are done with, the latest first.

    Args:
        db: the archive.
        filters: which documents.
        wanted: those that wait, those done with, or both in this order.
        after: ``cursor`` of the last row of the page before.
        limit: most rows.
        today: the day from which nearness counts.

    Raises:
        ValueError: a cursor that is none.
    """
    begin, *keys = after.split("~") if after else [""]
    names = list(_WANTED[wanted])
    if begin and (begin not in names or len(keys) != len(_SEGMENTS[begin][3])):
        raise ValueError("no such place in the queue")
    names = names[names.index(begin) :] if begin else names
    found = (row for name in names for row in _segment(db, name, filters, keys if name == begin else [], limit, today))
    return list(islice(found, limit))


def _segment(
    db: sqlite3.Connection, name: str, filters: Filters | None, keys: list[str], limit: int, today: date | None
) -> Iterator[QueueRow]:
    where, behind, order, columns = _SEGMENTS[name]
    own, values = (filters or Filters()).where()
    if own != "TRUE":
        own = _PASSES.format(own)
    today = today or date.today()
    days = {"first": _day(today, -OVERDUE_DAYS), "last": _day(today, SOON_DAYS)}
    rows = db.execute(
        f"""{_COLUMNS} WHERE {where} AND {own} AND {behind if keys else "TRUE"} AND path IS NOT NULL
            ORDER BY {order} LIMIT :limit""",
        {**values, **days, **{f"k{i}": key for i, key in enumerate(keys)}, "limit": limit},
    )
    for row in rows:
        yield _row(row, "~".join([name, *(_cursor_part(row, column) for column in columns)]))


def _day(today: date, days: int) -> str:
    return (today + timedelta(days=days)).isoformat()


def _cursor_part(row: sqlite3.Row, column: str) -> str:
    return str(-row[column[1:]] if column.startswith("-") else row[column])


def _row(row: sqlite3.Row, cursor: str) -> QueueRow:
    return QueueRow(
        row["document_id"],
        row["key"],
        readable(path_from_sql(row["path"]).rpartition("/")[2]),
        printed_code(row["code_number"], row["code_notation"]),
        row["type_name"],
        row["organ_name"],
        day_from_sql(row["issued_date"]),
        row["subject"],
        row["urgency"],
        day_from_sql(row["due_date"]),
        row["doubts"],
        row["page_amount"],
        row["closed_at"],
        row["closed_by"],
        cursor,
    )


def queue_counts(db: sqlite3.Connection, today: date | None = None, since: str | None = None) -> QueueCounts:
    """How much waits; ``since``: the moment (UTC, ISO 8601) at which the clerk's day began, midnight UTC by default."""
    today = today or date.today()
    waiting = "FROM review WHERE closed_at IS NULL"

    def count(select: str, *values: object) -> int:
        return int(db.execute(f"SELECT count(*) {select}", values).fetchone()[0])

    done = db.execute(
        "SELECT closed_by, count(*) FROM review WHERE closed_at >= ? GROUP BY 1 ORDER BY 2 DESC, 1",
        (since or today.isoformat(),),
    )
    by = dict(done.fetchall())
    return QueueCounts(
        count(waiting),
        count(f"{waiting} AND doubts > 0"),
        count("FROM review WHERE closed_at IS NOT NULL"),
        count(f"{waiting} AND due_date < ?", today.isoformat()),
        count(f"{waiting} AND due_date BETWEEN ? AND ?", today.isoformat(), _day(today, SOON_DAYS)),
        sum(by.values()),
        by,
    )
