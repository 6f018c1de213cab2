"""Number and dates from print, hand, stamp and electronic signature, weighed against each other."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from math import exp

from vndoc.dispatch import Signature
from vndoc.page import Box, Word
from vndoc.parse.corroboration import signed_by
from vndoc.parse.evidence import SURE, FieldValue
from vndoc.parse.form.attached import numbers_in_annexes
from vndoc.parse.form.head.header import calendar_day, near_signature
from vndoc.parse.form.slots import digits_in
from vndoc.parse.form.stamps.written_dates import dates_of_parts, whole_dates, written_dates
from vndoc.parse.identity import Form, Identity, TypedDigits
from vndoc.slots import Candidates, Readings, Slot, SlotForm, SlotKey, SlotKind
from vndoc.trace import note

logger = logging.getLogger(__name__)

_PARTS = (SlotKind.DAY, SlotKind.MONTH, SlotKind.YEAR)

_SEEN_TWICE = 8.0
"""How much likelier a number is that the OCR read as well, however unsurely: two readers rarely err alike."""

_CONTRADICTS, _SEEN = 0.8, 0.03
"""How sure a reading of the ink must be to speak against print, and how likely print's own reading is then at most."""

_CLEAR, _UNCLEAR = 0.75, 0.45
"""How sure one of two readers that are both sure must be left, and how sure it is at most where it is not."""

_SURELY_SAID, _ELSEWHERE, _NAMED = 0.9, 0.8, 0.4
"""How surely an annex's number must be read to speak against another, how much it does, and what it is worth alone."""

STAMPED = 0.58
"""Trust in a number read on a stamp's dots, so that it is given from 0.86 on: what is less sure errs on drawn stamps as
often as not, and on worse copies of real ones."""

_LONE = 0.7
"""Trust in a digit alone, against more of them: the letter of an hour ('S') or a piece of a number looks like one."""

_TYPED = 0.9
"""How sure a number is that a person or program typed where the blank is: what else may be there are page numbers."""

_LINE_OFF = 1.6
"""Heights of a blank by which digits set over the page are above or below it: a line at most."""

_ARRIVES_WITHIN = 60
"""Most days from issue to arrival."""

_USUALLY_WITHIN = 10
"""Days in which the likelihood of an arrival falls to a third."""

_LATE = 0.03
"""Likelihood of an arrival on any later day, against that on the day of issue."""

_Slots = Mapping[SlotKey, Slot]


def resolve(form: Form, readings: Readings | None = None, signatures: Sequence[Signature] = ()) -> Identity:
    """The identity of a dispatch from its form, the readings of its slots, and the signatures of its file.

    What was printed and read surely stays. A date weighs the readings of day, month and year by the electronic
    signature.
    """
    readings = readings or {}
    slots = {slot.key: slot for slot in form.slots}
    number = _own_number(form, slots, readings)
    issued = _issued(form, slots, readings, signatures)
    lead, *others = form.signers
    lead = replace(lead, full_name=signed_by(lead.full_name, signatures))
    return Identity(
        type_name=form.type_name,
        number=number,
        notation=form.code.notation,
        issued_date=issued,
        place=form.place,
        issuer=form.issuer,
        subject=form.subject,
        signers=(lead, *others),
        arrival_number=_arrival_number(form, slots, readings),
        arrival_date=_arrival_date(form, slots, readings, issued),
    )


def _own_number(form: Form, slots: _Slots, readings: Readings) -> FieldValue[str]:
    """The number from its blank, weighed by what the heads of the annexes say."""
    notation = form.code.notation.value
    lines = (*form.zones.title, *form.zones.body, *form.zones.annex)
    said = numbers_in_annexes(lines, notation) if notation else {}
    return _also_said(_blank_number(form, slots, readings, said), said)


def _blank_number(form: Form, slots: _Slots, readings: Readings, said: Mapping[str, float]) -> FieldValue[str]:
    key = SlotKey(SlotForm.DISPATCH, SlotKind.NUMBER)
    slot, read = slots.get(key), readings.get(key)
    if slot is None:
        return form.code.number
    if form.code.number.sure is not None:
        return _doubted(form.code.number, slot, read or ())
    if typed := _typed_beside(slot, form.typed):
        note(logger, "/code_number", f"typed '{typed.text}'", "set over the page where the blank is")
        box = typed.box
        return FieldValue(typed.text, _TYPED, slot.page, box, typed.text, "typed", [(typed.text, _TYPED)])
    if not read:
        return form.code.number
    found = _number(slot, _contradicted(slot, read), said)
    note(logger, "/code_number", f"by hand '{found.value}' at {found.confidence:.2f}", f"print has '{slot.raw}'")
    return found


