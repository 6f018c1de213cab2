"""Which line starts are labels, at which depth and with which number: the likeliest reading of the whole sequence.

OCR loses labels, reads "5." as "6." and begins lines with numbers that are no labels; writers leave labels out and use
some twice. What is what shows only in the whole sequence, so all readings are searched together: a beam over states
"which levels are open and how far each has counted", where going on by one is free and every gap, misreading, error
of the writer or refusal has its price.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from vndoc.parse.outline.labels import LabelCandidate, LabelKind, LabelReading, due_after, kinds_of_labels, missed

_BEAM = 40
_MARGIN = 7.0  # what falls behind the best by more than any later label could make good is dropped
_DEPTH = 7
_KEPT = 10_000
"""Moves, and ways of counting on, that are kept."""


class _Level(NamedTuple):
    kind: str
    ordinal: int
    single: bool = True


class Step(NamedTuple):
    """A candidate taken for a label: at which depth, as which ordinal, and whether it was read so."""

    candidate: LabelCandidate
    depth: int
    kind: str
    ordinal: int
    read: bool
    before: "Step | None"

    @property
    def form(self) -> LabelKind:
        """What is known about its kind."""
        return kinds_of_labels()[self.kind]

    @property
    def label(self) -> str:
        """The label of its number: 'Điều 3', 'IV', 'đ'; of '2.1' only the last part."""
        return self.form.spell(self.ordinal)


class _State(NamedTuple):
    cost: float
    levels: tuple[_Level, ...] = ()
    articles: int = 0  # điều count on through chapters
    key: str = "#0"
    """What tells levels and articles from others: texts are compared fast."""
    keys: tuple[str, ...] = ("",)
    """What tells the levels down to each depth from others."""
    last: Step | None = None


class _Move(NamedTuple):
    """One way of reading a label where certain levels are open: its price in parts, and what is open then."""

    reading: float
    closing: float
    counting: float
    key: str
    depth: int
    kind: str
    ordinal: int
    read: bool


class _Moves:
    """All moves for labels from what is open: a text that repeats itself asks for the same ones again and again."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[tuple[LabelReading, ...], bool], int] = {}
        self._known: dict[tuple[int, str], list[_Move]] = {}

    def sort_of(self, candidate: LabelCandidate) -> int:
        """A number for all candidates that have the same moves."""
        return self._numbers.setdefault((candidate.readings, candidate.clear), len(self._numbers))

    def of(self, sort: int, candidate: LabelCandidate, state: _State) -> list[_Move]:
        """The moves of a candidate of this sort from a state."""
        known = self._known.get((sort, state.key))
        if known is None:
            if len(self._known) >= _KEPT:
                self._known.clear()
            known = self._known[sort, state.key] = list(_moves(state, candidate))
        return known


def best_path(candidates: Sequence[LabelCandidate]) -> list[Step]:
    """The candidates that are labels, in order; linear in their number."""
    states, moves = [_State(0.0)], _Moves()
    for candidate in candidates:
        states = _after(candidate, states, moves)
    final = min(states, key=lambda s: s.cost + _close(s.levels))
    steps = []
    step = final.last
    while step:
        steps.append(step)
        step = step.before
    return steps[::-1]


def _after(candidate: LabelCandidate, states: Sequence[_State], moves: _Moves) -> list[_State]:
    """The cheapest states behind a candidate, by its being passed over or taken for a label."""
    best: dict[str, tuple[float, _State, _Move | None]] = {}
    limit = states[0].cost + candidate.reject + _MARGIN
    sort = moves.sort_of(candidate)
    for state in states:
        passed = state.cost + candidate.reject
        before = best.get(state.key)
        if before is None or passed < before[0]:
            best[state.key] = (passed, state, None)
        base = state.cost + candidate.accept
        for move in moves.of(sort, candidate, state):
            cost = base + move[0] + move[1] + move[2]
            if cost > limit:
                continue
            before = best.get(move[3])
            if before is None or cost < before[0]:
                best[move[3]] = (cost, state, move)
                limit = min(limit, cost + _MARGIN)
    ranked = sorted(best.values(), key=itemgetter(0))[:_BEAM]
    highest = ranked[0][0] + _MARGIN
    return [
        _taken(state, candidate, move, cost) if move else state._replace(cost=cost)
        for cost, state, move in ranked
        if cost <= highest
    ]


def _close(levels: Sequence[_Level]) -> float:
    """What it costs to close levels: a list of one member is no list (an article by itself is nothing rare)."""
    return sum(0.4 if level.kind == "dieu" else 1.0 for level in levels if level.single)


