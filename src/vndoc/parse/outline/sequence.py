"""Which line starts are labels, at which depth and with which number: the likeliest reading of the whole sequence.

OCR loses labels, reads "5." as "6." and begins lines with numbers that are no labels; writers leave labels out and use
some twice. What is what shows only in the whole sequence, so all readings are searched together: a beam over states
"which levels are open and how far each has counted", where going on by one is free and every gap, misreading, error
of the writer or refusal has its price.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from vndoc.parse.outline.labels import LabelCandidate, LabelKind, due_after, kinds_of_labels, missed

_BEAM = 40
_MARGIN = 7.0  # what falls behind the best by more than any later label could make good is dropped
_DEPTH = 7


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
    last: Step | None = None


class _Move(NamedTuple):
    """One way of taking a candidate for a label, and the cost of all up to it."""

    cost: float
    depth: int
    kind: str
    ordinal: int
    read: bool


def best_path(candidates: Sequence[LabelCandidate]) -> list[Step]:
    """The candidates that are labels, in order; linear in their number."""
    states = [_State(0.0)]
    for candidate in candidates:
        best: dict[tuple[tuple[_Level, ...], int], _State] = {}
        limit = states[0].cost + candidate.reject + _MARGIN
        for state in states:
            passed = _State(state.cost + candidate.reject, state.levels, state.articles, state.last)
            taken = (_taken(state, candidate, move) for move in _moves(state, candidate) if move.cost <= limit)
            for new in (passed, *taken):
                key = (new.levels, new.articles)
                if key not in best or new.cost < best[key].cost:
                    best[key] = new
        states = sorted(best.values(), key=lambda s: s.cost)[:_BEAM]
        states = [s for s in states if s.cost <= states[0].cost + _MARGIN]
    final = min(states, key=lambda s: s.cost + _close(s.levels))
    steps = []
    step = final.last
    while step:
        steps.append(step)
        step = step.before
    return steps[::-1]


def _close(levels: Sequence[_Level]) -> float:
    """What it costs to close levels: a list of one member is no list (an article by itself is nothing rare)."""
    return sum(0.4 if level.kind == "dieu" else 1.0 for level in levels if level.single)


def _moves(state: _State, candidate: LabelCandidate) -> "Iterator[_Move]":
    """All ways of taking a candidate for a label: counting on at an open level, or opening one below."""
    for reading in candidate.readings:
        kind, ordinal = reading.kind, reading.ordinal
        base = state.cost + candidate.accept + reading.cost
        may_be_misread = reading.cost < 1 and not candidate.clear
        for depth, level in enumerate(state.levels):
            if level.kind != kind:
                continue
            closed = base + _close(state.levels[depth + 1 :])
            cost = _go_on(level, ordinal, candidate.clear)
            if cost is not None:
                yield _Move(closed + cost, depth, kind, ordinal, True)
            due = due_after(kind, level.ordinal)
            if ordinal != due and may_be_misread:
                yield _Move(closed + _misread(kind, ordinal, due), depth, kind, due, False)
        if len(state.levels) < _DEPTH:
            depth, first = len(state.levels), 1 if kind != "dieu" else state.articles + 1
            yield _Move(base + _open(state, kind, ordinal), depth, kind, ordinal, True)
            if ordinal != first and may_be_misread:
                cost = base + _open(state, kind, first) + _misread(kind, ordinal, first)
                yield _Move(cost, depth, kind, first, False)


def _taken(state: _State, candidate: LabelCandidate, move: _Move) -> _State:
    _, depth, kind, ordinal, read = move
    levels = (*state.levels[:depth], _Level(kind, ordinal, depth == len(state.levels)))
    articles = ordinal if kind == "dieu" else state.articles
    return _State(move.cost, levels, articles, Step(candidate, depth, kind, ordinal, read, state.last))


def _go_on(level: _Level, ordinal: int, clear: bool) -> float | None:
    """Cost of counting on to ``ordinal``: nothing for the next, more for every label that must have been lost.

    A number used twice is dearer than one misread, but cheaper than two: '1, 2, 2, 3' is a slip of the writer. Where
    the print is ``clear``, he may have left out any number.
    """
    if ordinal == level.ordinal + 1:
        return 0.0
    if ordinal <= level.ordinal:
        twice = ordinal == level.ordinal > 1
        return (1.0 if clear else 2.4) if twice else None
    lost = missed(level.kind, level.ordinal, ordinal)
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
