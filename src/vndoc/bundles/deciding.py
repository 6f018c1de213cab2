"""How likely a document begins on a page, and why: a logistic model of its signs, and what no cut is made against.

The weights in ``data/boundaries.json`` were fitted with whole offices kept out (``python -m training.boundaries``).
What was sent along with a document, or is a form or a copy that belongs to it, may have a head as good as any
dispatch's. Cases of that kind are too few to learn from, and a wrong cut is worse than one that is left to a person: a
sign in ``against`` leaves the cut doubtful, however good the head is.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp
from typing import Any

from vndoc.bundles.relation import Before, Features, features
from vndoc.bundles.signs import PageSigns


@dataclass(slots=True, frozen=True)
class Boundary:
    """A place at which a document may begin."""

    before_page: int
    probability: float
    why: str
    """The signs for it and against it, for people."""
    sure: bool = False
    """Whether it is cut by itself."""

    @property
    def likely(self) -> bool:
        """Whether a document begins there rather than not."""
        return self.probability >= 0.5

    @property
    def listed(self) -> bool:
        """Whether a person should look at it: it is neither sure nor out of the question."""
        return not self.sure and self.probability >= float(_data()["listed"])


@cache
def _data() -> Any:
    return json.loads(files("vndoc.bundles").joinpath("data", "boundaries.json").read_text(encoding="utf-8"))


def judged(before: Before, signs: PageSigns) -> Boundary:
    """Whether a document begins on a page that is not blank, by what stands before it."""
    found = features(before, signs)
    contradictions = against(found)
    probability = likelihood(found)
    if contradictions:
        probability = min(probability, float(_data()["contradicted"]))
    why = [words for name, words in _data()["why"].items() if found[name] > 0]
    said = ", ".join(why) or "no sign of a head"
    if contradictions:
        said = f"{said}; but {', and '.join(contradictions)}"
    sure = not contradictions and probability >= float(_data()["sure"])
    return Boundary(signs.number, round(probability, 3), said, sure)


def likelihood(found: Features, fitted: Mapping[str, Any] | None = None) -> float:
    """What the weights make of the features; ``fitted`` in place of those of the package."""
    data = fitted or _data()
    total = data["bias"] + sum(worth * found[name] for name, worth in data["weights"].items())
    return float(1 / (1 + exp(-total)))


def against(found: Features) -> list[str]:
    """What speaks against a cut, in words."""
    return [case["why"] for case in _data()["against"] if all(_holds(found, *sign) for sign in case["signs"].items())]


def _holds(found: Features, name: str, least: float) -> bool:
    return found[name[1:]] <= 0 if name.startswith("!") else found[name] >= least
