"""Cuts text into pieces: readings to be repaired, and all that must pass through to the letter.

Numbers, dates, codes (``203/KH-UBND``), times, money, addresses of the net and abbreviations without a vowel are
frozen: they take part as context only. Punctuation at the edges is set aside; signs that stand for letters
(``co’`` for ``cơ``, ``¢)`` for ``c)``) stay with their reading.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from vndoc.repair.grams import COMMA, STOP

_LEAD = '([{<"“”‘«»–—-•*+_.,;:…~=|/\\'
_TRAIL = '.,;:!)]}>"”“»…-–—/*|_~='
_SIGNS = "?’'‘¢@&¥§$#€©®°"  # signs that Tesseract reads where a letter with two marks stood
_NET = re.compile(r"@[\w-]+\.\w|https?:|www\.|\.(vn|com|gov|net|org)\b", re.IGNORECASE)
_GARBLED = re.compile(rf"[^\W\d_]?[^\W\d_A-Z{_SIGNS}]*[\da-zà-ỹ{_SIGNS}]*", re.IGNORECASE)
_SPLIT = re.compile(
    r"([-–—/]+|(?<=[^\W\d_])[.,;:](?=[^\W_])|(?<=[^\W\d_]\d)[:;](?=[^\W_])|&(?=[A-ZĐ]{2})|[()\[\]\"“”…]+|\.{2,})"
)
_VOWEL = re.compile(r"[aeiouy]", re.IGNORECASE)
_CODE = re.compile(r"[A-ZĐ]+([-–/&][A-ZĐ]+)+")
_ROMAN = re.compile(r"X{0,3}(IX|IV|V?I{0,3})")
_STOPS = ".;:!?"


class Kind(IntEnum):
    """What may happen to a piece."""

    WORD = 0
    FROZEN = 1


@dataclass(slots=True, frozen=True)
class Piece:
    """A stretch of chunk number ``chunk`` from ``start`` to ``end``; ``before`` are the punctuation tokens ahead of it.

    ``signs`` counts the characters at its end that may be punctuation or part of the word; ``capitals`` tells
    whether the words around it are printed in capitals.
    """

    chunk: int
    start: int
    end: int
    reading: str
    kind: Kind
    before: tuple[int, ...] = ()
    signs: int = 0
    capitals: bool = False


def pieces_of(chunks: Sequence[str], breaks: Sequence[int]) -> list[Piece]:
    """All pieces of blank-free chunks in order; ``breaks`` counts the line feeds before each chunk."""
    out: list[Piece] = []
    punctuation: list[int] = [STOP]
    capitals = _in_capitals(chunks)
    for number, (chunk, feeds) in enumerate(zip(chunks, breaks, strict=True)):
        if feeds and _opens_paragraph(chunk, feeds):
            punctuation.append(STOP)
        for at, reading, kind, signs in _cut(chunk):
            if kind is None:
                punctuation += [STOP if c in _STOPS else COMMA for c in reading if c in _STOPS or c == ","]
                continue
            before = tuple(t for i, t in enumerate(punctuation) if i == 0 or t != punctuation[i - 1])[-2:]
            out.append(Piece(number, at, at + len(reading), reading, kind, before, signs, capitals[number]))
            punctuation = []
    return out


def _in_capitals(chunks: Sequence[str]) -> list[bool]:
    """For each chunk whether the two before and the two behind it, as far as they hold words, are all capitals."""
    kinds = [chunk.isupper() if sum(c.isalpha() for c in chunk) > 1 else None for chunk in chunks]
    out = []
    for i in range(len(kinds)):
        around = [k for k in (*kinds[max(i - 2, 0) : i], *kinds[i + 1 : i + 3]) if k is not None]
        out.append(bool(around) and all(around))
    return out


def _opens_paragraph(chunk: str, feeds: int) -> bool:
    """Whether a line that starts so begins a new thought: a dash, a label, or a capital after an empty line."""
    if chunk[0] in "-–—•*+" or re.fullmatch(r"(\d{1,2}|[^\W\d_]|[IVX]+)[.)]", chunk):
        return True
    return feeds > 1 and chunk[:1].isupper()


def _cut(chunk: str) -> list[tuple[int, str, Kind | None, int]]:
    """Parts of a blank-free chunk: offset, text, kind (None: punctuation), signs at the end."""
    if _is_frozen(chunk.strip(_LEAD + _TRAIL)) and any(c.isalnum() for c in chunk):
        lead = len(chunk) - len(chunk.lstrip(_LEAD))
        core = chunk.strip(_LEAD + _TRAIL)
        return [(lead, core, Kind.FROZEN, 0), (lead + len(core), chunk[lead + len(core) :], None, 0)]
    out: list[tuple[int, str, Kind | None, int]] = []
    at = 0
    for number, part in enumerate(_SPLIT.split(chunk)):
        if number % 2:
            out.append((at, part, None, 0))
        elif part:
            out += [(at + i, reading, kind, signs) for i, reading, kind, signs in _edges(part)]
        at += len(part)
    return out


def _edges(part: str) -> list[tuple[int, str, Kind | None, int]]:
    """Punctuation before, the reading, punctuation behind."""
    lead = len(part) - len(part.lstrip(_LEAD))
    core = part[lead:].rstrip(_TRAIL)
    out: list[tuple[int, str, Kind | None, int]] = []
    if lead:
        out.append((0, part[:lead], None, 0))
    if core:
        kind = Kind.FROZEN if _is_frozen(core) else Kind.WORD
        signs = len(core) - len(core.rstrip(_SIGNS)) if kind is Kind.WORD else 0
        out.append((lead, core, kind, signs))
    tail = part[lead + len(core) :]
    if tail:
        out.append((lead + len(core), tail, None, 0))
    return out


def _is_frozen(core: str) -> bool:
    """Whether a reading without its outer punctuation passes through as it is."""
    if not core:
        return True
    if _NET.search(core):
        return True
    digits = sum(c.isdigit() for c in core)
    letters = sum(c.isalpha() for c in core)
    if not letters:
        return core not in _SIGNS and not (digits == len(core) < 3)
    if digits:
        capitals = sum(c.isupper() for c in core)
        if digits > 2 or capitals > 1 or len(core) > 8 or re.search(r"[-–/.,:%()+]", core):
            return not re.match(r"[SsTt][6ốốo]\s*:", core)
        return capitals == 1 and digits == 2
    if _CODE.fullmatch(core) and not all(_VOWEL.search(part) for part in re.split(r"[-–/&]", core)):
        return True
    return _ROMAN.fullmatch(core) is not None or (
        len(core) > 1 and core.isalpha() and core.isupper() and not _VOWEL.search(core)
    )
