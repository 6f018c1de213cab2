"""The text engine ``lines``: finds lines of print, reads them with the network."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil, floor
from pathlib import Path

import cv2
import numpy as np

from vndoc.ocr.engines.calibration import IDENTITY, Calibration
from vndoc.ocr.engines.engine import ImageKind
from vndoc.ocr.engines.lines.decoding import Likelihoods, Reading, readings
from vndoc.ocr.engines.lines.finder import SMALLEST, FoundLine, find_lines
from vndoc.ocr.engines.lines.measuring import Measure
from vndoc.ocr.engines.lines.network import LineNetwork, trained
from vndoc.ocr.engines.lines.strips import BASE, XHEIGHT, contrasted, placed
from vndoc.ocr.imaging.image import Image8
from vndoc.page import Box, Line, Word
from vndoc.settings import Settings

EM = 2.18
"""Type size in x-heights, of Times."""
CALIBRATION = Path(__file__).with_name("calibration.json")
"""Points of the calibration that belongs to the package's weights."""
_WEIGHTS = "lines.npz"
_BESIDE = 0.7  # x-heights of paper that the network sees before and behind a line
_ABOVE, _BELOW = 3.0, 1.6  # x-heights around the base line that a strip needs
_SURE = 0.97  # mean probability of a line's characters from which it was read in its right size
_INKED = 100  # of a strip's 255, from which a pixel is ink
_MOST_DPI, _FOUND_AT = 400, 300  # above the one, lines are found at the other: stems of letters are no rules of tables
_WHOLE = 0.5  # of an image's height, the x-height of a line of which nothing else is known


@dataclass(slots=True, frozen=True)
class Strip:
    """A line as the network sees it, and where on its image it was cut.

    Attributes:
        image: ``(48, width)``, paper 0, ink 255.
        left: column of the image at its left edge, in pixels.
        line: the line that was cut.
        measure: base line and x-height that it was brought to.
    """

    image: Image8
    left: int
    line: FoundLine
    measure: Measure

    @property
    def zoom(self) -> float:
        """Pixels of the strip for one of the image."""
        return XHEIGHT / self.measure.xheight


class Lines:
    """vndoc's own reader of printed Vietnamese lines. Reads level images; no other program is needed.

    Args:
        network: its weights.
        calibration: from the probability of all letters of a word to the share of such words that are right.
    """

    name = "lines"

    def __init__(self, network: LineNetwork | None = None, calibration: Calibration | None = None) -> None:
        self._network = network or trained()
        self._calibration = calibration or packaged_calibration()

    @classmethod
    def from_settings(cls, settings: Settings) -> "Lines":
        """With the network of the folder of models, if it holds one."""
        own = settings.models / _WEIGHTS if settings.models else None
        return cls(trained(own if own and own.is_file() else None))

    @classmethod
    def uncalibrated(cls, weights: Path | None = None) -> "Lines":
        """A reader whose confidences are the network's own probabilities."""
        return cls(trained(weights), IDENTITY)

    @property
    def version(self) -> str:
        """That of the weights."""
        return self._network.version

    def read(self, images: Sequence[Image8], kind: ImageKind, dpi: int) -> list[list[Line]]:
        """See :meth:`~vndoc.ocr.engines.engine.TextEngine.read`."""
        found = [_lines_of(image, kind, dpi) for image in images]
        strips = [[strip(image, line) for line in lines] for image, lines in zip(images, found, strict=True)]
        scores = iter(self._network.scores([one.image for part in strips for one in part]))
        read = [[(one, next(scores)) for one in part] for part in strips]
        return [self._read_image(image, part) for image, part in zip(images, read, strict=True)]

    def _read_image(self, image: Image8, strips: Sequence[tuple[Strip, Likelihoods]]) -> list[Line]:
        lines = []
        for one, likelihoods in self._better(image, strips):
            words = tuple(self._word(word, one, image.shape) for word in readings(likelihoods))
            if words:
                middle = one.measure.base_at(one.line.box.x_center)
                lines.append(Line(words, middle, EM * one.measure.xheight))
        return lines

    def _better(self, image: Image8, strips: Sequence[tuple[Strip, Likelihoods]]) -> list[tuple[Strip, Likelihoods]]:
        """Lines that may be of another size and read badly are read in that one too; the surer reading is kept."""
        chosen = list(strips)
        doubtful = [k for k, (one, scores) in enumerate(strips) if one.measure.other and sureness(scores) < _SURE]
        others = [resized(image, strips[k][0]) for k in doubtful]
        for k, other, likelihoods in zip(
            doubtful, others, self._network.scores([o.image for o in others]), strict=True
        ):
            if sureness(likelihoods) > sureness(chosen[k][1]):
                chosen[k] = other, likelihoods
        return chosen

    def _word(self, reading: Reading, one: Strip, size: tuple[int, ...]) -> Word:
        confidence = self._calibration(reading.score)
        return Word(reading.text, _within(_box(reading, one), size), confidence, alternatives=reading.others)


