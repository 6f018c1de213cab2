"""Dates as documents print them: '19/01/2024', 'ngày 25 tháng 10 năm 2017', 'quý II/2025'.

A date without its year is completed from a reference day that the caller names; nothing here knows today.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import regex

from vndoc.parse.fold import fold
from vndoc.parse.numerals import number, number_words

Precision = Literal["day", "month", "quarter", "year"]

# What OCR reads for the digits 0 and 1 in a slot where only digits can stand.
_DIGITS = str.maketrans({"o": "0", "l": "1", "i": "1", "]": "1", "|": "1"})
_D2 = r"[\doli\]|]\s?[\doli\]|]?"
_YEAR = r"[12l]\s?[09o]\s?[\doli\]|]\s?[\doli\]|](?![\d])"
_SEPARATOR = r"\s{0,2}[/.⁄\-]\s{0,2}"

_BEFORE = r"(?:(?<![\p{L}\d/⁄])|(?<=\bngay))"  # the blank behind 'ngày' may be lost

_DAY = regex.compile(
    rf"{_BEFORE}(?P<d>{_D2}){_SEPARATOR}(?P<m>{_D2}){_SEPARATOR}(?P<y>{_YEAR})"
    rf"|{_BEFORE}(?P<d>{_D2})\s*thang\s*(?P<m>{_D2})\s*nam\s*(?P<y>{_YEAR})"
    rf"|(?<=ngay\s{{1,3}})(?P<d>\d{{1,2}})\s?[/⁄]\s?(?P<m>\d{{1,2}})(?![\d/⁄]|[.,]\d|\s?[/⁄]|\s*nam\s)"
    rf"|(?<=ngay\s{{1,3}})(?P<d>\d{{1,2}})\s+thang\s+(?P<m>\d{{1,2}})(?!\s*(?:nam|/|⁄)|\d)"
)
QUARTER = r"[il1|]{1,3}|[il1|]v|[1-4]"
"""A quarter's numeral in folded text, with what OCR reads for its strokes; see :func:`quarter`."""

_LISTED = r"(?:\d{1,2}\s*(?:,|va|-|–)\s*){0,3}"  # 'tháng 9, 10/2025' is given by the last
_PERIOD = regex.compile(
    rf"\bthang\s+{_LISTED}(?P<m>\d{{1,2}})\s?[/⁄]\s?(?P<y>{_YEAR})"
    rf"|\bthang\s+{_LISTED}(?P<m>\d{{1,2}}|{number_words()})\s+nam\s+(?P<y>{_YEAR})"
    rf"|\bthang\s+(?P<m>{number_words()})\s?[/⁄]\s?(?P<y>{_YEAR})"
    rf"|\bquy\s+(?:(?:{QUARTER})\s*(?:,|va|-|–)\s*)?(?P<q>{QUARTER})\s?(?:[/⁄]|nam)\s?(?P<y>{_YEAR})"
    rf"|\bnam\s+(?P<y>{_YEAR})"
)


@dataclass(slots=True, frozen=True)
class DateMatch:
    """A date found at ``start`` (up to ``end``, exclusive); a period is given by its last day.

    ``completed``: the text gave no year, that of the reference day was taken.
    """

    start: int
    end: int
    value: date
    precision: Precision = "day"
    completed: bool = False


def find_days(text: str, reference: date | None = None) -> Iterator[DateMatch]:
    """Calendar days in ``text``, in order. '15/3' takes the year of ``reference``; without one it is passed over."""
    for match in _DAY.finditer(fold(text)):
        if found := _day(match, reference):
            yield found


def day_at(text: str, start: int, end: int, reference: date | None = None) -> DateMatch | None:
    """The calendar day that begins at ``start`` of ``text`` and lies before ``end``, if one does."""
    begin = max(0, start - 8)  # far enough back for the word "ngày"
    match = _DAY.match(fold(text[begin:end]), start - begin)
    found = _day(match, reference) if match else None
    return replace(found, start=found.start + begin, end=found.end + begin) if found else None


def find_periods(text: str) -> Iterator[DateMatch]:
    """Months, quarters and years with their year in ``text``, given by their last day: 'quý II/2025' -> 2025-06-30."""
    for match in _PERIOD.finditer(fold(text)):
        year = _number(match["y"])
        precision: Precision
        if match["m"]:
            month, precision = number(text[slice(*match.span("m"))]) or 0, "month"
        elif match["q"]:
            month, precision = 3 * quarter(match["q"]), "quarter"
        else:
            month, precision = 12, "year"
        if 1 <= month <= 12 and year >= 1900:
            yield DateMatch(match.start(), match.end(), date(year, month, monthrange(year, month)[1]), precision)


def quarter(numeral: str) -> int:
    """Number of the quarter that a :data:`QUARTER` names: 'ii' and '11' are the second."""
    if numeral in ("2", "3", "4"):
        return int(numeral)
    return 4 if numeral.endswith("v") else len(numeral)


def _number(digits: str) -> int:
    return int("".join(digits.split()).translate(_DIGITS))


def _day(match: "regex.Match[str]", reference: date | None) -> DateMatch | None:
    if match["y"] is None and reference is None:
        return None
    year = _number(match["y"]) if match["y"] else reference.year if reference else 0
    try:
        value = date(year, _number(match["m"]), _number(match["d"]))
        if match["y"] is None and reference and (reference - value).days > 182:
            value = value.replace(year=year + 1)  # in December, "trước ngày 15/01" is next January
    except ValueError:  # 31/02, or digits misread beyond the calendar
        return None
    if value.year < 1900:
        return None
    return DateMatch(match.start(), match.end(), value, completed=match["y"] is None)
