"""Certified copies: what the office that copied a document has printed below it (Decree 30/2020/NĐ-CP, form 3.1).

The block has a head of its own ('Số: 12/SY-UBND', 'SAO Y', place and date) and a signature, but no national title, so
it is cut off by its number and its heading before the form of the original is read.
"""

from collections.abc import Sequence
from typing import Literal

import regex

from vndoc.dispatch import CertifiedCopy
from vndoc.parse.form import anchors
from vndoc.parse.form.columns import split_header
from vndoc.parse.form.foot.names import is_name
from vndoc.parse.form.foot.signing import is_signing_line
from vndoc.parse.form.head.features import opens_organ
from vndoc.parse.form.head.header import calendar_day
from vndoc.parse.knowledge import is_capitals
from vndoc.parse.lines import TextLine

CopyType = Literal["Bản sao y", "Bản sao lục", "Bản trích sao"]

_KINDS: dict[str, CopyType] = {"Bản sao y": "Bản sao y", "Bản sao lục": "Bản sao lục", "Bản trích sao": "Bản trích sao"}
_NUMBER = regex.compile(r"[/⁄]\s?(?:SY|SL|TrS)\s?-")
_ELECTRONIC = regex.compile(
    r"^\W{0,3}(?P<kind>SAO Y|SAO LỤC|TRÍCH SAO)\s*[;,]\s*(?:(?P<organ>\p{Lu}[^;,]{1,80}?)\s*[;,]\s*)?"
    r"(?P<day>\d{1,2})[/.](?P<month>\d{1,2})[/.](?P<year>\d{4})"
)
_WITHIN = 6
"""The heading and the number of a copy stand within so many lines of each other."""


def part_copy(lines: list[TextLine]) -> tuple[list[TextLine], list[TextLine]]:
    """The lines of the document and those of the copying office's block below it."""
    for at in range(len(lines) - 1, 0, -1):
        if not _is_number(lines[at]):
            continue
        near = range(max(1, at - _WITHIN), min(len(lines), at + _WITHIN + 1))
        headings = [i for i in near if copy_type([lines[i]])]
        if headings:
            first = min(at, headings[0])
            while first > 1 and _is_head(lines[first - 1]):
                first -= 1
            if _is_whole(lines[:first]):
                return lines[:first], lines[first:]
    return lines, []


def _is_whole(lines: Sequence[TextLine]) -> bool:
    """Whether a document's number stands in the lines or, where that cannot be read, its national title and its end."""
    pieces = [piece.text for line in lines for piece in split_header(line)]
    if any(map(anchors.is_number_line, pieces)):
        return True
    return any(map(anchors.is_national_title, pieces)) and any(map(anchors.is_to_places, pieces))


def copy_type(lines: Sequence[TextLine]) -> CopyType | None:
    """The kind of copy that a heading among the lines names: 'SAO Y', 'TRÍCH SAO', 'SAO LỤC'."""
    pieces = [piece for line in lines for piece in split_header(line)]
    found = [known[0] for piece in pieces if (known := anchors.type_of_title(piece.text))]
    return next((_KINDS[name] for name in found if name in _KINDS), None)


def electronic_copy(lines: Sequence[TextLine]) -> CertifiedCopy | None:
    """What is printed at the head of an electronic copy (form 3.2): 'SAO Y; Văn phòng UBND tỉnh; 12/11/2025'."""
    for line in lines:
        if found := _ELECTRONIC.match(line.text):
            kind = copy_type([line.part(*found.span("kind"))])
            day = calendar_day(found["day"], found["month"], found["year"])
            if kind:
                return CertifiedCopy(type_name=kind, organ_name=found["organ"], issued_date=day)
    return None


def _is_number(line: TextLine) -> bool:
    if not _NUMBER.search(line.text):
        return False
    return any(anchors.is_number_line(piece.text) and _NUMBER.search(piece.text) for piece in split_header(line))


def _is_head(line: TextLine) -> bool:
    """Whether the line may name the copying office: capitals that are neither a title of a signer nor a person."""
    signs = is_signing_line(line.text) and not opens_organ(line.text)
    return is_capitals(line.text, 0.9) and not signs and not is_name(line.text.title())
