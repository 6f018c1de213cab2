"""The pairs of one document: what was recognised in it, and what was said of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vndoc.archive.corrections.pairs import LinePair, SlotPair, TextPair, identity
from vndoc.archive.corrections.slots import Said, png, slot_ids, slot_pairs, with_crops
from vndoc.archive.corrections.words import TEXTS, Words, line_ids, line_pairs, value_pairs, word_pairs
from vndoc.facts import Fact, ValueFact, WordFact
from vndoc.ocr.imaging.image import Image8
from vndoc.ocr.imaging.polarity import positive
from vndoc.ocr.imaging.upright import levelled, turned
from vndoc.page import Page
from vndoc.parse import read_form
from vndoc.pipeline import parse_again
from vndoc.reading import Reading
from vndoc.sources import OpenFile

Drawn = SlotPair | LinePair
Files = dict[str, bytes]
"""Crops by their place in the folder."""


@dataclass(slots=True, frozen=True)
class Confirmed:
    """A document of which something was said.

    Attributes:
        key: its name in the archive.
        office: its issuer, as far as that is known.
        reading: what was recognised, before anything was said.
        facts: what was said, each with the number of its change.
    """

    key: str
    office: str | None
    reading: Reading
    facts: Sequence[tuple[Fact, int]]


def pairs_of(document: Confirmed, opened: OpenFile | None) -> Iterator[tuple[SlotPair | TextPair | LinePair, Files]]:
    """All pairs with their crops. What nobody can read, and what is not on the page, is none.

    Args:
        document: what is known of it.
        opened: its file; without it there are the texts alone.
    """
    key, office, reading = document.key, document.office, document.reading
    said: Said = {
        str(fact.pointer): (fact.value, change)
        for fact, change in document.facts
        if isinstance(fact, ValueFact) and fact.value is not None
    }
    words: Words = _by_page(document.facts)
    if opened:
        yield from _drawn(document, said, words, opened)
    if said.keys() & set(TEXTS):
        for text in value_pairs(key, office, parse_again(reading), said):
            yield text, {}
    for text in word_pairs(key, office, reading, words):
        yield text, {}


def _drawn(document: Confirmed, said: Said, words: Words, opened: OpenFile) -> Iterator[tuple[Drawn, Files]]:
    """The pairs with crops."""
    key, office, reading = document.key, document.office, document.reading
    images: dict[int, Image8] = {}

    def image(page: Page) -> Image8:
        if page.number not in images:
            images.clear()  # one at a time is held
            images[page.number] = positive(opened.image(page.number, page.dpi))
        return images[page.number]

    form = read_form(reading.pages)
    for pair, cuts in slot_pairs(key, office, reading, form, said, lambda page: turned(image(page), page)):
        yield with_crops(pair, cuts)
    for line, strip in line_pairs(key, office, reading, words, lambda page: levelled(image(page), page)):
        yield line, {line.crop: png(strip)}


def ids_of(key: str, fact: Fact, reading: Reading) -> set[str]:
    """The ids of the pairs that a fact may have given before."""
    if isinstance(fact, ValueFact):
        return {identity(key, "text", fact.pointer), *slot_ids(key, fact.pointer)}
    if isinstance(fact, WordFact):
        return {identity(key, "text", fact.key), *line_ids(key, reading, {fact.page: [(fact, 0)]})}
    return set()


def _by_page(facts: Sequence[tuple[Fact, int]]) -> Words:
    found: dict[int, list[tuple[WordFact, int]]] = {}
    for fact, change in facts:
        if isinstance(fact, WordFact):
            found.setdefault(fact.page, []).append((fact, change))
    return found
