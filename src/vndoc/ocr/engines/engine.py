"""What a text engine is: it reads the words of images, and says how sure it is on a scale that means the same for all.

Nothing in it is one program's: page segmentation modes, language codes of files and the like are an engine's own
business. Engines are found by name (:mod:`vndoc.ocr.engines.registry`).
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from vndoc.ocr.imaging.image import Image8
from vndoc.page import Line


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
