"""Who a dispatch is: what its form says, and what all evidence together makes of it.

:func:`read_form` takes the form apart as it was printed. :func:`~vndoc.parse.resolution.resolve` weighs that with the
readings of the slots and the electronic signatures. Only then is the content read (:mod:`vndoc.parse.content`):
whether a cited number is the dispatch's own, and when 'mười ngày' are over, depends on who it is.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from vndoc.page import BlockKind, Page, Word
from vndoc.parse.evidence import FieldValue
from vndoc.parse.form.foot.signature import SignatureBlock
from vndoc.parse.form.foot.signers import read_signers
from vndoc.parse.form.head.header import Code, IssueDate, agree_with_issuer, read_code, read_date, read_place
from vndoc.parse.form.head.issuer import Issuer, read_issuer
from vndoc.parse.form.head.own_code import agree_with_text
from vndoc.parse.form.head.title import read_subject, read_type
from vndoc.parse.form.slots import MOST_DIGITS
from vndoc.parse.form.stamps.arrival import arrival_slots, read_arrival
from vndoc.parse.form.stamps.marks import doubted_under_stamp, read_signed_date
from vndoc.parse.form.zones import Zones
from vndoc.parse.form.zoning import find_zones
from vndoc.parse.lines import TextLine, document_lines, document_text
from vndoc.parse.tables.sheets import Sheet, find_sheets
from vndoc.slots import Slot
from vndoc.trace import note

logger = logging.getLogger(__name__)


class TypedDigits(NamedTuple):
    """Digits that a person or a registry system has set over the page, not always on the line they belong to."""

    page: int
    word: Word


@dataclass(slots=True, frozen=True)
class Form:
    """A dispatch's form as its print was read; doubtful values are still there, each with its confidence."""

    text: str
    """The whole document's."""
    zones: Zones
    type_name: FieldValue[str]
    code: Code
    issued: IssueDate
    place: FieldValue[str]
    issuer: Issuer
    subject: FieldValue[str]
    signers: tuple[SignatureBlock, ...]
    """At least one, perhaps empty."""
    arrival_number: FieldValue[str]
    arrival_date: FieldValue[date]
    arrival_slots: tuple[Slot, ...]
    typed: tuple[TypedDigits, ...]
    """Digits that are text in the file and have a line, or their part of one, to themselves."""
    signed: date | None
    """Date of an electronic signature, as its mark on the page says."""
    sheets: tuple[Sheet, ...]
    """The tables of body and annexes, a page each."""

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The blanks that a reader of handwriting may read."""
        return (*([self.code.slot] if self.code.slot else []), *self.issued.slots, *self.arrival_slots)


@dataclass(slots=True, frozen=True)
class Identity:
    """Who a dispatch is, after all evidence was weighed; :attr:`FieldValue.sure` withholds what is doubtful."""

    type_name: FieldValue[str]
    number: FieldValue[str]
    notation: FieldValue[str]
    issued_date: FieldValue[date]
    place: FieldValue[str]
    issuer: Issuer
    subject: FieldValue[str]
    signers: tuple[SignatureBlock, ...]
    arrival_number: FieldValue[str]
    arrival_date: FieldValue[date]

    @property
    def code(self) -> str | None:
        """Number and notation as they are cited, '815/UBND'; None unless both are sure."""
        return f"{self.number.sure}/{self.notation.sure}" if self.number.sure and self.notation.sure else None


def read_form(pages: Sequence[Page]) -> Form:
    """The form of the dispatch on ``pages``, repaired or not; never fails, whatever they hold."""
    text = document_text(pages)
    lines = document_lines(pages)
    zones = find_zones(lines)
    kind = read_type(zones)
    note(logger, "/type_name", _said(kind), "title")
    code = read_code(zones.number, zones.place_date, kind.value)
    if kind.value is None or kind.method == "inferred":
        kind = read_type(zones, code.notation.sure)
        note(logger, "/type_name", _said(kind), f"no title names a type; notation '{code.notation.sure}'")
    signed = read_signed_date(zones.furniture)
    issued = read_date(zones.place_date, signed)
    place = read_place(zones.place_date)
    issuer = read_issuer(zones, code.notation.sure, place.sure, text)
    lead = issuer.joint[0].sure if issuer.joint else None
    arrival_number, arrival_date = read_arrival(zones.stamps, issued.day.sure)
    agreed = agree_with_issuer(code, issuer.organ.sure)
    settled = agree_with_text(agreed.notation, agreed.number.sure, text, _span(zones.number))
    for pointer, found in (("/code_number", code.number), ("/code_notation", code.notation)):
        note(logger, pointer, _said(found), "the line 'Số: …' as printed")
    if agreed != code:
        note(logger, "/code_notation", _said(agreed.notation), f"in the light of the issuer '{issuer.organ.sure}'")
    if settled != agreed.notation:
        note(logger, "/code_notation", _said(settled), "in the light of the same code elsewhere in the text")
    note(logger, "/issued_date", _said(issued.day), f"print; electronic signature of {signed}" if signed else "print")
    note(logger, "/organ_name", _said(issuer.organ), f"letterhead; place '{place.sure}'")
    return Form(
        text=text,
        zones=zones,
        type_name=kind,
        code=replace(agreed, notation=settled),
        issued=issued,
        place=place,
        issuer=issuer,
        subject=doubted_under_stamp(read_subject(zones), zones.title, zones.stamps),
        signers=tuple(read_signers(zones.signature, text, lead, None if lead else issuer.organ.sure)),
        arrival_number=arrival_number,
        arrival_date=arrival_date,
        arrival_slots=tuple(arrival_slots(zones.stamps)),
        typed=tuple(_typed_digits(pages)),
        signed=signed,
        sheets=tuple(_sheets(pages, lines, zones)),
    )


def _span(lines: Sequence[TextLine]) -> range:
    """The offsets from the first of the lines to the last."""
    return range(lines[0].start, lines[-1].end) if lines else range(0)


def _sheets(pages: Sequence[Page], lines: Sequence[TextLine], zones: Zones) -> Iterator[Sheet]:
    """The tables that are no letterhead and no signature."""
    blocks = {line.block for line in (*zones.tables, *zones.annex) if line.kind is BlockKind.TABLE}
    return (sheet for sheet in find_sheets(pages, lines) if sheet.lines[0].block in blocks)


def _typed_digits(pages: Sequence[Page]) -> Iterator[TypedDigits]:
    for page in pages:
        for word in page.words:
            digits = word.text.isdecimal() and len(word.text) <= MOST_DIGITS
            if digits and word.box and not word.origin.recognised:
                yield TypedDigits(page.number, word)


def _said(found: FieldValue[Any]) -> str:
    """What a reading gives, for the trace."""
    given = "taken" if found.sure is not None else "not sure enough" if found.value is not None else "nothing read"
    return f"{given}: '{found.value}' at {found.confidence:.2f} ({found.method})" if found.value else given
