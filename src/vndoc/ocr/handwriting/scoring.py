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


def string_probabilities(log_likelihoods: NDArray[np.float32], longest: int = LONGEST) -> list[dict[str, float]]:
    """Probabilities, for each of several images, of the strings of at most ``longest`` digits, if they reach 2e-4.

    Args:
        log_likelihoods: ``(images, columns, 11)`` as the network gives them; ten digits and the blank.
        longest: digits that a string may have.

    Returns:
        For each image, string and probability; the empty string is one of them. They sum to 1 less what was pruned or
        is longer.
    """
    likelihoods = np.exp(log_likelihoods.astype(np.float64))
    images, columns = likelihoods.shape[:2]
    blank = likelihoods[..., BLANK]
    # Of one prefix in one image: ending[t] is the probability that columns up to t read it and t is a blank; held[t],
    # that t is its last digit. Kept with one column of nothing before the first.
    ending = np.concatenate([np.ones((images, 1)), np.cumprod(blank, axis=1)], axis=1)
    held = np.zeros_like(ending)
    texts, lasts, owners = [""] * images, np.full(images, -1), np.arange(images)
    found = [{"": float(p)} for p in ending[:, -1]]
    for _ in range(longest):
        digits = np.tile(np.arange(10), len(texts))
        parents = np.repeat(np.arange(len(texts)), 10)
        repeated = digits == lasts[parents]
        # What lets a new digit begin in column t: the prefix read up to t - 1, with a blank between equal digits.
        entry = ending[parents, :-1] + np.where(repeated[:, None], 0.0, held[parents, :-1])
        seen, empty = likelihoods[owners[parents], :, digits], blank[owners[parents]]
        begun = entry * seen
        # No continuation is likelier than that this digit begins at all.
        keep = np.flatnonzero(begun.sum(axis=1) >= _PRUNE)
        if not len(keep):
            break
        begun, seen, empty = begun[keep], seen[keep], empty[keep]
        held, ending = np.zeros((len(keep), columns + 1)), np.zeros((len(keep), columns + 1))
        for t in range(columns):
            held[:, t + 1] = begun[:, t] + held[:, t] * seen[:, t]
            ending[:, t + 1] = (ending[:, t] + held[:, t]) * empty[:, t]
        texts = [texts[parents[k]] + str(digits[k]) for k in keep]
        lasts, owners = digits[keep], owners[parents[keep]]
        for owner, text, p in zip(owners, texts, ending[:, -1] + held[:, -1], strict=True):
            if p >= _PRUNE:
                found[owner][text] = float(p)
    return found
