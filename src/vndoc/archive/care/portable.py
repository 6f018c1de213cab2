"""The lines of an exported archive: JSON, one object a line, in files of a folder or a ZIP file.

``archive.json`` says what it is, ``pipelines.jsonl`` what read the documents, ``documents.jsonl`` has a line for each
document with its places, its result and its pages as they were read, ``changes.jsonl`` the audit, ``facts.jsonl`` what
holds of what people have said, ``containers.jsonl`` the ZIP files that need not be opened again, ``left-out.jsonl`` the
files that were passed over. Lines refer to each other by their numbers, counted from 1. The same archive gives the same
bytes. What belongs to one server alone (hooks, links, calendars) and what follows from the results is not in it.
"""

import json
import os
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Annotated, Any, Literal, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from vndoc.archive.care.unfinished import unfinished
from vndoc.archive.jobs import Category, InputKind
from vndoc.errors import FormatError, MissingFileError, machine_fault

HEAD = "archive.json"
PIPELINES, DOCUMENTS, CHANGES, FACTS = "pipelines.jsonl", "documents.jsonl", "changes.jsonl", "facts.jsonl"
CONTAINERS, LEFT_OUT = "containers.jsonl", "left-out.jsonl"
FILES = (PIPELINES, DOCUMENTS, CHANGES, FACTS, CONTAINERS, LEFT_OUT)

COLUMNS = (
    "first_page",
    "last_page",
    "state",
    "category",
    "message",
    "attempts",
    "seconds",
    "memory_mb",
    "page_amount",
    "queued_at",
    "finished_at",
)
"""Of a document's row, what is the same in any archive."""

_LONGEST = 256 * 1024**2
"""Bytes of a line."""

_MOMENT = (1980, 1, 1, 0, 0, 0)  # of every file in the ZIP file, so that the same content gives the same bytes
_LONE = re.compile("[\ud800-\udfff]")
_LEVEL = 6  # as vndoc.reading compresses

Place = Annotated[int, Field(ge=1, lt=2**31)]
"""The number of a line, or of a page."""
Int64 = Annotated[int, Field(ge=-(2**63), lt=2**63)]


def _as_path(value: object) -> str:
    """A path; bytes of a name that are no UTF-8 are lone surrogates (PEP 383), which pydantic takes for no text."""
    if not isinstance(value, str) or "\0" in value:
        raise ValueError
    os.fsencode(value)
    return value


AnyPath = Annotated[Any, AfterValidator(_as_path)]


def _as_text(value: str) -> str:
    value.encode()  # half a character: SQLite takes none; UnicodeEncodeError is a ValueError
    return value


Text = Annotated[str, AfterValidator(_as_text)]


class Line(BaseModel):
    """One line of a file."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Head(Line):
    """What the export is."""

    format: Literal["vndoc-archive"] = "vndoc-archive"
    version: Literal[1] = 1


class PipelineLine(Line):
    """What read documents."""

    fingerprint: Text
    described: Text
    first_used: Text


class PlaceLine(Line):
    """Where a document lies; bytes of a name that are no UTF-8 as lone surrogates (PEP 383), escaped."""

    path: AnyPath
    kind: InputKind
    container: AnyPath | None = None
    size: Int64
    stamp: Int64


class DocumentLine(Line):
    """A document: its row in the ledger, its places, its result, and what that was parsed from."""

    sha256: Text | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    bundle: Place | None = None
    """Of a part: the line of the document that stands for the whole file."""
    first_page: Place | None = None
    last_page: Place | None = None
    state: Literal["queued", "done", "failed"]
    category: Text | None = None
    message: Text | None = None
    attempts: Int64
    seconds: float | None = None
    memory_mb: Int64 | None = None
    page_amount: Int64 | None = None
    fingerprint: Text | None = None
    revision: Int64
    queued_at: Text
    finished_at: Text | None = None
    closed_at: Text | None = None
    closed_by: Text | None = None
    places: list[PlaceLine] = []
    result_fingerprint: Text | None = None
    dispatch: dict[str, Any] | None = None
    reading: dict[str, Any] | None = None
    as_read: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        part = self.bundle is not None
        if part != (self.first_page is not None) or part != (self.last_page is not None):
            raise ValueError
        if (self.state == "failed") != (self.category is not None):
            raise ValueError
        if self.category is not None:
            Category(self.category)
        if self.sha256 is None and not part and self.state != "failed":
            raise ValueError
        if (self.closed_at is None) != (self.closed_by is None) or min(self.attempts, self.revision) < 0:
            raise ValueError
        return self


class FactChange(Line):
    """What a person said of one key, before and after."""

    key: Text
    before: Any
    after: Any


class ValueChange(Line):
    """What a value was, before and after."""

    pointer: Text
    before: Any
    after: Any


class ChangeLine(Line):
    """One transaction of a person."""

    document: Place
    at: Text
    who: Text
    kind: Literal["confirm", "undo", "close", "reopen", "recut"]
    revision: Int64
    facts: list[FactChange]
    values: list[ValueChange]
    undoes: Place | None = None
    """The line of the change that it takes back."""


class FactLine(Line):
    """What holds of what people have said; ``change`` is the line of the change that said it."""

    document: Place
    change: Place
    fact: dict[str, Any]


class ContainerLine(Line):
    """A container whose files have all been noted."""

    path: AnyPath
    size: Int64
    stamp: Int64


class LeftOutLine(Line):
    """A file that was passed over."""

    path: AnyPath
    kind: Text
    container: AnyPath | None = None


def dumped(value: object) -> str:
    """JSON in one spelling, that UTF-8 can hold: lone surrogates are escaped."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _LONE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def pages_of(reading: bytes) -> Any:
    """The JSON of a :class:`vndoc.reading.Reading` as an archive keeps it."""
    return json.loads(zlib.decompress(reading).decode("utf-8", "surrogatepass"))


