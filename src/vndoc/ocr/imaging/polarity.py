"""Negatives: pages scanned or copied as light print on black, made dark on white before anything is read."""

import cv2
import numpy as np

from vndoc.ocr.imaging.image import Image8

_WIDTH = 400  # pixels of the small image that is judged
_DARK, _LIGHT = 100, 155  # grey levels of a negative's ground and print
_GROUND = 0.6  # least share of a negative that is dark; a page of print in a dark frame has less
_PAPER = 0.02  # of the image's width: a light patch larger to all sides is paper
_MOST_PAPER = 0.1  # share of the image
_LEAST_PRINT = 0.002
_SAMPLED = 3  # each third pixel of each third row is looked at


def positive(image: Image8) -> Image8:
    """The page with dark print on light ground: a negative inverted, any other page as it is.

    A negative is dark nearly all over, and what is light on it is as thin as letters. A photograph of a sheet on a dark
    table has paper in it. Idempotent; RGB or grey, ``uint8``.
    """
    size = (_WIDTH, max(1, round(image.shape[0] * _WIDTH / image.shape[1])))
    sampled = _brightest_channel(image[::_SAMPLED, ::_SAMPLED])
    small = cv2.resize(sampled, size, interpolation=cv2.INTER_AREA)
    # Seen small, thin print on black is no more than grey: its ground is what tells.
    if float((small < _DARK).mean()) < _GROUND:
        return image
    side = max(3, round(_PAPER * _WIDTH))
    light = (small > _LIGHT).astype(np.uint8)
    paper = cv2.morphologyEx(light, cv2.MORPH_OPEN, np.ones((side, side), np.uint8))
    print_ = float((sampled > _LIGHT).mean())
    if float(paper.mean()) > _MOST_PAPER or print_ < _LEAST_PRINT:
        return image
    return np.asarray(255 - image, dtype=np.uint8)


def _brightest_channel(image: "cv2.typing.MatLike") -> Image8:
    """Grey of an image in which coloured paper is as light as white."""
    return np.asarray(image if image.ndim == 2 else image.max(axis=2), dtype=np.uint8)
