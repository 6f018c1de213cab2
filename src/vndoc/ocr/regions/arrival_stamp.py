"""The incoming stamp (dấu ĐẾN): its frame found by shape, its dotted leaders taken away, the rest read by itself.

A registry presses it on the first page, beside the title or over the text, and writes number and date on the dots
(Decree 30/2020/NĐ-CP, Appendix IV; circulars before it have the same stamp). Read with the page, its rows run into
those of the body, and dots and handwriting swallow its labels.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from unidecode import unidecode

from vndoc.ocr.engines.engine import ImageKind, TextEngine
from vndoc.ocr.imaging.image import Image8, erased
from vndoc.ocr.imaging.skew import find_skew, rotate
from vndoc.ocr.layout import cut_at_gaps
from vndoc.page import Box, Line, Word

_UPPER = 0.6  # share of the page where stamps are pressed
_WIDTH, _HEIGHT = (28, 95), (14, 52)  # millimetres of a stamp; the decree's is 35 by 50
_APART = 4  # millimetres by which the ends of two opposite edges may differ
_EDGE = 0.4  # least share of a frame's height that its sides have kept
_INK = 60  # grey levels under the paper at which ink begins
_DOT = 0.9  # millimetres of the largest dot of a leader
_DOTS = 3  # least dots of a leader within ``_REACH``
_REACH = 6  # millimetres
_LETTERS = 4  # least letters on a row without dots
_PITCH = 3  # millimetres: rows of a stamp are no closer
_ROW = 1.2  # type sizes from one row to the next
_GAP = 0.3  # type sizes between two pieces of a row
_MOST, _MOST_PIECES = 2, 40
_LABELS = (("den", 2), ("kinh chuyen", 1), ("chuyen", 1), ("luu ho so", 1), ("ngay", 1), ("so", 1), ("thang", 1))
"""Words of a stamp, folded, and what each says for it."""
_ENOUGH = 3
_SURE = 0.6
_BY_HAND = 0.4  # most confidence in what stands on the dots, which is mostly written by hand
_SPECKS = " .,;'\"-_|‘’“”"  # what dots and edges are read as


class _Rules(NamedTuple):
    """Long straight strokes: their boxes and their pixels."""

    boxes: list[Box]
    mask: NDArray[np.uint8]


@dataclass(slots=True, frozen=True)
class Stamp:
    """An incoming stamp: its frame and what was read in it, in pixels of the level page.

    Words of a dotted row are as tall as the row, from a type size above its base line to a quarter below.
    """

    box: Box
    lines: tuple[Line, ...]


def read_stamps(ink: Image8, engine: TextEngine, dpi: int) -> list[Stamp]:
    """The incoming stamps of a first page; ``ink`` is level, with ink of any colour dark on white."""
    found = []
    for frame in _frames(ink, dpi):
        crop = ink[frame.y0 : frame.y1, frame.x0 : frame.x1]
        angle = find_skew(crop)
        form = _StampImage(rotate(crop, angle), dpi)
        lines = form.read(engine)
        if _is_incoming(lines):
            found.append(Stamp(frame, tuple(_placed(line, frame, angle) for line in lines)))
    return found


def beside(lines: Sequence[Line], stamps: Sequence[Stamp]) -> list[Line]:
    """The lines of the page without what was read in the stamps; text that only runs into a stamp stays whole.

    Where a row of the stamp was read as the beginning or the end of a line, it goes.
    """
    kept = []
    for line in cut_at_gaps(lines) if stamps else lines:
        gone = {id(word) for stamp in stamps for word in _of_stamp(line, stamp)}
        words = tuple(word for word in line.words if id(word) not in gone)
        if words:
            kept.append(Line(words))
    return kept


def _of_stamp(line: Line, stamp: Stamp) -> list[Word]:
    """The words of a line that are the stamp's: where most of it is in the frame, or several were surely read there."""
    within = [word for word in line.words if word.box and _holds(stamp.box, word.box)]
    sure = [word.box for row in stamp.lines for word in row.words if word.box and word.confidence >= _SURE]
    own = [word for word in within if any(word.box and word.box.overlap(box) > 0.5 for box in sure)]
    return within if len(within) >= len(line.words) / 2 or len(own) > max(1, len(within) / 2) else []


def _holds(frame: Box, box: Box) -> bool:
    return frame.x0 <= box.x_center <= frame.x1 and frame.y0 <= box.y_center <= frame.y1


