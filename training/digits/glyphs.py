"""Single digits as masks: MNIST's in two thicknesses, drawn strokes, and type.

Every source is a function of a digit and a generator that gives a ``uint8`` mask of ``SIDE`` × ``SIDE`` pixels, ink
255, the digit about ``BODY`` pixels tall.
"""

import json
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Mask = NDArray[np.uint8]
Glyphs = Callable[[int, np.random.Generator], Mask]

SIDE = 72
BODY = 44
_DOT = np.ones((2, 2), np.uint8)
_STROKES: dict[str, list[list[list[list[float]]]]] = json.loads(
    Path(__file__).with_name("strokes.json").read_text(encoding="utf-8")
)
_FAMILIES = (
    "Liberation Serif", "Liberation Sans", "Liberation Mono", "Liberation Sans Narrow", "Tinos", "FreeSerif",
    "FreeSans", "DejaVu Serif", "DejaVu Sans", "DejaVu Sans Mono", "Nimbus Roman", "C059", "Noto Sans",
    "Noto Serif", "Carlito",
)  # fmt: skip


def read_idx(path: Path) -> NDArray[np.uint8]:
    """Array in a file of MNIST's IDX format."""
    raw = path.read_bytes()
    sizes = [int.from_bytes(raw[4 + 4 * k : 8 + 4 * k], "big") for k in range(raw[3])]
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * raw[3]).reshape(sizes)


