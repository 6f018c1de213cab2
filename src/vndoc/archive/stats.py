"""What the archive holds, in figures, and as one self-contained page that prints well."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import jinja2

from vndoc.archive.database import WHOLE, day_from_sql
from vndoc.archive.events import causes
from vndoc.export.doubts import FIELD_NAMES
from vndoc.filenames import readable
from vndoc.parse.evidence import SURE

TOP = 15
"""Issuers shown one by one; the rest are summed up."""

Counts = Mapping[str, int]
_LISTED = "EXISTS (SELECT 1 FROM location WHERE location.document_id = dispatch.document_id)"
_WITHHELD = f"coalesce(confidence < {SURE}, TRUE) AND {_LISTED}"


@dataclass(slots=True, frozen=True)
class Stats:
    """Counts over the documents that lie in the archive's folders; None as a key is what could not be read."""

    states: Counts
    files: int
    duplicates: int
    pages: int
    seconds: float
    """Working time of the documents' last attempts, summed over the workers."""
    by_type: Mapping[str | None, int]
    by_organ: Mapping[str | None, int]
    by_month: Counts
    """By month of issue, '2024-03', without gaps."""
    doubtful: Mapping[str, tuple[int, int]]
    """For each field: documents in which it was withheld, and all documents read."""
    failures: Counts
    """By category."""
    first: date | None
    last: date | None
    left_out: Counts = field(default_factory=dict)
    """Files that were passed over, by kind."""


def stats(db: sqlite3.Connection) -> Stats:
    """Count everything."""
    pages, first, last, read = db.execute(
        f"SELECT total(page_amount), min(issued_date), max(issued_date), count(*) FROM dispatch WHERE {_LISTED}"
    ).fetchone()
    (seconds,) = db.execute("SELECT total(seconds) FROM document").fetchone()
    files, documents = db.execute(
        "SELECT count(*), count(DISTINCT document_id) FROM file WHERE document_id IS NOT NULL"
    ).fetchone()
    withheld = _counts(db, f"SELECT pointer, count(*) FROM doubt JOIN dispatch USING (document_id) WHERE {_WITHHELD}")
    months = _counts(db, f"SELECT substr(issued_date, 1, 7), count(*) FROM dispatch WHERE issued_date AND {_LISTED}")
    return Stats(
        _counts(db, f"SELECT state, count(*) FROM document WHERE {WHOLE}"),
        files,
        files - documents,
        int(pages),
        seconds,
        _counts(db, f"SELECT type_name, count(*) FROM dispatch WHERE {_LISTED}"),
        _counts(db, f"SELECT organ_name, count(*) FROM dispatch WHERE {_LISTED}"),
        _without_gaps(months),
        {pointer: (withheld.get(pointer, 0), read) for pointer in FIELD_NAMES if withheld.get(pointer)},
        _counts(db, "SELECT category, count(*) FROM document WHERE state = 'failed'"),
        day_from_sql(first),
        day_from_sql(last),
        _counts(db, "SELECT kind, count(*) FROM left_out"),
    )


def _counts(db: sqlite3.Connection, select: str) -> dict[Any, int]:
    return dict(db.execute(f"{select} GROUP BY 1 ORDER BY 2 DESC, 1").fetchall())


def _without_gaps(months: Counts) -> dict[str, int]:
    """All months from the first to the last, in order."""
    if not months:
        return {}
    (year, month), last = map(int, min(months).split("-")), max(months)
    filled: dict[str, int] = {}
    while (key := f"{year:04d}-{month:02d}") <= last:
        filled[key] = months.get(key, 0)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return filled


def to_html(found: Stats, name: str, now: datetime) -> str:
    """The figures as one HTML page with plots in SVG, in Vietnamese; it asks no network for anything."""
    loader = jinja2.PackageLoader("vndoc.archive", "data")
    page = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    page.filters["number"] = lambda value: f"{value:,.0f}".replace(",", ".")
    page.filters["percent"] = lambda share: f"{100 * share:.1f} %".replace(".", ",")
    return page.get_template("stats.html").render(
        stats=found,
        name=readable(name),
        now=now,
        types=_labelled(found.by_type),
        organs=_labelled(found.by_organ),
        periods=_periods(found.by_month),
        doubtful=[(FIELD_NAMES[p], some, of) for p, (some, of) in found.doubtful.items()],
        left_out=list(found.left_out.items()),
        failures=[(causes()[category]["vietnamese"], n) for category, n in found.failures.items()],
    )


def _labelled(counts: Mapping[str | None, int]) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """The most frequent ones to draw; in words, the others summed up and those that could not be read."""
    known = [(label, n) for label, n in counts.items() if label]
    others, unknown = known[TOP:], sum(n for label, n in counts.items() if not label)
    rest = [(f"{len(others)} giá trị khác", sum(n for _, n in others)), ("chưa xác định", unknown)]
    return known[:TOP], [(label, n) for label, n in rest if n]


def _periods(months: Counts) -> Sequence[tuple[str, int]]:
    """Months, or years where there are more than five of those."""
    if len(months) <= 60:
        return [(f"{key[5:]}/{key[:4]}", n) for key, n in months.items()]
    years: dict[str, int] = {}
    for key, n in months.items():
        years[key[:4]] = years.get(key[:4], 0) + n
    return list(years.items())
