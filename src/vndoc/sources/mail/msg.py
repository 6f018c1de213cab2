"""Outlook's mails ([MS-OXMSG]): properties in the streams of an OLE file.

extract-msg has the GPL, and python-oxmsg cannot give mails attached to mails; olefile opens the container.
"""

import io
import struct
from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256

import olefile

from vndoc.damage import DamageError, edge, raise_if_grave
from vndoc.errors import TooLargeError
from vndoc.sources.flow import pages_of
from vndoc.sources.html import decoded
from vndoc.sources.mail.message import MAX_ATTACHMENTS, Attachment, Mail, is_decoration, named
from vndoc.sources.mail.packed import unpacked
from vndoc.sources.rtf.reader import read_rtf

_PROPERTIES = "__properties_version1.0"
_STREAM, _ATTACHMENT, _EMBEDDED = "__substg1.0_", "__attach_version1.0_", "__substg1.0_3701000D"
_SUBJECT, _BODY, _HTML, _PACKED, _IDENTIFIER = "0037", "1000", "1013", "1009", "1035"
_DATA, _LONG_NAME, _NAME, _SHOWN_NAME, _KIND, _CONTENT_ID = "3701", "3707", "3704", "3001", "370E", "3712"
_CODE_PAGES = (0x3FDE, 0x3FFD)
_DEEPEST = 10
_MOST_BYTES = 512 * 1024**2
_DAMAGED, _ADVICE = "the mail is damaged", "save its attachments and give those"


def is_msg(data: bytes) -> bool:
    """Whether an OLE file is a mail."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            return bool(ole.exists(_PROPERTIES))
    except Exception as error:
        raise_if_grave(error)
        return False


def read_msg(data: bytes, name: str) -> Mail:
    """The mail in ``data``; errors of :func:`vndoc.sources.mail.read_mail`."""
    if len(data) > _MOST_BYTES:
        raise TooLargeError(f"{name}: a mail of more than {_MOST_BYTES // 1024**2} MiB is not read")
    with edge(name, _DAMAGED, _ADVICE), olefile.OleFileIO(io.BytesIO(data)) as ole:
        paths = [tuple(path) for path in ole.listdir()]
        attached = {path[:-1] for path in paths if len(path) > 1 and path[-2].startswith(_ATTACHMENT)}
        if len(attached) > MAX_ATTACHMENTS:
            raise TooLargeError(f"{name}: has more than {MAX_ATTACHMENTS} attachments; save what is needed as files")
        return _Reader(ole, paths).mail(())


class _Reader:
    def __init__(self, ole: "olefile.OleFileIO[str]", paths: "list[tuple[str, ...]]") -> None:
        self._ole = ole
        self._inner: dict[tuple[str, ...], dict[str, tuple[str, ...]]] = {}
        for path in paths:
            for depth in range(len(path)):
                self._inner.setdefault(path[:depth], {})[path[depth]] = path[: depth + 1]

    def mail(self, at: tuple[str, ...], depth: int = 0) -> Mail:
        """The mail in a storage; the outermost in the file itself."""
        if depth > _DEEPEST:
            raise DamageError(f"it nests more than {_DEEPEST} mails")
        entries = self._inner.get(at, {})
        pages = self._code_pages(at, 32 if not at else 24)
        mail = Mail(self._text(entries, _SUBJECT, pages), self._text(entries, _IDENTIFIER, pages))
        mail.plain = [body] if (body := self._text(entries, _BODY, pages)) else []
        mail.page = self._text(entries, _HTML, pages) or self._page(entries)
        if not (mail.plain or mail.page) and (packed := self._bytes(entries, f"{_PACKED}0102")):
            mail.plain = [page.text for page in pages_of(read_rtf(unpacked(packed)))]
        folders = sorted(name for name in entries if name.startswith(_ATTACHMENT))
        mail.attachments = named([self._attachment((*at, folder), pages, depth) for folder in folders])
        return mail

    def _attachment(self, at: tuple[str, ...], pages: list[str], depth: int) -> Attachment:
        entries = self._inner.get(at, {})
        texts = (self._text(entries, key, pages) for key in (_LONG_NAME, _NAME, _SHOWN_NAME))
        name = next((text for text in texts if text), "")
        if _EMBEDDED in entries:
            inner = self.mail((*at, _EMBEDDED), depth + 1)
            return Attachment(f"{name or inner.subject or 'mail'}.eml".replace(".msg.eml", ".eml"), as_eml(inner))
        data = self._bytes(entries, f"{_DATA}0102")
        kind = self._text(entries, _KIND, pages)
        within = bool(self._text(entries, _CONTENT_ID, pages))
        return Attachment(name or "attachment", data, is_decoration(kind, data, within=within))

    def _bytes(self, entries: Mapping[str, tuple[str, ...]], key: str) -> bytes:
        path = entries.get(f"{_STREAM}{key}")
        return bytes(self._ole.openstream(list(path)).read()) if path else b""

    def _text(self, entries: Mapping[str, tuple[str, ...]], key: str, pages: list[str]) -> str:
        """A property as text: in UTF-16, or in the code page that the mail names."""
        if wide := self._bytes(entries, f"{key}001F"):
            return wide.decode("utf-16-le", "replace").strip("\0")
        narrow = self._bytes(entries, f"{key}001E")
        for page in (*pages, "utf-8", "cp1258"):
            try:
                return narrow.decode(page).strip("\0")
            except (LookupError, UnicodeDecodeError):
                continue
        return narrow.decode("cp1252", "replace").strip("\0")

    def _page(self, entries: Mapping[str, tuple[str, ...]]) -> str:
        return decoded(self._bytes(entries, f"{_HTML}0102"))

    def _code_pages(self, at: tuple[str, ...], head: int) -> list[str]:
        """The code pages that its fixed properties name: 16 bytes each behind the head ([MS-OXMSG] 2.4)."""
        path = self._inner.get(at, {}).get(_PROPERTIES)
        data = bytes(self._ole.openstream(list(path)).read()) if path else b""
        found = {}
        for start in range(head, len(data) - 15, 16):
            tag, _, value = struct.unpack_from("<III", data, start)
            found[tag >> 16] = value
        return ["utf-8" if found[key] == 65001 else f"cp{found[key]}" for key in _CODE_PAGES if key in found]


def as_eml(mail: Mail) -> bytes:
    """A mail that was attached to an Outlook mail as a file of its own, the same bytes each time."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = " ".join(mail.subject.split())[:200]
    if mail.identifier.isascii() and mail.identifier.isprintable():
        message["Message-ID"] = mail.identifier[:200]
    message.set_content("\n".join(mail.plain))
    if mail.page:
        message.add_alternative(mail.page, subtype="html")
    for attachment in mail.attachments:
        if not attachment.decoration:
            message.add_attachment(attachment.data, "application", "octet-stream", filename=attachment.name)
    digest = sha256("\0".join([mail.subject, mail.page, *mail.plain]).encode("utf-8", "replace")).hexdigest()[:24]
    for number, part in enumerate(message.walk()):
        if part.is_multipart():
            part.set_boundary(f"=={digest}.{number}==")
    return message.as_bytes()
