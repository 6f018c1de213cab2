"""Deadlines in a paragraph: days, periods and terms by which something must be done.

A day is a deadline only behind words that make it one, and near a verb of doing: days on which something takes effect,
happens or was issued are none. A month, quarter or year counts by its last day. Where the words bind and name no day
that can be meant, that is found as well.
"""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from functools import cache, lru_cache

import regex

from vndoc.dispatch import Term
from vndoc.parse.dates import find_days, find_periods
from vndoc.parse.fold import fold
from vndoc.parse.knowledge import load
from vndoc.parse.tasks.actors import opening_actor
from vndoc.parse.tasks.binding import (
    BACK,
    ORDER,
    asks,
    binds,
    bounds_other,
    clause_before,
    group,
    must_finish,
    told,
)
from vndoc.parse.tasks.clocks import between, clock_behind, clock_in
from vndoc.parse.tasks.moments import Doubt, Moment, find_moments, weekday_number
from vndoc.parse.tasks.periods import due_periods
from vndoc.parse.tasks.recurrence import find_recurrence
from vndoc.parse.tasks.terms import find_terms

_COUNTED_TO = regex.compile(r"\b[Tt]ính\s+(?:đến|tới)(?:\s+(?:hết|cuối))?\s+(?:ngày\s+)?$")
_AND = regex.compile(r"\s*(?:,|va)\s*(?:truoc\s+)?(?:ngay\s*)?")
_OF_YEAR = regex.compile(r"\s*(?:\([^)]{0,60}\)\s*)?(?:cua\s+)?nam\s+(?!\d)")
_YEAR_SAID = regex.compile(r"\s+nam\s+(?P<year>nay|sau|toi)\b")
_IS_LAST = regex.compile(r"\s*(?:la|chinh la)\s+(?:thoi\s+)?(?:han|ngay)\s+(?:cuoi|chot)\b")
_LABEL = regex.compile(r"^\W*thoi\s+(?:gian|han)\s+(?:tiep\s+)?(?:nhan|nop|dang\s+ky|gui|gop\s+y)\b[^:]{0,40}:\s*$")
_UNTIL = regex.compile(r"\bden\s+(?:ngay\s*)?$")
_FROM = regex.compile(
    r"\b(?:ke\s+|bat\s+dau\s+)?tu\s+(?:ngay\s*)?\d{1,2}\s?(?:(?:[/⁄.]\s?|thang\s+)\d{1,2}\s?(?:(?:[/⁄.]\s?|nam\s+)\d{2,4}\s?)?)?"
    r",?\s*(?:cho\s+)?(?:den|toi|-|–)\s*(?:het\s+)?(?:ngay\s*)?$"
)
_BEHIND_DAY = regex.compile(
    r"\s*[(,]?\s*(?:nham\s+)?(?:ngay\s+)?(?P<w>thu\s+(?:hai|ba|tu|nam|sau|bay|[2-7])|chu\s+nhat)\b(?!\s+tuan)"
)
_LUNAR = regex.compile(r"\s*\(?(?:theo\s+)?am\s+lich")
_DATED = regex.compile(r"\d[/⁄]\d|thang\s+\d|\bngay\s+\d|quy\s+[iv\d]|\bnam\s+\d|\d\s+(?:ngay|thang|tuan|gio)\b")
_REACH = 60  # folded characters behind 'chậm nhất' in which its day stands


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


@dataclass(slots=True, frozen=True)
class DoubtfulDeadline:
    """Words from ``start`` to ``end`` of the paragraph that set a deadline, and why their day cannot be meant."""

    start: int
    end: int
    doubt: Doubt


@dataclass(slots=True, frozen=True)
class _Paragraph:
    """A paragraph on one line, the same folded, and the days from which those that it names count."""

    text: str
    folded: str
    reference: date | None
    issued: date | None
    recurring: bool


def find_deadlines(text: str, reference: date | None, issued: date | None = None) -> list[Deadline]:
    """Deadlines in ``text``, one paragraph on one line, in order.

    ``reference`` gives the year to a day without one; days before it are history. ``issued`` is the day from which
    'tuần sau' and 'tháng này' count, if it is known. Linear in the length of the text.
    """
    return list(read_deadlines(text, reference, issued)[0])


