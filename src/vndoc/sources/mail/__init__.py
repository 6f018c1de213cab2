"""Mails (EML, MSG) and web archives (MHT): the text of the body. Attachments are documents of their own.

What a mail's pictures and links point to is never fetched. ``vndoc.containers`` hands out the attachments.
"""

import re
from itertools import takewhile

from vndoc.damage import edge
from vndoc.errors import EmptyFileError, FormatError
from vndoc.settings import Settings
from vndoc.sources.backend import OpenFile, Remark
from vndoc.sources.doc import OLE
from vndoc.sources.file import SourceFile
from vndoc.sources.flow import flowing, pages_of_text
from vndoc.sources.mail.eml import read_eml
from vndoc.sources.mail.message import Attachment, Mail
from vndoc.sources.mail.msg import is_msg, read_msg
from vndoc.sources.mojibake import LostLettersError

__all__ = ["BACKEND", "EML", "MHT", "MSG", "Attachment", "Mail", "read_mail"]

EML, MSG, MHT = "message/rfc822", "application/vnd.ms-outlook", "multipart/related"
_HEAD = 4096
_LEAST_FIELDS = 2
_MOST_NAMES = 5
_MIME = re.compile(rb"MIME-Version:", re.I)
_RELATED = re.compile(rb"^Content-Type:\s*multipart/related", re.I | re.M)
_FIELD = re.compile(rb"[!-9;-~]+:")
_SENT = re.compile(rb"^(?:From|Received|Return-Path|Message-ID|Delivered-To):", re.I | re.M)
_KNOWN = re.compile(
    rb"^(?:From|To|Subject|MIME-Version|Content-Type|Date|Message-ID|Received|Return-Path|Delivered-To):", re.I | re.M
)


class MailBackend:
    """See :class:`~vndoc.sources.backend.Backend`."""

    names = {EML: "a mail (EML)", MSG: "an Outlook mail (MSG)", MHT: "a web archive (MHT)"}  # noqa: RUF012
    suffixes = {".eml": EML, ".msg": MSG, ".mht": MHT, ".mhtml": MHT}  # noqa: RUF012

    def probe(self, data: bytes) -> str | None:
        """By the fields of its head, or by the streams of Outlook."""
        if data.startswith(OLE):
            return MSG if is_msg(data) else None
        head = _fields(data[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n\t "))
        if _MIME.match(head) or (_SENT.search(head) and len(_KNOWN.findall(head)) >= _LEAST_FIELDS):
            return MHT if _RELATED.search(head) and not re.search(rb"^To:", head, re.I | re.M) else EML
        return None

    def open(self, file: SourceFile, settings: Settings) -> OpenFile:
        """See :meth:`~vndoc.sources.backend.Backend.open`."""
        with edge(file.name, "the mail is damaged", "save its attachments and give those"):
            try:
                mail = read_mail(file)
                text = mail.text()
                text = text if text.strip() else mail.subject
            except LostLettersError as error:
                raise FormatError(f"{file.name}: {error}; save it again as UTF-8") from error
            if not text.strip():
                raise EmptyFileError(f"{file.name}: the mail itself holds neither text nor subject")
            names = [attachment.name for attachment in mail.attachments if not attachment.decoration]
            return flowing(file, pages_of_text(text), settings, remarks=[_apart(names)] if names else [])


def _apart(names: list[str]) -> Remark:
    shown = ", ".join(f'"{name}"' for name in names[:_MOST_NAMES])
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    files = f"{len(names)} attached file{'s' * (len(names) > 1)}"
    return Remark("attachments-apart", f"The mail has {files} ({shown}{more}), each a document of its own.")


def read_mail(file: SourceFile) -> Mail:
    """A mail of any kind.

    Raises:
        FormatError: it is damaged, or nests without end.
        TooLargeError: it has more attachments than are taken from one mail.
    """
    return read_msg(file.data, file.name) if file.data.startswith(OLE) else read_eml(file.data, file.name)


def _fields(head: bytes) -> bytes:
    """The lines of a mail's head at the beginning of a text; none where the first is no field."""
    lines = head.splitlines(keepends=True)
    fields = takewhile(lambda line: _FIELD.match(line) or line[:1] in (b" ", b"\t"), lines)
    return b"".join(fields) if lines and _FIELD.match(lines[0]) else b""


BACKEND = MailBackend()
