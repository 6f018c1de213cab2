"""RAR files, with the extra ``vndoc[formats]`` and a program that unpacks them (unrar, unar, 7z or bsdtar)."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BufferedIOBase
from typing import Any, cast

from vndoc.containers import base
from vndoc.containers.base import Member
from vndoc.containers.names import paths_of
from vndoc.containers.zip import check_limits, check_size
from vndoc.damage import DamageError, edge
from vndoc.errors import EncryptedError, FormatError, TooLargeError


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
            found = _by_path(infos)
        check_limits(self._path, [info.file_size or 0 for info in found.values()])
        return [Member(name, info.file_size or 0) for name, info in found.items()]

    @contextmanager
    def open(self, name: str) -> Iterator[BufferedIOBase]:
        """The member in memory."""
        path = f"{self._path}/{name}"
        with self._opened(path) as archive:
            found = _by_path(archive.infolist())
            info = found.get(name) or {info.filename: info for info in reversed(found.values())}.get(name)
            if info is not None:
                if info.needs_password():
                    raise _locked(path)
                if archive.getinfo(info.filename) is not info:  # rarfile opens by name, and finds the last
                    raise DamageError("it holds another file of this name")
                check_size(path, info.file_size or 0)
                with archive.open(info) as member:
                    data = member.read(base.MAX_MEMBER_BYTES + 1)
        if info is None:
            raise KeyError(name)
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
        with edge(path, "the RAR file is damaged"):
            self._file.seek(0)
            try:
                with rarfile.RarFile(self._file) as archive:
                    if archive.needs_password() and not archive.namelist():
                        raise _locked(path)
                    yield archive
            except (rarfile.PasswordRequired, rarfile.RarWrongPassword):
                raise _locked(path) from None
            except rarfile.RarCannotExec:
                message = "no program unpacks RAR files here; install unrar or unar, or unpack it"
                raise FormatError(f"{path}: {message}") from None


def _by_path(infos: Iterable[Any]) -> dict[str, Any]:
    """The members by their paths, folders left out."""
    files = [info for info in infos if not info.is_dir()]
    return dict(zip(paths_of([info.filename for info in files]), files, strict=True))


def _locked(path: str) -> EncryptedError:
    return EncryptedError(f"{path}: the RAR file asks for a password; unpack it and give its files")
