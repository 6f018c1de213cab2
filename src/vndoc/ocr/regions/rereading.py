"""Lines that were read with little confidence, such as faint small type: those under each other read as one block."""

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from vndoc.ocr.engines.engine import ImageKind
from vndoc.ocr.imaging.contrast import emphasise
from vndoc.ocr.imaging.image import Image8
from vndoc.ocr.layout import cut_at_gaps, text_height
from vndoc.ocr.regions.merging import are_sure, mean_confidence
from vndoc.ocr.regions.missed_lines import MAX_PARTS, around, find_missed_lines, line_regions, print_lines
from vndoc.ocr.regions.region import Readings, Region, RegionKind
from vndoc.ocr.regions.thresholds import DOUBTFUL, PRINT
from vndoc.page import Box, Line

_SMALL = 0.85  # of the page's text height: 11-point type beside 14-point type
_TALL = 1.7  # text heights: two lines run together
_LEAST_WIDTH = 1.8  # text heights
_NEAR = 0.6  # text heights between two lines that are read together
_BESIDE = 2.0  # text heights to either side of a block


def propose_rereading(gray: Image8, lines: Sequence[Line]) -> list[Region]:
    """What is to be read again of a page with these lines: those missed, and those misread; the widest of all."""
    size = text_height(lines)
    words = [word.box for line in lines for word in line.words if word.box]
    if not words:
        return []
    missed = [(box, RegionKind.MISSED_LINE) for box in find_missed_lines(gray, words, size)]
    misread = [(box, RegionKind.MISREAD_BLOCK) for box in find_misread_blocks(lines, size)]
    parts = sorted([*missed, *misread], key=lambda part: -part[0].width)[:MAX_PARTS]
    regions = line_regions(gray, [part for part in parts if part[0].height < _TALL * size], size)
    for box, kind in parts:
        if box.height >= _TALL * size:
            block = Region.at(kind, ImageKind.BLOCK, gray, around(box, size, _BESIDE * size))
            regions.append(replace(block, image=emphasise(block.image)))
    return regions


def accepted_lines(regions: Sequence[Region], readings: Readings) -> list[Line]:
    """The lines of print in what was read again; a second preparation counts where the first was not read surely."""
    accepted: list[Line] = []
    for region in regions:
        first = readings.get(region.before, ()) if region.before else ()
        if not first or not all(are_sure(line.words) for line in first):
            accepted += print_lines(readings.get(region, ()))
    return accepted


def find_misread_blocks(lines: Sequence[Line], size: float) -> list[Box]:
    """Boxes of lines read with little confidence, each with the doubtful or small ones right above and below it.

    Small type, such as that of Nơi nhận, is suspected sooner: engines lose it first.
    """
    blocks: list[tuple[Box, bool]] = []
    for line in sorted(cut_at_gaps(lines), key=lambda line: line.box.y0 if line.box else 0):
        box, mean = line.box, mean_confidence(line.words)
        if box is None or box.width < _LEAST_WIDTH * size:
            continue
        small = median(w.box.height for w in line.words if w.box) < _SMALL * size
        if small or mean < DOUBTFUL:
            near = [block for block in blocks if _adjoins(block[0], box, size)]
            bad = mean < (DOUBTFUL if small else PRINT) or any(b for _, b in near)
            blocks = [block for block in blocks if block not in near]
            blocks.append((Box.around([box, *(b for b, _ in near)]), bad))
    return [box for box, bad in blocks if bad]


def _adjoins(a: Box, b: Box, size: float) -> bool:
    """Whether one is right under the other in the same column."""
    across = min(a.x1, b.x1) - max(a.x0, b.x0)
    apart = max(a.y0, b.y0) - min(a.y1, b.y1)
    return across > 0.5 * min(a.width, b.width) and apart < _NEAR * size
