"""A heading of capitals as a sentence would have it, where every name in it is known; else as it was printed.

Lower-cased letter by letter, 'xã Ba Tơ' becomes 'xã ba tơ' and '30/2020/NĐ-CP' '30/2020/nđ-cp'. The body mostly says
the same again in ordinary writing; what it does not say is looked up in ``data/capitals.json``, among the bodies and
among the places. A name that may be one and is nowhere known leaves the heading in capitals.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache

import regex

from vndoc.parse.fold import old_tones
from vndoc.parse.form.foot.names import common_surnames
from vndoc.parse.knowledge import load
from vndoc.parse.misreading import is_syllable
from vndoc.parse.places import known_names

_LONGEST = 8
_SIGNS = ".,;:()\"'“”"
_ROMAN = regex.compile(r"[IVX]+")
_ENDS = (".", ";", ":", "!", "?")

Phrases = Mapping[tuple[str, ...], tuple[str, ...]]
"""Words of phrases by the same in small letters."""


def sentence_case(text: str, said: str = "", opens: bool = True) -> str:
    """A heading of capitals in ordinary writing; unchanged where a name in it is not known.

    Args:
        text: the heading.
        said: other text of the document, whose capitals show which words are names.
        opens: whether the first letter is a capital.
    """
    words = text.split()
    spelt = [is_syllable(word.strip(_SIGNS)) for word in words]
    if 2 * sum(spelt) < len(words):
        return text  # another language's
    small = [_small(word) for word in words]
    cores: list[str | None] = [_fixed(words, i) for i in range(len(words))]
    for phrases in (_said(said), _known()):
        _write(cores, small, phrases)
    for i in range(len(words)):
        if not _write_place(cores, small, i):
            return text
    if any(core is None and _may_be_name(small, i) for i, core in enumerate(cores)):
        return text
    out = [_with_signs(word, core or low) for word, core, low in zip(words, cores, small, strict=True)]
    whole = " ".join(out)
    return whole[:1].upper() + whole[1:] if opens else whole


def _small(word: str) -> str:
    return old_tones(word.strip(_SIGNS).lower())


def _with_signs(word: str, core: str) -> str:
    """The core with the signs that the word has at its ends."""
    bare = word.strip(_SIGNS)
    return word.replace(bare, core, 1) if bare else word


def _fixed(words: Sequence[str], at: int) -> str | None:
    """The word as it is where it is a code, an abbreviation, or a Roman number."""
    core = words[at].strip(_SIGNS)
    if not any(map(str.isalpha, core)):
        return core
    before = words[at - 1].strip(_SIGNS).lower() if at else ""
    if _ROMAN.fullmatch(core) and (before in load("capitals")["numbered"] or not is_syllable(core)):
        return core
    parts = [part for part in regex.split(r"[-–]", core) if part]
    spelt = all(is_syllable(part) for part in parts)
    return core if not spelt or core in _abbreviations() else None


@cache
def _abbreviations() -> frozenset[str]:
    named = (short for body in load("organs")["named"] for short in body["abbreviations"])
    return frozenset((*load("organs")["uppercase"], *named))


def _write(cores: list[str | None], small: Sequence[str], phrases: Phrases) -> None:
    """Fill in the words of the longest phrases at each place that is open."""
    at = 0
    while at < len(small):
        sizes = range(min(_LONGEST, len(small) - at), 1, -1)
        size = next((n for n in sizes if tuple(small[at : at + n]) in phrases), 0)
        for i, form in enumerate(phrases[tuple(small[at : at + size])] if size else ()):
            cores[at + i] = cores[at + i] or form
        at += max(1, size - 1) if size else 1


def _said(text: str) -> Phrases:
    """Runs of words as the text writes them oftenest, within its sentences."""
    forms: dict[tuple[str, ...], Counter[tuple[str, ...]]] = {}
    words = [word for line in text.split("\n") for word in (*line.split(), ".")]
    cores = [word.strip(_SIGNS) for word in words]
    for at in range(1, len(words)):
        if words[at - 1].endswith(_ENDS) or not cores[at] or cores[at].isupper():
            continue  # the capital of a sentence's first word says nothing
        for size in range(2, _LONGEST + 1):
            run = tuple(cores[at : at + size])
            if len(run) < size or not run[-1] or words[at + size - 2].endswith((*_ENDS, ",")):
                break
            forms.setdefault(tuple(map(_small, run)), Counter())[run] += 1
    return {low: found.most_common(1)[0][0] for low, found in forms.items()}


@cache
def _known() -> Phrases:
    """Names that keep their capitals everywhere."""
    bodies = (body["name"] for body in load("organs")["named"])
    provinces = (province["name"] for province in load("places")["provinces"])
    names = (*load("capitals")["names"], *bodies, *provinces)
    return {tuple(map(_small, name.split())): tuple(name.split()) for name in names}


def _write_place(cores: list[str | None], small: Sequence[str], at: int) -> bool:
    """Fill in the name behind a unit of places; False where one stands there that is not known."""
    size = next((n for n in (2, 1) if " ".join(small[at : at + n]) in load("places")["units"]), 0)
    start = at + size
    if not size or start >= len(small) or cores[start] is not None or small[start] in load("places")["units"]:
        return True
    names = _places()
    for n in range(min(4, len(small) - start), 0, -1):
        if (form := names.get(tuple(small[start : start + n]))) and (n > 1 or small[start] not in _ordinary()):
            cores[start : start + n] = form
            return True
    return small[start] in _ordinary()


@cache
def _places() -> Phrases:
    return {tuple(map(_small, name.split())): tuple(name.split()) for name in known_names()}


@cache
def _ordinary() -> frozenset[str]:
    return frozenset(load("capitals")["ordinary"])


def _may_be_name(small: Sequence[str], at: int) -> bool:
    """Whether a name may begin at a word: a surname hardly anything else is, or what stands behind a title or place."""
    before = small[at - 1] if at else ""
    person = before in load("capitals")["of_persons"] and small[at] in common_surnames()
    place = before in load("capitals")["of_places"] and small[at] not in _ordinary()
    return person or place or small[at].capitalize() in load("capitals")["surnames"]
