"""What goes to a worker and what comes back; both are pickled, so both hold plain values only."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Literal

from vndoc.errors import (
    EmptyFileError,
    EncryptedError,
    EngineError,
    FormatError,
    MachineError,
    MemoryLimitError,
    MissingFileError,
    SetupError,
    TimeLimitError,
    TooLargeError,
    VndocError,
)
from vndoc.sandbox import DeathError, as_told
from vndoc.settings import DEFAULTS, Settings

InputKind = Literal["file", "member", "folder", "zip"]
"""A file; one in a container; a folder whose images are the pages of one document; a ZIP, 7z or RAR file itself."""

SECONDS_PER_PAGE = DEFAULTS.limits.page_seconds
MEMORY_MB = DEFAULTS.limits.memory_mb


class Category(StrEnum):
    """Why a document failed; what to do about each stands in ``data/causes.json``."""

    MISSING = "missing"
    EMPTY = "empty"
    FORMAT = "format"
    ENCRYPTED = "encrypted"
    TOO_LARGE = "too-large"
    ENGINE = "engine"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASH = "crash"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    INTERNAL = "internal"


_CATEGORIES: dict[type[Exception], Category] = {
    MissingFileError: Category.MISSING,
    EmptyFileError: Category.EMPTY,
    FormatError: Category.FORMAT,
    EncryptedError: Category.ENCRYPTED,
    TooLargeError: Category.TOO_LARGE,
    EngineError: Category.ENGINE,
    MemoryLimitError: Category.MEMORY,
    TimeLimitError: Category.TIMEOUT,
    DeathError: Category.CRASH,
}


@dataclass(slots=True, frozen=True)
class Failure:
    """Why a document could not be read. ``machine``: it is this machine's fault, and no document can be read here."""

    category: Category
    message: str
    machine: bool = False

    @classmethod
    def of(cls, error: Exception) -> "Failure":
        """The failure that an exception stands for."""
        told = as_told(error)
        category = next((_CATEGORIES[t] for t in type(told).__mro__ if t in _CATEGORIES), Category.INTERNAL)
        return cls(category, _one_line(told), isinstance(told, MachineError) or type(told) is SetupError)


def _one_line(error: VndocError) -> str:
    return " ".join(str(error).split())[:1000] or type(error).__name__


@dataclass(slots=True, frozen=True)
class Job:
    """One document to read, and within which limits. In the file ``progress`` the worker notes how far it is."""

    document_id: int
    sha256: str
    path: str
    kind: InputKind = "file"
    container: str | None = None
    pages: tuple[int, int] | None = None
    """Of a part of a bundle: its first and last page."""
    uncut: bool = False
    """Whether a person has said where the documents of the file begin, so that it is not cut again."""
    settings: Settings = DEFAULTS
    seconds_per_page: float = SECONDS_PER_PAGE
    memory_mb: int = MEMORY_MB
    progress: Path | None = None
    attachments: bool = False
    """Whether files attached to a PDF are documents of their own in this archive, and need no notice."""


@dataclass(slots=True, frozen=True)
class PartOutcome:
    """One document of a file that was cut: the page on which it begins, and what :class:`Outcome` says of it."""

    first_page: int
    dispatch: str
    reading: bytes


@dataclass(slots=True, frozen=True)
class Outcome:
    """What became of a job: the dispatch as JSON with what it was parsed from, or a failure; the cost.

    ``reading`` is a :class:`vndoc.reading.Reading` as bytes, None where nothing is kept to parse it again from;
    ``memory_mb`` the peak memory of its process. A file that was cut has ``parts``, two at least, and the pages of the
    file in ``page_amount``, in place of a dispatch.
    """

    job: Job
    dispatch: str | None = None
    reading: bytes | None = None
    failure: Failure | None = None
    seconds: float = 0.0
    memory_mb: int | None = None
    parts: tuple[PartOutcome, ...] = ()
    page_amount: int | None = None


@dataclass(slots=True, frozen=True)
class Progress:
    """How far a worker is with its document: pages done of all, and the number of its process."""

    done: int
    total: int
    process: int

    def write(self, path: Path) -> None:
        """Note it, in place of what was noted before."""
        fresh = path.with_name(f"{path.name}.new")
        fresh.write_text(f"{self.done}/{self.total} {self.process}", encoding="ascii")
        fresh.replace(path)

    @classmethod
    def read(cls, path: Path) -> "Progress | None":
        """What a worker has noted; None where it has noted nothing yet."""
        try:
            done, total, process = path.read_text(encoding="ascii").replace("/", " ").split()
        except (FileNotFoundError, ValueError):
            return None
        return cls(int(done), int(total), int(process))
