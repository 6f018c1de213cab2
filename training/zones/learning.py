"""Weights learned from heads whose labels are known: as little is changed as makes each known reading the best.

The passive-aggressive form of the structured perceptron (Crammer et al. 2006): where another reading than the known one
is best, the weights move along the difference of their terms, just so far that the known one leads by as many points
as lines are wrong, and never farther than ``rate`` allows. The weights are those of all steps on average. It starts
from weights that were set by hand, and what no document asks for stays as it is.
"""

import copy
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from training.zones.forms import Rows
from vndoc.page import Page
from vndoc.parse.form.features import PageFrame
from vndoc.parse.form.head import ways_to_cut
from vndoc.parse.form.labelling import label
from vndoc.parse.form.weighing import Role, Term, Weights
from vndoc.parse.lines import TextLine, document_lines

Tables = dict[str, dict[str, dict[str, float]]]
Known = list[list[tuple[TextLine, Role]]]

_TABLES = ("shows", "order", "follows")
_FIXED = frozenset({"next page"})  # a rule, not a matter of degree
_DECIMALS = 2


@dataclass(slots=True, frozen=True)
class Example:
    """A head whose pieces have known roles; ``office`` is whose it is."""

    office: str
    ways: list[list[list[TextLine]]]
    frame: PageFrame
    known: Known


def example(office: str, lines: Sequence[TextLine], rows: Rows) -> Example | None:
    """The example of the first lines of a document; None where no way to cut a line gives its pieces."""
    options, frame = ways_to_cut(lines)
    ways = [way for way, _ in zip(options, rows, strict=False)]
    known: Known = []
    for way, row in zip(ways, rows, strict=False):
        pieces = next((pieces for pieces in way if [piece.text for piece in pieces] == [text for text, _ in row]), None)
        if pieces is None:
            return None
        known.append([(piece, role) for piece, (_, role) in zip(pieces, row, strict=True)])
    return Example(office, ways, frame, known) if frame and known else None


def examples(forms: Iterable[tuple[str, Page, Rows]]) -> Iterator[Example]:
    """The examples of pages, each given with its office and the roles of all its lines."""
    for office, page, rows in forms:
        lines = document_lines([page])
        found = example(office, lines, rows) if len(lines) == len(rows) else None
        if found:
            yield found


def learn(heads: Sequence[Example], start: Tables, rate: float, rounds: int, seed: int = 0) -> Tables:
    """Weights by which more of the heads are read as they are known to be, rounded to two decimals.

    Args:
        heads: what to learn from.
        start: the weights to begin with; other keys of it ('why' …) are carried along.
        rate: how far one head may move the weights; 0.01 is a good beginning.
        rounds: how often every head is seen.
        seed: of the order in which they are seen.
    """
    tables, rng = copy.deepcopy(start), random.Random(seed)
    moved: dict[Term, float] = defaultdict(float)
    steps = rounds * len(heads)
    for step in range(steps):
        if step % len(heads) == 0:
            order = rng.sample(range(len(heads)), len(heads))
        change = _change(heads[order[step % len(heads)]], Weights(tables), rate)
        for term, by in change.items():
            row = tables[term.table][term.row]
            row[term.name] = row.get(term.name, 0.0) + by
            moved[term] += by * step / steps
    for (table, row_name, name), by in moved.items():
        mean = tables[table][row_name][name] - by
        tables[table][row_name][name] = round(mean, _DECIMALS)
    return tables


def _change(head: Example, weights: Weights, rate: float) -> dict[Term, float]:
    """How the weights must move for the known reading of one head; empty where it is the best already."""
    best = [[(one.piece, one.role) for one in row] for row in label(head.ways, head.frame, weights)]
    known = head.known[: len(best)]
    wrong = sum(_said(one) != _said(other) for one, other in zip(best, known, strict=True))
    if not wrong:
        return {}
    right, given = weights.terms(known, head.frame), weights.terms(best, head.frame)
    apart = {term: right.get(term, 0.0) - given.get(term, 0.0) for term in {*right, *given} if term.name not in _FIXED}
    length = sum(by * by for by in apart.values())
    lead = weights.worth(right) - weights.worth(given)
    step = min(rate, (wrong - lead) / length) if length else 0.0
    return {term: step * by for term, by in apart.items() if step * by}


def _said(row: Sequence[tuple[TextLine, Role]]) -> list[tuple[str, Role]]:
    """Pieces and roles of a line; a speck taken for a stamp does no harm."""
    return [(piece.text, "stamp" if role == "furniture" else role) for piece, role in row]


def right(heads: Iterable[Example], tables: Tables) -> dict[str, tuple[float, float]]:
    """For each office the share of its pieces whose role is right, and of its heads that are wholly right."""
    weights = Weights(tables)
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for head in heads:
        best = [[(one.piece, one.role) for one in row] for row in label(head.ways, head.frame, weights)]
        # Behind the line from which everything is body, nothing is labelled any more.
        given = [_said(row) for row in best] + [_all_body(row) for row in head.known[len(best) :]]
        pieces = [(piece, row) for row, known in zip(given, head.known, strict=True) for piece in _said(known)]
        found[head.office].append((sum(piece in row for piece, row in pieces), len(pieces)))
    return {
        office: (sum(hits for hits, _ in all_) / sum(of for _, of in all_), sum(h == n for h, n in all_) / len(all_))
        for office, all_ in found.items()
    }


def _all_body(row: Sequence[tuple[TextLine, Role]]) -> list[tuple[str, Role]]:
    return [(piece.text, "body") for piece, _ in row]
