"""Which date was written into a stamp: what was read in its blanks, weighed by the days on which it can be.

A date in one blank is read as one string of digits, the strokes between its parts among them: '0710112025' is
07/01/2025 with its strokes read as a 1, '1817' is 18/7. Read by itself such a string is ambiguous, and a digit or a
stroke is often misread; among the few days on which a document can have arrived it mostly fits one.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import product

import regex
from rapidfuzz.distance import Levenshtein

from vndoc.parse.form.head.header import calendar_day
from vndoc.slots import Candidates

_OFF = 0.02  # likelihood of a digit misread, lost or too many
_MOST_OFF = 2
_SHORT = 0.6  # how usual a part without its 0 is, and a year without its century, or none
_MISCUT = 0.002  # likelihood of any date, given a string: the blank may be cut wrongly
_MOST = 0.97  # of any date: the blank may be another's
_RAISED = 1.5  # times the probability with which a day was read that it may be made sure
_READ, _CONTRADICTED = 0.05, 0.4  # least probability with which the month was read, and trust where it was not
_WHOLE = regex.compile(r"(\d{1,2})1(\d{1,2})1((?:19|20)\d\d)1?")

Likely = dict[date, float]
"""Dates with their probabilities, which sum to less than 1."""


def written_dates(read: Candidates, expected: Mapping[date, float]) -> Likely:
    """The dates that strings read in one blank may be, given how likely each is before anything is read."""
    mass = {value: p * (_fit(read, value) + _MISCUT) for value, p in expected.items()}
    return _shares(mass)


def whole_dates(read: Candidates) -> Likely:
    """The dates that the strings are, day, month and year, where nothing is known of when it may be."""
    mass: Likely = {}
    for text, p in read:
        found = _WHOLE.fullmatch(text)
        value = calendar_day(*found.groups()) if found else None
        if value:
            mass[value] = mass.get(value, 0.0) + p
    return {value: min(_MOST, p) for value, p in mass.items()}


def dates_of_parts(days: Candidates, months: Candidates, expected: Mapping[date, float]) -> Likely:
    """The dates that a day and a month read in blanks of their own may be; what was not read may be any."""
    by_day, by_month = _by_number(days), _by_number(months)
    unread = [max(0.0, 1.0 - sum(parts.values())) for parts in (by_day, by_month)]
    mass = {
        value: p * (by_day.get(value.day, 0.0) + unread[0] / 31) * (by_month.get(value.month, 0.0) + unread[1] / 12)
        for value, p in expected.items()
    }
    # What was hardly read, or as another month, is not made sure by there being no other day.
    likely: Likely = {}
    for value, p in _shares(mass).items():
        other = bool(months) and by_month.get(value.month, 0.0) < _READ
        likely[value] = min(p, _RAISED * by_day.get(value.day, 0.0), _CONTRADICTED if other else 1.0)
    return likely


def _shares(mass: Mapping[date, float]) -> Likely:
    total = sum(mass.values())
    return {value: _MOST * p / total for value, p in mass.items()} if total > 0 else {}


def _by_number(read: Candidates) -> dict[int, float]:
    found: dict[int, float] = {}
    for text, p in read:
        if text.isdecimal():
            found[int(text)] = found.get(int(text), 0.0) + p
    return found


def _fit(read: Candidates, value: date) -> float:
    """Likelihood of the strings, given a date, in the way of writing it that fits them best."""
    return max(usual * sum(p * _alike(text, written) for text, p in read) for written, usual in _spellings(value))


def _alike(text: str, written: str) -> float:
    off = Levenshtein.distance(text, written, score_cutoff=_MOST_OFF)
    return _OFF**off if off <= _MOST_OFF else 0.0


def _spellings(value: date) -> Iterator[tuple[str, float]]:
    """The ways in which a date is written, strokes as 1, each with how usual it is."""
    parts = [_with_and_without_zero(n) for n in (value.day, value.month)]
    years = [(f"1{value.year}", 1.0), (f"1{value.year % 100:02}", _SHORT), ("", _SHORT)]
    for (day, p), (month, q), (year, r) in product(*parts, years):
        yield f"{day}1{month}{year}", p * q * r


def _with_and_without_zero(number: int) -> list[tuple[str, float]]:
    return [(str(number), 1.0)] if number > 9 else [(f"0{number}", 1.0), (str(number), _SHORT)]
