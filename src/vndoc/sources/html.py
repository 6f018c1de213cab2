"""Web pages (HTML): their text as a browser lays it out. Nothing they refer to is fetched, no script is run.

Registry systems and Word itself write such pages under the name ``.doc`` as well.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import takewhile

from lxml import etree, html

from vndoc.damage import edge
from vndoc.errors import EmptyFileError, FormatError
from vndoc.settings import Settings
from vndoc.sources.backend import OpenFile
from vndoc.sources.file import SourceFile
from vndoc.sources.flow import Block, Cell, Table, flowing, pages_of, text_of
from vndoc.sources.labels import lettered, roman
from vndoc.sources.mojibake import LostLettersError, unmangled

HTML = "text/html"
_HEAD = 4096
_MOST_BYTES = 32 * 1024**2
_DEEPEST = 200
_WIDEST, _TALLEST = 1000, 65534
"""Columns and rows that a browser lets a cell go over."""
_SIGN = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!doctype\s+html|<html[\s>])", re.I | re.S
)
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.I)
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden", re.I)
_BREAK = re.compile(r"page-break-before\s*:\s*always|break-before\s*:\s*page", re.I)
_CAPITALS = re.compile(r"text-transform\s*:\s*uppercase", re.I)
_RULED = re.compile(r"border(?:-left|-right)?\s*:\s*(?!none|0|medium\s+none)[^;]*(?:solid|double|dotted|dashed)", re.I)
_SILENT = frozenset({"script", "style", "head", "title", "noscript", "template", "object", "iframe", "svg", "math",
                     "select", "textarea", "button", "input", "audio", "video", "canvas", "xml"})  # fmt: skip
_BLOCKS = frozenset({"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "center",
                     "blockquote", "section", "article", "header", "footer", "main", "aside", "nav", "form", "pre",
                     "fieldset", "address", "figure", "figcaption", "body", "html", "hr"})  # fmt: skip
_SPACE = re.compile(r"[ \t\r\n\f]+")
_FORMS: dict[str, Callable[[int], str]] = {
    "A": lettered,
    "a": lambda n: lettered(n).lower(),
    "I": roman,
    "i": lambda n: roman(n).lower(),
}


class HtmlBackend:
    """See :class:`~vndoc.sources.backend.Backend`."""

    names = {HTML: "a web page (HTML)"}  # noqa: RUF012 -- the protocol's read-only mapping
    suffixes = {".html": HTML, ".htm": HTML, ".xhtml": HTML}  # noqa: RUF012

    def probe(self, data: bytes) -> str | None:
        """By its first element."""
        head = data[:_HEAD]
        if head.startswith((b"\xff\xfe", b"\xfe\xff")):
            head = head.decode("utf-16", "ignore").encode()
        return HTML if _SIGN.match(head) else None

    def open(self, file: SourceFile, settings: Settings) -> OpenFile:
        """See :meth:`~vndoc.sources.backend.Backend.open`."""
        with edge(file.name, "the web page is damaged", "save it again"):
            if len(file.data) > _MOST_BYTES:
                raise FormatError(f"{file.name}: a web page of more than {_MOST_BYTES // 1024**2} MiB is not read")
            try:
                blocks = _blocks_of(decoded(file.data))
            except LostLettersError as error:
                raise FormatError(f"{file.name}: {error}; save it again as UTF-8") from error
            return flowing(file, pages_of(blocks), settings)


def decoded(data: bytes) -> str:
    """The letters of a page: by its mark, by what it declares, else as UTF-8, else as Windows-1258 has them."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    declared = _CHARSET.search(data[:_HEAD])
    for name in ("utf-8-sig", declared[1].decode("ascii") if declared else "", "cp1258"):
        try:
            return data.decode(name)
        except (LookupError, ValueError):  # Python knows codecs that decode nothing, too
            continue
    return data.decode("cp1252", "replace")


def html_text(page: str) -> str:
    """The text of a page, its pages parted by form feeds.

    Raises:
        EmptyFileError: there is none.
        LostLettersError: it was saved in a wrong encoding, and letters are gone.
    """
    return text_of(_blocks_of(page))


