"""Marks and stamps: mức độ khẩn, độ mật, dấu ĐẾN, electronic signatures (Decree 30/2020/NĐ-CP, App. I, III.2; IV)."""

from collections.abc import Iterable, Sequence
from datetime import date

import regex

from vndoc.page import Box
from vndoc.parse.evidence import Found, found_in
from vndoc.parse.form import anchors
from vndoc.parse.form.slots import Slot, slot_at
from vndoc.parse.lines import TextLine

_SIGNED = regex.compile(r"(?P<d>\d{1,2})[./-](?P<m>\d{1,2})[./-](?P<y>20\d\d)")
_ARRIVAL_NUMBER = regex.compile(r"^\W*(?:\w{1,2}\W+)?S[ốóôòỏõồộổ]\s*[:.]+\s*[.…]*\s*(?P<number>\d{1,6})\b", regex.I)
_ARRIVAL_DATE = regex.compile(
    r"Ng[àa]y\W{0,12}(?P<d>\d{1,2})\W{0,3}(?:[./-]|th[áa]ng)\W{0,6}(?P<m>\d{1,2})\W{0,3}(?:[./-]|n[ăa]m)\W{0,6}(?P<y>\d{2,4})",
    regex.I,
)
_HEADING = regex.compile(r"^\W{0,3}(?:(?:CÔNG|CONG)\s+V[ĂA]N\s+|V[ĂA]N\s+B[ẢA]N\s+|CV\s+)?[ĐD][ẾEÉỀÊ]N\W{0,3}$")
_DATED = regex.compile(r"^\W{0,3}N?g[àa]y(?:(?P<day>.{1,16}?)th[áaàâ]ng(?:(?P<month>.{1,16}?)n[ăaâ]m)?)?", regex.I)
_DATED_LOOSELY = regex.compile(r"^\W{0,3}N?g[àa]y(?P<rest>[^\p{L}]{2,30})n[ăaâ]m", regex.I)
"""A line of the stamp where the writing around 'tháng' has made it unreadable."""
_MONTH_LABEL = (0.34, 0.68)
"""Where 'tháng' begins and ends between 'Ngày' and 'năm', as shares of the way: stamps have blanks of one length."""
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


def is_arrival_heading(text: str) -> bool:
    """'ĐẾN', 'CÔNG VĂN ĐẾN', 'CV ĐẾN' alone on a line."""
    return bool(_HEADING.match(text))


def arrival_slots(lines: Sequence[TextLine]) -> list[Slot]:
    """The blanks of an incoming stamp that is filled by hand: its number, day and month.

    Between the dots OCR reads little more than 'Ngày'; the number's line stands between the heading and that one.
    """
    heading = next((line.words[-1].box for line in lines if is_arrival_heading(line.text)), None)
    dated = next((line for line in lines if _DATED.match(line.text) and line.box), None)
    if heading is None or dated is None or dated.box is None or dated.box.y0 < heading.y1:
        return []
    slots: list[Slot] = []
    found = _DATED.match(dated.text)
    if found and found["day"] is not None:
        slots.append(slot_at("arrival_day", dated, *found.span("day"), None))
        if found["month"] is not None:
            slots.append(slot_at("arrival_month", dated, *found.span("month"), None))
    elif loose := _DATED_LOOSELY.match(dated.text):
        slots += _around_month(slot_at("arrival_day", dated, *loose.span("rest"), None))
    label = dated.words[0]
    right = max(box.x1 for line in lines if (box := line.box))
    if label.box:
        # 'Số:' and even 'CV Số:' are hardly longer than 'Ngày' in the line below.
        left = round(label.box.x0 + 5 * label.box.width / len(label.text))
        foot = max(heading.y1 + 1, round(dated.box.y_center))
        slots.append(Slot("arrival_number", dated.page, Box(left, heading.y1, max(right, left + 1), foot), "", 0.0))
    return slots


def _around_month(blank: Slot) -> list[Slot]:
    """Day and month before and behind the label 'tháng' that stands unread in the blank."""
    box = blank.box
    if box is None:
        return []
    begins, ends = (round(box.x0 + share * box.width) for share in _MONTH_LABEL)
    return [
        Slot("arrival_day", blank.page, box._replace(x1=begins), "", 0.0),
        Slot("arrival_month", blank.page, box._replace(x0=ends), "", 0.0),
    ]


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
