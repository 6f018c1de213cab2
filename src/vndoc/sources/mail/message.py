"""What any mail comes to: its text, and what is attached."""

import mimetypes
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

from vndoc.errors import EmptyFileError
from vndoc.sources.html import html_text
from vndoc.sources.markup import without_markup
from vndoc.sources.mojibake import unmangled

MAX_ATTACHMENTS = 1000
"""Of one mail. Mail servers take messages of some 25 MiB."""
_DECORATION_BYTES = 100_000
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\]+")
_LONGEST_NAME = 150


class Attachment(NamedTuple):
    """A file in a mail. A decoration is a small picture that belongs to the look of the text: a logo, a smile."""

    name: str
    data: bytes
    decoration: bool = False


@dataclass(slots=True)
class Mail:
    """A mail as it was sent: plain text, or as a page; the identifier by which it is known; its attachments."""

    subject: str = ""
    identifier: str = ""
    plain: list[str] = field(default_factory=list)
    page: str = ""
    attachments: list[Attachment] = field(default_factory=list)

    def text(self) -> str:
        """The text of the body: as a browser lays it out, where it is a page as well."""
        if self.page:
            with suppress(EmptyFileError):
                if (shown := html_text(self.page)).strip():
                    return shown
        return without_markup(unmangled("\n".join(self.plain)))


def named(attachments: Sequence[Attachment]) -> list[Attachment]:
    """The attachments with names that are file names, each of its own."""
    taken: set[str] = set()
    made = []
    for attachment in attachments:
        name = _UNSAFE.sub("_", attachment.name).strip(" .")[-_LONGEST_NAME:] or "attachment"
        stem, dot, suffix = name.rpartition(".") if "." in name else (name, "", "")
        number = 1
        while name.lower() in taken:
            number += 1
            name = f"{stem} ({number}){dot}{suffix}"
        taken.add(name.lower())
        made.append(attachment._replace(name=name))
    return made


def is_decoration(kind: str, data: bytes, *, within: bool) -> bool:
    """Whether a part is a small picture within the text."""
    return within and kind.startswith("image/") and len(data) < _DECORATION_BYTES


def name_for(kind: str) -> str:
    """A name for a part that has none."""
    return f"attachment{mimetypes.guess_extension(kind) or ''}"
