"""The noisy channel: what may have been printed where this was read.

A syllable is read as its onset and its rhyme one after the other, so a reading's candidates are found by cutting it
in two at every place and looking each half up: no list of words is searched, and nothing is remembered of whole words.
"""

import math
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from vndoc.repair.syllable import split, strip_marks

FLOOR = -7.0  # ln P of a segment never seen, and ...
PER_LETTER = 1.0  # ... so much less for every letter read
WIDTH = 11.0
POOR = -2.0  # a best score under which unseen halves are worked out, too
MOST_CACHED = 50_000
UNSEEN = -3.0  # ln P that both halves of a word are read in ways never seen
NEAREST = 24  # shapes of units that an unseen half is scored against
ALIKE = -4.5  # ln P of an unseen segment that resembles the true one
_LOOKALIKES = str.maketrans("0134568¢¥@&?§$!|¡€©®°", "olaasoboyooussilieooo", "’'‘")
_IN_RHYME = str.maketrans("l", "i")  # no rhyme holds an l

Scored = list[tuple[str, float]]


def plain(read: str) -> str:
    """Reading without marks, digits and signs as the letters they resemble."""
    return strip_marks(read.translate(_LOOKALIKES))


def alike(true: str, read: str) -> bool:
    """Whether a segment read looks like a true one without its marks."""
    look = plain(read)
    bare = strip_marks(true)
    return bare in (look, look.translate(_IN_RHYME))


def unit_case_fits(unit: str, read: str) -> bool:
    """Upper-case units of two letters or more are sought only in readings that have a capital or no letter case."""
    if len(unit) < 2 or not unit.isupper():
        return True
    return not any(c.islower() for c in read) or sum(c.isupper() for c in read) * 2 >= len(read)


