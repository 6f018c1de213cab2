"""The documents that a dispatch cites: each once, with type, day and issuer as the text tells them."""

import regex

from vndoc.dispatch import Mention, Reference
from vndoc.parse.citations import Citation, read_citations
from vndoc.parse.fold import mask, tidy
from vndoc.parse.lists import share
from vndoc.parse.zones import Zones


def find_references(text: str, zones: Zones) -> list[Reference]:
    """Documents cited in subject and body, in order of first mention; annexes and the own number are left out.

    ``text`` is the whole ``Dispatch.text``; mentions count in it and run from the type's word to the end of the
    notation. Linear in the length of the text.
    """
    page = read_citations(mask(text, (*zones.title, *zones.body)), max((line.end for line in zones.title), default=0))
    share(page)
    return merge(text, page.citations)


def merge(text: str, citations: list[Citation]) -> list[Reference]:
    """One reference per notation; the body's words before the subject's, earlier mentions before later ones."""
    groups: dict[str, list[Citation]] = {}
    for citation in citations:
        groups.setdefault(str(citation.notation).casefold(), []).append(citation)
    references = []
    for group in groups.values():
        told = sorted(group, key=lambda c: c.in_title)
        worded = next((c.type_name for c in told if c.worded), None)
        first = group[0]
        references.append(
            Reference(
                type_name=worded or first.type_name,
                notation=str(first.notation),
                as_printed=_as_printed(group),
                issued_date=next((c.issued_date for c in told if c.issued_date), None),
                organ_name=next((c.organ_name for c in told if c.organ_name), None),
                mentions=[Mention(start=c.start, end=c.end, text=text[c.start : c.end]) for c in group],
            )
        )
    return references


def _as_printed(group: list[Citation]) -> str | None:
    """The first reading that differs from the notation by more than blanks and the shape of dashes."""
    for citation in group:
        read = regex.sub(r"\s+", "", tidy(citation.match.read)).replace("⁄", "/").replace("Ð", "Đ")
        if read != str(citation.notation):
            return tidy(citation.match.read)
    return None
