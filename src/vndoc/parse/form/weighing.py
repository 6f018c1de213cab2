"""What it is worth that lines of the head play their roles: sums over the tables of ``data/zones.json``.

A reading of a head is the roles of its pieces. It is worth the sum of its :func:`terms`, each times its weight, so
weights can be set by hand as well as learned from readings that are known (``training.zones``).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Literal, NamedTuple, cast

from vndoc.parse.form.features import Features, PageFrame, features_of, relation
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

ALONE: tuple[Role, ...] = ("stamp", "furniture")
"""Roles that are part of no column."""
COLUMNS: tuple[tuple[Role, ...], ...] = (
    ("issuer", "number", "about"),
    ("national", "motto", "date"),
    ("type", "subject", "sent to", "addressees", "body"),
)
"""The roles of the issuer's column, the national title's and the middle of the page, in their usual order."""
COLUMN_OF = {role: at for at, roles in enumerate(COLUMNS) for role in roles}
_LETTERHEAD = frozenset((*COLUMNS[0], *COLUMNS[1]))
_MIDDLE = 2

Progress = tuple[Role | None, ...]
"""What each column has come to."""
NOTHING: Progress = (None, None, None)
Tables = Mapping[str, Mapping[str, Mapping[str, float]]]
"""Weights by table (``shows``, ``order``, ``follows``), row and name."""


class Term(NamedTuple):
    """Where a weight stands in the tables."""

    table: str
    row: str
    name: str


class Weights:
    """Weights with what they make of features, order and relations; ``tables`` must not change any more."""

    def __init__(self, tables: Tables) -> None:
        self.shows, self._order, self._follows = (tables[name] for name in ("shows", "order", "follows"))
        self.cut = self._order["letterhead"]["cut"]
        """What each cut through a line is worth."""
        self._ordered: dict[tuple[Progress, Role], float] = {}

    def shown(self, features: Features) -> dict[Role, float]:
        """What the features of a piece are worth for each role."""
        return {
            cast(Role, role): sum(weight * features[name] for name, weight in table.items() if name in features)
            for role, table in self.shows.items()
        }

    def order(self, reached: Progress, role: Role) -> float:
        """What it is worth that a role comes when the columns have come to ``reached``."""
        key = (reached, role)
        if key not in self._ordered:
            self._ordered[key] = sum(self._order[row].get(name, 0.0) for row, name in self._rows(reached, role))
        return self._ordered[key]

    def _rows(self, reached: Progress, role: Role) -> list[tuple[str, str]]:
        """Rows and names of the table ``order`` that count for a role."""
        at, below = COLUMN_OF[role], reached[_MIDDLE]
        came = reached[at] or "nothing"
        rows: list[tuple[str, str]] = [(role, came if came in self._order[role] else "else")]
        if at != _MIDDLE:
            return rows + ([("letterhead", below)] if below else [])
        if below is None:
            rows += [("letterhead", f"no {name}") for name, i in (("number", 0), ("title", 1)) if reached[i] is None]
        if role in ("type", "subject") and reached[0] == "about":
            rows.append(("letterhead", f"about and {role}"))
        return rows

    def follows(self, role: Role, before: Role | None, related: Features) -> float:
        """What the relation to the column's last piece is worth, by what role that had."""
        table = self._follows.get(f"{role} after {before}", {})
        return sum(weight * related[name] for name, weight in table.items() if name in related)

    def worth(self, terms: Mapping[Term, float]) -> float:
        """What a reading with these terms is worth."""
        tables = {"shows": self.shows, "order": self._order, "follows": self._follows}
        return sum(times * tables[table][row].get(name, 0.0) for (table, row, name), times in terms.items())

    def terms(self, rows: Iterable[Sequence[tuple[TextLine, Role]]], frame: PageFrame) -> dict[Term, float]:
        """How much of each weight a reading of a head is worth: the features times how often each counts.

        Args:
            rows: for every line its pieces with their roles.
            frame: that of the page.
        """
        found: dict[Term, float] = defaultdict(float)
        reached, last = NOTHING, [cast(TextLine | None, None)] * len(COLUMNS)
        for row in rows:
            if len(row) > 1:
                found[Term("order", "letterhead", "cut")] += len(row) - 1
            for piece, role in row:
                _add(found, "shows", role, features_of(piece, frame))
                if role in ALONE:
                    continue
                at = COLUMN_OF[role]
                for place in self._rows(reached, role):
                    found[Term("order", *place)] += 1
                if (pair := f"{role} after {reached[at]}") in self._follows:
                    _add(found, "follows", pair, relation(last[at], piece, frame))
                reached, last[at] = advanced(reached, role), piece
        return dict(found)


def _add(found: dict[Term, float], table: str, row: str, features: Features) -> None:
    for name, value in features.items():
        found[Term(table, row, name)] += value


def advanced(reached: Progress, role: Role) -> Progress:
    """What the columns have come to with one more role: the two columns of the letterhead never go back."""
    at = COLUMN_OF[role]
    before, order = reached[at], COLUMNS[at]
    back = before and role in _LETTERHEAD and order.index(before) > order.index(role)
    return (*reached[:at], before if back else role, *reached[at + 1 :])


@cache
def shipped() -> Weights:
    """The weights of ``data/zones.json``."""
    return Weights(load("zones"))
