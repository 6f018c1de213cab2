"""What a hand or a stamp puts on paper: pen digits, signatures, round seals, framed stamps.

Every function returns a sketch: given pixels a point and a random generator it draws RGBA on nothing. Shapes are those
of ordinary Vietnamese office paper; no real seal or signature is copied.
"""

import json
import math
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from samples.fonts import Fonts, Style
from samples.typeset import Sketch

RED = (205, 38, 44)
PEN_BLUE = (34, 48, 130)
PEN_BLACK = (28, 28, 34)
Colour = tuple[int, int, int]
_DIGITS: dict[str, list[list[tuple[float, float]]]] = json.loads(
    Path(__file__).with_name("digits.json").read_text(encoding="utf-8")
)


def _smooth(points: NDArray[np.float64], steps: int = 10) -> NDArray[np.float64]:
    """Catmull-Rom curve through the points (shape ``(n, 2)``)."""
    if len(points) < 3:
        return points
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    parts = []
    for p0, p1, p2, p3 in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        parts.append(
            0.5 * (2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2 + (3 * p1 - p0 - 3 * p2 + p3) * t**3)
        )
    return np.vstack([*parts, points[-1:]])


def _stroke(mask: NDArray[np.uint8], points: NDArray[np.float64], width: float, rng: np.random.Generator) -> None:
    """Draw a curve whose width breathes as a pen's does, at 1/16 pixel."""
    curve = _smooth(points)
    breath = 1 + 0.18 * np.sin(np.linspace(0, rng.uniform(2, 5), len(curve)) + rng.uniform(0, 6))
    for a, b, swell in zip(curve, curve[1:], breath, strict=False):
        ends = [(round(p[0] * 16), round(p[1] * 16)) for p in (a, b)]
        cv2.line(mask, ends[0], ends[1], 255, max(1, round(width * swell)), cv2.LINE_AA, 4)


def _tinted(mask: NDArray[np.uint8], colour: Colour) -> Image.Image:
    image = Image.new("RGBA", (mask.shape[1], mask.shape[0]), (*colour, 0))
    image.putalpha(Image.fromarray(mask))
    return image


def handwriting(digits: str, height: float, colour: Colour = PEN_BLUE) -> Sketch:
    """Digits by pen, ``height`` points tall."""

    def sketch(scale: float, rng: np.random.Generator) -> Image.Image:
        tall = height * scale
        pad = 0.4 * tall
        mask = np.zeros((int(tall + 2 * pad), int(0.72 * tall * len(digits) + 2 * pad)), np.uint8)
        slant = rng.uniform(0.05, 0.3)
        x = pad
        for digit in digits:
            size = tall * rng.uniform(0.9, 1.08)
            drop = pad + rng.normal(0, 0.04) * tall
            for stroke in _DIGITS[digit]:
                p = np.array(stroke, float) + rng.normal(0, 0.022, (len(stroke), 2))
                p[:, 0] = x + (p[:, 0] * 0.62 + (1 - p[:, 1]) * slant) * size
                p[:, 1] = drop + p[:, 1] * size
                _stroke(mask, p, 0.8 * scale * rng.uniform(0.85, 1.2), rng)
            x += 0.66 * size
        return _tinted(mask, colour)

    return sketch


def signature(width: float, height: float, colour: Colour = PEN_BLUE) -> Sketch:
    """A scrawl: a tall looped start, waves that die away, and a long tail stroke."""

    def sketch(scale: float, rng: np.random.Generator) -> Image.Image:
        w, h = width * scale, height * scale
        mask = np.zeros((int(h), int(w)), np.uint8)
        t = np.linspace(0, 1, 26)
        x = w * (0.12 + 0.62 * t) + w * 0.07 * np.sin(2 * math.pi * (t * rng.uniform(3, 5) + rng.random()))
        swing = np.cos(2 * math.pi * t * rng.uniform(3.5, 5.5) + rng.uniform(0, 3)) * (1 - 0.75 * t)
        y = h * (0.5 - 0.36 * swing + rng.normal(0, 0.02, t.size))
        _stroke(mask, np.stack([x, y], 1), 1.2 * scale, rng)
        tail = np.array([[0.3, 0.82], [0.55, 0.7], [0.75, 0.5], [0.96, 0.12 + 0.3 * rng.random()]]) * (w, h)
        _stroke(mask, tail, 1.0 * scale, rng)
        return _tinted(mask, colour)

    return sketch


