"""Files that come in over the web: kept beside the archive under their SHA-256, then noted in its ledger.

::

    archive.sqlite.files/2f0c…e1/Công văn 815.pdf       as it came, under its own name made safe

A file is whole and on the disk before its place has its name, and its place has its name before the ledger knows of it.
What a crash leaves in between is an unfinished file, which goes at the next start, or one that the ledger does not know
yet, which the reader finds at the next start.
"""

import errno
import hashlib
import os
import secrets
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Literal

from vndoc.archive import Archive
from vndoc.archive.arrivals import Arrivals
from vndoc.archive.intake import IntakeItem, look
from vndoc.archive.jobs import Category
from vndoc.archive.ledger import State
from vndoc.archive.left_out import LeftOut
from vndoc.archive.locations import lies, members
from vndoc.archive.pagefolder import ImageFolders
from vndoc.errors import EmptyFileError, FormatError, TooLargeError
from vndoc.sources import SourceFile, detect, suffixes
from vndoc.sources.text import TEXT
from vndoc.sources.unread import ZIP_FILE, unread_kind
from vndoc.web.work.names import safe_name

MAX_FILE_BYTES = 256 * 1024**2
MAX_TEXT_BYTES = 16 * 1024**2
"""A text is looked at whole, to tell that it is one."""
MAX_UNPACKED_BYTES = 2 * 1024**3
"""What the members of one ZIP file may have in all."""
MAX_UNPACKED_FILES = 2_000
LEAST_FREE_BYTES = 512 * 1024**2
"""So much stays free on the disk, for the archive itself."""

_PIECE = 1024**2
_HEAD = 4096
_INCOMING = ".incoming"
_GIVEN_UP = 3600.0  # seconds since its last piece came
Kind = Literal["file", "zip"]


class DiskFullError(Exception):
    """Too little room is left on the disk beside the archive."""


@dataclass(frozen=True)
class Document:
    """A document that a file holds, or that is a file."""

    key: str
    name: str
    state: State
    known: bool
    """Its content was in the archive before."""


@dataclass(frozen=True)
class Upload:
    """What became of one file: the documents in it, and what in a ZIP file is none."""

    sha256: str
    name: str
    kind: Kind
    documents: list[Document] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    """Names of the members of formats that are not read."""
    failed: list[tuple[str, Category]] = field(default_factory=list)
    """Names of the members that cannot be opened, and why."""


