"""Số, ký hiệu, địa danh and ngày tháng năm from their zones (Decree 30/2020/NĐ-CP, Appendix I, II.3 and II.4)."""

import calendar
from dataclasses import dataclass, replace
from datetime import date
from math import exp

import regex
from rapidfuzz.distance import Levenshtein

from vndoc.page import Box
from vndoc.parse.evidence import SURE, FieldValue, value_from
from vndoc.parse.form import anchors
from vndoc.parse.form.slots import as_month, day_candidates, digit_candidates, digits_in, print_behind, slot_at
from vndoc.parse.knowledge import bare, best_match, likeness, load
from vndoc.parse.lines import TextLine
from vndoc.parse.notation import in_order, initials, kinds, parse_notation
from vndoc.parse.places import without_unit
from vndoc.slots import PrintBehind, Slot, SlotKind

_SYMBOL = regex.compile(
    r"(?P<mark>[/⁄]|(?<=\d)\s?-\s?|(?<=\d)\s(?=\p{Lu}{2,4}[/⁄]\p{Lu})|(?<=\d)(?=\p{Lu}{2,}-\p{Lu}))\s*"
    r"(?P<symbol>(?:(?:19|20)\d\d\s?[/⁄]\s*)?[\p{Lu}Œ][^\s].*)$"
)
"""The notation behind its mark: a slash, which may be lost, the Party's hyphen, or the Youth Union's blank."""
_GLUED = regex.compile(r"(?<![\p{L}\d])(?P<junk>\p{Ll}{0,2})(?P<symbol>\p{Lu}{2,}[\p{L}]{0,3}\s?-\s?[\p{Lu}\d].*)$")
_BEGUN = regex.compile(r"^\W{0,2}(?P<mark>[-–]\s?)(?P<symbol>\p{Lu}{2,}[/⁄].*)$")
"""The notation of the Party or the Youth Union where nothing was read before its hyphen."""
_UNNUMBERED = regex.compile(r"[\s.:…_]*\K(?P<mark>[-–]\s?)(?P<symbol>\p{Lu}{2,}[/⁄]\s?\p{Lu}.*)$")
"""The same where a blank or dots are left for the number: 'Số     -TB/ĐTN'."""
_TOGETHER = regex.compile(r"\S+(?:\s?[-/⁄.&]\s?\S+)*")
"""A notation with blanks around its signs, but not what else is on its line."""
_LOST_LABEL = regex.compile(r"^(?:[^\w/⁄-]{0,3}S?|\S{1,4}\s)(?=\S{0,6}\s?[/⁄-])")
_REACH = 6.0
"""Heights of a line in which the label and the number before a notation have room."""
_UNLIKE, _BADLY_READ = 0.75, 0.7
_STAMP_DAYS = 15
"""A document is signed electronically within so many days of its date."""


@dataclass(slots=True, frozen=True)
class Code:
    """Number and notation of the document itself."""

    number: FieldValue[str]
    notation: FieldValue[str]
    slot: Slot | None


@dataclass(slots=True, frozen=True)
class IssueDate:
    """Date of issue and the slots it was read from."""

    day: FieldValue[date]
    slots: tuple[Slot, ...]


_NOTHING: FieldValue[str] = FieldValue(None, 0.0)


def read_code(lines: tuple[TextLine, ...], place_date: tuple[TextLine, ...], type_name: str | None) -> Code:
    """Number and notation from the 'Số: …' line; the type named in the title settles a misread abbreviation."""
    for line in lines:
        label = anchors.NUMBER_START.match(line.text)
        lost = label is None
        label = label or _LOST_LABEL.match(line.text)
        if label is None:
            continue
        found = _BEGUN.match(line.text) if lost else _UNNUMBERED.match(line.text, label.end())
        found = found or _SYMBOL.search(line.text, label.end()) or _GLUED.search(line.text, label.end())
        start = label.end() + len(line.text[label.end() :]) - len(line.text[label.end() :].lstrip(" :.,;"))
        end = (found.start("junk") if "junk" in found.groupdict() else found.start()) if found else len(line.text)
        reference = _on_this_line(line, start, end, _printed_number(place_date))
        slot = slot_at(SlotKind.NUMBER, line, min(start, end), end, reference)
        slot = replace(slot, behind=_behind(line, found) if found else None)
        slot = _unlabelled(slot) if lost else slot
        notation = _read_notation(found["symbol"], found.group(), line, type_name) if found else _NOTHING
        return Code(_number_of(slot), notation, slot)
    return Code(_NOTHING, _NOTHING, None)