def _frames(ink: Image8, dpi: int) -> list[Box]:
    """Rectangles of a stamp's size, the outer one of several that share edges, large ones first.

    Looked for on a page of half the size, on which a pixel is as dark as the darkest of four.
    """
    mm = dpi / 25.4 / 2
    upper = ink[: round(_UPPER * ink.shape[0]) // 2 * 2, : ink.shape[1] // 2 * 2]
    dark = _dark(upper)
    dark = dark[::2, ::2] | dark[1::2, ::2] | dark[::2, 1::2] | dark[1::2, 1::2]
    across, along = _rules(dark, mm, level=True).boxes, _rules(dark, mm, level=False).boxes
    across = [rule for rule in across if _WIDTH[0] * mm < rule.width < _WIDTH[1] * mm]
    found: list[Box] = []
    for top, foot in product(across, across):
        frame = Box.around([top, foot])
        if (
            _HEIGHT[0] * mm < foot.y0 - top.y0 < _HEIGHT[1] * mm
            and max(abs(top.x0 - foot.x0), abs(top.x1 - foot.x1)) < _APART * mm
            and all(_has_side(along, frame, x, mm) for x in (frame.x0, frame.x1))
        ):
            found.append(frame)
    outer: list[Box] = []
    for frame in sorted(found, key=lambda box: -box.width * box.height):
        if all(frame.overlap(other) < 0.5 for other in outer):
            outer.append(frame)
    return [Box(*(2 * n for n in frame)) for frame in outer[:_MOST]]


def _has_side(along: Sequence[Box], frame: Box, x: int, mm: float) -> bool:
    return any(
        abs(side.x_center - x) < _APART * mm and min(side.y1, frame.y1) - max(side.y0, frame.y0) > _EDGE * frame.height
        for side in along
    )


def _dark(gray: Image8) -> NDArray[np.uint8]:
    paper = float(np.percentile(gray[::4, ::4], 80))
    return np.asarray(gray < paper - _INK, dtype=np.uint8)


def _rules(dark: NDArray[np.uint8], mm: float, *, level: bool) -> _Rules:
    """Long strokes, level or upright, up to 2° askew; worn ones are joined, letters in a row are not."""

    def kernel(length: float, thickness: float) -> NDArray[np.uint8]:
        size = (max(1, round(length * mm)), max(1, round(thickness * mm)))
        return np.ones(size[::-1] if level else size, np.uint8)

    whole = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, kernel(0.3, 0))
    straight = cv2.morphologyEx(whole, cv2.MORPH_OPEN, kernel(8 if level else 5, 0))
    mask = cv2.morphologyEx(cv2.dilate(straight, kernel(0, 0.6)), cv2.MORPH_CLOSE, kernel(4, 0))
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    boxes = [Box(int(x), int(y), int(x + w), int(y + h)) for x, y, w, h, _ in stats[1:]]
    return _Rules([box for box in boxes if min(box.width, box.height) < 4 * mm], np.asarray(mask, dtype=np.uint8))


class _StampImage:
    """A level stamp without frame, rules and dots, and the base lines of its dotted rows."""

    def __init__(self, ink: Image8, dpi: int) -> None:
        self.dpi, self.mm = dpi, dpi / 25.4
        height, width = ink.shape
        dark = _dark(ink)
        rules = _rules(dark, self.mm, level=True).mask | _rules(dark, self.mm, level=False).mask
        _, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
        long = (stats[:, cv2.CC_STAT_WIDTH] > width / 2) | (stats[:, cv2.CC_STAT_HEIGHT] > height / 2)
        long[0] = False
        unframed = erased(ink, long[labels] & (rules > 0), 5)
        _, labels, stats, centres = cv2.connectedComponentsWithStats(_dark(unframed), connectivity=8)
        leader = _is_leader(stats, centres, self.mm)
        self.ink = erased(unframed, leader[labels])
        self.bases = _between(_bases(stats[leader], self.mm), stats[~leader][1:], self.mm)
        pitches = [lower - upper for upper, lower in pairwise(self.bases)]
        self.em = min(pitches, default=_ROW * 4.2 * self.mm) / _ROW  # a rule between two rows parts them farther

    def read(self, engine: TextEngine) -> list[Line]:
        """The lines: what stands above the dotted rows as one column, of each row every piece by itself."""
        _, _, marks, _ = cv2.connectedComponentsWithStats(_dark(self.ink), connectivity=8)
        pieces = [(k, box) for k, base in enumerate(self.bases) for box in self._pieces(marks[1:], base)]
        pieces = pieces[:_MOST_PIECES]
        (column,) = engine.read([self.ink], ImageKind.BLOCK, self.dpi)
        read = engine.read([self._alone(box) for _, box in pieces], ImageKind.WORD, self.dpi) if pieces else []
        rows: list[list[Word]] = [[] for _ in self.bases]
        for (k, box), lines in zip(pieces, read, strict=True):
            words = [word for line in lines for word in line.words if word.text.strip(_SPECKS)]
            if words:
                rows[k].append(
                    Word(
                        "".join(w.text.strip(_SPECKS) for w in words),
                        self._on_row(box, k),
                        min(_BY_HAND, *(w.confidence for w in words)),
                    )
                )
        first = self.bases[0] - self.em if self.bases else self.ink.shape[0]
        above = [line for line in column if line.box and line.box.y_center < first]
        return above + [Line(tuple(row)) for row in rows if row]

    def _on_row(self, box: Box, row: int) -> Box:
        """The box as tall as its row, from a type size above the base line to a quarter below it, whatever it holds."""
        base = self.bases[row]
        return Box(box.x0, max(0, round(base - self.em)), box.x1, round(base + self.em / 4))

    def _pieces(self, marks: "cv2.typing.MatLike", base: int) -> list[Box]:
        """Boxes of what stands on a base line, parted where a gap is wider than between letters."""
        middle = marks[:, cv2.CC_STAT_TOP] + marks[:, cv2.CC_STAT_HEIGHT] / 2
        own = marks[(middle > base - 0.95 * self.em) & (middle < base + 0.2 * self.em)]
        boxes = sorted(Box(int(x), int(y), int(x + w), int(y + h)) for x, y, w, h, _ in own)
        groups: list[Box] = []
        for box in boxes:
            if groups and box.x0 - groups[-1].x1 < _GAP * self.em:
                groups[-1] = Box.around([groups[-1], box])
            else:
                groups.append(box)
        return [box for box in groups if box.height > 0.3 * self.em]

    def _alone(self, box: Box) -> Image8:
        """One piece with white around it."""
        part = self.ink[box.y0 : box.y1, box.x0 : box.x1]
        room = round(0.4 * self.em)
        return np.asarray(cv2.copyMakeBorder(part, *(room,) * 4, cv2.BORDER_CONSTANT, value=(255,)), dtype=np.uint8)


