"""The 4-gram language model: ln P of many words at once, each after the three words before it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]

ORDER = 4
NO_WORD = 0xFFFF  # stands where the history is shorter than three words
_BITS = np.uint64(16)
_STEP = np.float32(0.125)  # as in training/language.py


class LanguageModel:
    """Backoff model over packed n-grams (16 bits a word), found by binary search."""

    def __init__(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        """Unfold the trie of ``arrays`` (see ``training/language.py``) into sorted keys."""
        self.unigram: Floats = arrays["p1"].astype(np.float32)
        keys = np.arange(len(self.unigram), dtype=np.uint64)
        self._keys = [keys]
        self._p: list[Floats] = [self.unigram]
        self._b: list[Floats] = [_unquantised(arrays["b1"])]
        for n in range(2, ORDER + 1):
            keys = (np.repeat(keys, arrays[f"n{n}"]) << _BITS) | arrays[f"w{n}"].astype(np.uint64)
            self._keys.append(keys)
            self._p.append(_unquantised(arrays[f"p{n}"]))
            if n < ORDER:
                self._b.append(_unquantised(arrays[f"b{n}"]))

    def _find(self, order: int, wanted: npt.NDArray[np.uint64]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
        keys = self._keys[order - 1]
        if not len(keys):
            return np.zeros(len(wanted), dtype=np.intp), np.zeros(len(wanted), dtype=np.bool_)
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        return at, keys[at] == wanted

    def score(self, history: Ids, words: Ids) -> Floats:
        """ln P of ``words`` (n) after ``history`` (n, 3), oldest first; :data:`NO_WORD` where there is none."""
        gram = np.zeros(len(words), dtype=np.uint64)
        for column in range(3):
            gram = (gram << _BITS) | history[:, column].astype(np.uint64)
        gram = (gram << _BITS) | words.astype(np.uint64)
        out = np.zeros(len(words), dtype=np.float32)
        rest = np.arange(len(words))
        for order in range(ORDER, 1, -1):
            if order < ORDER:
                gram &= np.uint64((1 << (16 * order)) - 1)
            at, hit = self._find(order, gram)
            out[rest[hit]] += self._p[order - 1][at[hit]]
            miss = ~hit
            rest, gram = rest[miss], gram[miss]
            if not len(rest):
                return out
            at, hit = self._find(order - 1, gram >> _BITS)
            out[rest[hit]] += self._b[order - 2][at[hit]]
        out[rest] += self.unigram[(gram & np.uint64(0xFFFF)).astype(np.int64)]
        return out

    def successors(self, history: Ids, least: float) -> list[Ids]:
        """For each three words (n, 3) those that follow them with ln P of ``least`` or more, where 4-grams tell."""
        keys, p = self._keys[3], self._p[3]
        prefixes = np.zeros(len(history), dtype=np.uint64)
        for column in range(3):
            prefixes = (prefixes | history[:, column].astype(np.uint64)) << _BITS
        begins = np.searchsorted(keys, prefixes)
        ends = np.searchsorted(keys, prefixes | np.uint64(0xFFFF), side="right")
        out = []
        for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
            likely = begin + np.flatnonzero(p[begin:end] >= least)
            out.append((keys[likely] & np.uint64(0xFFFF)).astype(np.int64))
        return out

    def score_text(self, ids: Ids) -> Floats:
        """ln P of every word of a text after the three before it."""
        padded = np.concatenate((np.full(ORDER - 1, NO_WORD, dtype=np.int64), ids))
        history = np.stack([padded[i : i + len(ids)] for i in range(ORDER - 1)], axis=1)
        return self.score(history, ids)


def _unquantised(values: npt.NDArray[np.uint8]) -> Floats:
    return values.astype(np.float32) * -_STEP