def _also_said(found: FieldValue[str], said: Mapping[str, float]) -> FieldValue[str]:
    """A number, less sure where the annexes surely name another one and none names it."""
    others = [number for number, p in said.items() if p >= _SURELY_SAID and len(number) > 1]
    if not others or any(_alike(number, found.value or "") for number in said):
        return found
    confidence = _against(found.confidence, _ELSEWHERE)
    note(logger, "/code_number", f"'{found.value}' at {confidence:.2f}", f"an annex names {others[0]}")
    ranked = sorted([*found.candidates, (others[0], _NAMED)], key=lambda c: -c[1])
    return replace(found, confidence=confidence, candidates=ranked)


def _doubted(printed: FieldValue[str], slot: Slot, readings: Candidates) -> FieldValue[str]:
    """A number taken for print, less sure where the reader of handwriting surely reads another one in its ink."""
    other = _contradiction(printed.value or "", readings)
    if other is None:
        return printed
    confidence = _against(printed.confidence, other[1])
    confidence = confidence if confidence >= _CLEAR else min(confidence, _UNCLEAR)
    note(logger, "/code_number", f"print '{printed.value}' at {confidence:.2f}", f"by hand '{other[0]}'")
    ranked = sorted([(printed.value or "", confidence), (other[0], 1 - confidence)], key=lambda c: -c[1])
    return replace(printed, confidence=confidence, candidates=ranked)


def _contradiction(printed: str, readings: Candidates) -> tuple[str, float] | None:
    """The likeliest reading, if it is sure and none of the others is what was read as print."""
    if not readings or any(_alike(text, printed) and p >= _SEEN for text, p in readings):
        return None
    text, p = readings[0]
    return (text, p) if p >= _CONTRADICTS and not _alike(text, printed) else None


def _alike(text: str, other: str) -> bool:
    """Whether two readings are one number: '7' and '07'."""
    return text == other or (text.isdecimal() and other.isdecimal() and int(text) == int(other))


def _against(confidence: float, p: float) -> float:
    """How sure a reading is when another reader is sure, to ``p``, of another: their odds multiplied."""
    ours = confidence * (1 - p)
    return ours / (ours + (1 - confidence) * p)


def _typed_beside(slot: Slot, typed: Sequence[TypedDigits]) -> Word | None:
    """The digits typed into a blank that is otherwise empty, perhaps a line too high or too low; None if not one."""
    if slot.box is None or any(letter.isdecimal() for letter in slot.raw):
        return None
    found = [digits.word for digits in typed if digits.page == slot.page and _is_at(slot.box, digits.word)]
    return found[0] if len(found) == 1 else None


def _is_at(blank: Box, word: Word) -> bool:
    if word.box is None:
        return False
    across = blank.x0 - blank.height <= word.box.x_center <= blank.x1 + blank.height
    return across and abs(word.box.y_center - blank.y_center) < _LINE_OFF * blank.height


def _issued(form: Form, slots: _Slots, readings: Readings, signatures: Sequence[Signature]) -> FieldValue[date]:
    own = [slots.get(SlotKey(SlotForm.DISPATCH, kind)) for kind in _PARTS]
    doubted = any(slot and _contradiction(digits_in(slot) or "", readings.get(slot.key, ())) for slot in own)
    if SlotKey(SlotForm.DISPATCH, SlotKind.DAY) not in slots or (form.issued.day.sure is not None and not doubted):
        return form.issued.day
    signed = form.signed or min((s.signed_at.date() for s in signatures if s.signed_at), default=None)
    found = _date(slots, readings, signed)
    if found is None:
        return form.issued.day
    why = f"signed electronically on {signed}" if signed else "no electronic signature"
    note(logger, "/issued_date", f"by hand '{found.value}' at {found.confidence:.2f}", why)
    return found


def _arrival_number(form: Form, slots: _Slots, readings: Readings) -> FieldValue[str]:
    key = SlotKey(SlotForm.ARRIVAL_STAMP, SlotKind.NUMBER)
    slot, read = slots.get(key), readings.get(key)
    if slot is None or not read or form.arrival_number.sure is not None:
        return form.arrival_number
    return _number(slot, [(text, STAMPED * p * (_LONE if len(text) == 1 else 1.0)) for text, p in read])


