"""The arrival stamp (dấu ĐẾN): its frame found by shape, its dotted leaders taken away, the rest read by itself.

A registry presses it on the first page, beside the title or over the text, and writes number and date on the dots
(Decree 30/2020/NĐ-CP, Appendix IV; circulars before it have the same stamp). Read with the page, its rows run into
those of the body, and dots and handwriting swallow its labels.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

import cv2
import numpy as np
from rapidfuzz.distance import Levenshtein
from unidecode import unidecode

from vndoc.ocr.engines.engine import ImageKind
from vndoc.ocr.imaging.connected import connected
from vndoc.ocr.imaging.image import Image8, erased
from vndoc.ocr.imaging.skew import find_skew
from vndoc.ocr.layout import cut_at_gaps, only_words
from vndoc.ocr.regions.leaders import LeaderRow, leader_parts, leader_rows
from vndoc.ocr.regions.merging import mean_confidence
from vndoc.ocr.regions.region import Frame, Readings, Region, RegionKind
from vndoc.ocr.regions.ruled_frames import find_ruled_frames, find_rules, inked, without_rules
from vndoc.ocr.regions.thresholds import HANDWRITTEN, JUNK, LIKELY
from vndoc.page import Block, BlockKind, Box, Line, Word

_ROW = 1.2  # type sizes from one row to the next
_USUAL_EM = 4.2  # millimetres of a stamp's type with marks and descenders, where there are no two rows to measure
_GAP = 0.3  # type sizes between two pieces of a row
_MARGIN = 0.4  # type sizes of white around a piece
_EDGE = 2  # millimetres about a frame in which its rules are
_LABEL = 0.05  # of the width: what begins before is no leader behind a label, but what is left of a rule
_PARTING = 0.75  # of a stamp's width: a longer rule parts its heading from the rest
_DARK = 200  # grey level of the ink of a layer
_MOST_OF = 0.6  # share of the ink of a frame that is of one colour
_MOST_PIECES = 40  # a stamp has some ten
_ENOUGH = 3  # sum of the weights from which a frame is that of an arrival stamp
_LEADERS = 2  # rows of leaders that speak for one
_OFFICE = 8  # letters of a first line in capitals that does
_CAPITALS = 0.8  # of these letters
_LONG = 6  # letters of a label of which one may be misread
_SPECKS = " .,;'\"-_|‘’“”"  # what dots and edges are read as
_DOT_TALL = 0.15  # type sizes
LEADER = "....."
"""The word for one half of a dotted leader in a stamp, whatever its length: the two tell how askew it is."""


@dataclass(slots=True, frozen=True)
class ArrivalStamp:
    """An arrival stamp that was read: its frame on the page, and what is in it."""

    frame: Frame
    block: Block


@dataclass(slots=True, frozen=True)
class _Piece:
    """What is together on a dotted row, and the region that reads it."""

    row: LeaderRow
    ink: Box
    region: Region


@dataclass(slots=True, frozen=True)
class StampCandidate:
    """A frame of a stamp's size, and how it is to be read: all of it as a column, and its dotted rows in pieces.

    ``em`` is the type size in pixels.
    """

    frame: Frame
    em: float
    column: Region
    rows: tuple[LeaderRow, ...]
    pieces: tuple[_Piece, ...]

    @property
    def regions(self) -> list[Region]:
        """Everything to read."""
        return [self.column, *(piece.region for piece in self.pieces)]


def propose_stamps(ink: Image8, dpi: int, layers: Callable[[], Sequence[Image8]] = tuple) -> list[StampCandidate]:
    """Frames of a stamp's size on a first page.

    Args:
        ink: the level page with ink of any colour dark on white.
        dpi: its resolution.
        layers: gives the inks of single colours, of which a stamp's own is read without that of the pen.
    """
    boxes = find_ruled_frames(ink, dpi)
    single = layers() if boxes else ()
    return [_candidate(_own_ink(ink, single, box, dpi), box, dpi) for box in boxes]


def _own_ink(ink: Image8, layers: Sequence[Image8], box: Box, dpi: int) -> Image8:
    """The layer that has the stamp's frame, else all ink."""
    edge = round(_EDGE * dpi / 25.4)
    around = np.ones((box.height, box.width), dtype=bool)
    around[edge:-edge, edge:-edge] = False
    whole = inked(ink)[box.y0 : box.y1, box.x0 : box.x1] > 0
    for layer in layers:
        own = layer[box.y0 : box.y1, box.x0 : box.x1] < _DARK
        if (own & whole & around).sum() > _MOST_OF * (whole & around).sum():
            return layer
    return ink


