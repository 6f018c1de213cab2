"""Blanks of the form: the ink as the reader of handwriting cuts it, and what a person says that is written there."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date

import cv2
import numpy as np
from numpy.typing import NDArray

from vndoc.archive.corrections.pairs import InkCut, SlotPair, identity
from vndoc.ocr.handwriting import Cuts, cuts_of
from vndoc.ocr.handwriting.cut import Cut
from vndoc.ocr.imaging.image import Image8
from vndoc.page import Method, Page
from vndoc.parse import Form
from vndoc.reading import Reading
from vndoc.slots import Slot, SlotForm, SlotKey, SlotKind

Said = Mapping[str, tuple[str, int]]
"""Values by pointer, each with the number of the change that says so."""
_NUMBERS = {SlotForm.DISPATCH: "/code_number", SlotForm.ARRIVAL_STAMP: "/arrival/number"}
_DATES = {SlotForm.DISPATCH: "/issued_date", SlotForm.ARRIVAL_STAMP: "/arrival/date"}


def written(kind: SlotKind, value: str) -> tuple[str, ...]:
    """What a blank of this kind may hold if the value of its field is this; nothing where it is not digits alone.

    >>> written(SlotKind.DAY, "2024-03-06")
    ('06', '6')
    """
    if kind is SlotKind.NUMBER:
        if not (value.isascii() and value.isdigit()):
            return ()
        bare = value.lstrip("0")
        return tuple(dict.fromkeys((value, bare, bare.zfill(2)))) if bare else ()
    day = date.fromisoformat(value)
    if kind is SlotKind.YEAR:
        return (str(day.year),)
    if kind is SlotKind.DATE:  # strokes among its digits, which nobody has told apart
        return ()
    number = day.day if kind is SlotKind.DAY else day.month
    return tuple(dict.fromkeys((f"{number:02}", str(number))))


def slot_pairs(
    key: str, office: str | None, reading: Reading, form: Form, said: Said, image: Callable[[Page], Image8]
) -> Iterator[tuple[SlotPair, Cuts]]:
    """The pairs of all blanks of which the value was said, each with its ink.

    Args:
        key: of the document.
        office: its issuer.
        reading: what was recognised.
        form: of its pages.
        said: the values.
        image: gives a page, RGB or grey, upright but not yet level; called where there is a blank on it.
    """
    for page in reading.pages:
        own = [slot for slot in form.slots if slot.page == page.number and slot.box and _said(slot, said)]
        if page.method is not Method.OCR or not own:
            continue
        cuts = cuts_of(image(page), own, list(page.words), page.dpi, page.angle)
        for slot in own:
            if any(cut for cut, _ in cuts[slot.key]):
                yield _pair(key, office, slot, said, reading), cuts[slot.key]


def slot_ids(key: str, pointer: str) -> set[str]:
    """The ids of the pairs that a value of this field may have given."""
    return {identity(key, "slot", f"{pointer} {kind}") for kind in SlotKind}


def _pointer(slot: Slot) -> str:
    return (_NUMBERS if slot.kind is SlotKind.NUMBER else _DATES)[slot.form]


def _said(slot: Slot, said: Said) -> bool:
    value = said.get(_pointer(slot))
    return value is not None and bool(written(slot.kind, value[0]))


def _pair(key: str, office: str | None, slot: Slot, said: Said, reading: Reading) -> SlotPair:
    assert slot.box
    pointer = _pointer(slot)
    value, change = said[pointer]
    ways = written(slot.kind, value)
    best = next(iter(reading.slots.get(SlotKey(slot.form, slot.kind), ())), None)
    return SlotPair(
        id=identity(key, "slot", f"{pointer} {slot.kind}"),
        document=key,
        office=office,
        change=change,
        pointer=pointer,
        page=slot.page,
        box=(slot.box.x0, slot.box.y0, slot.box.x1, slot.box.y1),
        raw=best[0] if best else None,
        truth=ways[0],
        form=slot.form,
        slot=slot.kind,
        written=ways,
        cuts=(),
    )


def with_crops(pair: SlotPair, cuts: Cuts) -> tuple[SlotPair, dict[str, bytes]]:
    """The pair with the places of its crops, and these as PNG; what was cut alike is written once."""
    known: list[tuple[Cut, str]] = []
    files: dict[str, bytes] = {}
    rows = []
    for cut, weight in cuts:
        if cut is None:
            rows.append(InkCut(weight=weight, crop=None))
            continue
        name = next((name for other, name in known if cut.same(other)), None)
        if name is None:
            name = f"slots/{pair.id}-{len(known) + 1}.png"
            known.append((cut, name))
            files[name] = png(np.rint(255 * cut.ink).astype(np.uint8))
        rows.append(InkCut(weight=weight, crop=name, body=cut.body, torn=cut.torn, unended=cut.unended, end=cut.end))
    return pair.model_copy(update={"cuts": tuple(rows)}), files


def png(image: NDArray[np.uint8]) -> bytes:
    """A grey image as PNG."""
    return cv2.imencode(".png", image)[1].tobytes()