def _unlabelled(slot: Slot) -> Slot:
    """The slot of a number whose label was not read, with a box that reaches over the place of the label."""
    if slot.box is None or slot.behind is None:
        return slot
    x1 = slot.box.x1 if slot.behind.x0 is None else slot.behind.x0
    x0 = max(0, min(slot.box.x0, x1 - round(_REACH * slot.box.height)))
    return replace(slot, box=slot.box._replace(x0=x0, x1=max(x0 + 1, x1)), labelled=False)


def _behind(line: TextLine, found: "regex.Match[str]") -> PrintBehind | None:
    """The notation as it is printed behind the number, with its mark, which is a slash where it was not read."""
    code = _TOGETHER.match(line.text, found.start("symbol"))
    marked = "mark" in found.groupdict() and not found["mark"].isspace()
    if code is None or (marked and not found["mark"]):
        return None
    if marked:
        return print_behind(line, found.start("mark") + found["mark"].find(found["mark"].strip()), code.end())
    printed = print_behind(line, code.start(), code.end())
    return printed and printed._replace(text=f"/{printed.text}", x0=None)


def agree_with_issuer(code: Code, organ: str | None) -> Code:
    """The code with the issuer's abbreviation as it should be where one letter of it is off: 'TB-SVYT' of Sở Y tế.

    What is unlike it and badly read is withheld; another abbreviation of its name, or of a type, stays.
    """
    found = code.notation
    known = parse_notation(f"1/{found.value}") if found.value else None
    own = next((b["abbreviations"] for b in load("organs")["named"] if f"{organ} ".startswith(f"{b['name']} ")), None)
    if known is None or own is None or known.party:
        return code
    head = regex.split(r"[-/.&]", known.issuer)[0]
    if not head or head in {a for body in load("organs")["named"] for a in body["abbreviations"]} or head in kinds():
        return code
    if in_order(head, initials(organ or "")):
        return code  # its own, shorter or longer than is usual: 'LĐTBXH', and 'HNDT' of Hội Nông dân tỉnh
    if len(own[0]) > 2 and Levenshtein.distance(head, own[0]) == 1:
        text = str(replace(known, issuer=own[0] + known.issuer[len(head) :])).split("/", maxsplit=1)[1]
        return replace(code, notation=replace(found, value=text))
    damaged = head[0] == own[0][0] and len(head) >= len(own[0]) > 2 and likeness(head, own[0]) < _UNLIKE
    if damaged and (found.reading or 0.0) < _BADLY_READ:
        return replace(code, notation=found.doubted())
    return code


def _number_of(slot: Slot) -> FieldValue[str]:
    candidates = digit_candidates(slot.raw)
    value = digits_in(slot)
    if value and not value.strip("0"):  # no document has the number 0: it is a piece of what was written
        return FieldValue(None, 0.0, slot.page, slot.box, slot.raw, "slot", [(value, 0.2)])
    method = "rule" if value and slot.confidence >= SURE else "slot"
    ranked = [(text, p * 0.4) for text, p in candidates if len(text) <= 6]
    if value:
        ranked = [(value, slot.confidence)]
    return FieldValue(value, slot.confidence, slot.page, slot.box, slot.raw, method, ranked)


