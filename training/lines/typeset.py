"""One line as it leaves the printer: ink on paper, with the base line, the x-height and the middle of every glyph."""

import random
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from training.lines.faces import Face

Grey = NDArray[np.uint8]
Ink = Grey
"""0 is paper, 255 full ink."""

_ABOVE, _BELOW = 1.9, 1.3  # ems of paper over and under the base line: neighbours show in them


@dataclass(slots=True)
class Print:
    """A line in pixels of the printer. ``centres`` are the columns of the glyphs' middles, one for each character."""

    ink: Ink
    text: str
    base: float
    xheight: float
    centres: NDArray[np.float64]
    left: float
    """First column of the text."""
    right: float
    """First column behind the text."""


@dataclass(slots=True, frozen=True)
class Spacing:
    """How words and letters are set apart, in pixels."""

    blank: float
    """Width of a blank."""
    track: float = 0.0
    """Added behind every letter."""
    gap: int = -1
    """The blank of this number, from 0, is ``width`` wide instead."""
    width: float = 0.0


def placed(
    text: str, font: ImageFont.FreeTypeFont, spacing: Spacing
) -> tuple[list[tuple[float, str]], NDArray[np.float64], float]:
    """Runs to draw with their columns, the middle of every character, and the width of the whole."""
    runs: list[tuple[float, str]] = []
    middles: list[float] = []
    x = 0.0
    for number, word in enumerate(text.split(" ")):
        if number:
            wide = spacing.width if number - 1 == spacing.gap else spacing.blank
            middles.append(x + wide / 2)
            x += wide
        start = 0.0
        for k in range(1, len(word) + 1):
            end = font.getlength(word[:k]) if not spacing.track else start + font.getlength(word[k - 1])
            middles.append(x + (start + end) / 2)
            if spacing.track:
                runs.append((x + start, word[k - 1]))
            start = end + spacing.track
        if not spacing.track and word:
            runs.append((x, word))
        x += start
    return runs, np.array(middles), x


def spacing_of(text: str, em: float, font: ImageFont.FreeTypeFont, rng: random.Random) -> Spacing:
    """Justified and ragged lines, letter-spaced ones, and lines with a wide gap."""
    blank = font.getlength(" ") * (rng.uniform(0.65, 2.2) if rng.random() < 0.4 else 1.0)
    track = rng.choice((rng.uniform(-0.03, 0.05), rng.uniform(0.05, 0.2))) * em if rng.random() < 0.07 else 0.0
    blanks = text.count(" ")
    gap = rng.randrange(blanks) if blanks and rng.random() < 0.09 else -1
    return Spacing(max(blank, blank + 2 * track), track, gap, em * rng.choice((rng.uniform(1, 3), rng.uniform(2, 8))))


def printed(text: str, face: Face, em: int, neighbour: str, rng: random.Random) -> Print:
    """The line at ``em`` pixels; ``neighbour`` is what the lines above and below say."""
    font = face.at(em)
    spacing = spacing_of(text, em, font, rng)
    runs, middles, width = placed(text, font, spacing)
    before, behind = (em * (rng.uniform(0.5, 4) if rng.random() < 0.08 else rng.uniform(0.03, 0.5)) for _ in range(2))
    base = round(_ABOVE * em)
    image = Image.new("L", (round(before + width + behind) + 1, base + round(_BELOW * em)))
    draw = ImageDraw.Draw(image)
    for x, run in runs:
        draw.text((before + x, base), run, 255, font, anchor="ls")
    if rng.random() < 0.5:
        pitch = em * rng.uniform(1.0, 1.6)
        for side in (-1, 1):
            if rng.random() < 0.7:
                start = before - (rng.uniform(0, 3) * em if rng.random() < 0.5 else 0)
                draw.text((start, base + side * pitch), neighbour, 255, font, anchor="ls")
    line = Print(np.array(image), text, base, face.xheight * em, before + middles, before, before + width)
    _rules(line, em, rng)
    return line


def _rules(line: Print, em: int, rng: random.Random) -> None:
    """Underlines, and the rules of tables around the line."""
    height, width = line.ink.shape
    thick = max(1, round(em * rng.uniform(0.03, 0.09)))
    base = round(line.base)
    if rng.random() < 0.06:
        y = base + round(em * rng.uniform(0.08, 0.28))
        x = line.left + rng.choice((0.0, rng.uniform(0, 0.6))) * (line.right - line.left)
        end = rng.choice((line.right, rng.uniform(x + em, line.right + em)))
        line.ink[y : y + thick, max(0, round(x)) : max(0, round(end))] = 255
    if rng.random() < 0.07:
        sides = [rng.random() < 0.5 for _ in range(4)]
        top, foot = base - round(em * rng.uniform(0.95, 1.5)), base + round(em * rng.uniform(0.3, 0.7))
        at = (rng.uniform(0, 0.7) * line.left, (line.right + rng.uniform(0.3, 1) * (width - line.right)))
        for row, there in zip((top, foot), sides[:2], strict=True):
            if there and 0 <= row < height - thick:
                line.ink[row : row + thick] = 255
        for column, there in zip(at, sides[2:], strict=True):
            if there:
                line.ink[:, round(column) : round(column) + thick] = 255


def thicker(ink: Ink, pixels: int) -> Ink:
    """Strokes swollen by so many pixels, or thinned where negative."""
    if not pixels:
        return ink
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (abs(pixels) + 1, abs(pixels) + 1))
    return np.asarray((cv2.dilate if pixels > 0 else cv2.erode)(ink, kernel), dtype=np.uint8)
