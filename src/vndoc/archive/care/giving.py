"""An archive given out as lines that any program can read, and another archive can take in: :mod:`portable`."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vndoc.archive.care import portable
from vndoc.archive.care.portable import COLUMNS, Sink, dumped, pages_of, writing
from vndoc.archive.connection import Connection
from vndoc.archive.database import connect, path_from_sql
from vndoc.archive.stored import loading, plain_of

_LEDGER = "sha256", *COLUMNS, "fingerprint", "revision"


@dataclass(slots=True, frozen=True)
class Given:
    """What an export holds."""

    path: Path
    documents: int
    results: int
    changes: int
    facts: int


def export_archive(archive: Path, target: Path) -> Given:
    """Write all of an archive into a new folder, or a ZIP file where the name ends in ``.zip``.

    It is one moment of the archive: others may go on writing. A document that is being read counts as queued.

    Raises:
        MissingFileError: no such archive; the target is there already, or cannot be written.
        DamagedError: the archive is damaged: ``vndoc archive salvage`` first.
        MachineError: no room is left.
    """
    with closing(connect(archive, create=False)) as db, writing(target) as sink:
        db.execute("BEGIN")  # one moment, until the connection is closed
        numbers = {number: at for at, (number,) in enumerate(db.execute("SELECT id FROM document ORDER BY id"), 1)}
        changes = {number: at for at, (number,) in enumerate(db.execute("SELECT id FROM change ORDER BY id"), 1)}
        _write(sink, portable.HEAD, [portable.Head().model_dump()])
        _write(sink, portable.PIPELINES, map(dict, db.execute("SELECT * FROM pipeline ORDER BY first_used, 1")))
        _write(sink, portable.DOCUMENTS, (_document(db, number, numbers) for number in numbers))
        _write(sink, portable.CHANGES, _changes(db, numbers, changes))
        facts = _write(sink, portable.FACTS, _facts(db, numbers, changes))
        _write(sink, portable.CONTAINERS, _containers(db))
        _write(sink, portable.LEFT_OUT, _left_out(db))
        (results,) = db.execute("SELECT count(*) FROM dispatch").fetchone()
    return Given(target, len(numbers), results, len(changes), facts)


def _write(sink: Sink, name: str, lines: Iterable[dict[str, Any]]) -> int:
    amount = 0
    with sink.file(name) as out:
        for line in lines:
            out.write(dumped({key: value for key, value in line.items() if value is not None}).encode() + b"\n")
            amount += 1
    return amount


def _document(db: Connection, number: int, numbers: dict[int, int]) -> dict[str, Any]:
    row = db.execute("SELECT * FROM document WHERE id = ?", (number,)).fetchone()
    result = db.execute("SELECT json, fingerprint FROM dispatch WHERE document_id = ?", (number,)).fetchone()
    read = db.execute("SELECT pages, json FROM reading WHERE document_id = ?", (number,)).fetchone()
    review = db.execute("SELECT closed_at, closed_by FROM review WHERE document_id = ?", (number,)).fetchone()
    line: dict[str, Any] = {name: row[name] for name in _LEDGER}
    line["state"] = "queued" if row["state"] == "running" else row["state"]
    line["bundle"] = numbers[row["bundle_id"]] if row["bundle_id"] else None
    line |= dict(review) if review else {}
    line["places"] = list(_places(db, number))
    with loading():
        line["result_fingerprint"] = result["fingerprint"] if result else None
        line["dispatch"] = plain_of(result["json"]) if result else None
        line["reading"] = pages_of(read["pages"]) if read and read["pages"] is not None else None
        line["as_read"] = plain_of(read["json"]) if read and read["json"] is not None else None
    return line


def _places(db: Connection, number: int) -> Iterator[dict[str, Any]]:
    for row in db.execute("SELECT * FROM file WHERE document_id = ? ORDER BY path", (number,)):
        place = {"path": path_from_sql(row["path"]), "kind": row["kind"], "size": row["size"], "stamp": row["stamp"]}
        yield place | ({"container": path_from_sql(row["container"])} if row["container"] is not None else {})


def _changes(db: Connection, numbers: dict[int, int], changes: dict[int, int]) -> Iterator[dict[str, Any]]:
    for row in db.execute("SELECT * FROM change ORDER BY id"):
        yield {
            "document": numbers[row["document_id"]],
            "at": row["at"],
            "who": row["who"],
            "kind": row["kind"],
            "revision": row["revision"],
            "facts": plain_of(row["facts"]),
            "values": plain_of(row["values"]),
            "undoes": changes[row["undoes"]] if row["undoes"] else None,
        }


def _facts(db: Connection, numbers: dict[int, int], changes: dict[int, int]) -> Iterator[dict[str, Any]]:
    for row in db.execute("SELECT * FROM fact ORDER BY id"):
        yield {
            "document": numbers[row["document_id"]],
            "change": changes[row["change_id"]],
            "fact": plain_of(row["json"]),
        }


def _containers(db: Connection) -> Iterator[dict[str, Any]]:
    for row in db.execute("SELECT path, size, stamp FROM file WHERE document_id IS NULL ORDER BY path"):
        yield {"path": path_from_sql(row["path"]), "size": row["size"], "stamp": row["stamp"]}


def _left_out(db: Connection) -> Iterator[dict[str, Any]]:
    for row in db.execute("SELECT path, kind, container FROM left_out ORDER BY path"):
        container = path_from_sql(row["container"]) if row["container"] is not None else None
        yield {"path": path_from_sql(row["path"]), "kind": row["kind"], "container": container}
