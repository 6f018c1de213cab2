"""The desk at which a person settles what is in doubt: every step one transaction, nobody's work overwritten.

Who gives a fact says which revision of the document they saw. If it has changed since, they are told who did it, and
nothing is written.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from vndoc.archive.database import transaction
from vndoc.archive.review import bundle
from vndoc.archive.review.changes import (
    Change,
    FactChange,
    Kind,
    ValueChange,
    change,
    changes,
    latest,
    now,
    record,
    recorded,
)
from vndoc.archive.review.entries import normalised
from vndoc.archive.review.facts import apply, facts_of
from vndoc.archive.review.sheet import Sheet, sheet, value_at
from vndoc.archive.stored import dispatch_of
from vndoc.dispatch import Dispatch
from vndoc.errors import InputError, MissingFileError
from vndoc.facts import EntryFact, Fact, ValueFact, WordFact


class ConflictError(InputError):
    """The document is not as the person saw it: ``who`` changed it at ``at``; None where it was read anew."""

    def __init__(self, document: int, revision: int, last: Change | None) -> None:
        self.document_id, self.revision = document, revision
        own = last if last and last.revision == revision else None
        self.who = own.who if own else None
        self.at = own.at if own else None
        by = f"by {self.who} at {self.at}" if own else "by reading it anew"
        super().__init__(f"document {document} was changed {by}; load it again (revision {revision})")


class Desk:
    """Facts in, changes out. One for each connection; ``who`` is the person's name as the audit shows it."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def sheet(self, document: int) -> Sheet:
        """All that one needs to check a document; MissingFileError where it is not read."""
        return sheet(self.db, document)

    def confirm(self, document: int, facts: Sequence[Fact], who: str, revision: int) -> Change:
        """Write facts; those of the same key that held before hold no more.

        Raises:
            ConflictError: the document has changed since ``revision``.
            MissingFileError: no such document, or it is not read.
            ValueError: an entry that is none of its list (pydantic's ValidationError).
        """
        with transaction(self.db):
            before = self._checked(document, revision)
            held = {fact.key: fact for fact in facts_of(self.db, document)}
            steps = _one_for_each_key(step for fact in facts for step in _steps(_complete(fact, before), held))
            return self._write(document, who, "confirm", steps, held, before)

    def undo(self, number: int, who: str, revision: int | None = None) -> Change:
        """Take a change back, also an undoing.

        Raises:
            ConflictError: what it did has been changed since, or the document has since ``revision``.
            MissingFileError: no such change.
        """
        with transaction(self.db):
            done = self.change(number)
            document = done.document_id
            current = bundle.revision_of(self.db, document)
            if done.undone_by or (revision is not None and revision != current):
                raise ConflictError(document, current, latest(self.db, document))
            if done.kind in ("close", "reopen"):
                return self._mark(document, who, done.kind == "reopen", done.id)
            if done.kind == "recut":
                return bundle.recut(self.db, document, done.before, who, done)
            held = {fact.key: fact for fact in facts_of(self.db, document)}
            if any(held.get(step.key) != step.after for step in done.facts):
                raise ConflictError(document, current, latest(self.db, document))
            steps = [FactChange(step.key, step.after, step.before) for step in reversed(done.facts)]
            for step in steps:
                _hold(held, step)
            return self._write(document, who, "undo", steps, held, self._dispatch(document), done.id)

    def close(self, document: int, who: str, revision: int) -> Change:
        """The person is done with the document; errors of :meth:`confirm`."""
        with transaction(self.db):
            self._checked(document, revision)
            return self._mark(document, who, True)

    def reopen(self, document: int, who: str, revision: int) -> Change:
        """Inverse of :meth:`close`."""
        with transaction(self.db):
            self._checked(document, revision)
            return self._mark(document, who, False)

    def recut(self, document: int, starts: Sequence[int], who: str, revision: int) -> Change:
        """Part the file of a document (or of a part) so that documents begin on these pages, the first among them.

        What people have said of a page stays with it, what they said of a document with the part that begins where it
        began. Parts with other pages than before are read anew.

        Raises:
            ConflictError: a part has changed since ``revision``, which is that of ``document``.
            ValueError: pages that the file does not have, or that do not begin with its first.
        """
        with transaction(self.db):
            self._checked(document, revision)
            return bundle.recut(self.db, document, starts, who)

    def change(self, number: int) -> Change:
        """One change; MissingFileError where there is none of this number."""
        found = change(self.db, number)
        if found is None:
            raise MissingFileError(f"no change {number} is in the audit")
        return found

    def changes(
        self, document: int | None = None, who: str | None = None, before: int | None = None, limit: int = 50
    ) -> Iterator[Change]:
        """The audit, the latest first; see :func:`changes`."""
        return changes(self.db, document, who, before, limit)

    def _dispatch(self, document: int) -> Dispatch:
        row = self.db.execute("SELECT json FROM dispatch WHERE document_id = ?", (document,)).fetchone()
        if row is None:
            raise MissingFileError(f"no document {document} has been read")
        return dispatch_of(row["json"])

    def _checked(self, document: int, revision: int) -> Dispatch:
        """The dispatch as the person saw it."""
        dispatch = self._dispatch(document)
        current = bundle.revision_of(self.db, document)
        if revision != current:
            raise ConflictError(document, current, latest(self.db, document))
        return dispatch

    def _write(
        self,
        document: int,
        who: str,
        kind: Kind,
        steps: Sequence[FactChange],
        held: dict[str, Fact],
        before: Dispatch,
        undoes: int | None = None,
    ) -> Change:
        after = apply(self.db, document, list(held.values()))
        number = record(self.db, document, who, kind, steps, _values(steps, before, after), undoes)
        for step in steps:
            if step.after is None:
                self.db.execute("DELETE FROM fact WHERE document_id = ? AND key = ?", (document, step.key))
            else:
                self.db.execute(
                    """INSERT INTO fact (document_id, key, json, change_id) VALUES (?, ?, ?, ?)
                       ON CONFLICT (document_id, key) DO UPDATE SET json = excluded.json, change_id = excluded.change_id
                    """,
                    (document, step.key, step.after.model_dump_json(), number),
                )
        return recorded(self.db, number)

    def _mark(self, document: int, who: str, closed: bool, undoes: int | None = None) -> Change:
        at, by = (now(), who) if closed else (None, None)
        self.db.execute("UPDATE review SET closed_at = ?, closed_by = ? WHERE document_id = ?", (at, by, document))
        number = record(self.db, document, who, "close" if closed else "reopen", undoes=undoes)
        return recorded(self.db, number)


