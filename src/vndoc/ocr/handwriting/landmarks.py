"""Print beside a blank, found by its own strokes: the slash of the notation, the label's colon, the line above.

Boxes of words say where these are only within some tenths of the type size, and not at all where the word was not read.
Lengths are in type sizes; heights count from the base line upwards. The shapes are those of Times New Roman.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vndoc.ocr.imaging.connected import connected

_HEIGHTS = (0.04, 0.62)  # where the slash certainly has ink
_BEYOND = ((-0.26, -0.1), (0.76, 0.9))  # below and above it, where a longer stroke of a digit would have ink
_LEAN, _LEANS = 0.43, tuple(np.arange(0.36, 0.5, 0.02))  # columns to the right per row up
_OFF, _FINE = 0.3, 0.02  # how far from the expected column it is looked for, and in what steps
_COVERED, _LONG = 0.94, 0.6  # share of its rows that have ink, and of the rows beyond that must not
_HALF = 0.05  # of its stroke, and a little white
_FLANK, _SOLID = 0.13, 0.5  # beside the stroke, where so much ink would be a blot or a letter
# What one type size to the left or right of that column costs, and one column per row off the lean, in shares of
# covered rows: to the left there are digits, whose strokes may lean as a slash does.
_PER_LEFT, _PER_RIGHT, _PER_LEAN = 0.9, 0.6, 1.5

_DOT = (0.05, 0.22)  # both sides of a dot of the colon
_DOTS_APART, _DOTS_LEAN = (0.26, 0.46), 0.09  # between their middles, along and across
_FOOT = (-0.16, 0.24)  # height of the middle of the lower one
_LETTER, _LETTER_TALL = (0.06, 0.75), 0.33  # where the letter before the colon is, to the left, and how tall at least

_CEILING, _BODIES = (0.75, 1.5), (0.3, 0.75)  # heights where the line above ends, and where digits are by themselves
_LINE = 0.15  # share of the columns of a wide blank in which a line of print, or a rule, has ink
_TIMES, _LEFT = 3.0, 1.5  # so much more ink than the digits' own is another line's; so much may be left of its feet
_WIDE = 5.0  # blanks so wide hold far more of the line above than digits


class Slash(NamedTuple):
    """The left edge of a slash: column at the base line, and columns to the right per row up."""

    foot: float
    lean: float


def find_slash(ink: NDArray[np.bool_], edge: float, base: int, em: float) -> Slash | None:
    """The printed slash whose foot is at about column ``edge``, though a digit may touch it; None if there is none."""
    rows = np.arange(max(0, round(base - _HEIGHTS[1] * em)), min(len(ink), round(base - _HEIGHTS[0] * em)))
    if len(rows) < _HEIGHTS[1] * em / 2:
        return None
    offsets = np.arange(-_OFF, _OFF + _FINE, _FINE) * em
    best: tuple[float, Slash] | None = None
    for lean in _LEANS:
        covered = _covered(ink, edge + offsets, lean, base, rows)
        for offset, share in zip(offsets, covered, strict=True):
            off = max(-_PER_LEFT * offset, _PER_RIGHT * offset) / em
            worth = float(share - off - _PER_LEAN * abs(lean - _LEAN))
            if share < _COVERED or (best and worth <= best[0]) or _is_other(ink, edge + offset, lean, base, em):
                continue
            best = worth, Slash(edge + float(offset) - _HALF * em, float(lean))
    return best[1] if best else None


def _covered(
    ink: NDArray[np.bool_], feet: NDArray[np.float64], lean: float, base: int, rows: NDArray[np.int64]
) -> NDArray[np.float64]:
    """For strokes with these feet, the share of their rows that have ink."""
    columns = np.round(feet[:, None] + lean * (base - rows)[None, :]).astype(int)
    within = (columns >= 0) & (columns < ink.shape[1])
    seen = ink[np.broadcast_to(rows, columns.shape), np.clip(columns, 0, ink.shape[1] - 1)] & within
    return np.asarray(seen.mean(axis=1), dtype=np.float64)


def _is_other(ink: NDArray[np.bool_], foot: float, lean: float, base: int, em: float) -> bool:
    """Whether the stroke is longer than the slash, or a part of something solid."""
    feet = np.array([foot])
    for low, high in _BEYOND:
        rows = np.arange(max(0, round(base - high * em)), min(len(ink), round(base - low * em)))
        if len(rows) and _covered(ink, feet, lean, base, rows)[0] > _LONG:
            return True
    rows = np.arange(max(0, round(base - _HEIGHTS[1] * em)), round(base - _HEIGHTS[0] * em))
    flanks = np.array([foot - _FLANK * em, foot + _FLANK * em])
    return bool((_covered(ink, flanks, lean, base, rows) > _SOLID).any())


def find_colon(ink: NDArray[np.bool_], base: int, em: float) -> int | None:
    """The first column behind the colon of the label 'Số:', the leftmost in ``ink``; None if there is none."""
    _, stats, centres = connected(ink)
    small = [
        k
        for k in range(1, len(stats))
        if _DOT[0] * em <= min(stats[k][2:4]) and max(stats[k][2:4]) <= max(_DOT[1] * em, 3)
    ]
    found = []
    for low in small:
        (x, y), foot = centres[low], (base - centres[low][1]) / em
        pairs = (k for k in small if abs(centres[k][0] - x) <= _DOTS_LEAN * em)
        stacked = any(_DOTS_APART[0] <= (y - centres[k][1]) / em <= _DOTS_APART[1] for k in pairs)
        if stacked and _FOOT[0] <= foot <= _FOOT[1] and _is_behind_letter(stats, float(x), base, em):
            found.append(int(stats[low][0] + stats[low][2]))
    return min(found, default=None)


def _is_behind_letter(stats: NDArray[np.int32], x: float, base: int, em: float) -> bool:
    """Whether a letter that reaches the base line ends right before column ``x``."""
    return any(
        _LETTER[0] * em <= x - (left + wide / 2) <= _LETTER[1] * em
        and tall >= _LETTER_TALL * em
        and abs(top + tall - base) < 0.2 * em
        for left, top, wide, tall, _ in stats[1:]
    )


def find_ceiling(ink: NDArray[np.bool_], base: int, em: float) -> int | None:
    """First row under the line of print, or the rule, above a wide blank, into which tall digits may reach.

    None where no line ends at such a height, or the blank is too narrow to know it from its digits.
    """
    high, low = max(0, round(base - _CEILING[1] * em)), round(base - _CEILING[0] * em)
    feet = round(base - _BODIES[0] * em)
    if ink.shape[1] < _WIDE * em or not high < low < feet <= len(ink):
        return None
    filled = ink.sum(axis=1)
    own = float(np.median(filled[round(base - _BODIES[1] * em) : feet]))
    above = np.flatnonzero(filled[high:low] >= max(_TIMES * own, _LINE * ink.shape[1]))
    if not len(above):
        return None
    row = high + int(above[-1]) + 1
    while row < low and filled[row] > _LEFT * own + 2:
        row += 1
    return row
