"""What one page shows of where documents begin and end: its head, its foot, its place among its neighbours.

The parts of the form are those that :mod:`vndoc.parse.form` finds on a page by itself. Nothing of the page's words or
image is kept but what the next pages are compared with.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import regex

from vndoc.page import BlockKind, Method, Page
from vndoc.parse import Form, read_form
from vndoc.parse.fold import fold
from vndoc.parse.form import anchors
from vndoc.parse.form.columns import MAX_LINE, split_header
from vndoc.parse.form.foot.copies import copy_type
from vndoc.parse.knowledge import bare
from vndoc.parse.lines import TextLine, document_lines
from vndoc.parse.notation import find_notations
from vndoc.slots import Slot, SlotKind

_HEAD, _EDGE, _TOP = 14, 3, 0.45
"""Lines of a head; lines at an edge of the page that may hold its number; share of the page that a head may take."""
_TITLED = 8
"""Lines from the top within which an annex names itself."""
_SHORT = 60
"""Characters of a line that may be the last of a paragraph without a full stop."""
_NUMBER, _YEAR = regex.compile(r"\d+"), regex.compile(r"(?:19|20)\d\d")
_FINISHED = regex.compile(r"[.;:!?…)”\"/⁄]\W{0,2}$")
_FULL_END = regex.compile(r"[./⁄,]\s?[/⁄]\s?[.,]?\W{0,2}$")
_SMALL = regex.compile(r"\W{0,2}\p{Ll}{2}")
_WORD = regex.compile(r"\p{L}{2}|\d{2}")
_WRITTEN = regex.compile(r"[\p{L}\d]")
_HARDLY, _FEWEST = 0.5, 3
"""Words read less surely than this are specks or what shows through from the other side; fewer make no page."""
_LONGEST = 20_000
"""Characters of a page that are looked at: six times those of a dense one."""
_RUNNING = 6
"""Letters of a line at an edge that may return on the next page."""


class Month(NamedTuple):
    """Month of issue, as far as print says it: the day is written by hand more often than not."""

    year: int
    month: int


@dataclass(slots=True, frozen=True)
class Head:
    """What the head of a page has of a dispatch's first page."""

    national: bool = False
    """The national title, or the Party's."""
    motto: bool = False
    number_line: bool = False
    number: str | None = None
    notation: str | None = None
    dated: bool = False
    """Place and date, be the day filled in or not."""
    month: Month | None = None
    issuer: str | None = None
    type_name: str | None = None
    """By its title."""
    subject: str | None = None
    about: bool = False
    """A subject behind 'V/v'."""
    sent_to: bool = False
    draft: bool = False
    unfilled: bool = False
    """Number, day and month are all left blank: a form, or a draft."""

    @property
    def code(self) -> str | None:
        """Number and notation, '815/UBND-KT'; the notation behind a slash where the number was not read."""
        return f"{self.number or ''}/{self.notation}" if self.notation else None


@dataclass(slots=True, frozen=True)
class PageSigns:
    """The signs of one page.

    ``size`` is that of the paper in millimetres, the shorter side first; None where the page has none. ``text``,
    ``prose`` and ``edges`` are folded; ``codes`` are the notations that the page cites, in bare letters.
    """

    number: int
    blank: bool
    size: tuple[float, float] | None = None
    lying: bool = False
    dpi: int = 0
    method: Method = Method.PLAIN_TEXT
    head: Head = Head()
    arrived: bool = False
    """The stamp of an office that received it."""
    annex: bool = False
    """'Phụ lục …' or 'Mẫu số …' as a heading at the top."""
    attached: tuple[str, ...] = ()
    """Notations of the document that the title says it belongs to; ('',) where it names none."""
    copy: bool = False
    """The sheet on which an office certifies a copy."""
    folios: tuple[int, ...] = ()
    """Numbers alone on a line at the top or bottom: the page's own is among them, if it has one."""
    begins_small: bool = False
    """The first line goes on with a word in small letters."""
    breaks_off: bool = False
    """The last line is the middle of a sentence."""
    ended: bool = False
    """The body ends with './.'."""
    signed: bool = False
    distributed: bool = False
    """Nơi nhận."""
    edges: frozenset[str] = frozenset()
    text: str = ""
    prose: str = ""
    """Title and body alone."""
    codes: frozenset[str] = frozenset()
    second: bool = False
    """Another document's head stands lower down, or beside the first."""
    separator: bool = False
    """A sheet that says only that it parts what is before it from what is behind; it counts as blank."""


