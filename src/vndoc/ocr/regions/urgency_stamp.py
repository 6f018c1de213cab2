"""Stamps in a frame, level or slanted: the marks of urgency and secrecy (Decree 30/2020/NĐ-CP, Appendix I, III.2).

They are cut in rectangles of 20 to 40 by 8 mm; arrows are in use too. A stamp is pressed on by hand, at any slant, and
mostly in red. Its frame is found by shape, the stamp turned level about its centre, the frame taken off and the rest
read as one line.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from vndoc.ocr.engines.engine import ImageKind
from vndoc.ocr.imaging.connected import connected
from vndoc.ocr.imaging.image import Image8, erased
from vndoc.ocr.layout import only_words
from vndoc.ocr.regions.region import Frame, Region, RegionKind
from vndoc.ocr.regions.thresholds import LIKELY, SURE
from vndoc.page import Block, BlockKind, Line, Word

_MILLIMETRE = 1 / 25.4  # inches
_WIDTH, _HEIGHT = (14, 60), (5, 19)  # millimetres of a stamp's frame, an arrow's point and tail included
_LONG = 1.5  # least width of a frame in heights: seals are round
_HOLLOW = 0.5  # most share of ink in a frame
_FILLED = 0.45  # least share of its rectangle that a frame encloses: signatures enclose little
_WORN = 0.6  # millimetres of a gap in a frame: rubber is worn
_SLANTED = 3.0  # degrees from which black print is not read as the page is
_INK = 160
_MOST = 4
_BORDER_WIDTH, _BORDER_HEIGHT = 0.6, 0.75  # of the frame's: a component beyond either is a piece of the border
_FRINGE = ".,:|[]()"  # what is left of a frame


@dataclass(slots=True, frozen=True)
class UrgencyStamp:
    """A stamp that was read: its frame on the page, and its words."""

    frame: Frame
    block: Block


def propose_stamps(black: Image8, coloured: Image8 | None, dpi: int) -> list[Region]:
    """Framed stamps: slanted ones in black print (level ones are read with the page), all in coloured ink."""
    found = [(black, frame) for frame in find_frames(black, dpi) if is_slanted(frame)]
    if coloured is not None:
        found += [(coloured, frame) for frame in find_frames(coloured, dpi)]
    return [
        Region(RegionKind.URGENCY_STAMP, ImageKind.LINE, frame, without_border(frame.cut(ink))) for ink, frame in found
    ]


def find_frames(ink: Image8, dpi: int) -> list[Frame]:
    """Frames of stamps in the upper half of a page; ``ink`` is dark on white."""
    upper = ink[: ink.shape[0] // 2]
    dark = (upper < _INK).astype(np.uint8)
    gap = max(1, round(_WORN * _MILLIMETRE * dpi)) | 1
    closed = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((gap, gap), np.uint8))
    contours, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for contour in contours:
        frame = _frame(contour)
        width, height = (side / (_MILLIMETRE * dpi) for side in (frame.width, frame.height))
        sized = _WIDTH[0] < width < _WIDTH[1] and _HEIGHT[0] < height < _HEIGHT[1] and width > _LONG * height
        if sized and cv2.contourArea(contour) > _FILLED * frame.width * frame.height:
            x, y, across, along = cv2.boundingRect(contour)
            ink_inside = float(dark[y : y + along, x : x + across].sum())
            if ink_inside < _HOLLOW * cv2.contourArea(contour):
                found.append(frame)
    return found[:_MOST]


def is_slanted(frame: Frame) -> bool:
    """Whether the frame is so slanted that what it holds is not read with the rest of the page."""
    return abs(frame.angle) > _SLANTED


def _frame(contour: "cv2.typing.MatLike") -> Frame:
    (x, y), (width, height), angle = cv2.minAreaRect(contour)
    if width < height:
        width, height, angle = height, width, angle - 90
    return Frame(x, y, width, height, angle + 180 if angle <= -90 else angle)


def without_border(level: Image8) -> Image8:
    """A level stamp without the strokes of its frame."""
    height, width = level.shape
    labels, stats, _ = connected(level < _INK)
    border = (stats[:, cv2.CC_STAT_WIDTH] > _BORDER_WIDTH * width) | (
        stats[:, cv2.CC_STAT_HEIGHT] > _BORDER_HEIGHT * height
    )
    border[0] = False
    return erased(level, border[labels])


def accepted_stamp(region: Region, lines: Sequence[Line]) -> UrgencyStamp | None:
    """The stamp, if capitals were read in it: two likely words, or a sure one."""
    words = tuple(
        replace(word, text=word.text.strip(_FRINGE)) for line in lines for word in line.words if _is_capitals(word)
    )
    if len(words) > 1 or (words and words[0].confidence >= SURE):
        return UrgencyStamp(region.frame, Block((Line(words),), BlockKind.URGENCY_STAMP))
    return None


def _is_capitals(word: Word) -> bool:
    letters = word.text.strip(_FRINGE)
    return word.confidence >= LIKELY and len(letters) > 1 and letters.isalpha() and letters.isupper()


def outside(lines: Sequence[Line], frames: Sequence[Frame]) -> list[Line]:
    """The lines without the words whose centre lies in a frame."""
    return only_words(
        lines, lambda word: word.box is None or not any(word.box and frame.covers(word.box) for frame in frames)
    )
