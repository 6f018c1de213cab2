"""Set phrases that a misreading hides: 'hồng nam tổng hợp' at the head of a clause is 'hằng năm tổng hợp'.

The repair weighs words by their letters and neighbours and may never have seen a misreading. The parser knows more: in
this place one of a few phrases may stand. Only words that the repair itself doubts are taken for another.
"""

from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz.distance import Levenshtein

from vndoc.page import Word
from vndoc.parse.fold import fold
from vndoc.parse.knowledge import load
from vndoc.parse.lines import TextLine

_DOUBT = 0.95
"""Words surer than this stay as they are."""

_CLAUSE_ENDS = ";,.:"


def settle_phrases(lines: Sequence[TextLine]) -> tuple[TextLine, ...]:
    """The lines with doubtful words at the head of a clause put right where they nearly spell a set phrase.

    Every word keeps its length, so offsets stay; the words of the page, their boxes and readings, are left alone.
    """
    settled = []
    before = "."
    for line in lines:
        settled.append(_settled(line, before))
        before = line.text or before
    return tuple(settled)


def _settled(line: TextLine, before: str) -> TextLine:
    if len(line.words) < 2 or not any(_is_doubtful(word) for word in line.words):
        return line
    text, at = line.text, 0
    for i, word in enumerate(line.words):
        start = line.text.find(word.text, at)
        if start < 0:
            break
        at = start + len(word.text)
        opens = (line.words[i - 1].text if i else before)[-1:] in _CLAUSE_ENDS
        for phrase in load("duties")["set_phrases"] if opens and _is_doubtful(word) else ():
            if _nearly(phrase, line.words[i:]) and line.text[start : start + len(phrase)].count(" ") == phrase.count(
                " "
            ):
                text = text[:start] + phrase + text[start + len(phrase) :]
                break
    return replace(line, text=text)


def _is_doubtful(word: Word) -> bool:
    return word.raw is not None and word.confidence < _DOUBT


def _nearly(phrase: str, words: Sequence[Word]) -> bool:
    """Whether the words are doubtful, as long as those of the phrase, and one letter away from it at most."""
    spelt = phrase.split()
    if len(words) < len(spelt):
        return False
    pairs = list(zip(spelt, words, strict=False))
    if not all(_is_doubtful(word) and len(word.text) == len(part) for part, word in pairs):
        return False
    return sum(Levenshtein.distance(fold(part), fold(word.text)) for part, word in pairs) <= 1
