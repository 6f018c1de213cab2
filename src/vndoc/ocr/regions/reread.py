"""What the engine passed over or made nonsense of: print beside black seals, faint small type, lines run together.

Letters outside all words read are found again as connected components of a letter's size; those that stand on one line
are a missed line. Lines read without confidence are read again too, those under each other as one block.
Handwritten digits are no business of this module: a line without a word of letters is not kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray

from vndoc.ocr.engines.engine import Crop, ImageKind, TextEngine, read_crops
from vndoc.ocr.filtering import drop_noise
from vndoc.ocr.imaging.contrast import emphasise
from vndoc.ocr.imaging.image import Image8, erased
from vndoc.ocr.imaging.seal import find_seal, without_disc, without_rings
from vndoc.ocr.layout import cut_at_gaps, only_words, text_height
from vndoc.page import Box, Line, Word

MAX_PARTS = 8
"""Parts looked at on one page: a page with more of them is a drawing or a photograph."""

_INK = 150
_LEAST_LETTERS = 3
_REACH = 6.0  # text heights to either side of a line: letters that touch a seal are no components of their own
_SURE = 0.85
_JUNK = 0.3  # confidence of a seal's strokes read as letters
_LIKELY = 0.5  # mean confidence of a line that is kept
_NONSENSE, _DOUBTFUL = 0.5, 0.8  # mean confidence under which a line is called so
_SMALL = 0.85  # of the page's text height: 11-point type beside 14-point type
_TALL = 1.7  # text heights: two lines run together
_MORE = 2  # times the letters that were read before: these are of a line of which most was passed over
_PAPER = 200  # grey level from which nothing is ink, not even the soft edge of a stroke
_TALLEST, _LONGEST = 1.9, 4.0  # text heights of a letter with its marks, and of letters that touch each other


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
    return [box for box in rows if box.width > 1.8 * size]


def misread_blocks(lines: Sequence[Line], size: float) -> list[Box]:
    """Boxes of lines read with little confidence, each with the doubtful or small ones right above and below it.

    Small type, such as that of Nơi nhận, is suspected sooner: engines lose it first.
    """
    blocks: list[tuple[Box, bool]] = []
    for line in sorted(cut_at_gaps(lines), key=lambda line: line.box.y0 if line.box else 0):
        box, sure = line.box, _mean_confidence(line.words)
        if box is None or box.width < 1.8 * size:
            continue
        small = median(w.box.height for w in line.words if w.box) < _SMALL * size
        if small or sure < _DOUBTFUL:
            near = [block for block in blocks if _adjoins(block[0], box, size)]
            bad = sure < (_DOUBTFUL if small else _NONSENSE) or any(b for _, b in near)
            blocks = [block for block in blocks if block not in near]
            blocks.append((Box.around([box, *(b for b, _ in near)]), bad))
    return [box for box, bad in blocks if bad]


def _adjoins(a: Box, b: Box, size: float) -> bool:
    """Whether one stands right under the other in the same column."""
    across = min(a.x1, b.x1) - max(a.x0, b.x0)
    apart = max(a.y0, b.y0) - min(a.y1, b.y1)
    return across > 0.5 * min(a.width, b.width) and apart < 0.6 * size


def _uncovered_letters(gray: Image8, covered: Image8, size: float) -> _Letters:
    _, _, stats, centres = cv2.connectedComponentsWithStats((gray < _INK).astype(np.uint8), connectivity=8)
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


def look_again(gray: Image8, lines: Sequence[Line], engine: TextEngine, dpi: int) -> list[Line]:
    """``lines`` and those that were missed, their words in pixels of ``gray``."""
    found = list(lines)
    size = text_height(lines)
    words = [w.box for line in lines for w in line.words if w.box]
    if not words:
        return found
    parts = [*missed_lines(gray, words, size), *misread_blocks(lines, size)]
    parts = sorted(parts, key=lambda box: -box.width)[:MAX_PARTS]
    singles = [part for part in parts if part.height < _TALL * size]
    narrow = [Crop.of(gray, _around(part, size, size)) for part in singles[: MAX_PARTS // 2]]
    strips = [Crop.of(gray, _around(part, size, _REACH * size)) for part in singles]
    # Most strips need their second reading, and a start of the engine costs as much as two of them.
    strips += [crop.through(partial(letters_alone, size=size)) for crop in narrow]
    read = read_crops(engine, strips, ImageKind.LINE, dpi)
    first, second = read[: len(singles)], read[len(singles) :]
    second = [lines for lines, before in zip(second, first, strict=False) if not _is_read(before)]
    tall = [Crop.of(gray, _around(part, size, 2 * size)) for part in parts if part.height >= _TALL * size]
    read = first + second + read_crops(engine, [crop.through(emphasise) for crop in tall], ImageKind.BLOCK, dpi)
    for line in _print(read):
        found = _joined(found, line)
    return found


def letters_alone(part: Image8, size: float) -> Image8:
    """A strip without what is too tall or too long for a letter: arcs of a seal, strokes of a signature."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats((part < _PAPER).astype(np.uint8), connectivity=8)
    large = (stats[:, cv2.CC_STAT_HEIGHT] > _TALLEST * size) | (stats[:, cv2.CC_STAT_WIDTH] > _LONGEST * size)
    large[0] = False
    return erased(part, large[labels])


