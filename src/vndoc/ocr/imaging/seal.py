"""Black round seals, as copiers and bitonal scans have them, and the page without them.

A seal covers a third of the signature on its left (Decree 30/2020/NĐ-CP, Article 33), so its ring runs through the
first letters of the signer's position and name. A red one falls out by colour. A black one is found by its circle and
taken away in two ways, since either spares letters that the other harms: all within the ring, or the rings alone.
"""

from dataclasses import dataclass
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from vndoc.ocr.imaging.image import Image8
from vndoc.page import Box

_SEARCH_DPI = 60
_RADIUS = (13.5, 21.0)  # millimetres: seals are 30 to 42 mm across, and their inner rings will do to find them
_MOST = 3  # circles fitted
_CLOSED = 0.75  # least share of a ring that is ink; circles found in text have at most 0.4
_HALF_CLOSED = 0.5  # and of a ring that is not yet fitted well
_THIN = 0.55  # share of ink from which a circle within the seal belongs to a ring
_LEVEL = (0.55, 1.15)  # radii above or below the centre in which the outermost ring is nearly level
_INK = 150
_POLAR = cv2.WARP_POLAR_LINEAR | cv2.WARP_FILL_OUTLIERS  # without the second, pixels from outside are left unset
_Circle = tuple[float, float, float]  # centre and radius in pixels


@dataclass(slots=True, frozen=True)
class Seal:
    """A seal's centre in pixels and its rings, innermost first, as pairs of radii, both within the ring."""

    x: float
    y: float
    rings: tuple[tuple[int, int], ...]

    @property
    def radius(self) -> int:
        """Radius of the outermost ring in pixels."""
        return self.rings[-1][1]

    @property
    def thickness(self) -> int:
        """Width of the outermost ring in pixels."""
        return self.rings[-1][1] - self.rings[-1][0] + 1

    def covers(self, box: Box) -> bool:
        """Whether the centre of the box lies within the seal."""
        return (box.x_center - self.x) ** 2 + (box.y_center - self.y) ** 2 < self.radius**2

    def runs_along(self, box: Box) -> bool:
        """Whether the seal's top or foot lies on the line in the box, where its ring is nearly level."""
        return _LEVEL[0] * self.radius < abs(box.y_center - self.y) < _LEVEL[1] * self.radius

    def neighbourhood(self, page: Image8) -> Box:
        """Where position and name of the signer are, cut to the page."""
        height, width = page.shape[:2]
        return Box(
            max(0, round(self.x - 1.3 * self.radius)),
            max(0, round(self.y - 1.8 * self.radius)),
            min(width, round(self.x + 4 * self.radius)),
            min(height, round(self.y + 1.9 * self.radius)),
        )


def find_seal(gray: Image8, dpi: int) -> Seal | None:
    """The most distinct black seal of a page, if there is one."""
    scale = _SEARCH_DPI / dpi
    small = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    least, most = (round(radius * _SEARCH_DPI / 25.4) for radius in _RADIUS)
    circles = cv2.HoughCircles(
        cv2.GaussianBlur(small, (0, 0), 0.8),
        cv2.HOUGH_GRADIENT,
        1,
        _SEARCH_DPI,
        param1=200,
        param2=22,
        minRadius=least,
        maxRadius=most,
    )
    if circles is None or not circles.size:
        return None
    ink = gray < _INK
    circles_here = [
        (float(x) / scale, float(y) / scale, float(r) / scale) for x, y, r in circles.reshape(-1, 3)[:_MOST]
    ]
    closed, circle = max(_fit(ink, circle, reach=6, step=3) for circle in circles_here)
    if closed < _HALF_CLOSED:
        return None
    closed, circle = _fit(ink, circle, reach=3, step=1)
    rings = _rings(ink, circle) if closed >= _CLOSED else ()
    return Seal(circle[0], circle[1], rings) if rings else None


def _fit(ink: NDArray[np.bool_], circle: _Circle, reach: int, step: int) -> tuple[float, _Circle]:
    """The best circle within ``reach`` pixels of the given one, and before it the share of it that is ink."""
    angles = np.linspace(0, 2 * np.pi, 180, endpoint=False)
    across, along = np.cos(angles), np.sin(angles)
    height, width = ink.shape
    best = (0.0, circle)
    ways = range(-reach, reach + 1, step)
    for away in product(ways, ways, ways):
        x, y, radius = (at + by for at, by in zip(circle, away, strict=True))
        columns = np.rint(x + radius * across).astype(int)
        rows = np.rint(y + radius * along).astype(int)
        on_page = (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height)
        share = float(ink[rows[on_page], columns[on_page]].sum()) / len(angles)
        best = max(best, (share, (x, y, radius)))
    return best


def _rings(ink: NDArray[np.bool_], circle: _Circle) -> tuple[tuple[int, int], ...]:
    x, y, radius = circle
    share = _unrolled(ink, x, y, round(1.5 * radius)).mean(axis=0)
    rings: list[list[int]] = []
    for at in np.flatnonzero(share > _THIN):
        if at < 0.45 * radius:  # the emblem
            continue
        if rings and at - rings[-1][1] <= 2:
            rings[-1][1] = int(at)
        else:
            rings.append([int(at), int(at)])
    return tuple((a, b) for a, b in rings if share[a : b + 1].max() > _CLOSED)


def _unrolled(ink: NDArray[np.bool_], x: float, y: float, reach: int) -> NDArray[np.bool_]:
    """The ink around a point, a row for each direction, a column for each pixel of distance."""
    size = (reach, round(2 * np.pi * reach))
    flat = cv2.warpPolar(ink.astype(np.uint8) * 255, size, (x, y), reach, _POLAR)
    return np.asarray(flat > 127, dtype=np.bool_)


def without_disc(gray: Image8, seal: Seal) -> Image8:
    """The page with all within the outermost ring made white."""
    left = gray.copy()
    cv2.circle(left, (round(seal.x), round(seal.y)), seal.radius + 4, (255,), thickness=-1)
    return left


def without_rings(gray: Image8, seal: Seal) -> Image8:
    """The page without the seal's rings, but for where a stroke runs across them."""
    reach = round(1.1 * seal.radius) + 8
    flat = _unrolled(gray < _INK, seal.x, seal.y, reach)
    gone = np.zeros_like(flat)
    for a, b in seal.rings:
        inner, outer = a - 4, b + 4
        crossed = flat[:, inner - 1] & flat[:, inner - 2] & flat[:, outer + 1] & flat[:, outer + 2]
        gone[~crossed, inner : outer + 1] = True
    height, width = gray.shape
    way = _POLAR | cv2.WARP_INVERSE_MAP
    back = cv2.warpPolar(gone.astype(np.uint8) * 255, (width, height), (seal.x, seal.y), reach, way)
    left = gray.copy()
    left[back > 100] = 255
    return left
