"""Containers within containers: all files of one, and each by its path."""

import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from enum import Enum
from io import BufferedIOBase
from pathlib import Path, PurePosixPath
from typing import NamedTuple, cast

from vndoc.containers import base
from vndoc.containers.attached import MailContainer, PdfContainer
from vndoc.containers.base import Container, Member
from vndoc.containers.rar import RarContainer
from vndoc.containers.sevenzip import SevenZipContainer
from vndoc.containers.zip import ZipContainer
from vndoc.errors import EmptyFileError, FormatError, InputError, TooLargeError
from vndoc.sources import SourceFile, detect, load_file, suffixes
from vndoc.sources.doc import OLE
from vndoc.sources.mail import BACKEND as MAILS
from vndoc.sources.mail import EML, MSG
from vndoc.sources.pdf import BACKEND as PDFS
from vndoc.sources.pdf import PDF

_HEAD = 4096
_NONE: frozenset[str] = frozenset()
_Maker = Callable[[BufferedIOBase, str], Container]
_PACKED: dict[str, tuple[re.Pattern[bytes], _Maker]] = {
    ".zip": (re.compile(rb"PK\x03\x04|PK\x05\x06"), ZipContainer),
    ".7z": (re.compile(rb"7z\xbc\xaf\x27\x1c"), SevenZipContainer),
    ".rar": (re.compile(rb"Rar!\x1a\x07"), RarContainer),
}
_WITH_ATTACHMENTS: dict[str, tuple[str, _Maker]] = {
    ".eml": (EML, MailContainer),
    ".msg": (MSG, MailContainer),
    ".pdf": (PDF, PdfContainer),
}


class Holds(Enum):
    """What a file is, as far as other files go."""

    NOTHING = "a document alone"
    MEMBERS = "only a container"
    ATTACHMENTS = "a document with others attached"


class Found(NamedTuple):
    """A file in a container, or why it or what it holds cannot be read."""

    path: str
    """Below the outermost container."""
    size: int
    sha256: str | None = None
    decoration: bool = False
    container: bool = False
    """Whether it only holds others and is no document itself."""
    error: InputError | None = None


def holds(name: str, *, attachments: bool = False) -> Holds:
    """What a file may hold by its name; PDFs only where their attachments are asked for.

    >>> str(holds("thư.EML")), str(holds("a.pdf")), str(holds("a.7z"))
    ('Holds.ATTACHMENTS', 'Holds.NOTHING', 'Holds.MEMBERS')
    """
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in _PACKED:
        return Holds.MEMBERS
    return Holds.ATTACHMENTS if suffix in _WITH_ATTACHMENTS and (attachments or suffix != ".pdf") else Holds.NOTHING


def contained(file: BufferedIOBase, path: str) -> Container:
    """The container in a file, by its content; errors of its kind.

    Raises:
        FormatError: it is none, whatever its name says.
    """
    file.seek(0)
    head = file.read(_HEAD)
    file.seek(0)
    suffix = PurePosixPath(path).suffix.lower()
    for sign, maker in _PACKED.values():
        if sign.match(head):
            return maker(file, path)
    if suffix == ".zip":
        return ZipContainer(file, path)  # says what is wrong with it
    if suffix in _PACKED:
        raise FormatError(f"{path}: is named as a {suffix[1:]} file and is none; copy it again")
    if PDFS.probe(head):
        return PdfContainer(file, path)
    if head.startswith(OLE) or MAILS.probe(head):
        return MailContainer(file, path)
    raise FormatError(f"{path}: is no file that holds others; copy it again")


@dataclass(slots=True)
class _Budget:
    """How many files and bytes may still be found, in all containers together."""

    files: int
    bytes: int

    def spend(self, members: Sequence[Member], name: str) -> None:
        self.files -= len(members)
        self.bytes -= sum(member.size for member in members)
        self.check(name)

    def check(self, name: str) -> None:
        if self.files < 0 or self.bytes < 0:
            limit = f"{base.MAX_MEMBERS} files or {base.MAX_BYTES // 1024**3} GiB"
            raise TooLargeError(f"{name}: holds more than {limit} with what it lies in; unpack what is needed")


def walk(container: Container, *, attachments: bool = False, digests: bool = False) -> Iterator[Found]:
    """All files in a container, those of containers in it behind these; errors of :meth:`Container.members`.

    Args:
        container: the outermost.
        attachments: whether files attached to PDFs are wanted.
        digests: whether to hash what costs less to hash at once.
    """
    return _Walk(attachments, _Budget(base.MAX_MEMBERS, base.MAX_BYTES)).through(container, digests=digests)


