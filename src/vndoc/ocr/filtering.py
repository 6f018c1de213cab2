"""Words that are no words: specks, strokes of signatures and seals that an engine reads as letters."""

import unicodedata
from collections.abc import Iterable, Sequence

from vndoc.ocr.layout import only_words, text_height
from vndoc.page import Line, Word

_MARKS = frozenset("-–—+*•:;,.()/…\"“”'&=%§[]{}<>o")
_UNSURE = 0.3
_LETTERS = frozenset({"Lu", "Ll", "Lt", "Nd"})  # not Lm: a circumflex alone is a speck


def drop_noise(lines: Sequence[Line]) -> list[Line]:
    """Lines without the words that are surely noise: unlikely marks, and short words of a size that no letter has."""
    height = text_height(lines)
    return only_words(lines, lambda w: not _is_noise(w, height))


def _is_noise(word: Word, height: float) -> bool:
    letters = any(unicodedata.category(c)[:2] in _LETTERS for c in word.text)
    if not letters and not (set(word.text) <= _MARKS and word.confidence >= _UNSURE):
        return True
    if word.box is None:
        return False
    odd = word.box.height > 2.5 * height or word.box.height < 0.25 * height
    return odd and letters and word.confidence < 0.5 and len(word.text) < 4


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
