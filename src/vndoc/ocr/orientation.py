"""Which side of a page is up: read as it is, on its side, upside down, and in a mirror where nothing else reads.

A page is level when its lines are; which way they run shows only once they are read.
"""

import logging
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from vndoc.ocr.attempts import Attempts
from vndoc.ocr.engines.engine import ImageKind, TextEngine
from vndoc.ocr.imaging.image import Image8
from vndoc.ocr.imaging.ink import Separation, black_print
from vndoc.ocr.imaging.preparation import is_blank, prepare
from vndoc.ocr.layout import quarter_turns
from vndoc.page import Line
from vndoc.trace import note

logger = logging.getLogger(__name__)

_UPRIGHT = 0.7
"""Mean confidence from which a page is upright: of one read upside down it is 0.4 to 0.63, of the worst upright page so
far 0.85."""
_LETTERS = (8, 0.5)
"""Letters that a side which nothing points to must give, and their share of those of the page as scanned: a stray word
or two read surely turn no page."""


@dataclass(slots=True, frozen=True)
class PageReading:
    """A page turned upright and read.

    Attributes:
        inks: the page's inks, upright but not level.
        gray: its black print, level, as the engine read it.
        turns: quarters by which the page was turned counter-clockwise.
        angle: degrees by which it was turned then, counter-clockwise, to be level.
        lines: the lines that the engine read.
    """

    inks: Separation
    gray: Image8
    turns: int
    angle: float
    lines: list[Line]

    @property
    def confidence(self) -> float:
        """Mean confidence of the words, single characters aside."""
        sure = [w.confidence for line in self.lines for w in line.words if len(w.text) > 1]
        return sum(sure) / len(sure) if sure else 0.0

    @property
    def letters(self) -> int:
        """How many letters the words have."""
        return sum(len(w.text) for line in self.lines for w in line.words)


def read_upright(image: Image8, engine: TextEngine, dpi: int, attempts: Attempts) -> PageReading | None:
    """The reading of the page turned as its lines run; None where the page is blank, or the back of a thin sheet.

    Raises EngineError where the page as it is cannot be read.
    """
    first = _turned(image, 0, engine, dpi)
    if first is None:
        note(logger, attempts.subject, "blank", "less ink than a few words")
        return None
    side = quarter_turns(first.lines)
    if side == 0 and first.confidence >= _UPRIGHT:
        return first
    best = _best_turned(first, image, side, engine, dpi, attempts)
    if (
        best.lines
        and best.confidence < _UPRIGHT
        and attempts.make("the page in a mirror", partial(_is_mirrored, best, engine, dpi), False)
    ):
        note(logger, attempts.subject, "blank", "its text reads in a mirror: it is the print of the other side")
        return None
    if best.turns:
        why = f"mean confidence {best.confidence:.2f}, as scanned {first.confidence:.2f}"
        note(logger, attempts.subject, f"turned by {90 * best.turns} degrees", why)
    return best


def _best_turned(
    first: PageReading, image: Image8, side: int, engine: TextEngine, dpi: int, attempts: Attempts
) -> PageReading:
    """The surest reading of the page turned by ``side`` quarters, where its lines run up or down, else any way.

    Not every engine can tell that lines run up or down. On a page that reads badly upside down too, both sides are
    tried; on one without any line they alone, for a line that is upside down would have been found.
    """
    # Lines that run up are read upside down: where that gives nonsense, the other side is up.
    best = None if side else first
    told, guessed = ((side, 4 - side), ()) if side else ((2,) if first.lines else (), (1, 3))
    for turns in (*told, *guessed):
        again = attempts.make("the page turned over", partial(_turned, image, turns, engine, dpi), None)
        if again is None or (turns in guessed and not _is_plain(again, first)):
            continue
        if best is None or again.confidence > best.confidence:
            best = again
        if best.confidence >= _UPRIGHT:
            break
    return best or first


def _is_plain(turned: PageReading, first: PageReading) -> bool:
    """Whether a page reads so well on a side that it must be the right one, though nothing points to it."""
    least, share = _LETTERS
    return turned.confidence >= _UPRIGHT and turned.letters >= max(least, share * first.letters)


def _turned(image: Image8, turns: int, engine: TextEngine, dpi: int) -> PageReading | None:
    turned = np.ascontiguousarray(np.rot90(image, turns)) if turns else image
    inks = Separation.of(turned)
    gray, angle = prepare(black_print(inks))
    if is_blank(gray):
        return None
    return PageReading(inks, gray, turns, angle, _read_page(gray, engine, dpi))


def _is_mirrored(reading: PageReading, engine: TextEngine, dpi: int) -> bool:
    """Whether the page is an empty back through which its front shows: that reads well in a mirror."""
    lines = _read_page(np.ascontiguousarray(reading.gray[:, ::-1]), engine, dpi)
    return replace(reading, lines=lines).confidence >= _UPRIGHT


def _read_page(gray: Image8, engine: TextEngine, dpi: int) -> list[Line]:
    return engine.read([gray], ImageKind.PAGE, dpi)[0]
