"""ZIP files: members are read one at a time, each within its limit; nothing is unpacked to disk."""

import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BufferedIOBase
from typing import cast

from vndoc.containers import base
from vndoc.containers.base import Member
from vndoc.containers.zipnames import member_name
from vndoc.errors import EncryptedError, FormatError, TooLargeError

_ENCRYPTED_FLAG = 1  # bit 0 of a member's flags (APPNOTE.TXT 4.4.4)
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, UnicodeDecodeError, ValueError)


class ZipContainer:
    """See :class:`~vndoc.containers.base.Container`."""

    def __init__(self, file: BufferedIOBase, path: str) -> None:
        self._file, self._path = file, path

    def members(self) -> Sequence[Member]:
        """See :meth:`~vndoc.containers.base.Container.members`, as for all methods."""
        with _damage_as_error(self._path), zipfile.ZipFile(self._file) as archive:
            found = [info for info in archive.infolist() if not info.is_dir()]
            names = [member_name(info) for info in found]
        check_limits(self._path, [info.file_size for info in found])
        return [Member(name, info.file_size) for name, info in zip(names, found, strict=True)]

    @contextmanager
    def open(self, name: str) -> Iterator[BufferedIOBase]:
        """The member as a stream."""
        path = f"{self._path}/{name}"
        with _damage_as_error(path), zipfile.ZipFile(self._file) as archive:
            infos = archive.infolist()
            # An archive may have noted the name as zipfile has it, before its encoding was looked into.
            info = ({info.filename: info for info in infos} | {member_name(info): info for info in infos})[name]
            if info.flag_bits & _ENCRYPTED_FLAG:
                raise EncryptedError(f"{path}: the ZIP file asks for a password; unpack it and give its files")
            check_size(path, info.file_size)
            with archive.open(info) as member:
                yield cast("BufferedIOBase", member)

    def digests(self) -> Mapping[str, str]:
        """None: a member is read as quickly alone."""
        return {}


@contextmanager
def _damage_as_error(path: str) -> Iterator[None]:
    try:
        yield
    except KeyError:
        raise
    except _DAMAGE as error:
        raise FormatError(f"{path}: the ZIP file is damaged ({error}); copy it again") from None


def check_limits(path: str, sizes: Sequence[int]) -> None:
    """Refuse a container of too many files or bytes."""
    if len(sizes) > base.MAX_MEMBERS or sum(sizes) > base.MAX_BYTES:
        limit = f"{base.MAX_MEMBERS} files or {base.MAX_BYTES // 1024**3} GiB"
        raise TooLargeError(f"{path}: unpacks to more than {limit}; unpack what is needed into the folder")


def check_size(path: str, size: int) -> None:
    """Refuse a member of too many bytes."""
    if size > base.MAX_MEMBER_BYTES:
        raise TooLargeError(f"{path}: unpacks to more than {base.MAX_MEMBER_BYTES // 1024**2} MiB; split the document")
