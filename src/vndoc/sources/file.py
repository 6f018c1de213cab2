"""The file as it came: its bytes, their hash. Files are read, never changed."""

import errno
import hashlib
import os
import stat
from dataclasses import dataclass
from functools import cached_property
from io import BufferedReader
from pathlib import Path

from vndoc.errors import EmptyFileError, MissingFileError, VndocError, machine_fault
from vndoc.filenames import readable


@dataclass(frozen=True)
class SourceFile:
    """The bytes of a document, and what it is called, in letters that can be written anywhere."""

    name: str
    data: bytes

    @cached_property
    def sha256(self) -> str:
        """By which a document is known, whatever it is called."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def suffix(self) -> str:
        """The last suffix of the name in lower case, with its dot; empty without one."""
        return Path(self.name).suffix.lower()


def load_file(source: str | Path | bytes | SourceFile) -> SourceFile:
    """Read a file, or take bytes, or what has been read.

    Raises:
        MissingFileError: no such file, a folder, or no permission.
        EmptyFileError: zero bytes.
    """
    if isinstance(source, SourceFile):
        return source
    name, data = (
        ("<bytes>", source) if isinstance(source, bytes) else (readable(Path(source).name), _load(Path(source)))
    )
    if not data:
        raise EmptyFileError(f"{name}: the file is empty (0 bytes); scan or copy it again")
    return SourceFile(name, data)


def _load(path: Path) -> bytes:
    try:
        with open_regular(path) as file:
            return file.read()
    except IsADirectoryError:
        raise MissingFileError(f"{path}: is a folder; give the files in it, such as {path}/*.pdf") from None
    except OSError as error:
        raise unreadable(error, path) from None
    except ValueError:  # a name with a null byte
        raise MissingFileError(f"{path}: is no name of a file; check the path") from None


def unreadable(error: OSError, path: str | Path) -> VndocError:
    """Why a file that was given cannot be opened or read: MachineError where no file could be, else MissingFileError.

    A disk that fails is not the machine's fault here: it may fail at this file alone.
    """
    if error.errno != errno.EIO and (fault := machine_fault(error)):
        return fault
    if isinstance(error, FileNotFoundError):
        return MissingFileError(f"{path}: no such file; check the path, or whether it was moved")
    if isinstance(error, PermissionError):
        return MissingFileError(f"{path}: no permission to read it; check the file's rights")
    return MissingFileError(f"{path}: cannot be read ({error.strerror or type(error).__name__})")


def open_regular(path: str | Path) -> BufferedReader:
    """Open a file for reading, and neither wait at a named pipe nor read a device without end.

    Raises:
        OSError: it cannot be opened, or is no file with an end: a pipe, a socket, a device.
    """
    number = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
    try:
        if not stat.S_ISREG(os.fstat(number).st_mode):
            if stat.S_ISDIR(os.fstat(number).st_mode):
                raise IsADirectoryError(errno.EISDIR, "it is a folder")
            raise OSError(errno.EINVAL, "it is a pipe, a socket or a device")
        return os.fdopen(number, "rb")
    except BaseException:
        os.close(number)
        raise