def _blocks_of(page: str) -> list[Block]:
    """Paragraphs and tables of a page; errors of :func:`html_text`."""
    # No network, and entities of a document type are not expanded: the parser of HTML knows neither.
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False, encoding="utf-8")
    try:
        root: etree._Element = html.document_fromstring(unmangled(page).encode("utf-8", "ignore"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        raise EmptyFileError("the web page holds no text") from None
    return _Reader().blocks(root)


@dataclass(slots=True)
class _Flow:
    """Blocks that are finished, and the line that is being written."""

    blocks: list[Block] = field(default_factory=list)
    line: list[str] = field(default_factory=list)

    def end_line(self) -> None:
        text = "".join(self.line)
        if text.strip() or "\f" in text:
            lines = (_SPACE.sub(" ", part) for page in text.split("\n") for part in [page.replace("\f", "\0")])
            self.blocks.append("\n".join(part.replace("\0", "\f").strip(" ") for part in lines))
        self.line.clear()


class _Reader:
    """Walks a page; lines end where a browser ends them."""

    def blocks(self, parent: etree._Element) -> list[Block]:
        flow = _Flow()
        self._children(parent, flow, 0, upper=False)
        flow.end_line()
        return flow.blocks

    def _children(self, parent: etree._Element, flow: _Flow, depth: int, *, upper: bool) -> None:
        self._letters(parent.text, flow, upper=upper)
        items = _number(parent.get("start"), 1) - 1
        for inner in parent:
            items = _number(inner.get("value"), items + 1) if inner.tag == "li" else items
            if depth < _DEEPEST:
                self._element(inner, flow, depth + 1, items, upper=upper)
            self._letters(inner.tail, flow, upper=upper)

    @staticmethod
    def _letters(text: str | None, flow: _Flow, *, upper: bool) -> None:
        if text:
            written = _SPACE.sub(" ", text)
            flow.line.append(written.upper() if upper else written)

    def _element(self, element: etree._Element, flow: _Flow, depth: int, number: int, *, upper: bool) -> None:
        tag = element.tag.lower() if isinstance(element.tag, str) else ""
        style = element.get("style") or ""
        if tag in _SILENT or not tag or element.get("hidden") is not None or _HIDDEN.search(style):
            return
        upper = upper or bool(_CAPITALS.search(style))
        if tag == "br":
            flow.line.append("\f" if _BREAK.search(style) else "\n")
        elif tag == "table":
            flow.end_line()
            flow.blocks.append(self._table(element))
        elif tag in _BLOCKS:
            flow.end_line()
            if _BREAK.search(style):
                flow.line.append("\f")
            if tag == "li":
                flow.line.append(_label(element, number))
            self._children(element, flow, depth, upper=upper)
            flow.end_line()
        else:
            self._children(element, flow, depth, upper=upper)

    def _table(self, table: etree._Element) -> Table:
        rows = [row for row in _rows(table) if not _HIDDEN.search(row.get("style") or "")]
        cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
        border = (table.get("border") or "0").strip()
        ruled = border not in ("", "0") or any(_RULED.search(cell.get("style") or "") for row in cells for cell in row)
        heads = takewhile(lambda row: all(cell.tag == "th" for cell in row), cells)
        return Table(tuple(tuple(map(self._cell, row)) for row in cells), ruled, len(list(heads)))

    def _cell(self, cell: etree._Element) -> Cell:
        columns, rows = (_number(cell.get(name), 1) for name in ("colspan", "rowspan"))
        return Cell(tuple(self.blocks(cell)), min(columns, _WIDEST) or 1, rows or _TALLEST)


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for inner in table:
        if inner.tag == "tr":
            yield inner
        elif inner.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in inner if row.tag == "tr")


def _label(item: etree._Element, number: int) -> str:
    """The label that a browser sets before an item."""
    holder = item.getparent()
    if holder is None or holder.tag != "ol":
        return "- "
    form = _FORMS.get(item.get("type") or holder.get("type") or "", str)
    return f"{form(number)}. "


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 7 else default


BACKEND = HtmlBackend()
