"""A pretend scanner: what happens to a page between the printer and the file.

In order: the sheet lies a little turned on the glass, the lens softens it, the ink is not quite black and the paper
not quite white, the lamp is brighter on one side, the sensor has noise and dust, and the file is grey, black on white,
or JPEG.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from samples.render import rasterise
from samples.typeset import Sheet

Picture = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Scanner:
    """One machine's habits.

    ``skew`` is the largest turn in degrees (at least a third of it happens), ``blur`` a Gaussian's sigma in pixels,
    ``ink`` and ``paper`` grey levels, ``uneven`` the share of light lost at the far side, ``noise`` a sigma in grey
    levels, ``speckle`` specks on a page, ``threshold`` the black level of a bitonal scan, ``quality`` that of JPEG,
    ``levels`` the greys that are kept.
    """

    dpi: int = 200
    mode: Literal["colour", "grey", "bitonal"] = "colour"
    skew: float = 0.6
    blur: float = 0.6
    ink: float = 25
    paper: float = 250
    uneven: float = 0.0
    noise: float = 2.0
    speckle: int = 0
    threshold: float = 150
    quality: int = 55
    levels: int = 256


def scanner(name: str) -> Scanner:
    """One of the machines in ``scanners.json``; raises ``KeyError`` for another name."""
    known = json.loads(Path(__file__).with_name("scanners.json").read_text(encoding="utf-8"))
    return Scanner(**known[name])


def scan(sheets: Sequence[Sheet], machine: Scanner, seed: int) -> list[Image.Image]:
    """Print and scan every sheet. The same seed gives the same pictures; pages differ from each other."""
    images = []
    for sheet in sheets:
        rng = np.random.default_rng([seed, sheet.number])
        images.append(degrade(rasterise(sheet, machine.dpi, rng), machine, rng))
    return images


def degrade(image: Image.Image, machine: Scanner, rng: np.random.Generator) -> Image.Image:
    """Put one clean RGB page through the machine; returns mode RGB, L or 1."""
    source = image if machine.mode == "colour" else image.convert("L")
    page = np.asarray(source, np.float32)
    page = _turn(page, machine.skew, rng)
    page = cv2.GaussianBlur(page, (0, 0), machine.blur).astype(np.float32) if machine.blur else page
    page = machine.ink + page * ((machine.paper - machine.ink) / 255)
    page = _light(page, machine.uneven, rng)
    page = _speckle(page, machine.speckle, rng)
    page = page + _noise(page.shape[:2], machine.noise, rng).reshape(*page.shape[:2], *[1] * (page.ndim - 2))
    if machine.mode == "bitonal":
        return Image.fromarray(np.where(page < machine.threshold, 0, 255).astype(np.uint8)).convert("1")
    step = 255 / (machine.levels - 1)
    return Image.fromarray((np.round(np.clip(page, 0, 255) / step) * step).astype(np.uint8))


def _turn(page: Picture, skew: float, rng: np.random.Generator) -> Picture:
    height, width = page.shape[:2]
    angle = float(rng.uniform(skew / 3, skew) * rng.choice([-1, 1]))
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    shift = rng.normal(0, 0.004 * width, 2)
    matrix = np.column_stack([matrix[:, :2], matrix[:, 2] + shift])
    white = (255.0, 255.0, 255.0)
    turned = cv2.warpAffine(page, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=white)
    return np.clip(turned, 0, 255).astype(np.float32)


def _light(page: Picture, uneven: float, rng: np.random.Generator) -> Picture:
    """Less light towards one side, and a dim strip where the lid does not close."""
    if not uneven:
        return page
    height, width = page.shape[:2]
    direction = rng.uniform(0, 2 * np.pi)
    x = np.linspace(-0.5, 0.5, width, dtype=np.float32)[None, :]
    y = np.linspace(-0.5, 0.5, height, dtype=np.float32)[:, None]
    slope = 0.5 + (x * np.float32(np.cos(direction)) + y * np.float32(np.sin(direction))) / np.float32(np.sqrt(2))
    edge = np.exp(-(x + 0.5) * np.float32(60))
    field = 1 - np.float32(uneven) * np.clip(slope, 0, 1) - np.float32(1.5 * uneven) * edge
    lit: Picture = page * field.astype(np.float32).reshape(height, width, *[1] * (page.ndim - 2))
    return lit


def _noise(shape: tuple[int, ...], sigma: float, rng: np.random.Generator) -> Picture:
    grain: Picture = rng.standard_normal(shape, dtype=np.float32) * np.float32(sigma)
    return grain


def _speckle(page: Picture, specks: int, rng: np.random.Generator) -> Picture:
    page = page.copy()
    height, width = page.shape[:2]
    for _ in range(int(rng.poisson(specks)) if specks else 0):
        at = (int(rng.integers(width)), int(rng.integers(height)))
        level = float(rng.uniform(20, 140))
        cv2.circle(page, at, int(rng.choice([0, 0, 0, 1, 1, 2])), (level, level, level), -1)
    return page


def write_scan(images: Sequence[Image.Image], path: Path, machine: Scanner) -> None:
    """Write the pages as the suffix says: an image-only PDF, a TIFF of all pages, or a PNG of the first."""
    first, rest = images[0], list(images[1:])
    dpi = (machine.dpi, machine.dpi)
    if path.suffix == ".pdf":
        # Without the dates the same pages give the same bytes.
        options: dict[str, Any] = {} if first.mode == "1" else {"quality": machine.quality}
        first.save(
            path,
            save_all=True,
            append_images=rest,
            resolution=machine.dpi,
            title=None,
            creationDate=None,
            modDate=None,
            **options,
        )
    elif path.suffix in (".tif", ".tiff"):
        compression = "group4" if first.mode == "1" else "tiff_lzw"
        first.save(path, save_all=True, append_images=rest, compression=compression, dpi=dpi)
    else:
        first.save(path, dpi=dpi, optimize=True)
