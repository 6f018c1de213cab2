"""From aligned lines (true text TAB reading) to aligned words.

Lines are aligned word by word with a small dynamic programme on letter similarity, so one lost or split word does
not spoil the rest of its line.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from rapidfuzz.distance import Indel

from vndoc.repair.syllable import fold_tone, is_syllable, strip_marks

_PARTS = re.compile(r"^(\W*)([^\W\d_]+)(\W*)$")
_GAP = 0.6


def align(true: list[str], read: list[str]) -> Iterator[tuple[str, str]]:
    """Word pairs of one line, cheapest first-to-last alignment; words without a partner are left out."""
    n, m = len(true), len(read)
    plain_true, plain_read = [strip_marks(w) for w in true], [strip_marks(w) for w in read]
    cost = [[0.0] * (m + 1) for _ in range(n + 1)]
    for i in range(1, n + 1):
        cost[i][0] = i * _GAP
    for j in range(1, m + 1):
        cost[0][j] = j * _GAP
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            same = cost[i - 1][j - 1] + Indel.normalized_distance(plain_true[i - 1], plain_read[j - 1])
            cost[i][j] = min(same, cost[i - 1][j] + _GAP, cost[i][j - 1] + _GAP)
    i, j = n, m
    out = []
    while i and j:
        if cost[i][j] == cost[i - 1][j] + _GAP:
            i -= 1
        elif cost[i][j] == cost[i][j - 1] + _GAP:
            j -= 1
        else:
            i, j = i - 1, j - 1
            out.append((true[i], read[j]))
    return reversed(out)


def word_pairs(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Word pairs of aligned lines; lines that hardly resemble each other are left out."""
    for line in lines:
        true_line, _, read_line = unicodedata.normalize("NFC", line.rstrip("\n")).partition("\t")
        true, read = true_line.split(), read_line.split()
        if not true or abs(len(true) - len(read)) > 0.2 * len(true) + 1:
            continue
        if Indel.normalized_similarity(strip_marks(true_line), strip_marks(read_line)) >= 0.6:
            yield from align(true, read)


def syllable_pairs(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Of the pairs those whose true word is a syllable between punctuation; the same punctuation is taken off both."""
    for true, read in pairs:
        found = _PARTS.match(true)
        if not found:
            continue
        lead, core, trail = found.groups()
        core = fold_tone(core)
        if not is_syllable(core.lower()) or not (core.islower() or core.isupper() or core.istitle()):
            continue
        if not (read.startswith(lead) and read.endswith(trail)):
            continue
        bare = read[len(lead) : len(read) - len(trail)]
        if bare and len(bare) <= 2 * len(core) + 2:
            yield core, bare
