"""Dotted leaders, on which a form's blanks are filled: found by their dots, row by row.

A leader begins where its label ends, and what is written lies on it. So it says where a blank is, however badly the
labels beside it were read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from vndoc.page import Box

_DOT = 0.9  # millimetres of the largest dot of a leader
_DOTS = 3  # least dots of a leader within ``_REACH``
_REACH = 6  # millimetres
_STROKE = (1.0, 3)  # millimetres: most thickness and least length of dots run together, or of a ruled line
_LONG = 5  # millimetres of a stroke that is a leader by itself
_LETTERS = 4  # least letters on a row without dots
_PITCH = 3  # millimetres: rows are no closer
_ON_ROW = 0.5  # millimetres by which dots of one row may differ
_HOLE = 3  # millimetres between two dots from which a leader is two


@dataclass(slots=True, frozen=True)
class LeaderRow:
    """A row of a form: its base line, and left and right ends of its leaders; none where writing covers all dots."""

    base: int
    leaders: tuple[tuple[int, int], ...] = ()


def leader_parts(stats: "cv2.typing.MatLike", centres: "cv2.typing.MatLike", mm: float) -> NDArray[np.bool_]:
    """Which components belong to a leader: dots in a row with others, and thin level strokes.

    ``stats`` and ``centres`` are those of all components, the first being the paper; ``mm`` is a millimetre in pixels.
    """
    wide, tall = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    small = np.flatnonzero(np.maximum(wide, tall) <= _DOT * mm)
    leader = np.asarray((tall <= _STROKE[0] * mm) & (wide > _STROKE[1] * mm), dtype=bool)
    leader |= (tall <= _ON_ROW * mm) & (wide > _STROKE[1] / 2 * mm)
    for k in small:
        row = np.abs(centres[small, 1] - centres[k, 1]) < 0.4 * mm
        near = np.abs(centres[small, 0] - centres[k, 0]) < _REACH * mm
        leader[k] = int((row & near).sum()) >= _DOTS
    leader[0] = False
    return leader


def leader_rows(
    stats: "cv2.typing.MatLike", leader: NDArray[np.bool_], rules: Sequence[Box], label: float, mm: float
) -> list[LeaderRow]:
    """The rows of leaders from top to bottom, with those between two of them on which only letters are left.

    ``rules`` are level strokes that serve as leaders; what begins left of column ``label`` has no room for a label
    before it, and is what is left of a frame.
    """
    ruled = [[rule.x0, rule.y0, rule.width, rule.height, rule.width * rule.height] for rule in rules]
    dots, others = np.array([*stats[leader], *ruled], dtype=np.int32).reshape(-1, 5), stats[~leader][1:]
    feet = dots[:, cv2.CC_STAT_TOP] + dots[:, cv2.CC_STAT_HEIGHT]
    order = np.argsort(feet, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(feet[order]) > _ON_ROW * mm) + 1) if len(order) else []
    rows: list[tuple[int, LeaderRow]] = []
    for group in groups:
        long = int(dots[group, cv2.CC_STAT_WIDTH].max(initial=0)) > _LONG * mm
        if len(group) < _DOTS and not long:
            continue
        row = LeaderRow(int(np.median(feet[group])), _runs(dots[group], mm))
        if row.leaders and row.leaders[0][0] < label:
            continue
        if rows and row.base - rows[-1][1].base < _PITCH * mm:  # specks and accents between two rows
            if len(group) > rows[-1][0]:
                rows[-1] = (len(group), row)
        else:
            rows.append((len(group), row))
    return _with_undotted([row for _, row in rows], others, mm)


def _runs(dots: "cv2.typing.MatLike", mm: float) -> tuple[tuple[int, int], ...]:
    """Left and right ends of the leaders that the dots of one row make."""
    dots = dots[np.argsort(dots[:, cv2.CC_STAT_LEFT])]
    begins, ends = dots[:, cv2.CC_STAT_LEFT], dots[:, cv2.CC_STAT_LEFT] + dots[:, cv2.CC_STAT_WIDTH]
    parts = np.split(np.arange(len(dots)), np.flatnonzero(begins[1:] - ends[:-1] > _HOLE * mm) + 1)
    return tuple(
        (int(begins[part[0]]), int(ends[part[-1]]))
        for part in parts
        if len(part) >= _DOTS or ends[part[-1]] - begins[part[0]] > _STROKE[1] * mm
    )


def _with_undotted(rows: list[LeaderRow], stats: "cv2.typing.MatLike", mm: float) -> list[LeaderRow]:
    """The rows, and those halfway between two of them with letters on them: handwriting may cover all dots."""
    feet, tall = stats[:, cv2.CC_STAT_TOP] + stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_HEIGHT]
    more = []
    for upper, lower in pairwise(row.base for row in rows):
        half = (lower - upper) / 2
        on = np.abs(feet - (upper + half)) < 0.15 * half
        letters = on & (tall > 0.25 * half) & (tall < half)
        if half > _PITCH * mm and int(letters.sum()) >= _LETTERS:
            more.append(LeaderRow(int(np.median(feet[letters]))))
    return sorted([*rows, *more], key=lambda row: row.base)
