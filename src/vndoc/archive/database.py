"""The SQLite file: opened, checked, its transactions. One process writes; any number may read meanwhile (WAL)."""

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from importlib import resources
from pathlib import Path

from vndoc.errors import FormatError, MissingFileError, SetupError
from vndoc.parse.fold import fold

APPLICATION_ID = 0x766E6461  # "vnda" in the file's head tells what it is
SCHEMA_VERSION = 4
"""``data/schema.sql`` makes version 1, each ``data/upgrade-N.sql`` version N of the one before."""

WHOLE = "NOT EXISTS (SELECT 1 FROM document AS part WHERE part.bundle_id = document.id)"
"""Condition on ``document``: it stands for itself and not for the parts that it was cut into."""

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
        db.create_function("fold", 1, _folded, deterministic=True)
        _prepare(db, path)
    except sqlite3.OperationalError as error:
        raise MissingFileError(f"{path}: cannot be opened as an archive ({error}); check the folder's rights") from None
    except sqlite3.DatabaseError:
        raise FormatError(f"{path}: is no archive of vndoc; give another name") from None
    return db


@lru_cache(4096)
def _folded(text: str | None) -> str | None:
    """Filters ask for the same few types again in each of many thousand rows."""
    return None if text is None else fold(text)


def _prepare(db: sqlite3.Connection, path: Path) -> None:
    (application,) = db.execute("PRAGMA application_id").fetchone()
    (version,) = db.execute("PRAGMA user_version").fetchone()
    empty = not db.execute("SELECT 1 FROM sqlite_master").fetchone()
    if not empty and application != APPLICATION_ID:
        raise FormatError(f"{path}: is no archive of vndoc; give another name")
    if version > SCHEMA_VERSION:
        raise FormatError(f"{path}: was made by a newer vndoc; install that one")
    # NORMAL: a power cut may take the last commits back but never damages the file; what is taken back is done again.
    db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;")
    if version < SCHEMA_VERSION:
        with transaction(db):
            _upgrade(db)
    db.execute("PRAGMA foreign_keys = ON")  # only now: an upgrade may put a table in another's place


def _upgrade(db: sqlite3.Connection) -> None:
    """Bring the tables up to this version; another process may have done it since we looked."""
    (version,) = db.execute("PRAGMA user_version").fetchone()
    for step in range(version + 1, SCHEMA_VERSION + 1):
        for statement in _statements("schema" if step == 1 else f"upgrade-{step}"):
            db.execute(statement)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {max(version, SCHEMA_VERSION)}")


def _statements(script: str) -> Iterator[str]:
    """The statements of one of the scripts in ``data``."""
    text = resources.files("vndoc.archive").joinpath("data", f"{script}.sql").read_text(encoding="utf-8")
    statement = ""
    for piece in re.split(r"(?<=;)", text):
        statement += piece
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


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


def day_from_sql(stored: str | None) -> date | None:
    """A day as the tables have it: ISO 8601, or nothing."""
    return date.fromisoformat(stored) if stored else None


def path_from_sql(stored: str | bytes) -> str:
    """The path as the operating system takes it."""
    return os.fsdecode(stored)
