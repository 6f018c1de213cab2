"""Which role every line of the head plays: the likeliest reading of the whole sequence.

No line says by itself where it belongs: 'PHƯỜNG AN LẠC' resembles a type of document, a subject may begin as bodies
do, and a stamp may hide the gap that ends it. So each line gets a score for each role from its features, each role a
score for what its column has had before, and all readings are searched together, as the labels of the outline are in
:mod:`vndoc.parse.outline.sequence`: a beam over states "what issuer's column, national title's column and the middle of
the page have come to". A line may stay whole or be cut into columns; the search takes the cut that reads best.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from math import exp
from typing import Literal, NamedTuple, cast

from vndoc.parse.form.head.features import Features, PageFrame, features_of, relation
from vndoc.parse.form.zones import ZoneName
from vndoc.parse.knowledge import load
from vndoc.parse.lines import TextLine

Role = Literal[
    "issuer",
    "national",
    "motto",
    "number",
    "date",
    "about",
    "type",
    "subject",
    "sent to",
    "addressees",
    "stamp",
    "furniture",
    "body",
]

ZONES: dict[Role, ZoneName] = {
    "issuer": "issuer",
    "national": "national_title",
    "motto": "national_title",
    "number": "number",
    "date": "place_date",
    "about": "title",
    "type": "title",
    "subject": "title",
    "sent to": "recipients",
    "addressees": "recipients",
    "stamp": "stamps",
    "furniture": "furniture",
    "body": "body",
}
"""The zone of each role. ``about`` is a subject behind 'V/v' in the issuer's column, ``subject`` one below a type."""

_BEAM = 8
_MARGIN = 8.0  # what falls behind the best by more than any later line could make good is dropped
_ALONE: tuple[Role, ...] = ("stamp", "furniture")
_COLUMNS: tuple[tuple[Role, ...], ...] = (
    ("issuer", "number", "about"),
    ("national", "motto", "date"),
    ("type", "subject", "sent to", "addressees", "body"),
)
_LETTERHEAD = frozenset((*_COLUMNS[0], *_COLUMNS[1]))
_COLUMN_OF = {role: at for at, roles in enumerate(_COLUMNS) for role in roles}


@dataclass(slots=True, frozen=True)
class Labelled:
    """A piece of the head with its role, and how sure that is, from 0.5 to 1."""

    piece: TextLine
    role: Role
    sure: float
    rival: Role | None = None
    """The role that it would play in the best reading but one."""

    @property
    def zone(self) -> ZoneName:
        """The zone of its role."""
        return ZONES[self.role]


class _State(NamedTuple):
    """The last role of each column and its last piece there; the pieces are those of the best way to the roles."""

    roles: tuple[Role | None, ...] = (None, None, None)
    last: tuple[TextLine | None, ...] = (None, None, None)


class _Node(NamedTuple):
    """The best way to a state: the roles of one line's pieces, what came before, and the ways it was better than."""

    score: float
    state: _State
    pieces: tuple[TextLine, ...]
    played: tuple[Role, ...]
    before: "_Node | None"
    rivals: tuple[tuple[float, "_Node"], ...] = ()


@cache
def _weights() -> dict[str, dict[str, dict[str, float]]]:
    """The tables of ``data/zones.json``: ``shows``, ``order`` and ``follows``."""
    data: dict[str, dict[str, dict[str, float]]] = load("zones")
    return data


def label(options: Iterable[Sequence[Sequence[TextLine]]], frame: PageFrame) -> list[list[Labelled]]:
    """The pieces of each line with their roles, up to the line where the body has begun for sure.

    Linear in the number of lines, of which no more are taken than are needed.

    Args:
        options: for every line the ways to cut it, each the pieces from left to right; whole is a way too.
        frame: that of the page.
    """
    nodes = [_Node(0.0, _State(), (), (), None)]
    for ways in options:
        nodes = _advance(nodes, ways, frame)
        if all(node.state.roles[2] == "body" for node in nodes):
            break
    return _read_back(nodes)


def _advance(nodes: Sequence[_Node], ways: Sequence[Sequence[TextLine]], frame: PageFrame) -> list[_Node]:
    """The best ways over one more line."""
    best: dict[tuple[Role | None, ...], list[_Node]] = {}
    relate = _Relations(frame)
    for pieces in ways:
        scores = [_shown(features_of(piece, frame)) for piece in pieces]
        cost = _weights()["order"]["letterhead"]["cut"] * (len(pieces) - 1)
        for node in nodes:
            partial: Sequence[_Partial] = [(node.score + cost, node.state, ())]
            for piece, shown in zip(pieces, scores, strict=True):
                partial = _step(partial, piece, shown, relate)
            for score, state, played in partial:
                if len(pieces) > 1 and len({ZONES[role] for role in played}) == 1:
                    continue  # what belongs together need not be cut
                new = _Node(score, state, tuple(pieces), played, node)
                best.setdefault(state.roles, []).append(new)
    merged = []
    for same in best.values():
        first, *others = sorted(same, key=lambda n: -n.score)
        rivals = tuple((first.score - n.score, n) for n in others if first.score - n.score < _MARGIN)
        merged.append(first._replace(rivals=rivals[:4]))
    merged.sort(key=lambda n: -n.score)
    return [n for n in merged[:_BEAM] if n.score > merged[0].score - _MARGIN]


