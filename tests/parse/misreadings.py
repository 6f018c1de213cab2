"""Misreadings of known values, made by the confusions that OCR really makes."""

import unicodedata
from collections.abc import Iterator

from vndoc.parse.knowledge import load

_MARKED = {
    "a": "aáàảãạăắằẳẵặâấầẩẫậ",
    "e": "eéèẻẽẹêếềểễệ",
    "i": "iíìỉĩị",
    "o": "oóòỏõọôốồổỗộơớờởỡợ",
    "u": "uúùủũụưứừửữự",
    "y": "yýỳỷỹỵ",
    "d": "dđ",
}


def _base(char: str) -> str:
    return "d" if char in "đĐ" else unicodedata.normalize("NFD", char)[0].lower()


def confused(text: str) -> Iterator[str]:
    """``text`` with one letter confused: its marks changed, or another that looks like it, or a run of letters."""
    data = load("confusions")
    looks: dict[str, list[str]] = {}
    for a, b in [*data["letters"], *(data["capitals"] if text.isupper() else []), *data["groups"]]:
        looks.setdefault(a, []).append(b)
        looks.setdefault(b, []).append(a)
    for at, char in enumerate(text):
        others = [*_MARKED.get(_base(char), ""), *looks.get(_base(char), [])]
        for other in others:
            shown = other.upper() if char.isupper() else other
            if shown != char:
                yield text[:at] + shown + text[at + 1 :]


def misreadings(text: str, most: int = 12) -> list[str]:
    """``text`` with one confusion, and with two: of each at most so many, evenly out of all there are."""
    once = list(confused(text))
    some = once[:: max(1, len(once) // most)]
    twice = [second for first in some for second in list(confused(first))[:: max(1, len(once) // 5)]]
    return [*some, *twice[:: max(1, len(twice) // most)]]
