"""Pages as recognition might give them, built from any bytes: words anywhere, boxes of any size, tables."""

import json
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.promises import demand, kept
from vndoc.dispatch import Source
from vndoc.export.docx import to_docx
from vndoc.export.html import to_html
from vndoc.page import Block, BlockKind, Box, Grid, GridCell, Layer, Line, Method, Origin, Page, Word
from vndoc.pipeline import parse_again
from vndoc.reading import Reading
from vndoc.repair import PROFILES, repair_pages
from vndoc.slots import SlotForm, SlotKey, SlotKind

_WORDS = json.loads(Path(__file__).with_name("words.json").read_text(encoding="utf-8"))["words"]


@dataclass(slots=True)
class Bytes:
    """Bytes that choices are made with, one after the other; noughts where there are no more."""

    data: bytes
    at: int = 0

    @property
    def more(self) -> bool:
        """Whether there are any left."""
        return self.at < len(self.data)

    def number(self, below: int) -> int:
        """A number from 0 on."""
        size = 1 if below <= 256 else 2
        chosen = int.from_bytes(self.data[self.at : self.at + size], "big")
        self.at += size
        return chosen % below

    def letters(self) -> str:
        """Some letters, not blank."""
        length = 1 + self.number(12)
        text = self.data[self.at : self.at + length].decode("utf-8", "surrogateescape")
        self.at += length
        return "".join(text.split()) or "x"


def _box(chance: Bytes, width: int, height: int) -> Box | None:
    """Mostly inside the page; some are partly or wholly outside, some have no size, some words have none."""
    kind = chance.number(10)
    if kind == 0:
        return None
    x, y = chance.number(width), chance.number(height)
    if kind == 1:
        return Box(x, y, x, y)
    if kind == 2:
        return Box(x - 500, y - 500, x + 500, y + 500)
    return Box(x, y, min(width, x + 1 + chance.number(300)), min(height, y + 1 + chance.number(60)))


def _word(chance: Bytes, size: tuple[int, int]) -> list[Word]:
    kind = chance.number(8)
    text = chance.letters() if kind == 0 else _WORDS[chance.number(len(_WORDS))]
    box, confidence = _box(chance, *size), chance.number(101) / 100
    origin = list(Origin)[chance.number(len(Origin))]
    other = ((chance.letters(), 0.3),) if kind == 1 else ()
    return [Word(part, box, confidence, alternatives=other, origin=origin) for part in text.split()]


def _line(chance: Bytes, size: tuple[int, int]) -> Line:
    words = [word for _ in range(1 + chance.number(6)) for word in _word(chance, size)]
    measured = chance.number(3) == 0
    return Line(tuple(words), float(chance.number(size[1])) if measured else None, 40.0 if measured else None)


def _block(chance: Bytes, size: tuple[int, int]) -> Block:
    lines = tuple(_line(chance, size) for _ in range(1 + chance.number(5)))
    kind = chance.number(12)
    if kind == 0:
        return _table(lines, chance, size)
    kinds = [one for one in BlockKind if one is not BlockKind.TABLE]
    return Block(lines, kinds[kind % len(kinds)] if kind < 3 else BlockKind.TEXT)


def _table(lines: tuple[Line, ...], chance: Bytes, size: tuple[int, int]) -> Block:
    """A line in each cell, two or three columns."""
    columns = 2 + chance.number(2)
    cells = tuple(
        GridCell(place // columns, place % columns, first=place, last=place + 1, box=_box(chance, *size))
        for place in range(len(lines))
    )
    grid = Grid(-(-len(lines) // columns), columns, cells, ruled=chance.number(2) == 0, header_rows=chance.number(2))
    return Block(lines, BlockKind.TABLE, grid)


def _page(chance: Bytes, number: int) -> Page:
    """A page with an image, or one of text alone."""
    drawn = chance.number(4) > 0
    size = (200 + chance.number(3000), 200 + chance.number(4000))
    blocks = tuple(_block(chance, size) for _ in range(chance.number(12)))
    layer = list(Layer)[chance.number(len(Layer))]
    if not drawn:
        bare = tuple(
            Block(
                tuple(Line(tuple(Word(word.text, origin=Origin.TYPED) for word in line.words)) for line in block.lines)
            )
            for block in blocks
        )
        return Page(number, bare)
    method = (Method.OCR, Method.TEXT_LAYER)[chance.number(2)]
    return Page(
        number, blocks, *size, dpi=240, layer=layer, method=method, angle=chance.number(5) / 2, turns=chance.number(4)
    )


def pages_of(data: bytes) -> tuple[list[Page], Bytes]:
    """One page to four, and what is left of the bytes."""
    chance = Bytes(data)
    amount = 1 + chance.number(4)
    return [_page(chance, number) for number in range(1, amount + 1) if number == 1 or chance.more], chance


def pages(data: bytes) -> None:
    """Repair and parser on pages with boxes; what they give is written to a Word file and a page to look at."""
    made, chance = pages_of(data)
    profile = PROFILES[chance.number(len(PROFILES))]
    repaired = tuple(repair_pages(iter(made), profile)) if chance.number(4) else tuple(made)
    demand([page.number for page in repaired] == [page.number for page in made], "pages got lost in the repair")
    kinds = [SlotKey(form, kind) for form in SlotForm for kind in SlotKind]
    slots = {
        kinds[chance.number(len(kinds))]: [(str(chance.number(2100)), 0.6), ("?", 0.2)] for _ in range(chance.number(4))
    }
    source = Source(name="a.pdf", sha256="0" * 64, media_type="application/pdf", page_amount=len(made))
    dispatch = parse_again(Reading(source, repaired, slots))
    kept(dispatch)
    to_html(dispatch, repaired, [None] * len(repaired)).encode("utf-8")
    demand(to_docx(dispatch, repaired).startswith(b"PK"), "a Word file that is none")
