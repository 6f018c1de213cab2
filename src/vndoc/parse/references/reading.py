"""The documents that a dispatch cites: each once, with all its mentions, what is done with it, and the parts meant."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

import regex

from vndoc.dispatch import Evidence, Mention, NamedReference, Notice, Provision, Reference, RelationName
from vndoc.parse.evidence import value_from
from vndoc.parse.fold import mask, tidy
from vndoc.parse.form.zones import Zones
from vndoc.parse.references.antecedents import find_antecedents
from vndoc.parse.references.bearers import Issue
from vndoc.parse.references.citations import Citation, read_citations
from vndoc.parse.references.documents import CitedDocument, Spot, gather
from vndoc.parse.references.lists import share
from vndoc.parse.references.provisions import Part, find_provisions
from vndoc.parse.references.relations import relate

_SURE, _TIED = 0.95, 0.6  # how sure a citation is by itself, and one whose notation fits two types


@dataclass(slots=True)
class Cited:
    """All that a dispatch says about documents; the fields are those of :class:`vndoc.dispatch.Dispatch`."""

    references: list[Reference] = field(default_factory=list)
    named_references: list[NamedReference] = field(default_factory=list)
    provisions: list[Provision] = field(default_factory=list)
    self_mentions: list[Mention] = field(default_factory=list)
    warnings: list[Notice] = field(default_factory=list)


def find_references(text: str, zones: Zones) -> list[Reference]:
    """The documents cited by their notation, see :func:`read_references`."""
    return read_references(text, zones).references


def read_references(
    text: str, zones: Zones, own_type: str | None = None, own_code: str | None = None, own: Issue | None = None
) -> Cited:
    """Documents cited in subject and body, in order of first mention; annexes and the own number are left out.

    Linear in the length of the text.

    Args:
        text: the whole ``Dispatch.text``, in which offsets count. A mention runs from the type's word to the end of the
            notation, or of the name.
        zones: where subject and body stand.
        own_type: ``Dispatch.type_name``, by which 'Quyết định này' is stated.
        own_code: number and notation of the dispatch, '12/QĐ-UBND': where it names itself, it cites nothing.
        own: day and issuer of the dispatch, by which another document with its number and notation is told from it.
    """
    page = read_citations(
        mask(text, (*zones.title, *zones.body, *zones.tables)), max((line.end for line in zones.title), default=0)
    )
    share(page)
    documents, spots = gather(page, own_code, own)
    documents = [document for document in documents if not document.itself]
    for spot in spots:
        spot.meant = tuple(document for document in spot.meant if not document.itself)
    spots += find_antecedents(page, spots, own_type)
    spots.sort(key=lambda spot: spot.start)
    provisions = find_provisions(page, spots)
    relate(page, spots)
    by_notation = [document for document in documents if document.citations]
    by_name = [document for document in documents if not document.citations]
    for name, group in (("references", by_notation), ("named_references", by_name)):
        for i, document in enumerate(group):
            document.pointer = f"/{name}/{i}"
    mentions: dict[str, list[Mention]] = {}
    for spot in spots:
        for pointer in [document.pointer for document in spot.meant] or [""]:
            mentions.setdefault(pointer, []).append(_mention(text, spot, pointer))
    cited = Cited(
        references=[_reference(document, mentions[document.pointer]) for document in by_notation],
        named_references=[_named(document, mentions[document.pointer]) for document in by_name],
        provisions=[_provision(text, part) for part in provisions],
        self_mentions=mentions.get("", []),
    )
    cited.warnings = list(_notices(cited))
    return cited


def reference_evidence(references: Sequence[Reference], zones: Zones) -> dict[str, Evidence]:
    """Where each reference is first mentioned and how sure it is, by JSON pointer; the lines are those of ``zones``."""
    lines = sorted((*zones.title, *zones.body, *zones.tables), key=lambda line: line.start)
    starts = [line.start for line in lines]
    found = {}
    for i, reference in enumerate(references):
        first = reference.mentions[0]
        near = lines[max(0, bisect_right(starts, first.start) - 1) : bisect_right(starts, first.end)]
        parts = [
            line.part(max(0, first.start - line.start), first.end - line.start)
            for line in near
            if line.end > first.start and line.start < first.end
        ]
        rule = _TIED if reference.alternatives else _SURE
        found[f"/references/{i}"] = value_from(reference.notation, parts, rule, trust=0.3).evidence()
    return found


def _mention(text: str, spot: Spot, pointer: str) -> Mention:
    return Mention(
        start=spot.start,
        end=spot.end,
        text=text[spot.start : spot.end],
        relation=spot.relation,
        relation_of=spot.relation_of.pointer if spot.relation_of else None,
        alternatives=[document.pointer for document in spot.meant if document.pointer != pointer],
    )


def _relations(mentions: list[Mention]) -> list[RelationName]:
    """What the dispatch itself does, each once, in order of the text."""
    return list(dict.fromkeys(m.relation for m in mentions if m.relation and m.relation_of is None))


def _reference(document: CitedDocument, mentions: list[Mention]) -> Reference:
    stated, first = document.stated, document.citations[0]
    worded = any(citation.worded for citation in stated)
    return Reference(
        type_name=document.type_name,
        notation=str(first.notation),
        as_printed=_as_printed(document.citations),
        title=next((c.title for c in stated if c.title), None),
        issued_date=document.issued_date,
        organ_name=document.organ_name,
        relations=_relations(mentions),
        mentions=mentions,
        alternatives={"type_name": list(first.other_types)} if first.other_types and not worded else {},
    )


def _named(document: CitedDocument, mentions: list[Mention]) -> NamedReference:
    named = document.named
    return NamedReference(
        type_name=named[0].type_name,
        title=named[0].title,
        number=named[0].number,
        year=next((n.year for n in named if n.year), None),
        issued_date=document.issued_date,
        organ_name=document.organ_name,
        relations=_relations(mentions),
        mentions=mentions,
    )


def _provision(text: str, part: Part) -> Provision:
    pointer = "" if part.itself else part.document.pointer if part.document else None
    return Provision(start=part.start, end=part.end, text=text[part.start : part.end], document=pointer, **part.ids)


def _notices(cited: Cited) -> list[Notice]:
    """What a person should decide: readings that tie."""
    notices = []
    for i, reference in enumerate(cited.references):
        for name, others in reference.alternatives.items():
            readings = " or ".join([str(getattr(reference, name)), *others])
            message = f"{reference.notation} may be {readings}."
            notices.append(Notice(code="reference-ambiguous", pointer=f"/references/{i}/{name}", message=message))
    for group in ("references", "named_references"):
        for i, document in enumerate(getattr(cited, group)):
            for k, mention in enumerate(document.mentions):
                if mention.alternatives:
                    message = f"'{tidy(mention.text)}' may also mean {', '.join(mention.alternatives)}."
                    pointer = f"/{group}/{i}/mentions/{k}"
                    notices.append(Notice(code="mention-ambiguous", pointer=pointer, message=message))
    return notices


def _as_printed(group: list[Citation]) -> str | None:
    """The first reading that differs from the notation by more than blanks and the shape of dashes."""
    for citation in group:
        read = regex.sub(r"\s+", "", tidy(citation.match.read)).replace("⁄", "/").replace("Ð", "Đ")
        if read != str(citation.notation):
            return tidy(citation.match.read)
    return None
