"""Lines of print on a level page, found by their letters, with base line and x-height.

Bottom-up, by connected components (after O'Gorman, "The document spectrum for page layout analysis", PAMI 1993): the
bodies of letters that stand close beside each other run together into a line (run-length smearing of Wong, Casey and
Wahl, 1982, on the bodies instead of all ink, so that marks above and below bridge nothing). Wide gaps and rules part
lines, so the columns of a letterhead and the cells of a table are lines of their own.
"""

from dataclasses import dataclass, replace
from math import ceil, floor

import cv2
import numpy as np
from numpy.typing import NDArray

from vndoc.ocr.engines.lines.components import Components, Ints, components_of, ink_of, usual_height
from vndoc.ocr.engines.lines.measuring import Letters, Measure, measured
from vndoc.ocr.imaging.connected import connected
from vndoc.ocr.imaging.image import Image8
from vndoc.page import Box

FEWEST = 5
"""Letters of a page by which their usual height can be told from that of specks."""
SMALLEST = 8
"""Pixels of an image's sides under which it shows no letter."""
_SCALE = 2  # smearing is done at half the size: gaps are measured in letters
_LETTER = (0.45, 2.7)  # heights of a letter, in usual heights (those of letters with ascenders)
_WIDEST = 12.0  # usual heights of a component that is print: letters that ran together
_BAND = 0.68  # usual heights of a letter's body, from its foot
_GAP = 1.75  # usual heights of white that part two lines on one level
_THIN = 0.22  # usual heights of a bridge between two lines
_NARROW = 0.3  # usual heights under which nothing is a line
_SLIM = 0.2  # usual heights under which nothing is a line: the digit 1 is wider
_DOUBLE = 1.75  # usual heights from which a core is that of two lines that touch
_HIGHEST, _DEEPEST = 2.1, 0.75  # x-heights from the base line to the top of Ễ and to the foot of ỵ
_MARK_ABOVE, _MARK_BELOW = 0.9, 0.5  # usual heights from a line's bodies to the marks and commas that belong to it
_TOUCHING = 0.3  # usual heights of white between two lines that are one
_NEAR, _REACH = 0.8, 7.0  # usual heights of white, and in all, across which a line goes on into a seal's strokes
_BESIDE = 1.4  # usual heights from a line's end to the bullets and stops that belong to it
_SOFT_TOP, _SOFT_FOOT = 0.4, 0.8  # pixels of a stroke's soft edge: of some, the network was surest
_MOST = 400  # lines of a page; more is a picture or a pattern


@dataclass(slots=True, frozen=True)
class FoundLine:
    """One line of print.

    Attributes:
        box: around all its ink, marks included, in pixels of the image.
        measure: base line and x-height.
    """

    box: Box
    measure: Measure

    def zoomed(self, zoom: float) -> "FoundLine":
        """The line on an image so many times as large."""
        x0, y0, x1, y1 = (edge * zoom for edge in self.box)
        return FoundLine(Box(floor(x0), floor(y0), ceil(x1), ceil(y1)), self.measure.zoomed(zoom))


def find_lines(gray: Image8, fewest: int = FEWEST) -> list[FoundLine]:
    """The lines of print of a level image, from top to bottom.

    Args:
        gray: ``(height, width)``, dark on light.
        fewest: letters that there are at least, if there is any print at all.
    """
    if min(gray.shape) < SMALLEST:
        return []
    ink = ink_of(gray)
    components, rules = components_of(ink)
    usual = usual_height(components, fewest)
    if usual is None:
        return []
    letters = _are_letters(components, usual)
    cores = _cores(components, letters, rules, usual, gray.shape)
    if not 0 < cores.count <= _MOST:
        return []
    lines = _lines(components, letters, _owners(components, letters, cores, usual), usual)
    for rule in rules:
        ink[rule.y0 : rule.y1, rule.x0 : rule.x1] = 0
    whole: list[FoundLine] = []
    for number, line in enumerate(lines):
        whole.append(_extended(line, [*whole, *lines[number + 1 :]], ink, usual))
    return _joined(whole, usual)


def _are_letters(components: Components, usual: float) -> NDArray[np.bool_]:
    height, width = components.height, components.width
    fits = (height >= _LETTER[0] * usual) & (height <= _LETTER[1] * usual) & (width <= _WIDEST * usual)
    return np.asarray(fits & (width >= 0.07 * usual) & (width * 12 >= height), dtype=bool)


def _are_dashes(components: Components, usual: float) -> NDArray[np.bool_]:
    height, width = components.height, components.width
    return np.asarray((height < 0.3 * usual) & (width > 1.6 * height) & (width < usual) & (width > 0.2 * usual))


@dataclass(slots=True)
class _Cores:
    """What is left of the lines when their letters' bodies have run together.

    Attributes:
        count: how many there are.
        owners: number of the core at each point, -1 where there is none, at a scale of 1 to ``_SCALE``.
    """

    count: int
    owners: Ints

    def at(self, x: Ints, y: Ints) -> Ints:
        """Numbers of the cores at points in pixels of the image; -1 beyond it."""
        height, width = self.owners.shape
        column, row = x // _SCALE, y // _SCALE
        inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
        found = self.owners[np.clip(row, 0, height - 1), np.clip(column, 0, width - 1)]
        return np.where(inside, found, -1).astype(np.int32)


