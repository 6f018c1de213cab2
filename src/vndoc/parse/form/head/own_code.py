"""The dispatch's own notation in the light of the rest of its text.

A unit's code of letters and digits ('H01', 'PA83') is read 'H0I' or 'PAS3', and a dash as a stop, without a word of the
language to tell. But the same code mostly stands elsewhere: in Nơi nhận ('Lưu: VT, PA83'), in the references to the
dispatch in its annexes. What is found there and differs in letters alone that look alike is what was printed.
"""

from collections.abc import Iterator
from dataclasses import replace

import regex

from vndoc.parse.evidence import FieldValue
from vndoc.parse.notation import NotationMatch, find_notations

_ALIKE = ("0OQD", "1IlT", "2Z", "5S", "6G", "8BS3")
"""Signs that are read for each other in codes."""
_UNIT = regex.compile(r"(?<![\p{L}\d])\p{Lu}{1,4}\d{1,3}(?![\p{L}\d])")
_DIGITS = regex.compile(r"(?<=^\p{Lu}{1,3})(?=[OIl]*\d)[\dOIl]{2,3}$")
_LETTERS_TO_DIGITS = str.maketrans("OIl", "011")
_MENDED = 0.9


def agree_with_text(notation: FieldValue[str], number: str | None, text: str, own: range) -> FieldValue[str]:
    """The notation as the rest of the text has it, where that differs by misreading alone.

    Args:
        notation: as read in the head.
        number: the dispatch's number, if it is known.
        text: the whole document's.
        own: offsets of the line that the notation was read in, which is no other witness.
    """
    read = notation.value
    if not read:
        return notation
    whole = {str(m.notation).partition("/")[2] for m in _elsewhere(text, own) if number and m.notation.number == number}
    alike = {other for other in whole if other != read and _is_misreading(read, other)}
    if read not in whole and len(alike) == 1:
        return replace(notation, value=alike.pop(), confidence=min(notation.confidence, _MENDED))
    units = {found.group() for found in _UNIT.finditer(text) if found.start() not in own}
    mended = regex.sub(r"[\p{L}\d]+", lambda part: _mended(part.group(), units), read)
    return notation if mended == read else replace(notation, value=mended, confidence=min(notation.confidence, _MENDED))


def _elsewhere(text: str, own: range) -> Iterator[NotationMatch]:
    return (match for match in find_notations(text) if match.start not in own)


def _mended(part: str, units: set[str]) -> str:
    """A part of a notation as one of the codes elsewhere, or with the letters among its digits as digits."""
    if part in units or not any(c.isdigit() for c in part):
        return part
    alike = {unit for unit in units if _is_misreading(part, unit)}
    if len(alike) == 1:
        return alike.pop()
    return _DIGITS.sub(lambda tail: tail.group().translate(_LETTERS_TO_DIGITS), part)


def _is_misreading(read: str, printed: str) -> bool:
    """Whether two codes differ only in signs that look alike, or in a stop for a dash."""
    if len(read) != len(printed):
        return False
    pairs = [pair for pair in zip(read, printed, strict=True) if pair[0] != pair[1]]
    return 0 < len(pairs) <= 2 and all(_look_alike(a, b) for a, b in pairs)


def _look_alike(read: str, printed: str) -> bool:
    """Whether one sign is read for another; of two digits either may have been meant ('P8' and 'P3')."""
    if read.isdigit() and printed.isdigit():
        return False
    if read in "./" and printed == "-":
        return True
    return any(read in group and printed in group for group in _ALIKE)
