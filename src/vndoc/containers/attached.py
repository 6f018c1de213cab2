"""Mails and PDFs as containers: what is attached to them."""

import io
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from io import BufferedIOBase
from operator import itemgetter
from typing import Any, cast

import pikepdf

from vndoc.containers import base
from vndoc.containers.base import Member
from vndoc.containers.zip import check_limits, check_size
from vndoc.damage import DamageError, edge
from vndoc.errors import EncryptedError, TooLargeError
from vndoc.sources import SourceFile
from vndoc.sources.mail import Attachment, read_mail
from vndoc.sources.mail.message import named
from vndoc.sources.pdf.contents import is_larger
from vndoc.sources.pdf.trees import embedded
from vndoc.sources.pdf.unshown import annotations

_MOST_ATTACHED = 1000


class _Attached:
    """Files that are held in memory."""

    def __init__(self, path: str, attachments: Sequence[Attachment]) -> None:
        self._path, self._attachments = path, {attachment.name: attachment for attachment in attachments}

    def members(self) -> Sequence[Member]:
        """See :meth:`~vndoc.containers.base.Container.members`, as for all methods."""
        check_limits(self._path, [len(attachment.data) for attachment in self._attachments.values()])
        return [Member(a.name, len(a.data), a.decoration) for a in self._attachments.values()]

    @contextmanager
    def open(self, name: str) -> Iterator[BufferedIOBase]:
        """The attachment."""
        data = self._attachments[name].data
        check_size(f"{self._path}/{name}", len(data))
        yield cast("BufferedIOBase", io.BytesIO(data))

    def digests(self) -> Mapping[str, str]:
        """Of all attachments."""
        return {name: sha256(attachment.data).hexdigest() for name, attachment in self._attachments.items()}


class MailContainer(_Attached):
    """The attachments of a mail."""

    def __init__(self, file: BufferedIOBase, path: str) -> None:
        mail = read_mail(SourceFile(path, file.read()))
        self.identifier = mail.identifier
        super().__init__(path, mail.attachments)


class PdfContainer(_Attached):
    """The files attached to a PDF, or to places on its pages: the documents of a portfolio."""

    def __init__(self, file: BufferedIOBase, path: str) -> None:
        super().__init__(path, named(_in_pdf(file, path)))


def _in_pdf(file: BufferedIOBase, path: str) -> list[Attachment]:
    with edge(path, "the files attached to the PDF cannot be read", "save them"):
        try:
            with pikepdf.open(cast("io.BytesIO", file)) as pdf:
                found: list[Any] = [spec for _, spec in sorted(embedded(pdf, _MOST_ATTACHED), key=itemgetter(0))]
                for note in annotations(pdf):
                    if note.get("/Subtype") == "/FileAttachment" and "/FS" in note:
                        found.append(note.get("/FS"))
                        if len(found) > _MOST_ATTACHED:
                            raise DamageError(f"it has more than {_MOST_ATTACHED}")
                return _within_limits(path, found)
        except pikepdf.PasswordError:
            message = "the PDF asks for a password; save a copy without one and give that"
            raise EncryptedError(f"{path}: {message}") from None


def _within_limits(path: str, specs: Sequence[Any]) -> list[Attachment]:
    """The attachments, as long as they are together no more than one container may hold in memory."""
    made, left = [], base.MAX_INNER_BYTES
    for spec in specs:
        attachment = _attachment(spec)
        if attachment is not None:
            left -= len(attachment.data)
            made.append(attachment)
        if left < 0:
            raise TooLargeError(f"{path}: has more than {base.MAX_INNER_BYTES // 1024**2} MiB attached; save them")
    return made


def _attachment(spec: Any) -> Attachment | None:
    """A file by its specification (ISO 32000-1, 7.11); None for one that lies elsewhere."""
    files = spec.get("/EF")
    if files is None:
        return None
    name = str(spec.get("/UF", spec.get("/F", "")))
    stream = files.get("/UF", files.get("/F"))
    return Attachment(name, _unpacked(stream))


def _unpacked(stream: Any) -> bytes:
    """The bytes of a stream, as many as one more than are taken; pikepdf itself knows no limit."""
    filters = stream.get("/Filter")
    packed = filters[0] if isinstance(filters, pikepdf.Array) and len(filters) == 1 else filters
    if packed == "/FlateDecode" and "/DecodeParms" not in stream:
        return zlib.decompressobj().decompress(bytes(stream.read_raw_bytes()), base.MAX_MEMBER_BYTES + 1)
    if is_larger(stream, base.MAX_MEMBER_BYTES):
        raise DamageError("one unpacks to more than is read")
    return bytes(stream.read_bytes())
