"""What rules of writing settle better than probabilities: Đ in codes and abbreviations, list letters, ``Số: 815``."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from vndoc.repair.profile import Profile
from vndoc.repair.syllable import strip_marks

_CODE_PART = re.compile(r"[A-ZĐ]+")
_CODE = re.compile(r"\d.*[-/][A-Z]|^[A-Z]+([-&/][A-Z]+)+")
_LABEL = re.compile(r"^([a-zđ¢1I|]|Đ|D)([).])$")
_LETTER_OF = {("¢", "b"): "c", ("d", "d"): "đ", ("1", "k"): "l", ("I", "k"): "l", ("|", "k"): "l"}
_COUNTED = frozenset(["khoản", "điều", "tháng", "mục", "số", "bước", "lần"])  # "khoản | Điều" is "khoản 1 Điều"
_OPENS = re.compile(r"[-–+•]|\w{1,3}[.)]|.*[.!?]")
_NUMBER_GLUED = re.compile(r"^(Số|SỐ|số):(?=\d)")
_SMALL_WORD = re.compile(r"[^\W\d_]*[a-zà-ỹ]{2}\.")
_FIGURES = re.compile(r"[\dO.,/]*\d[\dO.,/]*%?[).,;:]*")
_LATER_LABEL = re.compile(r"[b-zđ]\)|\((?!1\))\d{1,2}\)")  # of a list, not its first
_ACRONYM = re.compile(r"^\((\W*)([A-ZĐ]{2,8})(\W*)\)?(\W*)$")


@dataclass(slots=True, frozen=True)
class Verdict:
    """What a chunk was repaired to, how surely, and the next-best readings.

    ``weighed``: the probabilities of the OCR's own readings have gone into ``confidence``.
    """

    repaired: str
    confidence: float
    alternatives: tuple[tuple[str, float], ...] = ()
    weighed: bool = False


@cache
def _code_parts() -> dict[str, str]:
    """Parts of document codes that always hold a Đ, by their reading without it."""
    text = files("vndoc.repair").joinpath("data/codes.json").read_text(encoding="utf-8")
    return {strip_marks(part): part for part in json.loads(text)["parts"]}


def finished(
    verdicts: Sequence[Verdict], chunks: Sequence[str], breaks: Sequence[int], of_chunk: Sequence[Profile]
) -> list[Verdict]:
    """The verdicts with the conventions applied where the marks were lost."""
    out = list(verdicts)
    previous = ""
    for i, profile in enumerate(of_chunk):
        text = out[i].repaired
        if profile in (Profile.ENG, Profile.STRIPPED):
            if _CODE.search(chunks[i]):
                text = _CODE_PART.sub(lambda m: _code_parts().get(m.group(), m.group()), text)
            text = _NUMBER_GLUED.sub(r"\1: ", text)
            text = _capital(text, chunks[i], chunks[i - 1] if i and breaks[i] < 2 else ".")
            if chunks[i] == "|" and i and out[i - 1].repaired.lower() in _COUNTED:
                text = "1"
            if profile is Profile.ENG:
                text = _stop(_figures(text), chunks[i + 1] if i + 1 < len(chunks) else "")
            if breaks[i] or not i:
                text, previous = _label(text, chunks[i], previous)
        if text != out[i].repaired:
            out[i] = replace(out[i], repaired=text)
    return _acronyms(out, of_chunk)


def _label(text: str, read: str, previous: str) -> tuple[str, str]:
    """A list letter opening a line, by what it was read as after which letter; and the letter for next time."""
    found = _LABEL.match(read)
    if not found:
        return text, previous
    letter, close = found.groups()
    letter = _LETTER_OF.get((letter, previous), "c" if letter == "¢" else letter)
    return (letter + close if letter.isalpha() else text), letter


def _figures(text: str) -> str:
    """``O1`` is ``01`` where nothing but figures stands."""
    return text.replace("O", "0") if "O" in text and _FIGURES.fullmatch(text) else text


def _stop(text: str, following: str) -> str:
    """The stop behind a word by what follows: no sentence ends before a small letter, no list opens with ``b)``."""
    if text.endswith(":") and _LATER_LABEL.fullmatch(following):
        return text[:-1] + ";"
    goes_on = following[:1].islower() and not _LABEL.match(following)
    return text[:-1] + "," if goes_on and _SMALL_WORD.fullmatch(text) else text


def _capital(text: str, chunk: str, before: str) -> str:
    """A word out of digits and signs (``86``, ``$6``) has no case of its own: a capital where it opens a sentence."""
    if text[:1].islower() and not any(map(str.isalpha, chunk)) and _OPENS.fullmatch(before):
        return text[:1].upper() + text[1:]
    return text


def _acronyms(verdicts: list[Verdict], of_chunk: Sequence[Profile]) -> list[Verdict]:
    """Where ``(TTDN)`` follows words that begin with t, t, đ, n, it is ``(TTĐN)``, here and in the rest of the text."""
    known: dict[str, str] = {}
    for i, verdict in enumerate(verdicts):
        found = _ACRONYM.match(verdict.repaired) if of_chunk[i] in (Profile.ENG, Profile.STRIPPED) else None
        if found and "D" in found.group(2) and i >= len(found.group(2)):
            acronym = found.group(2)
            letters = "".join(v.repaired[:1].upper() for v in verdicts[i - len(acronym) : i])
            if letters != acronym and strip_marks(letters) == strip_marks(acronym):
                known[acronym] = letters
    if not known:
        return verdicts
    spelt = re.compile(r"(?<![^\W\d_])(" + "|".join(map(re.escape, known)) + r")(?![^\W\d_])")
    return [
        replace(v, repaired=spelt.sub(lambda m: known[m.group()], v.repaired)) if spelt.search(v.repaired) else v
        for v in verdicts
    ]
