"""Word 97–2003 files (DOC): the text that is printed, read from their piece table. Macros stay untouched.

Numbers of paragraphs are those of [MS-DOC]. Antiword and catdoc are no longer kept up and are programs to install;
olefile opens the container, and what the text needs of the format is a few tables.
"""

import io
from collections.abc import Iterator

import olefile

from vndoc.damage import edge, raise_if_grave
from vndoc.errors import EncryptedError
from vndoc.settings import Settings
from vndoc.sources.backend import OpenFile
from vndoc.sources.doc.body import Body
from vndoc.sources.doc.lists import numbering
from vndoc.sources.doc.properties import Properties, read_properties
from vndoc.sources.doc.tables import Tables
from vndoc.sources.file import SourceFile
from vndoc.sources.flow import Block, flowing, pages_of

DOC = "application/msword"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORD = "WordDocument"
_LOCKED = "EncryptedPackage"
_DAMAGED, _ADVICE = "the Word file is damaged or cut off", "open it in Word and save it again"


class DocBackend:
    """See :class:`~vndoc.sources.backend.Backend`."""

    names = {DOC: "a Word 97 file (DOC)"}  # noqa: RUF012 -- the protocol's read-only mapping
    suffixes = {".doc": DOC, ".dot": DOC}  # noqa: RUF012

    def probe(self, data: bytes) -> str | None:
        """By the streams in its container; a damaged container may have been a Word file."""
        if not data.startswith(OLE):
            return None
        try:
            with olefile.OleFileIO(io.BytesIO(data)) as ole:
                return DOC if ole.exists(_WORD) or ole.exists(_LOCKED) else None
        except Exception as error:
            raise_if_grave(error)
            return DOC

    def open(self, file: SourceFile, settings: Settings) -> OpenFile:
        """See :meth:`~vndoc.sources.backend.Backend.open`."""
        with edge(file.name, _DAMAGED, _ADVICE):
            with olefile.OleFileIO(io.BytesIO(file.data)) as ole:
                if ole.exists(_LOCKED):
                    raise _locked(file.name)
                tables = Tables.of(ole)
            if tables.locked:
                raise _locked(file.name)
            return flowing(file, pages_of(list(_blocks(tables))), settings)


def _locked(name: str) -> EncryptedError:
    return EncryptedError(f"{name}: the Word file asks for a password; save a copy without one and give that")


def _blocks(tables: Tables) -> Iterator[Block]:
    """Header, text, text boxes, notes and footer."""
    properties: Properties = read_properties(tables)
    body = Body(tables, properties, numbering(tables))
    head, foot = tables.margins()
    yield from (block for story in head for block in body.blocks(*story) if _is_text(block))
    yield from body.blocks(0, tables.amounts[0])
    yield from body.blocks(*tables.part(5))
    yield from body.notes(*tables.part(1))
    yield from body.notes(*tables.part(4))
    yield from (block for story in foot for block in body.blocks(*story) if _is_text(block))


def _is_text(block: Block) -> bool:
    """Whether it is more than the number of a page ('Trang 2')."""
    return not isinstance(block, str) or sum(word.isalpha() for word in block.split()) > 1


BACKEND = DocBackend()
