"""What a dispatch says: its outline, the documents it cites, the tasks it gives. Read once its identity is known."""

from dataclasses import dataclass

from vndoc.dispatch import Evidence, Notice, Section, Table, Task
from vndoc.parse.form.provenance import Spans, content_evidence
from vndoc.parse.form.zones import Zones
from vndoc.parse.identity import Form, Identity
from vndoc.parse.outline.paragraphs import joined
from vndoc.parse.outline.sections import find_sections, lay_out, paths_of
from vndoc.parse.references.bearers import Issue
from vndoc.parse.references.reading import Cited, read_references, reference_evidence
from vndoc.parse.tables.reading import read_tables
from vndoc.parse.tasks.duties import find_tasks
from vndoc.parse.tasks.terms import event_days, with_ends


@dataclass(slots=True, frozen=True)
class Content:
    """The fields of a dispatch that its running text fills."""

    opening: list[str]
    sections: list[Section]
    closing: list[str]
    tables: list[Table]
    tasks: list[Task]
    cited: Cited
    evidence: dict[str, Evidence]
    warnings: list[Notice]


def read_content(form: Form, identity: Identity) -> Content:
    """Outline, citations and tasks in the body of a form whose identity is settled."""
    text, zones = form.text, form.zones
    sections, repaired = find_sections(text, zones)
    first = sections[0].start if sections else len(text)
    outside = [(group[0].start, joined(group)) for group in lay_out(zones, sections)[1]]
    issued = identity.issued_date.sure
    first_day = issued and issued.replace(day=1)
    tables = read_tables(form.sheets, (*zones.body, *zones.annex), _places(sections, zones))
    tasks, doubts = find_tasks(text, zones, sections, identity.issuer.organ.sure, first_day, issued, tables)
    tasks = with_ends(tasks, event_days(text, issued, identity.arrival_date.sure))
    own = Issue(issued, None if identity.issuer.joint else identity.issuer.organ.sure)
    cited = read_references(text, zones, identity.type_name.sure, identity.code, own)
    return Content(
        opening=[words for start, words in outside if start < first],
        sections=sections,
        closing=[words for start, words in outside if start >= first],
        tables=tables,
        tasks=tasks,
        cited=cited,
        evidence={
            **reference_evidence(cited.references, zones),
            **content_evidence(sections, tasks, Spans((*zones.body, *zones.tables, *zones.annex))),
        },
        warnings=[*repaired, *cited.warnings, *doubts],
    )


def _places(sections: list[Section], zones: Zones) -> list[tuple[int, str | None]]:
    """Where each section begins, with its path, and where the annexes do."""
    ends = [(line.start, None) for line in zones.annex[:1]]
    return sorted([*paths_of(sections), *ends], key=lambda place: place[0])
