"""The text of a Word file's XML: what is printed of it, in reading order.

Tracked changes count as accepted: what was struck out is left out, what was put in is there. Hidden text, comments and
the codes of fields are not printed. Text boxes follow the paragraph they are tied to.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile

from lxml import etree

from vndoc.sources.flow import Block, Cell, Table, merged
from vndoc.sources.word.numbering import Numbering
from vndoc.sources.word.styles import Styles, on
from vndoc.sources.xml import attribute, child, local

_WRAPPERS = frozenset({"ins", "moveTo", "smartTag", "customXml", "hyperlink", "fldSimple", "dir", "bdo", "sdtContent",
                       "oMath", "oMathPara"})  # fmt: skip
_GONE = frozenset({"del", "moveFrom"})
_PAGE_FIELDS = ("PAGE", "NUMPAGES", "SECTIONPAGES")
_SIGNS = {"tab": "\t", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
_MATHS = frozenset({"num", "den", "e", "sup", "sub", "deg", "lim", "fName", "f", "sSup", "sSub", "sSubSup", "rad", "d",
                    "nary", "func"})  # fmt: skip


@dataclass(slots=True)
class _Line:
    """A paragraph while it is being put together."""

    pieces: list[str] = field(default_factory=list)
    boxes: list[Block] = field(default_factory=list)
    fields: list[tuple[list[str], bool]] = field(default_factory=list)
    """Of the fields it stands in, from the outside: the code, and whether the result has begun."""
    counts_pages: bool = False


class Body:
    """Reads paragraphs and tables; keeps the count of the lists and which notes were called.

    Args:
        styles: of the file.
        numbering: of the file.
    """

    def __init__(self, styles: Styles, numbering: Numbering) -> None:
        self._styles, self._numbering = styles, numbering
        self.notes: list[tuple[str, str]] = []
        """Kind ('footnote', 'endnote') and identifier of the notes that the text calls, in their order."""
        self.pictures: list[str] = []
        """Identifiers of the relations to pictures, in their order."""
        self.chunks = 0
        """Files set into the text (``w:altChunk``), which are not read."""

    def blocks(self, parent: etree._Element, *, numbered_pages: bool = True) -> list[Block]:
        """Paragraphs and tables of a body, cell, text box, header or note.

        Args:
            parent: the element around them.
            numbered_pages: whether paragraphs with the number of the page are text.
        """
        found: list[Block] = []
        open_line: _Line | None = None
        for element in _unwrapped(parent):
            kind = local(element)
            if kind == "tbl":
                found.append(self._table(element))
            elif kind == "altChunk":
                self.chunks += 1
            elif kind == "p":
                line = open_line or _Line()
                self._paragraph(element, line)
                if child(element, "pPr", "rPr", "del") is not None:  # its end is struck out: the next one goes on
                    open_line = line
                    continue
                open_line = None
                if numbered_pages or not line.counts_pages:
                    found += ["".join(line.pieces), *line.boxes]
        return [*found, "".join(open_line.pieces), *open_line.boxes] if open_line else found

    def _paragraph(self, element: etree._Element, line: _Line) -> None:
        properties = child(element, "pPr")
        style = attribute(child(properties, "pStyle"), "val") or self._styles.default
        here = child(properties, "pageBreakBefore")
        breaks = on(attribute(here, "val")) if here is not None else self._styles.is_set(style, "pageBreakBefore")
        if not line.pieces:
            line.pieces += ["\f"] * breaks + [self._label(properties, style)]
        hidden = child(properties, "rPr", "vanish") is not None
        self._inline(element, line, style)
        if hidden and not "".join(line.pieces).strip():
            line.pieces.clear()
        kind = attribute(child(properties, "sectPr", "type"), "val")
        if child(properties, "sectPr") is not None and kind != "continuous":
            line.pieces.append("\f")

    def _label(self, properties: etree._Element | None, style: str | None) -> str:
        numbers = child(properties, "numPr")
        own, said = attribute(child(numbers, "numId"), "val"), attribute(child(numbers, "ilvl"), "val")
        level = int(said) if said is not None and said.isdecimal() else None
        if own is None:
            named = self._styles.list_of(style)
            if named is None:
                return ""
            own, of_style, owner = named
            if level is None:
                level = self._numbering.level_of_style(own, owner) if of_style is None else of_style
        return self._numbering.label(own, level or 0)

    def _inline(self, element: etree._Element, line: _Line, style: str | None) -> None:
        for inner in element:
            kind = local(inner)
            if kind == "r":
                self._run(inner, line, style)
            elif kind == "sdt":
                self._sdt(inner, line, style)
            elif kind in _WRAPPERS or kind in _MATHS:
                if kind == "fldSimple" and _counts_pages(attribute(inner, "instr") or ""):
                    line.counts_pages = True
                self._inline(inner, line, style)
            elif kind == "AlternateContent":
                self._inline(_choice(inner), line, style)

    def _sdt(self, element: etree._Element, line: _Line, style: str | None) -> None:
        """What is filled into a control; a hint to fill it in is not printed."""
        content = child(element, "sdtContent")
        if content is not None and child(element, "sdtPr", "showingPlcHdr") is None:
            self._inline(content, line, style)

    def _run(self, run: etree._Element, line: _Line, style: str | None) -> None:
        properties = child(run, "rPr")
        own = attribute(child(properties, "rStyle"), "val")
        if self._has(properties, own, style, "vanish") or child(properties, "del") is not None:
            self._hidden(run, line)
            return
        start = len(line.pieces)
        for inner in run:
            self._piece(inner, line, style)
        if self._has(properties, own, style, "caps"):
            line.pieces[start:] = [piece.upper() for piece in line.pieces[start:]]

    def _has(self, properties: etree._Element | None, own: str | None, style: str | None, name: str) -> bool:
        found = child(properties, name)
        if found is not None:
            return on(attribute(found, "val"))
        return self._styles.is_set(own, name) or self._styles.is_set(style, name)

    def _hidden(self, run: etree._Element, line: _Line) -> None:
        """Of a hidden run only the marks of fields count."""
        for inner in run:
            if local(inner) in ("fldChar", "instrText"):
                self._piece(inner, line, None)

    def _piece(self, piece: etree._Element, line: _Line, style: str | None) -> None:
        kind = local(piece)
        in_code = any(not begun for _, begun in line.fields)
        if kind == "fldChar":
            _field(piece, line)
        elif kind == "instrText" and line.fields:
            line.fields[-1][0].append(piece.text or "")
        elif in_code:
            return
        elif kind == "t":
            line.pieces.append(piece.text or "")
        elif kind in _SIGNS:
            line.pieces.append(_SIGNS[kind])
        elif kind == "br":
            line.pieces.append("\f" if attribute(piece, "type") == "page" else "\n")
        elif kind == "sym":
            line.pieces.append(_symbol(piece))
        elif kind in ("footnoteReference", "endnoteReference"):
            self.notes.append((kind.removesuffix("Reference"), attribute(piece, "id") or ""))
        elif kind == "AlternateContent":
            for inner in _choice(piece):
                self._piece(inner, line, style)
        elif kind in ("drawing", "pict", "object"):
            self._drawing(piece, line)

    def _drawing(self, drawing: etree._Element, line: _Line) -> None:
        for inner in _outermost(drawing):
            if local(inner) == "txbxContent":
                line.boxes += self.blocks(inner)
            elif picture := attribute(inner, "embed") or attribute(inner, "id") or attribute(inner, "link"):
                self.pictures.append(picture)

    def _table(self, table: etree._Element) -> Table:
        rows = [row for row in _unwrapped(table) if local(row) == "tr" and child(row, "trPr", "del") is None]
        heads = takewhile(_is_repeated, rows)
        return Table(merged([list(self._cells(row)) for row in rows]), self._ruled(table), len(list(heads)))

    def _cells(self, row: etree._Element) -> Iterator[tuple[Cell, bool]]:
        """The cells of a row, each with whether it goes on with the one above it."""
        properties = child(row, "trPr")
        before, behind = (_number(child(properties, name)) for name in ("gridBefore", "gridAfter"))
        if before:
            yield Cell(columns=before), False
        for cell in _unwrapped(row):
            if local(cell) == "tc":
                merge = child(cell, "tcPr", "vMerge")
                goes_on = merge is not None and attribute(merge, "val") in (None, "continue")
                columns = _number(child(cell, "tcPr", "gridSpan")) or 1
                yield Cell(tuple(self.blocks(cell)), columns), goes_on
        if behind:
            yield Cell(columns=behind), False

    def _ruled(self, table: etree._Element) -> bool:
        """Whether lines part its columns: by its own word, its style's, or that of some cell."""
        properties = child(table, "tblPr")
        own = child(properties, "tblBorders")
        if own is not None:
            return _visible(child(own, "insideV"))
        cells = (child(cell, "tcPr", "tcBorders") for row in table if local(row) == "tr" for cell in row)
        sides = ("left", "right", "start", "end", "insideV")
        if any(_visible(child(cell, side)) for cell in cells if cell is not None for side in sides):
            return True
        return _visible(self._styles.border(attribute(child(properties, "tblStyle"), "val")))