@lru_cache(maxsize=64)  # notices and tasks both ask for those of a passage
def read_deadlines(
    text: str, reference: date | None, issued: date | None = None
) -> tuple[tuple[Deadline, ...], tuple[DoubtfulDeadline, ...]]:
    """What :func:`find_deadlines` finds, and the deadlines whose day is not understood or cannot be meant."""
    paragraph = _Paragraph(text, fold(text), reference, issued, find_recurrence(text) is not None)
    terms = [Deadline(match.start, match.end, term=match.term) for match in find_terms(text)]
    days = list(_days(paragraph))
    both = [*days, *_periods(paragraph, any(isinstance(one, Deadline) for one in days))]
    found = [one for one in both if not any(term.start <= one.start < term.end for term in terms)]
    sure = sorted([*(one for one in found if isinstance(one, Deadline)), *terms], key=lambda one: one.start)
    doubts = [one for one in found if isinstance(one, DoubtfulDeadline)]
    doubts += _unread(paragraph, [*sure, *doubts])
    return tuple(sure), tuple(sorted(doubts, key=lambda one: one.start))


@cache
def _due() -> "regex.Pattern[str]":
    ways = "|".join(record["pattern"] for record in load("deadlines")["due"])
    return regex.compile(rf"(?<!\p{{L}})(?:{ways}){between()}(?:ngay\s*)?$")


@cache
def _bare_verb() -> "regex.Pattern[str]":
    """Verbs of looking through, which have what they look through in a range unless it stands right behind them."""
    return regex.compile(rf"(?:{group('looking_verbs').pattern})\s*(?:trong\s+thoi\s+gian\s*)?,?\s*$")


@cache
def _last_words() -> "regex.Pattern[str]":
    return regex.compile(rf"(?<!\p{{L}})(?:{load('deadlines')['last']})")


def _moments(paragraph: _Paragraph) -> list[Moment]:
    """The days named, each once; what is printed in full comes before what follows from the issue."""
    text, reference = paragraph.text, paragraph.reference
    found = [Moment(d.start, d.end, d.value, d.completed) for d in find_days(text, reference)]
    found += find_moments(text, paragraph.folded, reference, paragraph.issued)
    apart: list[Moment] = []
    for one in sorted(found, key=lambda one: (one.start, one.value is None, -one.end)):
        if not apart or one.start >= apart[-1].end:
            apart.append(one)
    return apart


def _days(paragraph: _Paragraph) -> Iterator[Deadline | DoubtfulDeadline]:
    text, folded = paragraph.text, paragraph.folded
    behind = None  # where the last deadline ends: another may be listed behind it
    before: Moment | None = None
    for found in (_in_year_said(paragraph, one) for one in _moments(paragraph)):
        # 'hằng năm, trước ngày 25/12' and 'ngày 31/3 của năm sau' are no one day
        yearly = found.completed and (paragraph.recurring or _OF_YEAR.match(folded, found.end))
        if yearly or (found.doubt and paragraph.recurring) or _counted_to(text, found.start):
            continue
        due = _due().search(folded, max(0, found.start - BACK), found.start)
        if due and not binds(folded, due.start(), due.group(), found.end):
            due = None
        ends = _ends_range(paragraph, found)
        doubt = _doubt(paragraph, found, due)
        if ends and before and before.value and found.value and found.value < before.value:
            doubt = "impossible"  # 'từ ngày 20/9/2025 đến ngày 15/9/2025'
        if doubt:
            yield DoubtfulDeadline(due.start() if due else found.start, found.end, doubt)
        before = found
        past = found.value and paragraph.reference and found.value < paragraph.reference
        if found.value is None or past or doubt == "unread" or (doubt and ends) or _other_weekday(folded, found, due):
            continue
        listed = behind is not None and _AND.fullmatch(folded, behind, found.start)
        if listed or due or ends or _until(folded, found):
            behind = found.end
            clock = clock_in(text, due) or clock_behind(text, folded, found.end)
            yield Deadline(found.start, found.end, found.value, clock)


def _periods(paragraph: _Paragraph, dated: bool) -> Iterator[Deadline | DoubtfulDeadline]:
    """The periods; one in which something may be due is what is reported where a day is named besides (``dated``)."""
    folded, reference = paragraph.folded, paragraph.reference
    for one in due_periods(paragraph.text, folded, reference, paragraph.recurring):
        past = reference is not None and one.last < reference
        if one.clear and not past:
            yield Deadline(one.start, one.end, one.last)
        elif asks(folded, one.start) and not told(folded, one.start) and (one.clear or not (past or dated)):
            yield DoubtfulDeadline(one.start, one.end, "impossible" if one.clear else "unread")


