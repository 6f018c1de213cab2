"""Temporary files with an owner: all of a process and of those it starts lie in one folder, which it clears.

A process that is killed clears nothing. So each folder holds a file that its owner keeps locked as long as it lives;
whoever makes a folder of its own clears those beside it whose lock is free.
"""

import atexit
import contextlib
import os
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path
from threading import Lock

from filelock import FileLock, Timeout

from vndoc.errors import MachineError, machine_fault
from vndoc.sandbox.child import inside

PREFIX = "vndoc-"
_OWNER = "owner.lock"
_UNLOCKED = 600.0
"""Seconds after which nobody will lock a folder that has no lock yet."""
_UNNAMED = re.compile(f"{PREFIX}[a-z0-9_]{{8}}")
"""As :func:`tempfile.mkdtemp` names what it makes."""
_lock = Lock()
_folders: dict[int, tuple[Path, FileLock]] = {}
"""By the number of the process: one that was forked gets its own."""


def scratch() -> Path:
    """The folder of this process, in the system's folder for temporary files; made when it is first asked for.

    Raises:
        MachineError: it cannot be made.
    """
    with _lock:
        own = _folders.get(os.getpid())  # a lock of the process that forked this one must not be released here
        if own is None or not own[0].is_dir():
            if own is not None:
                own[1].release()
            own = _folders[os.getpid()] = _made()
        return own[0]


def temporary_folder() -> "tempfile.TemporaryDirectory[str]":
    """A folder in :func:`scratch`, to be used as a context; in a sandbox, in that which its parent clears."""
    if inside():
        return tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    return tempfile.TemporaryDirectory(dir=scratch(), ignore_cleanup_errors=True)


def system_folder() -> Path:
    """The system's folder for temporary files.

    Raises:
        MachineError: nothing can be written in any that there is.
    """
    try:
        return Path(tempfile.gettempdir())
    except OSError:
        message = "there is no folder for temporary files; make room on its disk, or set TMPDIR to a folder with room"
        raise MachineError(message) from None


def _made() -> tuple[Path, FileLock]:
    parent = system_folder()
    clear_abandoned(parent)
    while True:
        try:
            folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
            lock = FileLock(folder / _OWNER, thread_local=False)
            lock.acquire(blocking=False)
        except Timeout:  # another process took it for an abandoned one before its lock was held, and clears it
            continue
        except OSError as error:
            raise machine_fault(error, str(parent)) or MachineError(
                f"{parent}: no folder for temporary files can be made there ({error.strerror}); set TMPDIR to another"
            ) from None
        atexit.register(_clear, folder, lock, os.getpid())
        return folder, lock


def _clear(folder: Path, lock: FileLock, owner: int) -> None:
    if os.getpid() == owner:
        lock.release()
        shutil.rmtree(folder, ignore_errors=True)


def clear_abandoned(parent: Path) -> None:
    """Clear the folders below ``parent`` whose owners have ended without doing so."""
    with contextlib.suppress(OSError):
        for folder in parent.glob(f"{PREFIX}*"):
            with contextlib.suppress(OSError, Timeout):
                if _ours(folder):
                    with FileLock(folder / _OWNER, blocking=False):  # its owner has ended, or not begun
                        shutil.rmtree(folder, ignore_errors=True)
                    if sys.platform == "win32":  # which deletes no file that is open
                        shutil.rmtree(folder, ignore_errors=True)
                elif _UNNAMED.fullmatch(folder.name) and time.time() - folder.lstat().st_mtime > _UNLOCKED:
                    folder.rmdir()  # its owner was killed before it had put a lock there; fails unless it is empty


def _ours(folder: Path) -> bool:
    """Whether it is such a folder, and this user's: others share the place, and may put links there."""
    if folder.is_symlink() or not (folder / _OWNER).is_file():
        return False
    return not hasattr(os, "getuid") or folder.stat().st_uid == os.getuid()
