"""Days as people say them: 'mồng 5 tháng 9', '5/11/25', 'ngày 30 tháng này', 'thứ Năm tuần sau', 'đầu tháng 10'.

What names no day of a calendar is found as well, with the reason: it may set a deadline that a person must look at.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal

import regex

from vndoc.parse.fold import fold
from vndoc.parse.knowledge import load
from vndoc.parse.numerals import number, number_words

Doubt = Literal["impossible", "unread"]

_YEAR = r"(?:20\d\d|\d\d)(?!\d|[/⁄.,]\d)"
_WEEKDAY = r"(?P<w>thu\s+(?:hai|ba|tu|nam|sau|bay|[2-7])|chu\s+nhat)(?!\p{L})"
_WRITTEN_OUT = regex.compile(
    r"\s*,?\s*\(?\s*(?:tuc\s+)?(?:la\s+)?(?:ngay\s*)?(?:mong\s+)?\d{1,2}\s*(?:[/⁄.-]\s*\d|thang)"
)
_EXPLAINED = regex.compile(r"\s*[,(]\s*(?:(?:tu|truoc|den|het|cham\s+nhat|la|ngay)\s+)*\d{1,2}\s*(?:[/⁄.-]\s*\d|thang)")
_AS_DAY = regex.compile(r"[Nn]gày\s+$")
_YEARS_AHEAD = 10  # a year of two digits is one from that of the reference on


@dataclass(slots=True, frozen=True)
class Moment:
    """A day named between ``start`` and ``end`` (exclusive) of a paragraph; without a ``value`` for ``doubt``'s reason.

    ``completed``: the year, or the whole day, follows from that of the issue. ``free``: it needs no word such as
    'trước' to bind.
    """

    start: int
    end: int
    value: date | None = None
    completed: bool = False
    doubt: Doubt | None = None
    free: bool = False


def find_moments(text: str, folded: str, reference: date | None, issued: date | None) -> Iterator[Moment]:
    """Days in ordinary wording in ``text``, in order; ``folded`` is the same folded.

    ``reference`` gives the year to days without one, ``issued`` is the day from which 'tuần sau' counts, if known.
    """
    if reference is None:
        return
    for match in _pattern().finditer(folded):
        if match["w"] and _WRITTEN_OUT.match(folded, match.end()):
            continue  # 'thứ Năm tuần sau, ngày 21/8/2025'
        found = _moment(text, match, reference, issued)
        if found and not (found.doubt and _EXPLAINED.match(folded, match.end())):
            yield found


@cache
def weekday_number(words: str) -> int:
    """Monday is 0: 'thu sau' -> 4, 'chu nhat' -> 6, as :meth:`datetime.date.weekday` counts."""
    return int(load("moments")["weekdays"][words.rsplit(maxsplit=1)[-1]])


@cache
def _pattern() -> "regex.Pattern[str]":
    data = load("moments")
    slots = {
        "{day}": rf"(?:\d{{1,2}}|(?<=\b(?:ngay|mong|mung)\s)(?:{number_words()}))(?!\p{{L}})",
        "{month}": rf"(?:\d{{1,2}}|{number_words()})(?!\p{{L}})",
        "{year}": rf"(?:{_YEAR}|{number_words(years=True)})",
        "{weekday}": _WEEKDAY,
        "{week}": "(?:" + "|".join(word.replace(" ", r"\s+") for word in data["ahead"]) + r")(?!\p{L})",
        "{word}": f"(?:{number_words()})(?!\\p{{L}})",
    }
    ways = [record["pattern"] for record in data["days"]]
    ways += [f"(?P<{_kind(record)}>{record['pattern']})" for record in data["vague"]]
    numbered = "|".join(way for way in ways if "{day}" in way or way.startswith(r"(?P<d>"))
    others = "|".join(way for way in ways if way not in numbered)
    # most words begin no day: only behind 'ngày' may one begin with a number written out
    found = rf"(?=\d|(?<=\b(?:ngay|mong|mung)\s))(?:{numbered})|(?=[bcdghkmnot])(?:{others})|(?=\d)(?:{others})"
    for name, words in slots.items():
        found = found.replace(name, words)
    return regex.compile(rf"\b(?<![/⁄]|\d[.,-])(?:(?:mong|mung)\s+)?(?:{found})(?!\p{{L}})")


def _kind(record: dict[str, object]) -> str:
    return "never" if record.get("impossible") else "free" if record.get("free") else "vague"


def _moment(text: str, match: "regex.Match[str]", reference: date, issued: date | None) -> Moment | None:
    start, end = match.span()
    if match["d"] is not None:
        return _of_month(text, match, issued or reference)
    if match["w"] and not match["vague"]:
        value = _of_week(match, issued) if issued else None
        return Moment(start, end, value, completed=True, doubt=None if value else "unread")
    if match["near"]:
        ahead = load("moments")["near"][" ".join(match["near"].split())]
        value = issued + timedelta(days=ahead) if issued else None
        return Moment(start, end, value, completed=True, doubt=None if value else "unread")
    return Moment(start, end, doubt="impossible" if match["never"] else "unread", free=match["free"] is not None)


def _of_month(text: str, match: "regex.Match[str]", reference: date) -> Moment | None:
    """A day with its month: '5/11/25', 'mồng 5 tháng Chín', '30 tháng này'; None where its marks say otherwise."""
    start, end = match.span()
    day, word = number(_printed(text, match, "d")), _printed(text, match, "m") or _printed(text, match, "that")
    year, month = month_named(word, reference)
    if day is None or month is None:
        return None
    if match["y"]:
        printed = number(_printed(text, match, "y"))
        year = printed if printed is None or printed > 99 else reference.year // 100 * 100 + printed  # type: ignore[assignment]
        if printed is None or (printed < 100 and not -1 <= year - reference.year <= _YEARS_AHEAD):
            return None
    try:
        value = date(year, month, day)
        if not match["y"] and (reference - value).days > 182:
            value = value.replace(year=year + 1)  # in December, 'trước 15/01' is next January
    except ValueError:
        certain = match["y"] or "thang" in match.group() or _AS_DAY.search(text[:start])  # '15/20' may be a share
        return Moment(start, end, doubt="impossible") if certain else None
    return Moment(start, end, value, completed=not match["y"])


def month_named(words: str, reference: date) -> tuple[int, int | None]:
    """Year and month: 'này' is that of ``reference``, 'sau' the one after it, 'Sáu' June; None for no month's name."""
    month = number(words)
    ahead = load("moments")["ahead"].get(fold(words)) if month is None else None
    if ahead is None:
        return reference.year, month
    months = reference.month - 1 + int(ahead)
    return reference.year + months // 12, months % 12 + 1


def _of_week(match: "regex.Match[str]", issued: date) -> date | None:
    """'thứ Năm tuần sau' -> that of the week after the issue; 'thứ Ba tới' -> the next one; None for one gone by."""
    weekday, week = weekday_number(match["w"]), " ".join(match["week"].split())
    value = issued + timedelta(days=weekday - issued.weekday())
    if "tuan" in match.group():
        value += timedelta(weeks=load("moments")["ahead"][week])
    elif value <= issued and week == "toi":
        value += timedelta(weeks=1)
    return value if value >= issued else None


def _printed(text: str, match: "regex.Match[str]", group: str) -> str:
    return text[slice(*match.span(group))] if match[group] is not None else ""