def _moves(state: _State, candidate: LabelCandidate) -> Iterator[_Move]:
    """All ways of taking a candidate for a label: counting on at an open level, or opening one below."""
    for reading in candidate.readings:
        kind, ordinal, price = reading.kind, reading.ordinal, reading.cost
        may_be_misread = price < 1 and not candidate.clear
        for depth, level in enumerate(state.levels):
            if level.kind != kind:
                continue
            closing = _close(state.levels[depth + 1 :])
            counting, due, misread = _counting(kind, level.ordinal, ordinal, candidate.clear)
            if counting is not None:
                yield _Move(price, closing, counting, _key(state, depth, kind, ordinal), depth, kind, ordinal, True)
            if due is not None and may_be_misread:
                yield _Move(price, closing, misread, _key(state, depth, kind, due), depth, kind, due, False)
        if len(state.levels) < _DEPTH:
            depth, first = len(state.levels), 1 if kind != "dieu" else state.articles + 1
            opening = _open(state, kind, ordinal)
            yield _Move(price, opening, 0.0, _key(state, depth, kind, ordinal), depth, kind, ordinal, True)
            if ordinal != first and may_be_misread:
                opening, misread = _open(state, kind, first), _misread(kind, ordinal, first)
                yield _Move(price, opening, misread, _key(state, depth, kind, first), depth, kind, first, False)


def _taken(state: _State, candidate: LabelCandidate, move: _Move, cost: float) -> _State:
    _, _, _, key, depth, kind, ordinal, read = move
    levels = (*state.levels[:depth], _Level(kind, ordinal, depth == len(state.levels)))
    keys = (*state.keys[: depth + 1], key.partition("#")[0])
    articles = ordinal if kind == "dieu" else state.articles
    return _State(cost, levels, articles, key, keys, Step(candidate, depth, kind, ordinal, read, state.last))


def _key(state: _State, depth: int, kind: str, ordinal: int) -> str:
    """The key of the state that the next label of a kind at a depth leads to."""
    new = "|" if depth == len(state.levels) else ";"
    return f"{state.keys[depth]}{kind} {ordinal}{new}#{ordinal if kind == 'dieu' else state.articles}"


@lru_cache(maxsize=_KEPT)
def _counting(kind: str, last: int, ordinal: int, clear: bool) -> tuple[float | None, int | None, float]:
    """What it costs to count on from ``last`` to ``ordinal``, if that goes; another one that is due, and its cost."""
    cost, due = _go_on(kind, last, ordinal, clear), due_after(kind, last)
    if due is None or due == ordinal:
        return cost, None, 0.0
    return cost, due, _misread(kind, ordinal, due)


def _go_on(kind: str, last: int, ordinal: int, clear: bool) -> float | None:
    """Cost of counting on to ``ordinal``: nothing for the next, more for every label that must have been lost.

    A number used twice is dearer than one misread, but cheaper than two: '1, 2, 2, 3' is a slip of the writer. Where
    the print is ``clear``, he may have left out any number.
    """
    if ordinal == last + 1:
        return 0.0
    if ordinal <= last:
        twice = ordinal == last > 1
        return (1.0 if clear else 2.4) if twice else None
    lost = missed(kind, last, ordinal)
    return 0.2 if not lost else 0.9 + 0.4 * lost if lost <= 4 else 2.4 if clear else None


def _misread(kind: str, read: int, due: int) -> float:
    """Cost of taking a label for the one that is due: a digit or letter read wrong."""
    if kind == "la_ma":
        return 1.5 if abs(read - due) <= 2 else 2.4
    if kind.startswith("diem"):
        return 2.0
    a, b = str(read), str(due)
    return 1.8 if len(a) == len(b) and sum(x != y for x, y in zip(a, b, strict=True)) == 1 else 3.0


def _open(state: _State, kind: str, ordinal: int) -> float:
    """Cost of opening a level below the open ones: it should begin at one and stand deeper than its parent."""
    first = 1 if kind != "dieu" else state.articles + 1
    cost = (
        0.3
        if ordinal == first
        else 0.6
        if kind == "dieu" and ordinal == 1
        else 2.2 + 0.3 * min(abs(ordinal - first), 6)
    )
    if state.levels:
        ranks = kinds_of_labels()
        parent, here = ranks[state.levels[-1].kind].rank, ranks[kind].rank
        cost += 2.0 if here < parent else 0.0
        cost += 1.2 if any(level.kind == kind for level in state.levels) else 0.0
    return cost
