"""Why a dispatch came out as it did: its zones, how each field was read, and what was considered and rejected."""

from dataclasses import fields
from pathlib import Path

from pydantic import BaseModel

from vndoc.dispatch import Evidence
from vndoc.page import Method
from vndoc.parse.evidence import SURE
from vndoc.pipeline import STAGES, Progress, read_context
from vndoc.settings import Settings
from vndoc.slots import SlotForm
from vndoc.sources import SourceFile
from vndoc.trace import Decision, traced

_NAMING = ("notation", "label", "text")
"""Members that name a cited document, a section, a task."""


class PageReading(BaseModel):
    """How a page was read: what its text layer is worth, by which engine or layer, how many words, what is doubtful."""

    number: int
    layer: str
    method: str
    words: int
    turned: float
    warnings: list[str]


class ZoneLine(BaseModel):
    """A line, or a column's part of one, and the zone of the form that it was put into."""

    zone: str
    page: int
    box: tuple[int, int, int, int] | None
    text: str


class SlotReading(BaseModel):
    """A blank of the form: what print said, what the reader of handwriting said."""

    form: str
    kind: str
    page: int
    box: tuple[int, int, int, int] | None
    printed: str
    print_confidence: float
    origin: str
    candidates: list[tuple[str, float]]


class FieldReading(BaseModel):
    """A field: what was taken, or why nothing was, and the other candidates."""

    pointer: str
    value: str | None
    given: bool
    evidence: Evidence


class TracedDecision(BaseModel):
    """A decision on the way, as noted by :mod:`vndoc.trace`."""

    subject: str
    by: str
    outcome: str
    why: str


class Explanation(BaseModel):
    """All that :func:`explain` found, in the order in which it was decided."""

    name: str
    stages: list[str]
    pages: list[PageReading]
    steps: list[TracedDecision]
    zones: list[ZoneLine]
    slots: list[SlotReading]
    fields: list[FieldReading]
    warnings: list[str]

    def to_text(self) -> str:
        """For a person: one section for each part, a line for each item."""
        return "\n".join(
            [
                f"{self.name}: {' → '.join(self.stages)}",
                *_section("Pages", [line for page in self.pages for line in _page(page)]),
                *_section("Decisions", [_step(step) for step in self.steps]),
                *_section("Zones", [f"{z.zone:<15} {z.page}  {z.text}" for z in self.zones]),
                *_section("Slots", [_slot(slot) for slot in self.slots]),
                *_section("Fields", [line for found in self.fields for line in _field(found)]),
                *_section("Notices", self.warnings),
                "",
            ]
        )


def explain(
    source: str | Path | bytes | SourceFile, settings: Settings | None = None, progress: Progress | None = None
) -> Explanation:
    """Read a document and say how; arguments and errors of :func:`vndoc.pipeline.read`."""
    with traced() as decisions:
        context = read_context(source, settings=settings, progress=progress)
    assert context.form is not None
    assert context.dispatch is not None
    zones, dumped = context.form.zones, context.dispatch.model_dump(mode="json")
    return Explanation(
        name=context.file.name,
        stages=[stage.name for stage in STAGES],
        pages=[
            PageReading(
                number=page.number,
                layer=page.layer,
                method=page.engine if page.method is Method.OCR and page.engine else page.method,
                words=sum(1 for _ in page.words),
                turned=90 * page.turns + page.angle,
                warnings=list(page.warnings),
            )
            for page in context.pages
        ],
        steps=[_traced(decision) for decision in decisions],
        zones=[
            ZoneLine(zone=field.name, page=line.page, box=line.box, text=line.text)
            for field in fields(zones)
            for line in getattr(zones, field.name)
        ],
        slots=[
            SlotReading(
                form=slot.form,
                kind=slot.kind,
                page=slot.page,
                box=slot.box,
                printed=slot.raw,
                print_confidence=slot.confidence,
                origin=slot.origin,
                candidates=list(context.readings.get(slot.key, ())),
            )
            for slot in context.form.slots
        ],
        fields=[
            FieldReading(
                pointer=pointer,
                value=_value_at(dumped, pointer),
                given=evidence.confidence >= SURE,
                evidence=evidence,
            )
            for pointer, evidence in context.dispatch.evidence.items()
        ],
        warnings=[f"{notice.code}: {notice.message}" for notice in context.dispatch.warnings],
    )


def _traced(decision: Decision) -> TracedDecision:
    return TracedDecision(subject=decision.subject, by=decision.by, outcome=decision.outcome, why=decision.why)


def _value_at(dumped: object, pointer: str) -> str | None:
    """The value at a JSON pointer as text, an object by what names it; None where the pointer leads nowhere."""
    for part in pointer.split("/")[1:]:
        if isinstance(dumped, list) and part.isdecimal() and int(part) < len(dumped):
            dumped = dumped[int(part)]
        elif isinstance(dumped, dict):
            dumped = dumped.get(part)
        else:
            return None
    if isinstance(dumped, dict):
        named = (dumped.get(key) for key in _NAMING)
        return next((" ".join(str(part) for part in (key, dumped.get("title")) if part) for key in named if key), None)
    return None if dumped is None or isinstance(dumped, list) else str(dumped)


def _section(title: str, lines: list[str]) -> list[str]:
    return ["", title, "-" * len(title), *(lines or ["(none)"])]


def _step(step: TracedDecision) -> str:
    why = f" — {step.why}" if step.why else ""
    return f"{step.subject:<18} {step.outcome}{why}  [{step.by}]"


def _page(page: PageReading) -> list[str]:
    turned = f", turned by {page.turned:g}°" if page.turned else ""
    line = f"{page.number}: {page.words} words by {page.method}; text layer: {page.layer}{turned}"
    return [line, *(f"    {warning}" for warning in page.warnings)]


def _slot(slot: SlotReading) -> str:
    own = "" if slot.form == SlotForm.DISPATCH else f"{slot.form}, "
    read = ", ".join(f"{text} {p:.2f}" for text, p in slot.candidates[:4]) or "nothing"
    return f"{own}{slot.kind}: print '{slot.printed}' {slot.print_confidence:.2f} ({slot.origin}); by hand {read}"


def _field(found: FieldReading) -> list[str]:
    about = found.evidence
    given = found.value if found.given else "withheld"
    read = "" if about.reading is None else f", read {about.reading:.2f}"
    rule = "" if about.rule is None else f", rule {about.rule:.2f}"
    lines = [f"{found.pointer}: {given}  [{about.method}, {about.confidence:.2f}{read}{rule}]"]
    others = [(value, p) for value, p in about.candidates if value != found.value]
    if about.raw is not None and about.raw != found.value:
        lines.append(f"    as read: {' / '.join(about.raw.splitlines())}")
    if others:
        lines.append("    rejected: " + ", ".join(f"{value} {p:.2f}" for value, p in others[:5]))
    return lines
