"""Lists of Word that print the labels a dispatch has: 'I.', '1.', 'a)', 'Điều 3.', '2.1.'.

A label is counted by Word where Word's way of counting gives it, so that units that are put in or taken out change the
numbers of the others. Where a list begins elsewhere or leaves numbers out, another instance of it sets its count. What
Word cannot count stays text: 'đ', which its alphabet does not have, and words such as 'thứ hai'.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

import regex
from docx.document import Document as WordFile
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from lxml import etree

from vndoc.dispatch import Section
from vndoc.sources.labels import roman

_LEVELS = 9
_INDENT = 720  # twentieths of a point: the first line of the body's paragraphs
_LABEL = regex.compile(
    r"(?P<before>.*?)(?<![\p{L}\d])(?P<number>\d{1,4}|[IVXLC]+|[ivx]+|[A-Za-z])(?P<behind>[\s\p{P}]*)", regex.S
)
_PADDED = regex.compile(r"0[1-9]")
_THROUGHOUT = "dieu"


@dataclass(slots=True, frozen=True)
class Form:
    """How a label is written: the kind of number, and the text around the places of numbers, as Word has them."""

    kind: str
    text: str
    named: tuple[int, ...] = ()
    """Levels above whose numbers are part of it: the 2 of '2.1.'."""


@dataclass(slots=True, frozen=True)
class _Step:
    """A unit on the way down to another: the form of its label, and its number."""

    form: Form
    number: int
    throughout: bool = False
    """It counts on through the units above, 'Điều 4' in the second chapter, and so has a list of its own."""


@dataclass(slots=True)
class _List:
    """A list: the forms of its levels, and how far each has counted."""

    definition: int
    instance: int
    forms: dict[int, Form] = field(default_factory=dict)
    starts: dict[int, int] = field(default_factory=dict)
    """Where the levels begin that the instance has begin elsewhere than at 1, also whenever they begin anew."""
    counts: dict[int, int] = field(default_factory=dict)

    def takes(self, path: list[Form]) -> bool:
        """Whether units of these forms, each below the one before, may stand in it."""
        return all(self.forms.get(level, form) == form for level, form in enumerate(path))

    def next(self, level: int) -> int:
        """The number that Word gives to the next unit of a level."""
        return self.counts[level] + 1 if level in self.counts else self.starts.get(level, 1)

    def count(self, level: int, number: int) -> None:
        """Note a unit; those below it begin anew, and those above it that were not there count as the first."""
        self.counts[level] = number
        for below in [k for k in self.counts if k > level]:
            del self.counts[below]
        for above in range(level):
            self.counts.setdefault(above, self.starts.get(above, 1))


class Labels:
    """Numbers the units and the dashes of a body.

    Args:
        word: the file that the lists are put into.
    """

    def __init__(self, word: WordFile) -> None:
        self._root: etree._Element = word.part.numbering_part.element
        self._lists: list[_List] = []
        self._dashes: dict[str, int] = {}
        self._instances = 0
        self._path: list[_Step | None] = []
        """Of the units above and beside; None for one whose label is text."""

    def unit(self, paragraph: Paragraph, section: Section, label: str, depth: int, *, below: bool = False) -> str:
        """Let Word number the paragraph of a unit; returns the label where that must be written as text.

        Args:
            paragraph: of the unit.
            section: the unit.
            label: as it has to be printed.
            depth: 0 at the top level.
            below: the title stands on the next line.
        """
        del self._path[depth:]
        self._path += [None] * (depth - len(self._path))
        above = self._above(section)
        step = _read(label, section.style, above) if len(above) < _LEVELS else None
        self._path.append(step)
        if step is None:
            return label
        level, number = len(above), step.number
        path = [each.form for each in (*above, step)]
        own = next((made for made in self._lists if made.takes(path)), None) or self._new_list()
        for k, form in enumerate(path):
            if k not in own.forms:
                own.forms[k] = form
                self._define(own, k, form, below=below and k == level)
        if own.next(level) != number:
            own.starts = {level: number}
            own.instance = self._instance(own.definition, own.starts)
        own.count(level, number)
        if step.form.named and any(own.counts[k] != above[k].number for k in step.form.named):
            self._path[-1] = None
            return label
        _number(paragraph, own.instance, level)
        return ""

    def _above(self, section: Section) -> list[_Step]:
        """The units above that stand in the same list: none above an article, nor above one whose label is text."""
        if section.style == _THROUGHOUT:
            return []
        found: list[_Step] = []
        for step in reversed(self._path):
            if step is None:
                break
            found.insert(0, step)
            if step.throughout:
                break
        return found

    def dash(self, paragraph: Paragraph, mark: str) -> None:
        """Let Word put a mark such as '-' before the paragraph."""
        if mark not in self._dashes:
            own = self._new_list()
            self._lists.remove(own)
            self._define(own, 0, Form("bullet", mark))
            self._dashes[mark] = own.instance
        _number(paragraph, self._dashes[mark], 0)

    def _new_list(self) -> _List:
        definition = OxmlElement("w:abstractNum")
        key = len(self._root.findall(qn("w:abstractNum")))
        definition.set(qn("w:abstractNumId"), str(key))
        definition.append(_element("w:multiLevelType", "multilevel"))
        instances = self._root.find(qn("w:num"))  # which stand behind all definitions
        if instances is None:
            self._root.append(definition)
        else:
            instances.addprevious(definition)
        made = _List(key, self._instance(key, {}))
        self._lists.append(made)
        return made

    def _instance(self, definition: int, starts: dict[int, int]) -> int:
        self._instances += 1
        num = OxmlElement("w:num")
        num.set(qn("w:numId"), str(self._instances))
        num.append(_element("w:abstractNumId", str(definition)))
        for level, number in starts.items():
            override = OxmlElement("w:lvlOverride")
            override.set(qn("w:ilvl"), str(level))
            override.append(_element("w:startOverride", str(number)))
            num.append(override)
        self._root.append(num)
        return self._instances

    def _define(self, own: _List, level: int, form: Form, *, below: bool = False) -> None:
        """Write a level into the definition of a list, where levels stand in their order."""
        definition = self._root.findall(qn("w:abstractNum"))[own.definition]
        lvl = OxmlElement("w:lvl")
        lvl.set(qn("w:ilvl"), str(level))
        lvl.append(_element("w:start", "1"))
        lvl.append(_element("w:numFmt", form.kind))
        lvl.append(_element("w:suff", "nothing" if below else "space"))
        lvl.append(_element("w:lvlText", form.text))
        lvl.append(_element("w:lvlJc", "left"))
        properties, indent = OxmlElement("w:pPr"), OxmlElement("w:ind")
        indent.set(qn("w:left"), "0")
        indent.set(qn("w:firstLine"), "0" if below else str(_INDENT))
        properties.append(indent)
        lvl.append(properties)
        definition.append(lvl)


def _element(tag: str, value: str) -> etree._Element:
    made = OxmlElement(tag)
    made.set(qn("w:val"), value)
    return made


def _number(paragraph: Paragraph, instance: int, level: int) -> None:
    numbers = OxmlElement("w:numPr")
    numbers.append(_element("w:ilvl", str(level)))
    numbers.append(_element("w:numId", str(instance)))
    properties = paragraph._p.get_or_add_pPr()
    style = properties.find(qn("w:pStyle"))
    properties.insert(0 if style is None else 1, numbers)


def _read(label: str, style: str, above: Sequence[_Step]) -> _Step | None:
    """Form and number of a label below others; None where Word cannot count so."""
    found = _LABEL.fullmatch(label)
    value = _value(found["number"], style) if found and "%" not in label else None
    if found is None or value is None:
        return None
    (kind, number), before, level = value, found["before"], len(above)
    counts = before.removesuffix(".").split(".")  # '2.3.' before the 1 of '2.3.1'
    named = range(level - len(counts), level)
    if before.endswith(".") and counts == [_in_figures(above[k]) for k in named if k >= 0]:
        before = "".join(f"%{k + 1}." for k in named)
    else:
        named = range(0)
    text = f"{before}%{level + 1}{found['behind'].rstrip()}"
    return _Step(Form(kind, text, tuple(named)), number, style == _THROUGHOUT)


def _in_figures(step: _Step) -> str | None:
    """The number of a unit as it stands in the labels below it; None where that is not how it is written itself.

    Word can write 'II' as '2' there, LibreOffice cannot.
    """
    return str(step.number) if step.form.kind == "decimal" else None


def _value(number: str, style: str) -> tuple[str, int] | None:
    """How a number is written and which it is: 'iv' is the fourth; single letters of points are letters."""
    if number.isdecimal():
        padded = number.startswith("0")
        return (
            ("decimalZero" if padded else "decimal", int(number)) if not padded or _PADDED.fullmatch(number) else None
        )
    if style == "diem" and len(number) == 1:
        return "lowerLetter" if number.islower() else "upperLetter", ord(number.lower()) - ord("a") + 1
    if value := _romans().get(number.upper()):
        return "lowerRoman" if number.islower() else "upperRoman", value
    return ("upperLetter", ord(number) - ord("A") + 1) if len(number) == 1 and number.isupper() else None


@cache
def _romans() -> dict[str, int]:
    return {roman(number): number for number in range(1, 100)}
