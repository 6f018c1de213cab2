"""RAR files, with the extra ``vndoc[formats]`` and a program that unpacks them (unrar, unar, 7z or bsdtar)."""

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BufferedIOBase
from typing import Any, cast

from vndoc.containers import base
from vndoc.containers.base import Member
from vndoc.containers.zip import check_limits, check_size
from vndoc.errors import EncryptedError, FormatError, TooLargeError, VndocError


class RarContainer:
    """See :class:`~vndoc.containers.base.Container`."""

    def __init__(self, file: BufferedIOBase, path: str) -> None:
        self._file, self._path = file, path

    def members(self) -> Sequence[Member]:
        """See :meth:`~vndoc.containers.base.Container.members`, as for all methods."""
        with self._opened(self._path) as archive:
            infos = archive.infolist()
            if not infos:  # what rarfile makes of a file that is cut off
                raise FormatError(f"{self._path}: the RAR file is damaged (it holds nothing); copy it again")
            found = [(info.filename, info.file_size or 0) for info in infos if not info.is_dir()]
        check_limits(self._path, [size for _, size in found])
        return [Member(name, size) for name, size in found]

    @contextmanager
    def open(self, name: str) -> Iterator[BufferedIOBase]:
        """The member in memory."""
        path = f"{self._path}/{name}"
        with self._opened(path) as archive:
            infos = {info.filename: info for info in archive.infolist() if not info.is_dir()}
            if infos[name].needs_password():
                raise _locked(path)
            check_size(path, infos[name].file_size or 0)
            with archive.open(infos[name]) as member:
                data = member.read(base.MAX_MEMBER_BYTES + 1)
        if len(data) > base.MAX_MEMBER_BYTES:
            raise TooLargeError(f"{path}: unpacks to more than it says; it is not read")
        yield cast("BufferedIOBase", io.BytesIO(data))

    def digests(self) -> Mapping[str, str]:
        """None: members are unpacked one by one."""
        return {}

    @contextmanager
    def _opened(self, path: str) -> Iterator[Any]:
        try:
            import rarfile  # noqa: PLC0415 -- an extra
        except ImportError:
            message = "is a RAR file: install what reads it (pip install 'vndoc[formats]'), or unpack it"
            raise FormatError(f"{path}: {message}") from None
        self._file.seek(0)
        try:
            with rarfile.RarFile(self._file) as archive:
                if archive.needs_password() and not archive.namelist():
                    raise _locked(path)
                yield archive
        except (KeyError, VndocError):
            raise
        except (rarfile.PasswordRequired, rarfile.RarWrongPassword):
            raise _locked(path) from None
        except rarfile.RarCannotExec:
            raise FormatError(
                f"{path}: no program unpacks RAR files here; install unrar or unar, or unpack it"
            ) from None
        except (rarfile.Error, OSError, EOFError, ValueError, TypeError, IndexError) as error:
            raise FormatError(f"{path}: the RAR file is damaged ({type(error).__name__}); copy it again") from None


def _locked(path: str) -> EncryptedError:
    return EncryptedError(f"{path}: the RAR file asks for a password; unpack it and give its files")
