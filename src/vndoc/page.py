"""What flows between the packages: pages of blocks of lines of words, with boxes and confidence.

``ocr`` makes pages, ``repair`` returns corrected copies of them, ``parse`` reads them. The hierarchy is that of hOCR
and ALTO (page, block, line, word). Boxes are ``(x0, y0, x1, y1)`` in pixels of the page as it was read, origin top
left; they are ``None`` where the source is plain text. Confidences run from 0 to 1.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import product
from math import cos, radians, sin
from typing import NamedTuple, TypeVar

from vndoc.characters import printed


class Box(NamedTuple):
    """A rectangle in page pixels, origin top left, right and bottom exclusive."""

    x0: int
    y0: int
    x1: int
    y1: int

    @property
    def width(self) -> int:
        """Width in pixels."""
        return self.x1 - self.x0

    @property
    def height(self) -> int:
        """Height in pixels."""
        return self.y1 - self.y0

    @property
    def x_center(self) -> float:
        """Horizontal centre in pixels."""
        return (self.x0 + self.x1) / 2

    @property
    def y_center(self) -> float:
        """Vertical centre in pixels."""
        return (self.y0 + self.y1) / 2

    def within(self, width: int, height: int) -> "Box":
        """The part of this rectangle that lies on a page; of one beside it, the pixel of the page's edge nearest to it.

        Edges that stand the wrong way round change places.
        """
        x0, x1 = _between(self.x0, self.x1, width)
        y0, y1 = _between(self.y0, self.y1, height)
        return Box(x0, y0, x1, y1)

    def moved(self, by: "Box") -> "Box":
        """This rectangle, given in pixels of a crop, in those of the page the crop ``by`` was cut from."""
        return Box(self.x0 + by.x0, self.y0 + by.y0, self.x1 + by.x0, self.y1 + by.y0)

    def overlap(self, other: "Box") -> float:
        """Area in common, as a share (0–1) of the smaller rectangle's."""
        # Most boxes of a page are apart: four comparisons are enough to see that.
        if self.x1 <= other.x0 or other.x1 <= self.x0 or self.y1 <= other.y0 or other.y1 <= self.y0:
            return 0.0
        width = min(self.x1, other.x1) - max(self.x0, other.x0)
        height = min(self.y1, other.y1) - max(self.y0, other.y0)
        smaller = min(self.width * self.height, other.width * other.height)
        return width * height / smaller if width > 0 and height > 0 and smaller > 0 else 0.0

    @classmethod
    def around(cls, boxes: "list[Box]") -> "Box":
        """Smallest rectangle around all of ``boxes`` (at least one)."""
        return cls(
            min(b.x0 for b in boxes), min(b.y0 for b in boxes), max(b.x1 for b in boxes), max(b.y1 for b in boxes)
        )


def _between(first: int, last: int, size: int) -> tuple[int, int]:
    """Two edges in order, from 0 to ``size``, at least a pixel apart where one of them had to move."""
    first, last = min(first, last), max(first, last)
    if first >= 0 and last <= size:
        return first, last
    first = min(max(first, 0), size - 1)
    return first, min(max(last, first + 1), size)


class Layer(StrEnum):
    """What the text layer of a PDF page is worth."""

    NONE = "none"
    GOOD = "good"
    STAMP_ONLY = "stamp only"
    PARTIAL = "partial"
    """Text typed over a scan; the rest of the page was read from its image."""
    HIDDEN = "hidden"
    """Somebody's OCR that is not seen: a second opinion on what was read from the image."""
    GARBLED = "garbled"
    LEGACY = "legacy encoding"


class Method(StrEnum):
    """How the words of a page came to be."""

    OCR = "ocr"
    TEXT_LAYER = "text layer"
    PLAIN_TEXT = "plain text"
    BLANK = "blank"
    FAILED = "failed"


class Origin(StrEnum):
    """Where the letters of a word come from."""

    OCR = "ocr"
    """A text engine recognised them in the image."""
    TEXT_LAYER = "text_layer"
    """They are in the file as text, as the program that made the page put them there, or somebody's OCR."""
    TYPED = "typed"
    """A person or program entered them as text: a text file, a form field, a registry's number set over the page."""
    HAND = "hand"
    """A reader of handwriting recognised them."""
    HUMAN = "human"
    """A person confirmed or corrected them."""

    @property
    def recognised(self) -> bool:
        """Whether letters were recognised in ink and may be misread."""
        return self in (Origin.OCR, Origin.HAND)


class BlockKind(StrEnum):
    """What a block of lines is, where it was read by itself and is known for it."""

    TEXT = "text"
    ARRIVAL_STAMP = "arrival stamp"
    URGENCY_STAMP = "urgency stamp"
    NOTE = "note"
    """Typed over the page later, not part of the document as it was issued."""
    TABLE = "table"
    """Its lines are those of the cells of :attr:`Block.grid`, row by row."""


