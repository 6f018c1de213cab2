"""The one place where what SQLite raises becomes an error of vndoc: one line, and never a word of what is stored.

SQLite's own messages may quote a value ("Could not decode to UTF-8 column 'json' with text …"), so none is passed on.
Every statement, every row fetched and every commit goes through the two classes here.

It is also known here which files this process has open as archives, with the log of each and its index. Nothing else
may open these: as a file is closed, POSIX takes back all locks that the process has on it, those of SQLite too
(https://www.sqlite.org/howtocorrupt.html, 2.2). Another process that then ends removes the log from under those who
still write to it, or takes an index for abandoned that is in use.
"""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self
from weakref import WeakSet

from vndoc.errors import FormatError, MachineError, MissingFileError, TooLargeError, VndocError, machine_fault

PATIENCE = 60.0
"""Seconds to wait for another program's transaction."""


class LockedError(MachineError):
    """Another program holds the archive in a transaction that does not end."""


class DamagedError(FormatError):
    """The archive is damaged: its pages, its tables, or what stands in a row."""


class NoDatabaseError(DamagedError):
    """SQLite does not know the head of the file: it is damaged there, or the file never was an archive."""


def damaged(path: object = "the archive") -> DamagedError:
    """What is said of a damaged archive, wherever that is found."""
    name = "ARCHIVE" if path == "the archive" else path
    return DamagedError(
        f"{path}: is damaged; 'vndoc archive check {name}' tells where, 'vndoc archive salvage {name} NEW' saves the "
        "rest into a new one"
    )


def _locked(path: str) -> VndocError:
    return LockedError(f"{path}: another program writes to it and does not end; wait for its end, then start again")


def _full(path: str) -> VndocError:
    return MachineError(f"{path}: no room is left on the disk of the archive; make room, then start again")


def _failing(path: str) -> VndocError:
    return MachineError(f"{path}: the disk of the archive fails or is full; look after it, then start again")


def _no_memory(path: str) -> VndocError:
    return MachineError(f"{path}: no memory is left to work with it; end other programs, then start again")


def _read_only(path: str) -> VndocError:
    return MissingFileError(f"{path}: cannot be written; check the rights of the file and of its folder")


def _cannot_open(path: str) -> VndocError:
    try:  # SQLite does not tell a lack of file handles from one of rights
        os.close(os.open(os.devnull, os.O_RDONLY))
    except OSError as error:
        if fault := machine_fault(error, path):
            return fault
    return MissingFileError(f"{path}: cannot be opened as an archive; check the rights of the file and of its folder")


def _no_database(path: str) -> VndocError:
    return NoDatabaseError(str(damaged(path)))


def _too_big(path: str) -> VndocError:
    return TooLargeError(f"{path}: a value is larger than the archive can hold; cut the document into smaller ones")


_BY_CODE: dict[int, Callable[[str], VndocError]] = {
    sqlite3.SQLITE_BUSY: _locked,
    sqlite3.SQLITE_LOCKED: _locked,
    sqlite3.SQLITE_PROTOCOL: _locked,
    sqlite3.SQLITE_FULL: _full,
    sqlite3.SQLITE_IOERR: _failing,
    sqlite3.SQLITE_NOLFS: _failing,
    sqlite3.SQLITE_NOMEM: _no_memory,
    sqlite3.SQLITE_READONLY: _read_only,
    sqlite3.SQLITE_PERM: _read_only,
    sqlite3.SQLITE_AUTH: _read_only,
    sqlite3.SQLITE_CANTOPEN: _cannot_open,
    sqlite3.SQLITE_TOOBIG: _too_big,
    sqlite3.SQLITE_CORRUPT: damaged,
    sqlite3.SQLITE_NOTADB: _no_database,
    sqlite3.SQLITE_FORMAT: damaged,
    sqlite3.SQLITE_CONSTRAINT: damaged,
    sqlite3.SQLITE_MISMATCH: damaged,
    sqlite3.SQLITE_EMPTY: damaged,
    sqlite3.SQLITE_NOTFOUND: damaged,
}
"""By SQLite's primary result code (https://www.sqlite.org/rescode.html)."""

_BY_MESSAGE: dict[str, Callable[[str], VndocError]] = {
    "database is locked": _locked,
    "database table is locked": _locked,
    "database schema is locked": _locked,
    "database or disk is full": _full,
    "disk I/O error": _failing,
    "attempt to write a readonly database": _read_only,
    "unable to open database file": _cannot_open,
    "Could not decode to UTF-8": damaged,
    "no such table": damaged,
    "no such column": damaged,
    "malformed": damaged,
    "file is not a database": _no_database,
    "vtable constructor failed": damaged,
    "fts5": damaged,
}
"""By its words, where an exception has no code, or one that says nothing (SQLITE_ERROR)."""

FOREIGN = (sqlite3.Error, sqlite3.Warning, MemoryError, OverflowError, UnicodeError)
"""What Python's sqlite3 raises: beside its own errors, those for values that cannot be stored or loaded."""


def archive_error(error: BaseException, path: str) -> VndocError:
    """The error of vndoc that an exception of Python's sqlite3 stands for."""
    if isinstance(error, MemoryError):
        return _no_memory(path)
    if isinstance(error, UnicodeDecodeError):
        return damaged(path)
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None and (of := _BY_CODE.get(code & 0xFF)):
        return of(path)
    text = str(error)
    for words, of in _BY_MESSAGE.items():
        if words in text:
            return of(path)
    if isinstance(error, sqlite3.IntegrityError) or type(error) is sqlite3.DatabaseError:
        return damaged(path)
    return VndocError(f"{path}: internal error at the archive ({type(error).__name__}); please report it")


