"""Files that a batch passes over, by kind: of formats that vndoc does not read, and texts beside their scans."""

import os
import re
import sqlite3
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vndoc.archive.database import path_from_sql, path_to_sql, transaction
from vndoc.archive.locations import is_url

BESIDE_A_SCAN = ".txt beside a scan"
"""A text of the same name as a scan: what another OCR made of it."""

IN_A_MAIL = "picture in the text of a mail"
"""Small: a logo, a smile."""

NO_SUFFIX = "no suffix"
"""Neither the name nor the first bytes tell what it is."""

PIPE, SOCKET, DEVICE = "named pipe", "socket", "device"
"""What has no end: it is not opened."""

_SUFFIX = re.compile(r"\.(?=.*[a-z])[a-z0-9]{1,8}")


@dataclass(slots=True, frozen=True)
class LeftOut:
    """A file that is no document for vndoc.

    ``kind`` is its suffix, :data:`NO_SUFFIX`, :data:`IN_A_MAIL`, :data:`BESIDE_A_SCAN`, :data:`PIPE`, :data:`SOCKET` or
    :data:`DEVICE`.
    """

    path: str
    kind: str
    container: str | None = None
    """Of a member: the path of the file it lies in."""
    stamp: tuple[int, int] = (-1, -1)
    """Always the same: such a file is not opened, so no change of it matters."""


def kind_by_name(path: str) -> str:
    """Which kind a file of no known format is of.

    >>> kind_by_name("/in/Báo cáo.DOCX"), kind_by_name("/in/Công văn số 12. Sở Nội vụ")
    ('.docx', 'no suffix')
    """
    suffix = os.path.splitext(path)[1].lower()
    return suffix if _SUFFIX.fullmatch(suffix) else NO_SUFFIX


def kind_without_end(mode: int) -> str | None:
    """Which kind something is that is no file and no folder, by its mode; None for these two."""
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
        return None
    return PIPE if stat.S_ISFIFO(mode) else SOCKET if stat.S_ISSOCK(mode) else DEVICE


class LeftOutFiles:
    """Writes and reads the table ``left_out``: what lay in the folders when they were last looked at."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._known = {left.path: left for left in self}
        self._seen: set[str] = set()

    def __iter__(self) -> Iterator[LeftOut]:
        """All of them, by kind and path."""
        for path, kind, container in self._db.execute("SELECT * FROM left_out ORDER BY kind, path"):
            yield LeftOut(path_from_sql(path), kind, None if container is None else path_from_sql(container))

    def note(self, found: LeftOut) -> None:
        """Keep one that was found."""
        self._seen.add(found.path)
        if self._known.get(found.path) == found:
            return
        self._known[found.path] = found
        container = None if found.container is None else path_to_sql(found.container)
        with transaction(self._db):
            self._db.execute(
                "INSERT OR REPLACE INTO left_out VALUES (?, ?, ?)", (path_to_sql(found.path), found.kind, container)
            )

    def members(self, container: str) -> list[LeftOut]:
        """Those in a ZIP file."""
        return [left for left in self._known.values() if left.container == container]

    def forget_members(self, container: str, keep: set[str]) -> None:
        """Drop those that a changed ZIP file no longer has."""
        self._forget([left.path for left in self.members(container) if left.path not in keep])

    def forget_gone(self, roots: Sequence[str | Path]) -> None:
        """Drop those below the folders ``roots``, looked through to the end, that were not found there any more."""
        folders = [os.path.abspath(root) for root in map(str, roots) if not is_url(root)]
        self._forget(
            [
                left.path
                for left in self._known.values()
                if left.container is None
                and left.path not in self._seen
                and any(left.path == folder or left.path.startswith(os.path.join(folder, "")) for folder in folders)
            ]
        )

    def _forget(self, paths: Sequence[str]) -> None:
        if not paths:
            return
        with transaction(self._db):
            self._db.executemany("DELETE FROM left_out WHERE path = ?", ((path_to_sql(path),) for path in paths))
        for path in paths:
            del self._known[path]
