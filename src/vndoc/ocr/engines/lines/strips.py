"""Strips: what the network sees of a line, brought to one base line and one x-height, 48 rows of 8 bits.

Paper is 0 and ink 255, whatever the page was: the darkest hundredth and the 85th percentile of the strip's pixels are
the ends of the scale, and a strip with more ink than paper is turned over. Training cuts its lines with these very
functions.
"""

import cv2
import numpy as np

from vndoc.ocr.imaging.image import Image8

HEIGHT = 48
BASE = 37
"""Rows above the base line: Ễ of Times reaches 34."""
XHEIGHT = 17
"""Rows of an x: an em of Times is then 37 pixels."""
STRIDE = 4
"""Pixels of a column of the network."""
_LEAST_CONTRAST = 24
_HALVED = 0.6  # zoom under which a picture is halved first, for it would be sampled too coarsely


def contrasted(grey: Image8) -> Image8:
    """Paper 0, ink 255."""
    dark, middle, paper, light = _quantiles(grey, (0.01, 0.5, 0.85, 0.99))
    if middle - dark < light - middle:
        grey = np.subtract(255, grey, dtype=np.uint8)
        dark, paper = _quantiles(grey, (0.01, 0.85))
    steps = (paper - np.arange(256, dtype=np.float32)) * (255 / max(paper - dark, _LEAST_CONTRAST))
    return np.asarray(cv2.LUT(grey, np.clip(steps, 0, 255).astype(np.uint8)), dtype=np.uint8)


def _quantiles(grey: Image8, shares: tuple[float, ...]) -> list[int]:
    sample = np.sort(grey[::2, ::2], axis=None)
    return [int(sample[int(len(sample) * share)]) for share in shares]


def placed(grey: Image8, base: float, xheight: float, slope: float = 0.0) -> Image8:
    """All columns of a picture in 48 rows: base line at :data:`BASE`, an x :data:`XHEIGHT` high; borders go on.

    Args:
        grey: ``(height, width)``.
        base: row of the base line at the picture's left edge, in pixels.
        xheight: height of an x, in pixels.
        slope: pixels that the base line falls for each pixel to the right.
    """
    zoom = XHEIGHT / xheight
    if zoom < _HALVED:
        half = np.asarray(cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        return placed(half, base / 2, xheight / 2, slope)
    width = max(STRIDE, round(grey.shape[1] * zoom))
    matrix = np.array([[zoom, 0, (zoom - 1) / 2], [-slope * zoom, zoom, BASE - zoom * base + (zoom - 1) / 2]])
    flags = cv2.INTER_LINEAR if zoom < 1 else cv2.INTER_CUBIC
    return np.asarray(
        cv2.warpAffine(grey, matrix, (width, HEIGHT), flags=flags, borderMode=cv2.BORDER_REPLICATE), np.uint8
    )
