"""The noisy channel: what may have been printed where this was read.

A syllable is read as its onset and its rhyme one after the other, so a reading's candidates are found by cutting it
in two at every place and looking each half up: no list of words is searched, and nothing is remembered of whole words.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from vndoc.repair.syllable import strip_marks

FLOOR = -7.0  # ln P of a segment never seen, and ...
PER_LETTER = 1.0  # ... so much less for every letter read
_LOOKALIKES = str.maketrans("0134568¢¥@&?§$!|¡€©®°", "olaasoboyooussilieooo", "’'‘")

Scored = list[tuple[str, float]]


def plain(read: str) -> str:
    """Reading without marks, digits and signs as the letters they resemble."""
    return strip_marks(read.translate(_LOOKALIKES))


def unit_case_fits(unit: str, read: str) -> bool:
    """Upper-case units of two letters or more are sought only in readings that have a capital or no letter case."""
    if len(unit) < 2 or not unit.isupper():
        return True
    return not any(c.islower() for c in read) or sum(c.isupper() for c in read) * 2 >= len(read)


@dataclass
class Segments:
    """ln P(read segment | true segment), and the best cover of a reading by segments."""

    table: Mapping[tuple[str, str], float]

    def _cost(self, true: str, read: str) -> float:
        known = self.table.get((true, read))
        if known is not None:
            return known
        if len(true) > 1 or len(read) > 2:
            return -math.inf
        if self.table:
            return FLOOR - PER_LETTER * max(len(read), 1)
        same = strip_marks(true) == plain(read)
        return -0.1 if true == read else (-0.5 if same else -4.0 - 2 * abs(len(read) - 1))

    def _grid(self, true: str, read: str) -> tuple[list[list[float]], list[list[tuple[int, int]]]]:
        n, m = len(true), len(read)
        best = [[-math.inf] * (m + 1) for _ in range(n + 1)]
        back = [[(0, 0)] * (m + 1) for _ in range(n + 1)]
        best[0][0] = 0.0
        for i in range(n):
            row = best[i]
            for j in range(m + 1):
                here = row[j]
                if here == -math.inf:
                    continue
                for a in (1, 2):
                    if i + a > n:
                        break
                    for b in range(min(3, m - j) + 1):
                        score = here + self._cost(true[i : i + a], read[j : j + b])
                        if score > best[i + a][j + b]:
                            best[i + a][j + b] = score
                            back[i + a][j + b] = (i, j)
        return best, back

    def score(self, true: str, read: str) -> float:
        """ln P of the best cover; an empty unit reads as nothing, each stray letter costs."""
        if not true:
            return FLOOR * len(read)
        value = self._grid(true, read)[0][-1][-1]
        return value if value > -math.inf else FLOOR * (len(read) + len(true))

    def best_path(self, true: str, read: str) -> Iterable[tuple[str, str]]:
        """Segment pairs of the best cover."""
        best, back = self._grid(true, read)
        i, j = len(true), len(read)
        if not true or best[i][j] == -math.inf:
            return
        while i:
            a, b = back[i][j]
            yield true[a:i], read[b:j]
            i, j = a, b


@dataclass
class UnitTable:
    """Readings of onsets or of rhymes and the units they may stand for; unseen readings are worked out on demand."""

    seen: Mapping[str, Scored]
    units: tuple[str, ...]
    segments: Segments
    _cache: dict[str, Scored] = field(default_factory=dict)
    _plain: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Index the units by their look."""
        for unit in self.units:
            self._plain.setdefault(strip_marks(unit), []).append(unit)

    def lookup(self, read: str) -> Scored:
        """Units with ln P(read | unit), best first."""
        found = self.seen.get(read)
        if found is None:
            found = self._cache.get(read)
        if found is None:
            found = self._work_out(read)
            if len(self._cache) < 50_000:
                self._cache[read] = found
        return found

    def _work_out(self, read: str) -> Scored:
        if not read or len(read) > 10:
            return []
        near = process.extract(plain(read), list(self._plain), scorer=Levenshtein.distance, limit=12, score_cutoff=3)
        scored = [
            (unit, self.segments.score(unit, read))
            for form, _, _ in near
            for unit in self._plain[form]
            if unit_case_fits(unit, read)
        ]
        scored.sort(key=lambda pair: -pair[1])
        return scored[:60]


@dataclass
class Channel:
    """Candidates of a reading among the syllables of the lexicon."""

    onsets: UnitTable
    rhymes: UnitTable
    words: Mapping[str, int]
    _cache: dict[str, Scored] = field(default_factory=dict)

    def candidates(self, read: str, most: int = 160, width: float = 12.0) -> Scored:
        """Syllables in printed case with ln P(read | syllable), best first, down to ``width`` nats under the best."""
        found = self._cache.get(read)
        if found is None:
            found = self._search(read, most, width)
            if len(self._cache) < 100_000:
                self._cache[read] = found
        return found

    def _search(self, read: str, most: int, width: float) -> Scored:
        total: dict[str, float] = {}
        words = self.words
        best = -30.0
        for cut in range(min(4, len(read) - 1) + 1):
            onsets = self.onsets.lookup(read[:cut])
            if not onsets:
                continue
            rhymes = self.rhymes.lookup(read[cut:])
            if not rhymes:
                continue
            top = rhymes[0][1]
            for onset, p in onsets:
                if p + top < best - width:
                    break
                for rhyme, q in rhymes:
                    score = p + q
                    if score < best - width:
                        break
                    form = onset + rhyme
                    if form.lower() not in words or not _one_case(onset, rhyme):
                        continue
                    best = max(best, score)
                    old = total.get(form)
                    total[form] = score if old is None else max(old, score) + math.log1p(math.exp(-abs(old - score)))
        kept = [(form, p) for form, p in total.items() if p > best - width]
        kept.sort(key=lambda pair: -pair[1])
        return kept[:most]


def _one_case(onset: str, rhyme: str) -> bool:
    """Whether onset and rhyme together are lower, title or upper case."""
    if not onset:
        return True
    if rhyme.islower():
        return onset.islower() or onset.istitle()
    return onset.isupper() and rhyme.isupper()
