"""Marks and stamps: mức độ khẩn, độ mật, electronic signatures (Decree 30/2020/NĐ-CP, App. I, III.2)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from statistics import median

import regex

from vndoc.page import BlockKind, Box
from vndoc.parse.evidence import FieldValue, value_from
from vndoc.parse.form import anchors
from vndoc.parse.form.head.header import calendar_day
from vndoc.parse.lines import TextLine

_OFF_AXIS = 1.0  # line heights by which a centred line may be right of the axis of the others
_CLEAR = 0.9  # confidence of a word from which its box is its own
_LETTER = regex.compile(r"\p{L}")
_HIDDEN = 0.4  # confidence of what is not all to be seen

_SIGNED = regex.compile(r"(?P<d>\d{1,2})[./-](?P<m>\d{1,2})[./-](?P<y>20\d\d)")


def read_marks(lines: Iterable[TextLine], field: str) -> FieldValue[str]:
    """The urgency or secrecy stamped on the page: the surest mark of that field."""
    best: FieldValue[str] = FieldValue(None, 0.0)
    for line in lines:
        mark = anchors.mark_of(line.text)
        if mark and mark.field == field:
            found = value_from(mark.value, [line], mark.score)
            best = max(best, found, key=lambda f: f.confidence)
    return best


def read_signed_date(lines: Iterable[TextLine]) -> date | None:
    """The earliest date of an electronic signature printed on the page: the document was issued by then."""
    dates = [
        value
        for line in lines
        if anchors.is_overlay(line.text)
        and (found := _SIGNED.search(line.text))
        and (value := calendar_day(*found.group("d", "m", "y")))
    ]
    return min(dates, default=None)


def doubted_under_stamp(
    value: FieldValue[str], lines: Sequence[TextLine], stamps: Sequence[TextLine]
) -> FieldValue[str]:
    """The value of centred lines, withheld where a stamp hides the beginning of one.

    What is left of such a line is off the axis of the others, or begins with a letter that is no word.
    """
    own = [box for line in stamps if line.kind is BlockKind.ARRIVAL_STAMP and (box := line.box)]
    clear = ((line, [w.box for w in line.words if w.box and w.confidence >= _CLEAR]) for line in lines)
    seen = [(line, Box.around(boxes)) for line, boxes in clear if boxes]
    if not own or not seen or value.page != stamps[0].page:
        return value
    tall = median(box.height for _, box in seen)
    beside = [(line, box) for line, box in seen if _begins_at(box, Box.around(own), tall)]
    axis = median([box.x_center for line, box in seen if (line, box) not in beside] or [0.0])
    cut = any(_LETTER.fullmatch(line.words[0].text) for line, _ in beside)
    hidden = cut or any(axis and box.x_center - axis > _OFF_AXIS * tall for _, box in beside)
    return replace(value, confidence=min(value.confidence, _HIDDEN)) if hidden else value


def _begins_at(box: Box, stamp: Box, tall: float) -> bool:
    """Whether a line begins in a stamp, or right of it."""
    level = min(box.y1, stamp.y1 + tall) - max(box.y0, stamp.y0 - tall) > box.height / 2
    return level and stamp.x_center < box.x0 < stamp.x1 + tall
