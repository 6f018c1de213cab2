"""Strings of digits as the reader's slots show them: joined, spoilt, scanned, cleaned and brought to size.

The network learns from strips of ``HEIGHT`` × ``WIDTH`` pixels, ink 255 on 0, cut and brought to size by the reader.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from training.digits.glyphs import BODY, SIDE, Glyphs, Mask, drawn, face_of, font_files, typed
from vndoc.ocr.handwriting.cut import Cut, body_rows
from vndoc.ocr.handwriting.edges import Window
from vndoc.ocr.handwriting.network import HEIGHT
from vndoc.ocr.handwriting.reading import View, fitting, rendered

WIDTH = 128
DRAWN_HANDS = 20_000  # seeds of pens for training; later ones are held out
_ROOM = 26  # empty pixels around the canvas: for slant, strokes and remains of the print
_TO_PRINT = 4  # pixels from the string to the printed words beside it
_DIGITS = 0.8  # height of written digits in type sizes
_WIDEST_PEN = 9.5  # pixels on a digit of BODY pixels
_INK = 0.35  # share of the darkest at which ink begins, as the reader has it
_PRINT = (
    "Số:",
    "ngày",
    "Số ",
    "S6:",
    ", ngày",
    "s:",
    ":",
    "/UBND",
    "/QĐ",
    "tháng",
    "/TB",
    "/2010",
    "/",
    "t",
    "năm",
    "-",
)
_LEFT = 7  # so many of _PRINT stand to the left of a slot


@dataclass(slots=True, frozen=True)
class Wear:
    """How far strings are spoilt, in pixels on a digit ``BODY`` tall."""

    warp: float
    """Most of the random bending."""
    thinnest: float
    """Thinnest line of a pen."""
    blur: float
    """Most of the scan's blur, as the standard deviation."""


TRAINING = Wear(warp=3.0, thinnest=0.0, blur=3.3)
"""Beyond what people can read, for the network must learn when to doubt."""
TRIALS = Wear(warp=2.0, thinnest=2.5, blur=1.7)
"""As scans are, for digits 5 mm tall: lines of 0.3 mm at least, edges that spread by 0.19 mm at most (on 23 scans nine
tenths of the edges of print do, on each), and no more bending than hands already differ by."""


@dataclass(slots=True, frozen=True)
class Hands:
    """Where the digits come from: real writers full and lean, and how many drawn hands and typefaces there are."""

    full: Glyphs
    lean: Glyphs
    first_seed: int
    seeds: int

    def one(self, rng: np.random.Generator) -> Glyphs:
        """The hand of one string."""
        seed = self.first_seed + int(rng.integers(self.seeds))
        kind = rng.random()
        if kind < 0.28:
            return self.full
        if kind < 0.52:
            return self.lean
        return drawn(seed) if kind < 0.86 else typed(seed)


def label(rng: np.random.Generator) -> str:
    """A number or a day as clerks write them; now and then nothing at all."""
    kind = rng.random()
    if kind < 0.05:
        return ""
    if kind < 0.15:
        return f"{rng.integers(1, 32):02}"
    length = int(rng.choice([1, 2, 3, 4, 5], p=[0.13, 0.35, 0.28, 0.19, 0.05]))
    return "".join(str(d) for d in rng.integers(0, 10, length))


def _long(rng: np.random.Generator) -> str:
    """A string that fills the strip: the more digits, the more is learnt from one."""
    return "".join(str(d) for d in rng.integers(0, 10, rng.integers(3, 6)))


def _tight(mask: Mask) -> Mask:
    ys, xs = np.nonzero(mask > 60)
    return mask[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1] if len(ys) else mask[:1, :1]


