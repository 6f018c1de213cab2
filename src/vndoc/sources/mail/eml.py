"""Mails and web archives in MIME (RFC 5322, 2045), by the standard library."""

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import EmailPolicy, Policy
from typing import Any, cast

from vndoc.damage import DamageError, edge, raise_if_grave
from vndoc.errors import TooLargeError
from vndoc.sources.html import decoded
from vndoc.sources.mail.message import MAX_ATTACHMENTS, Attachment, Mail, is_decoration, name_for, named

_MOST_BYTES = 256 * 1024**2
_MOST_PARTS = 5 * MAX_ATTACHMENTS
_DEEPEST = 50
_DEEPEST_MAIL = 100
"""Parts within one another, those of attached mails too: the library looks at each line once for every one of them."""
_LONGEST_HEADER = 8_000
"""Letters of a header that are taken apart, which takes time by their square."""
_SEALS = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"})
_DAMAGED, _ADVICE = "the mail is damaged", "save its attachments and give those"


def read_eml(data: bytes, name: str) -> Mail:
    """The mail in ``data``; errors of :func:`vndoc.sources.mail.read_mail`."""
    if len(data) > _MOST_BYTES:
        raise TooLargeError(f"{name}: a mail of more than {_MOST_BYTES // 1024**2} MiB is not read")
    with edge(name, _DAMAGED, _ADVICE):
        parser = BytesParser(policy=_Rules(message_factory=_Parts(name).made))
        message = cast("EmailMessage", parser.parsebytes(data.removeprefix(b"\xef\xbb\xbf").lstrip()))
        mail = Mail(_header(message, "Subject"), _header(message, "Message-ID"))
        for number, (part, within) in enumerate(_parts(message)):
            if number >= _MOST_PARTS or len(mail.attachments) > MAX_ATTACHMENTS:
                raise _too_many(name)
            _take(part, mail, within=within)
    mail.attachments = named(mail.attachments)
    return mail


@dataclass(slots=True)
class _Parts:
    """Counts the parts of a mail while it is parsed: thousands would take minutes."""

    name: str
    amount: int = 0

    def made(self, policy: "Policy[Any]") -> EmailMessage:
        """A part, still empty."""
        self.amount += 1
        if self.amount > _MOST_PARTS:
            raise _too_many(self.name)
        return _Part(policy)


class _Part(EmailMessage):
    """A part that knows how deep it lies."""

    depth = 0

    def attach(self, payload: Any) -> None:
        """Take a part in, as the parser does before it goes on with what is in that."""
        if isinstance(payload, _Part):
            payload.depth = self.depth + 1
            if payload.depth > _DEEPEST_MAIL:
                raise DamageError(f"it nests more than {_DEEPEST_MAIL} parts")
        super().attach(payload)


class _Rules(EmailPolicy):
    """The standard rules, as long as a header is one that somebody wrote."""

    def header_fetch_parse(self, name: str, value: Any) -> Any:
        """A header, taken apart."""
        return super().header_fetch_parse(name, value[:_LONGEST_HEADER] if isinstance(value, str) else value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        """A header as it is written; one of great length as it was."""
        long = len(value) > _LONGEST_HEADER
        return EmailPolicy.fold_binary(self.clone(refold_source="none") if long else self, name, value)


def _too_many(name: str) -> TooLargeError:
    return TooLargeError(f"{name}: has more than {MAX_ATTACHMENTS} attachments; save what is needed as files")


def _parts(message: EmailMessage, depth: int = 0, *, within: bool = False) -> Iterator[tuple[EmailMessage, bool]]:
    """The parts that hold something, and whether each stands within a page."""
    if depth > _DEEPEST:
        raise DamageError(f"it nests more than {_DEEPEST} parts")
    if message.get_content_maintype() != "multipart":
        yield message, within
        return
    related = within or message.get_content_subtype() == "related"
    for part in message.iter_parts():
        yield from _parts(cast("EmailMessage", part), depth + 1, within=related)


def _take(part: EmailMessage, mail: Mail, *, within: bool) -> None:
    kind, file_name = part.get_content_type(), part.get_filename()
    if kind in _SEALS:
        return
    if kind == "message/rfc822":
        inner = part.get_payload(0)
        subject = _header(cast("EmailMessage", inner), "Subject") or "mail"
        mail.attachments.append(Attachment(file_name or f"{subject}.eml", cast("EmailMessage", inner).as_bytes()))
        return
    data = cast("bytes", part.get_payload(decode=True) or b"")
    body = file_name is None and part.get_content_disposition() != "attachment"
    if body and kind == "text/plain":
        mail.plain.append(_letters(part, data))
    elif body and kind == "text/html" and not mail.page:
        mail.page = _letters(part, data)
    elif data and not (within and kind in ("text/css", "text/javascript", "text/html")):
        decoration = is_decoration(kind, data, within=within or "Content-ID" in part)
        mail.attachments.append(Attachment(file_name or name_for(kind), data, decoration))


def _letters(part: EmailMessage, data: bytes) -> str:
    """The text of a part by the encoding it names, where that is one; else as a browser would guess."""
    try:
        return data.decode(part.get_content_charset("utf-8"))
    except (LookupError, ValueError):  # what is named may be no name at all, or a codec that decodes nothing
        return decoded(data)


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message.get(name) or "").strip()
    except Exception as error:  # of headers that no rule allows
        raise_if_grave(error)
        return ""
