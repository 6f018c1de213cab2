"""A sheet as the page of a document shows it: groups of units, each a value or an entry that a person can settle."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from vndoc.archive.review.applying import UNREADABLE
from vndoc.facts import DATES, STRING_LISTS
from vndoc.parse.confirmed import HUMAN
from vndoc.web.pages.typed import shown_day

if TYPE_CHECKING:
    from vndoc.archive.review import Doubt, Sheet
    from vndoc.dispatch import Dispatch, Evidence

GROUPS: Sequence[tuple[str, tuple[str, ...]]] = (
    (
        "head",
        (
            "/type_name",
            "/code_number",
            "/code_notation",
            "/place",
            "/issued_date",
            "/parent_organ_name",
            "/organ_name",
            "/subject",
            "/urgency",
            "/secrecy",
            "/circulation",
            "/recipients",
        ),
    ),
    ("foot", ("/signer/authority", "/signer/position", "/signer/full_name", "/to_places")),
    ("arrival", ("/arrival/number", "/arrival/date", "/due_date")),
)
"""Values and lists of texts in the order of the form, under the headings of the page."""

LISTS = frozenset(STRING_LISTS)
DAYS = frozenset(DATES)
LONG = frozenset({"/subject", "/organ_name", "/parent_organ_name"})
PARTS: Mapping[str, tuple[str, ...]] = {
    "/tasks": ("text", "assignee", "coordinators", "due_date", "recurrence", "report_to"),
    "/references": ("type_name", "notation", "issued_date", "organ_name", "title"),
    "/named_references": ("type_name", "title", "number", "year", "issued_date", "organ_name"),
    "/sections": ("style", "label", "title", "text"),
}
"""What can be typed of the entries of a list of objects."""
PART_DAYS = frozenset({"due_date", "issued_date"})
PART_LISTS = frozenset({"coordinators"})
PART_YEARS = frozenset({"year"})
PART_LONG = frozenset({"text"})
STYLES = ("dieu", "khoan", "diem", "la_ma", "muc", "tieu_muc", "chuong", "phan")
SHOWN_CANDIDATES = 9

State = Literal["doubt", "unreadable", "settled", "read", "empty"]
Box = tuple[int, int, int, int]


@dataclass(slots=True, frozen=True)
class Place:
    """Where something stands on a page, and how it was read there."""

    page: int
    box: Box
    raw: str = ""

    def crop(self, margin: float = 0.35) -> Box:
        """The box with what is around it, as a share of its height."""
        x0, y0, x1, y1 = self.box
        m = max(8, round(margin * (y1 - y0)))
        return (max(0, x0 - 2 * m), max(0, y0 - m), x1 + 2 * m, y1 + m)


@dataclass(slots=True, frozen=True)
class Unit:
    """A single value, or one entry of a list (``parts`` for objects). ``spot`` is its place within the HTML page."""

    pointer: str
    spot: str
    value: str
    state: State
    place: Place | None = None
    candidates: tuple[str, ...] = ()
    before: str = ""
    """The entry as JSON; empty for a value and for an entry that is to be added."""
    parts: Mapping[str, str] = field(default_factory=dict)
    children: "tuple[Unit, ...]" = ()
    children_pointer: str = ""
    note: str = ""

    @property
    def doubtful(self) -> bool:
        """Whether a person is asked for it."""
        return self.state == "doubt"


@dataclass(slots=True, frozen=True)
class Group:
    """Units under one heading; ``pointer`` names the list where one can be added."""

    name: str
    units: tuple[Unit, ...]
    pointer: str | None = None

    @property
    def doubts(self) -> int:
        """How many of them are doubtful, with those below them."""
        return sum(unit.doubtful for unit in _all(self.units))


def spot(pointer: str) -> str:
    """The pointer as an HTML id: '/signer/full_name' is 'signer-full_name'."""
    return pointer.strip("/").replace("/", "-")


class Units:
    """All units of a sheet."""

    def __init__(self, sheet: "Sheet") -> None:
        self.dispatch: Dispatch = sheet.dispatch
        self.plain: dict[str, Any] = sheet.dispatch.model_dump(mode="json")
        self.doubts: dict[str, Doubt] = {doubt.pointer: doubt for doubt in sheet.doubts}

    def groups(self) -> Iterator[tuple[str, list[Group]]]:
        """By heading: values one by one, lists with all their entries."""
        for heading, pointers in GROUPS:
            yield heading, list(self._groups(pointers))

    def objects(self) -> list[Group]:
        """Tasks, references and sections."""
        return [
            Group(pointer.strip("/"), tuple(self._objects(pointer, _at(self.plain, pointer))), pointer)
            for pointer in PARTS
        ]

    def all(self) -> list[Unit]:
        """Every unit in the order of the page, sections within sections too."""
        found = [unit for _, groups in self.groups() for group in groups for unit in group.units]
        return found + [unit for group in self.objects() for unit in _all(group.units)]

    def _groups(self, pointers: Iterable[str]) -> Iterator[Group]:
        for pointer in pointers:
            if pointer in LISTS:
                entries = _at(self.plain, pointer)
                units = tuple(self._text(pointer, k, entry) for k, entry in enumerate(entries))
                yield Group(spot(pointer), units, pointer)
            else:
                yield Group(spot(pointer), (self._value(pointer),))

    def _value(self, pointer: str) -> Unit:
        value = _at(self.plain, pointer)
        shown = shown_day(value) if pointer in DAYS else value or ""
        return Unit(
            pointer,
            spot(pointer),
            shown,
            self._state(pointer, bool(value)),
            self._place(pointer),
            self._candidates(pointer),
        )

    def _text(self, pointer: str, at: int, entry: str) -> Unit:
        own = f"{pointer}/{at}"
        return Unit(
            pointer,
            spot(own),
            entry,
            self._state(own, present=True),
            self._place(own) or self._place(pointer),
            self._candidates(own),
            json.dumps(entry, ensure_ascii=False),
        )

    def _objects(self, pointer: str, entries: Sequence[Mapping[str, Any]]) -> Iterator[Unit]:
        names = PARTS["/sections" if pointer.startswith("/sections") else pointer]
        for at, entry in enumerate(entries):
            own = f"{pointer}/{at}"
            known = {name: entry.get(name) for name in names}
            below = f"{own}/children"
            yield Unit(
                pointer,
                spot(own),
                "",
                self._state(own, present=True),
                self._place(own),
                self._candidates(own),
                json.dumps(entry, ensure_ascii=False),
                {name: shown_part(name, value) for name, value in known.items()},
                tuple(self._objects(below, entry["children"])) if "children" in entry else (),
                below if "children" in entry else "",
            )

    def _state(self, pointer: str, present: bool) -> State:
        if pointer in self.doubts:
            return "doubt"
        evidence = self.dispatch.evidence.get(pointer)
        if evidence and evidence.method in (HUMAN, UNREADABLE):
            return "settled" if evidence.method == HUMAN else "unreadable"
        return "read" if present else "empty"

    def _place(self, pointer: str) -> Place | None:
        found: Doubt | Evidence | None = self.doubts.get(pointer) or self.dispatch.evidence.get(pointer)
        if found is None or not found.page or not found.box:
            return None
        return Place(found.page, found.box, " ".join((found.raw or "").split()))

    def _candidates(self, pointer: str) -> tuple[str, ...]:
        """Other readings of a doubtful value; of one that is settled or was read surely nobody wants to see any."""
        doubt = self.doubts.get(pointer)
        found = doubt.candidates if doubt else ()
        return tuple(dict.fromkeys(shown_day(value) for value, _ in found))[:SHOWN_CANDIDATES]


def shown_part(name: str, value: Any) -> str:
    """One part of an entry as it stands in its input."""
    if name in PART_DAYS:
        return shown_day(value)
    return "; ".join(value) if isinstance(value, list) else str(value or "")


def _all(units: Iterable[Unit]) -> Iterator[Unit]:
    for unit in units:
        yield unit
        yield from _all(unit.children)


def _at(plain: Any, pointer: str) -> Any:
    for part in pointer.split("/")[1:]:
        plain = plain[int(part)] if isinstance(plain, list) else plain[part]
    return plain
