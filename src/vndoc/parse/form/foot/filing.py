"""The last line of Nơi nhận taken apart: who keeps the document, who drafted it, how many copies were made.

Decree 30/2020/NĐ-CP, Appendix I, II.9 d: 'Lưu: VT, <unit that drafted> (<copies>)'; III.3: the drafter's sign and the
copies issued, 'PL.(300)', on a line of its own below. Offices write the drafter's sign behind the unit as well:
'VT, KGVX.th50', 'VT, TTHC(Thu)', 'VT, NCbdv205'.
"""

from collections.abc import Sequence

import regex

from vndoc.dispatch import Filing
from vndoc.parse.lines import TextLine
from vndoc.parse.misreading import is_syllable

_STORED = regex.compile(r"^\W{0,3}L[ưuứừ]u?[ưuứừ]?\b\s*[:.]?\s*", regex.I)
_COPIES = regex.compile(r"\s*\(\s*(?:(?P<who>\p{L}[\p{L}\d.]*)\s*[-,;]\s*)?(?P<amount>\d{1,4})\s*(?:b|bản)?\s*\)$")
_IN_BRACKETS = regex.compile(r"^(?P<unit>[\p{Lu}\d.&]{2,})\s*\(\s*(?P<who>\p{L}[\p{L}\d]*)\s*\)$")
_BEHIND_UNIT = regex.compile(r"^(?P<unit>(?:P\.)?[\p{Lu}&]{2,}\d{0,2})\.?(?P<who>\p{Ll}[\p{L}\d]*)$")
_NAME_BEHIND_UNIT = regex.compile(r"^(?P<unit>(?:P\.)?[\p{Lu}&]{2,})\.?(?P<who>(?P<name>\p{Lu}\p{Ll}+)\d*)$")
_DRAFTER = regex.compile(r"^(?:\p{Lu}?\p{Ll}[\p{L}\d.]*|\p{Lu}{1,3}\d{2,})$")
_ISSUED = regex.compile(r"^\W{0,2}(?P<who>[\p{L}\d]{1,8})\s?\.?\s?\((?P<amount>\d{1,4})\)\W*$")


def read_filing(entries: Sequence[str], lines: Sequence[TextLine]) -> Filing | None:
    """What the entry 'Lưu: …' says.

    Args:
        entries: the entries of Nơi nhận as read.
        lines: the lines of its zone: below the last entry may stand the drafter's sign and the copies issued.
    """
    stored = next((entry for entry in reversed(entries) if _STORED.match(entry)), None)
    text = _STORED.sub("", stored).strip(" .;,") if stored else ""
    issued = next((found for line in reversed(lines) if (found := _ISSUED.match(line.text))), None)
    if not text and not issued:
        return None
    rest, who, copies = _without_copies(text)
    units: list[str] = []
    for part in filter(None, (part.strip(" .") for part in regex.split(r"[,;]", rest))):
        unit, drafter = _unit_and_drafter(part, first=not units)
        units += [unit] if unit else []
        who = who or drafter
    return Filing(
        text=text,
        units=units,
        drafter=who or (issued["who"] if issued else None),
        copies=copies,
        issued_amount=int(issued["amount"]) if issued else None,
    )


def _without_copies(text: str) -> tuple[str, str | None, int | None]:
    """The text before '(3b)' or '(Th-12b)', the drafter and the number of copies in the brackets."""
    found = _COPIES.search(text)
    return (text[: found.start()], found["who"], int(found["amount"])) if found else (text, None, None)


def _unit_and_drafter(part: str, first: bool) -> tuple[str | None, str | None]:
    """A unit, a drafter's sign, or both in one: 'KGVX' -> KGVX, 'th50' -> th50, 'KGVX.th50' -> KGVX and th50."""
    named = _NAME_BEHIND_UNIT.match(part)
    if named and is_syllable(named["name"]):  # 'KTTHTien31' is KTTH and Tien31, 'NCbdv205' is NC and bdv205
        return named["unit"], named["who"]
    if found := _IN_BRACKETS.match(part) or _BEHIND_UNIT.match(part):
        return found["unit"], found["who"]
    if not first and _DRAFTER.match(part):
        return None, part
    return part, None
