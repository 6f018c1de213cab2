"""From an engine's lines to blocks in reading order, by geometry alone: columns are read one after the other.

Engines run the two columns of a dispatch's head and foot together, line by line. Here every line is cut at its wide
gaps; rows of pieces that leave one white gutter free are a two-column zone, read left column first. The page must be
level (deskewed). The method is that of whitespace cover (Breuel, "Two geometric algorithms for layout analysis",
DAS 2002), reduced to the one kind of zone that such pages have.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from vndoc.page import Block, Box, Line, Word

_SPLIT = 1.8  # a gap wider than this many text heights cuts a line; the blanks of justified text stay below 1.2
_GUTTER = 1.2  # least width of a gutter, in text heights
_PARAGRAPH = 1.5  # a line pitch beyond this many usual ones begins a block


@dataclass(slots=True)
class _Row:
    """Pieces of lines at one height, from left to right."""

    pieces: list[Line] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)

    @property
    def y_center(self) -> float:
        return sum(b.y_center for b in self.boxes) / len(self.boxes)

    def add(self, piece: Line, box: Box) -> None:
        self.pieces.append(piece)
        self.boxes.append(box)

    def overlaps(self, box: Box) -> bool:
        return any(b.x0 < box.x1 and box.x0 < b.x1 for b in self.boxes)

    def free(self, x0: float, x1: float) -> tuple[float, float]:
        """The part of the interval that no piece of this row covers and that keeps its side of every piece."""
        for b in self.boxes:
            if b.x0 >= x1 or b.x1 <= x0:
                continue
            if b.x_center < (x0 + x1) / 2:
                x0 = b.x1
            else:
                x1 = b.x0
        return x0, x1


def arrange(lines: Sequence[Line]) -> tuple[Block, ...]:
    """Blocks in reading order from lines in any order. Words without a box keep their line as it is, at the end."""
    height = text_height(lines)
    pieces = [piece for line in lines for piece in _cut(line, height)]
    placed = [(piece, box) for piece in pieces if (box := piece.box)]
    loose = [piece for piece in pieces if piece.box is None]
    rows = _rows(placed, height)
    ordered: list[list[Line]] = []
    at = 0
    while at < len(rows):
        end, gutter = _two_columns(rows, at, height)
        if end > at:
            ordered.extend(_columns(rows[at:end], gutter))
            at = end
        else:
            ordered.append([_join(rows[at])])
            at += 1
    blocks = _paragraphs(ordered)
    return (*blocks, Block(tuple(loose))) if loose else blocks


def text_height(lines: Sequence[Line]) -> float:
    """Median height of the words in pixels, 1 where there are none."""
    heights = [w.box.height for line in lines for w in line.words if w.box and len(w.text) > 1]
    return float(median(heights)) if heights else 1.0


def _cut(line: Line, height: float) -> list[Line]:
    groups: list[list[Word]] = []
    right: int | None = None
    for word in sorted(line.words, key=lambda w: w.box.x0 if w.box else 0) if line.box else line.words:
        if groups and (right is None or word.box is None or word.box.x0 - right <= _SPLIT * height):
            groups[-1].append(word)
        else:
            groups.append([word])
        if word.box:
            right = word.box.x1 if right is None else max(right, word.box.x1)
    return [Line(tuple(words)) for words in groups]


def _rows(placed: list[tuple[Line, Box]], height: float) -> list[_Row]:
    rows: list[_Row] = []
    for piece, box in sorted(placed, key=lambda p: (p[1].y_center, p[1].x0)):
        near = [r for r in rows[-4:] if abs(r.y_center - box.y_center) < 0.45 * height and not r.overlaps(box)]
        if near:
            min(near, key=lambda r: abs(r.y_center - box.y_center)).add(piece, box)
        else:
            rows.append(_Row([piece], [box]))
    for row in rows:
        order = sorted(range(len(row.boxes)), key=lambda i: row.boxes[i].x0)
        row.pieces = [row.pieces[i] for i in order]
        row.boxes = [row.boxes[i] for i in order]
    return sorted(rows, key=lambda r: r.y_center)


def _two_columns(rows: list[_Row], start: int, height: float) -> tuple[int, float]:
    """End of the two-column zone that begins at ``start`` (``start`` itself if none does), and the gutter's middle."""
    row = rows[start]
    if len(row.boxes) != 2:
        return start, 0.0
    x0, x1 = float(row.boxes[0].x1), float(row.boxes[1].x0)
    end, both = start + 1, 1
    while end < len(rows):
        left, right = rows[end].free(x0, x1)
        if right - left < _GUTTER * height or rows[end].y_center - rows[end - 1].y_center > 8 * height:
            break
        x0, x1 = left, right
        both += len(rows[end].boxes) > 1
        end += 1
    middle = (x0 + x1) / 2
    sides = [
        [any(b.x_center < middle for b in r.boxes), any(b.x_center > middle for b in r.boxes)] for r in rows[start:end]
    ]
    enough = both > 1 or (any(s == [True, False] for s in sides) and any(s == [False, True] for s in sides))
    return (end, middle) if enough else (start, 0.0)


def _columns(rows: list[_Row], gutter: float) -> list[list[Line]]:
    columns: list[list[Line]] = [[], []]
    for row in rows:
        for side in (0, 1):
            words = [
                w
                for p, b in zip(row.pieces, row.boxes, strict=True)
                if (b.x_center > gutter) == bool(side)
                for w in p.words
            ]
            if words:
                columns[side].append(Line(tuple(words)))
    return columns


def _join(row: _Row) -> Line:
    return Line(tuple(word for piece in row.pieces for word in piece.words))


def _paragraphs(ordered: list[list[Line]]) -> tuple[Block, ...]:
    """Blocks from runs of lines: a run of one line continues the block before it unless the pitch says otherwise."""
    centers = [[box.y_center if (box := line.box) else 0.0 for line in run] for run in ordered]
    flat = [c for run in centers for c in run]
    pitches = [b - a for a, b in pairwise(flat) if b > a]
    usual = median(pitches) if pitches else 0.0
    blocks: list[list[Line]] = []
    last: float | None = None
    for run, run_centers in zip(ordered, centers, strict=True):
        if len(run) > 1:
            last = None
        for line, center in zip(run, run_centers, strict=True):
            if last is None or not 0 <= center - last <= _PARAGRAPH * usual:
                blocks.append([])
            blocks[-1].append(line)
            last = center
        if len(run) > 1:
            last = None
    return tuple(Block(tuple(lines)) for lines in blocks)