def _read_notation(symbol: str, whole: str, line: TextLine, type_name: str | None) -> FieldValue[str]:
    """The notation mended: blanks out, an abbreviation that the title contradicts by one letter set right."""
    tidy = regex.sub(r"\s*([-/⁄.&])\s*", r"\1", symbol.split("  ", maxsplit=1)[0]).replace("⁄", "/")
    tidy = regex.sub(r"[^\p{L}\d)]+$", "", tidy.split()[0] if tidy.split() else tidy)
    party = whole.lstrip().startswith("-")
    known = parse_notation(f"1{'-' if party else '/'}{tidy}")
    text = str(known)[2:] if known else tidy
    if (agreed := _agree_with_title(text, type_name)) != text:
        known = parse_notation(f"1{'-' if party else '/'}{agreed}") or known
        text = str(known)[2:] if known and known.kind else agreed
    rule = 0.97 if known else 0.75
    words = [w for w in line.words if any(part and part in w.text for part in (symbol.split(maxsplit=1)[0], tidy))]
    part = replace(line, words=tuple(words) or line.words)
    found = replace(value_from(text, [part], rule), raw=symbol)
    if party and text in kinds():
        return replace(found, confidence=min(found.confidence, 0.4))  # whose it is has been lost
    return replace(found, confidence=max(found.confidence, _vouched(text, type_name)))


def _vouched(text: str, type_name: str | None) -> float:
    """How sure a notation is by itself, however badly its ink was read: its type is the title's, its issuer known."""
    known = parse_notation(f"1/{text}")
    if known is None:
        return 0.0
    agrees = known.kind is not None and type_name in kinds()[known.kind]
    head = regex.split(r"[-/.&]", known.issuer)[0]
    listed = head in {a for body in load("organs")["named"] for a in body["abbreviations"]}
    return 0.9 if agrees and listed else 0.65 if agrees or listed else 0.0


def _agree_with_title(text: str, type_name: str | None) -> str:
    """'FT-BCT' under the title Thông tư is 'TT-BCT', 'ZGM-TB' under Giấy mời 'GM-TB', 'TBSYT' 'TB-SYT'."""
    if type_name is None:
        return text
    year, symbol = m.groups() if (m := regex.match(r"^((?:19|20)\d\d/)(.+)$", text)) else ("", text)
    short = [abbreviation for abbreviation, names in kinds().items() if type_name in names]
    head, joint, rest = m.groups() if (m := regex.match(r"^([\p{L}\dŒ]+)([-/])(.+)$", symbol)) else (symbol, "", "")
    if head in short:
        return text
    for abbreviation in short:
        slashed = head[1:] == abbreviation  # the slash before it read as a letter: '43ZGM-TB'
        if joint and head not in kinds() and (slashed or _one_letter_off(head, abbreviation)):
            return f"{year}{abbreviation}{joint}{rest}"
        if not joint and head.startswith(abbreviation) and len(head) >= len(abbreviation) + 2:
            return f"{year}{abbreviation}-{head[len(abbreviation) :]}"
    return text


def _one_letter_off(read: str, known: str) -> bool:
    if len(read) != len(known):
        return bare(read) == bare(known)
    return sum(a != b for a, b in zip(read, known, strict=True)) <= 1


def _printed_number(lines: tuple[TextLine, ...]) -> Box | None:
    """Box of the printed year (or else month) of the date: the size of printed digits on this page."""
    for line in lines:
        for word in reversed(line.words):
            if word.box and regex.fullmatch(r"(19|20)\d\d", word.text.strip(".,;")):
                return word.box
    return None


def _on_this_line(line: TextLine, start: int, end: int, digits: Box | None) -> Box | None:
    """The size of printed digits, set on the base line of the words around the slot."""
    around = [w.box for part in (line.part(0, start), line.part(end, len(line.text))) for w in part.words if w.box]
    if not around:
        return digits
    base = min(box.y1 for box in around)
    height = digits.height if digits else min(box.height for box in around)
    return Box(around[0].x0, base - height, around[0].x1, base)


# --- place and date -----------------------------------------------------------------------------------------


def read_place(lines: tuple[TextLine, ...]) -> FieldValue[str]:
    """Địa danh: what stands before ', ngày'; a province's name is spelt as known."""
    for line in lines:
        found = anchors.DAY_MONTH.search(line.text)
        if not found:
            continue
        text = regex.sub(r"^[^\p{L}]+|[^\p{L}\d.)]+$", "", line.text[: found.start()]).rstrip(".")
        if not text:
            continue
        name = without_unit(text)
        unit = text.removesuffix(name)  # stays as it is printed: 'Tp. Hồ Chí Minh'
        provinces = [p["name"] for p in load("places")["provinces"]]
        known = best_match(name, provinces, 0.9)
        part = line.part(0, found.start())
        if known and (bare(known[0]) == bare(name) or (name not in provinces and len(name) > 5)):
            return value_from(unit + known[0], [part])
        return value_from(text, [part], 0.9)
    return _NOTHING


