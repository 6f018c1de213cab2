"""Rectangles ruled in ink, as arrival stamps have them: found by their straight edges."""

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from vndoc.ocr.imaging.connected import connected
from vndoc.ocr.imaging.image import Image8
from vndoc.page import Box

_UPPER = 0.6  # share of the page where stamps are pressed
_WIDTH, _HEIGHT = (28, 95), (14, 52)  # millimetres of a stamp; the decree's is 35 by 50
_APART = 4  # millimetres by which the ends of two opposite edges may differ
_EDGE = 0.4  # least share of a frame's height that its sides have kept
_INK = 60  # grey levels under the paper at which ink begins
_MOST = 2  # frames of one page: stamps are pressed once or, by two offices, twice


class Rules(NamedTuple):
    """Long straight strokes: their boxes and their pixels."""

    boxes: list[Box]
    mask: NDArray[np.uint8]


def find_ruled_frames(ink: Image8, dpi: int) -> list[Box]:
    """Rectangles of a stamp's size, the outer one of several that share edges, large ones first.

    ``ink`` is level, dark on white. They are looked for at half size, where a pixel is as dark as the darkest of four.
    """
    mm = dpi / 25.4 / 2
    upper = ink[: round(_UPPER * ink.shape[0]) // 2 * 2, : ink.shape[1] // 2 * 2]
    dark = inked(upper)
    dark = dark[::2, ::2] | dark[1::2, ::2] | dark[::2, 1::2] | dark[1::2, 1::2]
    across, along = find_rules(dark, mm, level=True).boxes, find_rules(dark, mm, level=False).boxes
    across = [rule for rule in across if _WIDTH[0] * mm < rule.width < _WIDTH[1] * mm]
    found: list[Box] = []
    for top, foot in product(across, across):
        frame = Box.around([top, foot])
        if (
            _HEIGHT[0] * mm < foot.y0 - top.y0 < _HEIGHT[1] * mm
            and max(abs(top.x0 - foot.x0), abs(top.x1 - foot.x1)) < _APART * mm
            and all(_has_side(along, frame, x, mm) for x in (frame.x0, frame.x1))
        ):
            found.append(frame)
    outer: list[Box] = []
    for frame in sorted(found, key=lambda box: -box.width * box.height):
        if all(frame.overlap(other) < 0.5 for other in outer):
            outer.append(frame)
    return [Box(*(2 * n for n in frame)) for frame in outer[:_MOST]]


def _has_side(along: Sequence[Box], frame: Box, x: int, mm: float) -> bool:
    return any(
        abs(side.x_center - x) < _APART * mm and min(side.y1, frame.y1) - max(side.y0, frame.y0) > _EDGE * frame.height
        for side in along
    )


def inked(gray: Image8) -> NDArray[np.uint8]:
    """1 where the image is darker than its paper, 0 elsewhere."""
    paper = float(np.percentile(gray[::4, ::4], 80))
    return np.asarray(gray < paper - _INK, dtype=np.uint8)


def find_rules(dark: NDArray[np.uint8], mm: float, *, level: bool) -> Rules:
    """Long strokes, level or upright, up to 2° askew; worn ones are joined, letters in a row are not.

    ``dark`` is 1 on 0, ``mm`` the pixels of a millimetre.
    """

    def kernel(length: float, thickness: float) -> NDArray[np.uint8]:
        size = (max(1, round(length * mm)), max(1, round(thickness * mm)))
        return np.ones(size[::-1] if level else size, np.uint8)

    whole = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, kernel(0.3, 0))
    straight = cv2.morphologyEx(whole, cv2.MORPH_OPEN, kernel(8 if level else 5, 0))
    mask = cv2.morphologyEx(cv2.dilate(straight, kernel(0, 0.6)), cv2.MORPH_CLOSE, kernel(4, 0))
    stats = connected(mask).stats
    boxes = [Box(int(x), int(y), int(x + w), int(y + h)) for x, y, w, h, _ in stats[1:]]
    return Rules([box for box in boxes if min(box.width, box.height) < 4 * mm], np.asarray(mask, dtype=np.uint8))
