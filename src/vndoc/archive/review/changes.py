"""The audit: who changed what and when, before and after; one row for each transaction of a person."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from vndoc.archive.review.facts import fact_of
from vndoc.archive.stored import loading, plain_of
from vndoc.facts import Fact

Kind = Literal["confirm", "undo", "close", "reopen", "recut"]


@dataclass(slots=True, frozen=True)
class ValueChange:
    """A value of the dispatch before and after, as JSON has it; ``pointer`` is its JSON pointer."""

    pointer: str
    before: Any
    after: Any


@dataclass(slots=True, frozen=True)
class FactChange:
    """What held of one key before and after; None: nothing."""

    key: str
    before: Fact | None
    after: Fact | None


@dataclass(slots=True, frozen=True)
class Change:
    """One transaction of a person."""

    id: int
    document_id: int
    key: str | None
    """Of the document; None where its file is no longer there."""
    at: str
    """ISO 8601, UTC."""
    who: str
    kind: Kind
    revision: int
    """Of the document, after it."""
    values: tuple[ValueChange, ...]
    facts: tuple[FactChange, ...]
    undoes: int | None
    undone_by: int | None

    @property
    def pointer(self) -> str | None:
        """Of the first value."""
        return self.values[0].pointer if self.values else None

    @property
    def before(self) -> Any:
        """The first value before."""
        return self.values[0].before if self.values else None

    @property
    def after(self) -> Any:
        """The first value after."""
        return self.values[0].after if self.values else None


_CHANGES = """
    SELECT change.*, (SELECT min(key) FROM location WHERE location.document_id = change.document_id) AS "key",
    (SELECT max(id) FROM change AS undo WHERE undo.undoes = change.id) AS undone_by FROM change"""


def changes(
    db: sqlite3.Connection,
    document: int | None = None,
    who: str | None = None,
    before: int | None = None,
    limit: int = 50,
    after: int | None = None,
) -> Iterator[Change]:
    """The changes, the latest first: of one document or person, those before or after a number."""
    rows = db.execute(
        f"""{_CHANGES} WHERE (:document IS NULL OR document_id = :document) AND (:who IS NULL OR who = :who)
            AND (:before IS NULL OR change.id < :before) AND (:after IS NULL OR change.id > :after)
            ORDER BY change.id DESC LIMIT :limit""",
        {"document": document, "who": who, "before": before, "after": after, "limit": limit},
    )
    return map(_change, rows)


def change(db: sqlite3.Connection, number: int) -> Change | None:
    """One change by its number."""
    row = db.execute(f"{_CHANGES} WHERE change.id = ?", (number,)).fetchone()
    return _change(row) if row else None


def recorded(db: sqlite3.Connection, number: int) -> Change:
    """A change that has just been written."""
    found = change(db, number)
    assert found is not None
    return found


def latest(db: sqlite3.Connection, document: int) -> Change | None:
    """The last change of a document, or of how its file is cut."""
    rows = db.execute(
        f"""{_CHANGES} WHERE document_id = ?1 OR document_id = (SELECT bundle_id FROM document WHERE id = ?1)
            ORDER BY change.id DESC LIMIT 1""",
        (document,),
    )
    return next(map(_change, rows), None)


def record(
    db: sqlite3.Connection,
    document: int,
    who: str,
    kind: Kind,
    facts: Iterable[FactChange] = (),
    values: Iterable[ValueChange] = (),
    undoes: int | None = None,
) -> int:
    """Write a change and put the document's revision up; in the caller's transaction. The number of the change."""
    bump(db, document)
    added = db.execute(
        """INSERT INTO change (document_id, at, who, kind, revision, facts, "values", undoes)
           VALUES (?, ?, ?, ?, (SELECT revision FROM document WHERE id = ?), ?, ?, ?)""",
        (
            document,
            now(),
            who,
            kind,
            document,
            _dumped({"key": c.key, "before": _plain(c.before), "after": _plain(c.after)} for c in facts),
            _dumped({"pointer": c.pointer, "before": c.before, "after": c.after} for c in values),
            undoes,
        ),
    )
    assert added.lastrowid is not None
    return added.lastrowid


def bump(db: sqlite3.Connection, *documents: int) -> None:
    """Put the revision of the documents up, to the same number above all of them."""
    places = ", ".join("?" * len(documents))
    db.execute(
        f"""UPDATE document SET revision = 1 + (SELECT max(revision) FROM document WHERE id IN ({places}))
            WHERE id IN ({places})""",
        (*documents, *documents),
    )


def now() -> str:
    """This moment as the tables have it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _change(row: sqlite3.Row) -> Change:
    with loading():
        values = tuple(ValueChange(v["pointer"], v["before"], v["after"]) for v in plain_of(row["values"]))
        facts = tuple(FactChange(f["key"], _fact(f["before"]), _fact(f["after"])) for f in plain_of(row["facts"]))
    return Change(
        row["id"],
        row["document_id"],
        row["key"],
        row["at"],
        row["who"],
        row["kind"],
        row["revision"],
        values,
        facts,
        row["undoes"],
        row["undone_by"],
    )


def _fact(plain: Any) -> Fact | None:
    return fact_of(json.dumps(plain)) if plain is not None else None


def _plain(fact: Fact | None) -> Any:
    return fact.model_dump(mode="json") if fact else None


def _dumped(rows: Iterable[dict[str, Any]]) -> str:
    found: Sequence[dict[str, Any]] = list(rows)
    return json.dumps(found, ensure_ascii=False)
