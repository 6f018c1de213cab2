"""What is said of letters and paragraphs of a Word file: hidden, struck out, in a table, numbered ([MS-DOC] 2.6)."""

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from vndoc.sources.doc.tables import Piece, Tables
from vndoc.sources.flow import Edge

_CHARACTERS, _PARAGRAPHS, _STYLES = 12, 13, 1
_PAGE = 512
_MOST_PAGES = 100_000
_SIZES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
_HIDDEN, _DELETED, _CAPITALS = 0x083C, 0x0800, 0x083B
_IN_TABLE, _ROW_END, _LEVEL, _LIST, _NEW_PAGE = 0x2416, 0x2417, 0x260A, 0x460B, 0x2407
_TABLE, _BORDERS_97, _BORDERS, _HEAD = 0xD608, 0xD605, 0xD613, 0x3404


@dataclass(slots=True, frozen=True)
class Letters:
    """Of a run of characters."""

    gone: bool = False
    upper: bool = False


@dataclass(slots=True, frozen=True)
class Paragraph:
    """Of a paragraph."""

    in_table: bool = False
    ends_row: bool = False
    list_id: int = 0
    level: int = 0
    new_page: bool = False
    ruled: bool = False
    is_head: bool = False
    edges: tuple[Edge, ...] = ()
    """Of the cells of the row that ends with it."""


@dataclass(slots=True, frozen=True)
class Properties:
    """Of all characters and paragraphs, by their place in the file."""

    letters: tuple[tuple[int, int, Letters], ...]
    """Those runs that differ from plain text, in the order of their places."""
    starts: tuple[int, ...]
    paragraphs: tuple[Paragraph, ...]

    def paragraph(self, place: int) -> Paragraph:
        """Of the paragraph whose mark lies there."""
        at = bisect_right(self.starts, place) - 1
        return self.paragraphs[at] if at >= 0 else Paragraph()

    def runs(self, piece: Piece) -> Iterator[tuple[int, int, Letters]]:
        """First and last position of the runs within a piece that differ from plain text."""
        width = 2 if piece.wide else 1
        first, last = piece.place, piece.place_of(piece.end)
        at = bisect_right(self.letters, first, key=lambda run: run[1])
        for k in range(at, len(self.letters)):
            begin, end, letters = self.letters[k]
            if begin >= last:
                break
            start = piece.start + (max(begin, first) - first) // width
            yield start, piece.start + (min(end, last) - first + width - 1) // width, letters


def read_properties(tables: Tables) -> Properties:
    """All of a file; pages of properties that point nowhere are left out."""
    styles = _styles(tables.at(_STYLES))
    letters = []
    for begin, end, data in _entries(tables, _CHARACTERS, 1):
        found = _letters(data[1 : 1 + data[0]] if data else b"")
        if found != Letters():
            letters.append((begin, end, found))
    paragraphs = [(begin, _paragraph(data, styles)) for begin, _, data in _entries(tables, _PARAGRAPHS, 13)]
    paragraphs.sort(key=lambda entry: entry[0])
    letters.sort(key=lambda run: run[:2])
    return Properties(tuple(letters), tuple(place for place, _ in paragraphs), tuple(p for _, p in paragraphs))


