"""What the document itself says: a cache language model beside the 4-grams (Kuhn and De Mori 1990).

A document repeats its words: what is ``nội dung của Kết luận`` in one place is hardly ``nội dung chưa Kết luận`` in
another. After the first search the pairs and triples of words that it is sure of are counted (Jelinek, Merialdo, Roukos
and Strauss 1991), and so is what each of them was read as, since one scan misreads the same word alike. What is still
open is searched once more with these counts mixed in. An open word is part of no count: nothing speaks for itself.
"""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from vndoc.repair.grams import NUMBER, SPECIAL, UNKNOWN
from vndoc.repair.language import LanguageModel
from vndoc.repair.lattice import Position
from vndoc.repair.tokens import Piece

Ids = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

SHARE = 0.3
"""Of the mixture's probability, what comes from the document."""
READING_SHARE = 0.3
"""The same for what a word is read as."""
BACKOFF = 5.0
"""Sightings that the shorter history counts as, beside those of the longer one."""
_BITS = np.uint64(16)
_WORD = np.uint64(0xFFFF)


class Counts:
    """Pairs and triples of sure words, and what each was read as, in one document."""

    def __init__(self) -> None:
        """Nothing counted yet."""
        self._pairs: list[Keys] = []
        self._triples: list[Keys] = []
        self._readings: Counter[tuple[str, int]] = Counter()
        self._words: Counter[int] = Counter()

    def add(self, positions: Sequence[Position], pieces: Sequence[Piece]) -> None:
        """Count what is sure in a passage: the positions with one option."""
        row = np.array([position.ids[0] for position in positions], dtype=np.uint64)
        sure = np.array([len(position.ids) == 1 for position in positions], dtype=np.bool_)
        sure &= (row != UNKNOWN) & (row != NUMBER)
        pairs = (row[:-1] << _BITS) | row[1:]
        both = sure[:-1] & sure[1:]
        self._pairs.append(pairs[both])
        self._triples.append(((pairs[:-1] << _BITS) | row[2:])[both[:-1] & sure[2:]])
        read = [(pieces[p.piece].reading, p.ids[0]) for p in positions if p.piece is not None and len(p.ids) == 1]
        self._readings.update(read)
        self._words.update(number for _, number in read)

    def mixed_readings(self, read: str, numbers: Sequence[int], scores: Sequence[float]) -> list[float]:
        """ln P(read | word) of the channel, ``scores``, with the document's own readings of the words mixed in."""
        return [self._mixed(read, number, score) for number, score in zip(numbers, scores, strict=True)]

    def _mixed(self, read: str, number: int, score: float) -> float:
        own = math.log1p(-READING_SHARE) + score
        seen = self._readings.get((read, number))
        if not seen:
            return own
        return float(np.logaddexp(own, math.log(READING_SHARE * seen / (self._words[number] + BACKOFF))))

    def model(self, language: LanguageModel) -> "CacheModel":
        """The language model with the counts mixed in."""
        return CacheModel(language, np.concatenate(self._pairs), np.concatenate(self._triples))


class _Grams:
    """Counts of n-grams and of what is before their last word, by packed keys."""

    def __init__(self, keys: Keys) -> None:
        self.keys, self._counts = np.unique(keys, return_counts=True)
        self._before, self._sums = np.unique(keys >> _BITS, return_counts=True)
        self._followers: dict[int, frozenset[int]] = {}

    def share(self, wanted: Keys, shorter: Doubles) -> Doubles:
        """P of the last words after those before, backed off to ``shorter``, that after a shorter history."""
        counts = _looked_up(self.keys, self._counts, wanted)
        sums = _looked_up(self._before, self._sums, wanted >> _BITS)
        return np.asarray((counts + BACKOFF * shorter) / (sums + BACKOFF))

    def has(self, key: int) -> bool:
        """Whether an n-gram was seen."""
        return bool(_looked_up(self.keys, self._counts, np.array([key], dtype=np.uint64))[0])

    def followers(self, before: int) -> frozenset[int]:
        """Words seen after a packed history; asked for again and again, so what was found is kept."""
        found = self._followers.get(before)
        if found is None:
            begin, end = np.searchsorted(self.keys, np.array([before << 16, (before + 1) << 16], dtype=np.uint64))
            found = self._followers[before] = frozenset((self.keys[begin:end] & _WORD).tolist())
        return found


class CacheModel:
    """P of a word: that of the 4-grams and that of the document's own neighbours, in fixed shares.

    The document's is backed off to that of the 4-grams: where its history was never seen, the document has no say.
    """

    def __init__(self, language: LanguageModel, pairs: Keys, triples: Keys) -> None:
        """``pairs`` and ``triples`` are all sightings, 16 bits a word."""
        self._language = language
        self._pairs = _Grams(pairs)
        self._triples = _Grams(triples)
        self._backwards = _Grams(((pairs & _WORD) << _BITS) | (pairs >> _BITS))

    def score(self, history: Ids, words: Ids) -> Floats:
        """ln P of ``words`` (n) after ``history`` (n, 3), as :meth:`LanguageModel.score` has it."""
        last = words.astype(np.uint64)
        pair = (history[:, 2].astype(np.uint64) << _BITS) | last
        triple = (history[:, 1].astype(np.uint64) << (_BITS + _BITS)) | pair
        general = np.exp(self._language.score(history, words).astype(np.float64))
        own = self._triples.share(triple, self._pairs.share(pair, general))
        return np.log((1 - SHARE) * general + SHARE * own).astype(np.float32)

    def supports(self, before: int, word: int, behind: int) -> bool:
        """Whether the document has a word after or ahead of the same other word elsewhere; punctuation says nothing."""
        after = before >= len(SPECIAL) and self._pairs.has(before << 16 | word)
        return after or (behind >= len(SPECIAL) and self._pairs.has(word << 16 | behind))

    def beside(self, before: Sequence[int], behind: Sequence[int]) -> set[int]:
        """Words that the document has after one of ``before`` or ahead of one of ``behind``."""
        return set().union(*map(self._pairs.followers, before), *map(self._backwards.followers, behind))


def _looked_up(keys: Keys, counts: npt.NDArray[np.intp], wanted: Keys) -> Doubles:
    if not len(keys):
        return np.zeros(len(wanted))
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[at] == wanted, counts[at], 0).astype(np.float64)
