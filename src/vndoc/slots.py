"""The blanks of a form that a clerk fills: number, day, month, year; of the dispatch itself and of an arrival stamp.

``parse`` knows where they are, a :class:`SlotReader` reads what hand or stamp has put there, and ``parse`` weighs both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from vndoc.page import Box, Origin, Word


class SlotKind(StrEnum):
    """What may be in a slot; a ``DATE`` holds day, month and year in one blank, as ``15/8/2023``."""

    NUMBER = "number"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    DATE = "date"


class SlotForm(StrEnum):
    """Whose blank a slot is: the dispatch's own, or that of the stamp its receiver puts on it."""

    DISPATCH = "dispatch"
    ARRIVAL_STAMP = "arrival stamp"


class SlotKey(NamedTuple):
    """Which slot: a form has at most one of each kind."""

    form: SlotForm
    kind: SlotKind


class PrintBehind(NamedTuple):
    """The print that follows a blank: its text with the mark it begins with ("/QĐ-UBND"), its edges in pixels.

    ``x0`` is None where digits of the blank were read into the same word.
    """

    text: str
    x0: int | None
    x1: int


@dataclass(slots=True, frozen=True)
class Slot:
    """A blank: where it is, the text read in it, and how likely that text is print read right.

    ``box`` spans from the printed word before the blank to the one behind it, in pixels of the level page; None without
    boxes. ``base_line`` (the y of its row's base line at the slot's middle) and ``em`` (type size), both in pixels, are
    given where they are known better than by the words around, as in a stamp, and ``angle`` where that is askew: by how
    many degrees the row falls to the right. ``origin`` is that of the text in ``raw``. ``behind`` is the notation
    printed behind a number. Without ``labelled`` the printed label before the blank was not read: the box begins
    somewhere to the left of it.
    """

    kind: SlotKind
    form: SlotForm
    page: int
    box: Box | None
    raw: str = ""
    confidence: float = 0.0
    origin: Origin = Origin.OCR
    base_line: float | None = None
    em: float | None = None
    behind: PrintBehind | None = None
    labelled: bool = True
    angle: float = 0.0

    @property
    def key(self) -> SlotKey:
        """Form and kind."""
        return SlotKey(self.form, self.kind)


Candidates = Sequence[tuple[str, float]]
"""Strings of digits with their probabilities, best first; these may sum to less than 1."""

Readings = Mapping[SlotKey, Candidates]
"""What was read in each slot."""


class SlotReader(Protocol):
    """Reads strings of digits that were written, stamped or typed into slots.

    Found by name: entry-point group ``vndoc.slot_readers``, whose objects are called with the
    :class:`~vndoc.settings.Settings` and return a reader.
    """

    @property
    def name(self) -> str:
        """As in :attr:`Settings.slot_reader <vndoc.settings.Settings.slot_reader>`."""
        ...

    def read(
        self, image: NDArray[np.uint8], slots: Sequence[Slot], words: Sequence[Word], dpi: int, angle: float
    ) -> Readings:
        """Candidates for the slots of one page, with calibrated probabilities.

        Args:
            image: the page, RGB or grey ``(height, width[, 3])``, at ``dpi``, upright but not yet level.
            slots: slots of this page that have a box.
            words: the page's words, with boxes in pixels of the level page.
            dpi: resolution of ``image``.
            angle: degrees counter-clockwise by which ``image`` must be turned to be level.

        Returns:
            For each slot numbers as written (``"01"``), days and months of two digits, years of four; of a date in one
            blank all its digits, the strokes between its parts read as a 1 or passed over (``"1518123"``); nothing for
            a slot without digits.
        """
        ...
