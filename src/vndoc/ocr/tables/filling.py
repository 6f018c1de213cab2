"""Words into the cells of a table, each by its centre; what was read of the rules themselves is left out."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise

from vndoc.ocr.layout import level_rows
from vndoc.page import Block, BlockKind, Box, Grid, Line, Word

_BARS = "|¦"  # what engines read upright rules as
_STROKES = frozenset("|¦_—–-=~[]{}()!'‘’.,:;")  # what is read of rules and their corners
_ON_RULE = 0.35  # of a word's height: so near at a rule a word of strokes is that rule
_GUESSED = 0.5  # most confidence of the words that one is cut into
_BEYOND = 0.7  # of a word's height that it reaches into the next cell, from which on it is two words


@dataclass(slots=True)
class Filled:
    """A table with its words.

    Attributes:
        block: the table.
        doubtful: numbers of cells into or out of which a word was cut.
    """

    block: Block
    doubtful: set[int] = field(default_factory=set)


@dataclass(slots=True, frozen=True)
class Places:
    """Which cell of a grid is where on the page."""

    rows: list[int]
    """Upper edges of the rows, and the lower edge of the last."""
    columns: list[int]
    owners: list[list[int]]
    """Number of the cell at each row and column, -1 where print stands that is in none."""

    @classmethod
    def of(cls, grid: Grid) -> "Places":
        """Those of a grid whose cells have boxes."""
        rows, columns = [0] * (grid.rows + 1), [0] * (grid.columns + 1)
        owners = [[-1] * grid.columns for _ in range(grid.rows)]
        for number, cell in enumerate(grid.cells):
            assert cell.box is not None
            rows[cell.row], rows[cell.row + cell.row_span] = cell.box.y0, cell.box.y1
            columns[cell.column], columns[cell.column + cell.column_span] = cell.box.x0, cell.box.x1
            for row in range(cell.row, cell.row + cell.row_span):
                owners[row][cell.column : cell.column + cell.column_span] = [number] * cell.column_span
        return cls(rows, columns, owners)

    def at(self, x: float, y: float) -> int | None:
        """Number of the cell at a point, None outside of all."""
        row, column = bisect_right(self.rows, y) - 1, bisect_right(self.columns, x) - 1
        inside = 0 <= row < len(self.owners) and 0 <= column < len(self.columns) - 1
        number = self.owners[row][column] if inside else -1
        return number if number >= 0 else None


def fill(grid: Grid, lines: Sequence[Line]) -> tuple[Filled, list[Line]]:
    """The table with what of the lines is in it, and what is not.

    The cells of ``grid`` have boxes; what they say of lines is not heeded.
    """
    places = Places.of(grid)
    inside: dict[int, list[Line]] = {}
    outside: list[Line] = []
    doubtful: set[int] = set()
    for line in lines:
        box = line.box
        if box is None or grid.box is None or not _touch(box, grid.box):
            outside.append(line)
            continue
        parts = [part for word in line.words for part in _parts(word, grid, places, doubtful)]
        for number, group in groupby(parts, key=lambda part: part[0]):
            words = tuple(word for _, word in group)
            piece = line if words == line.words else replace(line, words=words)
            (outside if number is None else inside.setdefault(number, [])).append(piece)
    return Filled(with_lines(grid, inside), doubtful), outside


def with_lines(grid: Grid, inside: dict[int, list[Line]]) -> Block:
    """The table whose cells, by number, hold these lines, in any order."""
    cells, lines = [], list[Line]()
    for number, cell in enumerate(grid.cells):
        own = level_rows(inside.get(number, ()))
        cells.append(replace(cell, first=len(lines), last=len(lines) + len(own)))
        lines += own
    return Block(tuple(lines), BlockKind.TABLE, replace(grid, cells=tuple(cells)))


def cell_lines(block: Block) -> dict[int, list[Line]]:
    """The lines of a table by the number of their cell; inverse of :func:`with_lines`."""
    assert block.grid is not None
    return {n: list(block.lines[cell.first : cell.last]) for n, cell in enumerate(block.grid.cells)}


def _touch(one: Box, other: Box) -> bool:
    return one.x0 < other.x1 and other.x0 < one.x1 and one.y0 < other.y1 and other.y0 < one.y1


def _parts(word: Word, grid: Grid, places: Places, doubtful: set[int]) -> Iterator[tuple[int | None, Word]]:
    """A word with the number of its cell, or the words that it is, with those of theirs; nothing of a rule."""
    box = word.box
    if box is None or not grid.ruled:
        yield (places.at(box.x_center, box.y_center) if box else None), word
        return
    if _is_rule(word.text, box, places):
        return
    cuts = _crossed(box, places)
    if cuts:
        for part in _cut(word, box, cuts):
            assert part.box is not None
            number = places.at(part.box.x_center, part.box.y_center)
            if number is not None:
                doubtful.add(number)
            yield number, part
        return
    number = places.at(box.x_center, box.y_center)
    text = word.text.strip(_BARS) if number is not None else word.text
    yield number, word if text == word.text else replace(word, text=text)


def _is_rule(text: str, box: Box, places: Places) -> bool:
    """Whether a word is a rule that was read as letters: strokes on an edge of a cell, or bars alone."""
    if places.at(box.x_center, box.y_center) is None or not set(text) <= _STROKES:
        return False
    if not text.strip(_BARS):
        return True
    near = _ON_RULE * min(box.width, box.height)
    return any(abs(x - box.x_center) <= near for x in places.columns) or any(
        box.y0 - near <= y <= box.y1 + near for y in places.rows if box.height < box.width
    )


def _crossed(box: Box, places: Places) -> list[int]:
    """Columns' edges at which the word's box goes on into another cell."""
    least = _BEYOND * box.height
    crossed = (x for x in places.columns if box.x0 + least < x < box.x1 - least)
    return [x for x in crossed if places.at(x - 1, box.y_center) != places.at(x + 1, box.y_center)]


def _cut(word: Word, box: Box, at: Sequence[int]) -> list[Word]:
    """The words that one is that was read across rules: parted at bars where it has them, else by width."""
    texts = [part for part in word.text.replace(_BARS[1], _BARS[0]).split(_BARS[0]) if part]
    edges = [box.x0, *at, box.x1]
    if len(texts) != len(at) + 1:
        letters = [round(len(word.text) * (edge - box.x0) / max(1, box.width)) for edge in edges]
        texts = [word.text[a:b].strip(_BARS) for a, b in pairwise(letters)]
    return [
        replace(
            word,
            text=text,
            box=box._replace(x0=a, x1=b),
            confidence=min(_GUESSED, word.confidence),
            alternatives=(),
        )
        for text, (a, b) in zip(texts, pairwise(edges), strict=True)
        if text.strip()
    ]
