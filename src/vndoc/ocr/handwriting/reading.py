"""From a cut slot to strings with probabilities: views, their average, what the form allows, calibration."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from vndoc.ocr.handwriting.cut import Cut, body_of_most
from vndoc.ocr.handwriting.network import COLUMN, HEIGHT, Readers
from vndoc.ocr.handwriting.scoring import string_probabilities

_TALL = 23  # pixels of the body of the digits in the middle view
_WIDEST = 208
_MARGIN = 5
_DARKEST = 41  # the darkest pixel but 40 counts as full ink, as in training
_UNLAWFUL = 0.25
"""Weight of what the form forbids (day 45), or the decree (a day under 10 without its 0), against what it allows.

Not zero: a reading beyond the form says that the slot was cut badly, and then the allowed rest is no surer.
"""
_DOUBTFUL = 0.7  # trust in a slot of which it was not clear what ink belongs to it
_INK = 0.35  # from which ink is a stroke
_TORN_END = 0.5
"""Trust in a number behind which no slash was found and a stroke was cut apart: another digit may be there."""
_UNENDED = 0.1
"""Weight of a slot that ends where no slash is, or before the last one."""
_ONE_SLASH = 0.2  # of the height of the digits: slashes found so near to each other are one
_CEILING = 0.985
_LEAST = 0.005  # candidates less likely than this are left out


class View(NamedTuple):
    """One rendering of a string: size, shift (pixels), shear, and how hard grey is turned to black or white."""

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
    zoom = fitting(cut, _WIDEST)
    width = -(-int(cut.ink.shape[1] * zoom * 1.1 + 0.15 * HEIGHT + 2 * _MARGIN + 6) // COLUMN) * COLUMN
    return np.stack([rendered(cut, view, zoom, width) for view in VIEWS])


def fitting(cut: Cut, widest: int) -> float:
    """Scale at which the digits are as tall as the network knows them and the string is no wider than a strip."""
    first, end = cut.body
    return min(_TALL / max(4, end - first), (widest - 4 * _MARGIN) / int(cut.ink.shape[1]))


def rendered(cut: Cut, view: View, zoom: float, width: int) -> NDArray[np.float32]:
    """The string in one view, ``(32, width)``, ink 1 on 0; ``zoom`` is the scale of the middle view."""
    scale = zoom * view.size
    soft = cv2.GaussianBlur(cut.ink, (0, 0), max(0.05, 0.35 / scale))
    centre = sum(cut.body) / 2
    matrix = np.array(
        [
            [scale, -view.shear * scale, _MARGIN + view.dx + (view.shear * scale * centre)],
            [0, scale, HEIGHT / 2 + view.dy - scale * centre],
        ]
    )
    sized = cv2.warpAffine(soft, matrix, (width, HEIGHT), flags=cv2.INTER_LINEAR)
    return _levelled(np.asarray(sized, dtype=np.float32), view.hard)


def _levelled(ink: NDArray[np.float32], hard: float) -> NDArray[np.float32]:
    dark = float(np.partition(ink, ink.size - _DARKEST, axis=None)[ink.size - _DARKEST])
    full = np.clip((ink - 0.07) / max(dark - 0.07, 0.16), 0, 1)
    steep = np.clip((full - 0.5) * 6 + 0.5, 0, 1)
    return np.asarray((1 - hard) * full + hard * steep, dtype=np.float32)


def average(cut: Cut, readers: Readers) -> dict[str, float]:
    """Probability of every likely string (the empty one too), over all networks and views; less where they differ.

    Where one digit is far taller, the surer of two readings: at a height that holds it, and at that of the others.
    """
    short = body_of_most(cut.ink > _INK, cut.body)
    cuts = [cut] if short == cut.body else [cut, replace(cut, body=short)]
    return max((_average(at, readers) for at in cuts), key=lambda likely: max(likely.values()))


def _average(cut: Cut, readers: Readers) -> dict[str, float]:
    total: dict[str, float] = {}
    votes: dict[str, float] = {}
    images = views(cut)
    readings = [likely for n in readers.networks for likely in string_probabilities(n.log_likelihoods(images))]
    for likely in readings:
        best = max(likely, key=lambda text: likely[text])
        votes[best] = votes.get(best, 0.0) + 1 / len(readings)
        for text, p in likely.items():
            total[text] = total.get(text, 0.0) + p / len(readings)
    return {text: p * (0.5 + 0.5 * votes.get(text, 0.0)) for text, p in total.items()}


def read(cuts: Sequence[tuple[Cut | None, float]], readers: Readers) -> dict[str, float]:
    """Probability of every likely string, over all that a slot may have been cut to, with their weights."""
    cuts = _ended(cuts)
    total: dict[str, float] = {}
    known: list[tuple[Cut, dict[str, float]]] = []
    for cut, weight in cuts:
        if cut is None:
            total[""] = total.get("", 0.0) + weight
            continue
        likely = next((strings for other, strings in known if cut.same(other)), None)
        if likely is None:
            likely = average(cut, readers)
            known.append((cut, likely))
        trust = weight * (_DOUBTFUL if cut.doubtful else 1.0)
        for text, p in likely.items():
            total[text] = total.get(text, 0.0) + trust * p
    return total


def trust_in_end(cuts: Sequence[tuple[Cut | None, float]]) -> float:
    """How far to trust that a number ends where it was cut: little where a digit may be in the code behind it."""
    known = [(cut, weight) for cut, weight in cuts if cut]
    ended = any(cut.end is not None for cut, _ in known)
    unended = sum(weight for cut, weight in known if cut.unended)
    return _TORN_END if not ended and unended > 0.5 and any(cut.torn for cut, _ in known) else 1.0


def _ended(cuts: Sequence[tuple[Cut | None, float]]) -> list[tuple[Cut | None, float]]:
    """The cuts, those weighed less that end at no slash where another does, or at one farther to the left.

    Their slot is too long or too short: a leaning stroke of a digit looks like a slash.
    """
    ends = [cut.end for cut, _ in cuts if cut and cut.end is not None]
    if not ends:
        return list(cuts)
    least = max(ends) - _ONE_SLASH * min(cut.body[1] - cut.body[0] for cut, _ in cuts if cut)
    last = [cut is not None and cut.end is not None and cut.end >= least for cut, _ in cuts]
    weights = [weight * (1.0 if good else _UNENDED) for (_, weight), good in zip(cuts, last, strict=True)]
    whole = sum(weight for _, weight in cuts) / sum(weights)
    return [(cut, weight * whole) for (cut, _), weight in zip(cuts, weights, strict=True)]


def candidates(kind: str, read: dict[str, float], temperature: float) -> list[tuple[str, float]]:
    """What may be in a slot of a ``kind`` (``number``, ``day``, ``month``, ``year``), best first, calibrated.

    Nothing where the slot is likelier empty than filled.
    """
    tempered = _tempered(read, temperature)
    lawful = {text: p for text, p in tempered.items() if _weight(kind, text) > 0}
    if tempered.get("", 0.0) >= sum(lawful.values()):
        return []
    weighed = {text: p * _weight(kind, text) for text, p in lawful.items()}
    rest = _UNLAWFUL * max(0.0, 1.0 - sum(lawful.values()))
    total = sum(weighed.values()) + rest
    merged: dict[str, float] = {}
    for text, p in weighed.items():
        key = text if kind == "number" else f"{int(text):02}"
        merged[key] = merged.get(key, 0.0) + _CEILING * p / total
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
