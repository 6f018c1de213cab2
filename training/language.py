"""From token numbers to a pruned 4-gram model with interpolated absolute discounting.

Counts of all orders are plain counts, not continuation counts: Kneser-Ney loses more than it gains once a model is
pruned hard (Chelba et al. 2010, "Study on interaction between entropy pruning and Kneser-Ney smoothing"). The mass of
discounted and of pruned n-grams goes to the backoff weight of their context, so every distribution sums to one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.uint64]
Counts = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

ORDER = 4
BITS = np.uint64(16)
STEP = 0.125  # nats of one quantum


@dataclass
class Order:
    """The n-grams of one order: packed keys (16 bits a word, last word lowest), ln p, ln backoff weight."""

    keys: Keys
    log_probability: Floats
    log_backoff: Floats


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


def train(ids: npt.NDArray[np.uint16], words: int, floors: Sequence[int]) -> list[Order]:
    """The model's orders 1 to 4. ``floors[n-1]`` is the least count that an n-gram needs to be kept."""
    unigrams = np.bincount(ids, minlength=words).astype(np.int64)
    total = unigrams.sum()
    probability = (unigrams + 0.1) / (total + 0.1 * words)
    orders = [Order(np.arange(words, dtype=np.uint64), np.log(probability), np.zeros(words))]
    context_keys, context_counts = np.arange(words, dtype=np.uint64), unigrams
    for order in range(2, ORDER + 1):
        keys, counts = counted(packed(ids, order))
        lower = orders[-1]
        kept = counts >= floors[order - 1]
        # an n-gram without its context's entry could never be reached
        kept &= np.isin(keys >> BITS, lower.keys)
        discounted = counts - discounts(counts)
        part_keys = keys[kept]
        context = part_keys >> BITS
        base = context_counts[np.searchsorted(context_keys, context)]
        share = discounted[kept] / base
        mass = np.bincount(np.searchsorted(lower.keys, context), weights=share, minlength=len(lower.keys))
        lower.log_backoff = np.log(np.clip(1 - mass, 1e-4, 1))
        below = backed_off(orders, part_keys, order - 1)
        left = np.exp(lower.log_backoff[np.searchsorted(lower.keys, context)])
        orders.append(Order(part_keys, np.log(share + left * np.exp(below)), np.zeros(len(part_keys))))
        context_keys, context_counts = keys, counts
    return orders


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