def _cores(
    components: Components, letters: NDArray[np.bool_], rules: list[Box], usual: float, shape: tuple[int, ...]
) -> _Cores:
    smeared = _smeared(components, letters, rules, usual, shape)
    labels, stats, _ = connected(smeared)
    unit = usual / _SCALE
    cores = _Cores(0, np.full(labels.shape, -1, np.int32))
    for number, (x, y, width, height, _) in enumerate(stats[1:].tolist(), 1):
        if height < _NARROW * unit or width < 2:
            continue
        own = labels[y : y + height, x : x + width] == number
        for top, bottom in _rows(own) if height > _DOUBLE * unit else [(0, height)]:
            if bottom - top >= _NARROW * unit:
                cores.owners[y + top : y + bottom, x : x + width][own[top:bottom]] = cores.count
                cores.count += 1
    return cores


def _smeared(
    components: Components, letters: NDArray[np.bool_], rules: list[Box], usual: float, shape: tuple[int, ...]
) -> Image8:
    """1 where letters' bodies, and the dashes between them, have run together; at a scale of 1 to ``_SCALE``."""
    bodies, dashes = components.only(letters), components.only(_are_dashes(components, usual))
    high = np.where(bodies.height > 1.9 * usual, (0.6 * bodies.height).astype(int), round(_BAND * usual))
    around = round(_THIN * usual)
    smeared = np.zeros((shape[0] // _SCALE + 1, shape[1] // _SCALE + 1), np.uint8)
    for part, tops, feet in (
        (bodies, np.maximum(bodies.y0, bodies.y1 - high), bodies.y1),
        (dashes, np.maximum(0, dashes.y0 - around), dashes.y1 + around),
    ):
        sides = (part.x0 // _SCALE, tops // _SCALE, -(-part.x1 // _SCALE), -(-feet // _SCALE))
        for x0, top, x1, foot in zip(*(side.tolist() for side in sides), strict=True):
            smeared[top:foot, x0:x1] = 1
    gap, thin = (max(1, round(share * usual / _SCALE)) for share in (_GAP, _THIN))
    smeared = np.asarray(cv2.morphologyEx(smeared, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8)), np.uint8)
    for x0, y0, x1, y1 in ((edge // _SCALE for edge in rule) for rule in rules):
        smeared[y0 : y1 + 1, x0 : x1 + 1] = 0
    return np.asarray(cv2.morphologyEx(smeared, cv2.MORPH_OPEN, np.ones((thin + 1, 1), np.uint8)), dtype=np.uint8)


def _rows(core: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Rows of the lines that a descender or a stroke has joined: those between them are hardly smeared."""
    filled = core.sum(axis=1)
    rows = filled > 0.4 * np.percentile(filled, 90)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], rows.astype(np.int8), [0]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _owners(components: Components, letters: NDArray[np.bool_], cores: _Cores, usual: float) -> Ints:
    """Number of the core that each component belongs to, -1 for none.

    Letters stand in their core. All else belongs to the nearest: marks to the one below, dots and commas to the one
    above, which must be nearer.
    """
    middle, level = (components.x0 + components.x1) // 2, (components.y0 + components.y1) // 2
    small = components.height < usual
    owners = np.full(len(components), -1, np.int32)
    for share in (0.3, 0.12, 0.5):
        inside = cores.at(middle, components.y1 - int(share * usual))
        owners = np.where((owners < 0) & letters, inside, owners)
    owners = np.where((owners < 0) & ~letters & small, cores.at(middle, level), owners)
    below, down = _nearest(cores, middle, components.y1, (0, 1), round(_MARK_ABOVE * usual))
    above, up = _nearest(cores, middle, components.y0, (0, -1), round(_MARK_BELOW * usual))
    nearest = np.where(down <= up + 0.15 * usual, below, above)
    owners = np.where((owners < 0) & small, nearest, owners)
    after, left = _nearest(cores, components.x0, level, (-1, 0), round(_BESIDE * usual))
    before, right = _nearest(cores, components.x1, level, (1, 0), round(_BESIDE * usual))
    return np.where((owners < 0) & small, np.where(left <= right, after, before), owners).astype(np.int32)


def _nearest(cores: _Cores, x: Ints, y: Ints, step: tuple[int, int], most: int) -> tuple[Ints, NDArray[np.float64]]:
    """The first core in one direction from each point, and how many pixels away; -1 and infinity if there is none."""
    found = np.full(len(x), -1, np.int32)
    away = np.full(len(x), np.inf)
    for distance in range(0, most + 1, _SCALE):
        at = cores.at(x + step[0] * distance, y + step[1] * distance)
        new = (found < 0) & (at >= 0)
        found[new], away[new] = at[new], distance
    return found, away


def _lines(components: Components, letters: NDArray[np.bool_], owners: Ints, usual: float) -> list[FoundLine]:
    order = np.argsort(owners, kind="stable")
    order = order[owners[order] >= 0]
    groups = np.split(order, np.flatnonzero(np.diff(owners[order])) + 1)
    boxes, bodies = [], []
    for members in groups:
        body = members[letters[members]]
        if not len(body):
            continue
        part = components.only(members)
        boxes.append(Box(int(part.x0.min()), int(part.y0.min()), int(part.x1.max()), int(part.y1.max())))
        own = components.only(body)
        middle = (own.x0 + own.x1) / 2
        bodies.append(
            Letters(*(np.asarray(side, np.float64) for side in (middle, own.y0 + _SOFT_TOP, own.y1 - _SOFT_FOOT)))
        )
    measures = measured(bodies)
    lines = [FoundLine(_fitting(box, m), m) for box, m in zip(boxes, measures, strict=True)]
    whole = _with_marks([line for line in lines if line.box.width >= _SLIM * usual])
    return sorted(whole, key=lambda line: (line.measure.base_at(line.box.x_center), line.box.x0))


def _joined(lines: list[FoundLine], usual: float) -> list[FoundLine]:
    """The lines with those made one that stand end to end on one level: what parted them was a stroke across."""
    joined: list[FoundLine] = []
    for line in lines:
        near = next((k for k, other in enumerate(joined) if _goes_on(line, other, usual)), None)
        if near is None:
            joined.append(line)
        else:
            wider = max(line, joined[near], key=lambda one: one.box.width)
            joined[near] = replace(wider, box=Box.around([line.box, joined[near].box]))
    return joined


def _goes_on(line: FoundLine, other: FoundLine, usual: float) -> bool:
    """Whether two lines are of one size, on one base line, and hardly any white is between them."""
    gap = max(line.box.x0, other.box.x0) - min(line.box.x1, other.box.x1)
    between = (max(line.box.x0, other.box.x0) + min(line.box.x1, other.box.x1)) / 2
    apart = abs(line.measure.base_at(between) - other.measure.base_at(between))
    xheight = max(line.measure.xheight, other.measure.xheight)
    alike = min(line.measure.xheight, other.measure.xheight) > 0.8 * xheight
    return gap < _TOUCHING * usual and alike and apart < 0.25 * xheight


def _extended(line: FoundLine, lines: list[FoundLine], ink: Image8, usual: float) -> FoundLine:
    """The line with what goes on beside it, up to the next: letters, say, that a seal or a signature runs through."""
    box, measure = line.box, line.measure
    middle = measure.base_at(box.x_center)
    rows = slice(max(0, round(middle - measure.xheight)), max(0, round(middle)))
    beside = [other.box for other in lines if other.box.y0 < rows.stop and rows.start < other.box.y1]
    reach = round(_REACH * usual)
    least = max([0, box.x0 - reach, *(o.x1 for o in beside if o.x1 <= box.x0)])
    most = min([ink.shape[1], box.x1 + reach, *(o.x0 for o in beside if o.x0 >= box.x1)])
    left = box.x0 - _run(ink[rows, least : box.x0][:, ::-1], _NEAR * usual)
    right = box.x1 + _run(ink[rows, box.x1 : most], _NEAR * usual)
    return replace(line, box=Box(left, box.y0, right, box.y1))


def _run(ink: NDArray[np.uint8], gap: float) -> int:
    """Columns from the left that are inked, with no wider gaps between them than ``gap``."""
    inked = np.flatnonzero(ink.sum(axis=0) > 1)
    ends = np.flatnonzero(np.diff(inked, prepend=0) > gap)
    run = inked[: ends[0]] if len(ends) else inked
    return int(run[-1]) + 1 if len(run) else 0


def _with_marks(lines: list[FoundLine]) -> list[FoundLine]:
    """The lines without those that are marks of another, such as a large title's hats, which grows by them."""
    found: list[FoundLine] = []
    for line in sorted(lines, key=lambda line: -line.box.width):
        owner = next((k for k, other in enumerate(found) if _is_mark(line, other)), None)
        if owner is None:
            found.append(line)
        else:
            other = found[owner]
            found[owner] = replace(other, box=_fitting(Box.around([other.box, line.box]), other.measure))
    return found


def _is_mark(line: FoundLine, other: FoundLine) -> bool:
    """Whether all of a line lies where another one's letters have their marks and descenders."""
    box, x = line.box, line.box.x_center
    if not other.box.x0 <= x <= other.box.x1 or box.height > 1.2 * other.measure.xheight:
        return False
    above = other.measure.base_at(x) - other.measure.xheight * np.array([_HIGHEST, -_DEEPEST])
    return bool(above[0] <= box.y0 and box.y1 <= above[1])


def _fitting(box: Box, measure: Measure) -> Box:
    """The box no higher than letters with two marks, no lower than their descenders."""
    ends = [measure.base_at(x) for x in (box.x0, box.x1)]
    top, bottom = min(ends) - _HIGHEST * measure.xheight, max(ends) + _DEEPEST * measure.xheight
    return Box(box.x0, max(box.y0, round(top)), box.x1, min(box.y1, round(bottom)))
