"""The pages of one file into its documents, one page at a time: nothing is held but the document under way.

A page begins a document where that is sure (``auto``), or more likely than not (``always``). Blank pages and separator
sheets belong to no document; pages that could not be read go to the one before, or at the beginning of a file to the
first.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import prod
from typing import Literal

from vndoc.bundles.deciding import Boundary, judged
from vndoc.bundles.relation import Before
from vndoc.bundles.signs import PageSigns
from vndoc.page import Method

Split = Literal["auto", "never", "always"]
"""Whether a file is cut: where it is sure, not at all, or wherever a document begins rather than not."""


@dataclass(slots=True, frozen=True)
class Part:
    """One document of a file: its pages, where it begins, and which other cuts were thought of."""

    pages: tuple[int, ...]
    """Numbers of its pages in order, blank ones left out."""
    blank_pages: tuple[int, ...] = ()
    """Numbers of those between them, before the first or behind the last; separator sheets among them."""
    separator_pages: tuple[int, ...] = ()
    begins: Boundary | None = None
    """None for the first document of a file."""
    doubtful: tuple[Boundary, ...] = ()
    """Pages of it on which another document may begin."""
    uncut: tuple[Boundary, ...] = ()
    """Pages of it on which another document surely begins, in a file that is never cut."""
    shared_pages: tuple[int, ...] = ()
    """Numbers of pages on which the head of a second document stands."""
    confidence: float = 1.0
    """How likely the document is these pages, and no others."""
    whole: bool = True
    """Whether the file was not cut."""


@dataclass(slots=True)
class _Open:
    """The part under way."""

    begins: Boundary | None = None
    numbers: list[int] = field(default_factory=list)
    blanks: list[int] = field(default_factory=list)
    thought_of: list[Boundary] = field(default_factory=list)
    separators: list[int] = field(default_factory=list)
    separated: bool = False
    """Whether a separator sheet stands behind the last page."""
    shared: list[int] = field(default_factory=list)
    before: Before | None = None
    other: Before | None = None
    """The document that may have begun on the last page on which one may."""

    def add(self, signs: PageSigns) -> None:
        (self.blanks if signs.blank else self.numbers).append(signs.number)
        self.separated = signs.separator or (self.separated and signs.blank)
        if signs.separator:
            self.separators.append(signs.number)
        if signs.second:
            self.shared.append(signs.number)
        if self.other is not None:
            self.other.go_on(signs)
        if self.before is not None:
            self.before.go_on(signs)
        elif not signs.blank and signs.method is not Method.FAILED:
            self.before = Before.begun(signs)

    def part(self, ends: Boundary | None, whole: bool) -> Part:
        edges = [edge.probability for edge in (self.begins, ends) if edge]
        return Part(
            pages=tuple(self.numbers),
            blank_pages=tuple(self.blanks),
            separator_pages=tuple(self.separators),
            begins=self.begins,
            doubtful=tuple(boundary for boundary in self.thought_of if boundary.listed),
            uncut=tuple(boundary for boundary in self.thought_of if boundary.sure),
            shared_pages=tuple(self.shared),
            confidence=round(prod(edges) * prod(1 - boundary.probability for boundary in self.thought_of), 3),
            whole=whole,
        )


class Cutter:
    """Takes the signs of a file's pages one after the other and gives back each document that has ended.

    Args:
        split: where to cut.
    """

    def __init__(self, split: Split = "auto") -> None:
        self._split = split
        self._part, self._whole = _Open(), True

    @property
    def first_number(self) -> int | None:
        """Number of the page on which the document under way begins; None before one has been read."""
        return self._part.before.first.number if self._part.before else None

    def add(self, signs: PageSigns) -> Part | None:
        """Take the next page; the document before it, if another begins there."""
        ended, boundary = None, self._boundary(signs)
        if boundary and self._cuts(boundary):
            ended, self._whole = self._part.part(boundary, whole=False), False
            self._part = _Open(boundary)
        self._part.add(signs)
        if boundary and not ended:
            self._part.thought_of.append(boundary)
            if boundary.listed or boundary.sure:
                self._part.other = Before.begun(signs)
        return ended

    def end(self) -> Part:
        """The last document, or the whole file, once all pages are in."""
        return self._part.part(None, self._whole)

    def _cuts(self, boundary: Boundary) -> bool:
        return self._split != "never" and (boundary.sure or (self._split == "always" and boundary.likely))

    def _boundary(self, signs: PageSigns) -> Boundary | None:
        """What speaks for a document's beginning on a page; None where there is nothing before it to be cut off."""
        if self._part.before is None or signs.blank or signs.method is Method.FAILED:
            return None
        if self._part.separated:
            return Boundary(signs.number, 1.0, "behind a separator sheet", sure=True)
        found = judged(self._part.before, signs)
        if self._part.other is None:
            return found
        return min(found, judged(self._part.other, signs), key=lambda boundary: (boundary.sure, boundary.probability))


def cut(signs: Iterable[PageSigns], split: Split = "auto") -> Iterator[Part]:
    """The documents of a file of one page at least, each as soon as the next begins; see :class:`Cutter`."""
    cutter = Cutter(split)
    for page in signs:
        if ended := cutter.add(page):
            yield ended
    yield cutter.end()