def accepted_stamp(candidate: StampCandidate, readings: Readings) -> ArrivalStamp | None:
    """The stamp, if the labels of one were read in the frame; of what is above the dotted rows, the lines."""
    if any(region not in readings for region in candidate.regions):
        return None
    rows = [(row.base, line) for row in candidate.rows if (line := _row(candidate, row, readings))]
    first = min((base for base, _ in rows), default=candidate.frame.height + candidate.em) - candidate.em
    above = [line for line in readings[candidate.column] if _height_in(candidate.frame, line) < first]
    read = (*above, *(line for _, line in rows))
    texts = [line.text for line in (*readings[candidate.column], *read)]
    if _weight("\n".join(texts)) + _looks(candidate, texts) < _ENOUGH:
        return None
    return ArrivalStamp(candidate.frame, Block(read, BlockKind.ARRIVAL_STAMP))


def _height_in(frame: Frame, line: Line) -> float:
    """How far down in the frame the middle of a line is, in pixels."""
    return frame.from_page(line.box.x_center, line.box.y_center)[1] if line.box else frame.height


def _looks(candidate: StampCandidate, texts: Sequence[str]) -> int:
    """What speaks for a stamp besides its labels: rows of leaders, and the office that has it, in capitals on top."""
    letters = "".join(filter(str.isalpha, texts[0])) if texts else ""
    office = len(letters) >= _OFFICE and sum(map(str.isupper, letters)) > _CAPITALS * len(letters)
    return int(sum(bool(row.leaders) for row in candidate.rows) >= _LEADERS) + int(office)


def _joined(words: Sequence[Word], box: Box) -> Word:
    """The words of a piece as one. What is on dots is mostly written by hand, and not believed."""
    return Word("".join(w.text.strip(_SPECKS) for w in words), box, min(HANDWRITTEN, *(w.confidence for w in words)))


