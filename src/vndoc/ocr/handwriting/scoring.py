"""How likely each string of digits is, given the network's columns: connectionist temporal classification, exactly.

A. Graves et al., "Connectionist temporal classification" (ICML 2006): a string's probability is the sum over all ways
to write it into the columns, blanks between and digits held for several columns. Strings share their beginnings, so
the forward sums of all strings of one length come from those of the next shorter ones, which are pruned where even all
their continuations together are too unlikely to matter.
"""

import numpy as np
from numpy.typing import NDArray

from vndoc.ocr.handwriting.network import BLANK

LONGEST = 6
_PRUNE = 2e-4  # of the whole probability


def string_probabilities(log_likelihoods: NDArray[np.float32], longest: int = LONGEST) -> dict[str, float]:
    """Probabilities of the strings of at most ``longest`` digits, without those of less than 2e-4.

    Args:
        log_likelihoods: ``(columns, 11)`` as the network gives them; ten digits and the blank.
        longest: digits that a string may have.

    Returns:
        String and probability; the empty string is one of them. They sum to 1 less what was pruned or is longer.
    """
    likelihoods = np.exp(log_likelihoods.astype(np.float64))
    columns = len(likelihoods)
    blank = likelihoods[:, BLANK]
    # Of one prefix: ending[t] is the probability that columns up to t read it and t is a blank; held[t], that t is its
    # last digit. Kept with one column of nothing before the first.
    ending = np.concatenate([[1.0], np.cumprod(blank)])[None]
    held = np.zeros_like(ending)
    texts, lasts = [""], np.array([-1])
    found = {"": float(ending[0, -1])}
    for _ in range(longest):
        digits = np.tile(np.arange(10), len(texts))
        parents = np.repeat(np.arange(len(texts)), 10)
        repeated = digits == lasts[parents]
        # What lets a new digit begin in column t: the prefix read up to t - 1, with a blank between equal digits.
        entry = ending[parents] + np.where(repeated[:, None], 0.0, held[parents])
        new_held, new_ending = np.zeros((len(digits), columns + 1)), np.zeros((len(digits), columns + 1))
        starts = np.zeros(len(digits))
        for t in range(1, columns + 1):
            seen = likelihoods[t - 1, digits]
            begun = entry[:, t - 1] * seen
            starts += begun
            new_held[:, t] = begun + new_held[:, t - 1] * seen
            new_ending[:, t] = (new_ending[:, t - 1] + new_held[:, t - 1]) * blank[t - 1]
        keep = np.flatnonzero(starts >= _PRUNE)  # no continuation is likelier than that this digit begins at all
        if not len(keep):
            break
        texts = [texts[parents[k]] + str(digits[k]) for k in keep]
        ending, held, lasts = new_ending[keep], new_held[keep], digits[keep]
        for text, p in zip(texts, ending[:, -1] + held[:, -1], strict=True):
            if p >= _PRUNE:
                found[text] = float(p)
    return found
