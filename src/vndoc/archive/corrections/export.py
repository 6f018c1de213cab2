"""From an archive into a folder: the pairs, their crops, and what they were taken from."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from importlib import metadata
from pathlib import Path

from vndoc import sandbox
from vndoc.archive.corrections.document import Confirmed, Files, ids_of, pairs_of
from vndoc.archive.corrections.pairs import ABOUT, PAIRS, Pair, Withdrawn
from vndoc.archive.database import path_from_sql
from vndoc.archive.jobs import Job
from vndoc.archive.locations import digest, local_copy, where_it_may_fail
from vndoc.archive.review.changes import FactChange, changes
from vndoc.archive.review.facts import fact_of, reading_of
from vndoc.errors import FormatError, MachineError, VndocError, unwritable
from vndoc.filenames import readable
from vndoc.settings import DEFAULTS
from vndoc.sources import load_file, open_file

FORMAT = 1
"""Of the folder; goes up where an older training could not read it."""


@dataclass(slots=True)
class Exported:
    """What an export holds."""

    documents: int = 0
    pairs: dict[str, int] = field(default_factory=lambda: {"slot": 0, "text": 0, "line": 0, "withdrawn": 0})
    """By kind."""
    confirmed: int = 0
    """Pairs of which what was read is what is true."""
    last_change: int = 0
    """To go on from with ``since``."""
    without_image: list[str] = field(default_factory=list)
    """Why the blanks and lines of a document are not among them: its file is gone, or another one."""

    def count(self, pair: Pair) -> None:
        """Take a pair into account."""
        self.pairs[pair.kind] += 1
        if not isinstance(pair, Withdrawn):
            self.confirmed += pair.raw is not None and pair.raw in (pair.truth, *getattr(pair, "written", ()))


def export(db: sqlite3.Connection, folder: Path, since: int = 0) -> Exported:
    """Write what was said since a change into a new folder; the same archive gives the same bytes.

    Args:
        db: the archive.
        folder: where to; made, or empty.
        since: number of the last change of an earlier export: what was said later, and which pairs of earlier exports
            hold no more.

    Raises:
        FormatError: something lies in the folder.
        MissingFileError: the folder cannot be written.
        MachineError: its disk is full.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise FormatError(f"{folder}: is not empty; give a new folder, nothing there is overwritten")
        done = Exported(last_change=_last_change(db, since))
        lines = []
        for document, key in _documents(db, since):
            rows = [*_of_document(db, document, key, since, done)]
            done.documents += bool(rows)
            for pair, files in rows:
                _write(folder, files)
                lines.append(pair.model_dump_json())
                done.count(pair)
        about = {"format": FORMAT, "vndoc": metadata.version("vndoc"), "since": since, **asdict(done)}
        del about["without_image"]  # it names files
        (folder / ABOUT).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
        (folder / PAIRS).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as error:
        raise unwritable(error, folder) from None
    return done


def _write(folder: Path, files: Files) -> None:
    for name, data in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)


def _last_change(db: sqlite3.Connection, since: int) -> int:
    (last,) = db.execute("SELECT coalesce(max(id), 0) FROM change").fetchone()
    return max(int(last), since)


def _documents(db: sqlite3.Connection, since: int) -> list[tuple[int, str]]:
    """The documents of which something was said, or taken back, after a change; by their keys."""
    rows = db.execute(
        """SELECT change.document_id, min(key) AS key FROM change JOIN location USING (document_id)
           WHERE change.id > ? GROUP BY change.document_id ORDER BY key""",
        (since,),
    )
    return [(row["document_id"], row["key"]) for row in rows]


def _of_document(
    db: sqlite3.Connection, document: int, key: str, since: int, done: Exported
) -> Iterator[tuple[Pair, Files]]:
    reading = reading_of(db, document)
    if reading is None:  # an older vndoc has read it: there is nothing to take pairs from
        return
    held = [
        (fact_of(row["json"]), int(row["change_id"]))
        for row in db.execute("SELECT json, change_id FROM fact WHERE document_id = ? ORDER BY id", (document,))
    ]
    row = db.execute("SELECT organ_name FROM dispatch WHERE document_id = ?", (document,)).fetchone()
    confirmed = Confirmed(key, row["organ_name"] if row else None, reading, held)
    now: set[str] = set()
    for pair, files in _with_file(db, document, confirmed, done):
        now.add(pair.id)
        if pair.change > since:
            yield pair, files
    gone: dict[str, int] = {}
    for number, step in _steps(db, document, since):
        for fact in (step.before, step.after):
            gone |= dict.fromkeys(ids_of(key, fact, reading) - now if fact and since else (), number)
    for name, number in sorted(gone.items()):
        yield Withdrawn(id=name, change=number), {}


def _steps(db: sqlite3.Connection, document: int, since: int) -> Iterator[tuple[int, FactChange]]:
    for change in reversed(list(changes(db, document, after=since, limit=-1))):
        for step in change.facts:
            yield change.id, step


def _with_file(
    db: sqlite3.Connection, document: int, confirmed: Confirmed, done: Exported
) -> Iterator[tuple[Pair, Files]]:
    """The pairs of a document, with those of its images if its file is there and still the same."""
    if not confirmed.facts:
        return
    seconds = DEFAULTS.limits.page_seconds * (1 + len(confirmed.reading.pages))
    try:
        job = _place(db, document, confirmed.key)
        yield from where_it_may_fail(job.container or job.path, _with_images, job, confirmed, seconds=seconds)
    except MachineError:
        raise
    except VndocError as error:
        done.without_image.append(readable(str(error)))
        yield from pairs_of(confirmed, None)


def _with_images(job: Job, confirmed: Confirmed) -> list[tuple[Pair, Files]]:
    with sandbox.temporary_folder() as folder, open_file(load_file(local_copy(job, Path(folder))[0]))[0] as opened:
        return list(pairs_of(confirmed, opened))


def _place(db: sqlite3.Connection, document: int, key: str) -> Job:
    row = db.execute("SELECT * FROM location WHERE document_id = ? ORDER BY path LIMIT 1", (document,)).fetchone()
    path, sha256 = path_from_sql(row["path"]), key.partition(".")[0]
    container = path_from_sql(row["container"]) if row["container"] is not None else None
    if digest(path, row["kind"], container) != sha256:
        raise FormatError(f"{path}: is no longer the file that was read; run the batch again")
    return Job(document, sha256, path, row["kind"], container)
