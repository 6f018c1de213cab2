"""7z files, with the extra ``vndoc[formats]``: members are unpacked in memory, each within its limit."""

import hashlib
import io
import lzma
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BufferedIOBase
from typing import Any, cast

from vndoc.containers import base
from vndoc.containers.base import Member
from vndoc.containers.zip import check_limits, check_size
from vndoc.errors import EncryptedError, FormatError, TooLargeError, VndocError


class SevenZipContainer:
    """See :class:`~vndoc.containers.base.Container`."""

    def __init__(self, file: BufferedIOBase, path: str) -> None:
        self._file, self._path = file, path

    def members(self) -> Sequence[Member]:
        """See :meth:`~vndoc.containers.base.Container.members`, as for all methods."""
        with self._opened(self._path) as archive:
            found = [(info.filename, info.uncompressed or 0) for info in archive.list() if not info.is_directory]
        check_limits(self._path, [size for _, size in found])
        return [Member(name, size) for name, size in found]

    @contextmanager
    def open(self, name: str) -> Iterator[BufferedIOBase]:
        """The member in memory. The members before it may have to be unpacked for it, and are thrown away."""
        path = f"{self._path}/{name}"
        with self._opened(path) as archive:
            sizes = {info.filename: info.uncompressed or 0 for info in archive.list() if not info.is_directory}
            check_size(path, sizes[name])
            writers = _factory(lambda _: io.BytesIO(), base.MAX_MEMBER_BYTES)
            archive.extract(targets=[name], factory=writers)
            if writers.over:
                raise TooLargeError(f"{path}: unpacks to more than it says; it is not read")
            unpacked = writers.made.get(name) or io.BytesIO()
        unpacked.seek(0)
        yield cast("BufferedIOBase", unpacked)

    def digests(self) -> Mapping[str, str]:
        """Of all members, unpacked once."""
        with self._opened(self._path) as archive:
            writers = _factory(lambda _: _Digest(), base.MAX_BYTES)
            archive.extract(targets=[info.filename for info in archive.list()], factory=writers)
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
        self._file.seek(0)
        try:
            with py7zr.SevenZipFile(cast("Any", self._file)) as archive:
                if archive.needs_password():
                    raise EncryptedError(f"{path}: the 7z file asks for a password; unpack it and give its files")
                yield archive
        except (KeyError, VndocError):
            raise
        except py7zr.PasswordRequired:
            raise EncryptedError(f"{path}: the 7z file asks for a password; unpack it and give its files") from None
        except (py7zr.exceptions.ArchiveError, lzma.LZMAError, *_DAMAGE) as error:
            raise FormatError(f"{path}: the 7z file is damaged ({type(error).__name__}); copy it again") from None


_DAMAGE = (OSError, EOFError, ValueError, TypeError, AttributeError, IndexError, RuntimeError, OverflowError,
           MemoryError, AssertionError)  # fmt: skip


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
