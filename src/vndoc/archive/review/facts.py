"""What holds of what people have said, in its table, and the result of a document with it."""

import sqlite3
from collections.abc import Sequence

from pydantic import TypeAdapter

from vndoc.archive.results import store
from vndoc.archive.review.applying import corrected
from vndoc.archive.stored import dispatch_of, loading, reading_from
from vndoc.dispatch import Dispatch
from vndoc.facts import Fact
from vndoc.reading import Reading

_FACT: TypeAdapter[Fact] = TypeAdapter(Fact)


def fact_of(text: str) -> Fact:
    """A fact from its JSON; :class:`DamagedError` where it is none."""
    with loading():
        return _FACT.validate_json(text)


def facts_of(db: sqlite3.Connection, document: int) -> list[Fact]:
    """The facts of a document in the order in which they are applied."""
    rows = db.execute("SELECT json FROM fact WHERE document_id = ? ORDER BY id", (document,))
    return [fact_of(row["json"]) for row in rows]


def reading_of(db: sqlite3.Connection, document: int) -> Reading | None:
    """What a dispatch was parsed from; None where an older vndoc has read it."""
    row = db.execute("SELECT pages FROM reading WHERE document_id = ?", (document,)).fetchone()
    return reading_from(row["pages"]) if row and row["pages"] is not None else None


def store_reading(db: sqlite3.Connection, document: int, text: str, reading: bytes | None, fingerprint: str) -> None:
    """Write what was read of a document, in place of an earlier reading; what people have said of it still holds.

    In the caller's transaction. ``text`` is the dispatch as JSON.
    """
    db.execute("DELETE FROM reading WHERE document_id = ?", (document,))
    if reading is not None:
        db.execute("INSERT INTO reading (document_id, pages) VALUES (?, ?)", (document, reading))
    facts = facts_of(db, document)
    if facts:
        _keep_as_read(db, document, text)
        apply(db, document, facts, fingerprint)
    else:
        dispatch = Dispatch.model_validate_json(text)
        store(db, document, dispatch, text, fingerprint)


def apply(db: sqlite3.Connection, document: int, facts: Sequence[Fact], fingerprint: str | None = None) -> Dispatch:
    """Write the result of a document with these facts; in the caller's transaction."""
    old = db.execute("SELECT json, fingerprint FROM dispatch WHERE document_id = ?", (document,)).fetchone()
    if old:
        _keep_as_read(db, document, old["json"])
    row = db.execute("SELECT pages, json FROM reading WHERE document_id = ?", (document,)).fetchone()
    if row["pages"] is not None:
        dispatch = corrected(reading_from(row["pages"]), facts)
    else:
        dispatch = corrected(dispatch_of(row["json"]), facts)
    store(db, document, dispatch, dispatch.model_dump_json(), fingerprint or old["fingerprint"])
    return dispatch


def _keep_as_read(db: sqlite3.Connection, document: int, text: str) -> None:
    """Keep the dispatch itself where there is nothing to parse it again from."""
    db.execute("INSERT OR IGNORE INTO reading (document_id, json) VALUES (?, ?)", (document, text))
