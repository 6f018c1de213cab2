"""Formats that are recognised in order to say what they are, and not read as something else."""

from typing import NamedTuple

import regex

_HEAD = 4096  # bytes looked at


class UnreadKind(NamedTuple):
    """What a file is, and what its owner can do."""

    name: str
    advice: str


_WORD = "open it in Office or LibreOffice and save it as PDF"

ZIP_FILE = UnreadKind("a ZIP file", "unpack it, or give it to 'vndoc batch'")
"""Not a document, but it may hold some."""

_SIGNS: tuple[tuple[bytes, UnreadKind], ...] = (
    (
        rb"\APK\x03\x04.{22}.{0,64}(?:xl/|ppt/|\[Content_Types\]\.xml)",
        UnreadKind("an Office file (XLSX or PPTX)", _WORD),
    ),
    (rb"\APK\x03\x04.{26}mimetypeapplication/vnd\.oasis", UnreadKind("an OpenDocument table or picture", _WORD)),
    (rb"\APK\x03\x04", ZIP_FILE),
    (rb"\A\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", UnreadKind("an old Office file (XLS or PPT)", _WORD)),
    (rb"\A7z\xbc\xaf\x27\x1c", UnreadKind("a 7z archive", "unpack it")),
    (rb"\ARar!\x1a\x07", UnreadKind("a RAR archive", "unpack it")),
)
_COMPILED = tuple((regex.compile(sign, regex.I | regex.S), kind) for sign, kind in _SIGNS)


def unread_kind(data: bytes) -> UnreadKind | None:
    """What the bytes are, if they are of a format that vndoc knows and does not read."""
    head = data[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n\t ") if data[:1] != b"\x00" else data[:_HEAD]
    return next((kind for sign, kind in _COMPILED if sign.match(head)), None)