@cache
def packaged_calibration() -> Calibration:
    """The calibration of the package's weights, by ``training/lines/calibrate.py``."""
    points = json.loads(CALIBRATION.read_text(encoding="utf-8"))["points"]
    return Calibration(tuple((score, share) for score, share in points))


def _lines_of(image: Image8, kind: ImageKind, dpi: int) -> list[FoundLine]:
    if min(image.shape) < SMALLEST:
        return []
    found = find_lines(image) if dpi <= _MOST_DPI else _found_smaller(image, _FOUND_AT / dpi)
    if found or kind not in (ImageKind.LINE, ImageKind.WORD):
        return found
    height, width = image.shape
    return [FoundLine(Box(0, 0, width, height), Measure(0.75 * height, 0.0, _WHOLE * height))]


def _found_smaller(image: Image8, zoom: float) -> list[FoundLine]:
    """The lines of an image, in its pixels, found on a smaller one."""
    small = np.asarray(cv2.resize(image, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return [line.zoomed(1 / zoom) for line in find_lines(small)]


def strip(image: Image8, line: FoundLine) -> Strip:
    """The line cut out of its image."""
    return _cut(image, line, line.measure)


def resized(image: Image8, one: Strip) -> Strip:
    """The line cut out for its other x-height."""
    measure = one.measure
    return _cut(image, one.line, Measure(measure.base, measure.slope, measure.other or measure.xheight))


def _cut(image: Image8, line: FoundLine, measure: Measure) -> Strip:
    beside = _BESIDE * measure.xheight
    left, right = max(0, floor(line.box.x0 - beside)), min(image.shape[1], ceil(line.box.x1 + beside))
    ends = measure.base_at(left), measure.base_at(right)
    top = max(0, floor(min(ends) - _ABOVE * measure.xheight))
    bottom = min(image.shape[0], ceil(max(ends) + _BELOW * measure.xheight))
    part = np.ascontiguousarray(image[top:bottom, left:right])
    return Strip(contrasted(placed(part, ends[0] - top, measure.xheight, measure.slope)), left, line, measure)


def sureness(likelihoods: Likelihoods) -> float:
    """Mean probability of the characters on the best path, 0 where there are none."""
    best = likelihoods.argmax(axis=1)
    chosen = likelihoods.max(axis=1)[best != 0]
    return float(np.exp(chosen).mean()) if chosen.size else 0.0


def _box(reading: Reading, one: Strip) -> Box:
    """Around the ink of a word, in pixels of the image; in rows, no further than the ink of its line."""
    line, measure, zoom = one.line, one.measure, one.zoom
    columns = slice(max(0, floor(reading.start)), max(1, ceil(reading.end)))
    middle = measure.base_at(one.left + (reading.start + reading.end) / 2 / zoom)
    top = max(0, floor(BASE + (line.box.y0 - middle) * zoom))
    bottom = max(top + 1, ceil(BASE + (line.box.y1 - middle) * zoom))
    inked = one.image[top:bottom, columns] > _INKED
    across, down = np.flatnonzero(inked.any(axis=0)), np.flatnonzero(inked.any(axis=1))
    if not len(across):
        across, down = np.array([0, inked.shape[1] - 1]), np.array([0, inked.shape[0] - 1])
    x0, x1 = columns.start + across[0], columns.start + across[-1] + 1
    y0, y1 = top + down[0] - BASE, top + down[-1] + 1 - BASE
    return Box(
        floor(one.left + x0 / zoom), floor(middle + y0 / zoom), ceil(one.left + x1 / zoom), ceil(middle + y1 / zoom)
    )


def _within(box: Box, size: tuple[int, ...]) -> Box:
    """The part of the box on an image of so many rows and columns; of one beside it, the pixel next to it."""
    height, width = size
    x0, y0 = max(0, min(box.x0, width - 1)), max(0, min(box.y0, height - 1))
    return Box(x0, y0, max(x0 + 1, min(box.x1, width)), max(y0 + 1, min(box.y1, height)))
