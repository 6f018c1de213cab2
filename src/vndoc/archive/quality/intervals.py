"""What a share that was seen in a random sample tells of the whole: confidence intervals."""

from collections.abc import Sequence
from math import sqrt

Z95 = 1.959963984540054
"""Quantile of the normal distribution for 95 %, two-sided."""


def wilson(wrong: float, amount: float, z: float = Z95) -> tuple[float, float]:
    """Interval of a share, ``wrong`` of ``amount`` in a simple random sample; the whole range where that is empty.

    Wilson's score interval (E. B. Wilson, J. Amer. Statist. Assoc. 22, 1927): it holds its level for shares near zero
    and for small samples, where the usual one does not (L. D. Brown, T. T. Cai, A. DasGupta, Statist. Sci. 16, 2001).

    >>> [round(end, 4) for end in wilson(0, 100)], [round(end, 4) for end in wilson(5, 100)]
    ([0.0, 0.037], [0.0215, 0.1118])
    """
    if amount <= 0:
        return 0.0, 1.0
    share, spread = wrong / amount, z * z / amount
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * sqrt(share * (1 - share) / amount + spread / (4 * amount))
    return (0.0 if wrong <= 0 else max(0.0, middle - half)), (1.0 if wrong >= amount else min(1.0, middle + half))


def of_finite(amount: float, drawn: int, population: int) -> float:
    """The amount that a sample counts for which took ``drawn`` of ``population`` without putting back: more than it is.

    The variance of a share is smaller by (N - n) / (N - 1) (W. G. Cochran, Sampling Techniques, 1977, 2.6).
    """
    if drawn >= population:
        return float("inf")
    return amount * (population - 1) / (population - drawn)


def of_clusters(clusters: Sequence[tuple[int, int]]) -> float:
    """The amount that values count for which were drawn document by document: fewer than they are.

    Errors come together: one bad scan spoils several fields. So the variance is taken over documents, each with its
    wrong values and how many it has, and the amount divided by how much larger that is than for values drawn one by one
    (the design effect, for small shares: E. L. Korn, B. I. Graubard, Survey Methodology 24, 1998). Where no error was
    seen nothing tells how they come together: then documents are counted.
    """
    amount, wrong = sum(own for _, own in clusters), sum(bad for bad, _ in clusters)
    share = wrong / amount if amount else 0.0
    if not 0 < share < 1 or len(clusters) < 2:
        return float(sum(own > 0 for _, own in clusters))
    between = sum((bad - share * own) ** 2 for bad, own in clusters) * len(clusters) / (len(clusters) - 1)
    alone = amount * share * (1 - share)
    return amount / max(1.0, between / alone)