def _is_repeated(row: etree._Element) -> bool:
    """Whether a row is one of the head of its table."""
    said = child(row, "trPr", "tblHeader")
    return said is not None and on(attribute(said, "val"))


def _number(element: etree._Element | None) -> int:
    """A number of columns; 0 where none is said."""
    said = attribute(element, "val") or ""
    return int(said) if said.isdecimal() and len(said) < 4 else 0


def _unwrapped(parent: etree._Element) -> Iterator[etree._Element]:
    """The children, those within controls, tracked changes and the like in place of these."""
    for element in parent:
        kind = local(element)
        if kind in ("sdt", *_WRAPPERS):
            yield from _unwrapped(element)
        elif kind == "AlternateContent":
            yield from _unwrapped(_choice(element))
        elif kind not in _GONE:
            yield element


def _choice(element: etree._Element) -> etree._Element:
    """What newer programs show; what older ones show is the same once more."""
    first = child(element, "Choice")
    return first if first is not None else next(iter(element), element)


def _outermost(element: etree._Element) -> Iterator[etree._Element]:
    """Text boxes, which are not looked into, and pictures in a drawing."""
    for inner in element:
        kind = local(inner)
        if kind in ("txbxContent", "blip", "imagedata"):
            yield inner
        elif kind == "AlternateContent":
            yield from _outermost(_choice(inner))
        else:
            yield from _outermost(inner)


def _field(piece: etree._Element, line: _Line) -> None:
    kind = attribute(piece, "fldCharType")
    if kind == "begin":
        line.fields.append(([], False))
    elif kind == "separate" and line.fields:
        line.fields[-1] = line.fields[-1][0], True
    elif kind == "end" and line.fields:
        line.counts_pages |= _counts_pages("".join(line.fields.pop()[0]))


def _counts_pages(code: str) -> bool:
    return next(iter(code.upper().split()), "") in _PAGE_FIELDS


def _symbol(piece: etree._Element) -> str:
    """A sign of a picture font; ticks and dots have no letter that would be printed."""
    try:
        code = int(attribute(piece, "char") or "", 16)
    except ValueError:
        return ""
    return "" if 0xE000 <= code <= 0xF8FF or code > 0x10FFFF or code < 32 else chr(code)


def _visible(border: etree._Element | None) -> bool:
    return border is not None and attribute(border, "val") not in (None, "none", "nil")
