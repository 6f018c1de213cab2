"""Deadlines in a paragraph: days, periods and terms by which something must be done.

A day is a deadline only behind words that make it one, and near a verb of doing: days on which something takes effect,
happens or was issued are none. A month, quarter or year counts by its last day.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from functools import cache

import regex

from vndoc.dispatch import Term
from vndoc.parse.dates import QUARTER, DateMatch, Precision, find_days, find_periods, quarter
from vndoc.parse.fold import fold
from vndoc.parse.knowledge import load
from vndoc.parse.tasks.recurrence import find_recurrence
from vndoc.parse.tasks.terms import find_terms

_BACK = 110  # folded characters before a date in which the words stand that make it a deadline
_CLAUSE = 600  # and those in which the verb stands
_POINT = regex.compile(r"[.;]")
_STOP = regex.compile(r"[.;]\s")
_BINDING = regex.compile(r"\b(?:cham nhat|muon nhat|han|thoi han|thoi gian|tien do)\b")
_MUST = regex.compile(r"\b(?:phai|hoan thanh|xong)\b")
_DURATION = regex.compile(r"\bhet\b")
_DONE = regex.compile(r"\b(?:da|duoc|ket qua|ty le|muc do|co ban)\s+(?:\S+\s+)?$")
_SCHEDULE = regex.compile(
    r"^\W*(?:thoi (?:gian|han)|tien do)(?: (?P<what>thuc hien|hoan thanh|trien khai|bao cao|gui))?(?: \S+){0,2}?\s*:\s*"
    r"(?:[^:;.]{0,60}?\b(?:den|-|va)\s+)?$"
)
_YEARLESS = regex.compile(
    rf"\bquy\s+(?P<q>{QUARTER})(?!\w)(?!\s?[/⁄]|\s+nam\s+\d)"
    r"|(?<!\d )\bthang\s+(?P<m>\d{1,2})\b(?!\s?[/⁄\d]|\s+nam\s+\d|\s+(?:nam|lan))"
    r"|\b(?P<half>0?6|sau|0?9|chin)\s+thang\s+(?P<part>dau|cuoi)\s+nam(?:\s+(?P<y>20\d\d))?\b"
    r"|\bnam\s+(?P<this>nay)\b|(?<=\bcuoi\s+)(?P<this>nam)\b(?!\s+(?:\d|hoc))"
)
_COUNTED_TO = regex.compile(r"\b[Tt]ính\s+(?:đến|tới)(?:\s+(?:hết|cuối))?\s+(?:ngày\s+)?$")
_AND = regex.compile(r"\s*(?:,|va)\s*(?:truoc\s+)?(?:ngay\s*)?")
_OF_YEAR = regex.compile(r"\s*(?:\([^)]{0,60}\)\s*)?(?:cua\s+)?nam\s+(?!\d)")
_UNTIL = regex.compile(r"\bden\s+(?:ngay\s*)?$")
_BARE = regex.compile(r"\b(?:truoc|het|nhat)\s+(?P<d>\d\d)\s?/\s?(?P<m>\d\d)(?![\d/⁄]|[.,]\d|\s?[/⁄])")


@dataclass(slots=True, frozen=True)
class Deadline:
    """When something must be done, from the words between ``start`` and ``end`` of the paragraph.

    ``day`` is None for a term whose base is not known yet; ``clock`` is the hour on that day, if one is set.
    """

    start: int
    end: int
    day: date | None = None
    clock: time | None = None
    term: Term | None = None


def find_deadlines(text: str, reference: date | None) -> list[Deadline]:
    """Deadlines in ``text``, one paragraph on one line, in order.

    ``reference`` gives the year to a day without one; days before it are history. Linear in the length of the text.
    """
    folded = fold(text)
    recurring = find_recurrence(text) is not None
    found = [*_days(text, folded, reference, recurring), *_periods(text, folded, reference, recurring)]
    terms = [Deadline(match.start, match.end, term=match.term) for match in find_terms(text)]
    taken = [(one.start, one.end) for one in terms]
    found = [one for one in found if not any(start <= one.start < end for start, end in taken)]
    return sorted([*found, *terms], key=lambda one: one.start)


@cache
def _due() -> "regex.Pattern[str]":
    data = load("deadlines")
    ways = "|".join(record["pattern"] for record in data["due"])
    return regex.compile(rf"(?<!\p{{L}})(?:{ways}){data['clock']}(?:ngay\s*)?$")


@cache
def _period_due() -> "regex.Pattern[str]":
    """Words right before a period: the group ``within`` where a period alone does not bind."""
    data = load("deadlines")
    ways = "|".join(record["pattern"] for record in data["period_due"])
    return regex.compile(rf"\b(?:(?P<due>{ways})|(?P<within>{data['within']}))\s*$")


@cache
def _strong(firm: bool = False) -> "regex.Pattern[str]":
    """Verbs of doing; ``firm``: without those of mere durations ('thời gian thực hiện đến hết ...')."""
    data = load("deadlines")
    return _words([v for v in data["strong_verbs"] if not (firm and v in data["weak_verbs"])])


@cache
def _group(name: str) -> "regex.Pattern[str]":
    return _words(load("deadlines")[name])


def _words(words: list[str]) -> "regex.Pattern[str]":
    return regex.compile(rf"\b(?:{'|'.join(words)})\b")


@cache
def _must_finish() -> "regex.Pattern[str]":
    return regex.compile(rf"[\s,:]*(?:(?:phai|can|se|co ban)\s+)*{_group('finish').pattern}")


@cache
def _not_due() -> "regex.Pattern[str]":
    return regex.compile(rf"\b(?:{'|'.join(load('deadlines')['not_due'])})\b(?:\s+\S+){{0,4}}\s*$")


def _clause_before(folded: str, at: int) -> str:
    """What stands before ``at`` in its clause."""
    lead = folded[max(0, at - _CLAUSE) : at]
    return str(_STOP.split(lead)[-1])


def _days(text: str, folded: str, reference: date | None, recurring: bool) -> Iterator[Deadline]:
    behind = None  # where the last deadline ends: another may be listed behind it
    for found in sorted([*find_days(text, reference), *_bare_days(folded, reference)], key=lambda one: one.start):
        # 'hằng năm, trước ngày 25/12' and 'ngày 31/3 của năm sau' are no one day
        yearly = found.completed and (recurring or _OF_YEAR.match(folded, found.end))
        past = reference is not None and found.value < reference
        if yearly or past or _counted_to(text, found.start):
            continue
        due = _due().search(folded, max(0, found.start - _BACK), found.start)
        listed = behind is not None and _AND.fullmatch(folded, behind, found.start)
        if listed or _until(folded, found) or (due and _binds(folded, due.start(), due.group(), found.end)):
            behind = found.end
            yield Deadline(found.start, found.end, found.value, _clock(due) if due else None)


def _bare_days(folded: str, reference: date | None) -> Iterator[DateMatch]:
    """'trước 31/12': a day without its year and without the word 'ngày'."""
    for match in _BARE.finditer(folded) if reference else ():
        month, day = int(match["m"]), int(match["d"])
        year = reference.year + (month < reference.month) if reference else 0
        if 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]:
            yield DateMatch(match.start("d"), match.end(), date(year, month, day), completed=True)


def _until(folded: str, found: DateMatch) -> bool:
    """Whether something is to be finished by the day: 'đến ngày 30/6/2025 hoàn thành'."""
    until = _UNTIL.search(folded, max(0, found.start - 10), found.start)
    return until is not None and _must_finish().match(folded, found.end) is not None


def _counted_to(text: str, at: int) -> bool:
    """Whether figures are counted up to the day at ``at``: 'tính đến hết ngày …' (folded, 'tỉnh' would be the same)."""
    return _COUNTED_TO.search(text, max(0, at - 30), at) is not None


def _clock(due: "regex.Match[str]") -> time | None:
    if not due["hour"] or int(due["hour"]) > 23 or int(due["minute"] or 0) > 59:
        return None
    return time(int(due["hour"]), int(due["minute"] or 0))


def _binds(folded: str, at: int, due: str, end: int) -> bool:
    """Whether a day behind deadline words, from ``at`` to ``end``, binds somebody: a verb of doing is near."""
    clause = _clause_before(folded, at)
    if _not_due().search(clause) and not _MUST.search(clause):
        return False
    after = _POINT.split(folded[end : end + _BACK])[0]
    verbs = _strong(firm=_DURATION.search(due) is not None)
    return bool(_BINDING.search(due) or any(verbs.search(part) for part in (clause, due, after)))


def _periods(text: str, folded: str, reference: date | None, recurring: bool) -> Iterator[Deadline]:
    yearless = [] if reference is None or recurring else _yearless(folded, reference)
    scheduled = None
    for found in sorted([*find_periods(text), *yearless], key=lambda one: one.start):
        if (reference and found.value < reference) or _counted_to(text, found.start):
            continue
        clause = _clause_before(folded, found.start)
        lead = _period_due().search(clause)
        if not lead:
            schedule = _SCHEDULE.search(clause)
            if schedule and (found.precision != "year" or schedule["what"] == "hoan thanh"):
                scheduled = Deadline(found.start, found.end, found.value)
            continue
        before, after = clause[: lead.start()], _STOP.split(folded[found.end : found.end + _BACK])[0]
        if _not_due().search(before) and not _MUST.search(before):
            continue
        if _finishes(before, lead, after, found.precision):
            value = _before(found) if lead.group().split()[-1] == "truoc" else found
            yield Deadline(found.start, found.end, value.value)
    if scheduled:  # 'Thời gian thực hiện: Quý II và Quý III' ends with the last
        yield scheduled


def _finishes(before: str, lead: "regex.Match[str]", after: str, precision: Precision) -> bool:
    """Whether a period binds: something is finished in it, or handed over by its end or within it."""
    words = lead.group()
    if _group("finish").search(words) or _BINDING.search(words):
        return True
    finish = _last(_group("finish"), before)
    if finish and not _DONE.search(before[: finish.start()]):
        return True
    opens = lead["due"] or not before.strip(" -+•")
    if _must_finish().match(after) or (opens and _group("finish").search(after[:70])):
        return True
    if precision == "year" and not lead["due"]:
        return _group("produce").fullmatch(before.strip(" -+•*")) is not None
    produce = _last(_group("produce"), before)
    return bool(produce and not _group("produced_nouns").search(before[produce.end() :]))


def _last(pattern: "regex.Pattern[str]", text: str) -> "regex.Match[str] | None":
    return next(reversed(list(pattern.finditer(text))), None)


def _before(found: DateMatch) -> DateMatch:
    """'trước tháng 6/2025' ends with May."""
    months = {"month": 1, "quarter": 3, "year": 12}[found.precision]
    first = found.value.replace(day=1)
    for _ in range(months - 1):
        first = (first - timedelta(days=1)).replace(day=1)
    return replace(found, value=first - timedelta(days=1))


def _yearless(folded: str, reference: date) -> Iterator[DateMatch]:
    """Months, quarters and halves without a year: the next ones to end from ``reference`` on."""
    for match in _YEARLESS.finditer(folded):
        precision: Precision = "month"
        year = int(match["y"] or reference.year)
        if match["q"]:
            month, precision = 3 * quarter(match["q"]), "quarter"
        elif match["m"]:
            month = int(match["m"])
        elif match["half"]:
            month = 12 if match["part"] == "cuoi" else 9 if match["half"] in ("9", "09", "chin") else 6
        else:
            month, precision = 12, "year"
        if 1 <= month <= 12:
            later = month < reference.month and not match["y"]
            value = date(year + later, month, monthrange(year + later, month)[1])
            yield DateMatch(match.start(), match.end(), value, precision, completed=True)
