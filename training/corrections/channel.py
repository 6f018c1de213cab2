"""The repair's channel with an office's misreadings: their counts, weighed, added to what the shipped one knows.

Of every onset and rhyme the shipped channel counts as ``PRIOR`` sightings (a Dirichlet prior), each confirmed word as
``WEIGHT``. Words that were confirmed as they were read count too: they tell what is read well.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import exp, log
from pathlib import Path
from typing import NamedTuple

import numpy as np
from rapidfuzz.distance import Indel, Levenshtein

from training.build import Arrays, segment_arrays, table_arrays
from training.channel import LEAST, MOST, UnitCounts, unit_counts
from training.corrections.gate import Exams, Outcome, Report, Score, chosen
from training.pairs import syllable_pairs
from vndoc.archive.corrections.pairs import TextPair
from vndoc.repair.channel import Channel, Scored, UnitTable
from vndoc.repair.corrector import Corrector
from vndoc.repair.model import Model
from vndoc.repair.profile import Profile
from vndoc.repair.syllable import fold_tone, is_syllable, split, strip_marks

PRIOR, WEIGHT = 100.0, 5.0
CHANNEL = "vie"
"""The channel of pages that are read with Vietnamese data; the other is that of English data, which no office uses."""
_ALIKE = 0.4  # of two words without marks, from which one may be a reading of the other
_DOUBT = 1.0  # nats by which an engine doubts words that it reads with a confidence of 0.92: the channel is for these
_SHARES = (1.0, 0.5, 0.2)


class Row(NamedTuple):
    """Words as they were read, and the truth of each that is known."""

    read: list[str]
    truths: list[str | None]


def words_of(pairs: Iterable[TextPair]) -> list[tuple[str, str]]:
    """What was printed and what was read, word by word; capitals are those of the page."""
    found: list[tuple[str, str]] = []
    for pair in pairs:
        if pair.raw and pair.context:
            found.append((pair.truth, pair.raw))
        elif pair.raw:
            row = _aligned(pair.raw.split(), pair.truth.split())
            found += [(true, read) for true, read in zip(row.truths, row.read, strict=True) if true]
    alike = [(t, r) for t, r in found if Indel.normalized_similarity(strip_marks(t), strip_marks(r)) >= _ALIKE]
    return list(syllable_pairs(alike))


def _cased(true: str, read: str) -> str:
    """A field has its words as the register writes them, a letterhead has them in capitals."""
    return true.upper() if len(read) > 1 and read.isupper() else true


def rows_of(pairs: Iterable[TextPair]) -> list[Row]:
    """Texts to test the repair with."""
    rows = []
    for pair in pairs:
        if not pair.raw:
            continue
        if pair.context is None:
            rows.append(_aligned(pair.raw.split(), pair.truth.split()))
        elif pair.raw in (read := pair.context.split()):
            at = read.index(pair.raw)
            rows.append(Row(read, [pair.truth if k == at else None for k in range(len(read))]))
    return [row for row in rows if any(row.truths)]


def _aligned(read: list[str], truth: list[str]) -> Row:
    """The truth word by word, where as many words were read as there are."""
    truths: list[str | None] = [None] * len(read)
    plain_read, plain_truth = [[strip_marks(w).lower() for w in words] for words in (read, truth)]
    for op in Levenshtein.opcodes(plain_read, plain_truth):
        if op.src_end - op.src_start == op.dest_end - op.dest_start:
            for at, of in zip(range(op.src_start, op.src_end), range(op.dest_start, op.dest_end), strict=True):
                truths[at] = _cased(truth[of], read[at])
    return Row(read, truths)


def base_rows(texts: Iterable[str], channel: Channel, seed: int = 3) -> list[Row]:
    """Lines of texts as they are, and again misread as the channel says that they are misread."""
    lines = [line.split() for text in texts for line in text.splitlines() if len(line.split()) > 3]
    rng = np.random.default_rng(seed)
    readings = _readings(channel)
    clean = [Row(list(words), list(words)) for words in lines]
    return clean + [Row([_misread(word, readings, rng) for word in words], list(words)) for words in lines]


Spread = Mapping[str, tuple[list[str], list[float]]]


def _readings(channel: Channel) -> tuple[Spread, Spread]:
    """Of every onset and rhyme what it is read as, and how often."""
    spreads: list[Spread] = []
    for table in (channel.onsets, channel.rhymes):
        of_unit: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for read, scored in table.seen.items():
            for unit, p in scored:
                of_unit[unit].append((read, exp(p)))
        spreads.append({unit: ([r for r, _ in found], [p for _, p in found]) for unit, found in of_unit.items()})
    return spreads[0], spreads[1]


def _misread(word: str, readings: tuple[Spread, Spread], rng: np.random.Generator) -> str:
    folded = fold_tone(word)
    if not is_syllable(folded.lower()):
        return word
    parts = []
    for unit, spread in zip(split(folded), readings, strict=True):
        reads, shares = spread.get(unit, ([unit], [1.0]))
        weights = np.array(shares)
        parts.append(str(rng.choice(reads, p=weights / weights.sum())) if unit else "")
    return "".join(parts) or word


def learnt(channel: Channel, words: Iterable[tuple[str, str]], share: float = 1.0) -> Channel:
    """The channel with the counts of some words, each ``share`` of :data:`WEIGHT`."""
    onsets, rhymes = unit_counts(words)
    return Channel(
        _with_counts(channel.onsets, onsets, share * WEIGHT),
        _with_counts(channel.rhymes, rhymes, share * WEIGHT),
        channel.rhymes_after,
    )


def _with_counts(table: UnitTable, counts: UnitCounts, weight: float) -> UnitTable:
    seen: dict[str, dict[str, float]] = {read: dict(scored) for read, scored in table.seen.items()}
    known = set(table.units)
    counts = {unit: reads for unit, reads in counts.items() if unit in known}
    new = {read for reads in counts.values() for read in reads if read not in seen}
    for read in sorted(new):  # what the segments made of it until now is its prior
        seen[read] = dict(table.lookup(read))
    for read, scored in seen.items():
        for unit, reads in counts.items():
            if unit in scored or reads[read]:
                scored[unit] = _joined(scored.get(unit, table.segments.score(unit, read)), reads, read, weight)
    ranked = {read: _ranked(scored) for read, scored in seen.items()}
    return replace(table, seen=ranked, _cache={}, _plain={})


def _joined(prior: float, reads: Counter[str], read: str, weight: float) -> float:
    """ln P(read | unit) with the office's counts."""
    total = weight * sum(reads.values())
    return log((PRIOR * exp(prior) + weight * reads[read]) / (PRIOR + total))


