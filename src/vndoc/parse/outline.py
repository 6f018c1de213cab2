"""The numbered units of the body as a tree: phần, chương, mục, điều, khoản, điểm (Decree 30/2020/NĐ-CP, Appendix I).

OCR loses labels, reads "5." as "6." and begins lines with numbers that are no labels. What is what shows only in
the whole sequence, so all readings are searched together: a beam over states "which levels are open and how far each
has counted", where going on by one is free and every gap, misreading or refusal has its price.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from typing import NamedTuple

from vndoc.dispatch import Notice, Section
from vndoc.parse.fold import tidy
from vndoc.parse.labels import Candidate, Kind, due_after, find_candidates, kinds_of_labels, missed
from vndoc.parse.paragraphs import Piece, closing_index, line_width, paragraphs, split_title, text_of
from vndoc.parse.zones import Zones

_BEAM = 40
_MARGIN = 7.0  # what falls behind the best by more than any later label could make good is dropped
_DEPTH = 7


class _Level(NamedTuple):
    kind: str
    ordinal: int
    single: bool = True


@dataclass(slots=True, frozen=True)
class _Step:
    """A candidate taken for a label: at which depth, as which ordinal, and whether it was read so."""

    candidate: Candidate
    depth: int
    kind: str
    ordinal: int
    read: bool
    before: "_Step | None"

    @property
    def kind_(self) -> Kind:
        return kinds_of_labels()[self.kind]


@dataclass(slots=True, frozen=True)
class _State:
    cost: float
    levels: tuple[_Level, ...] = ()
    articles: int = 0  # điều count on through chapters
    last: _Step | None = None


@dataclass(slots=True, frozen=True)
class Unit:
    """A unit with its path of labels ('6.d'), those above it, and its own paragraphs, label and title aside."""

    section: Section
    path: str
    ancestors: tuple[Section, ...]
    paragraphs: list[list[Piece]]


def find_sections(text: str, zones: Zones) -> tuple[list[Section], list[Notice]]:
    """Numbered units of the body, top level first, and a notice ``label-repaired`` for every label mended.

    ``Section.start`` counts in ``text``, the whole ``Dispatch.text``. Quoted articles and numbers that begin wrapped
    lines are no units. Linear in the length of the body.
    """
    lines = zones.body
    steps = _best_path(list(find_candidates(lines)))
    pieces = _pieces(zones)
    width = line_width(pieces)
    roots: list[Section] = []
    notices: list[Notice] = []
    open_units: list[tuple[Section, str]] = []
    closing = closing_index(pieces, steps[-1].candidate.line) if steps else len(pieces)
    for step, following in zip_longest(steps, steps[1:]):
        last_line = following.candidate.line if following else closing
        own = pieces[step.candidate.line : last_line]
        own[0] = own[0].after(step.candidate.end)
        del open_units[step.depth :]
        siblings, pointer = (open_units[-1][0].children, open_units[-1][1]) if open_units else (roots, "")
        pointer += f"/{'children' if open_units else 'sections'}/{len(siblings)}"
        title, groups = split_title(own, step.kind_.style, bool(following and following.depth > step.depth), width)
        label, notice = _label(step, open_units[-1][0].label if open_units else "")
        section = Section(
            label=label,
            label_as_read=step.candidate.label if notice else None,
            style=step.kind_.style,
            title=title,
            text=text_of(groups),
            start=step.candidate.start,
        )
        if notice:
            notices.append(notice.model_copy(update={"pointer": pointer + "/label"}))
        siblings.append(section)
        open_units.append((section, pointer))
    return roots, notices


def lay_out(zones: Zones, sections: Sequence[Section]) -> tuple[list[Unit], list[list[Piece]]]:
    """All units in reading order, and the paragraphs of the body outside them (before the first, closing words)."""
    flat = list(_walk(sections, (), ()))
    pieces = _pieces(zones)
    width = line_width(pieces)
    if not flat:
        return [], paragraphs(pieces, width)
    stops = [piece.end for piece in pieces]
    rows = [min(bisect_right(stops, section.start), len(pieces) - 1) for section, _, _ in flat]
    behind = {candidate.start: candidate.end for candidate in find_candidates(zones.body)}
    rows.append(closing_index(pieces, rows[-1]))
    found = []
    for (section, path, ancestors), (row, end) in zip(flat, pairwise(rows), strict=True):
        own = [pieces[row].after(behind.get(section.start, section.start)), *pieces[row + 1 : end]]
        _, groups = split_title(own, section.style, bool(section.children), width)
        found.append(Unit(section, path, ancestors, groups))
    return found, [*paragraphs(pieces[: rows[0]], width), *paragraphs(pieces[rows[-1] :], width)]


def _walk(
    nodes: Sequence[Section], path: tuple[str, ...], above: tuple[Section, ...]
) -> Iterator[tuple[Section, str, tuple[Section, ...]]]:
    for node in nodes:
        here = (*path, node.label)
        yield node, ".".join(here), above
        yield from _walk(node.children, here, (*above, node))


def _pieces(zones: Zones) -> list[Piece]:
    return [Piece(line.text, line.start, line.block, line.page) for line in zones.body]


def _label(step: _Step, parent: str) -> tuple[str, Notice | None]:
    """The label in full, and a notice where it was not read so."""
    read, kind = tidy(step.candidate.label), step.kind_
    if step.read and kind.style == "dieu" and read[-1].isalpha():
        return read, None  # 'Điều 12a'
    label = kind.spell(step.ordinal, parent)
    if read.casefold() == label.casefold() or kind.name == "phan":
        return label, None
    if kind.numeral == "decimal" and step.read:
        return read, None
    message = f"label read as '{read}', taken for '{label}' by its place in the sequence"
    return label, Notice(code="label-repaired", message=message)


def _best_path(candidates: list[Candidate]) -> list[_Step]:
    states = [_State(0.0)]
    for candidate in candidates:
        best: dict[tuple[tuple[_Level, ...], int], _State] = {}
        for state in states:
            for new in _moves(state, candidate):
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


def _moves(state: _State, candidate: Candidate) -> "list[_State]":
    moves = [_State(state.cost + candidate.reject, state.levels, state.articles, state.last)]
    for reading in candidate.readings:
        base = state.cost + candidate.accept + reading.cost
        for depth, level in enumerate(state.levels):
            if level.kind != reading.kind:
                continue
            closed = _close(state.levels[depth + 1 :])
            cost = _go_on(level, reading.ordinal)
            if cost is not None:
                moves.append(_taken(state, candidate, depth, reading.kind, reading.ordinal, True, base + closed + cost))
            due = due_after(reading.kind, level.ordinal)
            if reading.ordinal != due and reading.cost < 1:
                cost = base + closed + _misread(reading.kind, reading.ordinal, due)
                moves.append(_taken(state, candidate, depth, reading.kind, due, False, cost))
        if len(state.levels) < _DEPTH:
            depth, first = len(state.levels), 1 if reading.kind != "dieu" else state.articles + 1
            cost = base + _open(state, reading.kind, reading.ordinal)
            moves.append(_taken(state, candidate, depth, reading.kind, reading.ordinal, True, cost))
            if reading.ordinal != first and reading.cost < 1:
                cost = base + _open(state, reading.kind, first) + _misread(reading.kind, reading.ordinal, first)
                moves.append(_taken(state, candidate, depth, reading.kind, first, False, cost))
    return moves


def _taken(state: _State, candidate: Candidate, depth: int, kind: str, ordinal: int, read: bool, cost: float) -> _State:
    levels = (*state.levels[:depth], _Level(kind, ordinal, depth == len(state.levels)))
    articles = ordinal if kind == "dieu" else state.articles
    return _State(cost, levels, articles, _Step(candidate, depth, kind, ordinal, read, state.last))


def _go_on(level: _Level, ordinal: int) -> float | None:
    """Cost of counting on to ``ordinal``: nothing for the next, more for every label that must have been lost."""
    if ordinal <= level.ordinal:
        return None
    lost = missed(level.kind, level.ordinal, ordinal)
    if ordinal == level.ordinal + 1:
        return 0.0
    return 0.2 if not lost else 0.9 + 0.4 * lost if lost <= 4 else None


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
