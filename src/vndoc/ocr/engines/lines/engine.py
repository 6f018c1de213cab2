"""The text engine ``lines``: finds lines of print, reads them with the network."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from vndoc.ocr.engines.calibration import IDENTITY, Calibration
from vndoc.ocr.engines.engine import ImageKind
from vndoc.ocr.engines.lines.cutting import Strip, only_line, otherwise, strip
from vndoc.ocr.engines.lines.decoding import Likelihoods, readings
from vndoc.ocr.engines.lines.finder import FEWEST, SMALLEST, FoundLine, find_lines
from vndoc.ocr.engines.lines.network import LineNetwork, trained
from vndoc.ocr.engines.lines.words import words
from vndoc.ocr.imaging.image import Image8
from vndoc.page import Line
from vndoc.settings import Settings

EM = 2.18
"""Type size in x-heights, of Times."""
CALIBRATION = Path(__file__).with_name("calibration.json")
"""Points of the calibration that belongs to the package's weights."""
_WEIGHTS = "lines.npz"
_MOST_DPI, _FOUND_AT = 400, 300  # above the one, lines are found at the other: stems of letters are no rules of tables
_SURE = 0.97  # mean probability of a line's characters from which it was read in its right size


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
            found = tuple(w for word in readings(likelihoods) for w in words(word, one, self._calibration))
            if found:
                middle = one.measure.base_at(one.line.box.x_center)
                lines.append(Line(found, middle, EM * one.measure.xheight))
        return lines

    def _better(self, image: Image8, strips: Sequence[tuple[Strip, Likelihoods]]) -> list[tuple[Strip, Likelihoods]]:
        """Lines that may be of another size, or aslant, and read badly are read so too; the surest reading is kept."""
        chosen = list(strips)
        doubtful = [k for k, (one, scores) in enumerate(strips) if sureness(scores) < _SURE]
        others = [(k, other) for k in doubtful for other in otherwise(image, strips[k][0])]
        scores = self._network.scores([other.image for _, other in others])
        for (k, other), likelihoods in zip(others, scores, strict=True):
            if sureness(likelihoods) > sureness(chosen[k][1]):
                chosen[k] = other, likelihoods
        return chosen


@cache
def packaged_calibration() -> Calibration:
    """The calibration of the package's weights, by ``training/lines/calibrate.py``."""
    points = json.loads(CALIBRATION.read_text(encoding="utf-8"))["points"]
    return Calibration(tuple((score, share) for score, share in points))


def _lines_of(image: Image8, kind: ImageKind, dpi: int) -> list[FoundLine]:
    if min(image.shape) < SMALLEST:
        return []
    single = kind in (ImageKind.LINE, ImageKind.WORD)
    fewest = 1 if single else FEWEST
    found = find_lines(image, fewest) if dpi <= _MOST_DPI else _found_smaller(image, _FOUND_AT / dpi, fewest)
    return [only_line(image, found)] if single else found


def _found_smaller(image: Image8, zoom: float, fewest: int) -> list[FoundLine]:
    """The lines of an image, in its pixels, found on a smaller one."""
    small = np.asarray(cv2.resize(image, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return [line.zoomed(1 / zoom) for line in find_lines(small, fewest)]


def sureness(likelihoods: Likelihoods) -> float:
    """Mean probability of the characters on the best path, 0 where there are none."""
    best = likelihoods.argmax(axis=1)
    chosen = likelihoods.max(axis=1)[best != 0]
    return float(np.exp(chosen).mean()) if chosen.size else 0.0
