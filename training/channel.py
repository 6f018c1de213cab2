"""From word pairs to the channel P(reading | onset or rhyme).

Each reading is cut into what was made of the onset and what was made of the rhyme, by expectation maximisation in its
Viterbi form. Readings of a unit seen in training keep their share of the counts; all others get a share from a model
of short segments (Brill and Moore 2000, "An improved error model for noisy channel spelling correction").
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from rapidfuzz.distance import Levenshtein

from vndoc.repair.channel import ALIKE, Segments, alike, plain, unit_case_fits
from vndoc.repair.syllable import split, strip_marks, strip_tone

UnitCounts = dict[str, Counter[str]]
ROUNDS = 3
DISCOUNT = 0.5
USUAL = 8  # so often seen, a reading is no novelty
NOVELTY = 0.35  # least weight of the segments for readings that are: the next scanner errs in ways not seen here
LEAST_UNSEEN = 0.05  # the same for usual readings
NOVEL = 1e-3  # least P of one letter read for another
BORROWED = 6.0
RARE = 2e-4
VIETNAMESE = "".join(c + c.upper() for c in "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđ")
LEAST = -13.0  # candidates less likely than this, in nats under the best, are not stored
MOST = 160


def _cuts(read: str) -> range:
    return range(min(len(read), 4) + 1)  # the last leaves nothing to the rhyme: ``s`` for ``sở``


def _first_cut(onset: str, rhyme: str, read: str) -> int:
    flat = plain(read)
    onset, rhyme = strip_marks(onset), strip_marks(rhyme)
    return min(
        (Levenshtein.distance(onset, flat[:k]) + Levenshtein.distance(rhyme, flat[k:]), abs(k - len(onset)), k)
        for k in _cuts(read)
    )[2]


def unit_counts(pairs: Iterable[tuple[str, str]]) -> tuple[UnitCounts, UnitCounts]:
    """Readings of every onset and of every rhyme, in their printed case, with counts."""
    words = Counter(pairs)
    onsets: UnitCounts = defaultdict(Counter)
    rhymes: UnitCounts = defaultdict(Counter)
    for turn in range(ROUNDS):
        new_onsets: UnitCounts = defaultdict(Counter)
        new_rhymes: UnitCounts = defaultdict(Counter)
        for (true, read), count in words.items():
            onset, rhyme = split(true)
            if turn == 0:
                cut = _first_cut(onset, rhyme, read)
            else:
                seen, after = onsets[onset], rhymes[rhyme]
                cut = max(((seen[read[:k]] + 1e-3) * (after[read[k:]] + 1e-3), -k) for k in _cuts(read))[1] * -1
            new_onsets[onset][read[:cut]] += count
            new_rhymes[rhyme][read[cut:]] += count
        onsets, rhymes = new_onsets, new_rhymes
    return onsets, rhymes


def train_segments(units: Sequence[UnitCounts]) -> Segments:
    """ln P(read segment | true segment) for true segments of one or two letters and readings of none to three.

    A letter borrows from the letters that differ from it in tone only, these from all with the same base letter.
    """
    pairs = [(unit, read, count) for table in units for unit, reads in table.items() for read, count in reads.items()]
    segments = Segments({})
    for _ in range(ROUNDS + 1):
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for unit, read, count in pairs:
            for true_segment, read_segment in segments.best_path(unit, read):
                counts[true_segment][read_segment] += count
        segments = Segments(_borrowed(counts))
    return segments


def _toneless(letters: str) -> str:
    return strip_tone(letters)[0]


def _bare(letters: str) -> str:
    return strip_marks(letters).lower()


def _borrowed(counts: Mapping[str, Counter[str]]) -> dict[tuple[str, str], float]:
    classes: list[Callable[[str], str]] = [
        lambda t: t,
        lambda t: strip_tone(t)[0],
        strip_marks,
        lambda t: strip_marks(t).lower(),
    ]
    sums: list[dict[str, Counter[str]]] = []
    for of in classes:
        table: dict[str, Counter[str]] = defaultdict(Counter)
        for true, reads in counts.items():
            table[of(true)].update(reads)
        sums.append(table)
    letters = set(counts) | set(VIETNAMESE)
    out = {}
    for true in letters:
        for read in {r for level, of in zip(sums, classes, strict=True) for r in level[of(true)]}:
            p = RARE ** max(1, len(read))
            for level, of in zip(reversed(sums), reversed(classes), strict=True):
                reads = level[of(true)]
                total = sum(reads.values())
                p = (reads[read] + BORROWED * p) / (total + BORROWED)
            p = max(p, math.exp(ALIKE) if alike(true, read) else NOVEL ** max(1, len(read)))
            if p > 1e-5 or counts.get(true, Counter())[read]:
                out[true, read] = math.log(p)
    return out


def inverted(
    counts: UnitCounts, units: Iterable[str], segments: Segments, least_count: int
) -> dict[str, list[tuple[str, float]]]:
    """Per reading seen ``least_count`` times: the units it may stand for with ln P(reading | unit), best first."""
    seen: Counter[str] = Counter()
    for reads in counts.values():
        seen.update(reads)
    all_units = sorted(set(units) | set(counts))
    nothing: Counter[str] = Counter()
    unseen = {unit: unseen_share(counts.get(unit, nothing), unit, segments) for unit in all_units}
    out = {}
    for read, count in seen.items():
        if count < least_count:
            continue
        least = LEAST_UNSEEN if count >= USUAL else NOVELTY
        scored = [
            (unit, smoothed(counts.get(unit, nothing), unit, read, segments, max(least, unseen[unit])))
            for unit in all_units
            if unit_case_fits(unit, read)
            and (len(unit) < 2 or unit.islower() or any(c.isupper() for c in read) or read in counts.get(unit, nothing))
        ]
        best = max((p for _, p in scored), default=0.0)
        kept = sorted((pair for pair in scored if pair[1] > best + LEAST), key=lambda pair: (-pair[1], pair[0]))
        out[read] = kept[:MOST]
    return out


def unseen_share(reads: Mapping[str, int], unit: str, segments: Segments) -> float:
    """The share of probability left for readings never seen, over what the segments give to those."""
    total = sum(reads.values()) + 1.0
    left = (DISCOUNT * len(reads) + 1.0) / total
    return left / max(1.0 - sum(math.exp(segments.score(unit, read)) for read in reads), 0.05)


def smoothed(reads: Mapping[str, int], unit: str, read: str, segments: Segments, unseen: float) -> float:
    """ln P(read | unit): discounted count share, and the segments' share of what is left."""
    share = max(reads.get(read, 0) - DISCOUNT, 0.0) / (sum(reads.values()) + 1.0)
    return math.log(share + unseen * math.exp(segments.score(unit, read)))
