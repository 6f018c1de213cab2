"""Lines in files: parts of a thousand strips, each made from its number and the seed alone, and batches of them.

So nothing but two numbers is needed to go on where training stopped: the round and the batch of the round.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from training.lines.faces import Faces
from training.lines.strips import Line, line
from training.lines.texts import Texts
from vndoc.ocr.engines.lines.alphabet import labels
from vndoc.ocr.engines.lines.strips import HEIGHT, STRIDE

LINES = 1000
"""Lines of a part."""
AGES = (0, 3)
"""A round takes the parts that are so many rounds old: each part is used once at each age.

Making a line takes a sixth of the time of learning from it, so new lines are worth more than a third look.
"""
_WIDTHS = (64, 96, 128, 176, 224, 288, 352, 432, 528, 640, 768, 928, 1200)
"""Widths that strips are filled up to: few, for libraries prepare themselves for each shape."""


@dataclass(slots=True)
class Batch:
    """``strips`` are ``(n, 48, width)``; ``labels`` and ``columns`` those of all lines, one behind the other."""

    strips: NDArray[np.uint8]
    labels: NDArray[np.int64]
    columns: NDArray[np.int64]
    lengths: NDArray[np.int64]
    """Characters of each line."""
    widths: NDArray[np.int64]
    """Columns of the network in each line."""


class Maker:
    """Makes parts; ``kept`` from text that was set aside, ``held_out`` in faces that training never sees."""

    def __init__(self, passages: Path, seed: int, kept: bool = False, held_out: bool = False) -> None:
        cv2.setNumThreads(1)
        self._seed = seed
        self._texts = Texts(passages.read_text(encoding="utf-8").splitlines(), kept)
        self._faces = Faces(held_out)

    def lines(self, number: int, count: int) -> list[Line]:
        """The lines of a part."""
        rng = random.Random(f"{self._seed} {number}")
        return [line(self._texts, self._faces, rng) for _ in range(count)]

    def write(self, folder: Path, number: int, count: int = LINES) -> Path:
        """The part as a file, made unless it is there."""
        path = part_path(folder, number)
        if not path.exists():
            save(path, self.lines(number, count))
        return path


def part_path(folder: Path, number: int) -> Path:
    """Where the part lies."""
    return folder / f"part-{number:06}.npz"


def save(path: Path, lines: list[Line]) -> None:
    """Write lines in 8 bits a pixel; the file appears whole."""
    rough = path.with_suffix(".writing.npz")
    np.savez(
        rough,
        pixels=np.concatenate([item.strip.ravel() for item in lines]),
        widths=np.array([item.strip.shape[1] for item in lines]),
        texts=np.array([item.text for item in lines]),
        columns=np.concatenate([item.columns for item in lines]).astype(np.uint16),
    )
    rough.replace(path)


def load(path: Path) -> list[Line]:
    """The lines of a file."""
    with np.load(path) as saved:
        pixels, widths, texts, columns = (saved[name] for name in ("pixels", "widths", "texts", "columns"))
    lines, at, character = [], 0, 0
    for width, text in zip(widths.tolist(), texts.tolist(), strict=True):
        strip = pixels[at : at + HEIGHT * width].reshape(HEIGHT, width)
        lines.append(Line(strip, text, columns[character : character + len(text)].astype(np.int64)))
        at, character = at + HEIGHT * width, character + len(text)
    return lines


def parts_of(round_: int) -> list[int]:
    """Numbers of the parts that a round takes."""
    return [round_ - age for age in AGES if age <= round_]


def width_for(pixels: int) -> int:
    """The width that a strip is filled up to."""
    return next(w for w in _WIDTHS if w >= pixels)


def batched(lines: list[Line]) -> Batch:
    """Lines of about one width in one array, filled up with paper."""
    width = width_for(max(item.strip.shape[1] for item in lines))
    strips = np.zeros((len(lines), HEIGHT, width), np.uint8)
    for row, item in zip(strips, lines, strict=True):
        row[:, : item.strip.shape[1]] = item.strip
    return Batch(
        strips,
        np.array([k for item in lines for k in labels(item.text)], dtype=np.int64),
        np.concatenate([item.columns for item in lines]),
        np.array([len(item.text) for item in lines], dtype=np.int64),
        np.array([-(-item.strip.shape[1] // STRIDE) for item in lines], dtype=np.int64),
    )


def batches(lines: list[Line], pixels: int, rng: random.Random) -> Iterator[Batch]:
    """Lines in random order, in batches of about ``pixels`` columns of pixels; lines of a batch are alike in width.

    What is left of a width and too little for a batch is left out: its means would be too rough to normalise by.
    """
    groups: dict[int, list[Line]] = {}
    ready: list[list[Line]] = []
    for item in rng.sample(lines, len(lines)):
        width = width_for(item.strip.shape[1])
        group = groups.setdefault(width, [])
        group.append(item)
        if len(group) * width >= pixels:
            ready.append(groups.pop(width))
    ready += [g for width, g in groups.items() if len(g) * width >= pixels / 3]
    rng.shuffle(ready)
    return map(batched, ready)
