"""Error rates of a sample that was checked, by field and over all, each with its interval."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from vndoc.archive.quality.intervals import of_clusters, of_finite, wilson
from vndoc.archive.quality.sample import FIELDS, Sample
from vndoc.archive.quality.sheet import Filled, Mark


@dataclass(slots=True, frozen=True)
class Rate:
    """How many of ``amount`` are wrong, and between which shares the rate of the whole archive lies (95 %)."""

    amount: int
    wrong: int
    low: float
    high: float

    @property
    def share(self) -> float | None:
        """Of the sample; None where there is nothing."""
        return self.wrong / self.amount if self.amount else None


@dataclass(slots=True, frozen=True)
class FieldTally:
    """One field, or all of them.

    An error is a value that is wrong, or one that stands on the page and was not given (``missed``). It is counted
    against the values that were given or should have been; a field that the page does not have counts for nothing.
    Values that were withheld are no errors: they are told, and wait for a person.
    """

    rate: Rate
    given: int
    missed: int
    withheld: int


@dataclass(slots=True, frozen=True)
class Tally:
    """What the sample tells."""

    sample: Sample
    fields: dict[str, FieldTally]
    """By JSON pointer."""
    all: FieldTally
    documents: Rate
    """Documents with an error."""

    def verdict(self, limit: float) -> Literal["accepted", "rejected", "undecided"]:
        """Whether the error rate is under ``limit``, a share, or over it; undecided where the interval holds it."""
        if self.all.rate.high <= limit:
            return "accepted"
        return "rejected" if self.all.rate.low > limit else "undecided"


def tally(filled: Filled) -> Tally:
    """The rates of a table that was filled in."""
    sample = filled.sample
    by_field: dict[str, list[Mark]] = {pointer: [] for pointer in FIELDS}
    by_document: dict[str, list[Mark]] = defaultdict(list)
    for mark in filled.marks:
        by_field[mark.pointer].append(mark)
        by_document[mark.document].append(mark)
    clusters = [(sum(map(_is_error, own)), sum(map(_counts, own))) for own in by_document.values()]
    spoilt = sum(wrong > 0 for wrong, _ in clusters)
    return Tally(
        sample,
        {pointer: _field(own, sample, float) for pointer, own in by_field.items()},
        _field(filled.marks, sample, lambda _: of_clusters(clusters)),
        _rate(spoilt, len(clusters), len(clusters), sample),
    )


def _is_error(mark: Mark) -> bool:
    return mark.right is False


def _counts(mark: Mark) -> bool:
    """Whether there is a value: it was given, or it was missed."""
    return mark.state == "given" or (mark.state == "absent" and mark.right is False)


def _field(marks: Sequence[Mark], sample: Sample, effective: Callable[[int], float]) -> FieldTally:
    amount = sum(map(_counts, marks))
    return FieldTally(
        _rate(sum(map(_is_error, marks)), amount, effective(amount), sample),
        given=sum(mark.state == "given" for mark in marks),
        missed=sum(mark.state == "absent" and mark.right is False for mark in marks),
        withheld=sum(mark.state == "withheld" for mark in marks),
    )


def _rate(wrong: int, amount: int, effective: float, sample: Sample) -> Rate:
    """With the interval that ``effective`` values drawn one by one would give."""
    effective = of_finite(effective, sample.drawn, sample.population) if amount else 0.0
    if effective == float("inf"):  # all were looked at
        return Rate(amount, wrong, wrong / amount, wrong / amount)
    low, high = wilson(wrong / amount * effective if amount else 0.0, effective)
    return Rate(amount, wrong, low, high)