def _shaped(mask: Mask, shear: float, wide: float, tall: float, turn: float) -> Mask:
    """The mask sheared (pixels per row), stretched and turned (radians) about its middle."""
    c, s = np.cos(turn), np.sin(turn)
    linear = np.array([[c, -s], [s, c]]) @ np.array([[wide, -shear], [0, tall]])
    side = SIDE + _ROOM
    shift = np.array([side / 2, side / 2]) - linear @ np.array([SIDE / 2, SIDE / 2])
    matrix = np.hstack([linear, shift[:, None]])
    return np.asarray(cv2.warpAffine(mask, matrix, (side, side), flags=cv2.INTER_LINEAR), dtype=np.uint8)


def _wavy(canvas: Mask, most: float, rng: np.random.Generator) -> Mask:
    """A slow random warp, as no hand repeats a form."""
    height, width = canvas.shape
    reach = rng.uniform(0.5, most)
    coarse = rng.normal(0, reach, (2, max(2, height // 18), max(2, width // 18))).astype(np.float32)
    dx, dy = (cv2.resize(c, (width, height), interpolation=cv2.INTER_CUBIC) for c in coarse)
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    return np.asarray(cv2.remap(canvas, x + dx, y + dy, cv2.INTER_LINEAR), dtype=np.uint8)


class Manner(NamedTuple):
    """How a hand sets digits side by side; lengths in pixels on a digit ``BODY`` tall, from digit to digit."""

    slant: float
    """Pixels to the right per row up."""
    wide: float
    turn: float
    """Radians."""
    gap: float
    drift: float
    """Pixels that each digit stands lower than the one before."""
    uneven: float
    """Standard deviation of the digits' heights."""


def any_manner(rng: np.random.Generator) -> Manner:
    """The manner of somebody."""
    slant = rng.normal(0.12, 0.16)
    wide, turn = rng.uniform(0.75, 1.25), rng.normal(0, 0.03)
    gap = rng.normal(8, 5) if rng.random() < 0.85 else rng.uniform(10, 30)
    return Manner(slant, wide, turn, gap, rng.normal(0, 2.0), rng.uniform(0, 0.1))


def joined(text: str, hand: Glyphs, rng: np.random.Generator, manner: Manner | None = None) -> Mask:
    """The digits side by side in one hand, touching or apart; in a ``manner`` of its own, or in anybody's."""
    slant, wide, turn, gap, drift, uneven = manner or any_manner(rng)
    parts, x = [], 0.0
    for k, char in enumerate(text):
        tall = 1 + rng.normal(0, uneven)
        glyph = _tight(
            _shaped(hand(int(char), rng), slant + rng.normal(0, 0.04), wide * tall, tall, turn + rng.normal(0, 0.03))
        )
        y = k * drift + rng.normal(0, 2) + (BODY - glyph.shape[0]) / 2
        parts.append((glyph, round(x), round(y)))
        x += glyph.shape[1] + max(-0.1 * glyph.shape[1], gap + rng.normal(0, 2.5))
    low = min((y for _, _, y in parts), default=0)
    height = max((y - low + g.shape[0] for g, _, y in parts), default=BODY)
    left = min((at for _, at, _ in parts), default=0)
    width = max((at - left + g.shape[1] for g, at, _ in parts), default=int(rng.integers(20, 120)))
    canvas = np.zeros((height + 2 * _ROOM, width + 2 * _ROOM), np.uint8)
    for glyph, at, y in parts:
        view = canvas[y - low + _ROOM :, at - left + _ROOM :][: glyph.shape[0], : glyph.shape[1]]
        np.maximum(view, glyph, out=view)
    for (glyph, at, y), (_, then, below) in pairwise(parts):
        if rng.random() < 0.06:  # the pen did not leave the paper
            a = (at - left + _ROOM + glyph.shape[1] * 3 // 4, y - low + _ROOM + int(rng.integers(2, 12)))
            b = (then - left + _ROOM + int(rng.integers(2, 8)), below - low + _ROOM + int(rng.integers(2, 16)))
            cv2.line(canvas, a, b, 255, int(rng.integers(2, 5)), cv2.LINE_AA)
    return canvas


def _pen(canvas: Mask, thinnest: float, rng: np.random.Generator) -> Mask:
    """Thicker or thinner strokes."""
    stroke = 2 * float(cv2.distanceTransform((canvas > 128).astype(np.uint8), cv2.DIST_L2, 3).max())
    width = min(int(rng.choice([0, 2, 3, 4, 5, 6], p=[0.3, 0.2, 0.2, 0.15, 0.1, 0.05])), int(_WIDEST_PEN - stroke))
    width = max(width, round(thinnest - stroke) + 1)
    if width < 2:
        return canvas
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width))
    return np.asarray(cv2.dilate(canvas, kernel), dtype=np.uint8)


def _print_remains(canvas: Mask, rng: np.random.Generator) -> None:
    """Slivers of the printed words that the slot lies between."""
    files = font_files()
    face = face_of(files[int(rng.integers(len(files)))], int(BODY * rng.uniform(1.15, 1.7)))
    height, width = canvas.shape
    image = Image.new("L", (width, height))
    draw = ImageDraw.Draw(image)
    base = height - _ROOM + int(rng.integers(-4, 6))
    if rng.random() < 0.55:
        draw.text((_ROOM - rng.uniform(-2, 10), base), _PRINT[int(rng.integers(_LEFT))], 255, face, anchor="rs")
    if rng.random() < 0.55:
        word = _PRINT[int(rng.integers(_LEFT, len(_PRINT)))]
        draw.text((width - _ROOM + rng.uniform(-2, 10), base), word, 255, face, anchor="ls")
    layer = np.asarray(image, dtype=np.uint8).copy()
    seen = int(rng.integers(2, 16))  # what the slot's edges leave of them
    layer[:, : _ROOM - seen] = 0
    layer[:, width - _ROOM + seen :] = 0
    np.maximum(canvas, layer, out=canvas)


def _rules(canvas: Mask, rng: np.random.Generator) -> None:
    """A rule or a row of dots under (rarely through) the digits: the form's or a pen's, it runs under all of them."""
    height, width = canvas.shape
    y = height - _ROOM + int(rng.integers(-6, 14))
    x0, x1 = int(rng.integers(0, _ROOM)), width - int(rng.integers(0, _ROOM))
    if rng.random() < 0.5:
        cv2.line(canvas, (x0, y), (x1, y + int(rng.integers(-1, 2))), 255, int(rng.integers(1, 4)))
    else:
        for x in range(x0, x1, int(rng.integers(7, 14))):
            cv2.circle(canvas, (x, y), int(rng.integers(1, 3)), 255, -1)


def _specks(canvas: Mask, rng: np.random.Generator) -> None:
    height, width = canvas.shape
    for _ in range(int(rng.integers(1, 8))):
        at = (int(rng.integers(width)), int(rng.integers(height)))
        cv2.ellipse(canvas, at, (int(rng.integers(1, 4)), int(rng.integers(1, 4))), 0, 0, 360, 255, -1)


def scanned(canvas: Mask, most_blur: float, rng: np.random.Generator) -> Mask:
    """Paper, resolution, threshold and compression of office scanners; ink stays 255 on 0."""
    height, width = canvas.shape
    zoom = rng.uniform(0.4, 1.1)
    small = cv2.resize(canvas, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_AREA).astype(np.float32)
    if rng.random() < 0.5:
        blur = min(rng.uniform(0.3, 1.3), most_blur * zoom)
        small = np.asarray(cv2.GaussianBlur(small, (0, 0), blur), dtype=np.float32)
    if rng.random() < 0.25:  # strokes that fade, as pencils and worn stamps do
        cloud = rng.uniform(0.5, 1.4, (3, max(3, small.shape[1] // 14))).astype(np.float32)
        small = small * np.clip(cv2.resize(cloud, small.shape[::-1]), 0, 1)
    small = small * rng.uniform(0.5, 1.0) + rng.normal(0, rng.uniform(0, 10), small.shape)
    if rng.random() < 0.3:
        small = 255.0 * (small > rng.uniform(0.3, 0.5) * max(60.0, float(np.percentile(small, 99))))
    seen = np.clip(small, 0, 255).astype(np.uint8)
    if rng.random() < 0.4:
        _, code = cv2.imencode(".jpg", 255 - seen, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 90))])
        seen = 255 - np.asarray(cv2.imdecode(code, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)
    return np.asarray(cv2.resize(seen, (width, height), interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def inked(text: str, hands: Hands, rng: np.random.Generator, wear: Wear) -> Mask:
    """One string by a pen, before it is scanned, without empty borders."""
    return inked_by(hands.one(rng), text, rng, wear)


def inked_by(hand: Glyphs, text: str, rng: np.random.Generator, wear: Wear, manner: Manner | None = None) -> Mask:
    """One string by the pen of one hand, before it is scanned, without empty borders."""
    return _tight(_pen(_wavy(joined(text, hand, rng, manner), wear.warp, rng), wear.thinnest, rng))


def written(text: str, hands: Hands, rng: np.random.Generator, wear: Wear = TRAINING) -> Mask:
    """One string on paper, digits some ``BODY`` pixels tall, after scanning."""
    canvas = _pen(_wavy(joined(text, hands.one(rng), rng), wear.warp, rng), wear.thinnest, rng)
    if rng.random() < 0.4 or not text:
        _print_remains(canvas, rng)
    for spoil, share in ((_rules, 0.12), (_specks, 0.2)):
        if rng.random() < share:
            spoil(canvas, rng)
    return scanned(canvas, wear.blur, rng)


def as_cut(canvas: Mask) -> Cut | None:
    """The string as if cut out of a page; None where the scan has lost the ink."""
    ink = canvas.astype(np.float32) / max(60.0, float(np.percentile(canvas, 99.5)))
    dark = ink > _INK
    ys, xs = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    if not len(ys):
        return None
    rows, columns = slice(ys[0], ys[-1] + 1), slice(xs[0], xs[-1] + 1)
    ink *= cv2.dilate(dark.astype(np.uint8), np.ones((3, 3), np.uint8))
    return Cut(np.clip(ink[rows, columns], 0, 1), body_rows(dark[rows, columns]), False)


def in_slot(canvas: Mask) -> tuple[Mask, Window]:
    """The string as a grey page, and the slot that it was written into."""
    page = np.pad(255 - canvas, 2 * BODY, constant_values=255)
    height, width = canvas.shape
    x0, x1, base = (2 * BODY + v for v in (_ROOM - _TO_PRINT, width - _ROOM + _TO_PRINT, height - _ROOM))
    return page, Window(x0, x1, base, BODY / _DIGITS, 0.0)


def make(text: str, hands: Hands, rng: np.random.Generator) -> Mask:
    """One string as the network sees it, ``HEIGHT`` × ``WIDTH``: some view of the reader's."""
    cut = as_cut(written(text, hands, rng))
    if cut is None:
        return np.zeros((HEIGHT, WIDTH), np.uint8)
    size = float(rng.uniform(0.82, 1.14))
    zoom = fitting(cut, WIDTH) / max(1.0, size)
    room = WIDTH - cut.ink.shape[1] * zoom * size
    x = float(rng.uniform(-3, max(0, min(room - 10, 12)) if rng.random() < 0.8 else max(0, room - 10)))
    hard = float(rng.uniform(0, 0.8)) if rng.random() < 0.4 else 0.0
    view = View(size, x, float(rng.normal(0, 1.1)), float(rng.normal(0, 0.08)), hard)
    return np.asarray(255 * rendered(cut, view, zoom, WIDTH), dtype=np.uint8)


def batch(size: int, hands: Hands, rng: np.random.Generator) -> tuple[NDArray[np.uint8], Sequence[str]]:
    """``size`` strings and what they say."""
    texts = [label(rng) if rng.random() < 0.5 else _long(rng) for _ in range(size)]
    return np.stack([make(text, hands, rng) for text in texts]), texts
