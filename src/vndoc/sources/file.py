"""The file as it came: its bytes, their hash. Files are read, never changed."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from vndoc.damage import raise_if_grave
from vndoc.errors import EmptyFileError, MissingFileError
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
        return path.read_bytes()
    except FileNotFoundError:
        raise MissingFileError(f"{path}: no such file; check the path") from None
    except IsADirectoryError:
        raise MissingFileError(f"{path}: is a folder; give the files in it, such as {path}/*.pdf") from None
    except PermissionError:
        raise MissingFileError(f"{path}: no permission to read it; check the file's rights") from None
    except (OSError, ValueError) as error:
        raise_if_grave(error)
        raise MissingFileError(f"{path!s}: cannot be read ({type(error).__name__}); check the path") from None
