"""From pages to the typed dispatch: every reader of this room, in the order in which they lean on each other."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from vndoc.dispatch import (
    Arrival,
    CertifiedCopy,
    Dispatch,
    Evidence,
    JointIssuer,
    PageText,
    Signer,
    Source,
)
from vndoc.page import Page
from vndoc.parse.evidence import FieldValue
from vndoc.parse.form.annexes import read_annexes
from vndoc.parse.form.arrival import arrival_slots, read_arrival
from vndoc.parse.form.copies import copy_type, electronic_copy
from vndoc.parse.form.filing import read_filing
from vndoc.parse.form.header import agree_with_issuer, read_code, read_date, read_place
from vndoc.parse.form.issuer import Issuer, read_issuer
from vndoc.parse.form.provenance import Spans, trace, trace_due_date
from vndoc.parse.form.recipients import read_recipients, read_to_places
from vndoc.parse.form.signature import SignatureBlock
from vndoc.parse.form.signers import read_signers
from vndoc.parse.form.slots import Slot
from vndoc.parse.form.stamps import read_marks, read_signed_date
from vndoc.parse.form.title import read_subject, read_type
from vndoc.parse.form.zones import Zones
from vndoc.parse.form.zoning import find_zones
from vndoc.parse.lines import TextLine, document_lines, document_text
from vndoc.parse.notices import form_notices
from vndoc.parse.outline.paragraphs import joined
from vndoc.parse.outline.sections import find_sections, lay_out
from vndoc.parse.references.reading import read_references, reference_evidence
from vndoc.parse.tasks.duties import earliest, find_tasks
from vndoc.parse.tasks.terms import event_days, with_ends


@dataclass(slots=True, frozen=True)
class Parsed:
    """A dispatch, and the slots of its form that a reader of handwriting may settle."""

    dispatch: Dispatch
    slots: tuple[Slot, ...]
    zones: Zones
    signed: date | None = None
    """Date of an electronic signature on the page."""


def parse_pages(pages: Sequence[Page], source: Source | None = None) -> Dispatch:
    """The dispatch on ``pages``: :func:`parse_form` without the slots."""
    return parse_form(pages, source).dispatch


def parse_form(pages: Sequence[Page], source: Source | None = None) -> Parsed:
    """The dispatch on ``pages`` and the slots of its form; never fails, whatever the pages hold.

    Args:
        pages: pages in the order of the source, repaired or not.
        source: the file they come from; without one, the text itself is described.
    """
    text = document_text(pages)
    zones = find_zones(document_lines(pages))
    form = _Form()
    kind = read_type(zones)
    code = read_code(zones.number, zones.place_date, kind.value)
    if kind.value is None or kind.method == "inferred":
        kind = read_type(zones, code.notation.sure)
    signed = read_signed_date(zones.furniture)
    issued = read_date(zones.place_date, signed)
    place = form.take("/place", read_place(zones.place_date))
    issuer = read_issuer(zones, code.notation.sure, place, text)
    code = agree_with_issuer(code, issuer.organ.sure)
    arrival = read_arrival(zones.stamps, issued.day.sure)
    stamp = arrival_slots(zones.stamps)
    lead = issuer.joint[0].sure if issuer.joint else None
    signatures = read_signers(zones.signature, text, lead)
    signers = [
        form.signer("/signer" if i == 0 else f"/signers/{i}", signature) for i, signature in enumerate(signatures)
    ]
    to_places = form.take_all("/to_places", read_to_places(zones.to_places))
    sections, repaired = find_sections(text, zones)
    first = sections[0].start if sections else len(text)
    outside = [(group[0].start, joined(group)) for group in lay_out(zones, sections)[1]]
    tasks = find_tasks(text, zones, sections, issuer.organ.sure)
    tasks = with_ends(tasks, event_days(text, issued.day.sure, arrival[1].sure))
    own_code = f"{code.number.sure}/{code.notation.sure}" if code.number.sure and code.notation.sure else None
    cited = read_references(text, zones, kind.sure, own_code)
    form.evidence.update(reference_evidence(cited.references, zones))
    form.evidence.update(trace(sections, tasks, Spans(zones.body)))
    dispatch = Dispatch(
        source=source or _source_of(text, pages),
        type_name=form.take("/type_name", kind),
        code_number=form.take("/code_number", code.number),
        code_notation=form.take("/code_notation", code.notation),
        organ_name=form.take("/organ_name", issuer.organ),
        parent_organ_name=form.take("/parent_organ_name", issuer.parent),
        place=place,
        issued_date=form.take("/issued_date", issued.day),
        subject=form.take("/subject", read_subject(zones)),
        urgency=form.take("/urgency", read_marks(zones.stamps, "urgency")),
        secrecy=form.take("/secrecy", read_marks(zones.stamps, "secrecy")),
        recipients=form.take_all("/recipients", read_recipients(zones.recipients)),
        to_places=to_places,
        filing=read_filing(to_places, zones.to_places),
        signer=signers[0],
        signers=[signer for signer in signers if signer != Signer()],
        joint_issuers=_joint_issuers(issuer, zones),
        circulation=form.take("/circulation", read_marks(zones.stamps, "circulation")),
        draft=read_marks(zones.stamps, "draft").sure is not None,
        certified_copy=_certified_copy(zones.copy, text) or electronic_copy(zones.furniture),
        annexes=read_annexes(zones.annex),
        arrival=Arrival(number=form.take("/arrival/number", arrival[0]), date=form.take("/arrival/date", arrival[1])),
        references=cited.references,
        named_references=cited.named_references,
        provisions=cited.provisions,
        self_mentions=cited.self_mentions,
        opening=[words for start, words in outside if start < first],
        sections=sections,
        closing=[words for start, words in outside if start >= first],
        tasks=tasks,
        due_date=earliest(tasks),
        evidence=form.evidence,
        warnings=[*repaired, *cited.warnings],
        text=text,
        pages=[_page_text(page) for page in pages],
    )
    trace_due_date(dispatch)
    slots = (*([code.slot] if code.slot else []), *issued.slots, *stamp)
    dispatch.warnings[:0] = form_notices(dispatch, zones, slots)
    return Parsed(dispatch, slots, zones, signed)


class _Form:
    """Takes values out of what was found and keeps the evidence of each under its JSON pointer."""

    def __init__(self) -> None:
        self.evidence: dict[str, Evidence] = {}

    def take(self, pointer: str, found: FieldValue[Any]) -> Any:
        """The value, if sure; its evidence is kept where anything was read."""
        if found.value is not None or found.raw is not None or found.candidates:
            self.evidence[pointer] = found.evidence()
        return found.sure

    def take_all(self, pointer: str, found: Sequence[FieldValue[str]]) -> list[str]:
        """All values of a list, sure or not: a list with holes would be read as complete."""
        for i, item in enumerate(found):
            self.evidence[f"{pointer}/{i}"] = item.evidence()
        return [item.value for item in found if item.value]

    def signer(self, pointer: str, signature: SignatureBlock) -> Signer:
        """One signer, its evidence under ``pointer``."""
        return Signer(
            authority=self.take_all(f"{pointer}/authority", signature.authority),
            position=self.take(f"{pointer}/position", signature.position),
            full_name=self.take(f"{pointer}/full_name", signature.full_name),
        )


def _joint_issuers(issuer: Issuer, zones: Zones) -> list[JointIssuer]:
    """The bodies that issue a document together; where there is a number for each, each with its own."""
    names = [found.sure for found in issuer.joint if found.sure]
    codes = [read_code((line,), (), None) for line in zones.number]
    own = codes if len(codes) == len(names) else [None] * len(names)
    return [
        JointIssuer(
            organ_name=name,
            code_number=code.number.sure if code else None,
            code_notation=code.notation.sure if code else None,
        )
        for name, code in zip(names, own, strict=True)
    ]


def _certified_copy(lines: Sequence[TextLine], text: str) -> CertifiedCopy | None:
    """What the copying office has put on the paper; its block is a form of its own."""
    kind = copy_type(lines)
    if kind is None:
        return None
    zones = find_zones(lines)
    code = read_code(zones.number, zones.place_date, kind)
    signature = read_signers(zones.signature, text)[0]
    return CertifiedCopy(
        type_name=kind,
        organ_name=read_issuer(zones, code.notation.sure, None, text).organ.sure,
        code_number=code.number.sure,
        code_notation=code.notation.sure,
        issued_date=read_date(tuple(lines), None).day.sure,
        signer=_Form().signer("", signature),
    )


def _page_text(page: Page) -> PageText:
    return PageText(
        number=page.number,
        text=page.text,
        layer=page.layer.value,
        method=page.method.value,
        width=page.width,
        height=page.height,
    )


def _source_of(text: str, pages: Sequence[Page]) -> Source:
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Source(name="<text>", sha256=digest, media_type="text/plain", page_amount=len(pages))
