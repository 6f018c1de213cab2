"""Lines of text with positions, and the sheet they stand on. All lengths in points, origin top left."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from PIL import Image

from samples.fonts import Fonts, Style

WIDTH, HEIGHT = 595.3, 841.9  # A4
_MARKS = re.compile(r"(\*\*|__)")

Sketch = Callable[[float, np.random.Generator], Image.Image]
"""Draws something at so many pixels a point, as RGBA on nothing."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of one style without blanks. ``glued``: no blank before it. ``pen``: written by hand, not printed."""

    text: str
    style: Style
    x: float = 0
    glued: bool = False
    pen: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """Pieces on one baseline (``y``)."""

    pieces: tuple[Piece, ...]
    y: float

    @property
    def text(self) -> str:
        """The line as a reader would type it."""
        return "".join(p.text if p.glued else f" {p.text}" for p in self.pieces).strip()


class Rule(NamedTuple):
    """A rule from the left to the right, or down to ``y1``; so many points thick."""

    x0: float
    x1: float
    y: float
    y1: float | None = None
    thickness: float = 0.7


@dataclass(frozen=True, slots=True)
class Sticker:
    """Something drawn: a seal, a stamp, a signature; its centre in points."""

    x: float
    y: float
    sketch: Sketch


@dataclass(slots=True)
class Sheet:
    """One page, A4 upright if not told: lines in reading order, the page number apart from them, rules and stickers."""

    number: int
    lines: list[Line] = field(default_factory=list)
    folio: Line | None = None
    rules: list[Rule] = field(default_factory=list)
    stickers: list[Sticker] = field(default_factory=list)
    width: float = WIDTH
    height: float = HEIGHT

    @property
    def text(self) -> str:
        """The lines in reading order, without the page number."""
        return "\n".join(line.text for line in self.lines)

    @property
    def marks(self) -> Iterator[Line]:
        """All that is printed as text."""
        yield from self.lines
        if self.folio:
            yield self.folio


Words = list[list[Piece]]


def words_of(text: str, style: Style) -> Words:
    """Split at blanks into words of glued pieces; ``**`` switches bold and ``__`` italic."""
    words: Words = []
    fresh = True
    for token in _MARKS.split(text):
        if token == "**":
            style = style._replace(bold=not style.bold)
        elif token == "__":
            style = style._replace(italic=not style.italic)
        else:
            for chunk in re.findall(r"\s+|\S+", token):
                if chunk.isspace():
                    fresh = True
                elif fresh or not words:
                    words.append([Piece(chunk, style)])
                    fresh = False
                else:
                    words[-1].append(Piece(chunk, style, glued=True))
    return words


def width_of(piece: Piece, fonts: Fonts) -> float:
    """Width in points; a pen needs more room than print."""
    if piece.pen:
        return 0.68 * piece.style.size * len(piece.text) + 2
    return fonts.width(piece.text, piece.style)


def _width(word: Sequence[Piece], fonts: Fonts) -> float:
    return sum(width_of(p, fonts) for p in word)


def _blank(word: Sequence[Piece], fonts: Fonts) -> float:
    return fonts.width(" ", word[0].style)


def wrap(words: Words, width: float, indent: float, fonts: Fonts) -> list[Words]:
    """Fill lines greedily; the first is shorter by ``indent``. A word wider than the line stands alone."""
    lines: list[Words] = []
    left = -1.0
    for word in words:
        need = _width(word, fonts)
        if lines and left >= need + _blank(word, fonts):
            lines[-1].append(word)
            left -= need + _blank(word, fonts)
        else:
            left = width - need - (0 if lines else indent)
            lines.append([word])
    return lines


def natural_width(words: Words, fonts: Fonts) -> float:
    """Width of the words with ordinary blanks."""
    return sum(_width(w, fonts) for w in words) + sum(_blank(b, fonts) for _, b in pairwise(words))


def set_line(words: Words, x: float, y: float, fonts: Fonts, stretch: float = 0.0) -> Line:
    """Place the words from ``x`` on the baseline ``y``, with ``stretch`` points more in every blank."""
    pieces: list[Piece] = []
    for k, word in enumerate(words):
        if k:
            x += _blank(word, fonts) + stretch
        for piece in word:
            pieces.append(replace(piece, x=x))
            x += width_of(piece, fonts)
    return Line(tuple(pieces), y)


def set_justified(words: Words, x: float, y: float, width: float, fonts: Fonts) -> Line:
    """Place the words so that they fill ``width``."""
    gaps = len(words) - 1
    slack = width - natural_width(words, fonts)
    return set_line(words, x, y, fonts, slack / gaps if gaps else 0.0)


def set_centred(words: Words, middle: float, y: float, fonts: Fonts) -> Line:
    """Place the words around ``middle``."""
    return set_line(words, middle - natural_width(words, fonts) / 2, y, fonts)