def _in_year_said(paragraph: _Paragraph, found: Moment) -> Moment:
    """The day with the year that words behind it name: 'ngày 15 tháng 9 năm nay', '31/01 năm sau'."""
    said = _YEAR_SAID.match(paragraph.folded, found.end)
    if not (said and found.value and found.completed and paragraph.reference) or paragraph.recurring:
        return found
    year = paragraph.reference.year + (said["year"] != "nay")
    last = monthrange(year, found.value.month)[1]
    value = found.value.replace(year=year, day=min(found.value.day, last))
    return replace(found, end=said.end(), value=value, completed=False)


def _doubt(paragraph: _Paragraph, found: Moment, due: "regex.Match[str] | None") -> Doubt | None:
    """Why a day behind words that bind cannot be the one that is meant; None where nothing speaks against it."""
    folded, value = paragraph.folded, found.value
    if not due:
        free = found.free and asks(folded, found.start) and _hands_over(folded, found.start)
        return found.doubt if free else None
    if not asks(folded, due.start(), due.group()):
        return None
    if value and _LUNAR.match(folded, found.end):
        return "unread"
    if found.doubt or _other_weekday(folded, found, due):
        return found.doubt or "impossible"
    first = paragraph.issued or paragraph.reference
    early = value and first and value < first and not found.completed
    return "impossible" if early and not told(folded, due.start()) else None


def _hands_over(folded: str, at: int) -> bool:
    """Whether the clause before ``at`` says that something is finished or handed over."""
    clause = clause_before(folded, at)
    return not bounds_other(clause) and any(group(name).search(clause) for name in ("finish", "produce"))


def _other_weekday(folded: str, found: Moment, due: "regex.Match[str] | None") -> bool:
    """Whether the weekday printed beside a day is another than the calendar's: 'thứ Sáu, ngày 23/8/2025'."""
    if due is None or found.value is None:
        return False
    after = _BEHIND_DAY.match(folded, found.end)
    printed = [words for words in (due["weekday"], after["w"] if after else None) if words]
    return any(weekday_number(words) != found.value.weekday() for words in printed)


def _until(folded: str, found: Moment) -> bool:
    """Whether something is to be finished by the day: 'đến ngày 30/6/2025 hoàn thành', '… là hạn cuối'."""
    if _IS_LAST.match(folded, found.end):
        return True
    until = _UNTIL.search(folded, max(0, found.start - 10), found.start)
    return until is not None and must_finish().match(folded, found.end) is not None


def _ends_range(paragraph: _Paragraph, found: Moment) -> bool:
    """Whether the day ends a range in which something must be done: 'niêm yết từ ngày … đến hết ngày …'."""
    begin = _FROM.search(paragraph.folded, max(0, found.start - 70), found.start)
    if not begin:
        return False
    clause = clause_before(paragraph.folded, begin.start())
    if _LABEL.match(clause):
        return True
    opened = next(reversed(list(group("range_verbs").finditer(clause))), None) or _bare_verb().search(clause)
    if not opened or bounds_other(clause) or group("range_nouns").search(clause, opened.end()):
        return False
    printed = paragraph.text[begin.start() - len(clause) : begin.start()]
    done = regex.search(r"\b(?:được|đã|đang|sẽ)\s+(?:\S+\s+){0,3}$", printed[: opened.start()])
    return not done and bool(ORDER.search(clause) or opening_actor(printed, acting=True))


def _unread(paragraph: _Paragraph, known: Sequence[Deadline | DoubtfulDeadline]) -> Iterator[DoubtfulDeadline]:
    """'Chậm nhất …' and its like with nothing behind them that can be counted: 'chậm nhất khi kết thúc kiểm tra'."""
    folded = paragraph.folded
    for words in () if paragraph.recurring else _last_words().finditer(folded):
        rest = regex.split(r"[.;]\s|[.;]$", folded[words.end() : words.end() + _REACH])[0]
        end = words.end() + len(rest)
        dated = _DATED.search(rest) or any(find_periods(rest))
        if not dated and not any(one.start < end and words.start() <= one.end + 15 for one in known):
            yield DoubtfulDeadline(words.start(), end, "unread")


def _counted_to(text: str, at: int) -> bool:
    """Whether figures are counted up to the day at ``at``: 'tính đến hết ngày …' (folded, 'tỉnh' would be the same)."""
    return _COUNTED_TO.search(text, max(0, at - 30), at) is not None