def _arrival_date(form: Form, slots: _Slots, readings: Readings, issued: FieldValue[date]) -> FieldValue[date]:
    """The date of the arrival stamp: of the days after the issue the one that what was read fits best."""
    printed, begin = form.arrival_date, issued.sure
    if printed.sure and begin and printed.sure < begin:
        note(logger, "/arrival/date", f"rejected: '{printed.value}'", f"before the day of issue, {begin}")
        printed = replace(printed, confidence=0.0)
    day, month, whole = (SlotKey(SlotForm.ARRIVAL_STAMP, k) for k in (SlotKind.DAY, SlotKind.MONTH, SlotKind.DATE))
    slot = slots.get(day) or slots.get(whole)
    if slot is None or printed.sure or not (readings.get(day) or readings.get(whole)):
        return printed
    begins = {begin: 1.0} if begin else {date.fromisoformat(text): p for text, p in issued.candidates}
    expected = _arrivals(begins)
    if readings.get(whole):
        likely = written_dates(readings[whole], expected) if expected else whole_dates(readings[whole])
    else:
        likely = dates_of_parts(readings[day], readings.get(month, ()), expected)
    ranked = sorted(likely.items(), key=lambda c: (-c[1], c[0]))
    if not ranked:
        return printed
    best, sure = ranked[0]
    note(logger, "/arrival/date", f"by hand '{best}' at {sure:.2f}", f"issued {begin}" if begin else "issue not known")
    candidates = [(value.isoformat(), p) for value, p in ranked[:5]]
    return FieldValue(best, sure, slot.page, slot.box, slot.raw, "handwriting", candidates)


def _arrivals(issued: Mapping[date, float]) -> dict[date, float]:
    """How likely each day is that of the arrival, before anything of it is read; they sum to 1, or there are none."""
    expected: dict[date, float] = {}
    for first, p in issued.items():
        for ahead in range(_ARRIVES_WITHIN):
            value = first + timedelta(days=ahead)
            expected[value] = expected.get(value, 0.0) + p * (exp(-ahead / _USUALLY_WITHIN) + _LATE)
    total = sum(expected.values())
    return {value: p / total for value, p in expected.items()}


def _contradicted(slot: Slot, readings: Candidates) -> list[tuple[str, float]]:
    """The readings, of which each has its odds lowered by how surely the OCR read a number that is none of them.

    Broken print ('2624' without its thin strokes) looks like handwriting, and is read better by what knows print.
    """
    printed = digits_in(slot)
    other = printed is not None and all(text != printed for text, _ in readings)
    doubt = slot.confidence if other else 0.0
    return [(text, p * (1 - doubt) / (1 - p * doubt)) for text, p in readings]


def _number(slot: Slot, readings: Candidates, said: Iterable[str] = ()) -> FieldValue[str]:
    seen = {digits_in(slot), *said}
    weighed = {text: p * (_SEEN_TWICE if text in seen else 1.0) for text, p in readings if text.isdigit()}
    ranked = _shares(weighed.items(), readings)
    value, confidence = ranked[0] if ranked else (None, 0.0)
    return FieldValue(value, confidence, slot.page, slot.box, slot.raw, "handwriting", ranked[:5])


def _options(slot: Slot, readings: Readings) -> list[tuple[str, float]]:
    printed = digits_in(slot)
    if slot.confidence >= SURE and printed:
        read = readings.get(slot.key, ())
        if other := _contradiction(printed, read):
            confidence = _against(slot.confidence, other[1])
            return [(printed, confidence), (other[0], 1 - confidence)]
        alike = sum(p for text, p in read if int(text) == int(printed))
        return [(printed, 1 - (1 - slot.confidence) * (1 - alike))]
    return _seen_twice(slot, readings.get(slot.key, ()))


def _seen_twice(slot: Slot, readings: Candidates) -> list[tuple[str, float]]:
    """The readings, those likelier that are also what the OCR read as print, best first."""
    printed = digits_in(slot)
    value = int(printed) if printed and printed.isdecimal() else None
    weighed = [(text, p * (_SEEN_TWICE if text.isdigit() and int(text) == value else 1.0)) for text, p in readings]
    return _shares(weighed, readings)


def _shares(weighed: Iterable[tuple[str, float]], readings: Candidates) -> list[tuple[str, float]]:
    """The weighed readings as probabilities, best first; what the reader left open keeps its share."""
    weighed = list(weighed)
    total = sum(p for _, p in weighed) + max(0.0, 1.0 - sum(p for _, p in readings))
    return sorted(((text, p / total) for text, p in weighed), key=lambda c: -c[1])


def _date(slots: _Slots, readings: Readings, signed: date | None) -> FieldValue[date] | None:
    options = [_options(slots[SlotKey(SlotForm.DISPATCH, kind)], readings) for kind in _PARTS]
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
    slot = slots[SlotKey(SlotForm.DISPATCH, SlotKind.DAY)]
    best = FieldValue(ranked[0][0], ranked[0][1], slot.page, slot.box, slot.raw, "handwriting")
    return replace(best, candidates=[(value.isoformat(), p) for value, p in ranked[:6]])
