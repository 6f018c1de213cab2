"""Print that runs under a stamp: read once more with the stamp's rules taken away.

A clerk presses the stamp where there is room, often over the beginning of a line beside it. The rules of its frame,
level and upright, spoil the letters that they cross, more than its own words do, which have another base line.
"""

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

import cv2

from vndoc.ocr.engines.engine import ImageKind
from vndoc.ocr.imaging.connected import connected
from vndoc.ocr.imaging.image import Image8, erased
from vndoc.ocr.layout import cut_at_gaps, text_height
from vndoc.ocr.regions.arrival_stamp import ArrivalStamp
from vndoc.ocr.regions.merging import is_spelt
from vndoc.ocr.regions.missed_lines import around, print_lines
from vndoc.ocr.regions.region import Readings, Region, RegionKind
from vndoc.ocr.regions.ruled_frames import inked, without_rules
from vndoc.ocr.regions.thresholds import PRINT, SURE
from vndoc.page import Box, Line, Word

_UNDER = 7.0  # text heights of a line that a stamp may hide
_APART = 2.0  # text heights between the stamp and what is seen of the line
_MARGIN = 3  # millimetres about a stamp in which its rules are taken away
_SPECK = 0.15  # text heights
_RULE_ENDS = "-–—_.'"
_MOST = 6  # lines of one stamp


def propose_crossing_lines(
    gray: Image8, lines: Sequence[Line], stamps: Sequence[ArrivalStamp], dpi: int
) -> list[Region]:
    """The lines beside a stamp with what may be of them under it; ``gray`` is the level page with the stamp."""
    size = text_height(lines)
    regions: list[Region] = []
    for stamp in stamps:
        frame = stamp.frame.box
        near = [box for line in cut_at_gaps(lines) if (box := _reach(line, frame, size))][:_MOST]
        if near:
            bare = _without_stamp_rules(gray, frame, dpi)
            cleaned = _without_other_rows(bare, near, frame, size)
            regions += [
                Region.at(RegionKind.STAMPED_LINE, ImageKind.LINE, page, box)
                for box in near
                for page in (bare, cleaned)
            ]
    return regions


def accepted_lines(regions: Sequence[Region], readings: Readings, stamps: Sequence[ArrivalStamp]) -> list[Line]:
    """What was read of them, from the first word that is print, and is none of the stamp's, to the last."""
    own = [word.box for stamp in stamps for line in stamp.block.lines for word in line.words if word.box]
    frames = [stamp.frame.box for stamp in stamps]
    found = []
    for line in print_lines([line for region in regions for line in readings.get(region, ())]):
        words = [_trimmed(word, frames) for word in line.words]
        likely = [i for i, word in enumerate(words) if word.confidence >= PRINT and is_spelt(word)]
        likely = [i for i in likely if not _is_one(words[i], own)]
        if likely:
            found.append(replace(line, words=tuple(words[likely[0] : likely[-1] + 1])))
    return found


def _trimmed(word: Word, frames: Sequence[Box]) -> Word:
    """A word under a stamp without the ends of rules before and behind it."""
    under = any(word.box and _is_within(word.box, frame) for frame in frames)
    return replace(word, text=word.text.strip(_RULE_ENDS) or word.text) if under else word


def _is_one(word: Word, boxes: Sequence[Box]) -> bool:
    """Whether a word is one of those in the boxes: on the same height, not only below or above."""
    box = word.box
    return box is not None and any(
        box.overlap(other) > 0.5 and abs(box.y_center - other.y_center) < 0.3 * min(box.height, other.height)
        for other in boxes
    )


def _reach(line: Line, frame: Box, size: float) -> Box | None:
    """The box of a line that begins or ends at a stamp, into which it reaches; None of other lines."""
    sure = [w.box for w in line.words if w.box and w.confidence >= SURE and not _is_within(w.box, frame)]
    if not sure:
        return None
    y0, y1 = round(median(box.y0 for box in sure)), round(median(box.y1 for box in sure))
    if y1 <= frame.y0 or frame.y1 <= y0:
        return None
    seen = Box(min(box.x0 for box in sure), y0, max(box.x1 for box in sure), y1)
    if frame.x_center < seen.x0 < frame.x1 + _APART * size:
        seen = seen._replace(x0=max(frame.x0, round(min(seen.x0, frame.x1) - _UNDER * size)))
    elif frame.x0 - _APART * size < seen.x1 < frame.x_center:
        seen = seen._replace(x1=min(frame.x1, round(max(seen.x1, frame.x0) + _UNDER * size)))
    else:
        return None
    return around(seen, size, 0)


def _without_other_rows(bare: Image8, lines: Sequence[Box], frame: Box, size: float) -> Image8:
    """The page without what is under the stamp on other base lines than those of ``lines``, and its specks.

    It may touch letters of theirs, so that the lines are read with it too.
    """
    cleaned = bare.copy()
    for box in lines:
        part = Box(max(box.x0, frame.x0), max(0, box.y0 - round(size)), min(box.x1, frame.x1), box.y1 + round(size))
        if part.width <= 0:
            continue
        ink = bare[part.y0 : part.y1, part.x0 : part.x1]
        labels, stats, _ = connected(inked(ink))
        top, foot = stats[:, cv2.CC_STAT_TOP], stats[:, cv2.CC_STAT_TOP] + stats[:, cv2.CC_STAT_HEIGHT]
        off = (foot > box.y1 - part.y0) | (top < box.y0 - part.y0) | (foot - top < _SPECK * size)
        off[0] = False
        rows = slice(box.y0 - part.y0, box.y1 - part.y0)
        cleaned[box.y0 : box.y1, part.x0 : part.x1] = erased(ink, off[labels])[rows]
    return cleaned


def _is_within(box: Box, frame: Box) -> bool:
    return frame.x0 <= box.x_center <= frame.x1 and frame.y0 <= box.y_center <= frame.y1


def _without_stamp_rules(gray: Image8, frame: Box, dpi: int) -> Image8:
    mm = dpi / 25.4
    margin = round(_MARGIN * mm)
    rows = slice(max(0, frame.y0 - margin), frame.y1 + margin)
    columns = slice(max(0, frame.x0 - margin), frame.x1 + margin)
    bare = gray.copy()
    bare[rows, columns] = without_rules(gray[rows, columns], mm)
    return bare