@dataclass
class Segments:
    """ln P(read segment | true segment), and the best cover of a reading by segments."""

    table: Mapping[tuple[str, str], float]
    _costs: dict[tuple[str, str], float] = field(default_factory=dict)

    def _cost(self, true: str, read: str) -> float:
        known = self.table.get((true, read))
        if known is not None:
            return known
        if len(true) > 1 or len(read) > 2:
            return -math.inf
        if self.table:
            other = self.table.get((true, read.swapcase()))
            if other is not None:
                return other - 2.0
            if alike(true, read):
                return ALIKE
            return FLOOR - PER_LETTER * max(len(read), 1)
        same = strip_marks(true) == plain(read)
        return -0.1 if true == read else (-0.5 if same else -4.0 - 2 * abs(len(read) - 1))

    def _best(self, true: str, read: str) -> float:
        """ln P of the best cover, as :meth:`_grid` has it, without the way there."""
        width = len(read) + 1
        costs = self._costs
        rows = [[0.0] + [-math.inf] * len(read)]
        for end in range(1, len(true) + 1):
            row = [-math.inf] * width
            for size in (1, 2)[:end]:
                segment = true[end - size : end]
                for start, here in enumerate(rows[end - size]):
                    if here == -math.inf:
                        continue
                    for stop in range(start, min(start + 4, width)):
                        pair = (segment, read[start:stop])
                        cost = costs.get(pair)
                        if cost is None:
                            cost = costs[pair] = self._cost(*pair)
                        row[stop] = max(row[stop], here + cost)
            rows.append(row)
        return rows[-1][-1]

    def _grid(self, true: str, read: str) -> tuple[list[list[float]], list[list[tuple[int, int]]]]:
        n, m = len(true), len(read)
        best = [[-math.inf] * (m + 1) for _ in range(n + 1)]
        back = [[(0, 0)] * (m + 1) for _ in range(n + 1)]
        best[0][0] = 0.0
        costs = self._costs
        for i in range(n):
            row = best[i]
            for j in range(m + 1):
                here = row[j]
                if here == -math.inf:
                    continue
                for a in (1, 2)[: n - i]:
                    for b in range(min(3, m - j) + 1):
                        pair = (true[i : i + a], read[j : j + b])
                        cost = costs.get(pair)
                        if cost is None:
                            cost = costs[pair] = self._cost(*pair)
                        score = here + cost
                        if score > best[i + a][j + b]:
                            best[i + a][j + b] = score
                            back[i + a][j + b] = (i, j)
        return best, back

    def score(self, true: str, read: str) -> float:
        """ln P of the best cover; an empty unit reads as nothing, each stray letter costs."""
        if not true:
            return FLOOR * len(read)
        value = self._best(true, read)
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
    """Readings of onsets or of rhymes and the units they may stand for; unseen readings are worked out on demand.

    ``units`` come by falling frequency, so that of many forms at the same distance the usual ones are tried.
    """

    seen: Mapping[str, Scored]
    units: tuple[str, ...]
    segments: Segments
    _cache: dict[str, Scored] = field(default_factory=dict)
    _plain: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Index the units by their look."""
        for unit in self.units:
            self._plain.setdefault(strip_marks(unit), []).append(unit)

    def knows(self, read: str) -> bool:
        """Whether the reading was seen in training."""
        return read in self.seen

    def lookup(self, read: str) -> Scored:
        """Units with ln P(read | unit), best first."""
        found = self.seen.get(read)
        if found is None:
            found = self._cache.get(read)
        if found is None:
            found = self._work_out(read)
            if len(self._cache) < MOST_CACHED:
                self._cache[read] = found
        return found

    def _work_out(self, read: str) -> Scored:
        if not read or len(read) > 10:
            return []
        look = plain(read).translate(_IN_RHYME if "ung" in self._plain else {})
        near = process.extract(look, list(self._plain), scorer=Levenshtein.distance, limit=NEAREST, score_cutoff=3)
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
    rhymes_after: Mapping[str, Set[str]]
    """For every onset in every case the rhymes that make a syllable with it."""
    _cache: dict[str, Scored] = field(default_factory=dict)

    def candidates(self, read: str) -> Scored:
        """Syllables in printed case with ln P(read | syllable), best first, down to ``WIDTH`` nats under it."""
        found = self._cache.get(read)
        if found is None:
            found = self._search(read)
            if len(self._cache) < MOST_CACHED:
                self._cache[read] = found
        return found

    def score(self, form: str, read: str) -> float:
        """ln P(read | form) by the segments alone, for a word in printed case that the search would not come upon."""
        onset, rhyme = split(form)
        segments = self.onsets.segments
        cuts = range(min(len(onset) + 2, len(read)) + 1)
        return UNSEEN + max(segments.score(onset, read[:cut]) + segments.score(rhyme, read[cut:]) for cut in cuts)

    def _search(self, read: str) -> Scored:
        total: dict[str, float] = {}
        best = -30.0
        cuts = range(min(4, len(read)) + 1)
        for cut in cuts:
            if self.rhymes.knows(read[cut:]):
                best = self._join(self.onsets.lookup(read[:cut]), self.rhymes.lookup(read[cut:]), total, best)
        if best < POOR:
            for cut in cuts:
                if not self.rhymes.knows(read[cut:]):
                    best = self._join(self.onsets.lookup(read[:cut]), self.rhymes.lookup(read[cut:]), total, best)
        kept = [(form, p) for form, p in total.items() if p > best - WIDTH]
        kept.sort(key=lambda pair: -pair[1])
        return kept

    def _join(self, onsets: Scored, rhymes: Scored, total: dict[str, float], best: float) -> float:
        """Add the words made of an onset and a rhyme to ``total``; returns the best score so far."""
        top = rhymes[0][1] if rhymes else -math.inf
        for onset, p in onsets:
            if p + top < best - WIDTH:
                break
            fitting = self.rhymes_after.get(onset)
            if not fitting:
                continue
            least = best - WIDTH - p
            for rhyme, q in rhymes:
                if q < least:
                    break
                if rhyme in fitting:
                    score = p + q
                    form = onset + rhyme
                    old = total.get(form)
                    total[form] = score if old is None else max(old, score) + math.log1p(math.exp(-abs(old - score)))
                    best = max(best, score)
        return best