def _rim_text(image: Image.Image, text: str, radius: float, size: float, fonts: Fonts) -> None:
    """Letters around the upper arc, upright at the top."""
    style = Style(1, bold=True)
    face = fonts.face(style, size)
    middle = image.width / 2
    advances = [face.getlength(c) + 0.12 * size for c in text]
    angle = -sum(advances) / 2 / radius
    for char, advance in zip(text, advances, strict=True):
        angle += advance / 2 / radius
        box = int(size * 2.2)
        glyph = Image.new("L", (box, box), 0)
        ImageDraw.Draw(glyph).text((box / 2, box / 2), char, 255, face, anchor="mm")
        glyph = glyph.rotate(-math.degrees(angle), Image.Resampling.BICUBIC)
        at = (middle + radius * math.sin(angle) - box / 2, middle - radius * math.cos(angle) - box / 2)
        image.paste(255, (round(at[0]), round(at[1])), glyph)
        angle += advance / 2 / radius


def _star(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float) -> None:
    turns = [math.pi * k / 5 for k in range(10)]
    radii = [radius if k % 2 == 0 else radius * 0.4 for k in range(10)]
    draw.polygon([(x + r * math.sin(a), y - r * math.cos(a)) for a, r in zip(turns, radii, strict=True)], 255)


def _worn(mask: NDArray[np.uint8], rng: np.random.Generator, strength: float) -> NDArray[np.uint8]:
    """Take ink away in clouds, as an uneven press of the stamp does."""
    coarse = rng.random((max(2, mask.shape[0] // 24), max(2, mask.shape[1] // 24))).astype(np.float32)
    cloud = cv2.resize(coarse, mask.shape[::-1], interpolation=cv2.INTER_CUBIC)
    grain = rng.random(mask.shape).astype(np.float32)
    keep = np.clip(1.25 - strength * (0.8 * cloud + 0.5 * grain), 0.15, 1)
    return (mask * keep * 0.92).astype(np.uint8)


def seal(rim: str, centre: Sequence[str], fonts: Fonts, colour: Colour = RED, diameter: float = 102) -> Sketch:
    """A round office seal (36 mm): two circles, the office around the rim, a star or a name in the middle."""

    def sketch(scale: float, rng: np.random.Generator) -> Image.Image:
        side = round(diameter * scale)
        image = Image.new("L", (side, side), 0)
        draw = ImageDraw.Draw(image)
        edge, unit = side / 2, side / 100
        for radius, width in ((48, 2.2), (45, 0.8), (31, 0.9)):
            box = (edge - radius * unit, edge - radius * unit, edge + radius * unit, edge + radius * unit)
            draw.ellipse(box, outline=255, width=max(1, round(width * unit)))
        _rim_text(image, rim, 37.5 * unit, min(9.0, 200 / max(12, len(rim))) * unit, fonts)
        _star(draw, edge, edge + 38 * unit, 4 * unit)
        if centre:
            face = fonts.face(Style(1, bold=True), 8.2 * unit)
            for k, row in enumerate(centre):
                draw.text((edge, edge + (k - (len(centre) - 1) / 2) * 10 * unit), row, 255, face, anchor="mm")
        else:
            _star(draw, edge, edge, 14 * unit)
            draw.arc(
                (edge - 24 * unit, edge - 24 * unit, edge + 24 * unit, edge + 24 * unit), 20, 160, 255, round(3 * unit)
            )
        turned = image.rotate(float(rng.normal(0, 6)), Image.Resampling.BICUBIC)
        return _tinted(_worn(np.asarray(turned), rng, rng.uniform(0.5, 0.8)), colour)

    return sketch


def framed(rows: Sequence[str], size: float, fonts: Fonts, colour: Colour = RED, width: float = 0) -> Sketch:
    """A stamp of text rows in a single frame, such as HỎA TỐC or ĐẾN; ``width`` in points, 0 for that of the text."""

    def sketch(scale: float, rng: np.random.Generator) -> Image.Image:
        face = fonts.face(Style(1, bold=True), size * scale)
        inner = max(width * scale, *(face.getlength(r) for r in rows)) if rows else width * scale
        pad, step = 0.5 * size * scale, 1.35 * size * scale
        mask = Image.new("L", (int(inner + 3 * pad), int(step * len(rows) + pad)), 0)
        draw = ImageDraw.Draw(mask)
        draw.rectangle((1, 1, mask.width - 2, mask.height - 2), outline=255, width=max(1, round(scale)))
        for k, row in enumerate(rows):
            draw.text((mask.width / 2, pad / 2 + (k + 0.5) * step), row, 255, face, anchor="mm")
        turned = mask.rotate(float(rng.normal(0, 1.2)), Image.Resampling.BICUBIC, expand=True)
        return _tinted(_worn(np.asarray(turned), rng, 0.45), colour)

    return sketch
