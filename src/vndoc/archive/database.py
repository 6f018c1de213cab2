"""The SQLite file: opened, checked, its transactions. One process writes; any number may read meanwhile (WAL)."""

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, time
from functools import lru_cache
from importlib import resources
from pathlib import Path

from vndoc.archive.connection import (
    PATIENCE,
    Connection,
    DamagedError,
    NoDatabaseError,
    beside,
    damaged,
    is_open_here,
    mapping,
)
from vndoc.errors import FormatError, MissingFileError, SetupError
from vndoc.parse.fold import fold

APPLICATION_ID = 0x766E6461  # "vnda" in the file's head tells what it is
SCHEMA_VERSION = 4
"""``data/schema.sql`` makes version 1, each ``data/upgrade-N.sql`` version N of the one before."""

WHOLE = "NOT EXISTS (SELECT 1 FROM document AS part WHERE part.bundle_id = document.id)"
"""Condition on ``document``: it stands for itself and not for the parts that it was cut into."""

MAGIC = b"SQLite format 3\0"
_ID = APPLICATION_ID.to_bytes(4)
_MARKS = (b"CREATE TABLE dispatch", b"CREATE TABLE pipeline")
"""What stands among the first pages of an archive, and in no other file by chance."""

OLDEST_SQLITE = (3, 37, 0)  # the first with STRICT tables