def _is_read(lines: Sequence[Line]) -> bool:
    return bool(lines) and all(_is_sure(line.words) for line in lines)


def look_under_seal(gray: Image8, lines: Sequence[Line], engine: TextEngine, dpi: int) -> list[Line]:
    """``lines`` with what is read better beside a black seal once it is taken away."""
    seal = find_seal(gray, dpi)
    if seal is None:
        return list(lines)
    size = text_height(lines)
    near = seal.neighbourhood(gray)
    part = np.ascontiguousarray(gray[near.y0 : near.y1, near.x0 : near.x1])
    there = replace(seal, x=seal.x - near.x0, y=seal.y - near.y0)
    pieces = [line for line in cut_at_gaps(lines) if min(w.confidence for w in line.words) >= _SURE]
    sure = [w.box for line in pieces for w in line.words if w.box]
    strips: list[Crop] = []
    for left in (without_disc(part, there), without_rings(part, there)):
        page = gray.copy()
        page[near.y0 : near.y1, near.x0 : near.x1] = left
        rows = missed_lines(left, [box.moved(Box(-near.x0, -near.y0, 0, 0)) for box in sure], size)
        rows = sorted(rows, key=lambda box: -box.width)[: MAX_PARTS // 2]
        strips += [Crop.of(page, _around(row.moved(near), size, _REACH * size)) for row in rows]
    read = read_crops(engine, strips, ImageKind.LINE, dpi)
    found = list(lines)
    for line in _print(read):
        found = _replaced(found, line)
    # What was made of the seal's own strokes goes with it.
    return only_words(found, lambda w: w.confidence >= _JUNK or w.box is None or not seal.covers(w.box))


def _print(read: Sequence[Sequence[Line]]) -> list[Line]:
    """The lines of the parts read that are print, without specks."""
    lines = (_without_ends(line) for part in read for line in part)
    return drop_noise([line for line in lines if _is_print(line.words)])


def _without_ends(line: Line) -> Line:
    """A line of two sure words or more without the strokes of a seal or signature at its ends.

    What stands next to a word may be the ruin of another.
    """
    if sum(word.confidence >= _SURE for word in line.words) < 2:
        return line
    likely = [i for i, word in enumerate(line.words) if word.confidence >= _JUNK]
    return Line(line.words[max(0, likely[0] - 1) : likely[-1] + 1])


def _around(part: Box, size: float, reach: float) -> Box:
    """The part and what may belong to it: marks above and below, letters that touch a seal at its sides."""
    return Box(
        round(part.x0 - reach), round(part.y0 - 0.45 * size), round(part.x1 + reach), round(part.y1 + 0.25 * size)
    )


def _mean_confidence(words: Sequence[Word]) -> float:
    return sum(w.confidence for w in words) / len(words)


def _is_print(words: Sequence[Word]) -> bool:
    spelt = [w for w in words if w.text.strip(".,:;'-").isalpha()]
    if not any(w.confidence >= _SURE and len(w.text) > 1 for w in spelt):
        return False
    ruined = words[0].confidence < _JUNK
    return _mean_confidence(words[1:] if ruined else words) >= _LIKELY


def _joined(lines: Sequence[Line], line: Line) -> list[Line]:
    """The lines with the new one; what was read in the place of its words before stays only where it is sure.

    Where some of a line stays, the new words stand among it. Where the new line is sure and most of its letters had
    been passed over or read as nonsense, nothing stays.
    """
    new: list[Word] = []
    beaten: set[int] = set()
    there = [[w for other in lines for w in other.words if same_place(w, word)] for word in line.words]
    likely = {id(w): w for rivals in there for w in rivals if w.confidence >= _LIKELY}
    surer = _is_sure(line.words) and _letters(line.words) >= _MORE * _letters(list(likely.values()))
    for word, rivals in zip(line.words, there, strict=True):
        if surer or all(w.confidence < min(_SURE, word.confidence) and not _is_part(word, w) for w in rivals):
            new.append(word)
            beaten.update(id(w) for w in rivals)
    if not any(w.text.strip(".,:;'-").isalpha() and len(w.text) > 1 for w in new):
        return list(lines)
    for number, other in enumerate(lines):
        left = [w for w in other.words if id(w) not in beaten]
        if 0 < len(left) < len(other.words) and any(_are_level(w, new[0]) for w in left):
            mended = Line(tuple(sorted([*left, *new], key=lambda w: w.box.x0 if w.box else 0)))
            return only_words([*lines[:number], mended, *lines[number + 1 :]], lambda w: id(w) not in beaten)
    return [*only_words(lines, lambda w: id(w) not in beaten), Line(tuple(new))]


def _letters(words: Sequence[Word]) -> int:
    return sum(len(word.text) for word in words)


def _is_part(word: Word, other: Word) -> bool:
    """Whether a word is a piece of what was read before: the rest of it touches a seal, and went with that."""
    whole = other.text.strip("_-—.,:;'")
    return other.confidence >= _JUNK and whole.isalpha() and len(word.text) < len(whole) and word.text in whole


def _are_level(a: Word, b: Word) -> bool:
    if a.box is None or b.box is None:
        return False
    return abs(a.box.y_center - b.box.y_center) < 0.5 * min(a.box.height, b.box.height)


def _replaced(lines: Sequence[Line], line: Line) -> list[Line]:
    """The lines with the new one whole in the place of all on its line, where it alone is sure; else :func:`_joined`.

    What is left of a seal at its ends is cut off.
    """
    sure = [i for i, word in enumerate(line.words) if word.confidence >= _LIKELY]
    line = Line(line.words[sure[0] : sure[-1] + 1])
    box = line.box
    there = {id(w) for other in lines for w in other.words if box and w.box and _is_inside(w.box, box)}
    old = [w for other in lines for w in other.words if id(w) in there]
    if old and _is_sure(line.words) and not _is_sure(old):
        return [*only_words(lines, lambda w: id(w) not in there), line]
    return _joined(lines, line)


def _is_sure(words: Sequence[Word]) -> bool:
    return all(word.confidence >= _SURE for word in words)


def _is_inside(box: Box, other: Box) -> bool:
    """Whether the centre of the box lies in the other."""
    return other.x0 <= box.x_center < other.x1 and other.y0 <= box.y_center < other.y1


def same_place(a: Word, b: Word) -> bool:
    """Whether two readings are of the same ink: their boxes share a third of the smaller one."""
    return a.box is not None and b.box is not None and a.box.overlap(b.box) > 0.3