@dataclass(slots=True)
class _Walk:
    attachments: bool
    budget: _Budget

    def through(
        self, container: Container, *, digests: bool = True, at: str = "", depth: int = 1, mails: frozenset[str] = _NONE
    ) -> Iterator[Found]:
        """The files of one container that lies ``at`` a path; ``mails`` are the identifiers of those around it."""
        members = container.members()
        self.budget.spend(members, at.rstrip("/") or "the container")
        known = container.digests() if digests else {}
        own = frozenset({container.identifier}) if isinstance(container, MailContainer) else _NONE
        for member in members:
            kind = holds(member.name, attachments=self.attachments)
            digest = known.get(member.name)
            yield Found(at + member.name, member.size, digest, member.decoration, kind is Holds.MEMBERS)
            if kind is not Holds.NOTHING:
                yield from self._within(container, member, at + member.name, depth, mails | own)

    def _within(
        self, container: Container, member: Member, path: str, depth: int, mails: frozenset[str]
    ) -> Iterator[Found]:
        """What a member holds; what is wrong with it stands where its files would."""
        try:
            if depth >= base.MAX_DEPTH:
                if holds(member.name) is Holds.NOTHING:
                    return  # a PDF is read as what it is
                limit = f"{base.MAX_DEPTH} containers within one another are opened"
                raise TooLargeError(f"{path}: no more than {limit}; save what is in it as files")
            self.budget.check(path)
            inner = contained(_file(_read(container, member, path)), path)
            if isinstance(inner, MailContainer) and inner.identifier and inner.identifier in mails:
                raise FormatError(f"{path}: the mail holds itself; what is attached to it is read once")
            yield from self.through(inner, at=f"{path}/", depth=depth + 1, mails=mails)
        except InputError as error:
            yield Found(path, member.size, container=True, error=error)


def _read(container: Container, member: Member, path: str) -> bytes:
    """The bytes of a container within another."""
    limit = base.MAX_INNER_BYTES
    with container.open(member.name) as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise TooLargeError(f"{path}: a container of more than {limit // 1024**2} MiB in another; unpack it")
    return data


def _file(data: bytes) -> BufferedIOBase:
    return cast("BufferedIOBase", io.BytesIO(data))


@contextmanager
def open_within(container: Container, path: str) -> Iterator[BufferedIOBase]:
    """The file at a path below a container, through the containers on the way.

    Raises:
        KeyError: there is none.
        InputError: it, or a container on the way, cannot be read.
    """
    with _Way(container).open(path) as file:
        yield file


class _Way:
    """The containers on the way to the file that was opened last, kept for the next, which mostly lies beside it."""

    def __init__(self, container: Container) -> None:
        self._containers = [("", container)]

    @contextmanager
    def open(self, path: str) -> Iterator[BufferedIOBase]:
        """The file at a path; errors of :func:`open_within`."""
        while not path.startswith(self._containers[-1][0]):
            self._containers.pop()
        with ExitStack() as stack:
            while True:
                at, container = self._containers[-1]
                try:
                    file = stack.enter_context(container.open(path[len(at) :]))
                    break
                except KeyError:
                    member = _on_the_way(container, path[len(at) :])
                inner = contained(_file(_read(container, member, member.name)), member.name)
                self._containers.append((f"{at}{member.name}/", inner))
            yield file


def _on_the_way(container: Container, path: str) -> Member:
    """The member that a path leads through."""
    leading = (member for member in container.members() if path.startswith(f"{member.name}/"))
    longest = max(leading, key=lambda member: len(member.name), default=None)
    if longest is None:
        raise KeyError(path)
    return longest


def parts(source: str | Path | bytes | SourceFile, *, attachments: bool = False) -> Iterator[SourceFile | InputError]:
    """The documents in a file: itself, then those it holds, in order; in place of what cannot be read, why.

    Args:
        source: path or bytes of any file; one that holds none is the only part.
        attachments: whether files attached to PDFs are wanted.

    Raises:
        MissingFileError, EmptyFileError: the file itself cannot be read.

    >>> [part.name for part in parts(b"SO NOI VU")]
    ['<bytes>']
    """
    file = load_file(source)
    kind = _kind(file, attachments=attachments)
    if kind is not Holds.MEMBERS:
        yield file
    if kind is Holds.NOTHING:
        return
    try:
        container = contained(_file(file.data), file.name)
        way = _Way(container)
        for found in walk(container, attachments=attachments):
            yield from _part(way, found, file.name)
    except InputError as error:
        yield error


def _part(way: "_Way", found: Found, name: str) -> Iterator[SourceFile | InputError]:
    path = f"{name}/{found.path}"
    if found.error is not None:
        yield type(found.error)(f"{name}/{found.error}")
        return
    if found.container or found.decoration or is_hidden(found.path):
        return
    try:
        with way.open(found.path) as file:
            data = file.read(base.MAX_MEMBER_BYTES + 1)
        yield SourceFile(path, data) if data else EmptyFileError(f"{path}: the file is empty (0 bytes)")
    except KeyError:
        yield FormatError(f"{path}: cannot be found again; unpack it")
    except InputError as error:
        yield error


def _kind(file: SourceFile, *, attachments: bool) -> Holds:
    """What a file holds, by its content."""
    if any(sign.match(file.data) for sign, _ in _PACKED.values()):
        try:
            detect(file)
        except FormatError:
            return Holds.NOTHING if file.suffix in suffixes() else Holds.MEMBERS
        return Holds.NOTHING
    try:
        _, kind = detect(file)
    except FormatError:
        return Holds.NOTHING
    wanted = {EML, MSG, PDF} if attachments else {EML, MSG}
    return Holds.ATTACHMENTS if kind in wanted else Holds.NOTHING


def is_hidden(path: str) -> bool:
    """Whether a file is one that systems keep for themselves."""
    return any(part.startswith(".") or part == "__MACOSX" for part in PurePosixPath(path).parts)
