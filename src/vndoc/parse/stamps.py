"""Marks and stamps: mức độ khẩn, độ mật, dấu ĐẾN, electronic signatures (Decree 30/2020/NĐ-CP, App. I, III.2; IV)."""

from collections.abc import Iterable, Sequence
from datetime import date

import regex

from vndoc.parse import anchors
from vndoc.parse.evidence import Found, found_in
from vndoc.parse.lines import TextLine

_SIGNED = regex.compile(r"(?P<d>\d{1,2})[./-](?P<m>\d{1,2})[./-](?P<y>20\d\d)")
_ARRIVAL_NUMBER = regex.compile(r"^\W*(?:\w{1,2}\W+)?S[ốóôòỏõồộổ]\s*[:.]+\s*[.…]*\s*(?P<number>\d{1,6})\b", regex.I)
_ARRIVAL_DATE = regex.compile(
    r"Ng[àa]y\W{0,12}(?P<d>\d{1,2})\W{0,3}(?:[./-]|th[áa]ng)\W{0,6}(?P<m>\d{1,2})\W{0,3}(?:[./-]|n[ăa]m)\W{0,6}(?P<y>\d{2,4})",
    regex.I,
)
_ARRIVAL = regex.compile(r"(?<!\p{L})[ĐD][ẾEÉỀÊ]N(?!\p{L})")


def read_marks(lines: Iterable[TextLine], field: str) -> Found[str]:
    """The urgency or secrecy stamped on the page: the surest mark of that field."""
    best: Found[str] = Found(None, 0.0)
    for line in lines:
        mark = anchors.mark_of(line.text)
        if mark and mark.field == field:
            found = found_in(mark.value, [line], mark.score)
            best = max(best, found, key=lambda f: f.confidence)
    return best


def read_arrival(lines: Sequence[TextLine], issued: date | None) -> tuple[Found[str], Found[date]]:
    """Number and date of the incoming stamp; withheld where they may be handwritten, or come before the issue."""
    number: Found[str] = Found(None, 0.0)
    day: Found[date] = Found(None, 0.0)
    stamped = any(_ARRIVAL.search(line.text) for line in lines)
    for line in lines:
        sure = 0.95 * _printed(line)
        if day.value is None and (found := _ARRIVAL_DATE.search(line.text)):
            value = _date(found["d"], found["m"], found["y"])
            if value and (stamped or found.start() < 3) and not (issued and value < issued):
                day = found_in(value, [line], sure, "slot")
        elif number.value is None and stamped and (found := _ARRIVAL_NUMBER.search(line.text)):
            number = found_in(found["number"], [line], sure, "slot")
    return number, day


def _printed(line: TextLine) -> float:
    """How sure the line was read, if what stands behind its label is no taller than the label; else little."""
    boxes = [w.box for w in line.words if w.box]
    sure = min((w.confidence for w in line.words), default=0.0)
    tall = bool(boxes) and max(b.height for b in boxes[1:] or boxes) > 1.15 * boxes[0].height
    return min(sure, 0.4) if tall or (boxes and len(boxes) < 2) else sure


def read_signed_date(lines: Iterable[TextLine]) -> date | None:
    """The earliest date of an electronic signature printed on the page: the document was issued by then."""
    dates = [
        value
        for line in lines
        if anchors.is_overlay(line.text)
        and (found := _SIGNED.search(line.text))
        and (value := _date(*found.group("d", "m", "y")))
    ]
    return min(dates, default=None)


def _date(day: str, month: str, year: str) -> date | None:
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except ValueError:
        return None
