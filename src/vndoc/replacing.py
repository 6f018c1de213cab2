"""Outputs that get their place when they are whole: no full disk and no kill leaves half of one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from vndoc.errors import MissingFileError

_LONGEST = 255  # bytes of a name, which file systems take
_DATABASE = b"SQLite format 3\0"


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Where to write what is to stand at ``path``: a file beside it, which gets its name when all has been written.

    Where that cannot be, the path itself: of devices and pipes, and where nothing new can be made in the folder.

    Raises:
        MissingFileError: a database is there, such as an archive: it is never written over.
        OSError: it cannot be written; what was there is as it was.
    """
    real = Path(os.path.realpath(path))
    if _is_database(real):
        raise MissingFileError(f"{path}: is a database, and stays as it is; give another name")
    if not _can_be_replaced(path, real):
        yield path
        return
    fresh = real.with_name(f".{real.name}.part")
    if len(os.fsencode(fresh.name)) > _LONGEST:
        fresh = real.with_name(".vndoc.part")
    try:
        yield fresh
        _as_it_was(real, fresh)
        fresh.replace(real)
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)


def _is_database(path: Path) -> bool:
    with suppress(OSError):
        if path.is_file():
            with path.open("rb") as file:
                return file.read(len(_DATABASE)) == _DATABASE
    return False


def _can_be_replaced(path: Path, real: Path) -> bool:
    if path.absolute().parts[1:2] == ("dev",) or (path.exists() and not path.is_file()):
        return False
    return os.access(real.parent, os.W_OK) or not real.exists()


def _as_it_was(real: Path, fresh: Path) -> None:
    """The rights of the file that is replaced."""
    with suppress(OSError):
        about = real.stat()
        fresh.chmod(about.st_mode & 0o7777)
        if hasattr(os, "chown"):
            os.chown(fresh, about.st_uid, about.st_gid)
