"""From token numbers to a pruned 4-gram model, mixed from several kinds of text.

Every kind of text is counted and discounted by itself (modified Kneser-Ney, Chen and Goodman 1998), then the counts are
merged with a weight for each kind (Bacchiani et al. 2006): a word pair seen once in a dispatch stays one seen once,
though it weighs as much as five of the news. N-grams whose loss costs least are left out (Seymore and Rosenfeld
1996); what they and the discounts leave goes to the backoff weight of their context, so every distribution sums to one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vndoc.repair.syllable import strip_marks

Keys = npt.NDArray[np.uint64]
Counts = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

ORDER = 4
BITS = np.uint64(16)
SLIP_RATIO = 250
STEP = 0.125  # nats of one quantum


@dataclass
class Order:
    """The n-grams of one order: packed keys (16 bits a word, last word lowest), ln p, ln backoff weight."""

    keys: Keys
    log_probability: Floats
    log_backoff: Floats


@dataclass
class Table:
    """All n-grams of one order: how often they occur, what they weigh in the model's formula, what is taken off."""

    keys: Keys
    counts: Floats
    weights: Floats
    discounts: Floats

    def only(self, kept: npt.NDArray[np.bool_]) -> "Table":
        """The rows that are kept."""
        return Table(self.keys[kept], self.counts[kept], self.weights[kept], self.discounts[kept])


def tables_of(ids: npt.NDArray[np.uint16], weight: float) -> list[Table]:
    """Tables of orders 1 to 4 of one kind of text.

    Below the highest order an n-gram weighs as many as there are different words before it.
    """
    keys, counts = counted(packed(ids, ORDER))
    tables = [_table(keys, counts, counts, weight)]
    for order in range(ORDER - 1, 0, -1):
        mask = np.uint64((1 << (16 * order)) - 1)
        suffixes, heads = counted(tables[0].keys & mask)
        keys, counts = counted(packed(ids, order))
        at = np.searchsorted(keys, suffixes)
        spread = np.ones(len(keys), dtype=np.int64)
        spread[at] = heads
        tables.insert(0, _table(keys, counts, spread, weight))
    return tables


def _table(keys: Keys, counts: Counts, weights: Counts, weight: float) -> Table:
    columns = (counts, weights, discounts(weights))
    return Table(keys, *(np.asarray(column * weight, dtype=np.float64) for column in columns))


def merged(tables: Sequence[Table]) -> Table:
    """One table of several: equal n-grams are added up."""
    every = np.concatenate([table.keys for table in tables])
    keys, of = np.unique(every, return_inverse=True)

    def sums(columns: Sequence[Floats]) -> Floats:
        return np.asarray(np.bincount(of, np.concatenate(columns), len(keys)), dtype=np.float64)

    return Table(
        keys,
        sums([table.counts for table in tables]),
        sums([table.weights for table in tables]),
        sums([table.discounts for table in tables]),
    )


def packed(ids: npt.NDArray[np.uint16], order: int) -> Keys:
    """All runs of ``order`` tokens, each as one number."""
    n = len(ids) - order + 1
    out = np.zeros(n, dtype=np.uint64)
    for i in range(order):
        out <<= BITS
        out |= ids[i : i + n]
    return out


def counted(keys: Keys) -> tuple[Keys, Counts]:
    """Distinct keys and how often each occurs; sorts ``keys`` in place to save memory."""
    keys.sort()
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    return keys[starts], np.diff(np.concatenate((starts, [len(keys)])))


def discounts(counts: Counts) -> Floats:
    """Chen and Goodman's discount for each count: three values, for 1, 2 and 3 or more."""
    n1, n2, n3, n4 = ((counts == k).sum() + 1.0 for k in (1, 2, 3, 4))
    y = n1 / (n1 + 2 * n2)
    by_count = np.array([0.0, 1 - 2 * y * n2 / n1, 2 - 3 * y * n3 / n2, 3 - 4 * y * n4 / n3])
    by_count = np.clip(by_count, [0, 0.3, 0.5, 0.7], [0, 1, 1.6, 2.2])
    return np.asarray(by_count[np.minimum(counts, 3)])


def slips(bigrams: Table, words: Sequence[str]) -> Keys:
    """Bigrams that are misprints of others: one word differs in its marks only, and the other form is far more usual.

    The corpus holds texts that were read by OCR; ``tô chức`` occurs hundreds of times in it.
    """
    skeletons: dict[str, int] = {}
    bare = np.array([skeletons.setdefault(strip_marks(word), len(skeletons)) for word in words], dtype=np.uint64)
    first, second = bigrams.keys >> BITS, bigrams.keys & np.uint64(0xFFFF)
    found = np.zeros(len(bigrams.keys), dtype=bool)
    for group in ((first << BITS) | bare[second], (bare[first] << BITS) | second):
        _, of = np.unique(group, return_inverse=True)
        most = np.zeros(int(of.max()) + 1)
        np.maximum.at(most, of, bigrams.counts)
        found |= bigrams.counts * SLIP_RATIO < most[of]
    return bigrams.keys[found]


