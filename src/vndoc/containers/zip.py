"""ZIP files: members are read one at a time, each within its limit; nothing is unpacked to disk."""

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from io import BufferedIOBase
from typing import IO, cast

from vndoc.containers import base
from vndoc.containers.base import Member
from vndoc.containers.names import paths_of
from vndoc.containers.zipnames import member_name
from vndoc.damage import edge
from vndoc.errors import EncryptedError, TooLargeError

_ENCRYPTED_FLAG = 1  # bit 0 of a member's flags (APPNOTE.TXT 4.4.4)
_DAMAGED = "the ZIP file is damaged"


class ZipContainer:
    """See :class:`~vndoc.containers.base.Container`."""

    def __init__(self, file: BufferedIOBase, path: str) -> None:
        self._file, self._path = file, path

    @cached_property
    def _archive(self) -> zipfile.ZipFile:
        with edge(self._path, _DAMAGED):
            return zipfile.ZipFile(self._file)

    @cached_property
    def _infos(self) -> dict[str, zipfile.ZipInfo]:
        """The members by their paths, folders left out."""
        with edge(self._path, _DAMAGED):
            found = [info for info in self._archive.infolist() if not info.is_dir()]
            return dict(zip(paths_of([member_name(info) for info in found]), found, strict=True))

    def members(self) -> Sequence[Member]:
        """See :meth:`~vndoc.containers.base.Container.members`, as for all methods."""
        check_limits(self._path, [info.file_size for info in self._infos.values()])
        return [Member(name, info.file_size) for name, info in self._infos.items()]

    @contextmanager
    def open(self, name: str) -> Iterator[BufferedIOBase]:
        """The member as a stream."""
        path = f"{self._path}/{name}"
        info = self._infos.get(name) or self._earlier[name]
        if info.flag_bits & _ENCRYPTED_FLAG:
            raise EncryptedError(f"{path}: the ZIP file asks for a password; unpack it and give its files")
        check_size(path, info.file_size)
        with edge(path, _DAMAGED):
            member = self._archive.open(info)
        with member:
            yield cast("BufferedIOBase", _Read(member, path))

    @cached_property
    def _earlier(self) -> dict[str, zipfile.ZipInfo]:
        """By names under which an archive may have noted them: as zipfile has them, or before they were paths."""
        named = {member_name(info): info for info in reversed(self._infos.values())}
        return {info.filename: info for info in reversed(self._infos.values())} | named

    def digests(self) -> Mapping[str, str]:
        """None: a member is read as quickly alone."""
        return {}


class _Read(BufferedIOBase):
    """A member whose damage shows while it is read."""

    def __init__(self, member: IO[bytes], path: str) -> None:
        self._member, self._path = member, path

    def readable(self) -> bool:
        """It is."""
        return True

    def read(self, size: int | None = -1) -> bytes:
        """Some bytes, or all."""
        with edge(self._path, _DAMAGED):
            return self._member.read(-1 if size is None else size)


def check_limits(path: str, sizes: Sequence[int]) -> None:
    """Refuse a container of too many files or bytes."""
    if len(sizes) > base.MAX_MEMBERS or sum(sizes) > base.MAX_BYTES:
        limit = f"{base.MAX_MEMBERS} files or {base.MAX_BYTES // 1024**3} GiB"
        raise TooLargeError(f"{path}: unpacks to more than {limit}; unpack what is needed into the folder")


def check_size(path: str, size: int) -> None:
    """Refuse a member of too many bytes."""
    if size > base.MAX_MEMBER_BYTES:
        raise TooLargeError(f"{path}: unpacks to more than {base.MAX_MEMBER_BYTES // 1024**2} MiB; split the document")
