"""Words that are none: specks and strokes of signatures and seals that an engine reads as letters."""

import unicodedata
from collections.abc import Sequence

from vndoc.ocr.layout import only_words, text_height
from vndoc.ocr.regions.thresholds import JUNK, LIKELY, PRINT
from vndoc.page import Line, Word

_MARKS = frozenset("-–—+*•:;,.()/…\"“”'&=%§[]{}<>o")
_LETTER_HEIGHTS = (0.25, 2.5)  # text heights that a word's box may have
_SCRAP = 5  # letters of a line that may be made of strokes
_SHORT = 4  # letters from which a word is not made of a stroke
_LETTERS = frozenset({"Lu", "Ll", "Lt", "Nd"})  # not Lm: a circumflex alone is a speck


def drop_noise(lines: Sequence[Line]) -> list[Line]:
    """Lines without the words that are surely noise: unlikely marks, and short words of a size that no letter has.

    A line of a few letters of which no word is likely is a seal's or a signature's stroke; numbers stay, for a pen may
    have written them.
    """
    height = text_height(lines)
    print_ = [line for line in lines if not _is_stroke(line)]
    return only_words(print_, lambda w: not _is_noise(w, height))


def _is_stroke(line: Line) -> bool:
    letters = "".join(word.text for word in line.words)
    few = len(letters) <= _SCRAP and not any(map(str.isdigit, letters))
    return few and all(word.confidence < LIKELY for word in line.words)


def _is_noise(word: Word, height: float) -> bool:
    letters = any(unicodedata.category(c)[:2] in _LETTERS for c in word.text)
    if not letters and not (set(word.text) <= _MARKS and word.confidence >= JUNK):
        return True
    if word.box is None:
        return False
    odd = not _LETTER_HEIGHTS[0] * height <= word.box.height <= _LETTER_HEIGHTS[1] * height
    return odd and letters and word.confidence < PRINT and len(word.text) < _SHORT
