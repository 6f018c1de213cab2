"""Lines to learn from: made, worn, and cut as vndoc cuts them (:mod:`vndoc.ocr.engines.lines.strips`)."""

import random
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from training.lines.faces import Face, Faces
from training.lines.texts import Texts
from training.lines.typeset import Grey, printed
from training.lines.wear import Scan, scanned
from vndoc.ocr.engines.lines.alphabet import columns_needed
from vndoc.ocr.engines.lines.strips import STRIDE, XHEIGHT, contrasted, placed

WIDEST = 1200
_FEWEST_ROWS = 7.6  # of an x in the file, below which marks cannot be told apart
_ALIKE, _ALIKE_ANYWHERE = 0.72, 0.45  # correlation with the clean strip, whole and in any part
_BADLY_MEASURED = (-0.18, 0.42)  # error of the x-height where capitals or marks were taken for it, and the like
_PART = 48  # pixels of such a part
_SIZES = ((8, 4), (9, 7), (10, 8), (11, 9), (12, 14), (13, 26), (13.5, 6), (14, 22), (15, 4), (16, 2))  # points, weight
_RESOLUTIONS = ((100, 4), (120, 8), (150, 18), (200, 30), (240, 14), (300, 26))  # dots an inch, weight
_LARGEST_EM = 52  # pixels in the file; more is scaled down anyway
_PRINTER = 92  # pixels an em of the print, at most


@dataclass(slots=True)
class Line:
    """A strip ``(48, width)`` with its text, and the column of the network in which each character has its middle."""

    strip: Grey
    text: str
    columns: NDArray[np.int64]


def legible(strip: Grey, clean: Grey) -> bool:
    """Whether the worn strip still resembles the clean one, as a whole and everywhere."""
    soft_worn, soft_clean = (cv2.GaussianBlur(s, (0, 0), 1.0).astype(np.float32) for s in (strip, clean))
    if _correlation(soft_worn, soft_clean) < _ALIKE:
        return False
    for start in range(0, max(1, strip.shape[1] - _PART + 1), _PART):
        part = slice(start, start + _PART)
        if soft_clean[:, part].max() > 100 and _correlation(soft_worn[:, part], soft_clean[:, part]) < _ALIKE_ANYWHERE:
            return False
    return True


def _correlation(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    a, b = a - a.mean(), b - b.mean()
    return float((a * b).sum() / (np.sqrt((a * a).sum() * (b * b).sum()) + 1e-6))


def seen(scan: Scan, rng: random.Random) -> Line | None:
    """The line as a finder hands it over, its base line and x-height measured not quite right; None if illegible."""
    error = rng.gauss(0, 0.05) if rng.random() < 0.92 else rng.uniform(*_BADLY_MEASURED)
    xheight = scan.xheight * (1 + error)
    base = scan.base + rng.gauss(0, 0.05) * scan.xheight
    strip = contrasted(placed(scan.grey, base, xheight))
    if strip.shape[1] > WIDEST or not legible(strip, placed(scan.clean, base, xheight)):
        return None
    columns = (scan.centres * (XHEIGHT / xheight) / STRIDE).astype(np.int64)
    last = -(-strip.shape[1] // STRIDE) - 1
    if columns_needed(scan.text) > last + 1:
        return None
    return Line(strip, scan.text, columns.clip(0, last))


def scan_of(text: str, face: Face, neighbour: str, rng: random.Random) -> Scan | None:
    """The text set in the face, printed and scanned; None if the file has too few pixels for it."""
    points = rng.choices([s for s, _ in _SIZES], [w for _, w in _SIZES])[0]
    dpi = rng.choices([d for d, _ in _RESOLUTIONS], [w for _, w in _RESOLUTIONS])[0]
    em = min(_LARGEST_EM, points * dpi / 72 * rng.uniform(0.97, 1.03))
    if em * face.xheight < _FEWEST_ROWS:
        return None
    pixels = round(min(2 * em, _PRINTER))
    return scanned(printed(text, face, pixels, neighbour, rng), em / pixels, rng)


def line(texts: Texts, faces: Faces, rng: random.Random) -> Line:
    """One line to learn from; what cannot be read is thrown away and another one made."""
    while True:
        face = faces.one(rng)
        text = texts.line(rng)
        if not face.known.issuperset(text):
            continue
        scan = scan_of(text, face, texts.passage(rng, 90), rng)
        made = seen(scan, rng) if scan else None
        if made:
            return made