def packed(plain: object) -> bytes:
    """Inverse of :func:`pages_of`."""
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode("utf-8", "surrogatepass"), _LEVEL)


class Sink:
    """Where the files of an export go, one after the other."""

    def __init__(self, part: Path, stack: ExitStack, *, zipped: bool) -> None:
        self._part = part
        self._zip = stack.enter_context(zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED)) if zipped else None
        if not zipped:
            part.mkdir()

    @contextmanager
    def file(self, name: str) -> Iterator[IO[bytes]]:
        """Write one of the files."""
        if self._zip is None:
            with (self._part / name).open("wb") as out:
                yield out
        else:
            info = zipfile.ZipInfo(name, _MOMENT)
            info.compress_type = zipfile.ZIP_DEFLATED
            with self._zip.open(info, "w", force_zip64=True) as member:
                yield member


@contextmanager
def writing(target: Path) -> Iterator[Sink]:
    """A new export, which gets its name when it is whole: a ZIP file where that ends in ``.zip``, else a folder.

    Raises:
        MissingFileError: it is there already, or cannot be written.
        MachineError: no room is left.
    """
    if target.exists():
        raise MissingFileError(f"{target}: is there already; give another name")
    with unfinished(target) as part, ExitStack() as stack:
        yield Sink(part, stack, zipped=target.suffix.lower() == ".zip")


_Line = TypeVar("_Line", bound=Line)


class Source:
    """The files of an export that is read; each may be read several times."""

    def __init__(self, path: Path, opened: zipfile.ZipFile | None) -> None:
        self.path, self._zip = path, opened
        with self._file(HEAD) as file:
            self._load(Head, file.readline(_LONGEST), HEAD, 1)

    def lines(self, name: str, kind: type[_Line]) -> Iterator[_Line]:
        """The lines of one of the files, checked.

        Raises:
            FormatError: the file is missing, or a line is none of an export.
        """
        with self._file(name) as file:
            number = 0
            while data := file.readline(_LONGEST):
                number += 1
                yield self._load(kind, data, name, number)

    def _load(self, kind: type[_Line], data: bytes, name: str, number: int) -> _Line:
        try:
            return kind.model_validate(json.loads(data))
        except (ValueError, RecursionError):  # pydantic's is a ValueError; their own words quote the line
            raise FormatError(
                f"{self.path}: line {number} of {name} is not as 'vndoc archive export' writes it; export again"
            ) from None

    @contextmanager
    def _file(self, name: str) -> Iterator[IO[bytes]]:
        try:
            with self._zip.open(name) if self._zip else (self.path / name).open("rb") as file:
                yield file
        except (KeyError, FileNotFoundError):
            raise FormatError(f"{self.path}: has no {name}; is it what 'vndoc archive export' wrote?") from None
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
            raise FormatError(f"{self.path}: {name} in it is damaged; copy or export it again") from None
        except OSError as error:
            raise machine_fault(error, str(self.path)) or MissingFileError(
                f"{self.path}: {name} in it cannot be read ({error.strerror}); check the rights of the files"
            ) from None


@contextmanager
def reading(path: Path) -> Iterator[Source]:
    """An export, to be read.

    Raises:
        MissingFileError: it is not there, or cannot be read.
        FormatError: it is no export.
    """
    if not path.exists():
        raise MissingFileError(f"{path}: no such export; check the path")
    with ExitStack() as stack:
        try:
            opened = None if path.is_dir() else stack.enter_context(zipfile.ZipFile(path))
        except zipfile.BadZipFile:
            raise FormatError(f"{path}: is neither a folder nor a ZIP file that 'vndoc archive export' wrote") from None
        except OSError as error:
            raise MissingFileError(f"{path}: cannot be read ({error.strerror})") from None
        yield Source(path, opened)
