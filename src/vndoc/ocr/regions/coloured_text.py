"""Text in coloured ink: rubber-stamped names, positions and urgency marks, which the colour drop-out takes away.

The coloured ink is read as a layer of its own. A seal's ring and a signature give scraps of words, so only lines of
two or more likely words are kept.
"""

from collections.abc import Sequence

from vndoc.ocr.engines.engine import ImageKind
from vndoc.ocr.imaging.image import Image8
from vndoc.ocr.layout import only_words
from vndoc.ocr.regions.merging import mean_confidence
from vndoc.ocr.regions.missed_lines import find_missed_lines
from vndoc.ocr.regions.region import Readings, Region, RegionKind
from vndoc.ocr.regions.thresholds import LIKELY, STAMPED_LINE
from vndoc.page import Box, Line, Word

_BESIDE = 6.0  # text heights to either side: letters that touch the seal are on no row
_ABOVE = 2.0  # text heights above and below, for the lines next to those found


def propose_coloured_text(ink: Image8, size: float) -> list[Region]:
    """The part of the coloured ink with letters on lines, if there is one; ``size`` is the page's text height.

    Sparse text, since a seal's ring would spoil single lines.
    """
    rows = find_missed_lines(ink, (), size)
    if not rows:
        return []
    around, beside, above = Box.around(rows), round(_BESIDE * size), round(_ABOVE * size)
    part = Box(around.x0 - beside, around.y0 - above, around.x1 + beside, around.y1 + above)
    return [Region.at(RegionKind.COLOURED_TEXT, ImageKind.SPARSE, ink, part)]


def accepted_lines(regions: Sequence[Region], readings: Readings) -> list[Line]:
    """Lines of two likely words or more that are likely as a whole."""
    words = only_words((line for region in regions for line in readings.get(region, ())), _is_likely)
    return [line for line in words if len(line.words) > 1 and mean_confidence(line.words) >= STAMPED_LINE]


def _is_likely(word: Word) -> bool:
    letters = word.text.strip(".,:")
    return word.confidence >= LIKELY and len(letters) > 1 and letters.isalpha()
