"""A file cut into its documents by a person, and joined again.

A file that holds several dispatches stays one row of ``document`` that stands for the whole, and has a row for each
part with its pages. What was read of a page stays with it; a part that did not begin where it now begins, or has other
pages, is parsed from these at once and queued to be read anew, since what is written by hand in its head has not been
looked for yet.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from vndoc.archive.results import remove
from vndoc.archive.review.changes import Change, FactChange, ValueChange, bump, now, record, recorded
from vndoc.archive.review.facts import apply, fact_of, facts_of, reading_of
from vndoc.errors import InputError
from vndoc.facts import WordFact
from vndoc.page import Page
from vndoc.reading import Reading

AUTOMATIC = "vndoc"
"""Who has cut a file that was cut as it was read."""
BOUNDARIES = "/pages"
"""Pointer under which the audit has the first pages of the parts."""


@dataclass(slots=True, frozen=True)
class Part:
    """One document of a file: pages as the file counts them, both included."""

    document_id: int
    first_page: int
    last_page: int


def whole_of(db: sqlite3.Connection, document: int) -> int:
    """The document that stands for the whole file."""
    row = db.execute("SELECT coalesce(bundle_id, id) FROM document WHERE id = ?", (document,)).fetchone()
    return int(row[0])


def parts_of(db: sqlite3.Connection, document: int) -> list[Part]:
    """The parts of the file of a document, in order; of one that was never cut the whole alone."""
    whole = whole_of(db, document)
    rows = db.execute(
        "SELECT id, first_page, last_page FROM document WHERE bundle_id = ? ORDER BY first_page", (whole,)
    ).fetchall()
    return [Part(*row) for row in rows] or [Part(whole, 1, _amount(db, whole))]


def recut(
    db: sqlite3.Connection, document: int, starts: Sequence[int], who: str, undone: Change | None = None
) -> Change:
    """Let documents begin on these pages; in the caller's transaction. See :meth:`Desk.recut`.

    Facts of a part that goes are taken out and stand in the change; ``undone`` puts back those it took out.
    """
    whole = whole_of(db, document)
    old = parts_of(db, document)
    amount = old[-1].last_page
    before = [part.first_page for part in old]
    wanted = sorted(set(starts))
    if not wanted or wanted[0] != 1 or wanted[-1] > amount:
        raise ValueError(f"documents begin on pages from 1 to {amount}, the first of them on page 1")
    if wanted == before:
        raise ValueError("the file is cut like this already")
    _refuse_running(db, whole)
    readings = {part.first_page: reading for part in old if (reading := reading_of(db, part.document_id))}
    taken = _taken(db, old, wanted)
    ranges = [(start, after - 1) for start, after in pairwise([*wanted, amount + 1])]
    new = _rows(db, whole, old, ranges)
    _put_back(db, new, undone.facts if undone else ())
    _move_words(db, [*old, *new], new)
    _remove_gone(db, whole, old, new)
    pages = {page.number: page for reading in readings.values() for page in reading.pages}
    for part in new:
        if part not in old:
            _read_again(db, part, readings, pages, amount)
    number = record(
        db, whole, who, "recut", taken, [ValueChange(BOUNDARIES, before, wanted)], undone.id if undone else None
    )
    bump(db, whole, *(part.document_id for part in new))
    db.execute(
        "UPDATE change SET revision = (SELECT revision FROM document WHERE id = ?) WHERE id = ?", (whole, number)
    )
    return recorded(db, number)


def _amount(db: sqlite3.Connection, whole: int) -> int:
    (amount,) = db.execute("SELECT coalesce(page_amount, 1) FROM document WHERE id = ?", (whole,)).fetchone()
    return max(1, int(amount))


def _refuse_running(db: sqlite3.Connection, whole: int) -> None:
    if db.execute(
        "SELECT 1 FROM document WHERE (id = ?1 OR bundle_id = ?1) AND state = 'running'", (whole,)
    ).fetchone():
        raise InputError("the file is being read; cut it when that is done")


def _taken(db: sqlite3.Connection, old: Sequence[Part], wanted: Sequence[int]) -> list[FactChange]:
    """The facts that have no document any more: of parts that no longer begin where they did; words stay."""
    gone = [part for part in old if part.first_page not in wanted]
    found = []
    for part in gone:
        for row in db.execute("SELECT key, json FROM fact WHERE document_id = ?", (part.document_id,)).fetchall():
            fact = fact_of(row["json"])
            if not isinstance(fact, WordFact):
                found.append(FactChange(f"{part.first_page} {row['key']}", fact, None))
    return found


def _rows(db: sqlite3.Connection, whole: int, old: Sequence[Part], ranges: Iterable[tuple[int, int]]) -> list[Part]:
    """A row for each part: the old one of the same first page, or a new one; the whole where it is one document."""
    ranges = list(ranges)
    known = {part.first_page: part.document_id for part in old if part.document_id != whole}
    if len(ranges) == 1:
        return [Part(whole, *ranges[0])]
    db.execute("UPDATE document SET state = 'done' WHERE id = ? AND state = 'queued'", (whole,))
    new = []
    for first, last in ranges:
        number = known.get(first)
        if number is None:
            added = db.execute(
                """INSERT INTO document (bundle_id, first_page, last_page, page_amount, state, queued_at)
                   VALUES (?, ?, ?, ?, 'queued', ?)""",
                (whole, first, last, last - first + 1, now()),
            )
            assert added.lastrowid is not None
            number = added.lastrowid
        else:
            db.execute(
                "UPDATE document SET last_page = ?, page_amount = ? WHERE id = ?", (last, last - first + 1, number)
            )
        new.append(Part(number, first, last))
    return new


def _put_back(db: sqlite3.Connection, new: Sequence[Part], facts: Iterable[FactChange]) -> None:
    by_page = {part.first_page: part.document_id for part in new}
    for step in facts:
        page, _, key = step.key.partition(" ")
        if step.before is not None and (document := by_page.get(int(page))):
            db.execute(
                """INSERT OR IGNORE INTO fact (document_id, key, json, change_id)
                   VALUES (?, ?, ?, (SELECT max(id) FROM change))""",
                (document, key, step.before.model_dump_json()),
            )


def _move_words(db: sqlite3.Connection, old: Iterable[Part], new: Sequence[Part]) -> None:
    """Each fact to the document that has its page: words by theirs, others by the page on which theirs begins."""
    for part in {part.document_id: part for part in old}.values():
        for row in db.execute("SELECT id, json FROM fact WHERE document_id = ?", (part.document_id,)).fetchall():
            fact = fact_of(row["json"])
            page = fact.page if isinstance(fact, WordFact) else part.first_page
            if not isinstance(fact, WordFact) and all(other.first_page != page for other in new):
                db.execute("DELETE FROM fact WHERE id = ?", (row["id"],))
                continue
            home = next(other.document_id for other in new if other.first_page <= page <= other.last_page)
            db.execute("UPDATE OR REPLACE fact SET document_id = ? WHERE id = ?", (home, row["id"]))


def _remove_gone(db: sqlite3.Connection, whole: int, old: Sequence[Part], new: Sequence[Part]) -> None:
    """Take away what is no document any more; what people have done to it stays in the audit, with the whole."""
    kept = {part.document_id for part in new}
    for part in old:
        if part.document_id in kept:
            continue
        remove(db, part.document_id)
        for table in ("review", "reading"):
            db.execute(f"DELETE FROM {table} WHERE document_id = ?", (part.document_id,))
        if part.document_id != whole:
            db.execute("UPDATE change SET document_id = ? WHERE document_id = ?", (whole, part.document_id))
            db.execute("DELETE FROM document WHERE id = ?", (part.document_id,))


def _read_again(
    db: sqlite3.Connection, part: Part, readings: Mapping[int, Reading], pages: Mapping[int, Page], amount: int
) -> None:
    """Parse what was read of the pages as one document, and queue it to be read anew."""
    db.execute("UPDATE document SET state = 'queued' WHERE id = ?", (part.document_id,))
    own = tuple(pages[n] for n in range(part.first_page, part.last_page + 1) if n in pages)
    (fingerprint,) = db.execute(
        "SELECT coalesce((SELECT fingerprint FROM document WHERE id = ?1), (SELECT max(fingerprint) FROM pipeline))",
        (part.document_id,),
    ).fetchone()
    if not own or not fingerprint or not readings:
        return
    began = readings.get(part.first_page)
    source = (began or next(iter(readings.values()))).source
    size = amount if part.last_page - part.first_page + 1 == amount else len(own)
    reading = Reading(
        source.model_copy(update={"page_amount": size}),
        own,
        began.slots if began else {},
        began.signatures if began else (),
        tuple(n for n in began.notices if n.pointer is None) if began else (),
    )
    db.execute(
        "INSERT OR REPLACE INTO reading (document_id, pages) VALUES (?, ?)", (part.document_id, reading.to_bytes())
    )
    apply(db, part.document_id, facts_of(db, part.document_id), fingerprint)


def revision_of(db: sqlite3.Connection, document: int) -> int:
    """How often the document has been changed or read."""
    row = db.execute("SELECT revision FROM document WHERE id = ?", (document,)).fetchone()
    return int(row["revision"]) if row else 0
