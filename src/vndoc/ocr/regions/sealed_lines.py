"""Print beside and under a black seal: read with the seal taken away in two ways, and with it, where it is thin.

Each may spare what the others harm: letters lose with a ring what of their strokes runs along it, and where the ring is
no thicker than these, they are read best as they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from vndoc.ocr.engines.engine import ImageKind
from vndoc.ocr.imaging.image import Image8
from vndoc.ocr.imaging.seal import Seal, find_seal, without_disc, without_rings
from vndoc.ocr.layout import cut_at_gaps, only_words, text_height
from vndoc.ocr.regions.merging import are_sure
from vndoc.ocr.regions.missed_lines import BESIDE, MAX_PARTS, around, find_missed_lines, print_lines
from vndoc.ocr.regions.region import Readings, Region, RegionKind
from vndoc.ocr.regions.thresholds import JUNK, PRINT
from vndoc.page import Box, Line, Word

_STROKES = "\"'“”*-–_."  # what a seal's star and ring are read as before a word
_MOST = 0.8  # confidence of a word that is read with and without them
_THIN = 0.22  # text heights of a ring through which letters are legible


@dataclass(slots=True, frozen=True)
class SealedText:
    """A black seal, and the regions of lines beside and under it."""

    seal: Seal
    regions: tuple[Region, ...]


def propose_sealed_lines(gray: Image8, lines: Sequence[Line], dpi: int) -> SealedText | None:
    """The lines near a black seal that no sure line covers, seen without the seal; None without a seal."""
    seal = find_seal(gray, dpi)
    if seal is None:
        return None
    size = text_height(lines)
    near = seal.neighbourhood(gray)
    part = np.ascontiguousarray(gray[near.y0 : near.y1, near.x0 : near.x1])
    there = replace(seal, x=seal.x - near.x0, y=seal.y - near.y0)
    sure = [word.box for line in cut_at_gaps(lines) if are_sure(line.words) for word in line.words if word.box]
    covered = [box.moved(Box(-near.x0, -near.y0, 0, 0)) for box in sure]
    regions: list[Region] = []
    for bare in (without_disc(part, there), without_rings(part, there)):
        page = gray.copy()
        page[near.y0 : near.y1, near.x0 : near.x1] = bare
        rows = sorted(find_missed_lines(bare, covered, size), key=lambda box: -box.width)[: MAX_PARTS // 2]
        boxes = [around(row.moved(near), size, BESIDE * size) for row in rows]
        regions += [Region.at(RegionKind.SEALED_LINE, ImageKind.LINE, page, box) for box in boxes]
    along = _legible(seal, lines, size)
    regions += [Region.at(RegionKind.SEALED_LINE, ImageKind.LINE, gray, box) for box in along]
    return SealedText(seal, tuple(regions))


def _legible(seal: Seal, lines: Sequence[Line], size: float) -> list[Box]:
    """Boxes of lines along a thin ring that go on beyond it, the signer's title and name, with what the seal covers."""
    if seal.thickness > _THIN * size:
        return []
    boxes = [line.box for line in cut_at_gaps(lines) if line.box and seal.runs_along(line.box)]
    begun = [box for box in boxes if abs(box.x0 - seal.x) < seal.radius + size and box.x1 > seal.x + seal.radius]
    return [around(box, size, BESIDE * size) for box in begun]


def accepted_lines(sealed: SealedText, readings: Readings) -> list[Line]:
    """Lines of print, each from its first to its last word that is likelier right than wrong.

    A first word of letters may be less: a seal covers the left end of the signature, and what is left of that word
    tells a deputy's title from the head's, and one surname from another.
    """
    read = [line for region in sealed.regions for line in readings.get(region, ())]
    accepted = []
    for line in print_lines(read):
        likely = [i for i, word in enumerate(line.words) if word.confidence >= PRINT]
        opening, words = _without_star(line.words[max(0, likely[0] - 1)]), line.words[likely[0] : likely[-1] + 1]
        if not likely[0]:
            words = words[1:]
        elif opening.confidence < JUNK or not opening.text.isalpha():
            opening, words = words[0], words[1:]
        accepted.append(replace(line, words=(opening, *words)))
    return accepted


def _without_star(word: Word) -> Word:
    """A word without the seal's star or strokes before it; what it may be is then read as often as with and without."""
    text = word.text.strip(_STROKES)
    if not text or text == word.text:
        return word
    same = sum(share for other, share in word.alternatives if other.strip(_STROKES) == text)
    others = tuple((other, share) for other, share in word.alternatives if other.strip(_STROKES) != text)
    return replace(word, text=text, confidence=min(_MOST, word.confidence * (1 + same)), alternatives=others)


def without_seal_strokes(lines: Sequence[Line], seal: Seal) -> list[Line]:
    """The lines without what was made of the seal's own strokes."""
    return only_words(lines, lambda w: w.confidence >= JUNK or w.box is None or not seal.covers(w.box))