def signs_of(page: Page) -> PageSigns:
    """The signs of a page, repaired or not."""
    size, lying = _paper(page)
    page, folios = _without_folios(page)
    lines = [line for line in document_lines([page]) if len(line.text) > MAX_LINE or not anchors.is_overlay(line.text)]
    said = [line for line in lines if not anchors.is_noise(line.text)]
    if _is_separator(said):
        return PageSigns(page.number, True, size, lying, page.dpi, page.method, separator=True)
    if page.method is not Method.FAILED and not _holds_words(said):
        return PageSigns(page.number, True, size, lying, page.dpi, page.method)
    bodies = [line for line in said if line.kind is BlockKind.TEXT]
    top = [line for line in bodies[:_HEAD] if _is_high(line)]
    form = read_form([page])
    return PageSigns(
        number=page.number,
        blank=False,
        size=size,
        lying=lying,
        dpi=page.dpi,
        method=page.method,
        head=_head(form, top),
        arrived=any(line.kind is BlockKind.ARRIVAL_STAMP for line in lines),
        annex=any(anchors.is_annex_title(line.text) for line in top[:_TITLED]),
        attached=tuple(_attached(bodies[:_HEAD])),
        copy=copy_type(top) is not None,
        folios=folios,
        begins_small=bool(bodies) and bool(_SMALL.match(bodies[0].text)),
        breaks_off=bool(bodies) and len(bodies[-1].text) > _SHORT and not _FINISHED.search(bodies[-1].text),
        ended=any(_FULL_END.search(line.text) for line in form.zones.body[-_EDGE:]),
        signed=_is_signed(form),
        distributed=any(anchors.is_to_places(line.text) or anchors.is_stored(line.text) for line in bodies),
        edges=frozenset(_edge_lines(bodies)),
        text=_folded(said),
        prose=_folded((*form.zones.title, *form.zones.body)),
        codes=frozenset(_codes(said)),
        second=_holds_second(form, top),
    )


def _paper(page: Page) -> tuple[tuple[float, float] | None, bool]:
    """Sides of the paper in millimetres, the shorter first, and whether it is read lying."""
    if not page.dpi or not page.width or not page.height:
        return None, False
    sides = sorted(round(pixels / page.dpi * 25.4, 1) for pixels in (page.width, page.height))
    return (sides[0], sides[1]), page.width > page.height


def _without_folios(page: Page) -> tuple[Page, tuple[int, ...]]:
    """The page without the numbers that stand alone on a line at its edges, and these numbers."""
    lines = [line for block in page.blocks if block.grid is None for line in block.lines if line.text]
    edges = {id(line): line for line in (*lines[:_EDGE], *lines[-_EDGE:]) if anchors.is_page_number(line.text)}
    if not edges:
        return page, ()
    blocks = (block.only(lambda line: id(line) not in edges) for block in page.blocks)
    numbers = {int(found.group()) for line in edges.values() if (found := _NUMBER.search(line.text))}
    return replace(page, blocks=tuple(block for block in blocks if block.lines)), tuple(sorted(numbers))


def _holds_words(lines: Sequence[TextLine]) -> bool:
    """Whether there is anything on the page but specks and what a scanner or a signature prints at its edge."""
    words = [word for line in lines for word in line.words if word.confidence >= _HARDLY and _WORD.search(word.text)]
    return len(words) >= _FEWEST


def _is_separator(lines: Sequence[TextLine]) -> bool:
    """Whether the page says nothing but 'TỜ NGĂN', 'BÌA HỒ SƠ số 12' or the like."""
    text = " ".join(line.text for line in lines)
    return bool(text) and len(text) <= _SHORT and bool(_separators().fullmatch(bare(text)))


