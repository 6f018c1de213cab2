"""Inks separated by colour: black print (drop-out of colour), and the seals, signatures and stamps in red and blue.

Images are numpy arrays of ``uint8``: colour ``(height, width, 3)`` in RGB order, grey ``(height, width)``, 0 is black.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from vndoc.ocr.imaging.image import Image8

_COLOUR = 60  # least difference between the brightest and the darkest channel of coloured ink
_FAINT = 30  # how much more coloured than the paper the strokes of pale or coarsely scanned ink are at least
_EDGE = 11  # pixels across around coloured ink in which its strokes are
_CLOSE = 5  # pixels across, where another ink may be as near as that of a pen to a stamp's dots
_BLACK = 130  # grey level under which the brightest channel is that of black print
_DARK, _PALE = 60, 220  # grey levels that the darkest channel is spread between
_LEAST_SHARE = 5e-4  # of the page: less coloured ink than a stamped word of two syllables has
_GHOST = 0.7  # share of the paper's brightness from which what is beside coloured ink is its ghost, not print
_GHOST_REACH = 6  # pixels from coloured ink to its ghosts
_BRIGHT = 0.9  # share of the paper's brightness that the brightest channel of a highlighter's ink has at least
_REDUCED = 4  # how many times smaller the image is in which a highlighter's strokes are looked for
_STROKE, _LETTER = (12, 5), 3  # pixels there of a highlighter's stroke at least, and of a letter's stroke at most
_PRINT = 40  # grey level that the print under a highlighter is darkened to
_UNDER = 2  # percentile of the pixels under a highlighter that print is at least


@dataclass(slots=True, frozen=True)
class Separation:
    """A page image separated by colour, each part ``(height, width)``.

    Attributes:
        black: the brightest channel of each pixel. Black print is dark in every channel and stays, while red ink is
            bright in R and blue ink in B and fades (colour drop-out as form scanners do it).
        inked: the darkest channel: ink of every colour is dark.
        coloured: 1 where ink is surely coloured. None on a grey page, and on one without coloured ink.
    """

    black: Image8
    inked: Image8
    coloured: Image8 | None

    @classmethod
    def of(cls, image: Image8) -> "Separation":
        """Separate an RGB image; a grey one is black print alone."""
        if image.ndim == 2:
            return cls(image, image, None)
        red, green, blue = cv2.split(image)
        black = np.asarray(cv2.max(cv2.max(red, green), blue), dtype=np.uint8)
        inked = np.asarray(cv2.min(cv2.min(red, green), blue), dtype=np.uint8)
        coloured = _mask(cv2.subtract(black, inked), _COLOUR)
        return cls(black, inked, coloured if coloured.any() else None)


def _mask(saturation: "cv2.typing.MatLike", least: float) -> Image8:
    """Where the saturation is higher; pixels and lines of one are left out."""
    above = (saturation > least).astype(np.uint8)
    return np.asarray(cv2.morphologyEx(above, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)), dtype=np.uint8)


def black_print(page: Separation) -> Image8:
    """The black print without the outlines that coloured ink leaves in it, which join letters under a seal to nonsense.

    JPEG keeps colour at half the resolution of brightness, so that the edges of a seal are too grey to fade. Beside
    coloured ink, all that is lighter than print goes; but for what a highlighter has been drawn over, which is print.
    """
    if page.coloured is None:
        return page.black
    side = 2 * _GHOST_REACH + 1
    brightness = float(np.percentile(page.black[::4, ::4], 80))
    paper = np.full(1, brightness)
    lighter = cv2.max(page.black, cv2.min(cv2.convertScaleAbs(page.black, alpha=1 / _GHOST), paper))
    near = cv2.dilate(page.coloured, np.ones((side, side), np.uint8))
    marked = _highlighted(page, brightness)
    if marked is not None:
        near[marked > 0] = 0
    left = np.asarray(cv2.copyTo(lighter, near, page.black.copy()), dtype=np.uint8)
    return left if marked is None else _darkened(left, marked, brightness)


def _highlighted(page: Separation, brightness: float) -> Image8 | None:
    """1 where a highlighter was drawn over the page: wide strokes of a colour as bright as the paper; None for nowhere.

    Ink of seals and pens is darker than paper in every channel, or thin.
    """
    assert page.coloured is not None
    height, width = page.black.shape
    light = page.black[::_REDUCED, ::_REDUCED] >= _BRIGHT * brightness
    small = page.coloured[::_REDUCED, ::_REDUCED] * light.astype(np.uint8)
    filled = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((_LETTER, _LETTER), np.uint8))
    strokes = cv2.morphologyEx(filled, cv2.MORPH_OPEN, np.ones(_STROKE[::-1], np.uint8))
    if not strokes.any():
        return None
    marked = np.asarray(cv2.resize(strokes, (width, height), interpolation=cv2.INTER_NEAREST), dtype=np.uint8)
    # A seal's star is bright red and wide, too, but nothing under it is darker.
    return marked if np.percentile(page.black[marked > 0], _UNDER) < _GHOST * brightness else None


def _darkened(black: Image8, marked: Image8, brightness: float) -> Image8:
    """The image with what is darkest under a highlighter, which has faded it, as dark as print."""
    under = black[marked > 0]
    darkest = float(np.percentile(under, _UNDER))
    share = (under.astype(np.float32) - darkest) / max(1.0, brightness - darkest)
    black[marked > 0] = np.minimum(under, np.clip(_PRINT + share * (brightness - _PRINT), _PRINT, 255))
    return black


def coloured_ink(page: Separation) -> Image8 | None:
    """Grey image of the coloured ink alone (dark on white), or None where there is hardly any."""
    if page.coloured is None or float(page.coloured.mean()) < _LEAST_SHARE:
        return None
    saturation = cv2.subtract(page.black, page.inked)
    pale = _mask(saturation, _FAINT + float(np.median(saturation[::8, ::8])))
    # JPEG keeps colour at half the resolution of brightness: colour gives the place of the ink, brightness its shape.
    near = cv2.dilate(pale, np.ones((_EDGE, _EDGE), np.uint8))
    near[page.black <= _BLACK] = 0
    return _shown(page.inked, near)


def single_inks(image: Image8) -> tuple[Image8, Image8]:
    """Grey images of the red and of the blue ink of an RGB image, each without the other and without black print.

    A stamp and the pen that filled it in come apart, if they are of different inks.
    """
    red, green, blue = cv2.split(image)
    page = Separation.of(image)
    reddish = _mask(cv2.subtract(red, cv2.max(green, blue)), _FAINT)
    bluish = _mask(cv2.subtract(blue, red), _FAINT)
    layers = []
    for own, other in ((reddish, bluish), (bluish, reddish)):
        near = cv2.dilate(own, np.ones((_CLOSE, _CLOSE), np.uint8))
        near[(page.black <= _BLACK) | (other > 0)] = 0
        layers.append(_shown(page.inked, near))
    return layers[0], layers[1]


def _shown(inked: Image8, near: "cv2.typing.MatLike") -> Image8:
    """The ink there is where ``near`` is not 0, from black to white."""
    # not cv2.subtract: it takes an image of one column and four rows for four channels of a number
    above = np.maximum(inked, np.uint8(_DARK)) - np.uint8(_DARK)
    spread = cv2.convertScaleAbs(above, alpha=255 / (_PALE - _DARK))
    return np.asarray(cv2.copyTo(spread, near, np.full_like(inked, 255)), dtype=np.uint8)
