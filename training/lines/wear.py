"""What happens to a line between the printer and the file: scanners, copiers, fax machines, telephones, seals.

In order: strokes swell, thin out or break; the sheet lies askew and wavy; the back shows through; the lens softens;
ink is not black and paper not white; seals and signatures cross the line; light, noise, dust, threshold, compression.
"""

import random
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from training.lines.typeset import Grey, Ink, Print, thicker

Picture = NDArray[np.float32]


@dataclass(slots=True)
class Scan:
    """A line in pixels of the file, with its place in them; ``clean`` is its ink in the same place, not worn."""

    grey: Grey
    clean: Ink
    text: str
    base: float
    xheight: float
    centres: NDArray[np.float64]


def scanned(line: Print, zoom: float, rng: random.Random) -> Scan:
    """The line through some machine that has ``zoom`` pixels for each of the printer's."""
    noise = np.random.default_rng(rng.getrandbits(64))
    em = line.xheight * zoom / 0.46
    ink = _strokes(line.ink, em, rng, noise)
    matrix, size, stretch = _laid(line, zoom, rng)
    clean, worn = (_moved(i, matrix, size) for i in (line.ink, ink))
    if rng.random() < 0.1:
        wave = rng.uniform(0.01, 0.06) * em, rng.uniform(6, 25) * em, rng.uniform(0, 6.3)
        clean, worn = (_waved(i, *wave) for i in (clean, worn))
    grey = _imaged(worn, em, rng, noise)
    base = zoom * line.base
    return Scan(grey, clean, line.text, base, line.xheight * zoom, line.centres * zoom * stretch)


