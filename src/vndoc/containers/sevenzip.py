"""7z files, with the extra ``vndoc[formats]``: members are unpacked in memory, each within its limit."""

import hashlib
import io
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BufferedIOBase
from typing import Any, cast

from vndoc.containers import base
from vndoc.containers.base import Member
from vndoc.containers.names import paths_of
from vndoc.containers.zip import check_limits, check_size
from vndoc.damage import edge
from vndoc.errors import EncryptedError, FormatError, TooLargeError

_START = 32  # bytes of the signature header
_PACKED_LIST = b"\x17"
_MOST_LIST = 4 * 1024**2
"""Bytes of the list of members: py7zr needs some hundred bytes for each of it."""
_MOST_KEPT = 128 * 1024**2


class SevenZipContainer:
    """See :class:`~vndoc.containers.base.Container`."""

    def __init__(self, file: BufferedIOBase, path: str) -> None:
        self._file, self._path = file, path
        self._unpacked: dict[str, Any] | None = None

    def members(self) -> Sequence[Member]:
        """See :meth:`~vndoc.containers.base.Container.members`, as for all methods."""
        with self._opened(self._path) as archive:
            found = _sizes(archive)
        check_limits(self._path, list(found.values()))
        return [Member(name, size) for name, size in found.items()]

    @contextmanager
    def open(self, name: str) -> Iterator[BufferedIOBase]:
        """The member in memory. Members before it may have to be unpacked for it; of a small file all are kept."""
        path = f"{self._path}/{name}"
        unpacked = self._unpacked.get(name) if self._unpacked is not None else self._member(name, path)
        if unpacked is None:
            raise KeyError(name)
        yield cast("BufferedIOBase", io.BytesIO(unpacked.getvalue()))

    def _member(self, name: str, path: str) -> Any:
        """What a member unpacks to; None where there is none of that name."""
        with self._opened(path) as archive:
            sizes = _sizes(archive)
            if name not in sizes:
                return None
            check_size(path, sizes[name])
            small = sum(sizes.values()) <= _MOST_KEPT
            writers = _factory(lambda _: io.BytesIO(), base.MAX_MEMBER_BYTES)
            archive.extract(targets=list(sizes) if small else [name], factory=writers)
            if writers.over:
                raise TooLargeError(f"{path}: unpacks to more than it says; it is not read")
        if small:
            self._unpacked = dict.fromkeys(sizes, io.BytesIO()) | writers.made
        return writers.made.get(name) or io.BytesIO()

    def digests(self) -> Mapping[str, str]:
        """Of all members, unpacked once."""
        with self._opened(self._path) as archive:
            writers = _factory(lambda _: _Digest(), base.MAX_BYTES)
            archive.extract(targets=list(_sizes(archive)), factory=writers)
            if writers.over:
                raise TooLargeError(f"{self._path}: unpacks to more than it says; it is not read")
            return {name: made.hexdigest() for name, made in writers.made.items()}

    @contextmanager
    def _opened(self, path: str) -> Iterator[Any]:
        try:
            import py7zr  # noqa: PLC0415 -- an extra
        except ImportError:
            message = "is a 7z file: install what reads it (pip install 'vndoc[formats]'), or unpack it"
            raise FormatError(f"{path}: {message}") from None
        with edge(path, "the 7z file is damaged"):
            check_head(self._file, path)
            self._file.seek(0)
            try:
                with py7zr.SevenZipFile(cast("Any", self._file)) as archive:
                    if archive.needs_password():
                        raise _locked(path)
                    for entry, name in zip(archive.files.files_list, _names(archive), strict=True):
                        entry["filename"] = name
                    yield archive
            except py7zr.PasswordRequired:
                raise _locked(path) from None


def _locked(path: str) -> EncryptedError:
    return EncryptedError(f"{path}: the 7z file asks for a password; unpack it and give its files")


def _names(archive: Any) -> list[str]:
    """Paths for all entries. py7zr would stop at one that leads out, and give two of one name other names."""
    return paths_of([str(entry.get("filename") or "file") for entry in archive.files.files_list])


def _sizes(archive: Any) -> dict[str, int]:
    """The members and their sizes, folders left out."""
    return {info.filename: info.uncompressed or 0 for info in archive.list() if not info.is_directory}


def check_head(file: BufferedIOBase, path: str) -> None:
    """Refuse a list of members that unpacks to more than a list has, before py7zr unpacks it whole.

    Raises:
        TooLargeError: it does.
        Exception: of many kinds, where it is damaged.
    """
    from py7zr.archiveinfo import HeaderStreamsInfo  # noqa: PLC0415 -- an extra

    file.seek(0)
    start = file.read(_START)
    offset, size = struct.unpack_from("<QQ", start, 12)  # 7zFormat.txt, SignatureHeader
    if size <= _MOST_LIST:
        file.seek(_START + offset)
        head = file.read(size)
        if not head.startswith(_PACKED_LIST):
            return
        folders = HeaderStreamsInfo.retrieve(io.BytesIO(head[1:])).unpackinfo.folders
        size = sum(max(folder.unpacksizes, default=0) for folder in folders)
    if size > _MOST_LIST:
        raise TooLargeError(f"{path}: its list of files is longer than {base.MAX_MEMBERS} files need; unpack it")


class _Digest:
    """Takes bytes and keeps only their hash."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self._hash.update(data)
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        return 0

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


def _factory(make: Any, limit: int) -> Any:
    """What py7zr asks for something to write each member to; beyond ``limit`` nothing more is kept."""
    from py7zr.io import Py7zIO, WriterFactory  # noqa: PLC0415

    class Writer(Py7zIO):
        def __init__(self, target: Any, factory: "Factory") -> None:
            self._target, self._factory, self._size = target, factory, 0

        def write(self, data: bytes | bytearray) -> int:
            self._size += len(data)
            self._factory.total += len(data)
            if self._factory.total > limit:
                self._factory.over = True
            else:
                self._target.write(bytes(data))
            return len(data)

        def read(self, size: int | None = None) -> bytes:
            return b""

        def seek(self, offset: int, whence: int = 0) -> int:
            return int(self._target.seek(offset, whence))

        def flush(self) -> None:
            pass

        def size(self) -> int:
            return self._size

    class Factory(WriterFactory):
        def __init__(self) -> None:
            self.made: dict[str, Any] = {}
            self.total, self.over = 0, False

        def create(self, filename: str) -> Writer:
            self.made[filename] = make(filename)
            return Writer(self.made[filename], self)

    return Factory()
