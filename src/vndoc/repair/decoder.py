"""The search: of all ways to read a run of words, the most probable one, and how probable each reading is.

Islands (runs of doubtful words between sure ones) are searched side by side, one position of all of them per step,
so that the cost of numpy's calls is shared. Partial readings that end in the same three words are one state; the
forward sums go on in it, and a backward pass turns them into posteriors (Jelinek 1998, ch. 5).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

BEAM = 10
BATCH = 4096
MARGIN = 14.0  # states this many nats under the best of their island are dropped


@dataclass
class Island:
    """Positions to choose at: per position the options' word ids and channel scores; ``history`` are the ids before."""

    history: tuple[int, int, int]
    ids: list[list[int]]
    scores: list[list[float]]
    choice: list[int] = field(default_factory=list)
    posteriors: list[list[float]] = field(default_factory=list)


@dataclass
class _Step:
    """Surviving states after one position, and the edges that led to them."""

    island: Ids
    option: Ids
    back: Ids
    edge_from: Ids
    edge_to: Ids
    edge_score: Floats
    forward: Doubles


class Scorer(Protocol):
    """A language model, as far as the search needs it."""

    def score(self, history: Ids, words: Ids) -> Floats:
        """ln P of ``words`` (n) after ``history`` (n, 3), oldest first."""
        ...


class Decoder:
    """Beam search over islands with one language model."""

    def __init__(self, model: Scorer, weight: float = 1.0, beam: int = BEAM) -> None:
        """``weight`` scales the language model against the channel; ``beam`` is the most states of one island."""
        self._model = model
        self._weight = np.float32(weight)
        self._beam = beam

    def decode(self, islands: Sequence[Island]) -> None:
        """Fill in ``choice`` and ``posteriors`` of every island. No two options of a position share a word id."""
        ranked = sorted(islands, key=lambda island: -len(island.ids))
        for at in range(0, len(ranked), BATCH):
            self._decode_batch(ranked[at : at + BATCH])

    def _decode_batch(self, ranked: Sequence[Island]) -> None:
        lengths = np.array([len(x.ids) for x in ranked], dtype=np.int64)
        states = _States(
            np.arange(len(ranked), dtype=np.int64),
            np.array([x.history for x in ranked], dtype=np.int64).reshape(-1, 3),
            np.zeros(len(ranked), dtype=np.float32),
            np.zeros(len(ranked), dtype=np.float64),
        )
        steps = []
        for t in range(int(lengths.max(initial=0))):
            live = np.flatnonzero(lengths[states.island] > t)
            step, states = self._advance(ranked, t, live, states)
            steps.append(step)
        _trace(ranked, lengths, steps)

    def _advance(self, ranked: Sequence[Island], t: int, live: Ids, all_states: "_States") -> tuple[_Step, "_States"]:
        """One position further for the islands that have one; ``live`` are the states of those."""
        now = all_states.at(live)
        active = int(now.island.max()) + 1
        sizes = np.array([len(x.ids[t]) for x in ranked[:active]], dtype=np.int64)
        ids = np.array([w for x in ranked[:active] for w in x.ids[t]], dtype=np.int64)
        scores = np.array([s for x in ranked[:active] for s in x.scores[t]], dtype=np.float32)
        fan = sizes[now.island]
        state = np.repeat(np.arange(len(live)), fan)
        option = np.arange(len(state)) - np.repeat(np.cumsum(fan) - fan, fan)
        slot = (np.cumsum(sizes) - sizes)[now.island[state]] + option
        words = ids[slot]
        score = self._weight * self._model.score(now.history[state], words) + scores[slot]
        total = now.best[state] + score
        # readings that end in the same three words are one state from here on
        key = now.island[state].astype(np.uint64)
        for column in (now.history[state, 1], now.history[state, 2], words):
            key = (key << np.uint64(16)) | column.astype(np.uint64)
        leader, group = _leaders(key, total)
        kept = self._kept(now.island[state[leader]], total[leader])
        new_index = np.full(len(leader), -1, dtype=np.int64)
        new_index[kept] = np.arange(len(kept))
        edge = np.flatnonzero(new_index[group] >= 0)
        edge_to = new_index[group[edge]]
        forward = _log_sum(now.forward[state[edge]] + score[edge], edge_to, len(kept))
        chosen = leader[kept]
        island = now.island[state[chosen]]
        history = np.concatenate((now.history[state[chosen], 1:], words[chosen, None]), axis=1)
        step = _Step(island, option[chosen], live[state[chosen]], live[state[edge]], edge_to, score[edge], forward)
        return step, _States(island, history, total[chosen], forward)

    def _kept(self, island: Ids, total: Floats) -> Ids:
        """Indices of the states that survive, by island, best first."""
        ranked = np.lexsort((-total, island))
        of = island[ranked]
        begins = np.flatnonzero(np.concatenate(([True], of[1:] != of[:-1])))
        sizes = np.diff(np.concatenate((begins, [len(of)])))
        rank = np.arange(len(of)) - np.repeat(begins, sizes)
        top = np.repeat(total[ranked[begins]], sizes)
        return ranked[(rank < self._beam) & (total[ranked] > top - MARGIN)]


