"""Files that hold files: ZIP, 7z, RAR, mails with attachments, PDFs with attached files; to a small depth.

A member's path is that of its container with its own name behind it: ``mail.eml/công văn.docx``.
"""

from vndoc.containers.base import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_MEMBER_BYTES,
    MAX_MEMBERS,
    Container,
    Member,
)
from vndoc.containers.tree import Found, Holds, contained, holds, is_hidden, open_within, parts, walk

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "MAX_MEMBERS",
    "MAX_MEMBER_BYTES",
    "Container",
    "Found",
    "Holds",
    "Member",
    "contained",
    "holds",
    "is_hidden",
    "open_within",
    "parts",
    "walk",
]