def _ranked(scored: Mapping[str, float]) -> Scored:
    best = max(scored.values(), default=0.0)
    kept = [(unit, p) for unit, p in scored.items() if p > best + LEAST]
    return sorted(kept, key=lambda pair: (-pair[1], pair[0]))[:MOST]


def arrays(channel: Channel) -> Arrays:
    """The channel as its file keeps it."""
    return {
        **segment_arrays(channel.onsets.segments),
        **table_arrays("onset", channel.onsets.units, channel.onsets.seen),
        **table_arrays("rhyme", channel.rhymes.units, channel.rhymes.seen),
    }


def score(rows: Sequence[Row], model: Model) -> Score:
    """The words of known truth that are right after the repair."""
    corrector = Corrector(model)
    outcomes: list[Outcome] = []
    for row in rows:
        draft = corrector.draft(row.read, [0] * len(row.read), Profile.VIE, [_DOUBT] * len(row.read))
        corrector.settle([draft])
        outcomes += [
            "right" if _same(verdict.repaired, truth) else "wrong"
            for verdict, truth in zip(draft.verdicts(), row.truths, strict=True)
            if truth
        ]
    return Score(tuple(outcomes), outcomes.count("wrong") / max(1, len(outcomes)))


def _same(a: str, b: str) -> bool:
    return a == b or [*map(fold_tone, a.split())] == [*map(fold_tone, b.split())]


def retrained(
    learnt_from: Iterable[TextPair], held_out: Iterable[TextPair], texts: Iterable[str], model: Model
) -> tuple[Report, Channel | None]:
    """The channel after learning, where the repair is better with it; else None.

    Args:
        learnt_from: texts to learn from.
        held_out: texts of other documents, to test with.
        texts: well-written texts, of which as many words must come out right, clean and misread.
        model: the repair's so far.
    """
    report = Report("channel")
    words = words_of(learnt_from)
    rows = rows_of(held_out)
    report.learnt_from = len(words)
    if not words or not rows:
        report.reason = "there are no confirmed words to learn from" if rows else "no word was kept out to test with"
        return report, None
    old = model.channels[CHANNEL]
    base = base_rows(texts, old)

    def with_channel(channel: Channel) -> Model:
        return replace(model, channels={**model.channels, CHANNEL: channel})

    tests: Exams[Channel] = Exams(
        lambda channel: score(rows, with_channel(channel)), lambda channel: score(base, with_channel(channel))
    )
    return report, chosen(report, old, lambda share: learnt(old, words, share), tests, _SHARES)


def sample_texts(folder: Path) -> Iterator[str]:
    """The texts of the samples."""
    for path in sorted(folder.glob("*/text.txt")):
        yield path.read_text(encoding="utf-8")
