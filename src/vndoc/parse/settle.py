"""What a reader of handwriting says about the slots of the form, weighed and put into the dispatch."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import product

from vndoc.dispatch import Dispatch
from vndoc.parse.assemble import Parsed
from vndoc.parse.evidence import SURE, Found
from vndoc.parse.header import calendar_day, near_signature
from vndoc.parse.slots import Slot, SlotName

_PARTS: tuple[SlotName, SlotName, SlotName] = ("day", "month", "year")

Readings = Mapping[SlotName, Sequence[tuple[str, float]]]
"""For each slot, strings of digits with their probabilities, best first; they may sum to less than 1."""


def settle(parsed: Parsed, readings: Readings) -> Dispatch:
    """The dispatch with number and date as read by hand, where the print left them unsure.

    What was printed and read stays. A date weighs the readings of day, month and year by the electronic signature.
    """
    dispatch = parsed.dispatch.model_copy(deep=True)
    slots: dict[SlotName, Slot] = {slot.name: slot for slot in parsed.slots}
    if "number" in slots and dispatch.code_number is None and readings.get("number"):
        found = _number(slots["number"], readings["number"])
        dispatch.code_number = found.sure
        dispatch.evidence["/code_number"] = found.evidence()
    if "day" in slots and dispatch.issued_date is None:
        issued = _date(slots, readings, parsed.signed)
        if issued:
            dispatch.issued_date = issued.sure
            dispatch.evidence["/issued_date"] = issued.evidence()
    settled = {"number-unsure": dispatch.code_number, "date-unsure": dispatch.issued_date}
    dispatch.warnings = [notice for notice in dispatch.warnings if settled.get(notice.code) is None]
    return dispatch


def _number(slot: Slot, readings: Sequence[tuple[str, float]]) -> Found[str]:
    ranked = sorted(((text, p) for text, p in readings if text.isdigit()), key=lambda c: -c[1])
    value, confidence = ranked[0] if ranked else (None, 0.0)
    return Found(value, confidence, slot.page, slot.box, slot.raw, "handwriting", ranked[:5])


def _options(slot: Slot, readings: Readings) -> list[tuple[str, float]]:
    if slot.confidence >= SURE and slot.digits:
        return [(slot.digits, slot.confidence)]
    return list(readings.get(slot.name, ()))


def _date(slots: Mapping[SlotName, Slot], readings: Readings, signed: date | None) -> Found[date] | None:
    options = [_options(slots[name], readings) for name in _PARTS]
    if not all(options):
        return None
    mass: dict[date, float] = {}
    for (day, p), (month, q), (year, r) in product(*options):
        if value := calendar_day(day, month, year):
            mass[value] = mass.get(value, 0.0) + p * q * r
    rest = max(0.0, 1.0 - sum(mass.values()))
    weighed = {value: p * near_signature(value, signed) for value, p in mass.items()}
    # What the reader left open keeps its share, weighed as the average day would be.
    total = sum(weighed.values()) + rest * (sum(weighed.values()) / sum(mass.values()) if mass else 1.0)
    ranked = sorted(((value, p / total) for value, p in weighed.items() if total > 0), key=lambda c: -c[1])
    if not ranked:
        return None
    slot = slots["day"]
    best = Found(ranked[0][0], ranked[0][1], slot.page, slot.box, slot.raw, "handwriting")
    return replace(best, candidates=[(value.isoformat(), p) for value, p in ranked[:6]])
