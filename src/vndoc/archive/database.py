"""The SQLite file: opened, checked, its transactions. One process writes; any number may read meanwhile (WAL)."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

from vndoc.errors import FormatError, MissingFileError, SetupError

APPLICATION_ID = 0x766E6461  # "vnda" in the file's head tells what it is
SCHEMA_VERSION = 2
"""``data/schema.sql`` makes version 1, each ``data/upgrade-N.sql`` version N of the one before; all may run twice."""

OLDEST_SQLITE = (3, 37, 0)  # the first with STRICT tables


def connect(path: Path, *, create: bool, any_thread: bool = False) -> sqlite3.Connection:
    """Open an archive; ``create`` makes a new one where there is none, ``any_thread`` lets threads use it in turn.

    Raises:
        MissingFileError: no such file, or it cannot be opened or made.
        FormatError: a file that is no archive, or one of a newer vndoc.
        SetupError: this Python's SQLite is too old.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        needed = ".".join(map(str, OLDEST_SQLITE))
        raise SetupError(f"SQLite {needed} or newer is needed, this Python has {sqlite3.sqlite_version}")
    if not create and not path.is_file():
        raise MissingFileError(f"{path}: no such archive; 'vndoc batch FOLDER --archive {path}' makes one")
    try:
        db = sqlite3.connect(path, isolation_level=None, timeout=60, check_same_thread=not any_thread)
        db.row_factory = sqlite3.Row
        _prepare(db, path)
    except sqlite3.OperationalError as error:
        raise MissingFileError(f"{path}: cannot be opened as an archive ({error}); check the folder's rights") from None
    except sqlite3.DatabaseError:
        raise FormatError(f"{path}: is no archive of vndoc; give another name") from None
    return db


def _prepare(db: sqlite3.Connection, path: Path) -> None:
    (application,) = db.execute("PRAGMA application_id").fetchone()
    (version,) = db.execute("PRAGMA user_version").fetchone()
    empty = not db.execute("SELECT 1 FROM sqlite_master").fetchone()
    if not empty and application != APPLICATION_ID:
        raise FormatError(f"{path}: is no archive of vndoc; give another name")
    if version > SCHEMA_VERSION:
        raise FormatError(f"{path}: was made by a newer vndoc; install that one")
    # NORMAL: a power cut may take the last commits back but never damages the file; what is taken back is done again.
    db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;")
    if empty:
        _build(db, "schema", f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 1;")
    for step in range(max(version, 1) + 1, SCHEMA_VERSION + 1):
        _build(db, f"upgrade-{step}", f"PRAGMA user_version = {step};")


def _build(db: sqlite3.Connection, script: str, head: str) -> None:
    """Run one of the scripts in ``data`` and mark the file's head, both or neither."""
    text = resources.files("vndoc.archive").joinpath("data", f"{script}.sql").read_text(encoding="utf-8")
    db.executescript(f"BEGIN IMMEDIATE; {text} {head} COMMIT;")


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All that is written inside, or nothing of it."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def path_to_sql(path: str) -> str | bytes:
    """A path as it is stored: text, or the bytes of a name that is no UTF-8."""
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return os.fsencode(path)
    return path


def path_from_sql(stored: str | bytes) -> str:
    """The path as the operating system takes it."""
    return os.fsdecode(stored)
