"""Rows that were saved one by one, made an archive again: none without what it belongs to, no result without its words.

What people have said comes first: where the fact is lost and the audit is not, it is said again as the audit has it.
"""

from collections.abc import Iterator

from vndoc.archive.connection import Connection
from vndoc.archive.database import WHOLE, path_from_sql, transaction
from vndoc.archive.jobs import Category
from vndoc.archive.locations import digest
from vndoc.archive.results import index_anew, store
from vndoc.archive.review.changes import changes, now
from vndoc.archive.review.facts import apply, facts_of, reading_of
from vndoc.archive.stored import dispatch_of, plain_of
from vndoc.errors import MachineError, VndocError
from vndoc.facts import Fact
from vndoc.filenames import readable

_OF_DOCUMENTS = ("change", "fact", "reading", "dispatch", "review", "file")
_LOST = "its row was lost in a damaged archive, and it is not at its place"


class Mender:
    """Brings the saved rows of an archive together.

    Args:
        db: the new archive; foreign keys do not hold in it yet.
        damaged: whether rows were lost.
    """

    def __init__(self, db: Connection, *, damaged: bool) -> None:
        self._db, self._damaged = db, damaged
        self.again: list[str] = []
        """Where documents lie that are queued to be read again."""
        self.lost: list[str] = []
        """What could not be brought together, in words."""
        self.parsed = 0
        """Results made again from the pages as they were read."""

    def mend(self) -> None:
        """All of it, each step a transaction."""
        self._db.execute("PRAGMA foreign_keys = OFF")
        for step in (
            self._documents,
            self._parts,
            self._references,
            self._facts,
            self._results,
            self._closed,
            self._queue,
        ):
            with transaction(self._db):
                step()
        self._db.execute("PRAGMA foreign_keys = ON")

    def _documents(self) -> None:
        """A row for every document that others tell of."""
        named = " UNION ".join(f"SELECT document_id FROM {table}" for table in _OF_DOCUMENTS)
        missing = f"""SELECT document_id FROM ({named} UNION SELECT bundle_id FROM document)
            WHERE document_id IS NOT NULL AND document_id NOT IN (SELECT id FROM document) ORDER BY 1"""
        for (number,) in self._db.execute(missing).fetchall():
            sha256 = self._content_of(number)
            if sha256 is not None and self._is_part(number, sha256):
                continue
            if sha256 is None or self._whole_of(sha256) is not None:
                self._without_content(number)
                continue
            self._db.execute(
                "INSERT INTO document (id, sha256, state, queued_at) VALUES (?, ?, 'done', ?)", (number, sha256, now())
            )

    def _content_of(self, number: int) -> str | None:
        """The SHA-256 of a document whose row is lost: by its result, its pages, its parts, or the file itself."""
        for (text,) in self._db.execute("SELECT json FROM dispatch WHERE document_id = ?", (number,)):
            return dispatch_of(text).source.sha256
        if reading := reading_of(self._db, number):
            return reading.source.sha256
        for (text,) in self._db.execute(
            """SELECT dispatch.json FROM document JOIN dispatch ON dispatch.document_id = document.id
               WHERE bundle_id = ?""",
            (number,),
        ):
            return dispatch_of(text).source.sha256
        for row in self._db.execute("SELECT path, kind, container FROM file WHERE document_id = ?", (number,)):
            container = path_from_sql(row["container"]) if row["container"] is not None else None
            try:
                return digest(path_from_sql(row["path"]), row["kind"], container)
            except MachineError:
                raise
            except VndocError:
                continue
        return None

    def _whole_of(self, sha256: str) -> int | None:
        row = self._db.execute("SELECT id FROM document WHERE sha256 = ?", (sha256,)).fetchone()
        return int(row["id"]) if row else None

    def _is_part(self, number: int, sha256: str) -> bool:
        """Write the row of a part again, where its pages tell which they are; whether that was so."""
        whole = self._whole_of(sha256)
        row = self._db.execute("SELECT json FROM dispatch WHERE document_id = ?", (number,)).fetchone()
        reading = reading_of(self._db, number)
        pages = reading.pages if reading else dispatch_of(row["json"]).pages if row else ()
        numbers = [page.number for page in pages]
        if whole is None or not numbers:
            return False
        return bool(
            self._db.execute(
                """INSERT OR IGNORE INTO document (id, bundle_id, first_page, last_page, page_amount, state, queued_at)
                   VALUES (?, ?, ?, ?, ?, 'done', ?)""",
                (number, whole, min(numbers), max(numbers), len(numbers), now()),
            ).rowcount
        )

    def _parts(self) -> None:
        """A row for every part that the last cut of a file has made; those that are missing are read again."""
        cuts = self._db.execute(
            """SELECT document_id, "values", page_amount FROM change JOIN document ON document.id = document_id
               WHERE change.id IN (SELECT max(id) FROM change WHERE kind = 'recut' GROUP BY document_id)
               AND bundle_id IS NULL"""
        ).fetchall()
        for row in cuts:
            starts = [start for value in plain_of(row["values"]) for start in value["after"] or ()]
            ends = [start - 1 for start in starts[1:]] + [row["page_amount"] or starts[-1]] if len(starts) > 1 else []
            for first, last in zip(starts, ends, strict=False):
                self._db.execute(
                    """INSERT OR IGNORE INTO document (bundle_id, first_page, last_page, page_amount, state, queued_at)
                       VALUES (?, ?, ?, ?, 'queued', ?)""",
                    (row["document_id"], first, last, last - first + 1, now()),
                )

    def _without_content(self, number: int) -> None:
        """Of a part whose pages nobody knows any more, and of a file that is gone: what people said of it is kept."""
        for table in ("dispatch", "reading", "review", "fact"):
            self._db.execute(f"DELETE FROM {table} WHERE document_id = ?", (number,))
        where = self._place(number)
        self._db.execute(
            "INSERT INTO document (id, state, category, message, queued_at) VALUES (?, 'failed', ?, ?, ?)",
            (number, Category.MISSING, _LOST, now()),
        )
        self.lost.append(f"{where or f'document {number}'}: {_LOST}")

    def _place(self, number: int) -> str | None:
        row = self._db.execute("SELECT min(path) FROM location WHERE document_id = ?", (number,)).fetchone()
        if row[0] is None:
            row = self._db.execute("SELECT min(path) FROM file WHERE document_id = ?", (number,)).fetchone()
        return readable(path_from_sql(row[0])) if row[0] is not None else None

    def _references(self) -> None:
        """What rows point at beside documents."""
        self._db.execute("INSERT OR IGNORE INTO pipeline SELECT DISTINCT fingerprint, '{}', ? FROM dispatch", (now(),))
        self._db.execute(
            """UPDATE document SET fingerprint = NULL
               WHERE fingerprint IS NOT NULL AND fingerprint NOT IN (SELECT fingerprint FROM pipeline)"""
        )
        self._db.execute("UPDATE change SET undoes = NULL WHERE undoes NOT IN (SELECT id FROM change)")
        self._db.execute("DELETE FROM delivery WHERE hook_id NOT IN (SELECT id FROM hook)")
        alone = self._db.execute(
            "SELECT DISTINCT change_id, document_id FROM fact WHERE change_id NOT IN (SELECT id FROM change)"
        ).fetchall()
        for row in alone:
            self._db.execute(
                """INSERT OR IGNORE INTO change (id, document_id, at, who, kind, revision, facts, "values")
                   VALUES (?, ?, ?, 'vndoc', 'confirm', 0, '[]', '[]')""",
                (row["change_id"], row["document_id"], now()),
            )
        gone = self._missing_changes()
        if gone:
            self.lost.append(f"{len(gone)} changes of the audit: {', '.join(gone[:20])}{' …' * (len(gone) > 20)}")

    def _missing_changes(self) -> list[str]:
        (last,) = self._db.execute("SELECT coalesce(max(id), 0) FROM change").fetchone()
        there = {
            number for (number,) in self._db.execute("SELECT id FROM change WHERE facts != '[]' OR who != 'vndoc'")
        }
        return [str(number) for number in range(1, last + 1) if number not in there]

    def _facts(self) -> None:
        """Say again what the audit has and the facts have not."""
        recut = {n for (n,) in self._db.execute("SELECT document_id FROM change WHERE kind = 'recut'")}
        for (number,) in self._db.execute("SELECT DISTINCT document_id FROM change").fetchall():
            if number in recut:
                continue  # facts of parts have moved since
            held = {fact.key for fact in facts_of(self._db, number)}
            for change_id, key, fact in self._said(number):
                if key not in held:
                    self._db.execute(
                        "INSERT INTO fact (document_id, key, json, change_id) VALUES (?, ?, ?, ?)",
                        (number, key, fact.model_dump_json(), change_id),
                    )

    def _said(self, number: int) -> Iterator[tuple[int, str, Fact]]:
        """What holds of a document as its changes have it, in their order."""
        holding: dict[str, tuple[int, Fact]] = {}
        for done in reversed(list(changes(self._db, number, limit=-1))):
            for step in done.facts:
                holding.pop(step.key, None)
                if step.after is not None:
                    holding[step.key] = (done.id, step.after)
        for key, (change_id, fact) in holding.items():
            yield change_id, key, fact

    def _results(self) -> None:
        """Every result into its tables, those with facts with them; lost ones from the pages as they were read."""
        (fallback,) = self._db.execute("SELECT max(fingerprint) FROM pipeline").fetchone()
        cut = f"SELECT id FROM document WHERE NOT {WHOLE}"
        for table in ("dispatch", "reading"):  # of files that were cut since: left over in free pages
            self._db.execute(f"DELETE FROM {table} WHERE document_id IN ({cut})")
        documents = f"SELECT id, fingerprint FROM document WHERE {WHOLE} ORDER BY id"
        for number, own in self._db.execute(documents).fetchall():
            row = self._db.execute("SELECT json, fingerprint FROM dispatch WHERE document_id = ?", (number,)).fetchone()
            facts = facts_of(self._db, number)
            try:
                if row is not None and not facts:
                    store(self._db, number, dispatch_of(row["json"]), row["json"], row["fingerprint"])
                elif row is not None:
                    apply(self._db, number, facts)
                elif reading_of(self._db, number) is not None and (own or fallback):
                    apply(self._db, number, facts, own or fallback)
                    self.parsed += 1
            except MachineError:
                raise
            except VndocError:
                self._db.execute("DELETE FROM dispatch WHERE document_id = ?", (number,))
        index_anew(self._db)

    def _closed(self) -> None:
        """Whom a document is closed by, as the audit has it."""
        last = self._db.execute(
            """SELECT document_id, at, who FROM change WHERE kind = 'close' AND id IN
               (SELECT max(id) FROM change WHERE kind IN ('close', 'reopen') GROUP BY document_id)"""
        ).fetchall()
        self._db.executemany(
            "UPDATE review SET closed_at = ?, closed_by = ? WHERE document_id = ? AND closed_at IS NULL",
            [(row["at"], row["who"], row["document_id"]) for row in last],
        )

    def _queue(self) -> None:
        """Queue what has to be read again; a document that lies nowhere cannot be."""
        self._db.execute("UPDATE document SET state = 'queued' WHERE state = 'running'")
        lost = self._db.execute(
            f"""SELECT id, EXISTS (SELECT 1 FROM location WHERE document_id = document.id AND key IS NOT NULL) AS lies
                FROM document WHERE state = 'done' AND {WHOLE}
                AND NOT EXISTS (SELECT 1 FROM dispatch WHERE document_id = document.id)"""
        ).fetchall()
        for row in lost:
            if row["lies"]:
                self._db.execute("UPDATE document SET state = 'queued' WHERE id = ?", (row["id"],))
            else:
                self._db.execute(
                    "UPDATE document SET state = 'failed', category = ?, message = ? WHERE id = ?",
                    (Category.MISSING, _LOST, row["id"]),
                )
                self.lost.append(f"document {row['id']}: {_LOST}")
        self.again += [
            readable(path_from_sql(path))
            for (path,) in self._db.execute(
                """SELECT (SELECT min(path) FROM location WHERE document_id = document.id) AS path FROM document
                   WHERE state = 'queued' AND path IS NOT NULL ORDER BY 1"""
            )
        ]
        (unknown,) = self._db.execute(
            """SELECT count(*) FROM document WHERE bundle_id IS NULL
               AND id NOT IN (SELECT document_id FROM file WHERE document_id IS NOT NULL)"""
        ).fetchone()
        if unknown and self._damaged:
            self.lost.append(
                f"the places of {unknown} documents: a batch over their folders finds them again by their content"
            )
