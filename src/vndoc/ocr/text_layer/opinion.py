"""A layer's words as a second opinion on those that an engine reads."""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from vndoc.page import Page, Word

SURE = 0.85
"""Words surer than this need no second opinion, and are kept where typed words contradict them."""


def with_second_opinion(page: Page, words: Sequence[Word], scale: float) -> Page:
    """The page with the words surer that a layer has too, diacritics aside, in the same place.

    Two engines that agree on the letters or digits are seldom both wrong. ``words`` have their boxes on the source's
    page; ``scale`` leads from the page's pixels to theirs.
    """
    places = [(word.box, fold(word.text)) for word in words if word.box]

    def opinion(word: Word) -> Word:
        if word.box is None or word.confidence >= SURE or not (text := fold(word.text)):
            return word
        x, y = (scale * at for at in page.to_source(word.box.x_center, word.box.y_center))
        there = {text for box, text in places if box.x0 <= x < box.x1 and box.y0 <= y < box.y1}
        return replace(word, confidence=(1 + word.confidence) / 2) if text in there else word

    blocks = tuple(
        replace(b, lines=tuple(replace(line, words=tuple(map(opinion, line.words))) for line in b.lines))
        for b in page.blocks
    )
    return replace(page, blocks=blocks) if places else page


def fold(text: str) -> str:
    """The word without marks, case and the punctuation around it."""
    return "".join(c for c in plain(unicodedata.normalize("NFC", text)) if not unicodedata.combining(c)).strip(
        ".,:;()\"'-"
    )


def plain(text: str) -> str:
    """The text without marks and case, character by character: as many as it had."""
    return "".join(unicodedata.normalize("NFD", "d" if c in "đĐ" else c)[0].casefold()[0] for c in text)
