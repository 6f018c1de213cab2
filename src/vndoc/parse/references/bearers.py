"""Which citations of one number and notation mean one document: day and issuer tell two bearers of it apart.

Numbers begin anew with every year and every issuer (Decree 30/2020/NĐ-CP, Appendix I, II.3): the Plans 12/KH-UBND of a
province and of its district are two, and so are those of 2023 and 2024.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from rapidfuzz import fuzz

from vndoc.parse.fold import fold
from vndoc.parse.knowledge import load
from vndoc.parse.organs import organ_at
from vndoc.parse.references.citations import Citation

MOST_ALTERNATIVES = 12
"""Documents that one mention may mean; one that fits more tells nothing of them, and stands for itself."""

_ALIKE = 80.0
"""Likeness in percent from which what two names of offices do not share is one word misread."""


@dataclass(slots=True, frozen=True)
class Issue:
    """When and by whom a document was issued, as far as it is known."""

    issued_date: date | None = None
    organ_name: str | None = None

    def differs(self, other: "Issue") -> bool:
        """Whether both cannot be of one document.

        One office gives a number once a year: of two days in it, one is a slip of the pen or of the reading.
        """
        organs = self.organ_name is not None and other.organ_name is not None
        if organs and _are_two(self.organ_name or "", other.organ_name or ""):
            return True
        if self.issued_date is None or other.issued_date is None or self.issued_date == other.issued_date:
            return False
        return not organs or self.issued_date.year != other.issued_date.year

    def agrees(self, other: "Issue") -> bool:
        """Whether one thing that both state is the same; they may still differ in the other."""
        days = self.issued_date is not None and self.issued_date == other.issued_date
        organs = self.organ_name is not None and other.organ_name is not None
        return days or (organs and not _are_two(self.organ_name or "", other.organ_name or ""))


def bearers(citations: Sequence[Citation], own: Issue | None = None) -> list[tuple[int, ...]]:
    """For each citation of one notation the documents that it may mean, by ordinals from 0; several where it ties.

    Args:
        citations: in order of the text.
        own: issue of the dispatch itself if it bears the notation; its ordinal is 0.

    Of more than :data:`MOST_ALTERNATIVES` none is given, but an ordinal for all that state as little.
    """
    issues = [Issue(citation.issued_date, citation.organ_name) for citation in citations]
    known: list[dict[Issue, None]] = [] if own is None else [{own: None}]
    since = [0] * len(known)  # offset of each document's first citation that states something
    meant: dict[int, tuple[int, ...]] = {}
    vague: dict[Issue, int] = {}
    # What states more comes first: the others are measured by it.
    for i in sorted(range(len(issues)), key=lambda i: _blanks(issues[i])):
        fitting = [n for n, stated in enumerate(known) if not any(issues[i].differs(other) for other in stated)]
        fitting = [n for n in fitting if any(issues[i].agrees(other) for other in known[n])] or fitting
        if own is not None and 0 in fitting and _blanks(issues[i]) == 2:
            # The bare number is the dispatch's own until another bearer was named.
            fitting = [n for n in fitting if n and since[n] < citations[i].start] or [0]
        if len(fitting) > MOST_ALTERNATIVES:
            fitting = [vague.setdefault(issues[i], len(known))]
        if not fitting or fitting[0] == len(known):
            fitting = [len(known)]
            known.append({})
            since.append(citations[i].start)
        if len(fitting) == 1:
            known[fitting[0]].setdefault(issues[i])
            since[fitting[0]] = min(since[fitting[0]], citations[i].start)
        meant[i] = tuple(fitting)
    return [meant[i] for i in range(len(issues))]


def _blanks(issue: Issue) -> int:
    """How many of day and issuer are unknown."""
    return (issue.issued_date is None) + (issue.organ_name is None)


def _are_two(one: str, other: str) -> bool:
    """Whether two names are of two offices: each has words that the other lacks ('… tỉnh', '… huyện Vạn An').

    A short name ('UBND huyện') may be of the office with the long one, and so may one with an unknown abbreviation.
    """
    if one == other:
        return False
    names = [_office(name) for name in (one, other)]
    if any(word.isupper() and len(word) > 1 for name in names for word in name.split()):
        return False
    first, second = (fold(name).replace(",", " ").split() for name in names)
    here, there = [w for w in first if w not in second], [w for w in second if w not in first]
    return bool(here and there) and fuzz.ratio(" ".join(here), " ".join(there)) < _ALIKE


def _office(name: str) -> str:
    """The office without the post of its head, known abbreviations in full."""
    found = organ_at(name, 0)
    office = found.office if found and found.end == len(name) else name
    return " ".join(_in_full().get(word, word) for word in office.split())


@cache
def _in_full() -> dict[str, str]:
    """The bodies that have abbreviations, by these."""
    return {short: body["name"] for body in load("organs")["named"] for short in body["abbreviations"]}
