"""Text in coloured ink: rubber-stamped names, positions and urgency marks, which the colour drop-out takes away.

The coloured ink is read as a layer of its own. A seal's ring and a signature give scraps of words, so only lines of
two or more sure words are kept.
"""

from collections.abc import Sequence

from vndoc.ocr.engines.engine import Crop, ImageKind, TextEngine, read_crops
from vndoc.ocr.imaging.image import Image8
from vndoc.ocr.layout import only_words
from vndoc.ocr.regions.reread import missed_lines, same_place
from vndoc.page import Box, Line, Word

_REACH = 6.0  # text heights to either side: letters that touch the seal stand on no row
_SURE = 0.85
_LIKELY = 0.6  # least confidence of a stamped word: rubber is worn, frames touch
_LINE_LIKELY = 0.75  # and of its whole line on average


def read_coloured(layer: Image8, size: float, engine: TextEngine, dpi: int) -> list[Line]:
    """Lines of two or more sure words in the coloured layer; ``size`` is the page's text height in pixels.

    Where no letters stand on a line, as on a page with a seal and a signature only, the engine is not called.
    """
    rows = missed_lines(layer, (), size)
    if not rows:
        return []
    around = Box.around(rows)
    side, above = round(_REACH * size), round(2 * size)
    part = Box(around.x0 - side, around.y0 - above, around.x1 + side, around.y1 + above)
    # Sparse, since a seal's ring would spoil a single line.
    (read,) = read_crops(engine, [Crop.of(layer, part)], ImageKind.SPARSE, dpi)
    lines = only_words(read, _is_word)
    return [line for line in lines if len(line.words) > 1 and _mean_confidence(line) >= _LINE_LIKELY]


def _mean_confidence(line: Line) -> float:
    return sum(w.confidence for w in line.words) / len(line.words)


def _is_word(word: Word) -> bool:
    letters = word.text.strip(".,:")
    return word.confidence >= _LIKELY and len(letters) > 1 and letters.isalpha()


def merge(lines: Sequence[Line], coloured: Sequence[Line]) -> list[Line]:
    """Both readings together; where two words stand in one place, the coloured line wins only over unsurer words."""
    merged = list(lines)
    for line in coloured:
        rivals = [w for other in merged for w in other.words if any(same_place(w, c) for c in line.words)]
        if any(rival.confidence >= _SURE for rival in rivals):
            continue
        merged = [*_without(merged, rivals), line]
    return merged


def _without(lines: Sequence[Line], words: Sequence[Word]) -> list[Line]:
    lost = {id(word) for word in words}
    return only_words(lines, lambda word: id(word) not in lost)
