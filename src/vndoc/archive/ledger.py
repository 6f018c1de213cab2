"""The ledger: which documents there are, which are read, which failed and why. Every step is one transaction.

States::

    queued ──claim──▸ running ──finish──▸ done
      ▴                  │  └────finish──▸ failed
      └──recover, give_back
      └──retry_failed, refresh── done, failed

A step is written before anything is built on it, so a process killed at any moment leaves at most documents that are
``running``; :meth:`Ledger.recover` puts them back. What a worker had not yet handed over is read again.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Literal

from vndoc.archive.database import WHOLE, path_from_sql, path_to_sql, transaction
from vndoc.archive.fingerprint import Fingerprint
from vndoc.archive.intake import IntakeItem, Stamp
from vndoc.archive.jobs import Category, Failure, InputKind, Job, Outcome
from vndoc.archive.review import bundle
from vndoc.archive.review.facts import store_reading
from vndoc.dispatch import Dispatch
from vndoc.filenames import readable
from vndoc.parse.evidence import SURE

State = Literal["queued", "running", "done", "failed"]
Noted = Literal["queued", "duplicate", "known"]
_UNSEEN: Stamp = (-1, -1)


class Refresh(StrEnum):
    """Which documents are read again: those of an older pipeline, of these the doubtful ones, or all."""

    OUTDATED = "outdated"
    DOUBTFUL = "doubtful"
    ALL = "all"


_WITHHELD = f"SELECT 1 FROM doubt WHERE document_id = document.id AND coalesce(confidence < {SURE}, TRUE)"
_LYING = """
    SELECT document.id, coalesce(whole.sha256, document.sha256) AS sha256, path, kind, container, document.first_page,
    document.last_page, EXISTS (SELECT 1 FROM change WHERE document_id = document.id AND kind = 'recut') AS uncut
    FROM document JOIN location ON document_id = document.id
    LEFT JOIN document AS whole ON whole.id = document.bundle_id"""
_BACK = """UPDATE document SET state = 'queued', category = NULL, message = NULL
    WHERE id = ? AND state = 'failed' AND category = ?"""
_OLDER = "document.fingerprint IS NOT :key"
_REFRESHED = {
    Refresh.OUTDATED: _OLDER,
    Refresh.DOUBTFUL: f"{_OLDER} AND EXISTS ({_WITHHELD})",
    Refresh.ALL: ":key IS NOT NULL",
}


@dataclass(slots=True, frozen=True)
class Entry:
    """One row of the ledger, with the places at which the document was found."""

    document_id: int
    sha256: str | None
    state: State
    category: Category | None
    message: str | None
    attempts: int
    seconds: float | None
    memory_mb: int | None
    page_amount: int | None
    paths: tuple[str, ...]


class Ledger:
    """Writes and reads the tables ``document`` and ``file``."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def stamps(self) -> dict[str, Stamp]:
        """Stamps of all files whose content is known, by path.

        Those that could not be read are not among them, nor those that were gone when they were to be read.
        """
        rows = self.db.execute(
            """SELECT path, size, stamp FROM file LEFT JOIN document ON document.id = document_id
               WHERE document_id IS NULL OR (document.sha256 IS NOT NULL AND document.category IS NOT ?)""",
            (Category.MISSING,),
        )
        return {path_from_sql(path): (size, stamp) for path, size, stamp in rows}

    def note(self, found: IntakeItem, sha256: str) -> Noted:
        """Link a file to its content; a content never seen is queued, one that is there is a duplicate or known.

        One that was gone when it was to be read is queued again.
        """
        with transaction(self.db):
            row = self.db.execute("SELECT id FROM document WHERE sha256 = ?", (sha256,)).fetchone()
            if row is None:
                added = self.db.execute("INSERT INTO document (sha256, queued_at) VALUES (?, ?)", (sha256, _now()))
                self._link(found, added.lastrowid)
                return "queued"
            others = self.db.execute(
                "SELECT 1 FROM file WHERE document_id = ? AND path != ?", (row["id"], path_to_sql(found.path))
            ).fetchone()
            self._link(found, row["id"])
            if self.db.execute(_BACK, (row["id"], Category.MISSING)).rowcount:
                return "queued"
            return "duplicate" if others else "known"

    def note_failure(self, found: IntakeItem, failure: Failure) -> None:
        """A file that cannot be opened: a failed document without a content, tried again in each run.

        One that was read before stays what it was; only its stamp is forgotten.
        """
        with transaction(self.db):
            path = path_to_sql(found.path)
            row = self.db.execute(
                "SELECT id, sha256 FROM file JOIN document ON id = document_id WHERE path = ?", (path,)
            ).fetchone()
            if row and row["sha256"]:
                self.db.execute("UPDATE file SET size = -1, stamp = -1 WHERE path = ?", (path,))
                return
            if row is None:
                added = self.db.execute(
                    "INSERT INTO document (state, category, queued_at) VALUES ('failed', ?, ?)",
                    (failure.category, _now()),
                )
                self._link(IntakeItem(found.path, found.kind, _UNSEEN, found.container), added.lastrowid)
            document = row["id"] if row else added.lastrowid
            self.db.execute(
                "UPDATE document SET category = ?, message = ?, attempts = attempts + 1, finished_at = ? WHERE id = ?",
                (failure.category, readable(failure.message), _now(), document),
            )

    def note_zip(self, found: IntakeItem) -> None:
        """A ZIP file whose members have all been noted: until it changes it need not be opened again."""
        with transaction(self.db):
            self._link(found, None)

    def has_members(self, found: IntakeItem) -> bool:
        """Whether files in it are known."""
        row = self.db.execute("SELECT 1 FROM file WHERE container = ? LIMIT 1", (path_to_sql(found.path),)).fetchone()
        return row is not None

    def forget_members(self, found: IntakeItem, keep: set[str]) -> None:
        """Unlink members that a changed ZIP file no longer has; what was read of them stays, linked or not."""
        container = path_to_sql(found.path)
        rows = self.db.execute("SELECT path FROM file WHERE container = ?", (container,)).fetchall()
        with transaction(self.db):
            for (path,) in rows:
                if path_from_sql(path) not in keep:
                    self._unlink("path = ?", path)

    def _link(self, found: IntakeItem, document: int | None) -> None:
        path = path_to_sql(found.path)
        old = self.db.execute("SELECT document_id FROM file WHERE path = ?", (path,)).fetchone()
        if found.kind == "folder":  # its images may have been documents of their own, before there were two of them
            self._unlink("path > ? AND path < ?", path_to_sql(f"{found.path}/"), path_to_sql(f"{found.path}0"))
        elif found.kind == "file":
            self._unlink("kind = 'folder' AND path = ?", path_to_sql(found.path.rpartition("/")[0]))
        self.db.execute("DELETE FROM left_out WHERE path = ?", (path,))
        container = path_to_sql(found.container) if found.container is not None else None
        self.db.execute(
            "INSERT OR REPLACE INTO file (path, kind, container, size, stamp, document_id) VALUES (?, ?, ?, ?, ?, ?)",
            (path, found.kind, container, *found.stamp, document),
        )
        if old and old["document_id"] != document:
            self._drop_orphan(old["document_id"])

    def _unlink(self, where: str, *values: object) -> None:
        documents = self.db.execute(f"SELECT document_id FROM file WHERE {where}", values).fetchall()
        self.db.execute(f"DELETE FROM file WHERE {where}", values)
        for row in documents:
            self._drop_orphan(row["document_id"])

    def _drop_orphan(self, document: int | None) -> None:
        """Remove a document that lies nowhere any more and was never read; one that was read is kept."""
        self.db.execute(
            f"""DELETE FROM document WHERE id = ? AND state != 'running'
               AND NOT EXISTS (SELECT 1 FROM file WHERE document_id = document.id)
               AND NOT EXISTS (SELECT 1 FROM dispatch WHERE document_id = document.id) AND {WHOLE}""",
            (document,),
        )

    def claim(self) -> Job | None:
        """The next queued document, now running; None where there is none."""
        with transaction(self.db):
            row = self.db.execute(
                f"{_LYING} WHERE document.state = 'queued' ORDER BY document.id, path LIMIT 1"
            ).fetchone()
            if row is None:
                return None
            self.db.execute("UPDATE document SET state = 'running' WHERE id = ?", (row["id"],))
        return _job(row)

    def places(self, document_id: int) -> list[Job]:
        """Where the content of a document lies, as jobs that would read it there."""
        rows = self.db.execute(f"{_LYING} WHERE document.id = ? ORDER BY path", (document_id,))
        return [_job(row) for row in rows]

    def finish(self, outcome: Outcome, fingerprint: Fingerprint) -> int | None:
        """Write what became of a document that is running, its result with it; the pages it has, if that is known."""
        document, failure = outcome.job.document_id, outcome.failure
        dispatch = Dispatch.model_validate_json(outcome.dispatch) if outcome.dispatch is not None else None
        amount = dispatch.source.page_amount if dispatch else outcome.page_amount
        with transaction(self.db):
            self._register(fingerprint)
            self.db.execute(
                """UPDATE document SET state = ?, category = ?, message = ?, attempts = attempts + 1, seconds = ?,
                   memory_mb = ?, page_amount = coalesce(?, page_amount), fingerprint = ?, finished_at = ?,
                   revision = revision + 1
                   WHERE id = ? AND state = 'running'""",
                (
                    "failed" if failure else "done",
                    failure.category if failure else None,
                    readable(failure.message) if failure else None,
                    round(outcome.seconds, 3),
                    outcome.memory_mb,
                    amount,
                    fingerprint.key,
                    _now(),
                    document,
                ),
            )
            if dispatch is not None and outcome.dispatch is not None:
                store_reading(self.db, document, outcome.dispatch, outcome.reading, fingerprint.key)
            if outcome.parts:
                self._cut(document, outcome, fingerprint)
            if failure and failure.category is Category.CHANGED:
                self.db.execute("UPDATE file SET size = -1, stamp = -1 WHERE document_id = ?", (document,))
        return amount

    def _cut(self, document: int, outcome: Outcome, fingerprint: Fingerprint) -> None:
        """Write the parts of a file that was cut as it was read; what people have said of the whole goes with them."""
        found = {part.first_page: part for part in outcome.parts}
        self.db.execute("DELETE FROM reading WHERE document_id = ?", (document,))  # the parts have newer ones
        bundle.recut(self.db, document, list(found), bundle.AUTOMATIC)
        for row in bundle.parts_of(self.db, document):
            part, pages = found[row.first_page], row.last_page - row.first_page + 1
            dispatch = Dispatch.model_validate_json(part.dispatch)
            self.db.execute(
                """UPDATE document SET state = 'done', attempts = attempts + 1, seconds = ?, memory_mb = ?,
                   page_amount = ?, fingerprint = ?, finished_at = ? WHERE id = ?""",
                (
                    round(outcome.seconds * pages / (outcome.page_amount or pages), 3),
                    outcome.memory_mb,
                    dispatch.source.page_amount,
                    fingerprint.key,
                    _now(),
                    row.document_id,
                ),
            )
            store_reading(self.db, row.document_id, part.dispatch, part.reading, fingerprint.key)

    def _register(self, fingerprint: Fingerprint) -> None:
        self.db.execute(
            "INSERT OR IGNORE INTO pipeline VALUES (?, ?, ?)", (fingerprint.key, fingerprint.described, _now())
        )

    def give_back(self, job: Job) -> None:
        """Put a running document back into the queue, as if it had not been tried."""
        with transaction(self.db):
            self.db.execute(
                "UPDATE document SET state = 'queued' WHERE id = ? AND state = 'running'", (job.document_id,)
            )

    def waiting(self) -> bool:
        """Whether a document is queued that can be found somewhere."""
        row = self.db.execute("""
            SELECT EXISTS (SELECT 1 FROM document JOIN location ON document_id = document.id WHERE state = 'queued')""")
        return bool(row.fetchone()[0])

    def cancel(self, document_id: int) -> bool:
        """Take a document out of the queue; whether it was in it. One that is running only its reader can stop."""
        with transaction(self.db):
            return bool(
                self.db.execute(
                    """UPDATE document SET state = 'failed', category = ?, message = ?, finished_at = ?
                       WHERE id = ? AND state = 'queued'""",
                    (Category.CANCELLED, "cancelled before it was read", _now(), document_id),
                ).rowcount
            )

    def retry(self, document_id: int) -> bool:
        """Queue one failed document whose content is known; whether that was so."""
        return bool(self._requeue("state = 'failed' AND id = :id", {"id": document_id}))

    def gone(self) -> list[Job]:
        """Documents that were gone when they were to be read, or first opened, as jobs that would read them.

        These last have no SHA-256 yet.
        """
        rows = self.db.execute(
            f"{_LYING} WHERE document.state = 'failed' AND document.category = ? ORDER BY document.id, path",
            (Category.MISSING,),
        )
        return [_job(row) for row in rows]

    def recover(self) -> int:
        """Put back what a run that was cut off left running; how many those are. Only without a run under way."""
        with transaction(self.db):
            return self.db.execute("UPDATE document SET state = 'queued' WHERE state = 'running'").rowcount

    def retry_failed(self) -> int:
        """Queue the failed documents whose content is known; how many those are."""
        return self._requeue("state = 'failed'", {})

    def refresh(self, which: Refresh, fingerprint: Fingerprint) -> int:
        """Queue what has been read; the old results stay until new ones take their place. How many those are."""
        return self._requeue(f"state IN ('done', 'failed') AND {_REFRESHED[which]}", {"key": fingerprint.key})

    def outdated(self, fingerprint: Fingerprint) -> int:
        """How many documents were read by another pipeline."""
        row = self.db.execute(
            f"SELECT count(*) FROM document WHERE state = 'done' AND {WHOLE} AND {_OLDER}", {"key": fingerprint.key}
        )
        return int(row.fetchone()[0])

    def _requeue(self, where: str, values: dict[str, str | int]) -> int:
        with transaction(self.db):
            return self.db.execute(
                f"""UPDATE document SET state = 'queued', category = NULL, message = NULL
                    WHERE EXISTS (SELECT 1 FROM location WHERE document_id = document.id AND key IS NOT NULL)
                    AND {WHOLE} AND {where}""",
                values,
            ).rowcount

    def counts(self) -> dict[State, int]:
        """How many documents are in each state."""
        found: dict[State, int] = {"queued": 0, "running": 0, "done": 0, "failed": 0}
        found |= dict(self.db.execute(f"SELECT state, count(*) FROM document WHERE {WHOLE} GROUP BY state").fetchall())
        return found

    def entries(self, state: State | None = None) -> Iterator[Entry]:
        """All rows in the order of their coming, or those of one state."""
        rows = self.db.execute(
            f"SELECT * FROM document WHERE {WHOLE} AND (:state IS NULL OR state = :state) ORDER BY id", {"state": state}
        )
        return map(self._entry, rows)

    def entry(self, document_id: int) -> Entry | None:
        """The row of one document."""
        row = self.db.execute("SELECT * FROM document WHERE id = ?", (document_id,)).fetchone()
        return self._entry(row) if row else None

    def entry_of(self, sha256: str) -> Entry | None:
        """The row of the document with this content."""
        row = self.db.execute("SELECT * FROM document WHERE sha256 = ?", (sha256,)).fetchone()
        return self._entry(row) if row else None

    def entry_at(self, path: str) -> Entry | None:
        """The row of the document that lies there."""
        row = self.db.execute(
            "SELECT document.* FROM document JOIN file ON document_id = document.id WHERE path = ?",
            (path_to_sql(path),),
        ).fetchone()
        return self._entry(row) if row else None

    def _entry(self, row: sqlite3.Row) -> Entry:
        paths = self.db.execute("SELECT path FROM location WHERE document_id = ? ORDER BY path", (row["id"],))
        return Entry(
            row["id"],
            row["sha256"],
            row["state"],
            Category(row["category"]) if row["category"] else None,
            row["message"],
            row["attempts"],
            row["seconds"],
            row["memory_mb"],
            row["page_amount"],
            tuple(path_from_sql(path) for (path,) in paths),
        )


def _job(row: sqlite3.Row) -> Job:
    container = path_from_sql(row["container"]) if row["container"] is not None else None
    kind: InputKind = row["kind"]
    pages = (row["first_page"], row["last_page"]) if row["first_page"] else None
    return Job(row["id"], row["sha256"], path_from_sql(row["path"]), kind, container, pages, bool(row["uncut"]))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
