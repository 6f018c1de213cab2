"""Formats that are recognised in order to say what they are, and not read as something else."""

from typing import NamedTuple

import regex

_HEAD = 4096  # bytes looked at


class UnreadKind(NamedTuple):
    """What a file is, and what its owner can do."""

    name: str
    advice: str


_WORD = "open it in Word or LibreOffice and save it as PDF"
_MAIL = "save its attachments as files and give those"
_PHOTO = "save it as JPEG or PNG"

ZIP_FILE = UnreadKind("a ZIP file", "unpack it, or give it to 'vndoc batch'")
"""Not a document, but it may hold some."""

_SIGNS: tuple[tuple[bytes, UnreadKind], ...] = (
    (rb"\A\{\\rtf", UnreadKind("an RTF file", _WORD)),
    (
        rb"\A\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!doctype\s+html|<html[\s>])",
        UnreadKind("a web page (HTML)", _WORD),
    ),
    (rb"\AMIME-Version:", UnreadKind("a web archive or mail (MIME)", _MAIL)),
    (
        rb"\A(?:[!-9;-~]+:[^\r\n]*\r?\n(?:[ \t]+[^\r\n]*\r?\n)*){0,60}?"
        rb"(?:From|Received|Return-Path|Message-ID|Delivered-To):"
        rb"[^\r\n]*\r?\n(?:.*?\n)?(?:To|Subject|MIME-Version|Content-Type|Date|Message-ID|From|Received|Delivered-To):",
        UnreadKind("a mail message", _MAIL),
    ),
    (
        rb"\APK\x03\x04.{22}.{0,64}(?:word/|\[Content_Types\]\.xml)",
        UnreadKind("an Office file (DOCX, XLSX or PPTX)", _WORD),
    ),
    (rb"\APK\x03\x04.{26}mimetypeapplication/vnd\.oasis", UnreadKind("an OpenDocument file", _WORD)),
    (rb"\APK\x03\x04", ZIP_FILE),
    (rb"\A\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", UnreadKind("an old Office file or mail (DOC, XLS or MSG)", _WORD)),
    (rb"\A.{4}ftyp(?:heic|heix|hevc|heim|heis|mif1|msf1|avif)", UnreadKind("a HEIC or AVIF photo", _PHOTO)),
    (rb"\ARIFF.{4}WEBP", UnreadKind("a WebP image", _PHOTO)),
    (rb"\AGIF8[79]a", UnreadKind("a GIF image", _PHOTO)),
    (rb"\A(?:\x00\x00\x00\x0cjP  |\xff\x4f\xff\x51)", UnreadKind("a JPEG 2000 image", _PHOTO)),
    (rb"\A7z\xbc\xaf\x27\x1c", UnreadKind("a 7z archive", "unpack it")),
    (rb"\ARar!\x1a\x07", UnreadKind("a RAR archive", "unpack it")),
)
_COMPILED = tuple((regex.compile(sign, regex.I | regex.S), kind) for sign, kind in _SIGNS)


def unread_kind(data: bytes) -> UnreadKind | None:
    """What the bytes are, if they are of a format that vndoc knows and does not read."""
    head = data[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n\t ") if data[:1] != b"\x00" else data[:_HEAD]
    return next((kind for sign, kind in _COMPILED if sign.match(head)), None)
