"""The engine ``auto``: vndoc's own reader first, Tesseract for what that one doubts.

Reading everything with both engines finds no more words than this, after the repair (docs/decisions.md), and takes
three times as long. Where Tesseract is not installed the own reader reads alone.
"""

import logging
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from vndoc.errors import EngineError, MachineError, SetupError
from vndoc.ocr.engines.combination import combined
from vndoc.ocr.engines.engine import ImageKind, TextEngine
from vndoc.ocr.engines.lines.engine import Lines
from vndoc.ocr.engines.tesseract import Tesseract
from vndoc.ocr.imaging.image import Image8
from vndoc.page import Box, Line, Word
from vndoc.settings import Settings

logger = logging.getLogger(__name__)

_NOT_AGAIN = "lines that vndoc's own reader doubts were not read again."

OWN_LANGUAGE = "vie"
"""The language that the own reader knows; text in the letters of ASCII is read as well."""
_READ_AGAIN = (ImageKind.PAGE, ImageKind.LINE)  # what else is cut out is stamps and ink of a pen, of which few gain
_DOUBTFUL = 0.8  # mean confidence under which a line is read again
_LETTERS = 4  # of a line that is worth it
_MOST = 12  # lines of one call that are read again, the longest: with more of them the image is no page of print
_DEFEATED = 0.7  # mean confidence of all words under which the whole image is read again
_FEW = 3  # words, with which nothing can be said of a page
_MARGIN = 0.15  # of a line's height, of white around it


class _Doubt(NamedTuple):
    """A line to be read again: of which image, which of its lines."""

    image: int
    line: int
    box: Box


class Auto:
    """Own reader and Tesseract together.

    Args:
        own: reads everything.
        second: reads again what ``own`` doubts; None where it is not installed.
        remark: what a user should know of the engine, such as that the second one is missing.
    """

    name = "auto"

    def __init__(self, own: TextEngine, second: TextEngine | None, remark: str | None = None) -> None:
        self._own, self._second = own, second
        self.remark = remark

    @classmethod
    def from_settings(cls, settings: Settings) -> "TextEngine":
        """Both engines, or the one there is; Tesseract alone where the languages are none of the own reader's."""
        tesseract = Tesseract.from_settings(settings)
        if OWN_LANGUAGE not in settings.languages.split("+"):
            return tesseract
        own = Lines.from_settings(settings)
        if tesseract.version:
            return cls(own, tesseract)
        return cls(own, None, f"Tesseract is not installed: {_NOT_AGAIN}")

    @property
    def version(self) -> str:
        """Those of both engines."""
        return f"{self._own.version} {self._second.version if self._second else ''}".strip()

    def read(self, images: Sequence[Image8], kind: ImageKind, dpi: int) -> list[list[Line]]:
        """See :meth:`~vndoc.ocr.engines.engine.TextEngine.read`.

        A second engine that fails leaves the first reading as it is, and a remark.
        """
        read = self._own.read(images, kind, dpi)
        if self._second is None or kind not in _READ_AGAIN:
            return read
        try:
            return self._read_again(self._second, images, read, kind, dpi)
        except MachineError:
            raise
        except (EngineError, SetupError) as error:
            logger.warning("what the own reader doubts was not read again: %s", error)
            self.remark = f"Tesseract failed or lacks its data ('vndoc doctor' tells): some {_NOT_AGAIN}"
            return read

    def _read_again(
        self, second: TextEngine, images: Sequence[Image8], read: list[list[Line]], kind: ImageKind, dpi: int
    ) -> list[list[Line]]:
        whole = [number for number, lines in enumerate(read) if kind is ImageKind.PAGE and is_defeated(lines)]
        again = [list(lines) for lines in read]
        if whole:
            for number, lines in zip(whole, second.read([images[n] for n in whole], kind, dpi), strict=True):
                again[number] = better(read[number], lines)
        doubts = [doubt for doubt in _doubts(read) if doubt.image not in whole]
        if kind is ImageKind.LINE:  # what is beside the words read may be words that were not
            doubts = [doubt._replace(box=_all_of(images[doubt.image])) for doubt in doubts]
        if not doubts:
            return again
        crops = [alone(images[doubt.image], doubt.box) for doubt in doubts]
        for doubt, lines in zip(doubts, second.read(crops, ImageKind.LINE, dpi), strict=True):
            words = sorted((_moved(word, doubt.box) for line in lines for word in line.words), key=_left)
            if words:
                own = again[doubt.image]
                own[doubt.line] = combined(own[doubt.line], Line(tuple(words)))
        return again


def is_defeated(lines: Sequence[Line]) -> bool:
    """Whether hardly anything of a page was read, or little of it surely: it may be turned, or in another script."""
    confidences = [word.confidence for line in lines for word in line.words if len(word.text) > 1]
    return len(confidences) < _FEW or sum(confidences) / len(confidences) < _DEFEATED


def better(own: list[Line], other: list[Line]) -> list[Line]:
    """The reading with more letters likely to be right."""
    return own if _right_letters(own) >= _right_letters(other) else other


def _right_letters(lines: Sequence[Line]) -> float:
    return sum(max(0.0, 2 * word.confidence - 1) * len(word.text) for line in lines for word in line.words)


def _doubts(read: Sequence[Sequence[Line]]) -> list[_Doubt]:
    found = [
        _Doubt(image, number, box)
        for image, lines in enumerate(read)
        for number, line in enumerate(lines)
        if (box := line.box) and _is_doubtful(line)
    ]
    return sorted(sorted(found, key=lambda doubt: -doubt.box.width)[:_MOST])


def _is_doubtful(line: Line) -> bool:
    """Whether a line of some letters was read with little confidence; what a pen may have written is left aside."""
    words = [word for word in line.words if not any(map(str.isdigit, word.text))]
    letters = sum(c.isalnum() for word in words for c in word.text)
    return letters >= _LETTERS and sum(word.confidence for word in words) < _DOUBTFUL * len(words)


def _all_of(image: Image8) -> Box:
    return Box(0, 0, image.shape[1], image.shape[0])


def alone(image: Image8, box: Box) -> Image8:
    """What is in the box, with white around it."""
    part = image[max(0, box.y0) : box.y1, max(0, box.x0) : box.x1]
    return np.pad(part, _margin(box), constant_values=255)


def _margin(box: Box) -> int:
    """Pixels of white around a line's crop."""
    return max(4, round(_MARGIN * box.height))


def _moved(word: Word, box: Box) -> Word:
    """A word of a line's crop on the image that it was cut from."""
    if word.box is None:
        return word
    margin = _margin(box)
    place = word.box.moved(Box(box.x0 - margin, box.y0 - margin, 0, 0))
    return Word(word.text, place, word.confidence)


def _left(word: Word) -> int:
    return word.box.x0 if word.box else 0
