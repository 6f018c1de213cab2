"""Months, quarters, years in which something must be done; each counts by its last day, 'trước tháng 6' by May's."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

import regex

from vndoc.parse.dates import QUARTER, DateMatch, Precision, find_periods, quarter
from vndoc.parse.knowledge import load
from vndoc.parse.numerals import number_words
from vndoc.parse.tasks.binding import BINDING, ORDER, bounds_other, clause_before, clause_behind, group, must_finish
from vndoc.parse.tasks.moments import month_named

_DONE = regex.compile(r"\b(?:da|duoc|ket qua|ty le|muc do|co ban)\s+(?:\S+\s+)?$")
_SCHEDULE = regex.compile(
    r"^\W*(?:thoi (?:gian|han)|tien do)(?: (?P<what>thuc hien|hoan thanh|trien khai|bao cao|gui))?(?: \S+){0,2}?\s*:\s*"
    r"(?:[^:;.]{0,60}?\b(?:den|-|va)\s+)?$"
)
_AND = regex.compile(r"\s*(?:,|va|hoac|den(?:\s+het)?|toi|-|–)\s*(?:trong\s+)?")
_RANGE = regex.compile(r"\b(?:tu)\s*$")
_TO = regex.compile(r"(?<!\p{L})(?:về|cho|đến|tới|lên|với|gửi|trình|qua)\s+\(?(?=\p{Lu})")
_ISSUED = regex.compile(r"(?:[Bb]an hành|[Pp]hê duyệt|[Tt]rình|[Cc]ông bố)\s+(?:kế hoạch|danh mục)(?!\p{L})")
_BULLET = " -+•*"


@dataclass(slots=True, frozen=True)
class DuePeriod:
    """A period of a paragraph, due on its ``last`` day; if not ``clear``, it may be what is reported on instead."""

    start: int
    end: int
    last: date
    clear: bool = True


def due_periods(text: str, folded: str, reference: date | None, recurring: bool) -> Iterator[DuePeriod]:
    """Every period in ``text`` that binds or may bind, those gone by too; ``folded`` is the same folded.

    ``reference`` gives the year to periods without one, ``recurring`` says that those return.
    """
    yearless = [] if reference is None or recurring else _yearless(text, folded, reference)
    scheduled = None
    for found in _joined(folded, [*find_periods(text), *yearless]):
        past = reference is not None and found.value < reference
        clause = clause_before(folded, found.start)
        lead = _period_due().search(clause)
        if not lead and _RANGE.search(clause) and _AND.search(folded[found.start : found.end]):
            lead = _range_due().search(clause)
        if not lead:
            schedule = _SCHEDULE.search(clause)
            if schedule and not past and (found.precision != "year" or schedule["what"] == "hoan thanh"):
                scheduled = found
            continue
        before, after = clause[: lead.start()], clause_behind(folded, found.end)
        if bounds_other(before):
            continue
        printed = text[found.start - len(clause) : found.start - len(clause) + lead.start()]
        if _finishes(before, printed, lead, after, found.precision):
            value = _before(found) if lead.group().split()[-1] == "truoc" else found
            if past and found.precision == "year":
                continue  # history
            yield DuePeriod(found.start, found.end, value.value)
        elif lead["within"] and found.precision != "year" and group("reports").search(before):
            yield DuePeriod(found.start, found.end, found.value, clear=False)
    if scheduled:  # 'Thời gian thực hiện: Quý II và Quý III' ends with the last
        yield DuePeriod(scheduled.start, scheduled.end, scheduled.value)


@cache
def _period_due() -> "regex.Pattern[str]":
    """Words right before a period: the group ``within`` where a period alone does not bind."""
    data = load("deadlines")
    ways = "|".join(record["pattern"] for record in data["period_due"])
    return regex.compile(rf"\b(?:(?P<due>{ways})|(?P<within>{data['within']}))\s*$")


@cache
def _range_due() -> "regex.Pattern[str]":
    return regex.compile(r"(?P<due>(?!))?(?P<within>\btu)\s*$")


def _joined(folded: str, found: Sequence[DateMatch]) -> list[DateMatch]:
    """The periods in order, those that are listed as one up to the last: 'trong tháng 9 và tháng 10 năm 2025'."""
    joined: list[DateMatch] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if joined and one.start < joined[-1].end:
            continue
        last = joined[-1] if joined else None
        if last and last.precision == one.precision and _AND.fullmatch(folded, last.end, one.start):
            joined[-1] = replace(one, start=last.start)
        else:
            joined.append(one)
    return joined


def _finishes(before: str, printed: str, lead: "regex.Match[str]", after: str, precision: Precision) -> bool:
    """Whether a period binds: something is finished in it, or handed over by its end or within it.

    ``printed`` is ``before``, the clause up to the words of ``lead``, with its marks; ``after`` is what follows.
    """
    words = lead.group()
    finish = _last(group("finish"), before)
    if (
        group("finish").search(words)
        or BINDING.search(words)
        or (finish and not _DONE.search(before[: finish.start()]))
    ):
        return True
    bare = before.strip(_BULLET)
    if must_finish().match(after) or ((lead["due"] or not bare) and group("finish").search(after[:70])):
        return True
    if not bare and precision != "year" and (order := ORDER.match(after.strip(" ,"))):
        return group("produce").search(after, order.end()) is not None
    if precision == "year" and not lead["due"]:
        return group("produce").fullmatch(before.strip(_BULLET)) is not None
    produce = _last(group("produce"), before)
    return produce is not None and _hands_over(printed[produce.start() :], produce.end() - produce.start())


def _hands_over(words: str, verb: int) -> bool:
    """Whether a period behind ``words``, from a verb so long on, says when and not of what: 'báo cáo về Sở trong …'."""
    to = _last(_TO, words)
    issued = _ISSUED.match(words)
    return not group("produced_nouns").search(words.lower(), to.end() if to else issued.end() if issued else verb)


def _last(pattern: "regex.Pattern[str]", text: str) -> "regex.Match[str] | None":
    return next(reversed(list(pattern.finditer(text))), None)


def _before(found: DateMatch) -> DateMatch:
    """'trước tháng 6/2025' ends with May."""
    months = {"month": 1, "quarter": 3, "year": 12}[found.precision]
    first = found.value.replace(day=1)
    for _ in range(months - 1):
        first = (first - timedelta(days=1)).replace(day=1)
    return replace(found, value=first - timedelta(days=1))


@cache
def _without_year() -> "regex.Pattern[str]":
    ahead = "|".join(word.replace(" ", r"\s+") for word in load("moments")["ahead"])
    return regex.compile(
        rf"\bquy\s+(?:(?:{QUARTER})\s*(?:,|va|-|–)\s*)?(?P<q>{QUARTER})(?!\w)(?!\s?[/⁄]|\s+nam\s+\d)"
        rf"|(?<!\d )\bthang\s+(?P<m>\d{{1,2}}|{number_words()}|{ahead})(?!\p{{L}})"
        r"(?!\s?[/⁄\d]|\s+nam\s+\d|\s+(?:nam|lan))"
        r"|\bthang\s+\d{1,2}\s*(?:,|va|-|–)\s*(?P<m>\d{1,2})(?=\s*(?:[.,;)]|$))(?!\s*[.,]\d)"
        r"|\bthang\s+(?P<m>\d{1,2})\s?[/⁄]\s?(?P<yy>\d\d)(?![\d/⁄])"
        r"|\b(?P<half>0?6|sau|0?9|chin)\s+thang\s+(?P<part>dau|cuoi)\s+nam(?:\s+(?P<y>20\d\d))?\b"
        rf"|\bquy\s+(?P<that>{ahead})(?!\p{{L}})"
        r"|\bnam\s+(?P<this>nay)\b|(?<=\bcuoi\s+)(?P<this>nam)\b(?!\s+(?:\d|hoc))"
    )


def _yearless(text: str, folded: str, reference: date) -> Iterator[DateMatch]:
    """Months, quarters and halves without a year: the next ones to end from ``reference`` on."""
    for match in _without_year().finditer(folded):
        precision: Precision = "month"
        year = int(match["y"] or reference.year)
        if match["q"]:
            month, precision = 3 * quarter(match["q"]), "quarter"
        elif match["m"]:
            words = text[slice(*match.span("m"))]
            year, named = month_named(words, reference)
            year, month = int(match["yy"]) + reference.year // 100 * 100 if match["yy"] else year, named or 0
        elif match["half"]:
            month = 12 if match["part"] == "cuoi" else 9 if match["half"] in ("9", "09", "chin") else 6
        elif match["that"]:
            month = (reference.month + 2) // 3 * 3 + 3 * load("moments")["ahead"][" ".join(match["that"].split())]
            year, month, precision = year + (month - 1) // 12, (month - 1) % 12 + 1, "quarter"
        else:
            month, precision = 12, "year"
        if 1 <= month <= 12:
            later = (year, month) < (reference.year, reference.month) and not (match["y"] or match["yy"])
            value = date(year + later, month, monthrange(year + later, month)[1])
            yield DateMatch(match.start(), match.end(), value, precision, completed=True)
