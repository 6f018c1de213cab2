"""Who carries out what: references between the documents of the archive, in both directions.

A number is given anew each year and by each office, so documents of one notation may be several. Where both sides tell
a date, it must be the same; where one tells none, the link is only a possible one.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from vndoc.archive.codes import code_key, printed_code
from vndoc.archive.database import day_from_sql, path_from_sql
from vndoc.archive.stored import plain_of


@dataclass(slots=True, frozen=True)
class Link:
    """A document on the other side of a reference; ``document_id`` and ``path`` are None where the archive lacks it."""

    notation: str
    type_name: str | None
    organ_name: str | None
    issued_date: date | None
    subject: str | None = None
    document_id: int | None = None
    path: str | None = None
    cited_date: date | None = None
    """The date under which the one refers to the other."""
    certain: bool = False
    """That is the date of the document referred to; also where the archive has the reference alone."""
    relations: tuple[str, ...] = ()
    """What the one does with the other: ``"implements"``, ``"amends"`` … (``vndoc.Reference.relations``)."""


@dataclass(slots=True, frozen=True)
class Citations:
    """All that the archive knows of one notation."""

    notation: str
    documents: tuple[Link, ...]
    """The documents of this notation that are in the archive."""
    cited_by: tuple[Link, ...]
    """Documents in the archive that refer to it."""
    cites: tuple[Link, ...]
    """What the documents of this notation refer to, in the archive or not."""


_PATH = "(SELECT min(path) FROM location WHERE location.document_id = dispatch.document_id)"
_FOUND = f"SELECT dispatch.*, {_PATH} AS path FROM dispatch"


def citations(db: sqlite3.Connection, notation: str, issued: date | None = None) -> Citations:
    """What cites the document of this notation and what it cites; ``issued`` tells it from others of the same one."""
    key, day = code_key(notation), issued.isoformat() if issued else None
    own = db.execute(
        f"{_FOUND} WHERE code = ? AND path IS NOT NULL AND coalesce(issued_date = ?2, TRUE) ORDER BY issued_date",
        (key, day),
    ).fetchall()
    days = {day} if day else {row["issued_date"] for row in own if row["issued_date"]}
    citing = db.execute(
        f"""SELECT dispatch.*, citation.issued_date AS cited_date, relations, {_PATH} AS path
            FROM citation JOIN dispatch USING (document_id)
            WHERE citation.code = ? AND path IS NOT NULL AND coalesce(citation.issued_date = ?2, TRUE)
            ORDER BY dispatch.issued_date DESC, dispatch.id DESC""",
        (key, day),
    ).fetchall()
    alone = not own and not day
    return Citations(
        notation,
        tuple(_link(row, certain=True) for row in own),
        tuple(_link(row, alone or row["cited_date"] in days, row["relations"], row["cited_date"]) for row in citing),
        tuple(link for row in own for link in cited(db, row["document_id"])),
    )


def cited(db: sqlite3.Connection, document: int) -> Iterator[Link]:
    """What one document refers to, each with the documents of the archive that it may be."""
    for row in db.execute("SELECT * FROM citation WHERE document_id = ?", (document,)).fetchall():
        day, relations = row["issued_date"], row["relations"]
        matches = db.execute(
            f"""{_FOUND} WHERE code = ? AND document_id != ? AND path IS NOT NULL
                AND coalesce(issued_date = ?3, TRUE)""",
            (row["code"], document, day),
        ).fetchall()
        for match in matches:
            yield _link(match, day is not None and match["issued_date"] == day, relations, day)
        if not matches:
            yield Link(
                row["notation"],
                row["type_name"],
                row["organ_name"],
                day_from_sql(day),
                cited_date=day_from_sql(day),
                certain=True,
                relations=tuple(plain_of(relations)),
            )


def _link(row: sqlite3.Row, certain: bool, relations: str = "[]", cited: str | None = None) -> Link:
    return Link(
        printed_code(row["code_number"], row["code_notation"]) or "",
        row["type_name"],
        row["organ_name"],
        day_from_sql(row["issued_date"]),
        row["subject"],
        row["document_id"],
        path_from_sql(row["path"]),
        day_from_sql(cited),
        certain,
        tuple(plain_of(relations)),
    )
