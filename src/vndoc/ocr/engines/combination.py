"""Two engines' readings of one line made one: of the same ink, the reading that is likelier right.

The readings are aligned by where their words stand. Engines err in different places, so a word that both read alike is
surer than either says (Fiscus, "A post-processing system to yield reduced word error rates: ROVER", ASRU 1997).
"""

from collections.abc import Sequence
from dataclasses import replace

from vndoc.figures import differ
from vndoc.ocr.engines.lines.alphabet import CHARACTERS
from vndoc.page import Line, Word

_OVERLAP = 0.3  # share of the narrower word's width in which two readings are of the same ink
_PRINT = 0.5  # confidence from which a word that only one engine sees is print
_NUMBER = 0.4  # most that a number is believed which the own reader has not read
_TOGETHER = 0.35  # of the doubt of the surer reading that is left where both are alike


def combined(own: Line, other: Line) -> Line:
    """The line with the words of either reading; base line and type size are those of ``own``."""
    words: list[Word] = []
    for ours, theirs in _groups(own.words, other.words):
        words += _chosen(ours, theirs)
    return replace(own, words=tuple(words))


def _groups(own: Sequence[Word], other: Sequence[Word]) -> list[tuple[list[Word], list[Word]]]:
    """Words of both readings in groups of the same ink, from left to right."""
    groups: list[tuple[list[Word], list[Word]]] = []
    right = float("-inf")
    entries = [(word, True) for word in own] + [(word, False) for word in other]
    for word, is_own in sorted(entries, key=lambda entry: _edges(entry[0])):
        x0, x1 = _edges(word)
        if not groups or right - x0 < _OVERLAP * max(1, x1 - x0):
            groups.append(([], []))
            right = x1
        groups[-1][0 if is_own else 1].append(word)
        right = max(right, x1)
    return groups


def _edges(word: Word) -> tuple[int, int]:
    return (word.box.x0, word.box.x1) if word.box else (0, 0)


def _chosen(own: list[Word], other: list[Word]) -> list[Word]:
    if not other:
        return own
    if [word.text for word in own] == [word.text for word in other]:
        return [_agreed(a, b) for a, b in zip(own, other, strict=True)]
    read, other = other, [_doubted(word) for word in other]
    if not own:
        # What only the second engine sees is print where that is sure, and a stroke where it is not.
        return [word for word in other if word.confidence >= _PRINT]
    return _with_other(own, read) if _right(own) >= _right(other) else _with_other(other, own)


def _with_other(words: list[Word], others: list[Word]) -> list[Word]:
    """The words chosen; a number that the other engine reads as another one has that among its other readings."""
    if len(words) != 1 or len(others) != 1 or not differ(words[0].text, others[0].text):
        return words
    share = min(1.0, others[0].confidence / max(words[0].confidence, 0.01))
    known = dict(words[0].alternatives) | {others[0].text: share}
    return [replace(words[0], alternatives=tuple(sorted(known.items(), key=lambda pair: -pair[1])))]


def _agreed(own: Word, other: Word) -> Word:
    """A word that both read, its other readings being out of question."""
    doubt = _TOGETHER * min(1 - own.confidence, 1 - other.confidence)
    return replace(own, confidence=1 - doubt, alternatives=())


def _doubted(word: Word) -> Word:
    """A word of the second engine: it does not see whether a number is print, or written between print.

    Signs that no dispatch prints ('0#', 'Ø†') are what it makes of a pen as well.
    """
    strange = any(c.isdigit() or c not in CHARACTERS for c in word.text)
    return replace(word, confidence=min(word.confidence, _NUMBER)) if strange else word


def _right(words: Sequence[Word]) -> float:
    """Mean confidence by letters."""
    letters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / letters
