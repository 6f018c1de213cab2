"""Labels of lists in OpenDocument files, counted as ODF 1.3 counts them (part 3, 5.3)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree

from vndoc.sources.labels import LONGEST_LABEL, lettered, roman
from vndoc.sources.xml import attribute, local

_DEPTH = 10
_PLACE = re.compile(r"%(\d+)%")


@dataclass(slots=True, frozen=True)
class _Level:
    form: str
    before: str
    after: str
    shown: int
    start: int
    pattern: str | None
    bullet: str | None

    @classmethod
    def of(cls, element: etree._Element) -> "_Level":
        def said(name: str) -> str:
            return (attribute(element, name) or "")[:LONGEST_LABEL]

        bullet = (said("bullet-char") or "-") if local(element) == "list-level-style-bullet" else None
        shown, start = said("display-levels"), said("start-value")
        return cls(
            said("num-format"),
            said("num-prefix"),
            said("num-suffix"),
            int(shown) if shown.isdecimal() else 1,
            int(start) if start.isdecimal() else 1,
            None if attribute(element, "num-list-format") is None else said("num-list-format"),
            bullet,
        )

    def number(self, n: int) -> str:
        forms = {"I": roman(n), "i": roman(n).lower(), "A": lettered(n), "a": lettered(n).lower(), "": ""}
        return forms.get(self.form, str(n))


@dataclass(slots=True)
class Counter:
    """How far one list has counted, at each level."""

    counts: list[int | None] = field(default_factory=lambda: [None] * _DEPTH)


class Lists:
    """The list styles of a file and the labels they make."""

    def __init__(self, roots: Iterable[etree._Element]) -> None:
        self._styles: dict[str, dict[int, _Level]] = {}
        for root in roots:
            for element in root.iter():
                if local(element) in ("list-style", "outline-style"):
                    name = attribute(element, "name") or "" if local(element) == "list-style" else ""
                    levels = {_depth(level): _Level.of(level) for level in element if attribute(level, "level")}
                    self._styles[name] = levels
        self._last: dict[str, Counter] = {}
        self._by_id: dict[str, Counter] = {}

    def begin(self, element: etree._Element, style: str) -> Counter:
        """The counter of a list that begins: a fresh one, or that of the list it goes on with."""
        continued = self._by_id.get(attribute(element, "continue-list") or "")
        if continued is None and attribute(element, "continue-numbering") == "true":
            continued = self._last.get(style)
        counter = continued or Counter()
        self._last[style] = counter
        if key := attribute(element, "id"):
            self._by_id[key] = counter
        return counter

    def outline(self) -> Counter:
        """The counter of the headings."""
        return self._last.setdefault("", Counter())

    def label(self, style: str, counter: Counter, depth: int, start: str | None = None) -> str:
        """The next label at a level from 0, with the blank behind it; empty where the level has none."""
        level = self._styles.get(style, {}).get(depth)
        if level is None or depth >= _DEPTH:
            return ""
        now = counter.counts[depth]
        counter.counts[depth] = int(start) if start and start.isdecimal() else level.start if now is None else now + 1
        counter.counts[depth + 1 :] = [None] * (_DEPTH - depth - 1)
        if level.bullet is not None:
            return f"{level.bullet if level.bullet in '-+*–•' else '-'} "
        text = self._numbered(style, counter, depth, level).strip()
        return f"{text} " if text else ""

    def _numbered(self, style: str, counter: Counter, depth: int, level: _Level) -> str:
        levels = self._styles[style]

        def value(k: int) -> str:
            own = levels.get(k, level)
            n = counter.counts[k] if 0 <= k < _DEPTH else None
            return own.number(own.start if n is None else n)

        if level.pattern is not None:
            return _PLACE.sub(lambda place: value(int(place[1]) - 1), level.pattern)
        if not level.form:
            return ""
        shown = range(max(0, depth - level.shown + 1), depth + 1)
        return level.before + ".".join(text for k in shown if (text := value(k))) + level.after


def _depth(level: etree._Element) -> int:
    said = attribute(level, "level") or ""
    return int(said) - 1 if said.isdecimal() else _DEPTH
