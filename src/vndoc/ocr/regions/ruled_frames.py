"""Rectangles ruled in ink, as arrival stamps have them: found by their straight edges."""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from vndoc.ocr.imaging.connected import connected
from vndoc.ocr.imaging.image import Image8, erased
from vndoc.page import Box

_UPPER = 0.6  # share of the page where stamps are pressed
_WIDTH, _HEIGHT = (28, 95), (11, 52)  # millimetres of a stamp; the decree's is 35 by 50
_APART = 4  # millimetres by which the ends of two edges that meet may be off
_LEVEL_KEPT = 0.5  # least share of a level edge that rubber and threshold have left of it
_SIDE_KEPT, _SIDE_WHOLE = 0.4, 0.7  # of the sides: of either, and of the better one
_BOTH_KEPT = 1.5  # least sum of the shares that top and foot have kept, where a side is lost
_RULE = 5  # millimetres of the shortest straight piece of a rule
_ERASED_LEVEL, _ERASED_UPRIGHT = 6, 9  # the same, where rules are erased: the stems of a stamp's heading are 7 tall
_INK = 60  # grey levels under the paper at which ink begins
_MOST = 3  # frames of one page: stamps are pressed once or, by two offices, twice


class Rules(NamedTuple):
    """Long straight strokes: their boxes and their pixels."""

    boxes: list[Box]
    mask: NDArray[np.uint8]


def find_ruled_frames(ink: Image8, dpi: int) -> list[Box]:
    """Rectangles of a stamp's size, the outer one of several that overlap, large ones first.

    Rubber and a low threshold leave gaps: of a frame with top and foot one side may be lost, of one with both sides top
    or foot. ``ink`` is level, dark on white. Frames are looked for at half size, where a pixel is as dark as the
    darkest of four.
    """
    mm = dpi / 25.4 / 2
    upper = ink[: round(_UPPER * ink.shape[0]) // 2 * 2, : ink.shape[1] // 2 * 2]
    dark = inked(upper)
    dark = dark[::2, ::2] | dark[1::2, ::2] | dark[::2, 1::2] | dark[1::2, 1::2]
    across, along = find_rules(dark, mm, level=True).boxes, find_rules(dark, mm, level=False).boxes
    across = [rule for rule in across if _LEVEL_KEPT * _WIDTH[0] * mm < rule.width < _WIDTH[1] * mm]
    along = [rule for rule in along if rule.height > _SIDE_KEPT * _HEIGHT[0] * mm]
    found = [*_with_top_and_foot(across, along, mm), *_with_both_sides(across, along, mm)]
    outer: list[Box] = []
    for frame in sorted(found, key=lambda box: -box.width * box.height):
        if all(frame.overlap(other) < 0.5 for other in outer):
            outer.append(frame)
    return [Box(*(2 * n for n in frame)) for frame in outer[:_MOST]]


def _with_top_and_foot(across: Sequence[Box], along: Sequence[Box], mm: float) -> Iterator[Box]:
    """Frames between two level rules that at least one side joins."""
    for top, foot in product(across, across):
        frame = Box.around([top, foot])
        if not _is_sized(frame, mm) or foot.y_center <= top.y_center:
            continue
        levels = (top.width / frame.width, foot.width / frame.width)
        sides = [_side_kept(along, frame, x, mm) for x in (frame.x0, frame.x1)]
        closed = min(sides) > _SIDE_KEPT or sum(levels) > _BOTH_KEPT
        if min(levels) > _LEVEL_KEPT and max(sides) > _SIDE_WHOLE and closed:
            yield frame


def _with_both_sides(across: Sequence[Box], along: Sequence[Box], mm: float) -> Iterator[Box]:
    """Frames between two upright rules with a top or a foot, the other of which is lost."""
    for left, right, edge in product(along, along, across):
        frame = Box.around([left, right, edge])
        if not _is_sized(frame, mm) or right.x_center <= left.x_center or edge.width < _SIDE_WHOLE * frame.width:
            continue
        ends = min(abs(edge.y_center - frame.y0), abs(edge.y_center - frame.y1))
        kept = [side.height / frame.height for side in (left, right)]
        if ends < _APART * mm and min(kept) > _SIDE_WHOLE and _meet(edge, frame, mm):
            yield frame


def _is_sized(frame: Box, mm: float) -> bool:
    wide, tall = frame.width / mm, frame.height / mm
    return _WIDTH[0] < wide < _WIDTH[1] and _HEIGHT[0] < tall < _HEIGHT[1]


def _meet(edge: Box, frame: Box, mm: float) -> bool:
    """Whether a level edge begins and ends at the sides of the frame."""
    return max(abs(edge.x0 - frame.x0), abs(edge.x1 - frame.x1)) < _APART * mm


def _side_kept(along: Sequence[Box], frame: Box, x: int, mm: float) -> float:
    """Share of the frame's height that the longest upright rule at column ``x`` has."""
    near = (side for side in along if abs(side.x_center - x) < _APART * mm)
    shares = (max(0, min(side.y1, frame.y1) - max(side.y0, frame.y0)) / frame.height for side in near)
    return max(shares, default=0.0)


def inked(gray: Image8) -> NDArray[np.uint8]:
    """1 where the image is darker than its paper, 0 elsewhere."""
    paper = float(np.percentile(gray[::4, ::4], 80))
    return np.asarray(gray < paper - _INK, dtype=np.uint8)


def find_rules(dark: NDArray[np.uint8], mm: float, *, level: bool) -> Rules:
    """Long strokes, level or upright, up to 4° askew; worn ones are joined, letters in a row are not.

    ``dark`` is 1 on 0, ``mm`` the pixels of a millimetre.
    """
    straight = _straight(dark, _RULE * mm, mm, level=level)
    thicker = cv2.dilate(straight, _kernel(0, 0.6 * mm, level=level))
    mask = cv2.morphologyEx(thicker, cv2.MORPH_CLOSE, _kernel(4 * mm, 0, level=level))
    stats = connected(mask).stats
    boxes = [Box(int(x), int(y), int(x + w), int(y + h)) for x, y, w, h, _ in stats[1:]]
    return Rules([box for box in boxes if min(box.width, box.height) < 5 * mm], np.asarray(mask, dtype=np.uint8))


def without_rules(gray: Image8, mm: float) -> Image8:
    """The image without long straight strokes, level and upright; letters that they cross stay."""
    dark = inked(gray)
    gone = np.zeros_like(dark)
    for level, length in ((True, _ERASED_LEVEL), (False, _ERASED_UPRIGHT)):
        straight = _straight(dark, length * mm, mm, level=level)
        thick = int(straight.sum(axis=0 if level else 1).max(initial=0))
        reach = np.ones((2 * min(thick, round(mm)) + 3, 1), np.uint8)
        crossed = cv2.dilate(dark & (1 - straight), reach if level else reach.T) > 0
        gone[(straight > 0) & ~crossed] = 1
    return erased(gray, gone > 0, 3)


def _straight(dark: NDArray[np.uint8], length: float, mm: float, *, level: bool) -> NDArray[np.uint8]:
    """1 where a stroke runs straight on for so many pixels, gaps of a third of a millimetre aside."""
    whole = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, _kernel(0.3 * mm, 0, level=level))
    return np.asarray(cv2.morphologyEx(whole, cv2.MORPH_OPEN, _kernel(length, 0, level=level)), dtype=np.uint8)


def _kernel(length: float, thickness: float, *, level: bool) -> NDArray[np.uint8]:
    size = (max(1, round(length)), max(1, round(thickness)))
    return np.ones(size[::-1] if level else size, np.uint8)