@dataclass
class _States:
    """The live ends of partial readings: island, last three words, score of the best reading, ln sum over all."""

    island: Ids
    history: Ids
    best: Floats
    forward: Doubles

    def at(self, rows: Ids) -> "_States":
        return _States(self.island[rows], self.history[rows], self.best[rows], self.forward[rows])


def _leaders(key: npt.NDArray[np.uint64], total: Floats) -> tuple[Ids, Ids]:
    """Per distinct key the index of its best entry; and for every entry the number of its key."""
    order = np.lexsort((-total, key))
    fresh = np.concatenate(([True], key[order][1:] != key[order][:-1]))
    group = np.empty(len(key), dtype=np.int64)
    group[order] = np.cumsum(fresh) - 1
    return order[fresh], group


def _log_sum(values: Doubles, group: Ids, groups: int) -> Doubles:
    """ln of the sum of exp(values) within each group."""
    peak = np.full(groups, -1e30)
    np.maximum.at(peak, group, values)
    with np.errstate(divide="ignore"):
        return np.asarray(peak + np.log(np.bincount(group, np.exp(values - peak[group]), groups)))


def _trace(ranked: Sequence[Island], lengths: Ids, steps: Sequence[_Step]) -> None:
    """Best path by back pointers, posteriors by the backward pass, for all islands at once."""
    backward = np.empty(0)
    at = np.full(len(ranked), -1, dtype=np.int64)  # each island's state on the best path
    total = np.zeros(len(ranked))
    for t in range(len(steps) - 1, -1, -1):
        step = steps[t]
        ends = lengths[step.island] == t + 1
        beta = np.where(ends, 0.0, -1e9)
        if t + 1 < len(steps):
            later = steps[t + 1]
            reached = _log_sum(later.edge_score + backward[later.edge_to], later.edge_from, len(step.island))
            beta = np.where(ends, 0.0, np.maximum(reached, -1e9))
        backward = beta
        first = np.flatnonzero(np.concatenate(([True], step.island[1:] != step.island[:-1])))
        closing = first[ends[first]]
        at[step.island[closing]] = closing
        if len(closing):
            sums = _log_sum(step.forward[ends], step.island[ends], len(ranked))
            total[step.island[closing]] = sums[step.island[closing]]
        mass = np.exp(step.forward + beta - total[step.island])
        for row, island in enumerate(step.island.tolist()):
            target = ranked[island]
            if len(target.posteriors) < lengths[island] - t:
                target.posteriors.append([0.0] * len(target.ids[t]))
                target.choice.append(int(step.option[at[island]]))
            target.posteriors[-1][int(step.option[row])] += float(mass[row])
        alive = np.unique(step.island)
        at[alive] = step.back[at[alive]]
    for island in ranked:
        island.choice.reverse()
        island.posteriors.reverse()
