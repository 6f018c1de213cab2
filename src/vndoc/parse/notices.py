"""What a person or a program should look at in the form of a dispatch: notices with the codes of ``NOTICE_CODES``."""

from collections.abc import Iterator, Sequence
from operator import itemgetter

import regex

from vndoc.dispatch import Dispatch, Notice
from vndoc.figures import differ
from vndoc.parse.evidence import SURE
from vndoc.parse.form.stamps.arrival import has_stamp
from vndoc.parse.form.zones import Zones
from vndoc.slots import Slot, SlotForm, SlotKind

_PRINTED = (
    "/type_name",
    "/code_notation",
    "/organ_name",
    "/place",
    "/subject",
    "/signer/authority",
    "/signer/position",
    "/signer/full_name",
)
"""Fields that may be read and still withheld; number, date and incoming stamp have codes of their own."""

_TEXT = regex.compile(r"\p{L}{3}")
_LIKELY = 0.05  # probability from which on another reading of a number is worth a look


def form_notices(dispatch: Dispatch, zones: Zones, slots: Sequence[Slot]) -> Iterator[Notice]:
    """The notices on the form of ``dispatch``, read from ``zones`` with these slots for handwriting."""
    blanks = {slot.key for slot in slots}
    if (SlotForm.DISPATCH, SlotKind.NUMBER) in blanks and dispatch.code_number is None:
        yield Notice(code="number-unsure", pointer="/code_number", message="The number may be handwritten.")
    if (SlotForm.DISPATCH, SlotKind.DAY) in blanks and dispatch.issued_date is None:
        yield Notice(code="date-unsure", pointer="/issued_date", message="The date may be handwritten.")
    unread = dispatch.arrival.date is None or (
        (SlotForm.ARRIVAL_STAMP, SlotKind.NUMBER) in blanks and dispatch.arrival.number is None
    )
    if unread and (has_stamp(zones.stamps) or any(key.form is SlotForm.ARRIVAL_STAMP for key in blanks)):
        yield Notice(code="arrival-unsure", pointer="/arrival", message="The incoming stamp is handwritten.")
    if not zones.number:
        yield Notice(code="number-missing", pointer="/code_number", message="No line 'Số: …' was found.")
    if not zones.signature:
        yield Notice(code="signature-missing", pointer="/signer", message="No signature was found.")
    yield from _figures(zones)
    yield from _withheld(dispatch)
    yield from _kinds(dispatch, zones)


def _withheld(dispatch: Dispatch) -> Iterator[Notice]:
    for pointer in _PRINTED:
        evidence = dispatch.evidence.get(pointer)
        if evidence and evidence.candidates and evidence.confidence < SURE:
            best = evidence.candidates[0][0]
            yield Notice(code="value-withheld", pointer=pointer, message=f"Read, but not surely: '{best}'.")


def _figures(zones: Zones) -> Iterator[Notice]:
    """Numbers and dates of the text that the engine reads in another way as well, each with the line it is in.

    Those by themselves are left out: marks of footnotes, cells of tables, scraps of seals.
    """
    for line in (*zones.title, *zones.recipients, *zones.body, *zones.to_places, *zones.annex):
        for word in line.words if _TEXT.search(line.text) else ():
            other, share = max(word.alternatives, key=itemgetter(1), default=("", 0.0))
            if share >= _LIKELY and differ(word.text, other):
                message = f"Page {line.page}: '{word.text}' may be '{other}' in '{line.text}'."
                yield Notice(code="figure-doubtful", pointer=f"/pages/{line.page}", message=message)


def _kinds(dispatch: Dispatch, zones: Zones) -> Iterator[Notice]:
    """What kind of paper it is, beside an ordinary dispatch."""
    if dispatch.draft:
        yield Notice(code="draft", pointer="/draft", message="The document is marked as a draft.")
    if dispatch.overlays:
        message = f"A note was typed over the page: '{dispatch.overlays[0].text[:60]}'."
        yield Notice(code="overlay", pointer="/overlays", message=message)
    if copy := dispatch.certified_copy:
        yield Notice(code="certified-copy", pointer="/certified_copy", message=f"The paper is a '{copy.type_name}'.")
    if len(dispatch.joint_issuers) > 1:
        names = ", ".join(body.organ_name for body in dispatch.joint_issuers)
        yield Notice(code="joint-document", pointer="/joint_issuers", message=f"Issued together by {names}.")
    if len(dispatch.signers) > 1:
        yield Notice(code="several-signers", pointer="/signers", message=f"Signed by {len(dispatch.signers)} people.")
    if zones.annex:
        message = f"Pages from {zones.annex[0].page} on hold an annex; tables of tasks apart, it fills no field."
        yield Notice(code="annex-left-out", pointer="/annexes", message=message)
