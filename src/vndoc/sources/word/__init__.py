"""Word files (DOCX, DOCM, DOTX): the text that is printed. Macros and what lies elsewhere stay untouched.

The parts are read by themselves rather than through python-docx, which leaves out tracked insertions, text boxes and
the labels of lists, and refuses files with a relation to nothing.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from lxml import etree

from vndoc.damage import edge
from vndoc.errors import FormatError
from vndoc.settings import Settings
from vndoc.sources.backend import OpenFile
from vndoc.sources.file import SourceFile
from vndoc.sources.flow import Block, flowing, pages_of
from vndoc.sources.word.body import Body
from vndoc.sources.word.numbering import Numbering
from vndoc.sources.word.styles import Styles, on
from vndoc.sources.xml import attribute, child, local, parse_xml
from vndoc.sources.zipped import Zipped

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_FIRST = re.compile(rb"PK\x03\x04.{26}(?:\[Content_Types\]\.xml|_rels/|word/|docProps/|customXml/|mimetype)", re.S)


class Relation(NamedTuple):
    """What a part refers to: another part, or something outside, which is never fetched."""

    kind: str
    target: str
    outside: bool


class Package:
    """The parts of a Word file and how they refer to each other."""

    def __init__(self, file: SourceFile) -> None:
        self.parts, self._name = Zipped(file.data, file.name), file.name
        named = (rel.target for rel in self.relations("").values() if rel.kind == "officeDocument" and not rel.outside)
        self.main = next((part for part in named if part in self.parts), "word/document.xml")

    def root(self, part: str | None) -> etree._Element | None:
        """The XML of a part; None where there is none."""
        return parse_xml(self.parts.read(part), self._name) if part and part in self.parts else None

    def related(self, kind: str) -> etree._Element | None:
        """The XML of the main part's first relation of a kind ('styles')."""
        return self.root(next((rel.target for rel in self.relations(self.main).values() if rel.kind == kind), None))

    def relations(self, part: str) -> Mapping[str, Relation]:
        """What ``part`` refers to by identifier; the empty part is the package."""
        folder, name = posixpath.split(part)
        root = self.root(posixpath.join(folder, "_rels", f"{name}.rels"))
        return {attribute(rel, "Id") or "": _relation(rel, folder) for rel in root if local(rel) == "Relationship"} \
            if root is not None else {}  # fmt: skip


def _relation(element: etree._Element, folder: str) -> Relation:
    target, outside = attribute(element, "Target") or "", attribute(element, "TargetMode") == "External"
    if not outside:
        target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
    return Relation((attribute(element, "Type") or "").rpartition("/")[2], target, outside)


class WordBackend:
    """See :class:`~vndoc.sources.backend.Backend`."""

    names = {DOCX: "a Word file (DOCX)"}  # noqa: RUF012 -- the protocol's read-only mapping
    suffixes = {".docx": DOCX, ".dotx": DOCX, ".docm": DOCX, ".dotm": DOCX}  # noqa: RUF012

    def probe(self, data: bytes) -> str | None:
        """By the names of its parts, which stand in the clear."""
        return DOCX if _FIRST.match(data) and b"word/" in data else None

    def open(self, file: SourceFile, settings: Settings) -> OpenFile:
        """See :meth:`~vndoc.sources.backend.Backend.open`."""
        with edge(file.name, "the Word file is damaged", "open it in Word and save it again"):
            package = Package(file)
            root = package.root(package.main)
            text = child(root, "body")
            if text is None:
                raise FormatError(f"{file.name}: holds no document; open it in Word and save it again")
            body = Body(Styles(package.related("styles")), Numbering.of(package.related("numbering")))
            blocks = body.blocks(text)
            notes = list(_notes(package, body))
            head, foot = _margins(package, text, body)
            pictures = _pictures(package, body)
            return flowing(file, pages_of([*head, *blocks, *notes, *foot]), settings, pictures, body.chunks)


def _notes(package: Package, body: Body) -> Iterator[Block]:
    """Footnotes and endnotes in the order in which the text calls them, behind all of it."""
    texts: dict[tuple[str, str | None], etree._Element] = {}
    for kind in ("footnote", "endnote"):
        root = package.related(f"{kind}s")
        texts |= {(kind, attribute(note, "id")): note for note in (root if root is not None else ())}
    for number, called in enumerate(list(dict.fromkeys(body.notes)), 1):
        if called in texts:
            first, *rest = body.blocks(texts[called]) or [""]
            yield f"[{number}] {first.strip()}" if isinstance(first, str) else first
            yield from rest


def _margins(package: Package, text: etree._Element, body: Body) -> tuple[list[Block], list[Block]]:
    """The header of the first page and the footer, without page numbers; each once."""
    sections = [element for element in text.iter() if local(element) == "sectPr"]
    if not sections:
        return [], []
    first = sections[0]
    own = child(first, "titlePg")
    wanted = "first" if own is not None and on(attribute(own, "val")) else "default"
    relations = package.relations(package.main)
    found: dict[str, list[Block]] = {"headerReference": [], "footerReference": []}
    for element in first:
        kind = local(element)
        if kind in found and (attribute(element, "type") or "default") == wanted:
            relation = relations.get(attribute(element, "id") or "")
            root = package.root(relation.target) if relation and not relation.outside else None
            if root is not None:
                found[kind] = [
                    b for b in body.blocks(root, numbered_pages=False) if not isinstance(b, str) or b.strip()
                ]
    return found["headerReference"], found["footerReference"]


def _pictures(package: Package, body: Body) -> list[tuple[str, bytes | None]]:
    """Names and bytes of the pictures in the text, each once; None for those that lie outside of the file."""
    relations = package.relations(package.main)
    called = dict.fromkeys(relations[key] for key in body.pictures if key in relations)
    return [
        (rel.target, None if rel.outside or rel.target not in package.parts else package.parts.read(rel.target))
        for rel in called
    ]


BACKEND = WordBackend()
