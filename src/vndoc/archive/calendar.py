"""Duties as a calendar file that Outlook, Google Calendar and Thunderbird take in."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from textwrap import shorten

from dateutil.rrule import rrulestr
from icalendar import Calendar, Event, vRecur

from vndoc.archive.duties import Duty
from vndoc.archive.stored import loading
from vndoc.filenames import readable

_SUMMARY = 120  # letters of an event's title


def to_ics(found: Iterable[Duty]) -> bytes:
    """A calendar (RFC 5545): an event of a whole day for each duty that has one, a series for each that comes again.

    Duties without either are left out. An event keeps its identity over exports, so that a calendar which takes the
    file again shows nothing twice.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//vndoc//archive//VI")
    calendar.add("version", "2.0")
    for duty in found:
        with loading():
            for event in _events(duty):
                calendar.add_component(event)
    return bytes(calendar.to_ical())


def _events(duty: Duty) -> Iterator[Event]:
    if duty.due_date:
        yield _event(duty, duty.due_date)
        return
    for rule in duty.recurrence_rules:
        if first := _first(rule, duty.issued_date or date.fromisoformat(duty.read_at[:10])):
            event = _event(duty, first, rule)
            event.add("rrule", vRecur.from_ical(rule))
            yield event


def _first(rule: str, since: date) -> date | None:
    """The first day of a series that is not before the document; None for a rule that never comes true."""
    start = datetime.combine(since, time())
    found = rrulestr(rule, dtstart=start).after(start, inc=True)
    return found.date() if found else None


def _event(duty: Duty, day: date, rule: str = "") -> Event:
    event = Event()
    key = hashlib.sha256(f"{duty.key}/{duty.position}/{rule}".encode()).hexdigest()[:32]
    event.add("uid", f"{key}@vndoc")
    event.add("dtstamp", datetime.fromisoformat(duty.read_at).astimezone(UTC))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    who = f"{duty.assignee}: " if duty.assignee else ""
    event.add("summary", shorten(who + duty.text, _SUMMARY, placeholder="…"))
    event.add("description", readable("\n".join(_about(duty))))
    event.add("transp", "TRANSPARENT")
    return event


def _about(duty: Duty) -> Iterator[str]:
    yield duty.text
    issued = f"ngày {duty.issued_date:%d/%m/%Y}" if duty.issued_date else None
    named = {
        "Giờ": f"{duty.due_time:%H:%M}" if duty.due_time else None,
        "Phối hợp": "; ".join(duty.coordinators),
        "Báo cáo": duty.report_to,
        "Qua": duty.via,
        "Định kỳ": duty.recurrence,
        "Văn bản": " ".join(filter(None, (duty.code, issued))),
        "Cơ quan ban hành": duty.organ_name,
        "Trích yếu": duty.subject,
        "Mục": duty.section,
        "Tệp": duty.path,
    }
    yield from (f"{name}: {value}" for name, value in named.items() if value)
