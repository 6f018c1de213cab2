"""Lines of print that the engine passed over, as beside black seals: found by their letters, read by themselves.

Letters outside all words read are found again as connected components of a letter's size; those on one base line are a
missed line. Handwritten digits are no business of this module: a line without a word of letters is not kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from vndoc.ocr.filtering import drop_noise
from vndoc.ocr.imaging.connected import connected
from vndoc.ocr.imaging.image import Image8
from vndoc.ocr.regions.merging import is_spelt, mean_confidence
from vndoc.ocr.regions.thresholds import JUNK, PRINT, SURE
from vndoc.page import Box, Line, Word

MAX_PARTS = 8
"""Parts of one page that are read again, the widest: a page with more of them is a drawing or a photograph."""

BESIDE = 6.0
"""Text heights to either side of a line: letters that touch a seal are no components of their own."""

_INK = 150
_LEAST_LETTERS = 3
_LEAST_WIDTH = 1.8  # text heights
_ABOVE, _BELOW = 0.45, 0.25  # text heights above and below the letters' boxes that marks may reach


@dataclass(slots=True, frozen=True)
class _Letters:
    """Boxes of letter-like components, from left to right, as parallel arrays in pixels."""

    x0: NDArray[np.int32]
    y0: NDArray[np.int32]
    x1: NDArray[np.int32]
    y1: NDArray[np.int32]

    def box(self, members: Sequence[int]) -> Box:
        at = list(members)
        return Box(int(self.x0[at].min()), int(self.y0[at].min()), int(self.x1[at].max()), int(self.y1[at].max()))


def find_missed_lines(gray: Image8, words: Sequence[Box], size: float) -> list[Box]:
    """Boxes of lines of print that none of ``words`` covers; ``size`` is the height of the text in pixels."""
    covered = np.zeros(gray.shape, np.uint8)
    for box in words:
        cv2.rectangle(covered, (box.x0, box.y0), (box.x1, box.y1), (1,), thickness=-1)
    found = _uncovered_rows(gray, covered, size)
    # Faint letters fall to pieces, which the darkest of nine pixels joins; it also joins print to the seal over it.
    thick = np.ascontiguousarray(cv2.erode(gray, np.ones((3, 3), np.uint8))[::2, ::2], np.uint8)
    faint = [Box(*(2 * n for n in box)) for box in _uncovered_rows(thick, covered[::2, ::2], size / 2)]
    return found + [box for box in faint if not any(box.overlap(other) > 0.3 for other in found)]


def _uncovered_rows(gray: Image8, covered: Image8, size: float) -> list[Box]:
    """Boxes of three and more letters on a line where nothing is ``covered``."""
    letters = _uncovered_letters(gray, covered, size)
    rows = [letters.box(row) for row in _rows(letters, size) if len(row) >= _LEAST_LETTERS]
    return [box for box in rows if box.width > _LEAST_WIDTH * size]


def _uncovered_letters(gray: Image8, covered: Image8, size: float) -> _Letters:
    _, stats, centres = connected(gray < _INK)
    page_height, page_width = gray.shape
    x, y, width, height, area = stats[1:].T
    column = np.clip(centres[1:, 0].astype(int), 0, page_width - 1)
    row = np.clip(centres[1:, 1].astype(int), 0, page_height - 1)
    like = (height > 0.35 * size) & (height < 1.5 * size) & (width > 0.1 * size) & (width < 3 * size)
    like &= (area > 0.05 * size**2) & (covered[row, column] == 0)
    like &= (column > 0.03 * page_width) & (column < 0.97 * page_width)
    kept = np.flatnonzero(like)
    kept = kept[np.argsort(x[kept], kind="stable")]
    return _Letters(x[kept], y[kept], (x + width)[kept], (y + height)[kept])


def _rows(letters: _Letters, size: float) -> list[list[int]]:
    """Letters that follow each other on one base line with gaps of less than 1.3 text heights."""
    rows: list[list[int]] = []
    for i in range(len(letters.x0)):
        for row in rows:
            last = row[-1]
            near = letters.x0[i] - letters.x1[last] < 1.3 * size and letters.x1[i] > letters.x0[last]
            if near and abs(int(letters.y1[i]) - int(letters.y1[last])) < 0.3 * size:
                row.append(i)
                break
        else:
            rows.append([i])
    return rows


def around(part: Box, size: float, beside: float) -> Box:
    """The part and what may belong to it: marks above and below, and ``beside`` pixels at its sides."""
    return Box(
        round(part.x0 - beside), round(part.y0 - _ABOVE * size), round(part.x1 + beside), round(part.y1 + _BELOW * size)
    )


def print_lines(lines: Sequence[Line]) -> list[Line]:
    """Those that are print, without specks and without a seal's strokes at their ends."""
    trimmed = (_without_ends(line) for line in lines)
    return drop_noise([line for line in trimmed if _is_print(line.words)])


def _without_ends(line: Line) -> Line:
    """A line of two sure words or more without the strokes of a seal or signature at its ends.

    What is next to a word may be the ruin of another.
    """
    if sum(word.confidence >= SURE for word in line.words) < 2:
        return line
    likely = [i for i, word in enumerate(line.words) if word.confidence >= JUNK]
    return replace(line, words=line.words[max(0, likely[0] - 1) : likely[-1] + 1])


def _is_print(words: Sequence[Word]) -> bool:
    """Whether a sure word of letters is among them, and the mean is that of print but for a ruined first word."""
    if not any(word.confidence >= SURE and is_spelt(word) for word in words):
        return False
    ruined = words[0].confidence < JUNK
    return mean_confidence(words[1:] if ruined else words) >= PRINT