def read_date(lines: tuple[TextLine, ...], signed: date | None) -> IssueDate:
    """Date of issue; withheld, with candidates, where the day may be handwriting.

    ``signed`` is the date of an electronic signature on the page: the document is no younger and hardly older.
    """
    for line in lines:
        found = anchors.DAY_MONTH.search(line.text)
        if found:
            return _date_of(line, found, signed)
    return IssueDate(FieldValue(None, 0.0), ())


def _date_of(line: TextLine, found: "regex.Match[str]", signed: date | None) -> IssueDate:
    slots = {}
    year = slot_at(SlotKind.YEAR, line, *found.span("year"), _box_of(line, *found.span("month")))
    year_box = _box_of(line, *found.span("year")) if len(digits_in(year) or "") == 4 else None
    slots["year"] = year
    slots["month"] = as_month(slot_at(SlotKind.MONTH, line, *found.span("month"), year_box))
    slots["day"] = slot_at(SlotKind.DAY, line, *found.span("day"), _level_with(year_box, line, found.start("day")))
    confidence = min(slot.confidence for slot in slots.values())
    day = calendar_day(digits_in(slots["day"]), digits_in(slots["month"]), digits_in(year))
    candidates = _date_candidates(slots["day"], slots["month"], year, signed)
    if day is None or (signed and day > signed) or confidence < SURE:
        confidence = min(confidence, 0.45, *(p for _, p in candidates[:1]))
    value = FieldValue(
        day,
        confidence,
        line.page,
        slots["day"].box,
        slots["day"].raw,
        "rule" if day and confidence >= SURE else "slot",
        [(day.isoformat(), confidence)] if day and confidence >= SURE else candidates,
    )
    return IssueDate(value, (slots["day"], slots["month"], year))


def _level_with(digits: Box | None, line: TextLine, end: int) -> Box | None:
    """The size of printed digits, on the base line of the words before ``end`` where the date is broken behind them."""
    before = [word.box for word in line.part(0, end).words if word.box]
    if digits is None or not before or digits.y0 < before[-1].y1:
        return digits
    base = min(box.y1 for box in before)
    return digits._replace(y0=base - digits.height, y1=base)


def _box_of(line: TextLine, start: int, end: int) -> Box | None:
    words = line.part(start, end).words
    return words[0].box if len(words) == 1 else None


def calendar_day(day: str | None, month: str | None, year: str | None) -> date | None:
    """The date of three strings of digits, None where the calendar has no such day."""
    try:
        return date(int(year or ""), int(month or ""), int(day or ""))
    except ValueError:
        return None


def _date_candidates(day: Slot, month: Slot, year: Slot, signed: date | None) -> list[tuple[str, float]]:
    """Dates that the ink may stand for, where month and year are read; an electronic signature weighs them."""
    months = digit_candidates(month.raw, 1)
    years = digit_candidates(year.raw, 1)
    if not months or not years:
        return []
    m, y = int(months[0][0]), int(years[0][0])
    if not (1 <= m <= 12 and 1900 <= y <= 2200):
        return []
    days = range(1, calendar.monthrange(y, m)[1] + 1)
    ranked = day_candidates(day.raw, days)
    weighed = [(date(y, m, d), p * near_signature(date(y, m, d), signed)) for d, p in ranked]
    total = sum(p for _, p in weighed)
    return (
        [(d.isoformat(), 0.8 * p / total) for d, p in sorted(weighed, key=lambda c: -c[1])[:6] if p > 0]
        if total
        else []
    )


def near_signature(day: date, signed: date | None) -> float:
    """Weight of a date of issue given the date of the electronic signature; 1 without one."""
    if signed is None:
        return 1.0
    apart = (signed - day).days
    return exp(-apart / 3) if 0 <= apart <= _STAMP_DAYS else 0.01