_Partial = tuple[float, _State, tuple[Role, ...]]


class _Relations:
    """What the relations of a line's pieces to those before them are worth, each worked out once."""

    def __init__(self, frame: PageFrame) -> None:
        self.frame = frame
        self.known: dict[tuple[int, int], Features] = {}
        self.worth: dict[tuple[int, int, Role, Role | None], float] = {}

    def __call__(self, role: Role, state: _State, piece: TextLine) -> float:
        """What it is worth that ``piece`` plays ``role`` next in its column; all lines live as long as this does."""
        at = _COLUMN_OF[role]
        before = state.last[at]
        pair = (id(before), id(piece))
        key = (*pair, role, state.roles[at])
        if key not in self.worth:
            if pair not in self.known:
                self.known[pair] = relation(before, piece, self.frame)
            self.worth[key] = _follows(role, state.roles[at], self.known[pair])
        return self.worth[key]


def _step(
    partial: Sequence[_Partial], piece: TextLine, shown: Mapping[Role, float], relate: _Relations
) -> list[_Partial]:
    """All likely roles of one piece behind each partial reading of its line."""
    found: list[_Partial] = []
    for score, state, played in partial:
        for role, worth in shown.items():
            if role in _ALONE:
                found.append((score + worth, state, (*played, role)))
                continue
            at = _COLUMN_OF[role]
            total = score + worth + _order(state.roles, role) + relate(role, state, piece)
            roles = (*state.roles[:at], _furthest(state.roles[at], role), *state.roles[at + 1 :])
            last = (*state.last[:at], piece, *state.last[at + 1 :])
            found.append((total, _State(roles, last), (*played, role)))
    found.sort(key=lambda way: -way[0])
    return [way for way in found[:_BEAM] if way[0] > found[0][0] - _MARGIN]


def _furthest(before: Role | None, role: Role) -> Role:
    """What a column has come to: the two columns of the letterhead never go back."""
    order = _COLUMNS[_COLUMN_OF[role]]
    return before if before and role in _LETTERHEAD and order.index(before) > order.index(role) else role


def _shown(features: Features) -> dict[Role, float]:
    """What the features of a piece are worth for each role; roles far behind the best are left out."""
    tables = _weights()["shows"]
    worth = {
        cast(Role, role): sum(weight * features[name] for name, weight in table.items() if name in features)
        for role, table in tables.items()
    }
    top = max(worth.values())
    return {role: value for role, value in worth.items() if value > top - _MARGIN}


@lru_cache(maxsize=10_000)
def _order(roles: tuple[Role | None, ...], role: Role) -> float:
    """What it is worth that a role comes when the columns have come to ``roles``."""
    table = _weights()["order"]
    at = _COLUMN_OF[role]
    worth = table[role].get(roles[at] or "nothing", table[role]["else"])
    below = roles[2]
    if at != 2:
        return worth + (table["letterhead"][below] if below else 0.0)
    if below is None:
        worth += sum(table["letterhead"]["no " + r] for r, i in (("number", 0), ("title", 1)) if roles[i] is None)
    if role in ("type", "subject") and roles[0] == "about":
        worth += table["letterhead"]["about and " + role]
    return worth


def _follows(role: Role, before: Role | None, related: Features) -> float:
    """What the relation to the column's last piece is worth, by what role that had."""
    table = _weights()["follows"].get(f"{role} after {before}", {})
    return sum(weight * related[name] for name, weight in table.items() if name in related)


def _read_back(nodes: Sequence[_Node]) -> list[list[Labelled]]:
    """The best reading, each piece as sure as the best reading that takes it otherwise is worse."""
    best, *others = nodes
    chain = [*_back(best)][::-1]
    margins: list[tuple[float, Role | None]] = [(_MARGIN, None)] * len(chain)
    rivals = [(best.score - other.score, other, len(chain) - 1) for other in others]
    rivals += [(gap, other, at) for at, node in enumerate(chain) for gap, other in node.rivals]
    for gap, other, last in rivals:
        for at, theirs in zip(range(last, 0, -1), _back(other), strict=False):
            if theirs is chain[at]:
                break
            if gap < margins[at][0] and _zones(theirs) != _zones(chain[at]):
                margins[at] = (gap, theirs.played[0])
    return [
        [
            Labelled(piece, role, 1 / (1 + exp(-gap)), rival)
            for piece, role in zip(node.pieces, node.played, strict=True)
        ]
        for node, (gap, rival) in zip(chain, margins, strict=True)
    ][1:]


def _zones(node: _Node) -> tuple[tuple[str, ZoneName], ...]:
    return tuple((piece.text, ZONES[role]) for piece, role in zip(node.pieces, node.played, strict=True))


def _back(node: _Node) -> Iterator[_Node]:
    """The node and those before it, the last line's first."""
    step: _Node | None = node
    while step is not None:
        yield step
        step = step.before
