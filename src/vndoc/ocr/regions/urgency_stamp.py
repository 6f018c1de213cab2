"""Stamps in a frame, level or slanted: the marks of urgency and secrecy (Decree 30/2020/NĐ-CP, Appendix I, III.2).

They are cut in rectangles of 20 to 40 by 8 mm; arrows are in use too. A stamp is pressed on by hand, at any slant, and
mostly in red. Its frame is found by shape, the stamp turned level about its centre, the frame taken off and the rest
read as one line.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from vndoc.ocr.engines.engine import ImageKind, TextEngine
from vndoc.ocr.imaging.image import Image8, erased
from vndoc.ocr.layout import only_words
from vndoc.page import Box, Line, Word

_MILLIMETRE = 1 / 25.4  # inches
_WIDTH, _HEIGHT = (14, 60), (5, 19)  # millimetres of a stamp's frame, an arrow's point and tail included
_LONG = 1.5  # least width of a frame in heights: seals are round
_HOLLOW = 0.5  # most share of ink in a frame
_FILLED = 0.45  # least share of its rectangle that a frame encloses: signatures enclose little
_SLANTED = 3.0  # degrees from which black print is not read as the page is
_INK = 160
_MOST = 4
_LIKELY, _SURE = 0.6, 0.85
_FRINGE = ".,:|[]()"  # what is left of a frame


@dataclass(slots=True, frozen=True)
class Frame:
    """A frame: its centre, width and height in pixels, and its slant in degrees (negative: it rises)."""

    x: float
    y: float
    width: float
    height: float
    angle: float

    @classmethod
    def of(cls, box: Box) -> "Frame":
        """The level frame that is ``box``."""
        return cls(box.x_center, box.y_center, box.width, box.height, 0.0)


def find_frames(ink: Image8, dpi: int) -> list[Frame]:
    """Frames of stamps in the upper half of a page; ``ink`` is dark on white."""
    upper = ink[: ink.shape[0] // 2]
    dark = (upper < _INK).astype(np.uint8)
    gap = max(1, round(0.6 * _MILLIMETRE * dpi)) | 1
    closed = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((gap, gap), np.uint8))  # rubber is worn
    contours, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for contour in contours:
        frame = _frame(contour)
        width, height = (side / (_MILLIMETRE * dpi) for side in (frame.width, frame.height))
        sized = _WIDTH[0] < width < _WIDTH[1] and _HEIGHT[0] < height < _HEIGHT[1] and width > _LONG * height
        if sized and cv2.contourArea(contour) > _FILLED * frame.width * frame.height:
            x, y, across, along = cv2.boundingRect(contour)
            inked = float(dark[y : y + along, x : x + across].sum())
            if inked < _HOLLOW * cv2.contourArea(contour):
                found.append(frame)
    return found[:_MOST]


def is_slanted(frame: Frame) -> bool:
    """Whether the frame stands so slanted that what it holds is not read with the rest of the page."""
    return abs(frame.angle) > _SLANTED


def _frame(contour: "cv2.typing.MatLike") -> Frame:
    (x, y), (width, height), angle = cv2.minAreaRect(contour)
    if width < height:
        width, height, angle = height, width, angle - 90
    return Frame(x, y, width, height, angle + 180 if angle <= -90 else angle)


def read_frames(ink: Image8, frames: Sequence[Frame], engine: TextEngine, dpi: int) -> list[tuple[Frame, Line]]:
    """The frames with words in capitals, and these, with the boxes that they would have if the stamp stood level."""
    if not frames:
        return []
    read = engine.read([_inside(ink, frame) for frame in frames], ImageKind.LINE, dpi)
    found = []
    for lines, frame in zip(read, frames, strict=True):
        words = tuple(_placed(word, frame) for line in lines for word in line.words if _is_capitals(word))
        if len(words) > 1 or (words and words[0].confidence >= _SURE):
            found.append((frame, Line(words)))
    return found


def _inside(ink: Image8, frame: Frame) -> Image8:
    """The stamp turned level, without its frame."""
    width, height = round(frame.width), round(frame.height)
    matrix = cv2.getRotationMatrix2D((frame.x, frame.y), frame.angle, 1)
    matrix[:, 2] += np.array([width / 2 - frame.x, height / 2 - frame.y])
    level = cv2.warpAffine(ink, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255,))
    _, labels, stats, _ = cv2.connectedComponentsWithStats((level < _INK).astype(np.uint8), connectivity=8)
    large = (stats[:, 2] > 0.6 * width) | (stats[:, 3] > 0.75 * height)
    large[0] = False
    return erased(np.asarray(level, dtype=np.uint8), large[labels])


def _is_capitals(word: Word) -> bool:
    letters = word.text.strip(_FRINGE)
    return word.confidence >= _LIKELY and len(letters) > 1 and letters.isalpha() and letters.isupper()


def _placed(word: Word, frame: Frame) -> Word:
    left, top = round(frame.x - frame.width / 2), round(frame.y - frame.height / 2)
    return replace(word, text=word.text.strip(_FRINGE), box=word.box and word.box.moved(Box(left, top, left, top)))


def without(ink: Image8, frames: Sequence[Frame]) -> Image8:
    """The ink with the frames and all in them made white."""
    left = ink.copy()
    for frame in frames:
        cv2.fillConvexPoly(left, np.round(_corners(frame)).astype(np.int32), (255,))
    return left


def outside(lines: Sequence[Line], frames: Sequence[Frame]) -> list[Line]:
    """The lines without the words whose centre lies in a frame."""
    corners = [_corners(frame) for frame in frames]

    def is_outside(word: Word) -> bool:
        centre = (word.box.x_center, word.box.y_center) if word.box else (-1.0, -1.0)
        return all(cv2.pointPolygonTest(corner, centre, measureDist=False) < 0 for corner in corners)

    return only_words(lines, is_outside)


def _corners(frame: Frame) -> "cv2.typing.MatLike":
    return cv2.boxPoints(((frame.x, frame.y), (frame.width, frame.height), frame.angle))
