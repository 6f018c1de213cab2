"""Runs of levels that leave the same white free between their columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import regex

from vndoc.ocr.tables.unruled.levels import GUTTER, Interval, Level, Piece, is_head
from vndoc.page import Box

_OFTEN = 0.3  # share of levels that cross a gutter, from which on it is none
_FAR = 2.2  # text heights of white between two levels that end a table
_WIDER = 1.5  # so many text heights, and so many times the widest white in it, where its pitch is known
_MISSED = 3.2  # text heights of white before a full level: a line between may have been missed
_KNOWN = 5  # levels from which on it is
_CENTRED = 0.2  # of the width of the texts of several columns by which a heading over them may miss their middle
_BESIDE = 3  # levels one after the other that may stand at the side of all others
_FEW = 3  # part of the gutters that a level of the table may cross
_UNIT = regex.compile(r"\(?(đơn vị( tính)?|đvt)\s*:", regex.IGNORECASE)  # stands above a table, at its right


@dataclass(slots=True)
class Run:
    """Levels one below the other.

    Attributes:
        seed: the level that the others were found around.
        height: that of the text.
        levels: all of them, from top to bottom.
        crossing: numbers of those that run over gutters: totals, headings over several columns.
        gutters: the white that the others leave free.
    """

    seed: Level
    height: float
    levels: list[Level]
    crossing: set[int]
    gutters: list[Interval]

    @classmethod
    def of(cls, seed: Level, height: float) -> "Run":
        """A single level."""
        return cls(seed, height, [seed], set(), seed.gaps)

    @property
    def least(self) -> float:
        """Least width of a gutter, in pixels."""
        return GUTTER * self.height

    @property
    def box(self) -> Box:
        """Around all levels."""
        return Box.around([level.box for level in self.levels])

    def crossed(self, level: Level) -> list[Interval]:
        """The gutters that a level would leave too narrow."""
        return [g for g in self.gutters if any(piece.covers(g, self.least) for piece in level.pieces)]

    def add(self, level: Level, crossing: bool) -> None:
        """Take a level in."""
        self.levels.append(level)
        self.levels.sort(key=lambda one: one.number)
        if crossing:
            self.crossing.add(level.number)
        else:
            self.gutters = self._free()

    def drop(self, level: Level) -> None:
        """Leave a level out again."""
        self.levels.remove(level)
        if level.number not in self.crossing:
            self.gutters = self._free()
            self.settle()
        self.crossing.discard(level.number)

    def settle(self) -> None:
        """Give up gutters that too many levels cross: white within the text of one level.

        Levels above the seed do not count: headings over several columns may take many lines.
        """
        levels = [level for level in self.levels if level.number >= self.seed.number]
        self.gutters = [
            gutter
            for gutter in self.gutters
            if sum(any(piece.covers(gutter, self.least) for piece in level.pieces) for level in levels)
            <= _OFTEN * len(levels)
        ]

    def _free(self) -> list[Interval]:
        """The white that all levels leave free but those that are known to cross it.

        White between texts that are all above the others is none: it is within a column, of a centred heading and flush
        text.
        """
        placed = sorted(
            (piece.box, level.number)
            for level in self.levels
            if level.number not in self.crossing
            for piece in level.pieces
        )
        gutters = list[Interval]()
        right, numbers, before = float("-inf"), list[int](), list[int]()
        white: Interval | None = None

        def close() -> None:
            """Text ends here: it is beside the text before it, or in one column with it."""
            beside = white and max(before) >= min(numbers) and max(numbers) >= min(before)
            if white and beside:
                gutters.append(white)
            before[:] = numbers if beside else before + numbers

        for box, number in placed:
            if box.x0 - right < self.least:
                numbers.append(number)
                right = max(right, box.x1)
            else:
                close()
                white = Interval(right, box.x0) if numbers else None
                right, numbers = box.x1, [number]
        close()
        return gutters


def grow(levels: Sequence[Level], seed: int, free: Sequence[bool], height: float) -> Run:
    """The run of free levels around ``seed`` that leave white free where it does."""
    run = Run.of(levels[seed], height)
    for above, numbers in ((False, range(seed + 1, len(levels))), (True, range(seed - 1, -1, -1))):
        beside: list[Level] = []
        for number in numbers:
            level = levels[number]
            if not free[number] or len(beside) > _BESIDE:
                break
            if _is_beside(run, level):
                beside.append(level)
            elif _joins(run, level, above):
                for other in beside:
                    run.add(other, crossing=False)
                beside = []
            else:
                break
    run.settle()
    while run.levels[-1].number in run.crossing and len(run.levels[-1].pieces) < 3:
        run.drop(run.levels[-1])
    return run


def _is_beside(run: Run, level: Level) -> bool:
    """Whether all of a level is left or right of the run: of its table only where that goes on behind it."""
    return len(_outside(run, level)) == len(level.pieces)


def _outside(run: Run, level: Level) -> list[Piece]:
    """The pieces left or right of the run."""
    box = run.box
    return [piece for piece in level.pieces if piece.box.x1 <= box.x0 or piece.box.x0 >= box.x1]


def _joins(run: Run, level: Level, above: bool) -> bool:
    """Add a level where it goes on with the run; whether it did."""
    whites = [b.box.y0 - a.box.y1 for a, b in pairwise(run.levels)]
    white = run.levels[0].box.y0 - level.box.y1 if above else level.box.y0 - run.levels[-1].box.y1
    far = _FAR * run.height if len(run.levels) < _KNOWN else _WIDER * max(run.height, *whites)
    if white > (max(far, _MISSED * run.height) if len(level.pieces) >= 3 else far):
        return False
    if not above and len(level.pieces) < 3 and _outside(run, level):
        return False
    if len(level.pieces) == 1:
        text = level.pieces[0].text
        if _UNIT.match(text) or (level.number == 0 and text.isdecimal()):
            return False
    columns = columns_of(run)
    crossed = run.crossed(level)
    if crossed and not _may_cross(run, level, columns, crossed, above):
        return False
    run.add(level, bool(crossed))
    return True


def _may_cross(run: Run, level: Level, columns: Sequence[Interval], crossed: Sequence[Interval], above: bool) -> bool:
    """Whether a level that runs over gutters may be one of the table."""
    if above and is_head(level.pieces[0].words):
        return True
    if len(level.pieces) >= 3:
        return len(crossed) <= max(1, len(run.gutters) // _FEW)
    over = [piece for piece in level.pieces if any(piece.covers(g, run.least) for g in crossed)]
    if above:
        return all(_heads_group(piece, columns, run) for piece in over)
    beside = [piece for piece in level.pieces if piece not in over]
    if len(over) != 1 or len(beside) != 1 or len(columns) < 2:
        return False
    # The number and the heading of a section.
    label, heading = beside[0].box, over[0].box
    return _at(beside[0], columns) == [0] and label.x1 < heading.x0 and abs(heading.x0 - columns[1].x0) <= run.height


def _heads_group(piece: Piece, columns: Sequence[Interval], run: Run) -> bool:
    """Whether it stands in the middle above several columns, not the first one."""
    own = _at(piece, columns)
    if not own or own[0] == 0:
        return False
    middle = (columns[own[0]].x0 + columns[own[-1]].x1) / 2
    width = columns[own[-1]].x1 - columns[own[0]].x0
    return abs(piece.box.x_center - middle) <= _CENTRED * width


def columns_of(run: Run) -> list[Interval]:
    """From edge to edge of the text between the gutters."""
    box = run.box
    edges = [float(box.x0), *(x for gutter in run.gutters for x in gutter), float(box.x1)]
    return [Interval(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _at(piece: Piece, columns: Sequence[Interval]) -> list[int]:
    """The columns that a piece reaches into."""
    return [n for n, column in enumerate(columns) if piece.box.x0 < column.x1 and column.x0 < piece.box.x1]