def _bases(dots: "cv2.typing.MatLike", mm: float) -> list[int]:
    """Base lines of the rows of dots, from top to bottom."""
    feet = np.sort(dots[:, cv2.CC_STAT_TOP] + dots[:, cv2.CC_STAT_HEIGHT])
    rows = np.split(feet, np.flatnonzero(np.diff(feet) > 0.5 * mm) + 1)
    return [int(np.median(row)) for row in rows if len(row) >= _DOTS]


def _between(bases: list[int], stats: "cv2.typing.MatLike", mm: float) -> list[int]:
    """The base lines, and those halfway between two of them on which letters stand: handwriting may cover all dots."""
    feet, tall = stats[:, cv2.CC_STAT_TOP] + stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_HEIGHT]
    more = []
    for upper, lower in pairwise(bases):
        half = (lower - upper) / 2
        on = np.abs(feet - (upper + half)) < 0.15 * half
        letters = on & (tall > 0.25 * half) & (tall < half)
        if half > _PITCH * mm and int(letters.sum()) >= _LETTERS:
            more.append(int(np.median(feet[letters])))
    return sorted([*bases, *more])


def _is_leader(stats: "cv2.typing.MatLike", centres: "cv2.typing.MatLike", mm: float) -> NDArray[np.bool_]:
    """Which components are dots of a leader: small, in a row with others; or dots run together to a thin stroke."""
    wide, tall = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    small = np.flatnonzero(np.maximum(wide, tall) <= _DOT * mm)
    leader = np.asarray((tall <= 0.5 * mm) & (wide > 1.5 * mm), dtype=bool)
    for k in small:
        row = np.abs(centres[small, 1] - centres[k, 1]) < 0.4 * mm
        near = np.abs(centres[small, 0] - centres[k, 0]) < _REACH * mm
        leader[k] = int((row & near).sum()) >= _DOTS
    leader[0] = False
    return leader


def _is_incoming(lines: Sequence[Line]) -> bool:
    words = unidecode(" ".join(line.text for line in lines)).lower()
    spelt = "".join(c if c.isalpha() else " " for c in words).split()
    said = f" {' '.join(spelt)} "
    return sum(weight for label, weight in _LABELS if f" {label} " in said) >= _ENOUGH


def _placed(line: Line, frame: Box, angle: float) -> Line:
    """The line where it stands on the page; it was read in the frame's crop, turned by ``angle`` about its centre."""
    turned = cv2.getRotationMatrix2D((frame.width / 2, frame.height / 2), -angle, 1)

    def at(box: Box) -> Box:
        x, y = turned @ np.array([box.x_center, box.y_center, 1.0])
        x0, y0 = round(x - box.width / 2) + frame.x0, round(y - box.height / 2) + frame.y0
        return Box(x0, y0, x0 + box.width, y0 + box.height)

    return Line(tuple(replace(word, box=word.box and at(word.box)) for word in line.words))
