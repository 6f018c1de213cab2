"""Marks and stamps: mức độ khẩn, độ mật, electronic signatures (Decree 30/2020/NĐ-CP, App. I, III.2)."""

from collections.abc import Iterable
from datetime import date

import regex

from vndoc.parse.evidence import FieldValue, value_from
from vndoc.parse.form import anchors
from vndoc.parse.form.header import calendar_day
from vndoc.parse.lines import TextLine

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
