"""Files that can be made again, kept on the disk up to a limit; what was not asked for longest goes first.

Several processes may share the folder, and anyone may empty it at any time.
"""

import contextlib
import os
import secrets
import threading
import time
from pathlib import Path

_TOUCH = 600.0  # seconds after which being asked for is noted again
_FULL, _EMPTIED = 1.0, 0.9  # shares of the limit: what is above the first is brought down to the second


class Cache:
    """A folder of files by their key, a string of hexadecimal digits.

    Args:
        folder: made when it is needed.
        limit: bytes in all.
    """

    def __init__(self, folder: Path, limit: int) -> None:
        self.folder, self._limit = folder, limit
        self._written = 0
        self._shrinking = threading.Lock()

    def path(self, key: str) -> Path:
        """Where a file lies, if it is there."""
        return self.folder / key[:2] / key[2:]

    def get(self, key: str) -> bytes | None:
        """The file, or None."""
        path = self.path(key)
        try:
            data = path.read_bytes()
            if time.time() - path.stat().st_mtime > _TOUCH:
                os.utime(path)
        except OSError:
            return None
        return data

    def put(self, key: str, data: bytes) -> None:
        """Keep a file; where the disk is full, it is not kept."""
        path = self.path(key)
        fresh = path.with_name(f".{secrets.token_hex(8)}")
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh.write_bytes(data)
            fresh.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                fresh.unlink()

    def wrote(self, size: int) -> None:
        """Say that so many bytes were put, here or in another process; from time to time the folder is shrunk."""
        self._written += size
        if self._written > self._limit // 20 and self._shrinking.acquire(blocking=False):
            try:
                self._written = 0
                self.shrink()
            finally:
                self._shrinking.release()

    def shrink(self) -> int:
        """Remove what was not asked for longest until the limit is kept; how many files that were."""
        files = sorted(self._files())
        total, removed = sum(size for _, size, _ in files), 0
        if total <= self._limit * _FULL:
            return 0
        for _, size, path in files:
            if total <= self._limit * _EMPTIED:
                break
            with contextlib.suppress(OSError):
                path.unlink()
            total, removed = total - size, removed + 1
        return removed

    def _files(self) -> list[tuple[float, int, Path]]:
        found = []
        for path in self.folder.glob("*/*"):
            with contextlib.suppress(OSError):  # another process may be shrinking it too
                about = path.stat()
                found.append((about.st_mtime, about.st_size, path))
        return found
