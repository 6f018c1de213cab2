"""Was the print of a page read, or a good part of it passed over? Letters read against letters to be seen."""

from collections.abc import Sequence

import cv2
import numpy as np

from vndoc.ocr.imaging.connected import connected
from vndoc.ocr.imaging.image import Image8
from vndoc.ocr.imaging.ink import Separation
from vndoc.ocr.layout import text_height
from vndoc.ocr.regions.missed_lines import find_missed_lines
from vndoc.page import Box, Line

_HEIGHT, _WIDTH = (0.3, 1.4), (0.1, 2.5)  # of a letter, in heights of the words
_MANY = 300  # letters to be seen: fewer may be a seal and a signature
_LEAST = 0.45  # letters read for each to be seen


def letters_seen(gray: Image8, height: float) -> int:
    """How many pieces of ink in a grey image have the size of letters; ``height`` is that of words, in pixels.

    Counted at half size, a pixel as dark as the darkest of four: a count in tens will do, at a quarter of the time.
    """
    small = np.ascontiguousarray(cv2.erode(gray, np.ones((2, 2), np.uint8))[::2, ::2])
    stats = connected(small < 128).stats
    wide, tall = (2 * stats[1:, side] / max(height, 1.0) for side in (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT))
    like = (tall > _HEIGHT[0]) & (tall < _HEIGHT[1]) & (wide > _WIDTH[0]) & (wide < _WIDTH[1])
    return int(like.sum())


def unread_print(gray: Image8, lines: Sequence[Line], dpi: int) -> str | None:
    """A warning where far fewer letters were read on a page than are to be seen on it, else None."""
    words = [word for line in lines for word in line.words]
    read = sum(c.isalnum() for word in words for c in word.text)
    height = text_height(lines) if len(words) > 10 else dpi / 6
    seen = letters_seen(gray, height)
    if seen < _MANY or read >= _LEAST * seen:
        return None
    return f"only {read} letters were read where about {seen} can be seen"


def print_outside(image: Image8, lines: Sequence[Line], scale: float) -> list[Box]:
    """Rows of letters in ``image``, RGB or grey, that no word of ``lines`` covers; boxes in its pixels.

    ``scale`` leads from the pixels of the lines to those of the image.
    """
    height = text_height(lines) * scale
    margin = height / 6  # glyphs may reach out of the boxes that their font gives them
    boxes = ((edge * scale for edge in word.box) for line in lines for word in line.words if word.box)
    covered = [
        Box(round(x0 - margin), round(y0 - margin), round(x1 + margin), round(y1 + margin)) for x0, y0, x1, y1 in boxes
    ]
    return find_missed_lines(Separation.of(image).black, covered, height)
