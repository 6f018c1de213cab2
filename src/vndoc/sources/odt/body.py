"""The text of an OpenDocument file's XML: what is printed of it, in reading order."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree

from vndoc.sources.flow import Block, Cell, Table
from vndoc.sources.odt.lists import Counter, Lists
from vndoc.sources.odt.styles import Styles
from vndoc.sources.xml import attribute, child, local

_SILENT = frozenset({"tracked-changes", "annotation", "annotation-end", "hidden-text", "sequence-decls", "forms",
                     "variable-decls", "user-field-decls", "script", "desc", "title", "toc-mark"})  # fmt: skip
_PAGE_FIELDS = frozenset({"page-number", "page-count", "page-continuation"})
_MOST_BLANKS = 200
_MOST_REPEATED = 64


@dataclass(slots=True)
class _Line:
    pieces: list[str] = field(default_factory=list)
    boxes: list[Block] = field(default_factory=list)
    counts_pages: bool = False


@dataclass(slots=True, frozen=True)
class _At:
    """Where in which list a paragraph stands."""

    style: str
    counter: Counter
    depth: int


class Body:
    """Reads paragraphs, lists and tables.

    Args:
        styles: of the file.
        lists: of the file.
    """

    def __init__(self, styles: Styles, lists: Lists) -> None:
        self._styles, self._lists = styles, lists
        self.notes: list[Block] = []
        """Footnotes and endnotes in their order."""
        self._noted = 0
        self.pictures: list[str] = []
        """Paths of pictures: parts of the file, or places elsewhere."""

    def blocks(
        self, elements: Iterable[etree._Element], at: _At | None = None, *, numbered_pages: bool = True
    ) -> list[Block]:
        """Paragraphs and tables of a body, section, cell, text box, header or note, in a list or not."""
        found: list[Block] = []
        for element in elements:
            kind = local(element)
            if kind in ("p", "h"):
                line = self._paragraph(element, at)
                if numbered_pages or not line.counts_pages:
                    found += ["".join(line.pieces), *line.boxes]
            elif kind == "list":
                found += self._list(element, at, numbered_pages=numbered_pages)
            elif kind == "table":
                found.append(self._table(element))
            elif kind in ("frame", "text-box", "g"):
                line = _Line()
                self._frame(element, line)
                found += line.boxes
            elif kind not in _SILENT:
                found += self.blocks(element, at, numbered_pages=numbered_pages)
        return found

    def _list(self, element: etree._Element, outer: _At | None, *, numbered_pages: bool) -> list[Block]:
        style = attribute(element, "style-name") or (outer.style if outer else self._style_within(element))
        if outer is None:
            at = _At(style, self._lists.begin(element, style), 0)
        else:
            at = _At(style, outer.counter, outer.depth + 1)
        found: list[Block] = []
        for item in element:
            first = True
            for inner in item:
                label = first and local(item) == "list-item" and local(inner) in ("p", "h")
                if label:
                    text = self._lists.label(at.style, at.counter, at.depth, attribute(item, "start-value"))
                    line = self._paragraph(inner, at)
                    found += [_labelled(text, line), *line.boxes]
                    first = False
                else:
                    found += self.blocks([inner], at, numbered_pages=numbered_pages)
        return found

    def _style_within(self, element: etree._Element) -> str:
        """The list style that the first paragraph's own style names."""
        first = next((inner for inner in element.iter() if local(inner) in ("p", "h")), None)
        return self._styles.own("paragraph", attribute(first, "style-name"), "list-style-name") or ""

    def _paragraph(self, element: etree._Element, at: _At | None) -> _Line:
        line, style = _Line(), attribute(element, "style-name")
        before = self._styles.value("paragraph", style, "paragraph-properties", "break-before")
        after = self._styles.value("paragraph", style, "paragraph-properties", "break-after")
        if before == "page" or self._styles.own("paragraph", style, "master-page-name"):
            line.pieces.append("\f")
        if local(element) == "h" and at is None:
            level = attribute(element, "outline-level") or "1"
            if level.isdecimal() and attribute(element, "is-list-header") != "true":
                line.pieces.append(self._lists.label("", self._lists.outline(), int(level) - 1))
        self._inline(element, line, upper=self._upper("paragraph", style))
        if self._hidden("paragraph", style):
            line.pieces.clear()
        if after == "page":
            line.pieces.append("\f")
        return line

    def _hidden(self, family: str, style: str | None) -> bool:
        return self._styles.value(family, style, "text-properties", "display") == "none"

    def _upper(self, family: str, style: str | None) -> bool:
        return self._styles.value(family, style, "text-properties", "text-transform") == "uppercase"

    def _inline(self, element: etree._Element, line: _Line, *, upper: bool) -> None:
        self._letters(element.text, line, upper=upper)
        for inner in element:
            self._piece(inner, line, upper=upper)
            self._letters(inner.tail, line, upper=upper)

    def _letters(self, text: str | None, line: _Line, *, upper: bool) -> None:
        """Blanks and breaks of the XML itself are one blank each."""
        if text:
            written = "".join(" " if c in "\t\r\n" else c for c in text)
            line.pieces.append(written.upper() if upper else written)

    def _piece(self, piece: etree._Element, line: _Line, *, upper: bool) -> None:
        kind = local(piece)
        if kind == "s":
            amount = attribute(piece, "c") or "1"
            line.pieces.append(" " * min(int(amount) if amount.isdecimal() else 1, _MOST_BLANKS))
        elif kind in ("tab", "line-break"):
            line.pieces.append("\t" if kind == "tab" else "\n")
        elif kind in _PAGE_FIELDS:
            line.counts_pages = True
            self._inline(piece, line, upper=upper)
        elif kind == "note":
            self._note(piece)
        elif kind in ("frame", "text-box", "g", "custom-shape", "rect"):
            self._frame(piece, line)
        elif kind == "ruby":
            self._inline(child(piece, "ruby-base") or etree.Element("none"), line, upper=upper)
        elif kind not in _SILENT:
            style = attribute(piece, "style-name") if kind == "span" else None
            if not self._hidden("text", style):
                self._inline(piece, line, upper=upper or self._upper("text", style))

    def _note(self, note: etree._Element) -> None:
        body = child(note, "note-body")
        if body is not None:
            first, *rest = self.blocks(body) or [""]
            self._noted += 1
            self.notes += [f"[{self._noted}] {first.strip()}" if isinstance(first, str) else first, *rest]

    def _frame(self, frame: etree._Element, line: _Line) -> None:
        for inner in frame:
            kind = local(inner)
            if kind == "text-box" or (kind == "p" and local(frame) in ("custom-shape", "rect", "text-box")):
                holder = inner if kind == "text-box" else frame
                line.boxes += self.blocks(holder)
                return
            if kind == "image":
                if name := attribute(inner, "href"):
                    self.pictures.append(name)
                return  # a frame holds its picture in several formats
            if kind in ("frame", "g", "custom-shape", "rect"):
                self._frame(inner, line)

    def _table(self, table: etree._Element) -> Table:
        rows: list[tuple[Cell, ...]] = []
        ruled, heads = False, 0
        for row in table.iter():
            if local(row) != "table-row" or _table_of(row) is not table:
                continue
            cells: list[Cell] = []
            for cell in row:
                if local(cell) not in ("table-cell", "covered-table-cell"):
                    continue
                ruled = ruled or self._has_rules(attribute(cell, "style-name"))
                if local(cell) == "table-cell":
                    wide, tall = (_number(cell, f"number-{kind}-spanned") for kind in ("columns", "rows"))
                    repeated = _number(cell, "number-columns-repeated")
                    cells += [Cell(tuple(self.blocks(cell)), wide, tall), *[Cell()] * (repeated - 1)]
            holder = row.getparent()
            heads += holder is not None and local(holder) == "table-header-rows"
            rows.append(tuple(cells))
        return Table(tuple(rows), ruled, heads)

    def _has_rules(self, style: str | None) -> bool:
        sides = (self._styles.value("table-cell", style, "table-cell-properties", side)
                 for side in ("border", "border-left", "border-right"))  # fmt: skip
        return any(side is not None and side.split()[0:1] != ["none"] for side in sides)


def _number(cell: etree._Element, name: str) -> int:
    """A number of columns or rows, at least 1."""
    said = attribute(cell, name) or "1"
    return min(int(said) if said.isdecimal() and len(said) < 8 else 1, _MOST_REPEATED) or 1


def _labelled(label: str, line: _Line) -> str:
    text = "".join(line.pieces)
    return f"\f{label}{text[1:]}" if text.startswith("\f") else label + text


def _table_of(row: etree._Element) -> etree._Element | None:
    holder = row.getparent()
    while holder is not None and local(holder) != "table":
        holder = holder.getparent()
    return holder
