"""Duties that return: 'định kỳ 6 tháng', 'trước ngày 20 hằng tháng', as printed and as recurrence rules (RFC 5545)."""

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

import regex

from vndoc.parse.fold import fold
from vndoc.parse.knowledge import load


class Recurrence(NamedTuple):
    """How often, as printed, and the rules that the words mean; 'định kỳ' alone has none."""

    printed: str
    rules: tuple[str, ...]


@cache
def _recurring() -> "regex.Pattern[str]":
    return regex.compile("|".join(rf"(?<!\p{{L}})(?:{r['pattern']})" for r in load("recurrence")["recurring"]))


@cache
def _not_recurring() -> "regex.Pattern[str]":
    """What is merely paid or counted every month: 'trợ cấp hằng tháng'."""
    return regex.compile(rf"\b(?:{'|'.join(load('recurrence')['not_recurring'])})\s+$")


@cache
def _rules(group: str) -> list[tuple["regex.Pattern[str]", str]]:
    return [(regex.compile(record["pattern"]), record["rule"]) for record in load("recurrence")[group]]


@lru_cache(maxsize=256)
def find_recurrence(text: str) -> Recurrence | None:
    """How often the duty of ``text``, one paragraph on one line, returns; None for what is done once."""
    folded = fold(text)
    for found in _recurring().finditer(folded):
        if not _not_recurring().search(folded, max(0, found.start() - 30), found.start()):
            start, end = found.span("what")
            return Recurrence(text[start:end].strip(), _dated(folded) or _frequencies(folded[found.start() : end]))
    return None


def _dated(folded: str) -> tuple[str, ...]:
    """Rules of the days named within their period, in the order of the text, each once."""
    found: dict[int, str] = {}
    for match, rule in _matches("days", folded):
        found.setdefault(match.start(), rule)
    return tuple(dict.fromkeys(found[at] for at in sorted(found)))


def _frequencies(words: str) -> tuple[str, ...]:
    found: dict[int, str] = {}
    for match, rule in _matches("frequencies", words):
        found.setdefault(match.end(), rule)
    return tuple(dict.fromkeys(found[at] for at in sorted(found)))


def _matches(group: str, folded: str) -> Iterator[tuple["regex.Match[str]", str]]:
    for pattern, rule in _rules(group):
        for match in pattern.finditer(folded):
            values = {name: _value(name, words) for name, words in match.groupdict().items()}
            if all(values.values()):
                yield match, rule.format(**values).removesuffix(";INTERVAL=1")


def _value(name: str, words: str) -> str | None:
    """The number or weekday that ``words`` stand for in a rule; None where it is no day of a calendar."""
    data = load("recurrence")
    if name == "w":
        return str(data["weekdays"][words.rsplit(maxsplit=1)[-1]])
    number = int(words) if words.isdigit() else int(data["numbers"][words])
    return str(number) if 1 <= number <= {"d": 31, "m": 12, "n": 99}[name] else None
