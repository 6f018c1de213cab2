"""Regions of a page that are read by themselves: what they are, where they lie, and the image prepared for the engine.

Proposers look at page images and words read so far, and propose regions; :func:`read_regions` reads those of all
proposers at one start of the engine for each kind of image, and places the words back on the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import cos, radians, sin
from typing import NamedTuple

import cv2
import numpy as np

from vndoc.errors import EngineError
from vndoc.ocr.engines.engine import ImageKind, TextEngine
from vndoc.ocr.imaging.image import Image8
from vndoc.page import Box, Line, Word

_LEVEL = 0.05  # degrees under which an image is not turned, as a page is not


class RegionKind(StrEnum):
    """What a region is, in words for warnings and decisions."""

    ARRIVAL_STAMP = "arrival stamp"
    URGENCY_STAMP = "urgency stamp"
    COLOURED_TEXT = "coloured ink"
    SEALED_LINE = "print under a seal"
    STAMPED_LINE = "print under a stamp"
    TABLE_CELL = "cell of a table"


@dataclass(slots=True, frozen=True)
class Frame:
    """A rectangle on a page, level or slanted: its centre and sides in pixels, its slant in degrees.

    ``angle`` is positive where the rectangle falls to the right.
    """

    x: float
    y: float
    width: float
    height: float
    angle: float = 0.0

    @classmethod
    def of(cls, box: Box) -> "Frame":
        """The level frame that is ``box``."""
        return cls(box.x_center, box.y_center, box.width, box.height)

    @property
    def corners(self) -> "cv2.typing.MatLike":
        """The four corners, ``(4, 2)``."""
        return cv2.boxPoints(((self.x, self.y), (self.width, self.height), self.angle))

    @property
    def box(self) -> Box:
        """The upright rectangle around the frame."""
        (x0, y0), (x1, y1) = self.corners.min(axis=0), self.corners.max(axis=0)
        return Box(round(float(x0)), round(float(y0)), round(float(x1)), round(float(y1)))

    def covers(self, box: Box) -> bool:
        """Whether the centre of ``box`` lies in the frame."""
        return cv2.pointPolygonTest(self.corners, (box.x_center, box.y_center), measureDist=False) >= 0

    def cut(self, page: Image8) -> Image8:
        """What the frame holds, turned level; white where the frame reaches beyond the page."""
        width, height = round(self.width), round(self.height)
        matrix = cv2.getRotationMatrix2D((self.x, self.y), self.angle if abs(self.angle) >= _LEVEL else 0.0, 1)
        matrix[:, 2] += np.array([width / 2 - self.x, height / 2 - self.y])
        level = cv2.warpAffine(page, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255,))
        return np.asarray(level, dtype=np.uint8)

    def to_page(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the image that :meth:`cut` gives lies on the page."""
        dx, dy = x - self.width / 2, y - self.height / 2
        sine, cosine = sin(radians(self.angle)), cos(radians(self.angle))
        return self.x + cosine * dx - sine * dy, self.y + sine * dx + cosine * dy

    def from_page(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the page lies on that image."""
        dx, dy = x - self.x, y - self.y
        sine, cosine = sin(radians(self.angle)), cos(radians(self.angle))
        return self.width / 2 + cosine * dx + sine * dy, self.height / 2 - sine * dx + cosine * dy

    def placed(self, box: Box) -> Box:
        """A box of that image on the page: its centre turned with the frame, its sides kept and level."""
        x, y = self.to_page(box.x_center, box.y_center)
        x0, y0 = round(x - box.width / 2), round(y - box.height / 2)
        return Box(x0, y0, x0 + box.width, y0 + box.height)

    def part(self, box: Box) -> "Frame":
        """The frame on the page that a box of that image is."""
        x, y = self.to_page(box.x_center, box.y_center)
        return Frame(x, y, box.width, box.height, self.angle)


@dataclass(slots=True, frozen=True, eq=False)
class Region:
    """A part of a page to be read by itself.

    Attributes:
        kind: what it is.
        shows: what its image shows, by which the engine reads it.
        frame: where it is on the page; ``image`` is as large.
        image: grey, level, prepared for reading: without what is no text of this region.
    """

    kind: RegionKind
    shows: ImageKind
    frame: Frame
    image: Image8

    @classmethod
    def at(cls, kind: RegionKind, shows: ImageKind, page: Image8, box: Box) -> "Region":
        """The part of the page image in ``box``, as far as it lies on the page."""
        height, width = page.shape
        x0, y0 = max(0, box.x0), max(0, box.y0)
        box = Box(x0, y0, max(x0, min(width, box.x1)), max(y0, min(height, box.y1)))
        return cls(kind, shows, Frame.of(box), np.ascontiguousarray(page[box.y0 : box.y1, box.x0 : box.x1]))


class Failure(NamedTuple):
    """Regions that could not be read."""

    kinds: tuple[RegionKind, ...]
    error: EngineError


Readings = dict[Region, list[Line]]
"""The lines read in each region, with boxes on the page; a region that could not be read is missing."""


def read_regions(engine: TextEngine, regions: Sequence[Region], dpi: int) -> tuple[Readings, list[Failure]]:
    """All regions read, at one start of the engine for each kind of image."""
    readings: Readings = {}
    failures: list[Failure] = []
    for shows in ImageKind:
        group = [region for region in regions if region.shows is shows and region.image.size]
        if not group:
            continue
        try:
            read = engine.read([region.image for region in group], shows, dpi)
        except EngineError as error:
            failures.append(Failure(tuple(dict.fromkeys(region.kind for region in group)), error))
            continue
        for region, lines in zip(group, read, strict=True):
            readings[region] = [_placed(line, region.frame) for line in lines]
    return readings, failures


def _placed(line: Line, frame: Frame) -> Line:
    def on_page(word: Word) -> Word:
        return replace(word, box=frame.placed(word.box)) if word.box else word

    return replace(line, words=tuple(map(on_page, line.words)))


def erase_frames(image: Image8, frames: Sequence[Frame]) -> Image8:
    """The image with the frames and all in them made white."""
    if not frames:
        return image
    left = image.copy()
    for frame in frames:
        cv2.fillConvexPoly(left, np.round(frame.corners).astype(np.int32), (255,))
    return left
