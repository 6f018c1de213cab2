"""Text in coloured ink: rubber-stamped names, positions and urgency marks, which the colour drop-out takes away.

The coloured ink is read as a layer of its own. A seal's ring and a signature give scraps of words, so only lines of
two or more likely words are kept, or of one that is sure among others that are letters as well. A kept line keeps what
may be its words: of 'PHÓ GIÁM ĐỐC' with a worn 'ĐỐC', 'PHÓ GIÁM' would be another title.
"""

from collections.abc import Sequence
from dataclasses import replace

from vndoc.ocr.engines.engine import ImageKind
from vndoc.ocr.imaging.image import Image8
from vndoc.ocr.regions.merging import mean_confidence
from vndoc.ocr.regions.missed_lines import find_missed_lines
from vndoc.ocr.regions.region import Readings, Region, RegionKind
from vndoc.ocr.regions.thresholds import JUNK, LIKELY, STAMPED_LINE, SURE
from vndoc.page import Box, Line, Word

_BESIDE = 6.0  # text heights to either side: letters that touch the seal are on no row
_ABOVE = 2.0  # text heights above and below, for the lines next to those found
_WORN_LINE = 3  # words of a line of which a single one is sure
_LOWER = 0.6  # share of a word's height that its neighbour on the line has at least


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
    """The lines of words in coloured ink, each from its first to its last word that may be one."""
    lines = [line for region in regions for line in readings.get(region, ())]
    return [kept for line in lines if (kept := _line_of_words(line))]


def _line_of_words(line: Line) -> Line | None:
    """The part of a line that is words: two likely ones, with those of letters beside and between them."""
    likely = [i for i, word in enumerate(line.words) if _is_likely(word)]
    if not likely:
        return None
    first, last = likely[0], likely[-1]
    while first > 0 and _may_be_word(line.words[first - 1], line.words[first]):
        first -= 1
    while last + 1 < len(line.words) and _may_be_word(line.words[last + 1], line.words[last]):
        last += 1
    words = tuple(word for word in line.words[first : last + 1] if word.confidence >= JUNK)
    stamped = len(likely) > 1 and mean_confidence([line.words[i] for i in likely]) >= STAMPED_LINE
    worn = len(words) >= _WORN_LINE and mean_confidence(words) >= LIKELY
    worn = worn and any(word.confidence >= SURE for word in words) and all(map(_is_letters, words))
    return replace(line, words=words) if stamped or worn else None


def _is_likely(word: Word) -> bool:
    return word.confidence >= LIKELY and _is_letters(word)


def _is_letters(word: Word) -> bool:
    letters = word.text.strip(".,:")
    return len(letters) > 1 and letters.isalpha()


def _may_be_word(word: Word, beside: Word) -> bool:
    """Whether a word next to one of the line may belong to it: letters, as high, no farther than words are apart."""
    if word.box is None or beside.box is None or word.confidence < JUNK or not _is_letters(word):
        return False
    gap = max(word.box.x0, beside.box.x0) - min(word.box.x1, beside.box.x1)
    return gap < beside.box.height and _LOWER * beside.box.height < word.box.height < beside.box.height / _LOWER