@dataclass(slots=True, frozen=True)
class Word:
    """One word between blanks, as printed or as repaired.

    ``confidence`` is the share of such words that are right, as calibrated by whatever read it. ``raw`` is the reading
    before repair (``None``: nothing has repaired it). ``alternatives`` are other readings, best first. Before the
    repair they are the engine's, each with its share of probability against ``text``; one with a blank says that these
    are two words. After it they are the repair's next-best ones with their posterior probabilities.
    """

    text: str
    box: Box | None = None
    confidence: float = 1.0
    raw: str | None = None
    alternatives: tuple[tuple[str, float], ...] = ()
    origin: Origin = Origin.OCR

    def __post_init__(self) -> None:
        """Take out what no page shows."""
        if not self.text.isprintable():
            object.__setattr__(self, "text", printed(self.text))
        if self.raw is not None and not self.raw.isprintable():
            object.__setattr__(self, "raw", printed(self.raw))
        if self.alternatives and not all(text.isprintable() for text, _ in self.alternatives):
            object.__setattr__(self, "alternatives", tuple((printed(text), share) for text, share in self.alternatives))


@dataclass(slots=True, frozen=True)
class Line:
    """Words in reading order on one base line and in one column, none of them empty.

    ``base_line`` (its y) and ``em`` (the type size), both in pixels, are given where they were measured.
    """

    words: tuple[Word, ...]
    base_line: float | None = None
    em: float | None = None

    def __post_init__(self) -> None:
        """A word of which nothing is left is none."""
        if not all(word.text for word in self.words):
            object.__setattr__(self, "words", tuple(word for word in self.words if word.text))

    @property
    def text(self) -> str:
        """The words joined with single blanks."""
        return " ".join(w.text for w in self.words)

    @property
    def box(self) -> Box | None:
        """Box around all words that have one."""
        boxes = [w.box for w in self.words if w.box]
        return Box.around(boxes) if boxes else None


@dataclass(slots=True, frozen=True)
class GridCell:
    """A cell of a table, rows and columns from 0; its lines are ``first`` to ``last`` (exclusive) of its block."""

    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    first: int = 0
    last: int = 0
    box: Box | None = None

    @property
    def squares(self) -> Iterator[tuple[int, int]]:
        """Row and column of each square of the grid that it goes over."""
        return product(range(self.row, self.row + self.row_span), range(self.column, self.column + self.column_span))


@dataclass(slots=True, frozen=True)
class Grid:
    """The cells of a table on one page, in the order of rows and then columns, empty ones too; no two overlap.

    Where no cell is, print stands that is none of the table's. ``header_rows`` is what the file itself calls the head
    of the table, 0 where it says nothing. ``ruled``: lines are drawn between the cells.
    """

    rows: int
    columns: int
    cells: tuple[GridCell, ...]
    ruled: bool = True
    header_rows: int = 0
    box: Box | None = None


@dataclass(slots=True, frozen=True)
class Block:
    """Lines that belong together: a paragraph, a column, a stamp, or the cells of a table."""

    lines: tuple[Line, ...]
    kind: BlockKind = BlockKind.TEXT
    grid: Grid | None = None

    def __post_init__(self) -> None:
        """Cells have lines of the block and no others."""
        amount = len(self.lines)
        if self.grid is None or all(0 <= cell.first <= cell.last <= amount for cell in self.grid.cells):
            return
        cells = []
        for cell in self.grid.cells:
            first = min(max(cell.first, 0), amount)
            cells.append(replace(cell, first=first, last=min(max(cell.last, first), amount)))
        object.__setattr__(self, "grid", replace(self.grid, cells=tuple(cells)))

    @property
    def text(self) -> str:
        """The lines joined with line feeds; of a table, cells are parted by tabs and lines in a cell by blanks."""
        if self.grid is None:
            return "\n".join(line.text for line in self.lines)
        parts = ["" if i == 0 else " " for i in range(len(self.lines))]
        row = 0
        for cell in self.grid.cells:
            if 0 < cell.first < cell.last:
                parts[cell.first] = "\t" if cell.row == row else "\n"
            row = cell.row if cell.first < cell.last else row
        return "".join(part + line.text for part, line in zip(parts, self.lines, strict=True))

    @property
    def box(self) -> Box | None:
        """Box around all lines that have one."""
        boxes = [b for line in self.lines if (b := line.box)]
        return Box.around(boxes) if boxes else None

    def only(self, keep: Callable[[Line], bool]) -> "Block":
        """The block with the lines that are kept; the cells of a table have what is left of theirs."""
        kept = [keep(line) for line in self.lines]
        lines = tuple(line for line, stays in zip(self.lines, kept, strict=True) if stays)
        if self.grid is None or all(kept):
            return replace(self, lines=lines)
        cells = tuple(
            replace(cell, first=sum(kept[: cell.first]), last=sum(kept[: cell.last])) for cell in self.grid.cells
        )
        return replace(self, lines=lines, grid=replace(self.grid, cells=cells))