def thin(masks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """One-pixel skeletons of many masks ``(n, height, width)`` at a time, by Zhang and Suen (1984)."""
    if len(masks) > 100:  # small lots stay in the processor's cache
        return np.concatenate([thin(masks[k : k + 100]) for k in range(0, len(masks), 100)])
    ink = np.pad(masks, ((0, 0), (1, 1), (1, 1)))
    moves = [(-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1)]
    changed = True
    while changed:
        changed = False
        for first in (True, False):
            p = [np.roll(ink, (-dy, -dx), (1, 2)) for dy, dx in moves]
            around = sum(q.astype(np.int8) for q in p)
            turns = sum((~a & b).astype(np.int8) for a, b in zip(p, [*p[1:], p[0]], strict=True))
            n, e, s, w = p[0], p[2], p[4], p[6]
            keep = (n & e & s) | (e & s & w) if first else (n & e & w) | (n & s & w)
            gone = ink & (around >= 2) & (around <= 6) & (turns == 1) & ~keep
            if gone.any():
                ink = ink & ~gone
                changed = True
    return np.asarray(ink[:, 1:-1, 1:-1])


def _enlarged(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """28-pixel digits of some 20 pixels' height at ``BODY`` pixels' height."""
    zoom = BODY / 20
    shift = (SIDE - 28 * zoom) / 2
    matrix = np.array([[zoom, 0, shift], [0, zoom, shift]])
    return np.stack([cv2.warpAffine(i, matrix, (SIDE, SIDE), flags=cv2.INTER_CUBIC) for i in images])


def mnist(folder: Path, part: str, per_digit: int) -> tuple[Glyphs, Glyphs]:
    """Digits of real writers, as they are and as thin lines; ``part`` is ``train`` or ``t10k``."""
    labels = read_idx(folder / f"{part}-labels-idx1-ubyte")
    images = read_idx(folder / f"{part}-images-idx3-ubyte")
    full: list[NDArray[np.uint8]] = []
    lean: list[NDArray[np.uint8]] = []
    for digit in range(10):
        chosen = _enlarged(images[labels == digit][:per_digit])
        full.append(chosen)
        lines = thin(chosen > 110).astype(np.uint8) * 255
        lean.append(np.stack([np.asarray(cv2.dilate(m, _DOT), dtype=np.uint8) for m in lines]))

    def pick(bank: list[NDArray[np.uint8]], width: int) -> Glyphs:
        def glyph(digit: int, rng: np.random.Generator) -> Mask:
            mask = bank[digit][rng.integers(len(bank[digit]))].copy()
            return _european(mask, digit, width, rng)

        return glyph

    return pick(full, 5), pick(lean, 2)


def _european(mask: Mask, digit: int, width: int, rng: np.random.Generator) -> Mask:
    """MNIST's American digits as Vietnamese hands write them: 1 with an upstroke, crossed 7, 5 with a flag."""
    ys, xs = np.nonzero(mask > 100)
    if digit not in (1, 5, 7) or not len(ys):
        return mask
    top, bottom, right = int(ys.min()), int(ys.max()), int(xs.max())
    tall = bottom - top

    def line(a: tuple[int, int], b: tuple[int, int]) -> None:
        cv2.line(mask, a, b, 255, width, cv2.LINE_AA)

    if digit == 1 and rng.random() < 0.75:
        x = int(xs[ys <= top + 2].mean())
        reach = rng.uniform(0.2, 0.9)
        line((x, top + 1), (round(x - tall * reach * rng.uniform(0.3, 0.75)), round(top + tall * reach)))
        if rng.random() < 0.15:
            foot = int(xs[ys >= bottom - 2].mean())
            line((foot - 9, bottom), (foot + 9, bottom))
    elif digit == 7 and rng.random() < 0.75:
        row = round(top + tall * rng.uniform(0.4, 0.65))
        near = xs[np.abs(ys - row) <= 2]
        x = int(near.mean()) if len(near) else right
        line((x - int(rng.integers(6, 14)), row + int(rng.integers(-2, 4))), (x + int(rng.integers(6, 18)), row - 2))
    elif digit == 5 and rng.random() < 0.5:
        x = int(xs[ys <= top + 3].mean())
        line((x, top + 2), (min(SIDE - 2, right + int(rng.integers(2, 20))), top + int(rng.integers(-4, 3))))
    return mask


def curve(points: NDArray[np.float64], steps: int = 8) -> NDArray[np.float64]:
    """Catmull-Rom curve through the points (shape ``(n, 2)``)."""
    if len(points) < 3:
        return points
    p = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    parts = [
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        for a, b, c, d in zip(p, p[1:], p[2:], p[3:], strict=False)
    ]
    return np.vstack([*parts, points[-1:]])


def drawn(seed: int, oddness: float = 0.05) -> Glyphs:
    """Digits drawn by one pen; each writer (``seed``) has habits: which form of a digit, how narrow.

    ``oddness``: how far the writer's forms are from those of ``strokes.json``, in heights of a digit.
    """
    habits = np.random.default_rng(seed)
    forms = {digit: int(habits.integers(len(options))) for digit, options in _STROKES.items()}
    wide = habits.uniform(0.45, 0.75)
    warp = {d: habits.normal(0, oddness, (3, 12, 2)) for d in _STROKES}
    width = int(habits.integers(1, 4))

    def glyph(digit: int, rng: np.random.Generator) -> Mask:
        mask = np.zeros((SIDE, SIDE), np.uint8)
        strokes = _STROKES[str(digit)][forms[str(digit)]]
        for k, stroke in enumerate(strokes):
            p = np.array(stroke) + warp[str(digit)][k, : len(stroke)] + rng.normal(0, 0.02, (len(stroke), 2))
            p[:, 0] = SIDE / 2 + (p[:, 0] - 0.5) * wide * BODY
            p[:, 1] = SIDE / 2 + (p[:, 1] - 0.5) * BODY
            cv2.polylines(mask, [np.round(curve(p) * 16).astype(np.int32)], False, 255, width, cv2.LINE_AA, 4)
        return mask

    return glyph


@cache
def font_files() -> list[str]:
    """Files of the installed families that typewriters, stamps and printers come near to."""
    listed = subprocess.run(
        ["fc-list", ":charset=30 31 32 33 34 35 36 37 38 39", "file", "family"],
        capture_output=True,
        text=True,
        check=True,
    )
    files = (line.split(": ", maxsplit=1) for line in listed.stdout.splitlines())
    return sorted({file for file, name in files if _is_wanted(name) and file.endswith((".ttf", ".otf"))})


def _is_wanted(name: str) -> bool:
    """Whether a name is that of a family, not of one for another script: 'Noto Sans', not 'Noto Sans Symbols'."""
    return any(family in _FAMILIES for family in name.split(","))


@cache
def face_of(path: str, size: int) -> ImageFont.FreeTypeFont:
    """A typeface at a size in pixels."""
    return ImageFont.truetype(path, size)


def typed(seed: int) -> Glyphs:
    """Digits of one typeface."""
    files = font_files()
    face = face_of(files[seed % len(files)], 62)

    @cache
    def plain(digit: int) -> Mask:
        image = Image.new("L", (SIDE, SIDE))
        ImageDraw.Draw(image).text((SIDE / 2, SIDE / 2), str(digit), 255, face, anchor="mm")
        return np.asarray(image, dtype=np.uint8)

    return lambda digit, _: plain(digit)
