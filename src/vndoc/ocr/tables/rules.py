"""Ruled lines of a page: long straight strokes, level and upright, and which of them hang together.

What is darker than its surroundings is opened by a straight line of a few millimetres, as is usual for tables (the
survey of Zanibbi, Blostein and Cordy, "A survey of table recognition", IJDAR 2004). Letters have no strokes so long.
Everything is done at about 130 dpi, where a pixel is as dark as the darkest of those it stands for: rules of one pixel
stay, and double rules become one.
"""

from dataclasses import dataclass
from functools import reduce
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from vndoc.ocr.imaging.connected import connected
from vndoc.ocr.imaging.image import Image8
from vndoc.page import Box

_DPI = 130  # resolution at which rules are looked for, or a little more or less
_AROUND = 2.5  # millimetres of the surroundings that a rule is darker than
_CONTRAST = 40  # grey levels by which it is
_LEVEL, _UPRIGHT = 5.0, 4.5  # millimetres of the shortest straight piece; stems of 16-point capitals are under 4
_WORN = 2.0  # millimetres of a gap in a rule; from text to the rules of its cell and beyond it is more
_THICK = 0.5  # millimetres added to a rule, that pieces of one a little askew hang together
_APART = 1.0  # millimetres by which rules that should meet may miss each other
_THICKEST, _ASLANT = 3.0, 0.03  # millimetres of a rule, and more of a long one that is askew: share of its length
_TALL = 6.0  # millimetres that one upright rule of a table has at least
_NEAR = 3.0  # millimetres above and below the upright rules within which are the level ones that they meet
_SHORT = 10.0  # millimetres of an upright stroke under which it may be ộ between two rules
_BESIDE, _WHITE = 0.6, 0.25  # millimetres beside a stroke; share of its rows that is inked there, beside letters
_MOST = 1500  # strokes of one table: more are a pattern

Mask = NDArray[np.uint8]


class Strokes(NamedTuple):
    """Strokes of one direction: their boxes and their pixels, 1 on 0."""

    boxes: list[Box]
    mask: Mask


@dataclass(slots=True, frozen=True)
class Ruling:
    """Level and upright strokes that touch each other.

    Attributes:
        level: boxes of the level strokes, in pixels of the image on which they were found.
        upright: those of the upright ones.
        dark: the page's ink, 1 on 0, on which they were found.
        mm: pixels of a millimetre.
        step: pixels of the page for one of these.
    """

    level: tuple[Box, ...]
    upright: tuple[Box, ...]
    dark: Mask
    mm: float
    step: int

    @property
    def box(self) -> Box:
        """Around all strokes, in pixels of the image on which they were found."""
        return Box.around([*self.level, *self.upright])


def find_rulings(gray: Image8, dpi: int) -> list[Ruling]:
    """Groups of rules that touch, at least two level and one upright or one level and two upright, from top to bottom.

    ``gray`` is level, dark on light.
    """
    step = max(1, round(dpi / _DPI))
    mm = dpi / step / 25.4
    dark = _darker(_reduced(gray, step), mm)
    upright = _strokes(dark, _UPRIGHT * mm, mm, level=False)
    upright = upright._replace(boxes=[box for box in upright.boxes if not _is_of_letters(dark, box, mm)])
    if max((box.height for box in upright.boxes), default=0) < _TALL * mm:  # as on most pages; many have level strokes
        return []
    top = max(0, min(box.y0 for box in upright.boxes) - round(_NEAR * mm))
    part = slice(top, max(box.y1 for box in upright.boxes) + round(_NEAR * mm))
    level = _strokes(dark[part], _LEVEL * mm, mm, level=True)
    upright = Strokes([box.moved(Box(0, -top, 0, 0)) for box in upright.boxes], upright.mask[part])
    groups = ([[box.moved(Box(0, top, 0, 0)) for box in side] for side in pair] for pair in _groups(level, upright, mm))
    groups = (pair for pair in groups if sum(map(len, pair)) <= _MOST)
    found = [Ruling(tuple(across), tuple(along), dark, mm, step) for across, along in groups]
    return sorted(found, key=lambda ruling: ruling.box.y0)


def _reduced(gray: Image8, step: int) -> Image8:
    """Smaller by ``step``, each pixel the darkest of those it stands for."""
    height, width = (side // step * step for side in gray.shape)
    rows = reduce(np.minimum, (gray[at:height:step, :width] for at in range(step)))
    return np.ascontiguousarray(reduce(np.minimum, (rows[:, at::step] for at in range(step))))


def _darker(gray: Image8, mm: float) -> Mask:
    """1 where a pixel is darker than what is around it: a ground of any shade is none."""
    side = max(3, round(_AROUND * mm))
    hat = cv2.morphologyEx(gray, cv2.MORPH_BLACKHAT, np.ones((side, side), np.uint8))
    return np.asarray(hat > _CONTRAST, dtype=np.uint8)


def _strokes(dark: Mask, length: float, mm: float, *, level: bool) -> Strokes:
    straight = cv2.morphologyEx(dark, cv2.MORPH_OPEN, _kernel(length, 1, level=level))
    if not cv2.countNonZero(straight):
        return Strokes([], np.asarray(straight, np.uint8))
    thicker = cv2.dilate(straight, _kernel(1, _THICK * mm, level=level))
    mask = np.asarray(cv2.morphologyEx(thicker, cv2.MORPH_CLOSE, _kernel(_WORN * mm, 1, level=level)), np.uint8)
    boxes = [Box(int(x), int(y), int(x + w), int(y + h)) for x, y, w, h, _ in connected(mask).stats[1:]]
    return Strokes([box for box in boxes if _is_thin(box, mm)], mask)


def _is_thin(box: Box, mm: float) -> bool:
    sides = (box.width, box.height)
    return min(sides) < _THICKEST * mm + _ASLANT * max(sides)


def _is_of_letters(dark: Mask, box: Box, mm: float) -> bool:
    """Whether a short upright stroke has ink on both sides, as letters have and walls of cells have not."""
    if box.height > _SHORT * mm:
        return False
    end, side = box.height // 5, max(2, round(_BESIDE * mm))
    rows = slice(box.y0 + end, box.y1 - end)
    beside = (dark[rows, max(0, box.x0 - side) : box.x0], dark[rows, box.x1 : box.x1 + side])
    return all(part.size > 0 and float(part.max(axis=1).mean()) > _WHITE for part in beside)


def _kernel(length: float, thickness: float, *, level: bool) -> Mask:
    size = (max(1, round(length)), max(1, round(thickness)))
    return np.ones(size[::-1] if level else size, np.uint8)


def _groups(level: Strokes, upright: Strokes, mm: float) -> list[tuple[list[Box], list[Box]]]:
    """Boxes of level and upright strokes that hang together."""
    reach = np.ones((max(1, round(_APART * mm)),) * 2, np.uint8)
    labels = connected(cv2.dilate(level.mask | upright.mask, reach)).labels
    groups: dict[int, tuple[list[Box], list[Box]]] = {}
    for side, strokes in enumerate((level, upright)):
        for box in strokes.boxes:
            part = strokes.mask[box.y0 : box.y1, box.x0 : box.x1] > 0
            number = int(labels[box.y0 : box.y1, box.x0 : box.x1][part][0])
            groups.setdefault(number, ([], []))[side].append(box)
    return [(a, u) for a, u in groups.values() if a and u and len(a) + len(u) > 2]


def page_box(box: Box, step: int) -> Box:
    """A box of the masks in pixels of the page."""
    return Box(*(step * edge for edge in box))
