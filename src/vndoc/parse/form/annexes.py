"""What stands behind the signature: annexes, forms, documents sent along (Decree 30/2020/NĐ-CP, Appendix I, III.1)."""

from collections.abc import Sequence
from itertools import pairwise

import regex

from vndoc.dispatch import Annex
from vndoc.page import BlockKind
from vndoc.parse.form import anchors
from vndoc.parse.form.columns import split_header
from vndoc.parse.form.head.casing import sentence_case
from vndoc.parse.form.head.title import read_subject, read_type
from vndoc.parse.form.zones import Zones
from vndoc.parse.form.zoning import find_zones
from vndoc.parse.knowledge import is_capitals
from vndoc.parse.lines import TextLine

_HEAD = 6
"""The head of an annex or of a document sent along begins within so many lines of its page."""


def read_annexes(lines: Sequence[TextLine]) -> list[Annex]:
    """The annexes among the lines behind the signature, in their order."""
    return [_annex(part) for part in _parts(lines) if regex.search(r"\p{L}{2}", " ".join(line.text for line in part))]


def _parts(lines: Sequence[TextLine]) -> list[list[TextLine]]:
    """The lines cut where an annex begins: at a heading 'Phụ lục', or at a page whose head names an annex or a body."""
    starts = [0]
    page_starts = 0
    for i, line in enumerate(lines):
        if i and lines[i - 1].page != line.page:
            page_starts = i
        titled = line.kind is not BlockKind.TABLE and anchors.is_annex_title(line.text)
        if titled or (i - page_starts < _HEAD and _is_headed(line)):
            first = page_starts if i - page_starts < _HEAD else i
            starts += [first] if first > starts[-1] else [i] if titled and i - starts[-1] >= _HEAD else []
    return [list(lines[a:b]) for a, b in pairwise([*starts, len(lines)])]


def _is_headed(line: TextLine) -> bool:
    return any(anchors.is_national_title(piece.text) for piece in split_header(line))


def _annex(lines: list[TextLine]) -> Annex:
    label = next((line for line in lines[:_HEAD] if anchors.is_annex_title(line.text)), None)
    draft = any((mark := anchors.mark_of(line.text)) and mark.field == "draft" for line in lines[: 3 * _HEAD])
    sent = label is None and any(_is_headed(line) for line in lines[:_HEAD])
    zones = find_zones(lines) if sent else Zones()
    return Annex(
        label=label.text.strip(" .:-") if label else None,
        title=read_subject(zones).sure if sent else _title(lines, lines.index(label) + 1 if label else 0),
        type_name=read_type(zones).sure if sent else None,
        draft=draft,
        page=lines[0].page,
        start=lines[0].start,
        end=lines[-1].end,
    )


def _title(lines: Sequence[TextLine], start: int) -> str | None:
    """The lines of capitals at the head: the annex's title."""
    taken: list[TextLine] = []
    for line in lines[start : start + _HEAD]:
        if line.kind is BlockKind.TABLE or not is_capitals(line.text, 0.75) or not regex.search(r"\p{L}{2}", line.text):
            break
        above = taken[-1].box if taken else None
        if above and line.box and line.box.y0 - above.y1 > above.height:
            break
        taken.append(line)
    text = " ".join(" ".join(line.text for line in taken).split())
    return sentence_case(text) if len(text) > 3 else None