def holds(keys: Keys, order: int, pairs: Keys) -> npt.NDArray[np.bool_]:
    """For each n-gram whether one of the sorted bigrams stands in it."""
    out = np.zeros(len(keys), dtype=bool)
    for shift in range(order - 1):
        pair = (keys >> np.uint64(16 * shift)) & np.uint64(0xFFFFFFFF)
        at = np.minimum(np.searchsorted(pairs, pair), len(pairs) - 1)
        out |= pairs[at] == pair
    return out


def train(
    kinds: Iterable[tuple[npt.NDArray[np.uint16], float]], vocabulary: Sequence[str], least_gain: Sequence[float]
) -> list[Order]:
    """The model's orders 1 to 4 out of kinds of text, each with its weight.

    ``least_gain[n-1]`` is how many nats of the corpus, as weighed, an n-gram must save to be kept.
    """
    of_kind = [tables_of(ids, weight) for ids, weight in kinds]
    tables = [merged([tables[n] for tables in of_kind]) for n in range(ORDER)]
    del of_kind
    misprints = slips(tables[1], vocabulary)
    unigrams = np.full(len(vocabulary), 0.5)
    unigrams[tables[0].keys.astype(np.int64)] += tables[0].weights
    words = np.arange(len(vocabulary), dtype=np.uint64)
    orders = [Order(words, np.log(unigrams / unigrams.sum()), np.zeros(len(words)))]
    for order in range(2, ORDER + 1):
        table = tables[order - 1]
        if len(misprints):
            table = table.only(~holds(table.keys, order, misprints))
        orders.append(_smoothed(table, orders, least_gain[order - 1]))
        tables[order - 1] = table.only(np.zeros(len(table.keys), dtype=bool))  # gives the memory back
    return orders


def _smoothed(table: Table, orders: list[Order], least_gain: float) -> Order:
    """The n-grams of one order that are worth their room; sets the backoff weights of the order below."""
    lower = orders[-1]
    order = len(orders) + 1
    # an n-gram without its context's entry could never be reached
    table = table.only(np.isin(table.keys >> BITS, lower.keys))
    context = np.searchsorted(lower.keys, table.keys >> BITS)
    totals = np.bincount(context, table.weights, len(lower.keys))
    share = (table.weights - table.discounts) / totals[context]
    left = np.bincount(context, table.discounts, len(lower.keys)) / np.maximum(totals, 1e-9)
    below = backed_off(orders, table.keys, order - 1)
    gain = table.counts * np.log1p(share / (left[context] * np.exp(below)))
    kept = gain >= least_gain
    share, context, below = share[kept], context[kept], below[kept]
    lower.log_backoff = np.log(np.clip(1 - np.bincount(context, share, len(lower.keys)), 1e-4, 1))
    log_p = np.log(share + np.exp(lower.log_backoff[context] + below))
    return Order(table.keys[kept], log_p, np.zeros(len(log_p)))


def backed_off(orders: Sequence[Order], keys: Keys, order: int) -> Floats:
    """ln p of the last word of each key given the ``order - 1`` words before it."""
    mask = np.uint64((1 << (16 * order)) - 1)
    wanted = keys & mask
    table = orders[order - 1]
    at = np.minimum(np.searchsorted(table.keys, wanted), len(table.keys) - 1)
    hit = table.keys[at] == wanted
    out = np.where(hit, table.log_probability[at], 0.0)
    if not hit.all():
        rest = np.flatnonzero(~hit)
        contexts = orders[order - 2]
        history = wanted[rest] >> BITS
        where = np.minimum(np.searchsorted(contexts.keys, history), len(contexts.keys) - 1)
        weight = np.where(contexts.keys[where] == history, contexts.log_backoff[where], 0.0)
        out[rest] = weight + backed_off(orders, wanted[rest], order - 1)
    return out


def quantised(values: Floats) -> npt.NDArray[np.uint8]:
    """Negated values in steps of :data:`STEP`, 0 to 255."""
    return np.clip(np.rint(-values / STEP), 0, 255).astype(np.uint8)


def arrays(orders: Sequence[Order]) -> dict[str, npt.NDArray[np.generic]]:
    """The model as a trie: for each order the last words, and how many children each context has."""
    out: dict[str, npt.NDArray[np.generic]] = {"p1": orders[0].log_probability.astype(np.float32)}
    for n, order in enumerate(orders, 1):
        if n > 1:
            out[f"w{n}"] = (order.keys & np.uint64(0xFFFF)).astype(np.uint16)
            out[f"p{n}"] = quantised(order.log_probability)
            parents = np.searchsorted(orders[n - 2].keys, order.keys >> BITS)
            out[f"n{n}"] = np.bincount(parents, minlength=len(orders[n - 2].keys)).astype(np.uint16)
        if n < ORDER:
            out[f"b{n}"] = quantised(order.log_backoff)
    return out
