"""Text in a shape that patterns can be laid over: folded letter by letter, other zones blanked, offsets unmoved."""

import unicodedata
from collections.abc import Iterable

import regex

from vndoc.parse.lines import TextLine

_D = {ord(c): "d" for c in "đĐðÐ"}


class _Folding(dict[int, str]):
    """Base letter, in lower case, of every character asked for; one character for one."""

    def __missing__(self, code: int) -> str:
        base = unicodedata.normalize("NFD", chr(code))[0].lower()[0]
        self[code] = base
        return base


_FOLDING = _Folding(_D)

_OLD = {
    f"{vowels[0]}{new}": f"{old}{vowels[1]}"
    for vowels, news, olds in (("oa", "àáảãạ", "òóỏõọ"), ("oe", "èéẻẽẹ", "òóỏõọ"), ("uy", "ỳýỷỹỵ", "ùúủũụ"))
    for new, old in zip(news, olds, strict=True)
}
_NEW_TONES = regex.compile(rf"(?<![qQ])(?:{'|'.join(_OLD)})(?!\p{{L}})", regex.I)


def fold(text: str) -> str:
    """``text`` in lower case without diacritics, of the same length: 'Quyết định' -> 'quyet dinh'.

    OCR and repair lose marks before they lose letters, so key words are looked for in the folded text.
    """
    return text.translate(_FOLDING)


def old_tones(text: str) -> str:
    """``text`` with the tone of open oa, oe, uy on the first vowel, same length: 'Uỷ' -> 'Ủy', 'hoà' -> 'hòa'."""
    return str(_NEW_TONES.sub(_with_old_tone, text))


def _with_old_tone(match: "regex.Match[str]") -> str:
    pair = match.group()
    old = _OLD.get(pair.lower(), pair)
    return "".join(o.upper() if p.isupper() else o for o, p in zip(old, pair, strict=True))


def mask(text: str, lines: Iterable[TextLine]) -> str:
    """``text`` with everything outside ``lines`` blanked, of the same length; line feeds stay.

    A page number or a stamp between two lines of the body thus becomes white space, and what was broken over the
    page matches as one.
    """
    shown = ["\n" if c == "\n" else " " for c in text]
    for line in lines:
        shown[line.start : line.end] = text[line.start : line.end]
    return "".join(shown)


def tidy(text: str) -> str:
    """``text`` on one line, white space single, a code broken after its hyphen joined: '187-\\nKH' -> '187-KH'."""
    words: list[str] = []
    for word in text.split():
        if words and len(words[-1]) > 1 and words[-1].endswith(("-", "/")) and words[-1][-2].isalnum():
            words[-1] += word
        else:
            words.append(word)
    return " ".join(words)