@cache
def _separators() -> regex.Pattern[str]:
    data = json.loads(files("vndoc.bundles").joinpath("data", "separators.json").read_text(encoding="utf-8"))
    phrases = "|".join(regex.escape(bare(phrase)) for phrase in data["phrases"])
    return regex.compile(rf"(?:(?:^|\s)(?:{phrases})(?:\s(?:so\s)?\d{{1,5}})?)+")


def _is_high(line: TextLine) -> bool:
    return line.box is None or line.box.y1 < _TOP * line.page_height


def _head(form: Form, top: Sequence[TextLine]) -> Head:
    """What stands in the head's zones and high on the page."""
    zones, high = form.zones, {line.start for line in top}
    reach = max((line.end for line in top), default=0)
    title = [line for line in zones.national_title if line.start <= reach]
    number = [line for line in zones.number if line.start <= reach and anchors.is_number_line(line.text)]
    dates = [line for line in zones.place_date if line.start <= reach and anchors.is_place_date(line.text)]
    headed = bool(title or number or dates)
    return Head(
        national=any(anchors.is_national_title(line.text) for line in title),
        motto=any(anchors.is_motto(line.text) for line in title),
        number_line=bool(number),
        number=form.code.number.value if number else None,
        notation=form.code.notation.value if number else None,
        dated=bool(dates),
        month=next((month for line in dates if (month := _month(line.text))), None),
        issuer=form.issuer.organ.value if headed and zones.issuer else None,
        type_name=form.type_name.value if zones.title and form.type_name.method == "rule" else None,
        subject=form.subject.value if zones.title else None,
        about=any(anchors.starts_subject(line.text) for line in zones.title),
        sent_to=any(anchors.SENT_TO.match(line.text) for line in zones.recipients),
        draft=any((mark := anchors.mark_of(line.text)) and mark.field == "draft" for line in top if line.start in high),
        unfilled=bool(dates) and not any(_WRITTEN.search(slot.raw) for slot in _to_fill(form)),
    )


def _to_fill(form: Form) -> Iterator[Slot]:
    """The blanks for number, day and month."""
    if form.code.slot:
        yield form.code.slot
    yield from (slot for slot in form.issued.slots if slot.key.kind is not SlotKind.YEAR)


def _month(text: str) -> Month | None:
    found = anchors.DAY_MONTH.search(text)
    year = _YEAR.search(found["year"]) if found else None
    month = _NUMBER.search(found["month"]) if found else None
    if year is None or month is None or not 1 <= int(month.group()) <= 12:
        return None
    return Month(int(year.group()), int(month.group()))


def _attached(lines: Sequence[TextLine]) -> Iterator[str]:
    """Notations in '(Kèm theo Quyết định số 12/QĐ-UBND …)', in bare letters; '' where none can be read."""
    for at, line in enumerate(lines):
        if anchors.is_attached_to(line.text):
            said = " ".join(other.text for other in lines[at : at + 2])
            found = next(find_notations(said), None)
            yield bare(str(found.notation)) if found else ""


def _is_signed(form: Form) -> bool:
    lead = form.signers[0]
    return bool(form.zones.signature) and (lead.full_name.value is not None or lead.position.value is not None)


def _edge_lines(lines: Sequence[TextLine]) -> Iterator[str]:
    """The first and the last line, their numbers left out: a running head or foot returns on the next page."""
    for line in (*lines[:2], *lines[-2:]):
        text = _NUMBER.sub("#", fold(line.text))
        if sum(letter.isalpha() for letter in text) >= _RUNNING:
            yield text


def _folded(lines: Sequence[TextLine]) -> str:
    return fold(" ".join(line.text for line in lines)[:_LONGEST])


def _codes(lines: Sequence[TextLine]) -> Iterator[str]:
    text = " ".join(line.text for line in lines)[:_LONGEST]
    return (bare(str(found.notation)) for found in find_notations(text))


def _holds_second(form: Form, top: Sequence[TextLine]) -> bool:
    """Whether a national title with a number or a date stands among what is no part of the first document."""
    pieces = [piece.text for line in form.zones.annex for piece in split_header(line)]
    headed = any(map(anchors.is_national_title, pieces))
    return headed and bool(top) and any(anchors.is_number_line(text) or anchors.is_place_date(text) for text in pieces)
