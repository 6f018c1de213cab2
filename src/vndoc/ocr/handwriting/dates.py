"""A date written into one blank, '15/8/2023': parted at its two strokes into day, month and year."""

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from vndoc.ocr.handwriting.cut import cut_out, ink_of
from vndoc.ocr.handwriting.edges import Window
from vndoc.ocr.handwriting.network import Readers
from vndoc.ocr.handwriting.reading import candidates, read
from vndoc.ocr.imaging.connected import connected
from vndoc.ocr.imaging.image import Image8
from vndoc.slots import SlotKind

PARTS = (SlotKind.DAY, SlotKind.MONTH, SlotKind.YEAR)
_TALL = (0.5, 1.8)  # type sizes of a stroke between two parts of a date
_STEEP = (-0.25, 0.9)  # columns that it leans to the right per row up
_STRAIGHT = 0.1  # type sizes by which it may bend
_THIN = 0.22  # type sizes of its mean width
_ROOM = 0.25  # type sizes that a part takes at least
_MOST = 5

Likely = list[tuple[str, float]]


def read_date(gray: Image8, window: Window, readers: Readers) -> dict[SlotKind, Likely]:
    """Candidates for day, month and year of the date in a slot; of all pairs of strokes the one that reads best.

    Empty where no two strokes part it.
    """
    best: tuple[float, dict[SlotKind, Likely]] = (0.0, {})
    for first, second in combinations(_strokes(gray, window), 2):
        edges = ((window.x0, first[0]), (first[1], second[0]), (second[1], window.x1))
        if any(b - a < _ROOM * window.em for a, b in edges):
            continue
        parts: dict[SlotKind, Likely] = {}
        for part, (x0, x1) in zip(PARTS, edges, strict=True):
            cut = cut_out(gray, window._replace(x0=x0, x1=x1))
            parts[part] = candidates(part, read([(cut, 1.0)], readers), readers.temperature)
        sure = float(np.prod([found[0][1] if found else 0.0 for found in parts.values()]))
        best = max(best, (sure, parts), key=lambda pair: pair[0])
    return best[1]


def _strokes(gray: Image8, window: Window) -> list[tuple[int, int]]:
    """Left and right end of the straight thin strokes in the slot, from left to right."""
    em = window.em
    top, bottom = max(0, round(window.base - 1.4 * em)), round(window.base + 0.5 * em)
    region = gray[top:bottom, max(0, window.x0) : window.x1]
    ink = ink_of(region, region) if min(region.shape) > 1 else None
    if ink is None:
        return []
    labels, stats, _ = connected(ink)
    count = len(stats)
    found = [
        (int(stats[k][3]), int(stats[k][0]), int(stats[k][2])) for k in range(1, count) if _is_stroke(labels == k, em)
    ]
    tallest = sorted(found, reverse=True)[:_MOST]
    return sorted((window.x0 + x, window.x0 + x + wide) for _, x, wide in tallest)


def _is_stroke(part: NDArray[np.bool_], em: float) -> bool:
    ys, xs = np.nonzero(part)
    tall = int(ys[-1] - ys[0]) + 1
    if not _TALL[0] * em < tall < _TALL[1] * em or len(ys) > _THIN * em * tall:
        return False
    slope, at = np.polyfit(-ys, xs, 1)
    bend = float(np.abs(xs - (at - slope * ys)).mean())
    return _STEEP[0] < slope < _STEEP[1] and bend < _STRAIGHT * em
