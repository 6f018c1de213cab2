"""Readings of slots as a reader of handwriting gives them."""

from collections.abc import Sequence

from vndoc.page import Page
from vndoc.parse import read_form
from vndoc.slots import Candidates, Readings, Slot, SlotForm, SlotKey, SlotKind


def own(**candidates: Candidates) -> Readings:
    """Of the dispatch's own slots: ``own(number=[("77", 0.9)])``."""
    return {SlotKey(SlotForm.DISPATCH, SlotKind(kind)): found for kind, found in candidates.items()}


def stamped(**candidates: Candidates) -> Readings:
    """Of the slots of an arrival stamp."""
    return {SlotKey(SlotForm.ARRIVAL_STAMP, SlotKind(kind)): found for kind, found in candidates.items()}


def slots_of(pages: Sequence[Page], form: SlotForm = SlotForm.DISPATCH) -> dict[str, Slot]:
    """The slots on some pages, of the dispatch or of the arrival stamp, by their kind."""
    return {slot.kind.value: slot for slot in read_form(pages).slots if slot.form is form}
