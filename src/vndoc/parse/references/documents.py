"""Which mentions mean the same document: citations by notation first, then names and bare numbers that fit them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from vndoc.dispatch import RelationName
from vndoc.parse.fold import fold
from vndoc.parse.references.bearers import MOST_ALTERNATIVES, Issue, bearers
from vndoc.parse.references.citations import Citation, CitationText
from vndoc.parse.references.named import Named, completes, find_named


@dataclass(eq=False)
class CitedDocument:
    """A cited document with its mentions by notation (``citations``) or without (``named``).

    What is derived from them is kept, so ask only when all are gathered.
    """

    citations: list[Citation] = field(default_factory=list)
    named: list[Named] = field(default_factory=list)
    pointer: str = ""
    """JSON pointer, set when all documents are known."""
    itself: bool = False
    """It is the dispatch that cites it."""

    @cached_property
    def stated(self) -> list[Citation]:
        """The citations, the body's before the subject's."""
        return sorted(self.citations, key=lambda c: c.in_title)

    @cached_property
    def type_name(self) -> str | None:
        """The type as the body words it, else as its first mention has it."""
        worded = next((c.type_name for c in self.stated if c.worded), None)
        return worded or (self.citations[0].type_name if self.citations else self.named[0].type_name)

    @cached_property
    def organ_name(self) -> str | None:
        """The issuer, the body's words before the subject's."""
        stated = next((c.organ_name for c in self.stated if c.organ_name), None)
        return stated or next((n.organ_name for n in self.named if n.organ_name), None)

    @cached_property
    def issued_date(self) -> date | None:
        """The day stated with the notation; with a name, which may fit several acts, only where there is none."""
        mentions = self.stated or self.named
        return next((m.issued_date for m in mentions if m.issued_date), None)


@dataclass(slots=True)
class Spot:
    """One mention: offsets in the text, and what it means.

    ``meant`` holds one document, several that are equally likely, or none for the dispatch itself. ``tail`` is where
    day and issuer behind the mention end; ``generic`` ones give no name and no number ('Quyết định nêu trên').
    """

    start: int
    end: int
    tail: int
    meant: tuple[CitedDocument, ...]
    generic: bool = False
    relation: RelationName | None = None
    relation_of: CitedDocument | None = None
    lead: int = -1
    """Where the provisions named before the document begin ('khoản 2 Điều 5 Nghị định …'); -1 for none."""


def _plain(code: str) -> str:
    return "".join(c for c in code if c.isalnum()).lstrip("0").casefold()


def gather(
    page: CitationText, own_code: str | None = None, own: Issue | None = None
) -> tuple[list[CitedDocument], list[Spot]]:
    """The documents, those with a notation first, each kind in order of first mention; and all mentions in order.

    Args:
        page: the text with its citations.
        own_code: number and notation of the dispatch itself, whatever marks part them and zeros lead them.
        own: when and by whom it was issued.
    """
    named = find_named(page)
    groups: dict[CitedDocument, None] = {}
    known: dict[_Key, dict[CitedDocument, Citation]] = {}
    spots = []
    for citation, meant in _meant(page.citations, own_code, own or Issue()):
        for document in meant:
            groups.setdefault(document)
            document.citations.append(citation)
            for key in _keys(citation):
                known.setdefault(key, {}).setdefault(document, citation)
        spots.append(Spot(citation.start, citation.end, citation.tail, meant))
    others: dict[_Key, list[CitedDocument]] = {}
    for one in sorted(named, key=lambda n: n.year is None and n.issued_date is None):  # 'Luật Đất đai' alone comes last
        key = _key(one)
        fitting = [d for d, citation in known.get(key, {}).items() if completes(one, citation)]
        if not fitting or len(fitting) > MOST_ALTERNATIVES:
            fitting = [d for d in others.get(key, []) if _alike(one, d.named[0])]
        if len(fitting) > MOST_ALTERNATIVES:  # no reader could tell: it stands for itself, with those like it
            fitting = [d for d in fitting if _issue(one) == _issue(d.named[0])]
        if not fitting:
            fitting = [CitedDocument()]
            others.setdefault(key, []).append(fitting[0])
        for document in fitting:
            document.named.append(one)
        spots.append(Spot(one.start, one.end, one.tail, tuple(fitting)))
    rest = sorted((d for group in others.values() for d in group), key=lambda d: min(n.start for n in d.named))
    return [*groups, *rest], sorted(spots, key=lambda s: s.start)


def _meant(
    citations: list[Citation], own_code: str | None, own: Issue
) -> Iterator[tuple[Citation, tuple[CitedDocument, ...]]]:
    """Each citation, in order of the text, with the documents that it may mean."""
    alike: dict[str, list[Citation]] = {}
    for citation in citations:
        alike.setdefault(str(citation.notation).casefold(), []).append(citation)
    meant: dict[int, tuple[CitedDocument, ...]] = {}
    for group in alike.values():
        itself = own_code is not None and _plain(str(group[0].notation)) == _plain(own_code)
        ordinals = bearers(group, own if itself else None)
        documents = [CitedDocument(itself=itself and n == 0) for n in range(max(map(max, ordinals)) + 1)]
        for citation, fitting in zip(group, ordinals, strict=True):
            meant[citation.start] = tuple(documents[n] for n in fitting)
    return ((citation, meant[citation.start]) for citation in citations)


_Key = tuple[str | None, str, str]


def _keys(citation: Citation) -> list[_Key]:
    keys: list[_Key] = [(citation.type_name, "number", citation.notation.number.lstrip("0"))]
    if citation.title:
        keys.append((citation.type_name, "title", fold(citation.title)))
    return keys


def _key(named: Named) -> _Key:
    if named.number is not None:
        return named.type_name, "number", named.number.lstrip("0")
    return named.type_name, "title", fold(named.title or "")


def _issue(one: Named) -> tuple[int | None, date | None]:
    return one.year, one.issued_date


def _alike(one: Named, other: Named) -> bool:
    """Whether two mentions of one name, or one number, may mean one document."""
    years = one.year is None or other.year is None or one.year == other.year
    days = one.issued_date is None or other.issued_date is None or one.issued_date == other.issued_date
    return years and days
