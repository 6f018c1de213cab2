"""Pieces of ink on a page: connected components of a letter's size, and the rules that part columns and cells."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vndoc.ocr.imaging.connected import connected
from vndoc.ocr.imaging.image import Image8
from vndoc.page import Box

Ints = NDArray[np.int32]

_RULE, _THICKEST = 40, 12  # pixels of a rule, at least as long and at most as thick; letters on pages are lower
_UNDERLINED = 3  # heights of a piece of ink from which it may be letters and the rule under them
_LETTER = 120  # pixels: letters as high as that are known as such on a crop of one line too, and no higher ones
_SPECK = 4  # pixels under which ink is dust
_COARSE, _SHADOW = 8, 25  # scale at which paper is seen; grey levels by which light is uneven


@dataclass(slots=True)
class Components:
    """Pieces of ink as parallel arrays: box edges (exclusive at the right and bottom) and pixels of ink."""

    x0: Ints
    y0: Ints
    x1: Ints
    y1: Ints
    area: Ints

    def __len__(self) -> int:
        """How many."""
        return len(self.x0)

    @property
    def height(self) -> Ints:
        """In pixels."""
        return self.y1 - self.y0

    @property
    def width(self) -> Ints:
        """In pixels."""
        return self.x1 - self.x0

    def only(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> "Components":
        """Some of them, by a mask or by their numbers."""
        return Components(*(side[chosen] for side in (self.x0, self.y0, self.x1, self.y1, self.area)))


def ink_of(gray: Image8) -> Image8:
    """1 where there is ink; the threshold lies between ink and paper, nearer to the paper where print is faint."""
    even = _evenly_lit(cv2.GaussianBlur(gray, (3, 3), 0))
    sample = even[::3, ::3]
    paper = float(np.percentile(sample, 80))
    dark = sample[sample < 0.75 * paper]
    ink = float(np.percentile(dark, 30)) if dark.size > 50 else 0.0
    return np.asarray(even < ink + 0.58 * (paper - ink), dtype=np.uint8)


def _evenly_lit(gray: "cv2.typing.MatLike") -> "cv2.typing.MatLike":
    """The image with its paper made white everywhere, where shadows make it darker here than there."""
    small = cv2.resize(gray, None, fx=1 / _COARSE, fy=1 / _COARSE, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((5, 5), np.uint8)), 5)
    light, dark = np.percentile(paper, (80, 5))
    if light - dark < _SHADOW:
        return gray
    paper = cv2.resize(cv2.GaussianBlur(paper, (0, 0), 3), gray.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return cv2.divide(gray, np.maximum(paper, 40), scale=255)


def components_of(ink: Image8) -> tuple[Components, list[Box]]:
    """Pieces of ink of a letter's size at most, and the boxes of upright rules."""
    labels, found, _ = connected(ink)
    stats: Ints = np.asarray(found, np.int32)[1:]
    width, height = stats[:, 2], stats[:, 3]
    rule = (height >= _RULE) & (width <= np.maximum(6, height // 12))
    parts, rules = [], list(map(_box, stats[rule]))
    # The rules of a table are one piece of ink, with all the letters that touch them; so is an underline.
    grid = ((height >= 1.5 * _RULE) & (width >= 1.5 * _RULE)) | ((height > _THICKEST) & (width >= _UNDERLINED * height))
    single = (height <= max(_LETTER, ink.shape[0] // 10)) & ~rule
    for number in np.flatnonzero(grid & (width >= 2 * _RULE)).tolist():
        x, y, across, down = stats[number, :4].tolist()
        touching, upright = _off_the_rules((labels[y : y + down, x : x + across] == number + 1).astype(np.uint8))
        parts.append(touching + np.array([x, y, 0, 0, 0]))
        rules += [_box(rest) for rest in upright + np.array([x, y, 0, 0, 0])]
        single[number] &= not len(touching)
    parts.append(stats[single])
    x0, y0, width, height, area = np.concatenate(parts).astype(np.int32).T
    components = Components(x0, y0, x0 + width, y0 + height, area)
    return components.only(components.area >= _SPECK), rules


def _box(stats: Ints) -> Box:
    x, y, width, height = stats[:4].tolist()
    return Box(x, y, x + width, y + height)


def _off_the_rules(grid: Image8) -> tuple[Ints, Ints]:
    """Stats of what touches the rules of a grid, and of its upright rules; nothing where it has no rules."""
    level, upright = _strokes(grid, (1, 2 * _RULE)), _strokes(grid, (round(1.25 * _RULE), 1))
    rules = connected(upright).stats[1:]
    slim = rules[rules[:, 2] <= _THICKEST]
    if not len(slim) and not level.any():
        return np.empty((0, 5), np.int32), slim
    near = cv2.dilate(cv2.bitwise_or(level, upright), np.ones((3, 3), np.uint8))
    rest = np.where(near, 0, grid).astype(np.uint8)
    stats = connected(rest).stats[1:]
    return stats[(stats[:, 3] < 2 * _RULE) & (stats[:, 2] < 4 * _RULE)], slim


def _strokes(grid: Image8, least: tuple[int, int]) -> Image8:
    """Ink as high and as wide as that at least; with ink beyond the edges, letters on the lowest rule would be one."""
    kernel = np.ones(least, np.uint8)
    opened = cv2.morphologyEx(grid, cv2.MORPH_OPEN, kernel, borderType=cv2.BORDER_CONSTANT, borderValue=(0,))
    return np.asarray(opened, dtype=np.uint8)


def usual_height(components: Components, fewest: int) -> float | None:
    """Height of letters with ascenders that is most common: marks and specks are lower, merged lines higher."""
    height = components.height[(components.height >= 6) & (components.width >= 2) & (components.area >= 10)]
    if len(height) < fewest:
        return None
    # Specks may be many. Letters are those heights whose ink is most.
    counts = np.bincount(height, weights=height.astype(float) ** 1.5)
    smooth = np.convolve(counts, np.ones(5) / 5, mode="same")
    peak = int(smooth.argmax())
    near = height[(height >= 0.55 * peak) & (height <= 1.9 * peak)]
    return float(np.percentile(near, 75))
