"""Words that are no words: specks, strokes of signatures and seals that an engine reads as letters."""

import unicodedata
from collections.abc import Sequence

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
