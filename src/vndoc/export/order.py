"""The body of a dispatch in reading order: headings, paragraphs and tables, each with its place in the text.

Paragraphs are kept without offsets, tables with them. So the words of the paragraphs are looked for in the text, one
behind the other, blanks and line breaks aside; what is found between two of them stands between them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeVar

import regex

from vndoc.dispatch import Annex, Dispatch, Section, Table

_PROBE = 16
"""Letters by which the beginning and the end of a paragraph are found that a page number or a stamp runs through."""
_LONGEST_LABEL = 24
_NUMBER = regex.compile(r"\W*\d{1,4}\W*")
_OPENS = regex.compile(r"\s*(?:[-–+•*]\s|\(?(?:\d{1,3}(?:\.\d{1,3})*|[\p{L}]|[IVX]+)[.)/]\s|(?:Điều|Mục|Chương)\s)")


@dataclass(slots=True, frozen=True)
class Paragraph:
    """A paragraph, and its offsets in ``Dispatch.text``; both the same where its words are not found there."""

    text: str
    start: int
    end: int


@dataclass(slots=True, frozen=True)
class Heading:
    """The label of a unit, its title, and the paragraph that goes on in the same line.

    Printed is ``label title mark text``: '1. Sở Y tế: Chủ trì …', 'Chương II QUY ĐỊNH CHUNG', 'a) Tổ chức …'.
    """

    section: Section
    depth: int
    """0 for the units of the top level."""
    label: str
    """As printed, with what stands behind it: '1.', 'a)', 'Điều 3.', 'Chương II'."""
    title: str
    """Empty where it has none."""
    mark: str
    """What stands behind the title: ':', '.', or nothing."""
    run_in: Paragraph | None
    start: int
    end: int
    """Of label and title in ``Dispatch.text``."""


Part = Heading | Paragraph | Table
_P = TypeVar("_P", bound=Heading | Paragraph)


def body_of(dispatch: Dispatch) -> Iterator[Part]:
    """Headings, paragraphs and tables between the head and the signature, in reading order."""
    own = [table for table in dispatch.tables if not any(_inside(table, annex) for annex in dispatch.annexes)]
    yield from _with_tables(_body(dispatch), own)


def annex_of(dispatch: Dispatch, annex: Annex) -> Iterator[Paragraph | Table]:
    """Paragraphs and tables of an annex, in reading order; lines of prose are put together, page numbers left out."""
    own = [table for table in dispatch.tables if _inside(table, annex)]
    return _with_tables(_annex(dispatch, annex, own), own)


def start_of(table: Table) -> int:
    """Where a table begins in ``Dispatch.text``."""
    return min((start for start, _ in _spans(table)), default=0)


def _inside(table: Table, annex: Annex) -> bool:
    return annex.start <= start_of(table) < annex.end


def _spans(table: Table) -> list[tuple[int, int]]:
    """Of its parts, or of its cells where it names no parts."""
    spans = [(part.start, part.end) for part in table.parts]
    return spans or [(cell.start, cell.end) for row in table.rows for cell in row.cells]


def _with_tables(parts: Iterable[_P], tables: Iterable[Table]) -> Iterator[_P | Table]:
    waiting = sorted(tables, key=start_of, reverse=True)
    for part in parts:
        while waiting and start_of(waiting[-1]) < part.start:
            yield waiting.pop()
        yield part
    yield from reversed(waiting)


# --- the body -----------------------------------------------------------------------------------------------


def _body(dispatch: Dispatch) -> Iterator[Heading | Paragraph]:
    units = list(_units(dispatch.sections, 0))
    finder = _Finder(dispatch.text, [span for table in dispatch.tables for span in _spans(table)])
    ends = [*(unit.start for unit, _ in units), dispatch.annexes[0].start if dispatch.annexes else len(dispatch.text)]
    finder.limit(ends[0])
    yield from map(finder.paragraph, dispatch.opening)
    for (unit, depth), end in zip(units, ends[1:], strict=True):
        finder.go_to(unit.start)
        finder.limit(end)
        yield from _unit(finder, unit, depth)
    yield from map(finder.paragraph, dispatch.closing)


def _units(sections: Sequence[Section], depth: int) -> Iterator[tuple[Section, int]]:
    for section in sections:
        yield section, depth
        yield from _units(section.children, depth + 1)


def _unit(finder: "_Finder", unit: Section, depth: int) -> Iterator[Heading | Paragraph]:
    rows = [row for row in unit.text.split("\n") if row.strip()]
    first = unit.title or (rows[0] if rows else "")
    found = finder.find(first) if first else None
    label = _label(unit, finder.text[unit.start : found[0]] if found else "")
    title, mark, behind = unit.title or "", "", found[1] if found else finder.at
    if title and found:
        mark, behind = finder.mark(behind)
    run_in = None
    if not title and rows:
        run_in = Paragraph(rows[0], *(found or (finder.at, finder.at)))
    elif rows and mark == ":" and finder.same_line(behind):
        run_in = finder.paragraph(rows[0])
    end = behind if title and found else found[0] if found else finder.at
    yield Heading(unit, depth, label, title, mark, run_in, min(unit.start, end), end)
    yield from map(finder.paragraph, rows[1:] if run_in else rows)


def _label(unit: Section, printed: str) -> str:
    """The label with what stands behind it, as printed; as it should be where it was mended or is not found."""
    printed = " ".join(printed.split()).replace("\u00ad", "")
    read = " ".join((unit.label_as_read or unit.label).split())
    if read and len(printed) <= _LONGEST_LABEL and (at := printed.casefold().find(read.casefold())) >= 0:
        label = unit.label if unit.label_as_read else printed[at : at + len(read)]
        return printed[:at] + label + printed[at + len(read) :]
    worded = unit.style in ("phan", "chuong", "muc", "tieu_muc") and " " in unit.label
    return unit.label + ("" if worded else ")" if unit.style == "diem" else ".")


class _Finder:
    """Finds words in a text in their order, blanks aside, from where it has come to (:attr:`at`) to a limit.

    Args:
        text: all of it.
        hidden: offsets of what is passed over: tables.
    """

    def __init__(self, text: str, hidden: Iterable[tuple[int, int]]) -> None:
        self.text, self.at = text, 0
        shown = bytearray(b"\x01") * len(text)
        for start, end in hidden:
            shown[start:end] = bytes(len(shown[start:end]))
        self._offsets = [k for k, letter in enumerate(text) if shown[k] and not letter.isspace()]
        self._letters = "".join(text[k] for k in self._offsets)
        self._counts = list(accumulate((shown[k] and not c.isspace() for k, c in enumerate(text)), initial=0))
        self._end = len(text)

    def go_to(self, offset: int) -> None:
        """Go on from there."""
        self.at = min(max(offset, 0), len(self.text))

    def limit(self, offset: int) -> None:
        """Look no farther than there."""
        self._end = min(max(offset, self.at), len(self.text))

    def paragraph(self, words: str) -> Paragraph:
        """The paragraph of these words."""
        return Paragraph(words, *(self.find(words) or (self.at, self.at)))

    def find(self, words: str) -> tuple[int, int] | None:
        """The offsets of the words, the end exclusive, and goes on behind them; None where they are not found."""
        letters = "".join(words.split())
        low, high = self._counts[self.at], self._counts[self._end]
        first, last = self._letters.find(letters, low, high), len(letters)
        if first < 0:
            first = self._letters.find(letters[:_PROBE], low, high)
            tail = self._letters.find(letters[-_PROBE:], first + _PROBE, high) if first >= 0 else -1
            last = tail + len(letters[-_PROBE:]) - first if tail >= 0 else len(letters[:_PROBE])
        if first < 0 or not letters:
            return None
        start, self.at = self._offsets[first], self._offsets[first + last - 1] + 1
        return start, self.at

    def mark(self, offset: int) -> tuple[str, int]:
        """The colon or full stop that stands at an offset, and the offset behind it."""
        found = regex.compile(r"\s?([:.])").match(self.text, offset)
        return (found[1], found.end()) if found else ("", offset)

    def same_line(self, offset: int) -> bool:
        """Whether anything stands behind an offset on its line."""
        return bool(self.text[offset : self._end].split("\n", 1)[0].strip())


# --- annexes ------------------------------------------------------------------------------------------------


def _annex(dispatch: Dispatch, annex: Annex, tables: Sequence[Table]) -> Iterator[Paragraph]:
    hidden = [span for table in tables for span in _spans(table)]
    lines = [
        line
        for line in _lines(dispatch, annex.start, annex.end)
        if not any(start <= line.start < end for start, end in hidden)
    ]
    width = max((len(line.text) for line in lines), default=0)
    open_: list[Paragraph] = []
    for line in lines:
        if open_ and not _goes_on(open_[-1], line, dispatch.text, width):
            yield _joined(open_)
            open_ = []
        open_.append(line)
    if open_:
        yield _joined(open_)


def _lines(dispatch: Dispatch, start: int, end: int) -> Iterator[Paragraph]:
    """The lines between two offsets, but for blank ones and page numbers."""
    tops = set(accumulate((len(page.text) + 2 for page in dispatch.pages), initial=0))
    for found in regex.finditer(r"[^\n]+", dispatch.text[start:end]):
        line = Paragraph(" ".join(found[0].split()), start + found.start(), start + found.end())
        if line.text and not (line.start in tops and _NUMBER.fullmatch(line.text)):
            yield line


def _goes_on(before: Paragraph, line: Paragraph, text: str, width: int) -> bool:
    """Whether a line goes on with the paragraph of the one before: that one is full, or this begins in lower case."""
    apart = "\n\n" in text[before.end : line.start] or before.text.endswith((".", ";", ":"))
    if apart or _OPENS.match(line.text) or before.text.isupper() != line.text.isupper():
        return False
    return line.text[:1].islower() or len(before.text) > 0.8 * max(width, 60)


def _joined(lines: Sequence[Paragraph]) -> Paragraph:
    return Paragraph(" ".join(line.text for line in lines), lines[0].start, lines[-1].end)
