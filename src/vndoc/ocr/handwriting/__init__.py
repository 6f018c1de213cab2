"""Reads what clerks write, stamp or type into the form by hand: the number, the day, the month, the year.

The slots' places come from whoever knows the form; what comes back are strings of digits with probabilities, for
whoever knows the field to choose from. A slot that is empty, or that holds no digits, has no candidates.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np

from vndoc.ocr.handwriting.cut import Cut, behind_label, cut_out, one_channel
from vndoc.ocr.handwriting.dates import read_date
from vndoc.ocr.handwriting.edges import BoxedSlot, beside, measure, type_size
from vndoc.ocr.handwriting.network import Readers, trained
from vndoc.ocr.handwriting.reading import candidates, read, trust_in_end
from vndoc.ocr.imaging.image import Image8
from vndoc.ocr.imaging.skew import rotate
from vndoc.page import Word
from vndoc.registry import Registry
from vndoc.settings import Settings
from vndoc.slots import Candidates, Readings, Slot, SlotForm, SlotKey, SlotKind, SlotReader

__all__ = ["SLOT_READERS", "Cuts", "DigitReader", "cuts_of", "read_slot", "slot_reader"]


_AROUND = 0.5  # inches above and below a slot that its ink and the words beside it may take


class DigitReader:
    """A reader of handwritten digits by convolutional networks; see :class:`vndoc.slots.SlotReader`.

    Args:
        networks: those of the package, or of a folder.
    """

    name = "handwriting"

    def __init__(self, networks: Readers | None = None) -> None:
        self._networks = networks or trained()

    @classmethod
    def from_settings(cls, settings: Settings) -> "DigitReader":
        """With the networks in :attr:`Settings.models`, if ``digits.npz`` is there."""
        own = Path(settings.models, "digits.npz") if settings.models else None
        return cls(trained(own) if own and own.is_file() else None)

    def read(self, image: Image8, slots: Sequence[Slot], words: Sequence[Word], dpi: int, angle: float) -> Readings:
        """See :meth:`vndoc.slots.SlotReader.read`."""
        cuts = cuts_of(image, slots, words, dpi, angle)
        return {key: read_slot(key.kind, found, self._networks) for key, found in cuts.items()}


Cuts = Sequence[tuple[Cut | None, float]]
"""All that a slot may have been cut to, each with its weight; None where nothing is in it."""


def read_slot(kind: SlotKind, cuts: Cuts, networks: Readers) -> Candidates:
    """What may be written in a slot, best first."""
    if kind is SlotKind.DATE:
        return read_date(cuts, networks)
    ranked = candidates(kind, read(cuts, networks), networks.temperature)
    return [(text, p * trust_in_end(cuts)) for text, p in ranked]


def cuts_of(
    image: Image8, slots: Sequence[Slot], words: Sequence[Word], dpi: int, angle: float
) -> dict[SlotKey, list[tuple[Cut | None, float]]]:
    """The ink of each slot that has a box, as it is read; arguments of :meth:`vndoc.slots.SlotReader.read`."""
    boxed = [
        (s.form, BoxedSlot(s.kind, s.box, s.base_line, s.em, s.behind, s.labelled), s.angle) for s in slots if s.box
    ]
    if not boxed:
        return {}
    em = type_size(_print_around([(form, slot) for form, slot, _ in boxed], words), dpi)
    band = _band([slot for _, slot, _ in boxed], dpi, image.shape[0])
    level = rotate(one_channel(image), angle, band)
    found: dict[SlotKey, list[tuple[Cut | None, float]]] = {}
    for form, given, slant in boxed:
        gray = _level_again(level, given, band.start, slant)
        slot = given if given.labelled else _begun(given, gray, band.start, words, em)
        measured = measure(slot, words, em)
        windows = [(window._replace(base=window.base - band.start), weight) for window, weight in measured]
        found[SlotKey(form, slot.kind)] = [(cut_out(gray, window), weight) for window, weight in windows]
    return found


def _begun(slot: BoxedSlot, gray: Image8, above: int, words: Sequence[Word], em: float) -> BoxedSlot:
    """The slot of a number whose label was not read, begun behind the label's colon, or else where the ink begins.

    ``above`` is the row of the page at which ``gray`` begins.
    """
    window = measure(slot, words, em)[0][0]
    edge = behind_label(gray, window._replace(base=window.base - above))
    return slot if edge is None else slot._replace(box=slot.box._replace(x0=edge))


def _band(slots: Sequence[BoxedSlot], dpi: int, height: int) -> slice:
    """The rows of the page that can hold ink of the slots: turning all of it once more would be for nothing."""
    around = round(_AROUND * dpi)
    top = min(height, max(0, min(slot.box.y0 for slot in slots) - around))
    return slice(top, max(top, min(height, max(slot.box.y1 for slot in slots) + around)))


def _level_again(band: Image8, slot: BoxedSlot, top: int, slant: float) -> Image8:
    """The band turned about the middle of a slot's base line, where the row falls by ``slant`` degrees."""
    if not slant or slot.base_line is None:
        return band
    matrix = cv2.getRotationMatrix2D((slot.box.x_center, slot.base_line - top), slant, 1)
    size = (band.shape[1], band.shape[0])
    return np.asarray(cv2.warpAffine(band, matrix, size, flags=cv2.INTER_CUBIC, borderValue=(255,)), dtype=np.uint8)


def _print_around(slots: Sequence[tuple[SlotForm, BoxedSlot]], words: Sequence[Word]) -> list[Word]:
    """Words of the lines of the dispatch's own slots: number and date are set in one size."""
    own = [slot for form, slot in slots if form is SlotForm.DISPATCH]
    return list(dict.fromkeys(word for slot in own for word in beside(slot.box, words)))


SLOT_READERS: Registry[Callable[[Settings], SlotReader]] = Registry(
    "vndoc.slot_readers", "slot reader", {"handwriting": "vndoc.ocr.handwriting:DigitReader.from_settings"}
)
"""Readers of slots by name."""


def slot_reader(settings: Settings) -> SlotReader:
    """The reader that the settings name; SetupError where there is none of that name."""
    return SLOT_READERS.get(settings.slot_reader)(settings)
