"""What is read of a page beyond its first reading: a failure costs only itself, and the page's size bounds it all."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import cv2

from vndoc.damage import raise_if_grave
from vndoc.errors import EngineError
from vndoc.ocr.engines.engine import ImageKind, TextEngine
from vndoc.ocr.imaging.image import Image8
from vndoc.ocr.regions.region import Readings, Region, read_regions
from vndoc.page import Line

_T = TypeVar("_T")

_MOST_PIXELS = 12
"""Times its own size that a page's parts are read: turned over three times, in a mirror, and all its regions once."""


class Attempts:
    """Attempts at one page whose failures are warnings; ``subject`` is the page's JSON pointer."""

    def __init__(self, number: int) -> None:
        self.subject = f"/pages/{number}"
        self.warnings: list[str] = []

    def make(self, what: str, attempt: Callable[[], _T], otherwise: _T) -> _T:
        """What ``attempt`` gives, or ``otherwise`` with a warning where the engine or OpenCV fails in it."""
        try:
            return attempt()
        except (EngineError, cv2.error) as error:
            if isinstance(error, cv2.error):
                raise_if_grave(error, what)
            self.warnings.append(f"{what} could not be read: {error}")
            return otherwise

    def read(self, engine: TextEngine, regions: Sequence[Region], dpi: int) -> Readings:
        """The regions read; those that fail are missing."""
        readings, failures = read_regions(engine, regions, dpi)
        self.warnings += [f"{', '.join(kinds)} could not be read: {error}" for kinds, error in failures]
        return readings


class PixelBudget:
    """The engine for one page: once it was handed so many pixels, no other call is begun.

    Counted in pixels and not in seconds, so that a busy machine reads what an idle one reads.
    """

    def __init__(self, engine: TextEngine, page_pixels: int) -> None:
        self.engine, self.name = engine, engine.name
        self.left = _MOST_PIXELS * page_pixels

    @property
    def version(self) -> str:
        """That of the engine."""
        return self.engine.version

    def read(self, images: Sequence[Image8], kind: ImageKind, dpi: int) -> list[list[Line]]:
        """See :meth:`TextEngine.read`."""
        if self.left < 0:
            raise EngineError(f"the page's parts are more than {_MOST_PIXELS} times its size")
        self.left -= sum(image.size for image in images)
        return self.engine.read(images, kind, dpi)
