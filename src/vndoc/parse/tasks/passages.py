"""The body as passages in reading order: running text that keeps the place of every letter in the document."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Literal

import regex

from vndoc.dispatch import Section, Table
from vndoc.parse.fold import fold, old_tones, tidy
from vndoc.parse.form.zones import Zones
from vndoc.parse.knowledge import load
from vndoc.parse.outline.paragraphs import Piece
from vndoc.parse.outline.sections import Unit, lay_out
from vndoc.parse.tasks.actors import names_only, opening_actor

Role = Literal["title", "leads", "helps", "time"]

_LABEL = 6
"""Characters of the longest number of a row."""
_STOP = regex.compile(r"[;.]\s+")


@dataclass(slots=True, frozen=True)
class Passage:
    """A paragraph, or a part of it, on one line, with tones placed the old way.

    ``spots`` are the offsets of its letters in the document. ``owner`` is the one whose duty it is if it names none,
    by the title of its unit. ``role`` tells titles, and the lines of a plan that say who leads, who helps and when; the
    text of those is what stands behind the colon, ``label`` what stands before it.
    """

    text: str
    spots: tuple[int, ...]
    section: str | None
    owner: str | None
    role: Role | None = None
    label: str = ""

    @property
    def start(self) -> int:
        """Offset of the first character in the document; lines of a page in disorder may not stand in their order."""
        return min(spot for spot in self.spots if spot >= 0)

    @property
    def end(self) -> int:
        """Offset one past the last character."""
        return max(self.spots) + 1

    def part(self, start: int = 0, end: int | None = None) -> "Passage":
        """The piece between two offsets of this text, without bullets and blanks at its ends."""
        end = len(self.text) if end is None else end
        words = self.text[start:end]
        start += len(words) - len(words.lstrip("-–+•* "))
        end -= len(words) - len(words.rstrip())
        return replace(self, text=self.text[start:end], spots=self.spots[start:end])


def find_passages(zones: Zones, sections: Sequence[Section]) -> list[Passage]:
    """All passages of the body, titles of units among them, in the order of the text."""
    units, loose = lay_out(zones, sections)
    found = [part for group in loose for part in _by_roles(_passage(group, None, None))]
    owners: dict[int, str | None] = {}
    for unit in units:
        above = next((owners[id(s)] for s in reversed(unit.ancestors) if owners.get(id(s))), None)
        owners[id(unit.section)] = _owner(unit) or above
        found += _of_unit(unit, owners[id(unit.section)])
    return sorted((p for p in found if p.text), key=lambda p: p.start)


def passages_in(table: Table, text: str) -> list[Passage]:
    """The cells of a table with one column of text, numbered or not: running text in a frame; of others, none.

    ``text`` is the whole document's.
    """
    below = [cell for row in table.rows[table.header_rows :] for cell in row.cells if cell.text]
    columns = {cell.column for cell in below if len(cell.text) > _LABEL}
    if len(columns) != 1 or any(cell.column_span > 1 for cell in below):
        return []
    cells = [cell for cell in below if cell.column in columns]
    return [
        _passage([Piece(text[cell.start : cell.end], cell.start, 0, cell.page)], table.section, None) for cell in cells
    ]


def _owner(unit: Unit) -> str | None:
    if unit.section.title is not None:
        return opening_actor(old_tones(unit.section.title))
    first = _passage(unit.paragraphs[0], None, None).text if unit.paragraphs else ""
    return opening_actor(first, acting=True)


def _of_unit(unit: Unit, owner: str | None) -> Iterator[Passage]:
    title = unit.section.title
    passages = [_passage(group, unit.path, owner) for group in unit.paragraphs]
    if title and len(passages) == 1 and (role := _role(title, passages[0].text)):
        yield replace(passages[0], role=role, label=title)
        return
    if title:
        start = unit.section.start
        yield Passage(old_tones(title), tuple(range(start, start + len(title))), unit.path, owner, "title")
    for passage in passages:
        yield from _by_roles(passage)


def _passage(group: Sequence[Piece], section: str | None, owner: str | None) -> Passage:
    """The lines as running text; only white space is lost in it, so every letter finds its place again."""
    text = tidy("\n".join(piece.text for piece in group))
    letters = iter([piece.start + i for piece in group for i, c in enumerate(piece.text) if not c.isspace()])
    spots = tuple([-1 if c == " " else next(letters) for c in text])
    return Passage(old_tones(text), spots, section, owner)


@cache
def _roles() -> "list[tuple[Role, regex.Pattern[str]]]":
    return [(r["role"], regex.compile(rf"(?:{r['pattern']})(?:\s*\([^)]*\))?")) for r in load("duties")["roles"]]


def _by_roles(passage: Passage) -> list[Passage]:
    """'Rà soát. Chủ trì: Sở Y tế; thời gian: Quý II' is a passage and two lines of a plan; any other stays as it is."""
    cuts = [0, *(stop.end() for stop in _STOP.finditer(passage.text)), len(passage.text)]
    lines: list[Passage] = []
    end = len(passage.text)
    for start, stop in reversed(list(pairwise(cuts))):
        line = _with_role(passage.part(start, stop))
        if line is None:
            break
        lines.insert(0, line)
        end = start
    if not any(line.role == "leads" for line in lines) and end:
        return [passage]
    return [*([passage.part(0, end)] if end else []), *lines]


def _with_role(passage: Passage) -> Passage | None:
    """'Đơn vị chủ trì: Sở Y tế' becomes 'Sở Y tế' with the role of one who leads."""
    at = max(0, passage.text.find(":", 0, 60))
    label, words = passage.text[:at].strip(), passage.part(at + 1, len(passage.text))
    role = _role(label, words.text)
    return replace(words, role=role, label=label) if role else None


def _role(label: str, words: str) -> Role | None:
    """What the label before the colon says that the words are; who leads and helps is a list of names."""
    role = next((name for name, pattern in _roles() if pattern.fullmatch(fold(label))), None) if label else None
    return role if words and (role == "time" or names_only(words)) else None
