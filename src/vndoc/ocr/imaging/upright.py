"""The image of a page as it was read: upright and level, so that the page's boxes fit it."""

import numpy as np

from vndoc.ocr.imaging.image import Image8
from vndoc.ocr.imaging.skew import rotate
from vndoc.page import Page


def turned(image: Image8, page: Page) -> Image8:
    """The image of ``page``, turned by quarters as it was for reading."""
    return np.ascontiguousarray(np.rot90(image, page.turns)) if page.turns else image


def levelled(image: Image8, page: Page) -> Image8:
    """The image of ``page`` as it was read: its boxes, scaled from ``page.dpi``, are in pixels of this image."""
    return rotate(turned(image, page), page.angle)
