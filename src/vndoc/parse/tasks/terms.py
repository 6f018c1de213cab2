"""Terms counted from an event: 'trong thời hạn 05 ngày làm việc kể từ ngày nhận được Công văn này'.

The end of a term is known once the day of its event is: that of the issue, of the arrival, of the coming into force,
or one that the text names. Until then the term stays as a rule.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

import regex

from vndoc.dispatch import Task, Term
from vndoc.parse.dates import find_days
from vndoc.parse.fold import fold, tidy
from vndoc.parse.knowledge import load
from vndoc.parse.tasks.working_days import end_of_term

Event = Literal["issued", "arrived", "effective"]
_DOCUMENT = (
    r"(?:(?:cong van|van ban|quyet dinh|chi thi|thong bao|ke hoach|nghi quyet|huong dan|cong dien|to trinh|quy dinh"
    r"|quy che|chuong trinh|ket luan|thong tu|nghi dinh|giay moi|bao cao|y kien chi dao)(?:\s+chi dao)?)"
)
_THIS = rf"{_DOCUMENT}\s+nay"
_EVENTS: Mapping[Event, "regex.Pattern[str]"] = {
    "effective": regex.compile(rf"{_DOCUMENT}(?:\s+nay)?\s+(?:chinh thuc\s+)?co hieu luc"),
    "arrived": regex.compile(rf"(?:tiep\s+)?nhan(?:\s+duoc)?\s+{_THIS}"),
    "issued": regex.compile(
        rf"(?:ky|ban hanh|ky ban hanh|phat hanh)(?:\s+(?:{_THIS}|van ban|cong van))?\W*$"
        rf"|{_THIS}\s+duoc\s+(?:ky|ban hanh)"
    ),
}
_EVENT_LEAD = regex.compile(r"(?:(?:ke\s+|tinh\s+)?tu\s+)?(?:ngay|khi|thoi diem)?\s*")
_IN_FORCE = regex.compile(
    r"co hieu luc(?:\s+thi hanh)?\s+(?:ke\s+)?tu\s+(?:ngay\s+(?P<signed>ky|ban hanh)\b|(?P<day>ngay\s+))"
)
_PAST = r"(?!\s+(?:dau|cuoi|qua|gan day|lien tuc|lien tiep|toi|tro lai|vua|hoc|hanh chinh|le|tet|\d))"
_NO_DUTY = regex.compile(r"\b(?:hieu luc|gia tri)\b[^.;]{0,30}$")


@dataclass(slots=True, frozen=True)
class TermMatch:
    """A term found at ``start`` (up to ``end``, exclusive) of a paragraph."""

    start: int
    end: int
    term: Term


@cache
def _pattern() -> "regex.Pattern[str]":
    data = load("deadlines")
    leads = "|".join(record["pattern"] for record in data["terms"])
    words = "|".join(w.replace(" ", r"\s+") for w in sorted(data["term_numbers"], key=len, reverse=True))
    units = "|".join(u.replace(" ", r"\s+") for u in sorted(data["term_units"], key=len, reverse=True))
    return regex.compile(
        rf"(?<!\p{{L}})(?:(?P<lead>{leads})\s*)?(?<![\d/.,])(?:(?P<n>\d{{1,3}})(?:\s*\(\p{{L}}[^)]{{0,20}}\))?|(?P<w>{words})(?:\s*\(\d{{1,3}}\))?)"
        rf"\s+(?P<unit>{units})\b{_PAST}(?:\s*,?\s*(?:(?P<from>ke\s+tu|tinh\s+tu|tu|sau\s+khi|sau)|(?P<before>truoc))"
        rf"\s+(?P<base>(?:ngay|khi|thoi diem|luc|nhan|co|ket thuc)\b[^,;:.()]{{0,100}}(?:\d[./]\d[^,;:.()]{{0,30}})*))?"
    )


def find_terms(text: str) -> Iterator[TermMatch]:
    """Terms in ``text``, a paragraph on one line; mere durations ('trong 05 năm qua') and terms of effect are none."""
    folded = fold(text)
    data = load("deadlines")
    for match in _pattern().finditer(folded):
        unit = data["term_units"][" ".join(match["unit"].split())]
        if not match["base"] and not (match["lead"] and _may_stand_alone(match["lead"], unit)):
            continue
        if match["before"] and not match["lead"] and unit in ("month", "year"):
            continue  # 'báo cáo 9 tháng trước ngày 15/9'
        if _NO_DUTY.search(folded, max(0, match.start() - 60), match.start()):
            continue
        base = _base(text, match) if match["base"] else None
        amount = int(match["n"]) if match["n"] else data["term_numbers"][" ".join(match["w"].split())]
        event, day = _event(base) if base else (None, None)
        term = Term(amount=amount, unit=unit, before=match["before"] is not None, event=event, base=base, base_date=day)
        yield TermMatch(match.start(), match.end(), term)


def _may_stand_alone(lead: str, unit: str) -> bool:
    """Without an event: 'trong thời hạn 10 ngày' sets a term; 'trong 5 năm' lasts, 'Thời gian: 01 ngày' too."""
    if lead.startswith("thoi gian") or lead.endswith("sau"):
        return False
    return lead.startswith("trong") if unit == "hour" else unit.endswith("day")


def _base(text: str, match: "regex.Match[str]") -> str:
    """The event as printed, without the duty that may follow it."""
    printed = text[match.start("base") : match.end("base")]
    this = regex.search(r"\bnày\b(?!\s+(?:có|được|chính thức))", printed)
    return tidy(printed[: this.end()] if this else printed).rstrip(" /")


def _event(base: str) -> tuple[Literal["issued", "arrived", "effective", "dated", "other"], date | None]:
    folded = fold(base)
    begin = _EVENT_LEAD.match(folded)
    at = begin.end() if begin else 0
    for event, pattern in _EVENTS.items():
        if pattern.match(folded, at):
            return event, None
    named = next((found for found in find_days(base) if found.start <= 6), None)
    return ("dated", named.value) if named else ("other", None)


def event_days(text: str, issued: date | None, arrived: date | None) -> dict[Event, date]:
    """The days of the events that are known; the coming into force is read from ``text``, the whole document's."""
    days: dict[Event, date] = {}
    if issued:
        days["issued"] = issued
    if arrived:
        days["arrived"] = arrived
    if found := _IN_FORCE.search(fold(text)):
        if found["signed"] and issued:
            days["effective"] = issued
        elif found["day"] and (day := next(find_days(text[found.end() - 5 : found.end() + 40]), None)):
            days["effective"] = day.value
    return days


def with_ends(tasks: Sequence[Task], days: Mapping[Event, date]) -> list[Task]:
    """The tasks with the ends of their terms, as far as the days of the events are known; other tasks as they are."""
    return [_with_end(task, days) for task in tasks]


def _with_end(task: Task, days: Mapping[Event, date]) -> Task:
    if task.term is None or task.term.event in (None, "other"):
        return task
    term = task.term
    base = term.base_date if term.event == "dated" else next((d for e, d in days.items() if e == term.event), None)
    if base is None:
        return task
    end = end_of_term(base, -term.amount if term.before else term.amount, term.unit)
    return task.model_copy(update={"term": term.model_copy(update={"base_date": base}), "due_date": end})
