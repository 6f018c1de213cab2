"""From the likelihoods of a line's columns to its words: the best path of CTC, with places, confidences, other letters.

The network was trained to name each letter at the column of its middle, so a letter's place is known without an
alignment (Graves et al., "Connectionist temporal classification", ICML 2006, leaves that open).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import nlargest
from math import exp, inf

import numpy as np
from numpy.typing import NDArray

from vndoc.ocr.engines.lines.alphabet import BLANK, CHARACTERS
from vndoc.ocr.engines.lines.strips import STRIDE

Likelihoods = NDArray[np.float32]
"""Natural logarithms, ``(columns, classes)``; each column's likelihoods sum to 1."""

_OTHERS = 4  # other characters that are kept of a place
_LEAST_SHARE = 4.6  # least logarithm, below the best, of a character or a word that is kept: one in a hundred
_CERTAIN = -0.01  # logarithm from which on no other character is kept: all of them share one hundredth
_READINGS = 6  # other readings of a word


@dataclass(slots=True, frozen=True)
class Glyph:
    """One character of a line.

    Attributes:
        text: the likeliest character.
        column: the network's column of its middle.
        likelihood: natural logarithm of its likelihood there.
        others: other characters that it may be, with the logarithm of their likelihood less its own, likeliest first;
            an empty text means that nothing is there.
    """

    text: str
    column: int
    likelihood: float
    others: tuple[tuple[str, float], ...] = ()


@dataclass(slots=True, frozen=True)
class Reading:
    """One word of a line as the network read it.

    Attributes:
        text: the word, without blanks.
        start, end: pixels of the strip from the middle of the blank before it to that of the one behind it.
        score: geometric probability of all its characters, 0–1.
        others: its other readings with their share of probability against it, likeliest first.
    """

    text: str
    start: float
    end: float
    score: float
    others: tuple[tuple[str, float], ...]


def glyphs(likelihoods: Likelihoods) -> list[Glyph]:
    """The characters on the best path."""
    best = likelihoods.argmax(axis=1)
    edges = np.flatnonzero(np.diff(best)) + 1
    found = []
    for start, end in zip([0, *edges.tolist()], [*edges.tolist(), len(best)], strict=True):
        number = int(best[start])
        if number != BLANK:
            column = start + int(likelihoods[start:end, number].argmax())
            found.append(_glyph(likelihoods[column], number, column))
    return found


def _glyph(scores: NDArray[np.float32], number: int, column: int) -> Glyph:
    top = float(scores[number])
    if top > _CERTAIN:
        return Glyph(CHARACTERS[number - 1], column, top)
    likely = np.argpartition(-scores, _OTHERS + 1)[: _OTHERS + 2].tolist()
    others = sorted(
        ((_text(k), float(scores[k]) - top) for k in likely if k != number and scores[k] > top - _LEAST_SHARE),
        key=lambda pair: -pair[1],
    )
    return Glyph(CHARACTERS[number - 1], column, top, tuple(others[:_OTHERS]))


def _text(number: int) -> str:
    return "" if number == BLANK else CHARACTERS[number - 1]


def readings(likelihoods: Likelihoods) -> list[Reading]:
    """The words of a line from left to right."""
    found = glyphs(likelihoods)
    words = []
    for start, word, end in _between_blanks(found, len(likelihoods)):
        words.append(
            Reading(
                "".join(glyph.text for glyph in word),
                start * STRIDE + STRIDE / 2,
                end * STRIDE + STRIDE / 2,
                exp(sum(glyph.likelihood for glyph in word)),
                _others(word),
            )
        )
    return words


def _between_blanks(found: list[Glyph], columns: int) -> Iterator[tuple[int, list[Glyph], int]]:
    """The glyphs of each word, with the columns of the blanks around it; the line's ends are such blanks."""
    word: list[Glyph] = []
    start = 0
    for glyph in found:
        if glyph.text != " ":
            word.append(glyph)
            continue
        if word:
            yield start, word, glyph.column
        word, start = [], glyph.column
    if word:
        yield start, word, columns


def _others(word: list[Glyph]) -> tuple[tuple[str, float], ...]:
    """The likeliest readings of a word but the best, by the letters of each place."""
    beam = [("", 0.0)]
    for glyph in word:
        letters = ((glyph.text, 0.0), *((text, share) for text, share in glyph.others if text != " "))
        grown: dict[str, float] = {}
        for text, total in beam:  # of several ways to one text, the likeliest is kept
            for letter, share in letters:
                if total + share > max(-_LEAST_SHARE, grown.get(text + letter, -inf)):
                    grown[text + letter] = total + share
        beam = nlargest(_READINGS + 1, grown.items(), key=lambda pair: pair[1])
    best = "".join(glyph.text for glyph in word)
    return tuple((text, exp(total)) for text, total in beam if text and text != best)[:_READINGS]
