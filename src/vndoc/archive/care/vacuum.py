"""Space back: what was deleted goes, the index of words is written anew, the file rebuilt; room is asked for first."""

import shutil
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from vndoc.archive.connection import beside, damaged
from vndoc.archive.database import connect, transaction
from vndoc.archive.results import index_anew
from vndoc.archive.runner import alone
from vndoc.errors import MachineError, MissingFileError
from vndoc.sandbox.scratch import system_folder


@dataclass(slots=True, frozen=True)
class Room:
    """What a rebuilding takes, in bytes."""

    archive: int
    """The file as it is now."""
    needed: int
    """Beside it: the rebuilt pages, and for a while as much in its log."""
    free: int
    """On the disk of the archive."""
    free_temporary: int
    """On the disk of temporary files."""

    @property
    def enough(self) -> bool:
        """Whether both disks have it."""
        return self.free >= self.needed and self.free_temporary >= self.archive


@dataclass(slots=True, frozen=True)
class Vacuumed:
    """Bytes of the archive before and after."""

    before: int
    after: int


def room(archive: Path) -> Room:
    """What :func:`vacuum` would take, and what there is.

    Raises:
        MissingFileError: no such archive.
        MachineError: there is no folder for temporary files.
    """
    if not archive.is_file():
        raise MissingFileError(f"{archive}: no such archive")
    size = sum(part.stat().st_size for end in ("", "-wal") if (part := beside(archive, end)).is_file())
    free = shutil.disk_usage(beside(archive, "").parent).free
    return Room(size, 2 * size, free, shutil.disk_usage(system_folder()).free)


def vacuum(archive: Path) -> Vacuumed:
    """Rebuild an archive. Others may read it meanwhile; a batch or a server must not be at work on it.

    Raises:
        MachineError: there is not enough room; nothing was done.
        BusyError: a batch or a server is at work on it.
        DamagedError: it is damaged: a rebuilt file would hide that.
        MissingFileError: no such archive, or it cannot be written.
    """
    asked = room(archive)
    if not asked.enough:
        raise MachineError(
            f"{archive}: rebuilding takes {_mb(asked.needed)} MB beside it and {_mb(asked.archive)} MB for temporary "
            f"files; {_mb(asked.free)} and {_mb(asked.free_temporary)} MB are free; make room or set TMPDIR"
        )
    with alone(archive), closing(connect(archive, create=False)) as db:
        if db.read_only:
            raise MissingFileError(f"{archive}: cannot be written; check the rights of the file and of its folder")
        if db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise damaged(archive)
        with transaction(db):
            index_anew(db)
        db.execute("VACUUM")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return Vacuumed(asked.archive, archive.stat().st_size)


def _mb(size: int) -> str:
    return f"{size / 1e6:.1f}"