def _complete(fact: Fact, dispatch: Dispatch) -> Fact:
    return normalised(fact, dispatch) if isinstance(fact, EntryFact) else fact


def _steps(fact: Fact, held: dict[str, Fact]) -> Iterator[FactChange]:
    """What giving a fact does to those that hold; ``held`` is brought up to that.

    An entry that a person has added or changed is changed again as what it was at first.
    """
    if isinstance(fact, EntryFact) and fact.before is not None:
        older = next((f for f in held.values() if _is_same_entry(f, fact)), None)
        if isinstance(older, EntryFact):
            if older.before is None:
                yield _hold(held, FactChange(older.key, older, None))
                if fact.after is None:
                    return  # added and removed again
            fact = fact.model_copy(update={"before": older.before, "at": older.at})
    yield _hold(held, FactChange(fact.key, held.get(fact.key), fact))


def _one_for_each_key(steps: Iterable[FactChange]) -> list[FactChange]:
    """What came of the steps, key by key."""
    merged: dict[str, FactChange] = {}
    for step in steps:
        first = merged.get(step.key, step)
        merged[step.key] = FactChange(step.key, first.before, step.after)
    return list(merged.values())


def _is_same_entry(older: Fact, fact: EntryFact) -> bool:
    return isinstance(older, EntryFact) and older.pointer == fact.pointer and older.after == fact.before


def _hold(held: dict[str, Fact], step: FactChange) -> FactChange:
    """Bring the facts that hold up to a step."""
    if step.after is None:
        held.pop(step.key, None)
    else:
        held[step.key] = step.after
    return step


def _values(steps: Sequence[FactChange], before: Dispatch, after: Dispatch) -> list[ValueChange]:
    """What the steps changed, as a person would say it."""
    found = []
    for step in steps:
        fact = step.after or step.before
        if isinstance(fact, ValueFact):
            found.append(ValueChange(fact.pointer, value_at(before, fact.pointer), value_at(after, fact.pointer)))
        elif isinstance(fact, WordFact):
            old = step.before.after if isinstance(step.before, WordFact) else fact.before
            new = step.after.after if isinstance(step.after, WordFact) else fact.before
            found.append(ValueChange(f"/pages/{fact.page}/words", old, new))
        elif isinstance(fact, EntryFact):
            old_entry = step.before.after if isinstance(step.before, EntryFact) else fact.before
            new_entry = step.after.after if isinstance(step.after, EntryFact) else fact.before
            found.append(ValueChange(fact.pointer, old_entry, new_entry))
    return found