@contextmanager
def mapping(path: object) -> Iterator[None]:
    """What SQLite raises inside becomes an error of vndoc."""
    try:
        yield
    except FOREIGN as error:
        raise archive_error(error, str(path)) from None


class Cursor(sqlite3.Cursor):
    """A cursor that raises errors of vndoc."""

    @property
    def _path(self) -> str:
        return str(getattr(self.connection, "path", "the archive"))

    def execute(self, sql: str, parameters: Any = (), /) -> Self:
        """See :meth:`sqlite3.Cursor.execute`."""
        try:
            return super().execute(sql, parameters)
        except FOREIGN as error:
            raise archive_error(error, self._path) from None

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> Self:
        """See :meth:`sqlite3.Cursor.executemany`."""
        try:
            return super().executemany(sql, parameters)
        except FOREIGN as error:
            raise archive_error(error, self._path) from None

    def executescript(self, script: str, /) -> sqlite3.Cursor:
        """See :meth:`sqlite3.Cursor.executescript`."""
        with mapping(self._path):
            return super().executescript(script)

    def __next__(self) -> Any:
        """See :class:`sqlite3.Cursor`."""
        try:
            return super().__next__()
        except FOREIGN as error:
            raise archive_error(error, self._path) from None

    def fetchone(self) -> Any:
        """See :meth:`sqlite3.Cursor.fetchone`."""
        try:
            return super().fetchone()
        except FOREIGN as error:
            raise archive_error(error, self._path) from None

    def fetchmany(self, size: int | None = 1) -> list[Any]:
        """See :meth:`sqlite3.Cursor.fetchmany`."""
        with mapping(self._path):
            return super().fetchmany(size)

    def fetchall(self) -> list[Any]:
        """See :meth:`sqlite3.Cursor.fetchall`."""
        with mapping(self._path):
            return super().fetchall()


class Connection(sqlite3.Connection):
    """A connection that raises errors of vndoc; ``path`` is named in them."""

    path: str = "the archive"
    file: str = ""
    """The file itself, behind all links; known until it is closed, though the current folder may change."""
    _opened: tuple[int, int] | None = None
    read_only: bool = False
    """Whether it was opened where nothing can be written."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        with _lock:
            _open.add(self)

    def name(self, path: Path) -> None:
        """Say which file it is."""
        self.path, self.file = str(path), os.path.realpath(path)
        self._opened = _identity(self.file)

    def check_place(self) -> None:
        """MissingFileError where the file does not lie any more where it was opened: what is written would be lost.

        SQLite goes on writing to a file that was removed, or that another one has taken the place of.
        """
        if self._opened and _identity(self.file) != self._opened:
            raise MissingFileError(
                f"{self.path}: was moved, removed or replaced while it was in use; put it back, then start again"
            )

    def cursor(self, factory: Any = Cursor) -> Any:
        """See :meth:`sqlite3.Connection.cursor`."""
        with mapping(self.path):
            return super().cursor(factory)

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        """See :meth:`sqlite3.Connection.execute`."""
        found: sqlite3.Cursor = self.cursor().execute(sql, parameters)
        return found

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> sqlite3.Cursor:
        """See :meth:`sqlite3.Connection.executemany`."""
        found: sqlite3.Cursor = self.cursor().executemany(sql, parameters)
        return found

    def executescript(self, script: str, /) -> sqlite3.Cursor:
        """See :meth:`sqlite3.Connection.executescript`."""
        found: sqlite3.Cursor = self.cursor().executescript(script)
        return found

    def backup(self, target: sqlite3.Connection, **options: Any) -> None:
        """See :meth:`sqlite3.Connection.backup`; a full disk is that of the copy."""
        try:
            super().backup(target, **options)
        except FOREIGN as error:
            full = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF == sqlite3.SQLITE_FULL
            of = target if full and isinstance(target, Connection) else self
            raise archive_error(error, of.path) from None

    def close(self) -> None:
        """See :meth:`sqlite3.Connection.close`."""
        with mapping(self.path):
            super().close()
        with _lock:
            _open.discard(self)


def _identity(file: str | os.PathLike[str]) -> tuple[int, int] | None:
    """What tells a file from all others; None where there is none."""
    with suppress(OSError):
        about = os.stat(file)  # noqa: PTH116 - a name may be no UTF-8
        return about.st_dev, about.st_ino
    return None


_lock = threading.Lock()
_open: "WeakSet[Connection]" = WeakSet()


_PARTS = ("", "-wal", "-shm", "-journal")
"""Ends of the names of the files that are one archive while it is in use."""


def is_open_here(path: str | os.PathLike[str]) -> bool:
    """Whether this process has the file open as an archive, under whatever name, or as the log of one or its index.

    It must not be opened otherwise.
    """
    with _lock:
        files = {connection.file for connection in _open if connection.file}
    if not files:
        return False
    about = _identity(path)
    return about is not None and any(_identity(f"{file}{part}") == about for file in files for part in _PARTS)


def beside(archive: Path, end: str) -> Path:
    """A file that belongs to an archive: it lies beside the file itself, whatever link has led there.

    So there is one lock, one log and one folder of originals to an archive, under whatever name it was given.

    >>> beside(Path("/srv/archive.sqlite"), ".lock").as_posix()
    '/srv/archive.sqlite.lock'
    """
    return Path(f"{os.path.realpath(archive)}{end}")
