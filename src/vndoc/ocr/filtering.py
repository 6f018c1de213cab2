"""Words that are none: specks and strokes of signatures and seals that an engine reads as letters."""

import unicodedata
from collections.abc import Iterable, Sequence

from vndoc.ocr.layout import only_words, text_height
from vndoc.ocr.regions.thresholds import JUNK, PRINT
from vndoc.page import Line, Word

_MARKS = frozenset("-–—+*•:;,.()/…\"“”'&=%§[]{}<>o")
_LETTER_HEIGHTS = (0.25, 2.5)  # text heights that a word's box may have
_SHORT = 4  # letters from which a word is not made of a stroke
_LETTERS = frozenset({"Lu", "Ll", "Lt", "Nd"})  # not Lm: a circumflex alone is a speck


def drop_noise(lines: Sequence[Line]) -> list[Line]:
    """Lines without the words that are surely noise: unlikely marks, and short words of a size that no letter has."""
    height = text_height(lines)
    return only_words(lines, lambda w: not _is_noise(w, height))


def _is_noise(word: Word, height: float) -> bool:
    letters = any(unicodedata.category(c)[:2] in _LETTERS for c in word.text)
    if not letters and not (set(word.text) <= _MARKS and word.confidence >= JUNK):
        return True
    if word.box is None:
        return False
    odd = not _LETTER_HEIGHTS[0] * height <= word.box.height <= _LETTER_HEIGHTS[1] * height
    return odd and letters and word.confidence < PRINT and len(word.text) < _SHORT


def drop_overlay(lines: Iterable[Line], overlay: Sequence[Word]) -> list[Line]:
    """Lines without the words whose centre lies in a word of a stamp laid over the page."""
    boxes = [w.box for w in overlay if w.box]

    def inside(word: Word) -> bool:
        b = word.box
        # A watermark's slanted letters have boxes many lines high: what lies under them is the page's own text.
        return b is not None and any(
            o.x0 <= b.x_center < o.x1 and o.y0 <= b.y_center < o.y1 and o.height < 2 * b.height for o in boxes
        )

    return only_words(lines, lambda w: not inside(w))
