"""The arrival stamp (dấu ĐẾN): its frame found by shape, its dotted leaders taken away, the rest read by itself.

A registry presses it on the first page, beside the title or over the text, and writes number and date on the dots
(Decree 30/2020/NĐ-CP, Appendix IV; circulars before it have the same stamp). Read with the page, its rows run into
those of the body, and dots and handwriting swallow its labels.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray
from unidecode import unidecode

from vndoc.ocr.engines.engine import ImageKind
from vndoc.ocr.imaging.connected import connected
from vndoc.ocr.imaging.image import Image8, erased
from vndoc.ocr.imaging.skew import find_skew
from vndoc.ocr.layout import cut_at_gaps
from vndoc.ocr.regions.region import Frame, Readings, Region, RegionKind
from vndoc.ocr.regions.ruled_frames import find_ruled_frames, find_rules, inked
from vndoc.ocr.regions.thresholds import HANDWRITTEN, SURE
from vndoc.page import Block, BlockKind, Box, Line, Word

_DOT = 0.9  # millimetres of the largest dot of a leader
_DOTS = 3  # least dots of a leader within ``_REACH``
_REACH = 6  # millimetres
_LETTERS = 4  # least letters on a row without dots
_PITCH = 3  # millimetres: rows of a stamp are no closer
_ROW = 1.2  # type sizes from one row to the next
_USUAL_EM = 4.2  # millimetres of a stamp's type with marks and descenders, where there are no two rows to measure
_GAP = 0.3  # type sizes between two pieces of a row
_MARGIN = 0.4  # type sizes of white around a piece
_MOST_PIECES = 40  # a stamp has some ten
_ENOUGH = 3  # sum of the labels' weights from which a frame is that of an arrival stamp
_SPECKS = " .,;'\"-_|‘’“”"  # what dots and edges are read as


@dataclass(slots=True, frozen=True)
class ArrivalStamp:
    """An arrival stamp that was read: its frame on the page, and what is in it."""

    frame: Frame
    block: Block


@dataclass(slots=True, frozen=True)
class _Piece:
    """What is together on a dotted row: the row's number and base line, and the region that reads it."""

    row: int
    base: int
    ink: Box
    region: Region


@dataclass(slots=True, frozen=True)
class StampCandidate:
    """A frame of a stamp's size, and how it is to be read: all of it as a column, and its dotted rows in pieces.

    ``em`` is the type size, ``top`` the y above which there are no dotted rows, both in pixels of the level frame.
    """

    frame: Frame
    em: float
    top: float
    column: Region
    pieces: tuple[_Piece, ...]

    @property
    def regions(self) -> list[Region]:
        """Everything to read."""
        return [self.column, *(piece.region for piece in self.pieces)]


def propose_stamps(ink: Image8, dpi: int) -> list[StampCandidate]:
    """Frames of a stamp's size on a first page; ``ink`` is level, with ink of any colour dark on white."""
    return [_candidate(ink, box, dpi) for box in find_ruled_frames(ink, dpi)]


def accepted_stamp(candidate: StampCandidate, readings: Readings) -> ArrivalStamp | None:
    """The stamp, if the labels of one were read in the frame; of what is above the dotted rows, the lines."""
    if any(region not in readings for region in candidate.regions):
        return None
    first = candidate.frame.to_page(candidate.frame.width / 2, candidate.top)[1]
    above = [line for line in readings[candidate.column] if line.box and line.box.y_center < first]
    rows: dict[int, list[tuple[_Piece, Word]]] = {}
    for piece in candidate.pieces:
        words = [w for line in readings[piece.region] for w in line.words if w.text.strip(_SPECKS)]
        if words:
            rows.setdefault(piece.row, []).append((piece, _joined(words, candidate.frame.placed(piece.ink))))
    lines = (*above, *(_row(row, candidate) for row in rows.values()))
    if not is_stamp_text("\n".join(line.text for line in lines)):
        return None
    return ArrivalStamp(candidate.frame, Block(lines, BlockKind.ARRIVAL_STAMP))


def _joined(words: Sequence[Word], box: Box) -> Word:
    """The words of a piece as one. What is on dots is mostly written by hand, and not believed."""
    return Word("".join(w.text.strip(_SPECKS) for w in words), box, min(HANDWRITTEN, *(w.confidence for w in words)))


def _row(pieces: Sequence[tuple[_Piece, Word]], candidate: StampCandidate) -> Line:
    """A dotted row as a line; its base line is that at its middle."""
    middle = (pieces[0][0].ink.x0 + pieces[-1][0].ink.x1) / 2
    base = candidate.frame.to_page(middle, pieces[0][0].base)[1]
    return Line(tuple(word for _, word in pieces), base, candidate.em)


@cache
def _labels() -> list[tuple[str, int]]:
    data = json.loads(files("vndoc.ocr.regions").joinpath("arrival_stamp.json").read_text(encoding="utf-8"))
    return [(label["text"], label["weight"]) for label in data["labels"]]


