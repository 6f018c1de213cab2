"""Consolidated texts (văn bản hợp nhất): who authenticated them, when and under which number, on their last page.

The head is that of the text that was consolidated, without issuer, number and date; these stand in a block of their own
below it, beside the words 'XÁC THỰC VĂN BẢN HỢP NHẤT' (Ordinance 01/2012/UBTVQH13 on consolidation, forms).
"""

from collections.abc import Sequence

import regex

from vndoc.parse.form import anchors
from vndoc.parse.form.columns import split_header
from vndoc.parse.form.head.features import opens_organ
from vndoc.parse.form.zones import ZoneName
from vndoc.parse.knowledge import is_capitals, likeness
from vndoc.parse.lines import TextLine

_HEADING = "XÁC THỰC VĂN BẢN HỢP NHẤT"
_CODE = regex.compile(r"[/⁄]\s?VBHN\b")
_AROUND = 24
"""The parts of the block stand within so many lines of its heading, whatever the order they were read in."""
_HEAD = 40
"""Lines among which a number is the head's."""
_ISSUER = 4
"""Lines of the issuer's name at most."""


def authentication(lines: Sequence[TextLine]) -> dict[ZoneName, list[TextLine]]:
    """Issuer, number, place and date from the block that authenticates a consolidated text.

    Empty where there is none, or the head has a number itself.

    Only whole lines count, and all of them lie on the heading's page.
    """
    at = next((i for i, line in enumerate(lines) if i and _is_heading(line)), None)
    if at is None:
        return {}
    near = [line for line in lines[max(1, at - _AROUND) : at + _AROUND] if line.page == lines[at].page]
    number = next((line for line in near if _CODE.search(line.text) and anchors.is_number_line(line.text)), None)
    if number is None or any(_has_number(line) for line in lines[:_HEAD] if line.start < number.start):
        return {}
    found: dict[ZoneName, list[TextLine]] = {"number": [number], "issuer": _issuer(near, number)}
    found["place_date"] = [line for line in near if anchors.is_place_date(line.text)][:1]
    return found


def _has_number(line: TextLine) -> bool:
    return any(anchors.is_number_line(piece.text) for piece in split_header(line))


def _is_heading(line: TextLine) -> bool:
    return is_capitals(line.text) and likeness(line.text, _HEADING) > 0.9


def _issuer(near: Sequence[TextLine], number: TextLine) -> list[TextLine]:
    """The lines of capitals above the number, from the one that opens a body on."""
    above: list[TextLine] = []
    for line in reversed(_above(near, number)):
        if not is_capitals(line.text) or _is_heading(line) or len(above) == _ISSUER:
            break
        above.insert(0, line)
    first = next((i for i, line in enumerate(above) if opens_organ(line.text)), len(above))
    return above[first:]


def _above(near: Sequence[TextLine], number: TextLine) -> list[TextLine]:
    """The lines above the number in its column, from top to bottom; in plain text those before it."""
    box = number.box
    if box is None:
        return [line for line in near if line.start < number.start]
    placed = [(other.y0, line) for line in near if (other := line.box) and other.y1 < box.y_center]
    column = [(y, line) for y, line in placed if (other := line.box) and other.x0 < box.x1 and other.x1 > box.x0]
    return [line for _, line in sorted(column, key=lambda pair: pair[0])]