def connect(path: Path, *, create: bool, any_thread: bool = False) -> Connection:
    """Open an archive; ``create`` makes a new one where there is none, ``any_thread`` lets threads use it in turn.

    One that lies where nothing can be written (a DVD, a snapshot, a share for reading) is opened for reading alone.

    Raises:
        MissingFileError: no such file, or it cannot be opened or made.
        FormatError: a file that is no archive, or one of a newer vndoc; :class:`DamagedError` where it is damaged.
        MachineError: the disk is full, or another program does not let go of it.
        SetupError: this Python's SQLite is too old.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        needed = ".".join(map(str, OLDEST_SQLITE))
        raise SetupError(f"SQLite {needed} or newer is needed, this Python has {sqlite3.sqlite_version}")
    there = path.is_file()
    if not create and not there:
        raise MissingFileError(f"{path}: no such archive; 'vndoc batch FOLDER --archive {path}' makes one")
    if there and not create:
        _check_size(path)
    try:
        return _opened(path, _whole(path), any_thread)
    except NoDatabaseError:
        raise _headless(path) from None
    except MissingFileError:
        if not there or path.stat().st_size == 0:
            raise
        return _opened_for_reading(path, any_thread)


def _whole(path: Path) -> str:
    """The path as SQLite takes it for nothing else: ':memory:', '' and 'file:…' have a meaning of their own there."""
    return os.fspath(path.absolute())


def _opened_for_reading(path: Path, any_thread: bool, *, prepared: bool = True) -> Connection:
    """Open a file beside which nothing can be written; MissingFileError where a part of it is missing."""
    address, log = path.absolute().as_uri(), beside(path, "-wal")
    if not prepared or beside(path, "-shm").is_file():  # SQLite can read the log, which others may write
        with suppress(MissingFileError):
            return _opened(path, f"{address}?mode=ro", any_thread, read_only=True, prepared=prepared)
    if not log.is_file() or log.stat().st_size == 0:
        return _opened(path, f"{address}?immutable=1", any_thread, read_only=True, prepared=prepared)
    raise MissingFileError(
        f"{path}: the changes in {log.name} are not yet in it, and here nothing can be written; copy both files to one "
        "folder on another disk and open the copy"
    )


def _check_size(path: Path) -> None:
    """DamagedError for a file of no bytes, which SQLite takes for a new database; the log beside it may hold all."""
    log = beside(path, "-wal")
    if path.stat().st_size == 0 and not (log.is_file() and log.stat().st_size > 0):
        raise DamagedError(f"{path}: is damaged: empty (0 bytes); take the last copy that 'vndoc backup' made")


def _headless(path: Path) -> FormatError:
    """What to say of a file that SQLite does not take for a database: no archive, or one whose head is damaged.

    It is looked into only where SQLite could not: reading it would take back the locks of this process.
    """
    if is_open_here(path):
        return damaged(path)
    try:
        with path.open("rb") as file:
            data = file.read(1024**2)
    except OSError:
        return damaged(path)
    is_ours = data.startswith(MAGIC) or data[68:72] == _ID or all(mark in data for mark in _MARKS)
    return damaged(path) if is_ours else _no_archive(path)


def _no_archive(path: Path) -> FormatError:
    return FormatError(f"{path}: is no archive of vndoc; give another name")


def check_application(db: Connection, path: Path) -> None:
    """FormatError for a database of another program; :class:`DamagedError` where only its mark is damaged."""
    (application,) = db.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION_ID:
        names = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
        raise damaged(path) if {"dispatch", "pipeline"} <= names else _no_archive(path)


def open_untouched(path: Path) -> Connection:
    """Open an archive for reading alone, as it is: of an older version, damaged, where nothing can be written.

    Raises:
        MissingFileError: no such file, or it cannot be read.
        FormatError: it is no archive; :class:`DamagedError` where so much is damaged that it cannot be opened.
    """
    if not path.is_file():
        raise MissingFileError(f"{path}: no such archive")
    _check_size(path)
    try:
        return _opened_for_reading(path, any_thread=False, prepared=False)
    except NoDatabaseError:
        raise _headless(path) from None


def _opened(
    path: Path, address: str, any_thread: bool, *, read_only: bool = False, prepared: bool = True
) -> Connection:
    with mapping(path):
        db = sqlite3.connect(
            address,
            uri=read_only,
            isolation_level=None,
            timeout=PATIENCE,
            check_same_thread=not any_thread,
            factory=Connection,
        )
    try:
        db.name(path)
        db.read_only, db.row_factory = read_only, sqlite3.Row
        db.create_function("fold", 1, _folded, deterministic=True)
        if prepared:
            _prepare(db, path)
        else:
            db.execute("SELECT 1 FROM sqlite_master").fetchone()
    except BaseException:
        db.close()
        raise
    return db


@lru_cache(4096)
def _folded(text: str | None) -> str | None:
    """Filters ask for the same few types again in each of many thousand rows."""
    return None if text is None else fold(text)


def _prepare(db: Connection, path: Path) -> None:
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if db.execute("SELECT 1 FROM sqlite_master").fetchone():
        check_application(db, path)
    if version > SCHEMA_VERSION:
        raise FormatError(f"{path}: was made by a newer vndoc; install that one")
    if db.read_only:
        if version < SCHEMA_VERSION:
            raise MissingFileError(f"{path}: was made by an older vndoc, and here nothing can be written; copy it")
        return
    # NORMAL: a power cut may take the last commits back but never damages the file; what is taken back is done again.
    db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;")
    if version < SCHEMA_VERSION:
        with transaction(db):
            _upgrade(db)
    db.execute("PRAGMA foreign_keys = ON")  # only now: an upgrade may put a table in another's place


def blank(path: Path, version: int) -> Connection:
    """A new archive of no documents with the tables of a version; foreign keys are not looked after yet.

    Raises:
        MissingFileError: it cannot be made.
    """
    db = _opened(path, _whole(path), any_thread=False, prepared=False)
    with transaction(db):
        _upgrade(db, version)
    return db


def _upgrade(db: sqlite3.Connection, until: int = SCHEMA_VERSION) -> None:
    """Bring the tables up to this version; another process may have done it since we looked."""
    (version,) = db.execute("PRAGMA user_version").fetchone()
    for step in range(version + 1, until + 1):
        for statement in _statements("schema" if step == 1 else f"upgrade-{step}"):
            db.execute(statement)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {max(version, until)}")


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
    """All that is written inside, or nothing of it.

    Raises:
        MissingFileError: the archive is no longer where it was opened.
    """
    if isinstance(db, Connection):
        db.check_place()
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        # SQLite may have rolled back itself (a full disk); what went wrong first is what is told.
        if db.in_transaction:
            with suppress(sqlite3.Error):
                db.rollback()
        raise


def path_to_sql(path: str) -> str | bytes:
    """A path as it is stored: text, or the bytes of a name that is no UTF-8."""
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return os.fsencode(path)
    return path


def day_from_sql(stored: str | None) -> date | None:
    """A day as the tables have it: ISO 8601, or nothing; :class:`DamagedError` for what is none."""
    try:
        return date.fromisoformat(stored) if stored else None
    except (TypeError, ValueError):
        raise damaged() from None


def time_from_sql(stored: str | None) -> time | None:
    """A time of the day as the tables have it, or nothing; :class:`DamagedError` for what is none."""
    try:
        return time.fromisoformat(stored) if stored else None
    except (TypeError, ValueError):
        raise damaged() from None


def path_from_sql(stored: str | bytes) -> str:
    """The path as the operating system takes it."""
    return os.fsdecode(stored)
