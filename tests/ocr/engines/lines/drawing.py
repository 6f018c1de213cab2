"""Lines drawn as a scanner sees them, with soft edges, whose base lines and x-height are known exactly."""

from functools import cache

import cv2
import numpy as np
from PIL import Image, ImageDraw

from samples.fonts import Fonts, Style

_FINE = 4  # times the size at which letters are drawn: those of the image are not fitted to its pixels
_STYLE = Style(12)


@cache
def xheight(em):
    """Height of an x in pixels, for type of ``em`` pixels."""
    large = Fonts().face(_STYLE, 1000)
    return -large.getbbox("x", anchor="ls")[1] * em / 1000


def drawn(rows, em, left=100):
    """A grey image with the rows below each other, and the rows of their base lines; from 2 ems of white around."""
    face = Fonts().face(_STYLE, _FINE * em)
    width, step = round(max(map(face.getlength, rows))) // _FINE + 2 * left, round(1.6 * em)
    image = Image.new("L", (_FINE * width, _FINE * step * (len(rows) + 2)), 255)
    pen = ImageDraw.Draw(image)
    bases = [step * (number + 2) - round(0.4 * em) for number in range(len(rows))]
    for base, row in zip(bases, rows, strict=True):
        pen.text((_FINE * left, _FINE * base), row, fill=0, font=face, anchor="ls")
    small = cv2.resize(np.asarray(image), None, fx=1 / _FINE, fy=1 / _FINE, interpolation=cv2.INTER_AREA)
    return cv2.GaussianBlur(small, (0, 0), 0.7), bases