def _entries(tables: Tables, index: int, width: int) -> Iterator[tuple[int, int, bytes]]:
    """Runs of a table of pages: where each begins and ends in the file, and the bytes of its properties."""
    plc = tables.at(index)
    amount = max(0, (len(plc) - 4) // 8)
    numbers = struct.unpack_from(f"<{amount}I", plc, 4 * (amount + 1)) if amount else ()
    for number in numbers[:_MOST_PAGES]:
        page = tables.document[(number & 0x3FFFFF) * _PAGE :][:_PAGE]
        if len(page) < _PAGE:
            continue
        runs = page[-1]
        if 4 * (runs + 1) + width * runs > _PAGE:
            continue
        places = struct.unpack_from(f"<{runs + 1}I", page)
        for k in range(runs):
            offset = 2 * page[4 * (runs + 1) + width * k]
            yield places[k], places[k + 1], page[offset:-1] if offset else b""


def operations(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The changes in a list of them: what each changes, and its operand ([MS-DOC] 2.2.5)."""
    at = 0
    while at + 2 <= len(data):
        (code,) = struct.unpack_from("<H", data, at)
        at += 2
        kind = code >> 13
        if kind != 6:
            size = _SIZES[kind]
        elif code == _TABLE:
            size = int.from_bytes(data[at : at + 2], "little") + 1
        else:
            size = data[at] + 1 if at < len(data) else 0
        yield code, data[at : at + size]
        at += max(size, 1)


def _letters(data: bytes) -> Letters:
    gone = upper = False
    for code, operand in operations(data):
        on = operand[:1] in (b"\x01", b"\x81")
        if code in (_HIDDEN, _DELETED):
            gone = gone or on
        elif code == _CAPITALS:
            upper = on
    return Letters(gone, upper)


def _paragraph(data: bytes, styles: dict[int, Paragraph]) -> Paragraph:
    """From a PapxInFkp: a size in words, a style, changes."""
    if not data:
        return Paragraph()
    own = data[1 : 2 * data[0]] if data[0] else data[2 : 2 + 2 * data[1]]
    if len(own) < 2:
        return Paragraph()
    return changed(styles.get(int.from_bytes(own[:2], "little"), Paragraph()), own[2:])


def changed(paragraph: Paragraph, data: bytes) -> Paragraph:
    """A paragraph with changes made."""
    for code, operand in operations(data):
        number = int.from_bytes(operand[:2], "little")
        if code == _IN_TABLE:
            paragraph = replace(paragraph, in_table=bool(number))
        elif code == _ROW_END:
            paragraph = replace(paragraph, ends_row=bool(number))
        elif code == _LEVEL:
            paragraph = replace(paragraph, level=number)
        elif code == _LIST:
            paragraph = replace(paragraph, list_id=number if number < 0x7FFF else 0)
        elif code == _NEW_PAGE:
            paragraph = replace(paragraph, new_page=bool(number))
        elif code == _HEAD:
            paragraph = replace(paragraph, is_head=bool(number & 0xFF))
        elif code in (_TABLE, _BORDERS, _BORDERS_97):
            edges = tuple(_edges(operand)) if code == _TABLE else paragraph.edges
            paragraph = replace(paragraph, ruled=paragraph.ruled or _has_rules(code, operand), edges=edges)
    return paragraph


def _edges(operand: bytes) -> Iterator[Edge]:
    """Where the cells of a row end and which of them go on with others ([MS-DOC] 2.9.322 TDefTableOperand)."""
    columns = operand[2] if len(operand) > 2 else 0
    cells = 3 + 2 * (columns + 1)
    if len(operand) < cells:
        return
    _, *rights = struct.unpack_from(f"<{columns + 1}h", operand, 3)
    for k, right in enumerate(rights):
        flags = int.from_bytes(operand[cells + 20 * k : cells + 20 * k + 2], "little")
        yield Edge(right, (flags >> 5) & 3 == 1, flags & 3 == 1)


def _has_rules(code: int, operand: bytes) -> bool:
    """Whether lines part the columns: of the table, or of one of its cells."""
    if code == _BORDERS_97:
        return operand[1:][21:22] not in (b"", b"\0", b"\xff")
    if code == _BORDERS:
        return operand[1:][45:46] not in (b"", b"\0", b"\xff")
    columns = operand[2] if len(operand) > 2 else 0
    cells = operand[3 + 2 * (columns + 1) :]
    sides = (cells[20 * k + side + 1 : 20 * k + side + 2] for k in range(columns) for side in (8, 16))
    return any(side not in (b"", b"\0", b"\xff") for side in sides)


def _styles(data: bytes) -> dict[int, Paragraph]:
    """What the paragraph styles say, each after the one it is based on ([MS-DOC] 2.9.271)."""
    if len(data) < 6:
        return {}
    (size,) = struct.unpack_from("<H", data)
    amount, base = struct.unpack_from("<HH", data, 2)
    at, own = 2 + size, {}
    for number in range(min(amount, 4095)):
        if at + 2 > len(data):
            break
        (length,) = struct.unpack_from("<H", data, at)
        style = data[at + 2 : at + 2 + length]
        at += 2 + length
        if found := _style(style, base):
            own[number] = found
    made: dict[int, Paragraph] = {}
    for number in own:
        chain = [number]
        while (above := own[chain[-1]][0]) in own and above not in chain:
            chain.append(above)
        paragraph = Paragraph()
        for step in reversed(chain):
            paragraph = changed(paragraph, own[step][1])
        made[number] = paragraph
    return made


def _style(data: bytes, base: int) -> tuple[int, bytes] | None:
    """The style that one is based on, and its changes of paragraphs; None for other styles."""
    if len(data) < base + 2 or data[2] & 0xF != 1:
        return None
    above = struct.unpack_from("<H", data, 2)[0] >> 4
    (letters,) = struct.unpack_from("<H", data, base)
    at = base + 2 + 2 * letters + 2
    at += at % 2
    if at + 2 > len(data):
        return None
    (size,) = struct.unpack_from("<H", data, at)
    return above, data[at + 4 : at + 2 + size]
