"""Values with their evidence: what a field reader returns, and how it becomes an entry of ``Dispatch.evidence``."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from vndoc.dispatch import WITHHELD_BELOW, Evidence
from vndoc.page import Box, Word
from vndoc.parse.lines import TextLine

T = TypeVar("T")

SURE = WITHHELD_BELOW
"""Values less sure than this are withheld; their candidates stay in the evidence."""

NOT_SURE = 0.45
"""The most that a value is sure of which something speaks against: it stays a candidate."""


@dataclass(slots=True, frozen=True)
class FieldValue(Generic[T]):
    """A value read from the page, with the ink it came from.

    ``value`` is the best reading even where it is doubtful; :attr:`sure` withholds it below :data:`SURE`.
    """

    value: T | None
    confidence: float
    page: int | None = None
    box: Box | None = None
    raw: str | None = None
    method: str = "rule"
    candidates: Sequence[tuple[str, float]] = field(default_factory=tuple)
    reading: float | None = None
    rule: float | None = None
    words: Sequence[Word] = ()
    """The words it was read from, where it was read from whole lines."""

    @property
    def sure(self) -> T | None:
        """The value, or None where it is not sure enough to be given."""
        return self.value if self.confidence >= SURE else None

    def doubted(self) -> "FieldValue[T]":
        """The same value as a candidate: something speaks against it."""
        return replace(self, confidence=min(self.confidence, NOT_SURE))

    def evidence(self) -> Evidence:
        """The entry for ``Dispatch.evidence``; a withheld value is a candidate, if there is no better one."""
        withheld = [(str(self.value), self.confidence)] if self.value is not None and self.sure is None else []
        return Evidence(
            confidence=_share(self.confidence),
            reading=None if self.reading is None else _share(self.reading),
            rule=None if self.rule is None else _share(self.rule),
            page=self.page,
            box=(self.box.x0, self.box.y0, self.box.x1, self.box.y1) if self.box else None,
            raw=self.raw,
            candidates=[(value, round(p, 3)) for value, p in self.candidates or withheld],
            method=self.method,
        )


def _share(value: float) -> float:
    return round(min(1.0, max(0.0, value)), 3)


def word_confidence(words: Iterable[Word]) -> float:
    """Mean confidence of the words, each weighed by its length; 1 for none."""
    sizes = [(len(w.text), w.confidence) for w in words]
    total = sum(size for size, _ in sizes)
    return sum(size * conf for size, conf in sizes) / total if total else 1.0


def value_from(
    value: T | None,
    lines: Sequence[TextLine],
    rule: float = 1.0,
    method: str = "rule",
    candidates: Sequence[tuple[str, float]] = (),
    trust: float = 0.5,
) -> FieldValue[T]:
    """A value read from whole lines: ``rule`` is how sure the rule is, the words' confidence moves it down,
    as does doubt whether the lines belong to the zone that the rule reads.

    ``trust`` is the share that even unreadable words leave: more where the value is one of a short list of known ones.
    """
    words = [w for line in lines for w in line.words]
    boxes = [b for line in lines if line.page == lines[0].page and (b := line.box)]
    reading = word_confidence(words)
    rule *= min((line.sure for line in lines), default=1.0)
    return FieldValue(
        value,
        rule * (trust + (1 - trust) * reading),
        lines[0].page if lines else None,
        Box.around(boxes) if boxes else None,
        raw_text(lines),
        method,
        candidates,
        reading,
        rule,
        words,
    )


def raw_text(lines: Iterable[TextLine]) -> str:
    """The text of the lines as first read, before any repair."""
    return "\n".join(" ".join(w.raw if w.raw is not None else w.text for w in line.words) for line in lines)
