"""OpenDocument text (ODT): what is printed of it. Macros, linked files and deleted text stay unread."""

import re

from lxml import etree

from vndoc.damage import edge
from vndoc.errors import EncryptedError, FormatError
from vndoc.settings import Settings
from vndoc.sources.backend import OpenFile
from vndoc.sources.file import SourceFile
from vndoc.sources.flow import Block, Picture, flowing, pages_of
from vndoc.sources.odt.body import Body
from vndoc.sources.odt.lists import Lists
from vndoc.sources.odt.styles import Styles
from vndoc.sources.xml import attribute, child, local, parse_xml
from vndoc.sources.zipped import Zipped

ODT = "application/vnd.oasis.opendocument.text"
_SIGN = re.compile(rb"PK\x03\x04.{26}mimetypeapplication/vnd\.oasis\.opendocument\.text(?:-template)?(?=PK|\x03)", re.S)


class OdtBackend:
    """See :class:`~vndoc.sources.backend.Backend`."""

    names = {ODT: "an OpenDocument text (ODT)"}  # noqa: RUF012 -- the protocol's read-only mapping
    suffixes = {".odt": ODT, ".ott": ODT}  # noqa: RUF012

    def probe(self, data: bytes) -> str | None:
        """By the kind that its first part names (ODF 1.3, part 2, 3.3)."""
        return ODT if _SIGN.match(data) else None

    def open(self, file: SourceFile, settings: Settings) -> OpenFile:
        """See :meth:`~vndoc.sources.backend.Backend.open`."""
        with edge(file.name, "the ODT file is damaged", "open it in LibreOffice and save it again"):
            parts = Zipped(file.data, file.name)
            if "META-INF/manifest.xml" in parts and b"encryption-data" in parts.read("META-INF/manifest.xml"):
                raise EncryptedError(f"{file.name}: asks for a password; save a copy without one and give that")
            content = parse_xml(parts.read("content.xml"), file.name)
            common = parse_xml(parts.read("styles.xml"), file.name) if "styles.xml" in parts else None
            text = child(content, "body", "text")
            if text is None:
                raise FormatError(f"{file.name}: holds no text document; save it again as ODT or PDF")
            roots = [root for root in (common, content) if root is not None]
            body = Body(Styles(roots), Lists(roots))
            blocks = body.blocks(text)
            head, foot = (_margin(common, body, name) for name in ("header", "footer"))
            pictures = [_picture(parts, name) for name in dict.fromkeys(body.pictures)]
            return flowing(file, pages_of([*head, *blocks, *body.notes, *foot]), settings, pictures)


def _picture(parts: Zipped, name: str) -> Picture:
    return name, parts.read(name) if name in parts else None


def _margin(root: etree._Element | None, body: Body, name: str) -> list[Block]:
    """The header or footer of the pages of the first master, without page numbers."""
    masters = child(root, "master-styles")
    pages = (page for page in (masters if masters is not None else ()) if local(page) == "master-page")
    found = child(next(pages, None), name)
    if found is None or attribute(found, "display") == "false":
        return []
    return [block for block in body.blocks(found, numbered_pages=False) if not isinstance(block, str) or block.strip()]


BACKEND = OdtBackend()
