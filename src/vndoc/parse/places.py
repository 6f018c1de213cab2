"""Names of places, from the registry of provinces, districts and communes before and after the mergers of 2025."""

import unicodedata
from collections.abc import Iterator
from functools import cache

import regex

from vndoc.parse.fold import fold, tidy
from vndoc.parse.knowledge import is_capitals, load

_WORD = regex.compile(r"\s+(-\s+)?([\p{L}\d][\p{L}\p{M}\d'’]*)")
_UNIT = regex.compile(r"(?:T\.?P|T\.?X|thành phố|thị xã|thị trấn)(?:\.\s?|\s)(?=(?-i:\p{Lu}))", regex.I)
_LONGEST = 5  # words of the longest names
_LEVELS = {"tp": "thành phố", "tp.": "thành phố", "tx": "thị xã"}


def known_names() -> Iterator[str]:
    """The names of all known places, districts and communes first, provinces last."""
    yield from (name for group in load("units")["groups"] for name in group["names"])
    yield from (province["name"] for province in load("places")["provinces"])


def place_at(level: str, text: str, start: int) -> tuple[str | None, int]:
    """The longest known name of a unit of ``level`` ('huyện') that begins at ``start``, and where it ends.

    The name is as printed, unless marks on its letters were misread and only one place of that level can be meant:
    'tỉnh Quảng Ngải' names Quảng Ngãi. ``(None, 0)`` if no known name stands there.
    """
    known = _names().get(_LEVELS.get(level, level), {})
    ends: list[int] = []
    end = start
    while len(ends) < _LONGEST and (word := _WORD.match(text, end)):
        if not (word[2][0].isupper() or (word[2].isdigit() and ends)):
            break
        end = word.end()
        ends.append(end)
    for end in reversed(ends):
        printed = tidy(text[start:end])
        spellings = known.get(fold(printed))
        if spellings and not (len(printed.split()) == 1 and is_capitals(printed)):
            return _chosen(printed, spellings), end
    return None, 0


def without_unit(name: str) -> str:
    """A place's name without the kind of place before it: 'Tp. Hồ Chí Minh' -> 'Hồ Chí Minh'."""
    unit = _UNIT.match(name)
    return name[unit.end() :] if unit else name


def _chosen(printed: str, spellings: tuple[str, ...]) -> str:
    right = any(_marks(printed) == _marks(name) for name in spellings)
    if right or len(spellings) > 1 or is_capitals(printed):
        return printed
    return spellings[0]


def _marks(name: str) -> tuple[str, ...]:
    """What is printed, whatever vowel carries the tone: 'Hòa' and 'Hoà' are one."""
    return tuple("".join(sorted(unicodedata.normalize("NFD", word.lower()))) for word in name.split())


@cache
def _names() -> dict[str, dict[str, tuple[str, ...]]]:
    """Spellings by folded name, by level."""
    table: dict[str, dict[str, tuple[str, ...]]] = {}
    entries = [(p["unit"], p["name"]) for p in load("places")["provinces"]]
    entries += [(group["level"], name) for group in load("units")["groups"] for name in group["names"]]
    for level, name in entries:
        spellings = table.setdefault(level, {})
        spellings[fold(name)] = tuple({*spellings.get(fold(name), ()), name})
    return table