def is_stamp_text(text: str) -> bool:
    """Whether the labels of an arrival stamp in the text weigh enough, marks and case aside."""
    plain = unidecode(text).lower()
    spelt = " ".join("".join(c if c.isalpha() else " " for c in plain).split())
    return sum(weight for label, weight in _labels() if f" {label} " in f" {spelt} ") >= _ENOUGH


def without_stamps(lines: Sequence[Line], stamps: Sequence[ArrivalStamp]) -> list[Line]:
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


def _of_stamp(line: Line, stamp: ArrivalStamp) -> list[Word]:
    """The words of a line that are the stamp's: where most of it is in the frame, or several were surely read there."""
    within = [word for word in line.words if word.box and stamp.frame.covers(word.box)]
    sure = [word.box for row in stamp.block.lines for word in row.words if word.box and word.confidence >= SURE]
    own = [word for word in within if any(word.box and word.box.overlap(box) > 0.5 for box in sure)]
    return within if len(within) >= len(line.words) / 2 or len(own) > max(1, len(within) / 2) else []


def _candidate(ink: Image8, box: Box, dpi: int) -> StampCandidate:
    mm = dpi / 25.4
    level = Frame.of(box)
    frame = Frame(level.x, level.y, level.width, level.height, find_skew(level.cut(ink)))
    unframed = _without_rules(frame.cut(ink), mm)
    labels, stats, centres = connected(inked(unframed))
    leader = _is_leader(stats, centres, mm)
    text = erased(unframed, leader[labels])
    bases = _with_undotted(_bases(stats[leader], mm), stats[~leader][1:], mm)
    pitches = [lower - upper for upper, lower in pairwise(bases)]
    em = min(pitches, default=_ROW * _USUAL_EM * mm) / _ROW  # a rule between two rows parts them farther
    column = Region(RegionKind.ARRIVAL_STAMP, ImageKind.BLOCK, frame, text)
    return StampCandidate(frame, em, bases[0] - em if bases else text.shape[0], column, _pieces(text, frame, bases, em))


def _without_rules(ink: Image8, mm: float) -> Image8:
    """A stamp without its frame and the rules between its rows."""
    height, width = ink.shape
    dark = inked(ink)
    rules = find_rules(dark, mm, level=True).mask | find_rules(dark, mm, level=False).mask
    labels, stats, _ = connected(dark)
    long = (stats[:, cv2.CC_STAT_WIDTH] > width / 2) | (stats[:, cv2.CC_STAT_HEIGHT] > height / 2)
    long[0] = False
    return erased(ink, long[labels] & (rules > 0), 5)


def _pieces(text: Image8, frame: Frame, bases: Sequence[int], em: float) -> tuple[_Piece, ...]:
    """What is on the dotted rows, each piece with white around it."""
    marks = connected(inked(text)).stats
    margin = round(_MARGIN * em)
    pieces = []
    for row, base in enumerate(bases):
        for box in _on_row(marks[1:], base, em):
            part = text[box.y0 : box.y1, box.x0 : box.x1]
            image = cv2.copyMakeBorder(part, *(margin,) * 4, cv2.BORDER_CONSTANT, value=(255,))
            around = Box(box.x0 - margin, box.y0 - margin, box.x1 + margin, box.y1 + margin)
            region = Region(
                RegionKind.ARRIVAL_STAMP, ImageKind.WORD, frame.part(around), np.asarray(image, dtype=np.uint8)
            )
            pieces.append(_Piece(row, base, box, region))
    return tuple(pieces[:_MOST_PIECES])


def _on_row(marks: "cv2.typing.MatLike", base: int, em: float) -> list[Box]:
    """Boxes of what is on a base line, parted where a gap is wider than between letters."""
    middle = marks[:, cv2.CC_STAT_TOP] + marks[:, cv2.CC_STAT_HEIGHT] / 2
    own = marks[(middle > base - 0.95 * em) & (middle < base + 0.2 * em)]
    groups: list[Box] = []
    for box in sorted(Box(int(x), int(y), int(x + w), int(y + h)) for x, y, w, h, _ in own):
        if groups and box.x0 - groups[-1].x1 < _GAP * em:
            groups[-1] = Box.around([groups[-1], box])
        else:
            groups.append(box)
    return [box for box in groups if box.height > 0.3 * em]


def _bases(dots: "cv2.typing.MatLike", mm: float) -> list[int]:
    """Base lines of the rows of dots, from top to bottom."""
    feet = np.sort(dots[:, cv2.CC_STAT_TOP] + dots[:, cv2.CC_STAT_HEIGHT])
    rows = np.split(feet, np.flatnonzero(np.diff(feet) > 0.5 * mm) + 1)
    return [int(np.median(row)) for row in rows if len(row) >= _DOTS]


def _with_undotted(bases: list[int], stats: "cv2.typing.MatLike", mm: float) -> list[int]:
    """The base lines, and those halfway between two of them with letters on them: handwriting may cover all dots."""
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
