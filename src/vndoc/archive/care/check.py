"""What is damaged in an archive, or contradicts itself: told by document and path, never by words of a document.

Three layers, each looked at only where the one below holds: the file as SQLite sees it, references between tables, and
what the archive itself promises (each document that is read has a result that loads, and stands in the index).
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from vndoc.archive.connection import Connection, DamagedError
from vndoc.archive.database import SCHEMA_VERSION, WHOLE, check_application, open_untouched, path_from_sql
from vndoc.archive.results import words_of
from vndoc.archive.review.facts import fact_of
from vndoc.archive.stored import dispatch_of, loading, plain_of, reading_from
from vndoc.dispatch import Dispatch
from vndoc.errors import FormatError
from vndoc.filenames import readable

MOST = 1000
"""Findings that are listed; the rest are counted."""

_TRIED_WORDS = 3  # of each document: are they in the index


@dataclass(slots=True, frozen=True)
class Finding:
    """One thing that is not as it must be.

    ``kind`` is a word for programs: ``file``, ``reference``, ``state``, ``dispatch``, ``reading``, ``fact``, ``audit``,
    ``columns``, ``index``, ``parts``.
    """

    kind: str
    message: str
    document_id: int | None = None
    path: str | None = None
    """One of the places of the document."""


@dataclass(slots=True, frozen=True)
class Report:
    """What a check has found; ``documents`` and ``read`` are counts, None where they could not be counted."""

    findings: tuple[Finding, ...]
    more: int
    """Findings beyond :data:`MOST`."""
    documents: int | None = None
    read: int | None = None
    version: int | None = None
    """Of the tables."""

    @property
    def whole(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def check(path: Path, *, quick: bool = False, progress: Callable[[int, int], None] | None = None) -> Report:
    """Look through an archive; nothing is written, and others may work with it meanwhile.

    Args:
        path: the archive.
        quick: leave out what takes long: the order of every index, and whether each result loads.
        progress: told the documents looked at and their number.

    Raises:
        MissingFileError: no such file, or it cannot be read.
        FormatError: it is no archive, or one of a newer vndoc; what is damaged is in the report.
    """
    found: list[Finding] = []
    more = 0
    version = documents = read = None
    try:
        with closing(open_untouched(path)) as db:
            version = _version(db, path)
            documents, read = _count(db, "document"), _count(db, "dispatch")
            for finding in _findings(db, version, quick, progress or (lambda done, of: None)):
                if len(found) < MOST:
                    found.append(finding)
                else:
                    more += 1
    except DamagedError as error:
        said = str(error).removeprefix(f"{path}: ")
        found.append(Finding("file", said if "empty" in said else "the file cannot be opened as a database"))
    return Report(tuple(found), more, documents, read, version)


def _version(db: Connection, path: Path) -> int:
    check_application(db, path)
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version > SCHEMA_VERSION:
        raise FormatError(f"{path}: was made by a newer vndoc; install that one")
    return int(version)


def _count(db: sqlite3.Connection, table: str) -> int | None:
    try:
        return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    except DamagedError:
        return None


def _findings(
    db: sqlite3.Connection, version: int, quick: bool, progress: Callable[[int, int], None]
) -> Iterator[Finding]:
    """Every layer, whatever is wrong with another: what can still be told helps to decide."""
    broken = False
    for finding in _trying("file", "parts of the file cannot be read", _file(db, quick)):
        broken = True
        yield finding
    yield from _trying("reference", "the references between tables cannot be followed", _references(db))
    if version < SCHEMA_VERSION:
        return  # its tables are others; opening it brings them up to date
    yield from _trying("state", "the states of the documents cannot be read", _states(db))
    yield from _trying("parts", "the parts of files cannot be read", _parts(db))
    if not quick:
        yield from _trying("audit", "the audit cannot be read to its end", _audit(db))
        yield from _trying("fact", "what people have said cannot be read to its end", _facts(db))
        yield from _trying("dispatch", "the results cannot be listed", _documents(db, progress, sound=not broken))


def _trying(kind: str, otherwise: str, findings: Iterator[Finding]) -> Iterator[Finding]:
    try:
        yield from findings
    except DamagedError:
        yield Finding(kind, otherwise)


def _file(db: sqlite3.Connection, quick: bool) -> Iterator[Finding]:
    for (message,) in db.execute(f"PRAGMA {'quick_check' if quick else 'integrity_check'}({MOST})"):
        if message != "ok":
            # One row may hold several lines: a head that names the table, then what is wrong with its pages.
            yield from (Finding("file", line.strip()) for line in str(message).splitlines() if line.strip(" *"))


def _references(db: sqlite3.Connection) -> Iterator[Finding]:
    for table, _, parent, _ in db.execute("PRAGMA foreign_key_check"):
        yield Finding("reference", f"a row of '{table}' belongs to a row of '{parent}' that is not there")


def _at(db: sqlite3.Connection, document: int) -> str | None:
    try:
        row = db.execute("SELECT min(path) FROM location WHERE document_id = ?", (document,)).fetchone()
    except DamagedError:
        return None
    return readable(path_from_sql(row[0])) if row and row[0] is not None else None


def _about(db: sqlite3.Connection, kind: str, message: str, select: str) -> Iterator[Finding]:
    for (document,) in db.execute(select).fetchall():
        yield Finding(kind, message, document, _at(db, document))


def _states(db: sqlite3.Connection) -> Iterator[Finding]:
    yield from _about(
        db,
        "state",
        "is done, and has no result",
        f"""SELECT id FROM document WHERE state = 'done' AND {WHOLE}
            AND NOT EXISTS (SELECT 1 FROM dispatch WHERE document_id = document.id)""",
    )
    yield from _about(
        db,
        "state",
        "has a result, and is not in the list of what people look through",
        """SELECT document_id FROM dispatch
           WHERE NOT EXISTS (SELECT 1 FROM review WHERE review.document_id = dispatch.document_id)""",
    )
    yield from _about(
        db,
        "state",
        "has a state that there is not, or one without what belongs to it",
        """SELECT id FROM document WHERE state NOT IN ('queued', 'running', 'done', 'failed')
           OR (state = 'failed') != (category IS NOT NULL) OR attempts < 0 OR revision < 0""",
    )
    yield from _about(
        db,
        "index",
        "has a result that no search finds",
        "SELECT document_id FROM dispatch WHERE id NOT IN (SELECT rowid FROM words)",
    )


def _parts(db: sqlite3.Connection) -> Iterator[Finding]:
    yield from _about(
        db,
        "parts",
        "is a part whose pages are not in its file, or in another part too",
        """SELECT part.id FROM document AS part JOIN document AS whole ON whole.id = part.bundle_id
           WHERE part.first_page < 1 OR part.last_page < part.first_page
           OR part.last_page > coalesce(whole.page_amount, part.last_page)
           OR EXISTS (SELECT 1 FROM document AS other WHERE other.bundle_id = part.bundle_id AND other.id != part.id
                      AND other.first_page BETWEEN part.first_page AND part.last_page)""",
    )


def _audit(db: sqlite3.Connection) -> Iterator[Finding]:
    for row in db.execute('SELECT id, document_id, facts, "values" FROM change').fetchall():
        try:
            with loading():
                _check_list(plain_of(row["facts"]), {"key", "before", "after"})
                _check_list(plain_of(row["values"]), {"pointer", "before", "after"})
        except DamagedError:
            yield Finding(
                "audit", f"change {row['id']} cannot be read", row["document_id"], _at(db, row["document_id"])
            )


def _facts(db: sqlite3.Connection) -> Iterator[Finding]:
    for row in db.execute("SELECT document_id, json FROM fact").fetchall():
        try:
            fact_of(row["json"])
        except DamagedError:
            message = "what a person has said of it cannot be read"
            yield Finding("fact", message, row["document_id"], _at(db, row["document_id"]))


def _check_list(plain: object, keys: set[str]) -> None:
    if not isinstance(plain, list) or any(set(entry) != keys for entry in plain):
        raise ValueError


def _documents(db: sqlite3.Connection, progress: Callable[[int, int], None], sound: bool) -> Iterator[Finding]:
    numbers = [number for (number,) in db.execute("SELECT document_id FROM dispatch ORDER BY document_id")]
    kept = {number for (number,) in db.execute("SELECT document_id FROM reading")}
    every = sorted({*numbers, *kept})
    results = set(numbers)
    for done, number in enumerate(every, 1):
        for kind, message in _document(db, number, number in results, number in kept, sound):
            yield Finding(kind, message, number, _at(db, number))
        progress(done, len(every))


def _document(
    db: sqlite3.Connection, number: int, has_result: bool, has_reading: bool, sound: bool
) -> Iterator[tuple[str, str]]:
    """What is wrong with the result of one document, and with what it was parsed from."""
    if has_result:
        try:
            row = db.execute("SELECT * FROM dispatch WHERE document_id = ?", (number,)).fetchone()
            dispatch = dispatch_of(row["json"])
        except DamagedError:
            yield "dispatch", "has a result that cannot be read"
        else:
            if any(row[name] != value for name, value in _columns(dispatch).items()) or _lists(db, number) != (
                len(dispatch.references),
                len(dispatch.tasks),
            ):
                yield "columns", "has a result whose columns, references or tasks say something else"
            if sound and not _is_found(db, row["id"], row["json"]):
                yield "index", "has words that no search finds"
    if has_reading:
        try:
            row = db.execute("SELECT pages, json FROM reading WHERE document_id = ?", (number,)).fetchone()
            if row["pages"] is not None:
                reading_from(row["pages"])
            else:
                dispatch_of(row["json"])
        except DamagedError:
            yield "reading", "has pages, as they were read, that cannot be loaded"


def _columns(dispatch: Dispatch) -> dict[str, object]:
    day = dispatch.issued_date
    return {
        "code_number": dispatch.code_number,
        "code_notation": dispatch.code_notation,
        "organ_name": dispatch.organ_name,
        "type_name": dispatch.type_name,
        "subject": dispatch.subject,
        "issued_date": day.isoformat() if day else None,
    }


def _lists(db: sqlite3.Connection, number: int) -> tuple[int, int]:
    (citations,) = db.execute("SELECT count(*) FROM citation WHERE document_id = ?", (number,)).fetchone()
    (tasks,) = db.execute("SELECT count(*) FROM task WHERE document_id = ?", (number,)).fetchone()
    return citations, tasks


def _is_found(db: sqlite3.Connection, number: int, text: str) -> bool:
    """Whether the first words of a result lead to it."""
    words = [word for word in words_of(plain_of(text))[-1].split() if word.isalpha() and word.isascii()]
    if not words:
        return True
    wanted = " AND ".join(f'"{word}"' for word in words[:_TRIED_WORDS])
    row = db.execute("SELECT 1 FROM words WHERE words MATCH ? AND rowid = ?", (wanted, number)).fetchone()
    return row is not None
