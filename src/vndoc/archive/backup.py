"""A copy of an archive that is in use: SQLite's own backup, checked, and the originals that were handed in.

A copied file of a database at work may hold halves of a change; SQLite's backup holds one moment. The originals that
came over the web lie beside the archive in ``NAME.files/``, in folders named after their content, and never change, so
each is copied once. An upload lays its original down before the archive has its row: the database is copied first, and
all that it names is there.
"""

import glob
import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from vndoc.archive.connection import Connection, DamagedError, beside
from vndoc.archive.database import check_application, open_untouched
from vndoc.errors import MissingFileError, unwritable

_SHA256 = "[0-9a-f]" * 64
"""A pattern for the folders of originals; what else is there is unfinished, or can be drawn again."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What one backup wrote."""

    path: Path
    """The copy of the archive."""
    bytes: int
    originals: int
    """Files copied by this backup; those of earlier ones are there already."""
    removed: int
    """Older copies of the archive that were removed."""


def back_up(archive: Path, folder: Path, *, now: datetime, keep: int = 14) -> Backup:
    """Write ``NAME-20240321T020000.sqlite`` into ``folder`` and the originals into ``NAME.files/`` there.

    The archive may be read and written meanwhile. A copy gets its name when it is whole and has been checked; only
    then are older ones removed.

    Args:
        archive: the archive.
        folder: where copies go; made where it is not there.
        now: the moment that the name tells.
        keep: how many copies stay, this one among them.

    Raises:
        MissingFileError: no such archive, or the folder cannot be written.
        FormatError: it is no archive of vndoc, or it is damaged.
        MachineError: no room is left for the copy.
    """
    if not archive.is_file():
        raise MissingFileError(f"{archive}: no such archive")
    target = folder / f"{archive.stem}-{now:%Y%m%dT%H%M%S}.sqlite"
    while target.exists():  # the clock was set back: no copy is written over another
        now += timedelta(seconds=1)
        target = folder / f"{archive.stem}-{now:%Y%m%dT%H%M%S}.sqlite"
    part = target.with_suffix(".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _clear_abandoned(archive.stem, folder)
        try:
            _copy_database(archive, part)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        sources = {beside(archive, ".files"), archive.with_name(f"{archive.name}.files").resolve()}
        originals = sum(_copy_originals(source, folder / f"{archive.stem}.files") for source in sources)
        removed = _remove_older(archive.stem, folder, keep, target)
    except OSError as error:
        raise unwritable(error, error.filename or folder) from None
    return Backup(target, target.stat().st_size, originals, removed)


def _copy_database(archive: Path, part: Path) -> None:
    part.unlink(missing_ok=True)
    with (
        closing(open_untouched(archive)) as source,
        closing(sqlite3.connect(part, factory=Connection)) as copy,
    ):
        copy.name(part)
        check_application(source, archive)
        # In one step: others write on meanwhile (WAL), while a copy in steps begins anew with each of their changes.
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, that can be moved anywhere
        if copy.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise DamagedError(
                f"{archive}: is damaged; no older copy was removed, and one may be whole: 'vndoc archive check' tells"
            )


def _copy_originals(source: Path, target: Path) -> int:
    copied = 0
    for path in sorted(source.glob(f"{_SHA256}/*")):
        copy = target / path.relative_to(source)
        if path.is_file() and not (copy.exists() and copy.stat().st_size == path.stat().st_size):
            copy.parent.mkdir(parents=True, exist_ok=True)
            part = copy.with_name(f"{copy.name}.part")
            shutil.copy2(path, part)
            part.replace(copy)
            copied += 1
    return copied


_MOMENT = f"{'[0-9]' * 8}T{'[0-9]' * 6}"


def _clear_abandoned(stem: str, folder: Path) -> None:
    """Remove unfinished copies of backups that were killed: nobody holds them any more."""
    for part in folder.glob(f"{glob.escape(stem)}-{_MOMENT}.part"):
        with suppress(sqlite3.Error, OSError), closing(sqlite3.connect(part.absolute(), timeout=0)) as db:
            if part.stat().st_size:  # else another backup may just have begun
                try:
                    db.execute("BEGIN EXCLUSIVE")
                except sqlite3.OperationalError:
                    continue
                except sqlite3.DatabaseError:  # cut off: SQLite holds no lock on what it does not know
                    pass
                part.unlink()


def _remove_older(stem: str, folder: Path, keep: int, made: Path) -> int:
    """Remove all but the last; the one just made stays, though a clock that was set back gave it an earlier name."""
    copies = sorted(folder.glob(f"{glob.escape(stem)}-{_MOMENT}.sqlite"), reverse=True)
    older = [path for path in copies if path != made][keep - 1 :]
    for path in older:
        path.unlink()
    return len(older)