def _strokes(ink: Ink, em: float, rng: random.Random, noise: np.random.Generator) -> Ink:
    """Strokes as toner, ribbon and worn drums leave them."""
    kind = rng.random()
    if kind < 0.14:
        ink = thicker(ink, 1 if em < 30 or rng.random() < 0.6 else 2)
    elif kind < 0.24 and em > 24:
        ink = thicker(ink, -1 if em < 40 or rng.random() < 0.7 else -2)
    elif kind < 0.31:  # broken: places where the ink did not hold
        cell = max(2, round(ink.shape[0] * rng.uniform(0.012, 0.04)))
        holes = _cloud(ink.shape, cell, noise) > rng.uniform(0.7, 0.85)
        ink = np.where(holes, ink // rng.choice((2, 4, 8)), ink).astype(np.uint8)
    elif kind < 0.38:  # uneven
        level = np.clip(0.35 + 1.1 * _cloud(ink.shape, max(3, ink.shape[0] // 12), noise), 0, 1)
        ink = (ink * level).astype(np.uint8)
    return ink


def _cloud(shape: tuple[int, ...], cell: int, noise: np.random.Generator) -> Picture:
    """Smooth noise in 0–1 with spots of about ``cell`` pixels."""
    coarse = noise.random((shape[0] // cell + 2, shape[1] // cell + 2), dtype=np.float32)
    return np.asarray(cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR), dtype=np.float32)


def _laid(line: Print, zoom: float, rng: random.Random) -> tuple[NDArray[np.float64], tuple[int, int], float]:
    """How the sheet lies: map from the printer's pixels to the file's, size of the result, and the sideways stretch."""
    height, width = line.ink.shape
    stretch, lean, slope = 1.0, 0.0, 0.0
    if rng.random() < 0.5:
        stretch = rng.uniform(0.87, 1.12)
    if rng.random() < 0.2:
        lean = rng.uniform(-0.08, 0.08)
    if rng.random() < 0.6:  # what levelling left: no end is off by more than a third of the x-height
        slope = rng.gauss(0, 0.004)
        most = 0.35 * line.xheight / (width / 2)
        slope = min(most, max(-most, slope))
    middle = width / 2
    forward = np.array(
        [
            [zoom * stretch, -zoom * lean, zoom * lean * line.base],
            [zoom * slope, zoom, -zoom * slope * middle],
        ]
    )
    return forward, (max(8, round(width * zoom * stretch)), max(8, round(height * zoom))), stretch


def _moved(ink: Ink, matrix: NDArray[np.float64], size: tuple[int, int]) -> Ink:
    return np.asarray(cv2.warpAffine(ink, matrix, size, flags=cv2.INTER_LINEAR), dtype=np.uint8)


def _waved(ink: Ink, depth: float, length: float, phase: float) -> Ink:
    x, y = np.meshgrid(*(np.arange(n, dtype=np.float32) for n in ink.shape[::-1]))
    shift = (depth * np.sin(x[:1] / length * 6.28 + phase)).astype(np.float32)
    return np.asarray(cv2.remap(ink, x, y + shift, cv2.INTER_LINEAR), dtype=np.uint8)


def _imaged(ink: Ink, em: float, rng: random.Random, noise: np.random.Generator) -> Grey:
    """The grey picture of the ink."""
    paper = rng.uniform(200, 255) if rng.random() < 0.6 else 255.0
    dark = rng.choice((rng.uniform(0, 40), rng.uniform(0, 100), rng.uniform(60, 150)))
    page = _lit(_soft(ink, em, rng), paper, dark, em, rng, noise)
    kind = rng.random()
    if kind < 0.3:
        page = _bitonal(page, dark + (paper - dark) * rng.uniform(0.4, 0.72), rng, noise)
    elif kind < 0.35:
        page = _faxed(page, dark + (paper - dark) * rng.uniform(0.45, 0.7), em)
    elif kind < 0.45:
        _dust(page, rng)
    grey = np.clip(page, 0, 255).astype(np.uint8)
    if rng.random() < 0.03:  # light print on a dark bar
        grey = np.subtract(255, grey, dtype=np.uint8)
    if rng.random() < 0.4:
        _, code = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, rng.choice((20, 30, 45, 60, 75, 90))])
        grey = np.asarray(cv2.imdecode(code, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)
    return grey


def _soft(ink: Ink, em: float, rng: random.Random) -> Picture:
    """Ink in 0–1, with what shows through from the back, as the lens sees it."""
    cover: Picture = ink.astype(np.float32) / np.float32(255)
    if rng.random() < 0.05:
        cover = np.maximum(cover, np.float32(rng.uniform(0.08, 0.35)) * _back(cover, em, rng))
    blur = rng.choice((0.0, rng.uniform(0.3, 0.8), rng.uniform(0.5, 1.2))) * max(0.7, em / 36)
    return np.asarray(cv2.GaussianBlur(cover, (0, 0), blur), dtype=np.float32) if blur > 0.2 else cover


def _lit(
    cover: Picture, paper: float, dark: float, em: float, rng: random.Random, noise: np.random.Generator
) -> Picture:
    """Ink and paper in grey, crossed by a seal or a pen, under uneven light, with the sensor's noise."""
    page: Picture = np.float32(paper) - np.float32(paper - dark) * cover
    if rng.random() < 0.09:
        page = _crossed(page, em, rng)
    if rng.random() < 0.16:
        page = page * np.linspace(rng.uniform(0.75, 1), rng.uniform(0.75, 1), page.shape[1], dtype=np.float32)
    if rng.random() < 0.6:
        page = page + noise.standard_normal(page.shape, dtype=np.float32) * np.float32(rng.choice((2, 4, 8, 14)))
    return page


def _back(cover: Picture, em: float, rng: random.Random) -> Picture:
    """The print of the other side: mirrored, shifted and blurred."""
    turned = np.roll(cover[:, ::-1], (round(rng.uniform(-1, 1) * em), round(rng.uniform(-3, 3) * em)), (0, 1))
    return np.asarray(cv2.GaussianBlur(turned, (0, 0), max(0.8, em / 24)), dtype=np.float32)


def _crossed(page: Picture, em: float, rng: random.Random) -> Picture:
    """Ring of a seal or strokes of a signature across the line, mostly lighter than the print."""
    height, width = page.shape
    mask = np.zeros(page.shape, np.uint8)
    if rng.random() < 0.6:
        radius = round(em * rng.uniform(2, 4.5))
        at = (round(rng.uniform(-radius, width + radius)), round(rng.uniform(-radius, height + radius)))
        cv2.circle(mask, at, radius, 255, max(1, round(em * rng.uniform(0.04, 0.12))), cv2.LINE_AA)
        if rng.random() < 0.5:
            cv2.circle(mask, at, round(radius * 0.75), 255, max(1, round(em * 0.05)), cv2.LINE_AA)
    else:
        x = rng.uniform(0, width)
        points = [(x + rng.uniform(-4, 4) * em, rng.uniform(-0.3, 1.3) * height) for _ in range(rng.randint(2, 5))]
        curve = _smooth(np.array(points))
        cv2.polylines(mask, [curve], False, 255, max(1, round(em * rng.uniform(0.03, 0.08))), cv2.LINE_AA)
    share: Picture = mask.astype(np.float32) / np.float32(255)
    return np.minimum(page, page + (np.float32(rng.uniform(80, 225)) - page) * share)


def _smooth(points: NDArray[np.float64]) -> NDArray[np.int32]:
    """A Bézier curve over the points, 24 steps."""
    steps = np.linspace(0, 1, 24)[:, None]
    rows = np.repeat(points[None], len(steps), axis=0)
    while rows.shape[1] > 1:
        rows = rows[:, :-1] * (1 - steps[..., None]) + rows[:, 1:] * steps[..., None]
    return np.round(rows[:, 0]).astype(np.int32)


def _bitonal(page: Picture, threshold: float, rng: random.Random, noise: np.random.Generator) -> Picture:
    page = np.where(page < threshold, np.float32(0), np.float32(255))
    if rng.random() < 0.3:
        share = rng.choice((0.001, 0.003, 0.008))
        chance = noise.random(page.shape, dtype=np.float32)
        page[chance < share] = 0
        page[chance > 1 - share] = 255
    if rng.random() < 0.4:  # a viewer that smooths
        page = np.asarray(cv2.GaussianBlur(page, (0, 0), rng.uniform(0.4, 0.9)), dtype=np.float32)
    return page


def _faxed(page: Picture, threshold: float, em: float) -> Picture:
    """Fewer rows than columns, black on white: fax machines send 204 × 196 or 204 × 98 dots an inch."""
    height, width = page.shape
    rows = round(height * (0.5 if em > 40 else 0.75 if em > 28 else 1.0))
    small = cv2.resize(page, (width, rows), interpolation=cv2.INTER_AREA)
    hard = np.where(small < threshold, np.float32(0), np.float32(255))
    return np.asarray(cv2.resize(hard, (width, height), interpolation=cv2.INTER_NEAREST), dtype=np.float32)


def _dust(page: Picture, rng: random.Random) -> None:
    for _ in range(rng.randint(1, 10)):
        at = (rng.randrange(page.shape[1]), rng.randrange(page.shape[0]))
        cv2.circle(page, at, rng.choice((0, 1, 1, 2)), rng.uniform(0, 120), -1)
