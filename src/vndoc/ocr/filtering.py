"""Words that are none: specks and strokes of signatures and seals that an engine reads as letters."""

import unicodedata
from collections.abc import Sequence

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
