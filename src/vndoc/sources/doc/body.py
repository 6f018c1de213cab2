"""The text of a Word file as paragraphs and tables."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from vndoc.sources.doc.properties import Paragraph, Properties
from vndoc.sources.doc.tables import Tables
from vndoc.sources.flow import Block, Cell, Edge, Row, Table, by_edges
from vndoc.sources.word.numbering import Numbering

_ENDS = re.compile(r"[\r\x07\x0c]")
_FIELD = {"\x13": 1, "\x14": 0, "\x15": -1}
_SIGNS = str.maketrans({"\x0b": "\n", "\x0e": "\n", "\x1e": "-", "\x1f": "", "\xad": "", "\x01": "", "\x02": "",
                        "\x03": "", "\x04": "", "\x05": "", "\x08": "", "\0": "", "\x06": ""})  # fmt: skip


@dataclass(slots=True)
class _Flow:
    blocks: list[Block] = field(default_factory=list)
    cell: list[Block] = field(default_factory=list)
    row: list[Cell] = field(default_factory=list)
    rows: list[tuple[Row, tuple[Edge, ...]]] = field(default_factory=list)
    ruled: bool = False
    header_rows: int = 0

    def end_table(self) -> None:
        if self.cell:
            self.row.append(Cell(tuple(self.cell)))
        if self.row:
            self.rows.append((tuple(self.row), ()))
        if self.rows:
            self.blocks.append(Table(by_edges(self.rows), self.ruled, self.header_rows))
        self.cell, self.row, self.rows, self.ruled, self.header_rows = [], [], [], False, 0


class Body:
    """Reads stretches of the text.

    Args:
        tables: where it lies.
        properties: what is said of it.
        numbering: its lists.
    """

    def __init__(self, tables: Tables, properties: Properties, numbering: Numbering) -> None:
        self._tables, self._properties, self._numbering = tables, properties, numbering
        letters = list(tables.text)
        for piece in tables.pieces:
            for start, end, run in properties.runs(piece):
                for k in range(start, min(end, len(letters))):
                    # The ends of paragraphs stay: they hold what is said of these.
                    if run.gone and letters[k] not in "\r\x07\x0c":
                        letters[k] = "\0"
                    elif run.upper:
                        letters[k] = letters[k].upper()[:1]
        self._text = "".join(letters)

    def blocks(self, start: int, end: int) -> list[Block]:
        """Paragraphs and tables between two positions."""
        flow = _Flow()
        for text, mark, about in self._paragraphs(start, end):
            if not about.in_table:
                flow.end_table()
                flow.blocks.append(text + ("\f" if mark == "\x0c" else ""))
            elif about.ends_row:
                flow.ruled = flow.ruled or about.ruled
                flow.header_rows += about.is_head and flow.header_rows == len(flow.rows)
                flow.rows.append((tuple(flow.row), about.edges))
                flow.row = []
            else:
                flow.cell.append(text)
                if mark == "\x07":
                    flow.row.append(Cell(tuple(flow.cell)))
                    flow.cell = []
        flow.end_table()
        return flow.blocks

    def notes(self, start: int, end: int) -> Iterator[Block]:
        """Footnotes or endnotes: each begins with the sign of its number."""
        number = 0
        for text, _, _ in self._paragraphs(start, end, keep="\x02"):
            number += text.startswith("\x02")
            if shown := text.replace("\x02", "").strip():
                yield f"[{number}] {shown}" if text.startswith("\x02") else shown

    def _paragraphs(self, start: int, end: int, keep: str = "") -> Iterator[tuple[str, str, Paragraph]]:
        """Text, mark and properties of each paragraph, with its label."""
        end = min(end, len(self._text))
        while start < end:
            found = _ENDS.search(self._text, start, end)
            stop = found.start() if found else end
            about = self._properties.paragraph(self._place(min(stop, len(self._text) - 1)))
            text = _shown(self._text[start:stop], keep)
            label = self._numbering.label(str(about.list_id), about.level) if about.list_id else ""
            new_page = "\f" if about.new_page else ""
            yield f"{new_page}{label}{text}", found.group() if found else "\r", about
            start = stop + 1

    def _place(self, position: int) -> int:
        at = bisect_right(self._tables.pieces, position, key=lambda piece: piece.start) - 1
        return self._tables.pieces[max(at, 0)].place_of(position)


def _shown(text: str, keep: str = "") -> str:
    """The text without codes of fields and signs that stand for objects."""
    if any(sign in text for sign in _FIELD):
        depth: list[bool] = []
        pieces = []
        for c in text:
            if c == "\x13":
                depth.append(False)
            elif c == "\x14" and depth:
                depth[-1] = True
            elif c == "\x15" and depth:
                depth.pop()
            elif c not in _FIELD and all(depth):
                pieces.append(c)
        text = "".join(pieces)
    return text.translate({code: sign for code, sign in _SIGNS.items() if chr(code) not in keep})