def _row(candidate: StampCandidate, row: LeaderRow, readings: Readings) -> Line | None:
    """A dotted row as a line, from left to right, leaders included; its base line is that at its middle."""
    frame = candidate.frame
    labels = _column_labels(candidate, row, readings)
    found = list(labels)
    for piece in candidate.pieces:
        words = [w for line in readings[piece.region] for w in line.words if w.text.strip(_SPECKS)]
        known = any(_same_ink(piece.ink, box) for box, _ in labels)
        if piece.row == row and words and not known:
            found.append((piece.ink, _joined(words, frame.placed(piece.ink))))
    if not found:
        return None
    top = round(row.base - _DOT_TALL * candidate.em)
    for x0, x1 in row.leaders:
        for half in (Box(x0, top, (x0 + x1) // 2, row.base), Box((x0 + x1) // 2, top, x1, row.base)):
            found.append((half, Word(LEADER, frame.placed(half), 1.0)))
    found.sort(key=lambda placed: placed[0].x0)
    middle = (found[0][0].x0 + max(box.x1 for box, _ in found)) / 2
    return Line(tuple(word for _, word in found), frame.to_page(middle, row.base)[1], candidate.em)


def _column_labels(candidate: StampCandidate, row: LeaderRow, readings: Readings) -> list[tuple[Box, Word]]:
    """Labels on a dotted row that were read in the column, with their places in the frame."""
    frame, em = candidate.frame, candidate.em
    found = []
    for line in readings[candidate.column]:
        for word in line.words:
            if word.box is None or _plain(word.text).strip() not in _row_labels():
                continue
            x, y = frame.from_page(word.box.x_center, word.box.y_center)
            if row.base - 0.95 * em < y < row.base + 0.2 * em:
                wide, tall = word.box.width / 2, word.box.height / 2
                found.append((Box(round(x - wide), round(y - tall), round(x + wide), round(y + tall)), word))
    return found


def _same_ink(piece: Box, label: Box) -> bool:
    """Whether a piece is a label and little else."""
    return piece.overlap(label) > 0.5 and piece.width < 1.5 * label.width


@cache
def _row_labels() -> frozenset[str]:
    data = json.loads(files("vndoc.ocr.regions").joinpath("arrival_stamp.json").read_text(encoding="utf-8"))
    return frozenset(data["row_labels"])


@cache
def _labels() -> list[tuple[str, int]]:
    data = json.loads(files("vndoc.ocr.regions").joinpath("arrival_stamp.json").read_text(encoding="utf-8"))
    return [(label["text"], label["weight"]) for label in data["labels"]]


def is_stamp_text(text: str) -> bool:
    """Whether the labels of an arrival stamp in the text weigh enough, marks and case aside."""
    return _weight(text) >= _ENOUGH


def _weight(text: str) -> int:
    """Sum of the weights of the labels in the text; of a long label one letter may be misread."""
    words = _plain(text).split()
    return sum(weight for label, weight in _labels() if _holds(words, label))


def _plain(text: str) -> str:
    """Small letters without marks, all else blank."""
    return "".join(c if c.isalpha() else " " for c in unidecode(text).lower())


def _holds(words: Sequence[str], label: str) -> bool:
    size = len(label.split())
    parts = (" ".join(words[i : i + size]) for i in range(len(words) - size + 1))
    off = int(len(label) > _LONG)
    return any(Levenshtein.distance(part, label, score_cutoff=off) <= off for part in parts)


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


def without_stamp_strokes(lines: Sequence[Line], stamps: Sequence[ArrivalStamp]) -> list[Line]:
    """The lines without what was made of the stamps' strokes: words that were hardly read there."""
    frames = [stamp.frame for stamp in stamps]
    return only_words(
        lines,
        lambda word: word.confidence >= JUNK or not any(word.box and frame.covers(word.box) for frame in frames),
    )


def _of_stamp(line: Line, stamp: ArrivalStamp) -> list[Word]:
    """The words of a line that are the stamp's: where most of it is in the frame, or several were surely read there.

    So are all in the frame where two were read there, and the rest is no print.
    """
    within = [word for word in line.words if word.box and stamp.frame.covers(word.box)]
    read = [word.box for row in stamp.block.lines for word in row.words if word.box and word.confidence >= LIKELY]
    own = [word for word in within if any(word.box and word.box.overlap(box) > 0.5 for box in read)]
    rest = [word for word in within if word not in own]
    ruined = len(own) > 1 and bool(rest) and mean_confidence(rest) < LIKELY
    return within if len(within) >= len(line.words) / 2 or len(own) > max(1, len(within) / 2) or ruined else []


def _candidate(ink: Image8, box: Box, dpi: int) -> StampCandidate:
    mm = dpi / 25.4
    level = Frame.of(box)
    frame = Frame(level.x, level.y, level.width, level.height, find_skew(level.cut(ink)))
    stamp = frame.cut(ink)
    blanks = _ruled_blanks(stamp, mm)
    unframed = _without_frame(stamp, blanks, mm)
    labels, stats, centres = connected(inked(unframed))
    leader = leader_parts(stats, centres, mm)
    text = erased(unframed, leader[labels])
    rows = leader_rows(stats, leader, blanks, _LABEL * stamp.shape[1], mm)
    pitches = [lower.base - upper.base for upper, lower in pairwise(rows)]
    em = min(pitches, default=_ROW * _USUAL_EM * mm) / _ROW  # a rule between two rows parts them farther
    column = Region(RegionKind.ARRIVAL_STAMP, ImageKind.BLOCK, frame, text)
    return StampCandidate(frame, em, column, tuple(rows), _pieces(text, frame, rows, em))


def _ruled_blanks(stamp: Image8, mm: float) -> list[Box]:
    """The level rules on which something may be written: all but those of the frame, and between its parts."""
    width, height = stamp.shape[1], stamp.shape[0]
    rules = find_rules(inked(stamp), mm, level=True).boxes
    edge = _EDGE * mm
    return [
        rule
        for rule in rules
        if rule.height < edge and rule.width < _PARTING * width and edge < rule.y0 and rule.y1 < height - edge
    ]


def _without_frame(stamp: Image8, blanks: Sequence[Box], mm: float) -> Image8:
    """A stamp without its frame, the rules between its parts, and those of ``blanks``, as far as nothing is on them."""
    height, width = stamp.shape
    dark = inked(stamp)
    rules = find_rules(dark, mm, level=True).mask | find_rules(dark, mm, level=False).mask
    bare = np.ones_like(stamp)
    for box in blanks:
        rules[box.y0 : box.y1, box.x0 : box.x1] = 0
        bare[box.y0 : box.y1, box.x0 : box.x1] = 0
    labels, stats, _ = connected(dark)
    long = (stats[:, cv2.CC_STAT_WIDTH] > width / 2) | (stats[:, cv2.CC_STAT_HEIGHT] > height / 2)
    long[0] = False
    unframed = erased(stamp, long[labels] & (rules > 0), 5)
    return np.where(bare > 0, unframed, without_rules(unframed, mm)).astype(np.uint8) if blanks else unframed


def _pieces(text: Image8, frame: Frame, rows: Sequence[LeaderRow], em: float) -> tuple[_Piece, ...]:
    """What is on the dotted rows, each piece with white around it."""
    marks = connected(inked(text)).stats
    margin = round(_MARGIN * em)
    pieces = []
    for row in rows:
        for box in _on_row(marks[1:], row, em):
            part = text[box.y0 : box.y1, box.x0 : box.x1]
            image = cv2.copyMakeBorder(part, *(margin,) * 4, cv2.BORDER_CONSTANT, value=(255,))
            around = Box(box.x0 - margin, box.y0 - margin, box.x1 + margin, box.y1 + margin)
            region = Region(
                RegionKind.ARRIVAL_STAMP, ImageKind.WORD, frame.part(around), np.asarray(image, dtype=np.uint8)
            )
            pieces.append(_Piece(row, box, region))
    return tuple(pieces[:_MOST_PIECES])


def _on_row(marks: "cv2.typing.MatLike", row: LeaderRow, em: float) -> list[Box]:
    """Boxes of what is on a base line, parted where a gap is wider than between letters, and where a leader begins."""
    middle = marks[:, cv2.CC_STAT_TOP] + marks[:, cv2.CC_STAT_HEIGHT] / 2
    own = marks[(middle > row.base - 0.95 * em) & (middle < row.base + 0.2 * em)]
    begins = [x0 for x0, _ in row.leaders]
    groups: list[Box] = []
    for box in sorted(Box(int(x), int(y), int(x + w), int(y + h)) for x, y, w, h, _ in own):
        last = groups[-1] if groups else None
        labelled = last is not None and any(
            last.x0 + em < x and last.x1 - _GAP * em < x <= box.x_center for x in begins
        )
        if last and box.x0 - last.x1 < _GAP * em and not labelled:
            groups[-1] = Box.around([last, box])
        else:
            groups.append(box)
    return [box for box in groups if box.height > 0.3 * em]
