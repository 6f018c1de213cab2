"""What a reader of handwriting says about the slots of the form, weighed and put into the dispatch."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from math import exp

from vndoc.dispatch import Dispatch
from vndoc.parse.assemble import Parsed
from vndoc.parse.evidence import SURE, FieldValue
from vndoc.parse.form.header import calendar_day, near_signature
from vndoc.parse.form.provenance import trace_due_date
from vndoc.parse.form.slots import Slot, SlotName
from vndoc.parse.tasks.duties import earliest
from vndoc.parse.tasks.terms import event_days, with_ends

_PARTS: tuple[SlotName, SlotName, SlotName] = ("day", "month", "year")

_SEEN_TWICE = 8.0
"""How much likelier a number is that the OCR read as well, however unsurely: two readers rarely err alike."""

STAMPED = 0.68
"""Trust in a number read on a stamp's dots: on 48 drawn stamps two in five of those told at 0.5 to 0.75 were right."""

Readings = Mapping[SlotName, Sequence[tuple[str, float]]]
"""For each slot, strings of digits with their probabilities, best first; they may sum to less than 1."""


def settle(parsed: Parsed, readings: Readings) -> Dispatch:
    """The dispatch with number and date as read by hand, where the print left them unsure.

    What was printed and read stays. A date weighs the readings of day, month and year by the electronic signature.
    """
    dispatch = parsed.dispatch.model_copy(deep=True)
    slots: dict[SlotName, Slot] = {slot.name: slot for slot in parsed.slots}
    if "number" in slots and dispatch.code_number is None and readings.get("number"):
        found = _number(slots["number"], _gainsaid(slots["number"], readings["number"]))
        dispatch.code_number = found.sure
        dispatch.evidence["/code_number"] = found.evidence()
    if "day" in slots and dispatch.issued_date is None:
        issued = _date(slots, readings, parsed.signed)
        if issued:
            dispatch.issued_date = issued.sure
            dispatch.evidence["/issued_date"] = issued.evidence()
    _settle_arrival(dispatch, slots, readings)
    days = event_days(dispatch.text, dispatch.issued_date, dispatch.arrival.date)
    dispatch.tasks = with_ends(dispatch.tasks, days)
    dispatch.due_date = earliest(dispatch.tasks)
    trace_due_date(dispatch)
    settled = {
        "number-unsure": dispatch.code_number,
        "date-unsure": dispatch.issued_date,
        "arrival-unsure": dispatch.arrival.number,
    }
    dispatch.warnings = [notice for notice in dispatch.warnings if settled.get(notice.code) is None]
    return dispatch


def _settle_arrival(dispatch: Dispatch, slots: Mapping[SlotName, Slot], readings: Readings) -> None:
    """Number and date of the incoming stamp; the date is the first such day after the issue, within two months."""
    if "arrival_number" in slots and dispatch.arrival.number is None and readings.get("arrival_number"):
        doubted = [(text, STAMPED * p) for text, p in readings["arrival_number"]]
        found = _number(slots["arrival_number"], doubted)
        dispatch.arrival.number = found.sure
        dispatch.evidence["/arrival/number"] = found.evidence()
    days, issued = readings.get("arrival_day"), dispatch.issued_date
    slot = slots.get("arrival_day") or slots.get("arrival_date")
    if slot is None or dispatch.arrival.date or not days or issued is None:
        return
    months = dict(readings.get("arrival_month", ()))
    mass: dict[date, float] = {}
    for ahead in range(60):
        value = issued + timedelta(days=ahead)
        read = sum(p for text, p in days if text.isdigit() and int(text) == value.day)
        month = sum(p for text, p in months.items() if text.isdigit() and int(text) == value.month) if months else 1.0
        if read * month > 0:
            mass[value] = read * month * exp(-ahead / 10)
    total = sum(mass.values())
    if total > 0:
        best = max(mass, key=lambda day: mass[day])
        sure = mass[best] / total * min(1.0, sum(p for text, p in days if text.isdigit() and int(text) == best.day))
        ranked = sorted(((day.isoformat(), p / total) for day, p in mass.items()), key=lambda c: -c[1])[:5]
        found_day = FieldValue(best, sure, slot.page, slot.box, slot.raw, "handwriting", ranked)
        dispatch.arrival.date = found_day.sure
        dispatch.evidence["/arrival/date"] = found_day.evidence()


def _gainsaid(slot: Slot, readings: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """The readings, of which each has its odds lowered by how surely the OCR read a number that is none of them.

    Broken print ('2624' without its thin strokes) looks like handwriting, and is read better by what knows print.
    """
    other = slot.digits and all(text != slot.digits for text, _ in readings)
    doubt = slot.confidence if other else 0.0
    return [(text, p * (1 - doubt) / (1 - p * doubt)) for text, p in readings]


def _number(slot: Slot, readings: Sequence[tuple[str, float]]) -> FieldValue[str]:
    weighed = {text: p * (_SEEN_TWICE if text == slot.digits else 1.0) for text, p in readings if text.isdigit()}
    total = sum(weighed.values()) + max(0.0, 1.0 - sum(p for _, p in readings))
    ranked = sorted(((text, p / total) for text, p in weighed.items()), key=lambda c: -c[1])
    value, confidence = ranked[0] if ranked else (None, 0.0)
    return FieldValue(value, confidence, slot.page, slot.box, slot.raw, "handwriting", ranked[:5])


def _options(slot: Slot, readings: Readings) -> list[tuple[str, float]]:
    if slot.confidence >= SURE and slot.digits:
        alike = sum(p for text, p in readings.get(slot.name, ()) if int(text) == int(slot.digits))
        return [(slot.digits, 1 - (1 - slot.confidence) * (1 - alike))]
    return list(readings.get(slot.name, ()))


def _date(slots: Mapping[SlotName, Slot], readings: Readings, signed: date | None) -> FieldValue[date] | None:
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
    best = FieldValue(ranked[0][0], ranked[0][1], slot.page, slot.box, slot.raw, "handwriting")
    return replace(best, candidates=[(value.isoformat(), p) for value, p in ranked[:6]])
