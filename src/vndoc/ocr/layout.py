"""From an engine's lines to blocks in reading order, by geometry alone: columns are read one after the other.

Engines run the two columns of a dispatch's head and foot together, line by line. Here every line is cut at its wide
gaps; rows of pieces that leave one white gutter free are a two-column zone, read left column first. The page must be
level (deskewed). The method is that of whitespace cover (Breuel, "Two geometric algorithms for layout analysis",
DAS 2002), reduced to the one kind of zone that such pages have.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from vndoc.page import Block, Box, Line, Word

_SPLIT = 1.8  # a gap wider than this many text heights cuts a line; the blanks of justified text stay below 1.2
_GUTTER = 1.2  # least width of a gutter, in text heights
_NARROW = 0.7  # least gap between two words that continues a gutter upwards, where engines stretch boxes into it
_FAR = 8  # text heights of white that end a zone
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

    @property
    def x0(self) -> int:
        return min(b.x0 for b in self.boxes)

    @property
    def x1(self) -> int:
        return max(b.x1 for b in self.boxes)

    def gaps(self, least: float) -> list[tuple[float, float]]:
        """White intervals between neighbouring words that are at least so wide; endless ones at the sides left out."""
        boxes = sorted((w.box for p in self.pieces for w in p.words if w.box), key=lambda b: b.x0)
        return [(float(a.x1), float(b.x0)) for a, b in pairwise(boxes) if b.x0 - a.x1 >= least]

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
    pieces = cut_at_gaps(lines)
    placed = [(piece, box) for piece in pieces if (box := piece.box)]
    loose = [piece for piece in pieces if piece.box is None]
    rows = _rows(placed, height)
    ordered: list[list[Line]] = []
    at = 0
    for zone in _zones(rows, height):
        ordered.extend([_join(row)] for row in rows[at : zone.start])
        ordered.extend(_columns(rows[zone.start : zone.end], zone.middle))
        at = zone.end
    ordered.extend([_join(row)] for row in rows[at:])
    blocks = _paragraphs(ordered)
    return (*blocks, Block(tuple(loose))) if loose else blocks


def text_height(lines: Sequence[Line]) -> float:
    """Median height of the words in pixels, 1 where there are none."""
    heights = [w.box.height for line in lines for w in line.words if w.box and len(w.text) > 1]
    return float(median(heights)) if heights else 1.0


def cut_at_gaps(lines: Sequence[Line]) -> list[Line]:
    """The lines cut where a gap between two words is that of columns, from left to right."""
    height = text_height(lines)
    return [piece for line in lines for piece in _cut(line, height)]


def level_rows(lines: Sequence[Line]) -> list[Line]:
    """Lines of one column from top to bottom: those that stand beside each other on one level are one."""
    placed = [(line, box) for line in lines if (box := line.box)]
    height = max(text_height(lines), max((box.height for _, box in placed), default=1) / 2)
    rows = _rows(placed, height)
    return [row.pieces[0] if len(row.pieces) == 1 else _join(row) for row in rows]


def only_words(lines: Iterable[Line], keep: Callable[[Word], bool]) -> list[Line]:
    """The lines with only the words that ``keep`` wants; lines that lose all their words are gone."""
    kept = (replace(line, words=tuple(word for word in line.words if keep(word))) for line in lines)
    return [line for line in kept if line.words]


def quarter_turns(lines: Sequence[Line]) -> int:
    """Counter-clockwise quarter turns that bring a page upright whose lines run up (3) or down (1); 0 if they don't.

    Engines read such pages all the same, with words higher than wide; lines running up are read upside down, with
    little confidence.
    """
    boxes = [w.box for line in lines for w in line.words if w.box and len(w.text) > 3]
    if not boxes or sum(b.height > 1.5 * b.width for b in boxes) <= len(boxes) / 2:
        return 0
    ends = [(line.words[0].box, line.words[-1].box) for line in lines if len(line.words) > 1]
    down = sum(1 if last.y_center > first.y_center else -1 for first, last in ends if first and last)
    return 1 if down > 0 else 3


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


@dataclass(slots=True, frozen=True)
class _Zone:
    """Rows ``start`` to ``end`` (exclusive) are in two columns left and right of ``middle``."""

    start: int
    end: int
    middle: float
    balance: int
    """Rows in the column that has fewer of them."""


def _zones(rows: list[_Row], height: float) -> list[_Zone]:
    zones: list[_Zone] = []
    at = 0
    while at < len(rows):
        floor = zones[-1].end if zones else 0
        found = [_grow(rows, at, floor, gap, height) for gap in rows[at].gaps(_SPLIT * height)]
        best = max((z for z in found if z), key=lambda z: (z.balance, z.end - z.start), default=None)
        if best:
            zones.append(best)
        at = best.end if best else at + 1
    return zones


def _grow(rows: list[_Row], seed: int, floor: int, gap: tuple[float, float], height: float) -> _Zone | None:
    """The two-column zone around the gap in row ``seed``; None where it is a table, or the gap is a single one."""
    x0, x1 = gap
    end = seed + 1
    while end < len(rows) and rows[end].y_center - rows[end - 1].y_center <= _FAR * height:
        left, right = rows[end].free(x0, x1)
        if right - left < _GUTTER * height:
            break
        x0, x1, end = left, right, end + 1
    start = seed
    while start > floor and rows[seed].y_center - rows[start - 1].y_center <= _FAR * height:
        above = rows[start - 1]
        crossing = [(max(a, x0), min(b, x1)) for a, b in (*above.gaps(_NARROW * height), above.free(x0, x1))]
        left, right = max(crossing, key=lambda g: g[1] - g[0], default=(0.0, 0.0))
        if right - left < _NARROW * height:
            break
        x0, x1, start = left, right, start - 1
    zone = rows[start:end]
    middle = (x0 + x1) / 2
    lefts = sum(row.x0 < middle for row in zone)
    rights = sum(row.x1 > middle for row in zone)
    table = sum(len(row.boxes) > 2 for row in zone) > max(1, len(zone) // 4)
    return None if table or lefts + rights < 3 else _Zone(start, end, middle, min(lefts, rights))


def _columns(rows: list[_Row], gutter: float) -> list[list[Line]]:
    columns: list[list[Line]] = [[], []]
    for row in rows:
        words = [w for piece in row.pieces for w in piece.words]
        for side, column in enumerate(columns):
            own = tuple(w for w in words if w.box and (w.box.x_center > gutter) == bool(side))
            if own:
                column.append(Line(own))
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
