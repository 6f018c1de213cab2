"""Lines that the engine passed over: print beside black seals and signatures, which it takes for pictures.

Letters are found again as connected components of a letter's size outside all words read; those that stand on one line
are cut out as a strip and read as a single line. Handwritten digits are no business of this module: a line without a
word of letters is not kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vndoc.ocr.clean import Image8
from vndoc.ocr.layout import only_words, text_height
from vndoc.ocr.tesseract import Engine, read_part
from vndoc.page import Box, Line, Word

SINGLE_LINE = 7  # Tesseract's page segmentation mode for one line
MAX_STRIPS = 8
"""Lines looked at on one page: a page with more of them is a drawing or a photograph."""

_INK = 150
_LEAST_LETTERS = 3
_REACH = 6.0  # text heights to either side: letters that touch a seal are no components of their own
_SURE = 0.85
_LIKELY = 0.5


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


def missed_lines(gray: Image8, words: Sequence[Box], size: float) -> list[Box]:
    """Boxes of lines of print that none of ``words`` covers, at most :data:`MAX_STRIPS`, longest first.

    ``size`` is the height of the text in pixels.
    """
    letters = _uncovered_letters(gray, words, size)
    rows = [letters.box(row) for row in _rows(letters, size) if len(row) >= _LEAST_LETTERS]
    long = [box for box in rows if box.width > 1.8 * size]
    return sorted(long, key=lambda box: -box.width)[:MAX_STRIPS]


def read_strip(gray: Image8, box: Box, size: float, engine: Engine, lang: str, dpi: int) -> list[Line]:
    """The engine's reading of the line at ``box`` and a little to both sides, in pixels of ``gray``."""
    strip = Box(
        round(box.x0 - _REACH * size),
        round(box.y0 - 0.45 * size),
        round(box.x1 + _REACH * size),
        round(box.y1 + 0.25 * size),
    )
    return read_part(engine, gray, strip, lang, dpi, SINGLE_LINE)


def _uncovered_letters(gray: Image8, words: Sequence[Box], size: float) -> _Letters:
    _, _, stats, centres = cv2.connectedComponentsWithStats((gray < _INK).astype(np.uint8), connectivity=8)
    page_height, page_width = gray.shape
    covered = np.zeros(gray.shape, np.uint8)
    for box in words:
        cv2.rectangle(covered, (box.x0, box.y0), (box.x1, box.y1), (1,), thickness=-1)
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
    """Letters that follow each other on one baseline with gaps of less than 1.3 text heights."""
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


def look_again(gray: Image8, lines: Sequence[Line], engine: Engine, lang: str, dpi: int) -> list[Line]:
    """``lines`` and those that were missed, their words in pixels of ``gray``."""
    found = list(lines)
    size = text_height(lines)
    words = [w.box for line in lines for w in line.words if w.box]
    for box in missed_lines(gray, words, size) if words else ():
        for line in read_strip(gray, box, size, engine, lang, dpi):
            if _is_print(line.words):
                found = _joined(found, line.words)
    return found


def _is_print(words: Sequence[Word]) -> bool:
    spelt = [w for w in words if w.text.strip(".,:;'-").isalpha()]
    if not any(w.confidence >= _SURE and len(w.text) > 1 for w in spelt):
        return False
    return sum(w.confidence for w in words) / len(words) >= _LIKELY


def _joined(lines: Sequence[Line], words: Sequence[Word]) -> list[Line]:
    """The lines with the new words; what was read in their place before stays only where it is sure."""
    old = [w for line in lines for w in line.words if w.box]
    new = []
    beaten: set[int] = set()
    for word in words:
        rivals = [w for w in old if same_place(w, word)]
        if all(w.confidence < min(_SURE, word.confidence) for w in rivals):
            new.append(word)
            beaten.update(id(w) for w in rivals)
    if not any(w.text.strip(".,:;'-").isalpha() and len(w.text) > 1 for w in new):
        return list(lines)
    return [*only_words(lines, lambda w: id(w) not in beaten), Line(tuple(new))]


def same_place(a: Word, b: Word) -> bool:
    """Whether two readings are of the same ink: their boxes share a third of the smaller one."""
    return a.box is not None and b.box is not None and a.box.overlap(b.box) > 0.3
