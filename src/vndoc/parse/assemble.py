"""The typed dispatch from what was read: every value with its evidence, and the notices."""

import hashlib
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from vndoc.dispatch import (
    Arrival,
    CertifiedCopy,
    Dispatch,
    Evidence,
    JointIssuer,
    Overlay,
    PageText,
    Signature,
    Signer,
    Source,
)
from vndoc.page import Box, Method, Page
from vndoc.parse.content import Content, read_content
from vndoc.parse.evidence import FieldValue
from vndoc.parse.form.annexes import read_annexes
from vndoc.parse.form.foot.copies import copy_type, electronic_copy
from vndoc.parse.form.foot.filing import read_filing
from vndoc.parse.form.foot.signature import SignatureBlock
from vndoc.parse.form.foot.signers import read_signers
from vndoc.parse.form.head.header import read_code, read_date
from vndoc.parse.form.head.issuer import Issuer, read_issuer
from vndoc.parse.form.head.recipients import read_recipients, read_to_places
from vndoc.parse.form.provenance import due_date_evidence
from vndoc.parse.form.stamps.marks import read_marks
from vndoc.parse.form.zones import Zones
from vndoc.parse.form.zoning import find_zones
from vndoc.parse.identity import Form, Identity, read_form
from vndoc.parse.lines import TextLine
from vndoc.parse.notices import form_notices
from vndoc.parse.resolution import resolve
from vndoc.parse.tasks.duties import earliest
from vndoc.parse.trust import weighed
from vndoc.slots import Readings


def parse_pages(
    pages: Sequence[Page],
    source: Source | None = None,
    readings: Readings | None = None,
    signatures: Sequence[Signature] = (),
) -> Dispatch:
    """The dispatch on ``pages``; never fails, whatever they hold.

    Args:
        pages: pages in the order of the source, repaired or not.
        source: the file they come from; without one, the text itself is described.
        readings: what a reader of handwriting has read in the slots of :func:`read_form`.
        signatures: electronic signatures of the file.
    """
    form = read_form(pages)
    identity = weighed(resolve(form, readings, signatures), form, signatures)
    return assemble(pages, form, identity, read_content(form, identity), source)


def assemble(
    pages: Sequence[Page], form: Form, identity: Identity, content: Content, source: Source | None = None
) -> Dispatch:
    """The dispatch with the evidence of its values, and the notices on its form."""
    zones, text = form.zones, form.text
    fields = _FieldCollector()
    signers = [
        fields.signer("/signer" if i == 0 else f"/signers/{i}", signature)
        for i, signature in enumerate(identity.signers)
    ]
    to_places = fields.take_all("/to_places", read_to_places(zones.to_places))
    due = earliest(content.tasks)
    fields.evidence |= content.evidence | due_date_evidence(content.tasks, due, content.evidence)
    dispatch = Dispatch(
        source=source or _source_of(text, pages),
        type_name=fields.take("/type_name", identity.type_name),
        code_number=fields.take("/code_number", identity.number),
        code_notation=fields.take("/code_notation", identity.notation),
        organ_name=fields.take("/organ_name", identity.issuer.organ),
        parent_organ_name=fields.take("/parent_organ_name", identity.issuer.parent),
        place=fields.take("/place", identity.place),
        issued_date=fields.take("/issued_date", identity.issued_date),
        subject=fields.take("/subject", identity.subject),
        urgency=fields.take("/urgency", read_marks(zones.stamps, "urgency")),
        secrecy=fields.take("/secrecy", read_marks(zones.stamps, "secrecy")),
        recipients=fields.take_all("/recipients", read_recipients(zones.recipients)),
        to_places=to_places,
        filing=read_filing(to_places, zones.to_places),
        signer=signers[0],
        signers=[signer for signer in signers if signer != Signer()],
        joint_issuers=_joint_issuers(identity.issuer, zones),
        circulation=fields.take("/circulation", read_marks(zones.stamps, "circulation")),
        draft=read_marks(zones.stamps, "draft").sure is not None,
        certified_copy=_certified_copy(zones.copy, text) or electronic_copy(zones.furniture),
        annexes=read_annexes(zones.annex),
        arrival=Arrival(
            number=fields.take("/arrival/number", identity.arrival_number),
            date=fields.take("/arrival/date", identity.arrival_date),
        ),
        overlays=_overlays(zones.overlays),
        references=content.cited.references,
        named_references=content.cited.named_references,
        provisions=content.cited.provisions,
        self_mentions=content.cited.self_mentions,
        opening=content.opening,
        sections=content.sections,
        closing=content.closing,
        tables=content.tables,
        tasks=content.tasks,
        due_date=due,
        evidence=fields.evidence,
        warnings=content.warnings,
        text=text,
        pages=[_page_text(page) for page in pages],
    )
    dispatch.warnings[:0] = form_notices(dispatch, zones, form.slots)
    return dispatch


class _FieldCollector:
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
        """One signer, its evidence under ``pointer``; an authority that is not printed is there only if it is sure."""
        printed = [line for line in signature.authority if line.method != "inferred" or line.sure]
        for line in signature.authority:
            if line not in printed:
                self.take(f"{pointer}/authority", line)
        return Signer(
            authority=self.take_all(f"{pointer}/authority", printed),
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
        signer=_FieldCollector().signer("", signature),
    )


def _overlays(lines: Sequence[TextLine]) -> list[Overlay]:
    """Each note typed over the page with its place."""
    found = []
    for _, own in groupby(lines, key=lambda line: line.block):
        note = list(own)
        boxes = [box for line in note if (box := line.box)]
        text = "\n".join(line.text for line in note)
        found.append(Overlay(text=text, page=note[0].page, box=Box.around(boxes) if boxes else None))
    return found


def _page_text(page: Page) -> PageText:
    return PageText(
        number=page.number,
        text=page.text,
        layer=page.layer.value,
        method=page.engine if page.method is Method.OCR and page.engine else page.method.value,
        width=page.width,
        height=page.height,
        dpi=page.dpi,
    )


def _source_of(text: str, pages: Sequence[Page]) -> Source:
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Source(name="<text>", sha256=digest, media_type="text/plain", page_amount=len(pages))
