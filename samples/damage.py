"""What becomes of a good page on its way through an office: e-mail, copier, fax machine, telephone.

Four kinds of damage (:data:`KINDS`), each made from any page image and a seed; the scanner's part of them is
:mod:`samples.degrade`'s. The same page, kind and seed give the same picture.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from samples.degrade import Picture, Scanner, degrade

_SMALL = Scanner(dpi=150, mode="colour", skew=0.5, blur=0.5, ink=20, paper=250, noise=2, quality=40)
_SPECKLED = Scanner(dpi=200, mode="bitonal", skew=0.6, blur=0.7, ink=25, paper=245, noise=14, speckle=500)
_FAX = Scanner(dpi=204, mode="grey", skew=0.4, blur=0.5, ink=20, paper=245, noise=6)
_FAX_DOWN, _FAX_BLACK = 98, 150  # dots per inch down the page; grey level under which a dot is black
_PHOTO_DPI = 220  # of a page that fills a photograph of 5 megapixels
_CORNER = 0.025  # of the sides, that a corner of the photographed page is off its place
_DESK = 70.0  # grey level of what lies around the page
_LAMP, _SHADOW = 0.35, 0.25  # share of the light lost at the far corner, and in the shadow of hand and telephone
_SHAKE, _GRAIN, _PHOTO_QUALITY = 0.9, 6.0, 75  # blur in pixels, sensor's noise in grey levels, JPEG


@dataclass(frozen=True, slots=True)
class Damaged:
    """A page as it arrives.

    ``dpi`` across and down, or None where a file does not say it; ``quality`` of its JPEG, None for what is kept
    without loss.
    """

    image: Image.Image
    dpi: tuple[int, int] | None
    quality: int | None = None

    def write(self, stem: Path) -> Path:
        """Write it as JPEG or, black and white, as TIFF; ``stem`` lacks the suffix. Returns the file."""
        said: dict[str, Any] = {"dpi": self.dpi} if self.dpi else {}
        if self.quality is None:
            path = stem.with_suffix(".tif")
            self.image.save(path, compression="group4", **said)
        else:
            path = stem.with_suffix(".jpg")
            self.image.save(path, quality=self.quality, **said)
        return path


def damaged(page: Image.Image, dpi: float, kind: str, seed: int) -> Damaged:
    """A page image at ``dpi`` with one kind of damage; raises ``KeyError`` for another than :data:`KINDS`."""
    return _KINDS[kind](page.convert("RGB"), dpi, np.random.default_rng(seed))


def _resampled(page: Image.Image, factor: float) -> Image.Image:
    size = round(page.width * factor), round(page.height * factor)
    return (
        page
        if size == page.size
        else page.resize(size, Image.Resampling.BOX if factor < 1 else Image.Resampling.BICUBIC)
    )


def _scanned(machine: Scanner) -> Callable[[Image.Image, float, np.random.Generator], Damaged]:
    def through(page: Image.Image, dpi: float, rng: np.random.Generator) -> Damaged:
        image = degrade(_resampled(page, machine.dpi / dpi), machine, rng)
        return Damaged(image, (machine.dpi, machine.dpi), None if machine.mode == "bitonal" else machine.quality)

    return through


def _faxed(page: Image.Image, dpi: float, rng: np.random.Generator) -> Damaged:
    """Standard resolution after ITU-T T.4: half as many rows as columns."""
    grey = degrade(_resampled(page, _FAX.dpi / dpi), _FAX, rng)
    low = grey.resize((grey.width, round(grey.height * _FAX_DOWN / _FAX.dpi)), Image.Resampling.BOX)
    return Damaged(low.point(lambda level: 255 if level >= _FAX_BLACK else 0, "1"), (_FAX.dpi, _FAX_DOWN))


def _photographed(page: Image.Image, dpi: float, rng: np.random.Generator) -> Damaged:
    """Held by hand: corners off their places, light from one side, a shadow, a shaken lens, the sensor's noise."""
    picture = np.asarray(_resampled(page, _PHOTO_DPI / dpi), np.float32)
    height, width = picture.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    inward = rng.uniform(0, _CORNER, (4, 2)) * [width, height] * [[1, 1], [-1, 1], [-1, -1], [1, -1]]
    turn = cv2.getPerspectiveTransform(corners, (corners + inward).astype(np.float32))
    desk = (_DESK, _DESK, _DESK)
    laid = cv2.warpPerspective(picture, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=desk)
    lit = np.clip(laid, 0, 255) * (0.93 * _light(height, width, rng))[..., None]
    shaken = cv2.GaussianBlur(lit, (0, 0), _SHAKE)
    noisy = shaken + rng.standard_normal(shaken.shape, dtype=np.float32) * np.float32(_GRAIN)
    return Damaged(Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)), None, _PHOTO_QUALITY)


def _light(height: int, width: int, rng: np.random.Generator) -> Picture:
    """Shares of the light in each place: a slope across the page and the soft edge of a shadow."""
    x = np.linspace(-0.5, 0.5, width, dtype=np.float32)[None, :]
    y = np.linspace(-0.5, 0.5, height, dtype=np.float32)[:, None]
    lamp, shade = (_along(x, y, float(rng.uniform(0, 2 * np.pi))) for _ in range(2))
    edge = 1 / (1 + np.exp(-np.float32(25) * (shade - np.float32(rng.uniform(0.0, 0.4)))))
    light: Picture = (1 - np.float32(_LAMP) * (lamp + np.float32(0.5))) * (1 - np.float32(_SHADOW) * edge)
    return light


def _along(x: NDArray[np.float32], y: NDArray[np.float32], direction: float) -> Picture:
    """How far each place lies in one direction, about -0.5 to 0.5."""
    slope = (x * np.float32(np.cos(direction)) + y * np.float32(np.sin(direction))) / np.float32(np.sqrt(2))
    return np.asarray(slope, np.float32)


_KINDS: dict[str, Callable[[Image.Image, float, np.random.Generator], Damaged]] = {
    "jpeg": _scanned(_SMALL),
    "specks": _scanned(_SPECKLED),
    "fax": _faxed,
    "photo": _photographed,
}
KINDS = tuple(_KINDS)
"""``jpeg``: 150 dpi, JPEG of quality 40. ``specks``: 200 dpi, black and white with specks. ``fax``: 204 × 98 dpi, black
and white. ``photo``: taken with a telephone."""
