"""Backends by content: which format a file is, and the opened document."""

import logging
from collections.abc import Mapping
from functools import cache

from vndoc.damage import raise_if_grave, reason
from vndoc.errors import FormatError
from vndoc.registry import Registry
from vndoc.settings import DEFAULTS, Settings
from vndoc.sources.backend import Backend, OpenFile
from vndoc.sources.file import SourceFile
from vndoc.sources.guard import GuardedFile, guarded
from vndoc.sources.unread import unread_kind

logger = logging.getLogger(__name__)

_TEXT = "text/plain"
_WORD_PROCESSORS = frozenset(
    {
        "application/msword",
        "application/rtf",
        "application/vnd.oasis.opendocument.text",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "multipart/related",
        "text/html",
    }
)
"""Word opens any of these under the name of another, and programs of offices write web pages and RTF as .doc."""

_OLE = frozenset({"application/msword", "application/vnd.ms-outlook"})
"""Of a part of such a file nobody can tell which it is."""

BACKENDS: Registry[Backend] = Registry(
    "vndoc.backends",
    "format",
    {
        "pdf": "vndoc.sources.pdf:BACKEND",
        "image": "vndoc.sources.image:BACKEND",
        "word": "vndoc.sources.word:BACKEND",
        "doc": "vndoc.sources.doc:BACKEND",
        "odt": "vndoc.sources.odt:BACKEND",
        "rtf": "vndoc.sources.rtf:BACKEND",
        "html": "vndoc.sources.html:BACKEND",
        "mail": "vndoc.sources.mail:BACKEND",
        "text": "vndoc.sources.text:BACKEND",
    },
)
"""All formats. Plain text is asked last: nearly anything can be decoded as text."""


@cache
def backends() -> tuple[Backend, ...]:
    """All backends, in the order in which they are asked; looked up once in each process."""
    return tuple(sorted(BACKENDS.all(), key=lambda backend: _TEXT in backend.names))


@cache
def suffixes() -> Mapping[str, str]:
    """Suffixes of all formats and their media types."""
    return {suffix: kind for backend in backends() for suffix, kind in backend.suffixes.items()}


def detect(file: SourceFile) -> tuple[Backend, str]:
    """The backend and media type of a file, by its content.

    Raises:
        FormatError: the content is of no format that is read, or of another than the suffix promises.
    """
    names = {kind: name for backend in backends() for kind, name in backend.names.items()}
    claimed = suffixes().get(file.suffix)
    found = next(((backend, kind) for backend in backends() if (kind := _probed(backend, file.data))), None)
    other = unread_kind(file.data)
    if other is not None and (found is None or found[1] == _TEXT):
        raise FormatError(f"{file.name}: is {other.name}, which is not read here; {other.advice}")
    if found is None:
        what = f"not {names[claimed]}, nor" if claimed else "not"
        raise FormatError(
            f"{file.name}: {what} any format that is read here; give a PDF, an image, a Word file or UTF-8 text"
        )
    if claimed is not None and claimed != found[1] and not _may_be(claimed, found[1]):
        raise FormatError(
            f"{file.name}: is named as {names[claimed]} but its content is {names[found[1]]}; "
            "rename it or export it again"
        )
    return found


def _may_be(claimed: str, found: str) -> bool:
    """Whether a file of one kind goes under the name of another without anything being wrong."""
    return any({claimed, found} <= family for family in (_WORD_PROCESSORS, _OLE))


def open_file(file: SourceFile, settings: Settings | None = None) -> tuple[OpenFile, str]:
    """The opened document and its media type; errors of :func:`detect` and :meth:`Backend.open`."""
    backend, kind = detect(file)
    opened = guarded(kind, "opening the file", lambda: backend.open(file, settings or DEFAULTS))
    return GuardedFile(opened, kind), kind


def _probed(backend: Backend, data: bytes) -> str | None:
    try:
        return backend.probe(data)
    except Exception as error:
        raise_if_grave(error)
        logger.warning(
            "the format %s cannot tell its files (%s); it is passed over", "/".join(backend.names), reason(error)
        )
        return None
