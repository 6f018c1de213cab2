"""Words that a person has mended, put in the place of those that were read."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from vndoc.facts import WordFact
from vndoc.page import Block, Box, Line, Origin, Page, Word

_SAME_PLACE = 0.5
"""Share of the smaller box that two readings of one word have in common at least."""


def mended(pages: Sequence[Page], facts: Iterable[WordFact]) -> tuple[Page, ...]:
    """The pages with the words of the facts; a fact whose word is no longer there changes nothing.

    A word is found by its box, so that it is found again when the page is read anew, where its letters may differ.
    """
    wanted: dict[int, list[WordFact]] = {}
    for fact in facts:
        wanted.setdefault(fact.page, []).append(fact)
    return tuple(_page(page, wanted[page.number]) if page.number in wanted else page for page in pages)


def _page(page: Page, facts: Sequence[WordFact]) -> Page:
    at = {place(page, fact): fact for fact in facts}
    number = 0
    blocks: list[Block] = []
    for block in page.blocks:
        lines: list[Line] = []
        for line in block.lines:
            words: list[Word] = []
            for word in line.words:
                words += _said(word, at[number]) if number in at else [word]
                number += 1
            lines.append(replace(line, words=tuple(words)))
        blocks.append(replace(block, lines=tuple(lines)).only(lambda line: bool(line.words)))
    return replace(page, blocks=tuple(block for block in blocks if block.lines or block.grid))


def place(page: Page, fact: WordFact) -> int | None:
    """The number of the word on the page that covers the box of the fact most."""
    box = Box(*fact.box)
    shares = [(box.overlap(word.box) if word.box else 0.0, word.text == fact.before) for word in page.words]
    best = max(range(len(shares)), key=shares.__getitem__, default=None)
    return best if best is not None and shares[best][0] >= _SAME_PLACE else None


def _said(word: Word, fact: WordFact) -> list[Word]:
    texts = fact.after.split()
    boxes = _parts(word.box, [len(text) for text in texts])
    raw = word.raw if word.raw is not None else word.text
    return [
        Word(text, box, 1.0, raw if i == 0 else "", (), Origin.HUMAN)
        for i, (text, box) in enumerate(zip(texts, boxes, strict=True))
    ]


def _parts(box: Box | None, lengths: Sequence[int]) -> list[Box | None]:
    """The box cut into as many as there are words, as wide as these are long, a letter's room between them."""
    if box is None:
        return [None] * len(lengths)
    letters = sum(lengths) + len(lengths) - 1
    cuts: list[Box | None] = []
    before = 0
    for length in lengths:
        left, right = (box.x0 + box.width * k // letters for k in (before, before + length))
        cuts.append(box._replace(x0=left, x1=right))
        before += length + 1
    return cuts
