"""The tables that say where a Word file's text lies ([MS-DOC] 2.4, 2.5)."""

import struct
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, Self

import olefile

from vndoc.damage import DamageError

_MAGIC = 0xA5EC
_WORD_97 = 0x00C1
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
_COUNTS = 76
"""Offset of ccpText; the other lengths follow it."""
_PAIRS = 154
"""Offset of the first place and size in the table stream."""
_CLX, HEADERS = 33, 11
_COMPRESSED = 0x40000000
_MOST_TEXT = 32 * 1024**2


class Piece(NamedTuple):
    """Characters that lie together: their first and last position in the text, their place in the file."""

    start: int
    end: int
    place: int
    wide: bool

    def place_of(self, position: int) -> int:
        """Offset in the file of the character at a position."""
        return self.place + (position - self.start) * (2 if self.wide else 1)


@dataclass(slots=True, frozen=True)
class Tables:
    """The two streams of a file, and what its head says of them."""

    document: bytes
    table: bytes
    locked: bool
    amounts: tuple[int, ...] = ()
    """Characters of the text, footnotes, headers, comments, endnotes, text boxes, boxes in headers, in this order."""
    pieces: tuple[Piece, ...] = ()
    text: str = ""

    @classmethod
    def of(cls, ole: "olefile.OleFileIO[str]") -> Self:
        """Read them; ``ValueError`` and ``struct.error`` for what is no Word 97 file."""
        document = ole.openstream("WordDocument").read()
        magic, version = struct.unpack_from("<HH", document)
        (flags,) = struct.unpack_from("<H", document, 10)
        if magic != _MAGIC or version < _WORD_97:
            raise DamageError("it is from before Word 97")
        if flags & _ENCRYPTED:
            return cls(document, b"", locked=True)
        name = "1Table" if flags & _TABLE_1 else "0Table"
        table = ole.openstream(name).read()
        counts = struct.unpack_from("<8i", document, _COUNTS)
        amounts = (*counts[:3], *counts[4:8])  # the fourth is not used
        if any(n < 0 for n in amounts) or sum(amounts) > _MOST_TEXT:
            raise DamageError("its lengths cannot be")
        bare = cls(document, table, locked=False, amounts=amounts)
        pieces = tuple(_pieces(bare.at(_CLX)))
        return cls(document, table, False, amounts, pieces, "".join(_letters(document, piece) for piece in pieces))

    def at(self, index: int) -> bytes:
        """The bytes of the table stream that a pair of the head points to."""
        place, size = struct.unpack_from("<II", self.document, _PAIRS + 8 * index)
        return self.table[place : place + size]

    def behind(self, index: int) -> bytes:
        """What follows there."""
        place, size = struct.unpack_from("<II", self.document, _PAIRS + 8 * index)
        return self.table[place + size :]

    def part(self, index: int) -> tuple[int, int]:
        """First and last position of a part of the text: 1 footnotes, 2 headers, 4 endnotes, 5 text boxes."""
        start = sum(self.amounts[:index])
        return start, start + self.amounts[index]

    def margins(self) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """Positions of the headers, and of the footers, of the first section's odd and first pages ([MS-DOC] 2.3.4)."""
        data, start = self.at(HEADERS), self.part(2)[0]
        ends = struct.unpack_from(f"<{len(data) // 4}i", data)
        stories = [(start + a, start + b) for a, b in pairwise(ends) if 0 <= a < b <= self.amounts[2]] if ends else []
        found = [(start + a, start + b) for a, b in pairwise(ends)]
        own = list(found[6:12])
        own += [(0, 0)] * (6 - len(own))
        return [s for s in (own[4], own[1]) if s in stories], [s for s in (own[5], own[3]) if s in stories]


def _pieces(clx: bytes) -> "list[Piece]":
    at = 0
    while clx[at] == 1:  # properties that only pieces refer to
        at += 3 + struct.unpack_from("<h", clx, at + 1)[0]
        if at <= 0 or at >= len(clx):
            raise DamageError("its piece table is missing")
    if clx[at] != 2:
        raise DamageError("its piece table is missing")
    (size,) = struct.unpack_from("<I", clx, at + 1)
    amount = (size - 4) // 12
    positions = struct.unpack_from(f"<{amount + 1}i", clx, at + 5)
    first = at + 5 + 4 * (amount + 1)
    pieces = []
    for k, (start, end) in enumerate(pairwise(positions)):
        (place,) = struct.unpack_from("<I", clx, first + 8 * k + 2)
        if not 0 <= start <= end <= _MOST_TEXT:
            raise DamageError("its pieces are out of order")
        wide = not place & _COMPRESSED
        pieces.append(Piece(start, end, place if wide else (place & ~_COMPRESSED) // 2, wide))
    return pieces


def _letters(document: bytes, piece: Piece) -> str:
    """The characters of a piece; as many as it promises, whatever is there."""
    data = document[piece.place : piece.place_of(piece.end)]
    text = data.decode("utf-16-le" if piece.wide else "cp1252", "replace")
    return text.ljust(piece.end - piece.start, "\0")[: piece.end - piece.start]
