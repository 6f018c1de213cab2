"""What a text engine is: it reads the words of images, and says how sure it is on a scale that means the same for all.

Nothing in it is one program's: page segmentation modes, language codes of files and the like are an engine's own
business. Engines are found by name (:mod:`vndoc.ocr.engines.registry`).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import NamedTuple, Protocol

import numpy as np

from vndoc.ocr.imaging.image import Image8
from vndoc.page import Box, Line


class ImageKind(StrEnum):
    """What an image shows, as far as whoever cut it out knows."""

    PAGE = "page"
    """A whole page of any layout."""
    BLOCK = "block"
    """Lines below each other in one column."""
    LINE = "line"
    """One line."""
    WORD = "word"
    """One word."""
    SPARSE = "sparse"
    """Lines here and there, in no order."""


class TextEngine(Protocol):
    """Reads words. An engine from another package is registered under the entry-point group ``vndoc.engines``."""

    @property
    def name(self) -> str:
        """As in :attr:`Settings.engine <vndoc.settings.Settings.engine>` and in the JSON of a page."""
        ...

    @property
    def version(self) -> str:
        """Version of the engine and of whatever else its readings depend on; part of an archive's fingerprint."""
        ...

    def read(self, images: Sequence[Image8], kind: ImageKind, dpi: int) -> list[list[Line]]:
        """The lines of words in each image, in the engine's own order; several images cost one start of the engine.

        Args:
            images: grey, ``(height, width)``, ``uint8``, 0 is black.
            kind: what all of them show.
            dpi: resolution of all of them.

        Returns:
            For each image its lines; words have boxes in pixels of that image and confidences 0–1 that mean the share
            of such words that are right (see :class:`~vndoc.ocr.engines.calibration.Calibration`).

        Raises:
            EngineError: these images cannot be read.
            SetupError: no image could be: something is not installed.
        """
        ...


class Crop(NamedTuple):
    """A part of a page by itself: its image, and where it is."""

    image: Image8
    at: Box

    @classmethod
    def of(cls, gray: Image8, part: Box) -> "Crop":
        """The part, cut to the page."""
        height, width = gray.shape
        at = Box(max(0, part.x0), max(0, part.y0), min(width, part.x1), min(height, part.y1))
        return cls(np.ascontiguousarray(gray[at.y0 : at.y1, at.x0 : at.x1]), at)

    def through(self, prepare: Callable[[Image8], Image8]) -> "Crop":
        """The part prepared for reading, by what keeps its size."""
        return Crop(prepare(self.image), self.at)


def read_crops(engine: TextEngine, crops: Sequence[Crop], kind: ImageKind, dpi: int) -> list[list[Line]]:
    """The lines of each part of a page, read at one start, with boxes in pixels of the whole page."""
    if not crops:
        return []
    read = engine.read([crop.image for crop in crops], kind, dpi)
    return [[_moved(line, crop.at) for line in lines] for lines, crop in zip(read, crops, strict=True)]


def _moved(line: Line, crop: Box) -> Line:
    return replace(line, words=tuple(replace(w, box=w.box.moved(crop)) if w.box else w for w in line.words))