_Boxed = TypeVar("_Boxed", Word, GridCell, Grid)


@dataclass(slots=True, frozen=True)
class Page:
    """One page in reading order. ``number`` counts from 1 in the source; ``dpi`` is that of the boxes, 0 for text.

    The page was read upright and level: the source's page, turned by ``turns`` quarters and then by ``angle`` degrees
    about its centre, both counter-clockwise. ``width`` and ``height`` are those of the page as read; where they are
    known, no box reaches beyond them. ``engine`` is the name of the text engine where one read the page.
    """

    number: int
    blocks: tuple[Block, ...]
    width: int = 0
    height: int = 0
    dpi: int = 0
    layer: Layer = Layer.NONE
    method: Method = Method.PLAIN_TEXT
    warnings: tuple[str, ...] = field(default=())
    angle: float = 0.0
    turns: int = 0
    engine: str | None = None

    def __post_init__(self) -> None:
        """Cut boxes off at the edges of the page: engines draw some beyond it, as do files."""
        if self.width > 0 and self.height > 0 and not all(self._holds(box) for box in self._boxes()):
            object.__setattr__(self, "blocks", tuple(self._cut(block) for block in self.blocks))

    def _boxes(self) -> Iterator[Box]:
        for block in self.blocks:
            for line in block.lines:
                for word in line.words:
                    if word.box is not None:
                        yield word.box
            if block.grid is not None:
                boxes = (block.grid.box, *(cell.box for cell in block.grid.cells))
                yield from (box for box in boxes if box is not None)

    def _holds(self, box: Box) -> bool:
        return 0 <= box[0] <= box[2] <= self.width and 0 <= box[1] <= box[3] <= self.height

    def _cut(self, block: Block) -> Block:
        """The block with its boxes on the page."""
        lines = tuple(replace(line, words=tuple(self._on_page(word) for word in line.words)) for line in block.lines)
        grid = block.grid
        if grid is not None:
            grid = replace(self._on_page(grid), cells=tuple(self._on_page(cell) for cell in grid.cells))
        return replace(block, lines=lines, grid=grid)

    def _on_page(self, boxed: _Boxed) -> _Boxed:
        box = boxed.box
        if box is None or self._holds(box):
            return boxed
        return replace(boxed, box=box.within(self.width, self.height))

    @property
    def source_size(self) -> tuple[int, int]:
        """Width and height of the source's page, before it was turned, in pixels at ``dpi``."""
        return (self.height, self.width) if self.turns % 2 else (self.width, self.height)

    def to_source(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the page as read stands on the source's page, both in pixels at ``dpi``."""
        x_center, y_center = self.width / 2, self.height / 2
        sine, cosine = sin(radians(self.angle)), cos(radians(self.angle))
        dx, dy = x - x_center, y - y_center
        x, y = x_center + cosine * dx - sine * dy, y_center + sine * dx + cosine * dy
        width, height = self.source_size
        turned = ((x, y), (width - y, x), (width - x, height - y), (y, height - x))
        return turned[self.turns % 4]

    def from_source(self, x: float, y: float) -> tuple[float, float]:
        """Inverse of :meth:`to_source`."""
        width, height = self.source_size
        x, y = ((x, y), (y, width - x), (width - x, height - y), (height - y, x))[self.turns % 4]
        x_center, y_center = self.width / 2, self.height / 2
        sine, cosine = sin(radians(self.angle)), cos(radians(self.angle))
        dx, dy = x - x_center, y - y_center
        return x_center + cosine * dx + sine * dy, y_center - sine * dx + cosine * dy

    @property
    def text(self) -> str:
        """Blocks parted by an empty line, their lines as :attr:`Block.text` has them, words by one blank."""
        return "\n\n".join(block.text for block in self.blocks)

    @property
    def lines(self) -> Iterator[Line]:
        """All lines in reading order."""
        return (line for block in self.blocks for line in block.lines)

    @property
    def words(self) -> Iterator[Word]:
        """All words in reading order."""
        return (word for line in self.lines for word in line.words)


def page_from_text(text: str, number: int = 1) -> Page:
    """Page of plain text: lines as given, a block at every empty line. Inverse of :attr:`Page.text` but for tables."""
    blocks: list[Block] = []
    lines: list[Line] = []
    for row in [*text.splitlines(), ""]:
        line = Line(tuple(Word(w, origin=Origin.TYPED) for w in row.split()))
        if line.words:
            lines.append(line)
        elif lines:
            blocks.append(Block(tuple(lines)))
            lines = []
    return Page(number, tuple(blocks))
