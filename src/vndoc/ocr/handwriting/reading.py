"""From a cut slot to strings with probabilities: views, their average, what the form allows, calibration."""

from datetime import date
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from vndoc.ocr.handwriting.cut import Cut
from vndoc.ocr.handwriting.network import COLUMN, HEIGHT, Network
from vndoc.ocr.handwriting.scoring import string_probabilities

_TALL = 23  # pixels of the body of the digits in the middle view
_WIDEST = 208
_MARGIN = 5
_DARKEST = 41  # the darkest pixel but 40 counts as full ink, as in training
_UNLAWFUL = 0.25
"""Weight of what the form forbids (day 45), or the decree (a day under 10 without its 0), against what it allows.

Not zero: a reading beyond the form says that the slot was cut badly, and then the allowed rest is no surer.
"""
_SPLIT = 0.85  # trust in a slot whose digits touch print, so that a stroke had to be cut
_CEILING = 0.985
_LEAST = 0.005  # candidates less likely than this are not worth telling


class View(NamedTuple):
    """One way to look at a string: size, shift (pixels), shear, and how hard grey is turned to black or white."""

    size: float
    dx: float
    dy: float
    shear: float
    hard: float


VIEWS = (
    View(1.0, 0, 0, 0, 0),
    View(1.0, 2, 0, 0, 0.6),
    View(0.88, 1, 0, 0, 0),
    View(1.1, 3, 0, 0, 0),
    View(1.0, 1, 1, 0.15, 0),
    View(1.0, 3, -1, -0.15, 0),
    View(0.9, 0, 1, 0.1, 0.6),
    View(1.06, 2, -1, -0.1, 0.3),
)


def views(cut: Cut) -> NDArray[np.float32]:
    """The string in all ``VIEWS``: ``(n, 32, width)``, ink 1 on 0."""
    first, end = cut.body
    tall, wide = max(4, end - first), cut.ink.shape[1]
    zoom = min(_TALL / tall, (_WIDEST - 4 * _MARGIN) / wide)
    width = -(-int(wide * zoom * 1.1 + 0.15 * HEIGHT + 2 * _MARGIN + 6) // COLUMN) * COLUMN
    seen = []
    for view in VIEWS:
        scale = zoom * view.size
        soft = cv2.GaussianBlur(cut.ink, (0, 0), max(0.05, 0.35 / scale))
        middle = HEIGHT / 2 + view.dy
        centre = (first + end) / 2
        matrix = np.array(
            [
                [scale, -view.shear * scale, _MARGIN + view.dx + (view.shear * scale * centre)],
                [0, scale, middle - scale * centre],
            ]
        )
        sized = cv2.warpAffine(soft, matrix, (width, HEIGHT), flags=cv2.INTER_LINEAR)
        seen.append(_levelled(np.asarray(sized, dtype=np.float32), view.hard))
    return np.stack(seen)


def _levelled(ink: NDArray[np.float32], hard: float) -> NDArray[np.float32]:
    dark = float(np.partition(ink, ink.size - _DARKEST, axis=None)[ink.size - _DARKEST])
    full = np.clip((ink - 0.07) / max(dark - 0.07, 0.16), 0, 1)
    steep = np.clip((full - 0.5) * 6 + 0.5, 0, 1)
    return np.asarray((1 - hard) * full + hard * steep, dtype=np.float32)


def average(cut: Cut, network: Network) -> dict[str, float]:
    """Probability of every likely string (the empty one too), averaged over the views."""
    total: dict[str, float] = {}
    for columns in network.log_likelihoods(views(cut)):
        for text, p in string_probabilities(columns).items():
            total[text] = total.get(text, 0.0) + p / len(VIEWS)
    return total


def candidates(kind: str, cut: Cut, network: Network) -> list[tuple[str, float]]:
    """Strings that may stand in the slot of a ``kind`` with calibrated probabilities, best first."""
    tempered = _tempered(average(cut, network), network.temperature)
    lawful = {text: p for text, p in tempered.items() if _weight(kind, text) > 0}
    weighed = {text: p * _weight(kind, text) for text, p in lawful.items()}
    rest = _UNLAWFUL * max(0.0, 1.0 - sum(lawful.values()))
    total = sum(weighed.values()) + rest
    trust = _CEILING * (_SPLIT if cut.split else 1.0)
    merged: dict[str, float] = {}
    for text, p in weighed.items():
        key = text if kind == "number" else f"{int(text):02}"
        merged[key] = merged.get(key, 0.0) + trust * p / total
    ranked = sorted(merged.items(), key=lambda c: (-c[1], c[0]))
    return [(text, p) for text, p in ranked if p >= _LEAST]


def _tempered(probabilities: dict[str, float], temperature: float) -> dict[str, float]:
    """Temperature scaling (Guo et al., ICML 2017) over strings, all that is not listed being one more."""
    rest = max(1e-6, 1.0 - sum(probabilities.values()))
    powers = {text: p ** (1 / temperature) for text, p in probabilities.items()}
    total = sum(powers.values()) + rest ** (1 / temperature)
    return {text: p / total for text, p in powers.items()}


def _weight(kind: str, text: str) -> float:
    """What the form makes of a string: 1 as it should be, less if the 0 before it is missing, 0 if it cannot be.

    Decree 30/2020/NĐ-CP, Appendix I, II.3 and II.4: numbers and days under 10 and the months 1 and 2 take a 0.
    """
    if not text:
        return 0.0
    value = int(text)
    if kind == "number":
        return 0.0 if value == 0 else 1.0 if len(text) > 1 else _UNLAWFUL
    if kind == "year":
        return float(len(text) == 4 and 1945 <= value <= date.max.year and text[:2] in ("19", "20"))
    if len(text) > 2 or not 1 <= value <= (31 if kind == "day" else 12):
        return 0.0
    bare = len(text) == 1 and (kind == "day" or value <= 2)
    return _UNLAWFUL if bare else 1.0
