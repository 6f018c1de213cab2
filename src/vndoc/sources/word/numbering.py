"""Labels that Word makes itself: '1.', 'a)', 'Điều 3.' as they are printed, counted as Word counts them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from lxml import etree

from vndoc.sources.labels import LONGEST_LABEL, lettered, roman
from vndoc.sources.xml import attribute, child, local

_LEVELS = 9
_FORMATS: dict[str, Callable[[int], str]] = {
    "upperRoman": roman,
    "lowerRoman": lambda n: roman(n).lower(),
    "upperLetter": lettered,
    "lowerLetter": lambda n: lettered(n).lower(),
    "decimalZero": lambda n: f"{n:02}",
    "none": lambda n: "",
}
_PLACE = re.compile(r"%(\d)")


@dataclass(slots=True, frozen=True)
class Level:
    """One level of a list: how its labels are counted and written."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    gap: str = " "
    restart: int | None = None
    """The level, from 1, after which it begins anew; 0: after none. By default after any higher one."""
    legal: bool = False
    style: str | None = None

    @classmethod
    def of(cls, element: etree._Element) -> "Level":
        """From ``w:lvl``."""
        restart = attribute(child(element, "lvlRestart"), "val")
        return cls(
            _number(attribute(child(element, "start"), "val"), 1),
            attribute(child(element, "numFmt"), "val") or "decimal",
            (attribute(child(element, "lvlText"), "val") or "")[:LONGEST_LABEL],
            "" if attribute(child(element, "suff"), "val") == "nothing" else " ",
            _number(restart, 0) if restart is not None else None,
            child(element, "isLgl") is not None and attribute(child(element, "isLgl"), "val") not in ("0", "false"),
            attribute(child(element, "pStyle"), "val"),
        )


@dataclass(slots=True)
class ListInstance:
    """An instance of a list (``w:num``): the definition that it counts with, and what it changes of it."""

    definition: str
    starts: dict[int, int] = field(default_factory=dict)
    levels: dict[int, Level] = field(default_factory=dict)
    fresh: set[int] = field(default_factory=set)
    """Levels whose own start is not used up."""


class Numbering:
    """All lists of a document, and how far each has counted.

    Args:
        definitions: the levels of each definition, from 0.
        lists: the instances by their identifiers.
    """

    def __init__(self, definitions: dict[str, dict[int, Level]], lists: dict[str, ListInstance]) -> None:
        self._definitions, self._lists = definitions, lists
        self._links: dict[str, str] = {}
        self._styles: dict[str, str] = {}
        self._counts: dict[str, list[int | None]] = {}

    @classmethod
    def of(cls, root: etree._Element | None) -> Self:
        """From ``w:numbering``."""
        made = cls({}, {})
        for element in root if root is not None else ():
            key = attribute(element, "abstractNumId") or ""
            if local(element) == "abstractNum":
                made._define(key, element)
            elif local(element) == "num":
                made._lists[attribute(element, "numId") or ""] = _instance(element)
        return made

    def _define(self, key: str, element: etree._Element) -> None:
        levels = (inner for inner in element if local(inner) == "lvl")
        self._definitions[key] = {_number(attribute(level, "ilvl"), 0): Level.of(level) for level in levels}
        if style := attribute(child(element, "numStyleLink"), "val"):
            self._links[key] = style
        if style := attribute(child(element, "styleLink"), "val"):
            self._styles[style] = key

    def level_of_style(self, number: str, style: str) -> int:
        """The level that a list gives to paragraphs of a style; 0 where it names none."""
        found = self._lists.get(number)
        levels = self._levels(found) if found else {}
        return next((k for k, level in levels.items() if level.style == style), 0)

    def label(self, number: str, depth: int) -> str:
        """The next label of the list ``number`` at a level from 0, with the blank behind it; empty without one."""
        found = self._lists.get(number)
        levels = self._levels(found) if found else {}
        if found is None or not 0 <= depth < _LEVELS or depth not in levels:
            return ""
        counts = self._counts.setdefault(self._key(found), [None] * _LEVELS)
        self._count(found, levels, counts, depth)
        level = levels[depth]
        if level.form == "bullet":
            return _bullet(level.text) + level.gap

        def value(place: re.Match[str]) -> str:
            k = int(place[1]) - 1
            own = levels.get(k, Level())
            n = counts[k] if k < _LEVELS and counts[k] is not None else own.start
            return str(n) if level.legal or own.form not in _FORMATS else _FORMATS[own.form](n or 0)

        text = _PLACE.sub(value, level.text).strip()
        return text + level.gap if text else ""

    def _count(self, found: ListInstance, levels: dict[int, Level], counts: list[int | None], depth: int) -> None:
        own, now = found.starts.get(depth), counts[depth]
        if depth in found.fresh and own is not None:
            counts[depth] = own
        else:
            counts[depth] = now + 1 if now is not None else own if own is not None else levels[depth].start
        found.fresh.discard(depth)
        for k in range(depth):  # 'a)' before any '1.' counts as below the first
            counts[k] = levels.get(k, Level()).start if counts[k] is None else counts[k]
        for k in range(depth + 1, _LEVELS):
            restart = levels[k].restart if k in levels else None
            if restart is None or depth < restart:
                counts[k] = None

    def _key(self, found: ListInstance) -> str:
        """The definition that holds the levels, where one stands for another by the name of a style."""
        return self._styles.get(self._links.get(found.definition, ""), found.definition)

    def _levels(self, found: ListInstance) -> dict[int, Level]:
        return self._definitions.get(self._key(found), {}) | found.levels


def _instance(element: etree._Element) -> ListInstance:
    made = ListInstance(attribute(child(element, "abstractNumId"), "val") or "")
    for change in element:
        if local(change) != "lvlOverride":
            continue
        depth = _number(attribute(change, "ilvl"), 0)
        if (level := child(change, "lvl")) is not None:
            made.levels[depth] = Level.of(level)
        if (start := attribute(child(change, "startOverride"), "val")) is not None:
            made.starts[depth] = _number(start, 1)
            made.fresh.add(depth)
    return made


def _bullet(text: str) -> str:
    """The sign as it can be typed: the symbols of picture fonts lie where Unicode has none of its own."""
    return text if text in ("-", "+", "*", "–", "•") else "-"


def _number(text: str | None, default: int) -> int:
    try:
        return int(text or default)
    except ValueError:
        return default