class Uploads:
    """The folder of originals.

    Args:
        folder: where they lie; made with the first one.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()  # paths in the ledger hold wherever a later process starts
        self._placing = threading.Lock()

    def receive(self, archive: Archive, source: BinaryIO, name: str) -> Upload:
        """Keep a file and note it in the ledger. A content that the archive has already is not kept twice.

        Args:
            archive: of the thread that calls.
            source: read to its end.
            name: what the sender calls it; no path of it is used.

        Raises:
            EmptyFileError: no bytes, or a ZIP file without files.
            FormatError: of no kind that is read, or not what its name says.
            TooLargeError: more than the limits of this module.
            DiskFullError: no room for it.
        """
        name = safe_name(name)
        fresh, sha256 = self._write(source, name)
        try:
            kind, name = _kind(fresh, name)
            if kind == "file" and (known := _known(archive, sha256)):
                return Upload(sha256, name, kind, [Document(sha256, name, known, known=True)])
            path = self._place(fresh, sha256, name)
        finally:
            fresh.unlink(missing_ok=True)
        return self._note(archive, path, sha256, name, kind)

    def unfinished(self) -> int:
        """Remove what came only half-way in and has long been given up; how many files that were."""
        left = [path for path in (self.folder / _INCOMING).glob("*") if time.time() - path.stat().st_mtime > _GIVEN_UP]
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)

    def arrivals(self) -> Iterator[IntakeItem | LeftOut]:
        """All originals, for a reader that looks whether the ledger knows them."""
        if self.folder.is_dir():
            yield from look([self.folder], ImageFolders.NEVER)

    def _write(self, source: BinaryIO, name: str) -> tuple[Path, str]:
        """The bytes as a file that has no place yet, and their SHA-256."""
        incoming = self.folder / _INCOMING
        incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh, total, size = incoming / secrets.token_hex(16), hashlib.sha256(), 0
        try:
            with fresh.open("xb") as out:
                while piece := source.read(_PIECE):
                    size += len(piece)
                    if size > MAX_FILE_BYTES:
                        raise TooLargeError(f"{name}: has more than {MAX_FILE_BYTES // 1024**2} MiB")
                    _check_room(incoming)
                    total.update(piece)
                    out.write(piece)
                out.flush()
                os.fsync(out.fileno())
            if not size:
                raise EmptyFileError(f"{name}: the file is empty (0 bytes); scan or copy it again")
        except BaseException as error:
            fresh.unlink(missing_ok=True)
            if isinstance(error, OSError) and error.errno == errno.ENOSPC:
                raise DiskFullError from None
            raise
        return fresh, total.hexdigest()

    def _place(self, fresh: Path, sha256: str, name: str) -> Path:
        """Give a file its place, or find the same content in it."""
        folder = self.folder / sha256
        with self._placing:
            folder.mkdir(mode=0o700, exist_ok=True)
            return next(folder.iterdir(), None) or fresh.rename(folder / name)

    def _note(self, archive: Archive, path: Path, sha256: str, name: str, kind: Kind) -> Upload:
        about = path.stat()
        found = IntakeItem(str(path), kind, (about.st_size, about.st_mtime_ns))
        upload = Upload(sha256, name, kind)
        for event in Arrivals(archive.ledger, {}).take(found):
            inner = event.path[len(str(path)) + 1 :] or name
            if event.event == "left-out":
                upload.left_out.append(inner)
            elif event.event == "failed":
                upload.failed.append((inner, event.category or Category.INTERNAL))
            else:
                entry = archive.ledger.entry_at(event.path)
                assert entry is not None
                assert entry.sha256 is not None
                upload.documents.append(Document(entry.sha256, inner, entry.state, known=event.event != "queued"))
        return upload


def _kind(path: Path, name: str) -> tuple[Kind, str]:
    """Whether a file is a document or a ZIP file of documents, and its name with the suffix of its kind.

    Errors of :meth:`Uploads.receive`.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
        if unread_kind(head) is ZIP_FILE:
            _check_zip(path, name)
            return "zip", name if name.lower().endswith(".zip") else f"{name}.zip"
        media_type = _media_type(name, head)
        if media_type is None:
            rest = file.read(MAX_TEXT_BYTES + 1 - len(head))
            if len(head) + len(rest) > MAX_TEXT_BYTES:
                raise TooLargeError(f"{name}: a text of more than {MAX_TEXT_BYTES // 1024**2} MiB is not read")
            media_type = detect(SourceFile(name, head + rest))[1]
    if SourceFile(name, b"").suffix in suffixes():
        return "file", name
    return "file", name + next(suffix for suffix, kind in suffixes().items() if kind == media_type)


def _media_type(name: str, head: bytes) -> str | None:
    """What a file is by its first bytes; None for what they cannot tell: those of a text may end within a letter."""
    try:
        found = detect(SourceFile("", head))[1]
    except FormatError:
        found = TEXT
    if found == TEXT and len(head) == _HEAD and not unread_kind(head):
        return None
    return detect(SourceFile(name, head))[1]


def _check_zip(path: Path, name: str) -> None:
    found = members(str(path))
    if not found:
        raise EmptyFileError(f"{name}: the ZIP file holds no files")
    if len(found) > MAX_UNPACKED_FILES or sum(size for _, size in found) > MAX_UNPACKED_BYTES:
        limit = f"{MAX_UNPACKED_FILES} files or {MAX_UNPACKED_BYTES // 1024**3} GiB"
        raise TooLargeError(f"{name}: unpacks to more than {limit}; send it in parts")


def _known(archive: Archive, sha256: str) -> State | None:
    """The state of a content that the archive knows and that still lies somewhere."""
    entry = archive.ledger.entry_of(sha256)
    return entry.state if entry and any(map(lies, archive.ledger.places(entry.document_id))) else None


def _check_room(folder: Path) -> None:
    if shutil.disk_usage(folder).free < LEAST_FREE_BYTES:
        raise DiskFullError
