"""Reads what clerks write, stamp or type into the form by hand: the number, the day, the month, the year.

The slots' places come from whoever knows the form; what comes back are strings of digits with probabilities, for
whoever knows the field to choose from. A slot that is empty, or that holds no digits, has no candidates.
"""

from collections.abc import Sequence

from vndoc.ocr.handwriting.cut import cut_out, one_channel
from vndoc.ocr.handwriting.dates import read_date
from vndoc.ocr.handwriting.edges import SlotBox, beside, measure, type_size
from vndoc.ocr.handwriting.network import trained
from vndoc.ocr.handwriting.reading import candidates, read
from vndoc.ocr.imaging.cleaning import Image8, rotate
from vndoc.page import Word

__all__ = ["SlotBox", "read_slots"]


def read_slots(
    image: Image8, slots: Sequence[SlotBox], words: Sequence[Word], dpi: int, angle: float = 0.0
) -> dict[str, list[tuple[str, float]]]:
    """Candidates for each slot, best first, with calibrated probabilities that sum to 1 at most.

    Args:
        image: the page, RGB or grey, ``uint8``, at ``dpi``; colour is better, as the seal can then be told from ink.
        slots: name and box of each slot, in pixels of the levelled page.
        words: the page's words as OCR read them, with boxes in pixels of the levelled page.
        dpi: resolution of ``image``.
        angle: degrees counter-clockwise by which ``image`` must be turned to be level.

    Returns:
        For each slot's name strings of digits: a number as written ("01", "0044"), days and months of two digits, years
        of four. Empty for a slot without digits. A slot ``arrival_date`` gives ``arrival_day``, ``arrival_month`` and
        ``arrival_year`` where two strokes part it.
    """
    gray = rotate(one_channel(image), angle)
    found: dict[str, list[tuple[str, float]]] = {}
    em = type_size(_print_around(slots, words), dpi)
    for slot in slots:
        windows = measure(slot, words, em)
        if slot.kind == "date":
            parts = read_date(gray, windows[0][0], trained())
            found |= {slot.name.removesuffix("date") + part: likely for part, likely in parts.items()}
            continue
        cuts = [(cut_out(gray, window), weight) for window, weight in windows]
        found[slot.name] = candidates(slot.kind, read(cuts, trained()), trained().temperature)
    return found


def _print_around(slots: Sequence[SlotBox], words: Sequence[Word]) -> list[Word]:
    """Words of the lines of the form's slots: number and date are set in one size."""
    form = [slot for slot in slots if not slot.in_stamp]
    return list(dict.fromkeys(word for slot in form for word in beside(slot.box, words)))
