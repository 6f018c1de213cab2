"""From the likelihoods of a line's columns to its words: their likeliest readings, of which the repair chooses.

A text is written by many paths through the columns, so paths are summed, not followed singly: the search is that of
prefixes (Graves et al., "Connectionist temporal classification", ICML 2006; Hannun et al., "First-pass large vocabulary
continuous speech recognition using bi-directional recurrent DNNs", 2014), one word at a time, without a language model.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vndoc.ocr.engines.lines.alphabet import BLANK, CHARACTERS, collapsed
from vndoc.ocr.engines.lines.strips import STRIDE

Likelihoods = NDArray[np.float32]
"""Natural logarithms, ``(columns, classes)``; each column's likelihoods sum to 1."""

_SPACE = CHARACTERS.index(" ") + 1
_LEAST = 1e-3  # probability at a column from which on a character is thought of
_LEAST_SHARE = 1e-3  # of the best reading's probability, from which on another reading is kept
_BEAM = 16  # prefixes that are followed
_READINGS = 8  # other readings of a word


@dataclass(slots=True, frozen=True)
class Reading:
    """One word of a line as the network read it.

    Attributes:
        text: the likeliest reading without blanks.
        start, end: pixels of the strip from the middle of the blank before it to that of the one behind it.
        score: probability of the whole text, 0-1.
        middles: pixels of the strip at the middle of each character; empty where the likeliest path has another text.
        others: its other readings with their share of probability against it, likeliest first; none of a word that can
            hardly be anything else. One with a blank says that these are two words, its share may be above 1.
    """

    text: str
    start: float
    end: float
    score: float
    others: tuple[tuple[str, float], ...]
    middles: tuple[float, ...] = ()


class _Word(NamedTuple):
    """Columns from ``start`` to ``end``, between the columns of the blanks ``before`` and ``behind``."""

    start: int
    end: int
    before: int
    behind: int


class _Candidates(NamedTuple):
    """Classes that are thought of, column by column: those of column ``t`` are ``first[t]`` to ``first[t + 1]``."""

    classes: list[int]
    probabilities: list[float]
    first: list[int]


def readings(likelihoods: Likelihoods) -> list[Reading]:
    """The words of a line from left to right."""
    best = likelihoods.argmax(axis=1)
    top = np.exp(likelihoods[np.arange(len(best)), best])
    candidates = _candidates(likelihoods)
    found = []
    for word in _words(best, likelihoods[:, _SPACE]):
        if candidates.first[word.end] - candidates.first[word.start] > word.end - word.start:
            texts = _texts(candidates, word.start, word.end)
        else:  # no column may be anything else
            texts = {collapsed(best[word.start : word.end].tolist()): float(top[word.start : word.end].prod())}
        if reading := _reading(texts, word):
            found.append(replace(reading, middles=_middles(best[word.start : word.end], word.start, reading.text)))
    return found


def _middles(best: NDArray[np.intp], start: int, text: str) -> tuple[float, ...]:
    """Where each character of a text is on the likeliest path; nothing where the path has another text."""
    edges = np.flatnonzero(np.diff(best, prepend=BLANK, append=BLANK)).tolist()
    runs = [(a, b) for a, b in pairwise(edges) if best[a] != BLANK]
    if len(runs) != len(text) or collapsed(best.tolist()) != text:
        return ()
    return tuple((start + (a + b) / 2) * STRIDE for a, b in runs)


def _words(best: NDArray[np.intp], space: NDArray[np.float32]) -> Iterator[_Word]:
    """The words between the blanks of the best path; the line's ends are such blanks."""
    edges = np.flatnonzero(np.diff(best == _SPACE, prepend=True, append=True)).tolist()
    spans = list(zip(edges[::2], edges[1::2], strict=True))
    middles = [end + int(space[end:start].argmax()) for (_, end), (start, _) in pairwise(spans)]
    borders = pairwise([0, *middles, len(best)]) if spans else ()
    for (start, end), (before, behind) in zip(spans, borders, strict=True):
        yield _Word(start, end, before, behind)


def _candidates(likelihoods: Likelihoods) -> _Candidates:
    columns, classes = np.nonzero(likelihoods > np.log(_LEAST))
    first = np.searchsorted(columns, np.arange(len(likelihoods) + 1))
    return _Candidates(classes.tolist(), np.exp(likelihoods[columns, classes]).tolist(), first.tolist())


def _texts(candidates: _Candidates, start: int, end: int) -> dict[str, float]:
    """Texts of the columns with their probability, likeliest first."""
    # of each prefix the probability of its paths that end in CTC's blank, and of those that end in its last character
    beam: dict[tuple[int, ...], list[float]] = {(): [1.0, 0.0]}
    for column in range(start, end):
        part = slice(candidates.first[column], candidates.first[column + 1])
        beam = _pruned(_grown(beam, candidates.classes[part], candidates.probabilities[part]))
    texts: dict[str, float] = {}
    for prefix, masses in beam.items():
        text = " ".join("".join(CHARACTERS[k - 1] for k in prefix).split())
        texts[text] = texts.get(text, 0.0) + sum(masses)
    return dict(sorted(texts.items(), key=lambda pair: -pair[1]))


def _grown(
    beam: dict[tuple[int, ...], list[float]], classes: Sequence[int], probabilities: Sequence[float]
) -> dict[tuple[int, ...], list[float]]:
    """The prefixes after one more column."""
    grown: dict[tuple[int, ...], list[float]] = {}
    for prefix, (after_blank, after_last) in beam.items():
        last = prefix[-1] if prefix else BLANK
        for number, p in zip(classes, probabilities, strict=True):
            if number == BLANK:
                grown.setdefault(prefix, [0.0, 0.0])[0] += (after_blank + after_last) * p
                continue
            mass = after_blank + after_last
            if number == last:
                grown.setdefault(prefix, [0.0, 0.0])[1] += after_last * p
                mass = after_blank
            if mass:
                grown.setdefault((*prefix, number), [0.0, 0.0])[1] += mass * p
    return grown


def _pruned(beam: dict[tuple[int, ...], list[float]]) -> dict[tuple[int, ...], list[float]]:
    if len(beam) < 2:
        return beam
    ranked = sorted(((-sum(masses), prefix) for prefix, masses in beam.items()))
    least = ranked[0][0] * _LEAST_SHARE
    return {prefix: beam[prefix] for mass, prefix in ranked[:_BEAM] if mass < least}


def _reading(texts: dict[str, float], word: _Word) -> Reading | None:
    """The word of some texts, likeliest first; None where there is hardly any ink."""
    text = next((t for t in texts if t and " " not in t), None)
    if text is None:
        return None
    score = texts[text]
    others = tuple((other, p / score) for other, p in texts.items() if other not in ("", text))
    half = STRIDE / 2
    return Reading(text, word.before * STRIDE + half, word.behind * STRIDE + half, min(score, 1.0), others[:_READINGS])
