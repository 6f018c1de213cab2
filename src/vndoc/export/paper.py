"""Sizes of paper, for counting pages: which one a page has, and how many A4 pages it counts for.

A page is of a named size where both its sides are, upright or lying, within the tolerance that trimming, skew and the
edge of a scanner's glass need. It counts for the A4 pages of the smallest ISO 216 size whose area it does not exceed by
more than a tenth: A5 is half a page, A3 two, A2 four. That is how contractors count the pages of digitisation
(docs/luutru.md); contracts that count otherwise have the numbers by size.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from typing import Any, Literal, Self

from vndoc.dispatch import PageText

Size = Literal["A5", "A4", "A3", "other", "unknown"]
"""Where a page is counted; ``unknown``: it has no size, as a text."""

_INCH = 25.4


@dataclass(slots=True, frozen=True)
class PageCount:
    """How many pages of each size, and how many A4 pages they count for."""

    A5: int = 0
    A4: int = 0
    A3: int = 0
    other: int = 0
    unknown: int = 0
    a4_equivalent: float = 0.0
    """Pages of unknown size count as one A4 page each."""

    @classmethod
    def of(cls, pages: Iterable[PageText]) -> Self:
        """The count of these pages."""
        return sum((cls(**{size: 1}, a4_equivalent=equal) for size, equal in map(_counted, pages)), cls())

    @property
    def told(self) -> str:
        """'A4: 38, A3: 2, quy đổi A4: 42'."""
        sizes = ("A5", "A4", "A3", "other", "unknown")
        named = {"other": "khổ khác", "unknown": "không rõ khổ"}
        parts = [f"{named.get(size, size)}: {amount}" for size in sizes if (amount := getattr(self, size))]
        return ", ".join([*parts, f"quy đổi A4: {self.a4_equivalent:g}"])

    def __add__(self, other: Self) -> Self:
        """Both together."""
        return type(self)(**{f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)})

    def __radd__(self, other: Self | Literal[0]) -> Self:
        """For :func:`sum`."""
        return self if other == 0 else other + self


def _counted(page: PageText) -> tuple[Size, float]:
    if not (page.dpi and page.width and page.height):
        return "unknown", 1.0
    width, height = (_INCH * pixels / page.dpi for pixels in (page.width, page.height))
    return size_of(width, height), a4_equivalent(width, height)


def size_of(width: float, height: float) -> Size:
    """Where a page of these millimetres is counted.

    >>> size_of(209, 296), size_of(297, 420), size_of(330, 215)
    ('A4', 'A3', 'other')
    """
    short, long = sorted((width, height))
    tolerance = float(_data()["tolerance"])
    counted: tuple[Size, ...] = ("A5", "A4", "A3")
    for name in counted:
        sides = _data()["sides"][name]
        if all(abs(own / side - 1) <= tolerance for own, side in zip((short, long), sides, strict=True)):
            return name
    return "other"


def a4_equivalent(width: float, height: float) -> float:
    """How many A4 pages a page of these millimetres counts for; what is larger than A0 counts as A0.

    >>> a4_equivalent(210, 297), a4_equivalent(148, 210), a4_equivalent(215, 330), a4_equivalent(1000, 2000)
    (1.0, 0.5, 2.0, 16.0)
    """
    sides: Mapping[str, tuple[float, float]] = _data()["sides"]
    equal = {name: float(value) for name, value in _data()["a4_equivalent"].items()}
    allowed = float(_data()["oversize"])
    fitting = (equal[name] for name, (short, long) in sides.items() if width * height <= allowed * short * long)
    return min(fitting, default=max(equal.values()))


@cache
def _data() -> Any:
    return json.loads(resources.files("vndoc.export").joinpath("data/paper.json").read_text(encoding="utf-8"))
