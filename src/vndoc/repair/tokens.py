"""Cuts text into pieces: readings to be repaired, and all that must pass through to the letter.

Numbers, dates, codes (``203/KH-UBND``), times, money, addresses of the net and abbreviations without a vowel are
frozen: they take part as context only. Punctuation at the edges is set aside; signs that stand for letters
(``co’`` for ``cơ``, ``¢)`` for ``c)``) stay with their reading.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise
from operator import itemgetter

from vndoc.repair.grams import COMMA, STOP
from vndoc.repair.syllable import strip_marks

_BULLETS = tuple("-–—•*+")
_LEAD = '([{<"“”‘«»–—-•*+_.,;:…~=|/\\'
_TRAIL = '.,;:!)]}>"”“»…-–—/*|_~='
_SIGNS = "?’'‘¢@&¥§$#€©®°"  # signs that Tesseract reads where a letter with two marks stood
_NET = re.compile(r"@[\w-]+\.\w|https?:|www\.|\.(vn|com|gov|net|org)\b", re.IGNORECASE)
_SPLIT = re.compile(
    r"([-–—/]+|(?<=[^\W\d_])[.,;:](?=[^\W_])|(?<=[^\W\d_]\d)[:;](?=[^\W_])|&(?=[A-ZĐ]{2})|[()\[\]\"“”…]+|\.{2,})"
)
_VOWEL = re.compile(r"[aeiouy]", re.IGNORECASE)
_CODE = re.compile(r"[A-ZĐ]+([-–/&][A-ZĐ]+)+")
_FOREIGN = re.compile(r"[^\W\d_\u0000-\u024f\u1e00-\u1eff]")  # letters of other scripts
_ROMAN = re.compile(r"X{0,3}(IX|IV|V?I{0,3})")
_MEASURE = re.compile(r"\d\d(h|g|m|km|kg|cm|mm|ha|kV)|[cdk]?m[23]")
_RATED = re.compile(r"[^\W\d_A-ZĐ]{3,}")  # ``m3/ngay``: what follows the stroke is a word
_DIGIT = re.compile(r"\d")
_ABBREVIATION = re.compile(r"[A-Z]{2,4}")
_LABEL = re.compile(r"[a-zđ]\)")
_LINKED = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)+")
_STOPS = ".;:!?"
_DASHES = frozenset("-–—")


class Kind(IntEnum):
    """What may happen to a piece."""

    WORD = 0
    FROZEN = 1


@dataclass(slots=True, frozen=True)
class Piece:
    """A stretch of chunk number ``chunk`` from ``start`` to ``end``; ``before`` are the punctuation tokens ahead of it.

    ``signs`` counts the characters at its end that may be punctuation or part of the word; ``capitals`` tells
    whether the words around it are printed in capitals. ``links`` are the hyphens of the row of words that it is one
    of: two in 'Mát-xcơ-va'.
    """

    chunk: int
    start: int
    end: int
    reading: str
    kind: Kind
    before: tuple[int, ...] = ()
    signs: int = 0
    capitals: bool = False
    links: int = 0


def pieces_of(chunks: Sequence[str], breaks: Sequence[int]) -> list[Piece]:
    """All pieces of blank-free chunks in order; ``breaks`` counts the line feeds before each chunk."""
    out: list[Piece] = []
    punctuation: list[int] = [STOP]
    capitals = _in_capitals(chunks)
    for number, (chunk, feeds) in enumerate(zip(chunks, breaks, strict=True)):
        if feeds and _opens_paragraph(chunk, feeds):
            punctuation.append(STOP)
        elif not feeds and chunk in _DASHES:
            punctuation.append(COMMA)  # "Truyền thống - Văn hóa": what stands on both sides is no phrase
        links = [(m.start(), m.end(), m.group().count("-")) for m in _LINKED.finditer(chunk)] if "-" in chunk else []
        for at, reading, kind, signs in _cut(chunk):
            if kind is None:
                punctuation += [STOP if c in _STOPS else COMMA for c in reading if c in _STOPS or c == ","]
                continue
            # among capitals "SG" may be "SỞ"
            in_doubt = capitals[number] and _ABBREVIATION.fullmatch(reading)
            before = tuple(t for i, t in enumerate(punctuation) if i == 0 or t != punctuation[i - 1])[-2:]
            piece_kind = Kind.WORD if in_doubt else kind
            end = at + len(reading)
            linked = _hyphens_around(links, at, end)
            out.append(Piece(number, at, end, reading, piece_kind, before, signs, capitals[number], linked))
            punctuation = []
    return out


def _hyphens_around(links: Sequence[tuple[int, int, int]], start: int, end: int) -> int:
    """The hyphens of the row of words that a stretch lies in, by first, last and hyphens of each in order; else 0."""
    at = bisect_right(links, start, key=itemgetter(0)) - 1
    return links[at][2] if at >= 0 and end <= links[at][1] else 0


def _in_capitals(chunks: Sequence[str]) -> list[bool]:
    """For each chunk whether it stands among capitals.

    Either it and a neighbour are in capitals, or the two before and the two behind it are, as far as they hold words.
    """
    kinds = [chunk.isupper() if sum(map(str.isalpha, chunk)) > 1 else None for chunk in chunks]
    if True not in kinds:
        return [False] * len(kinds)
    out = []
    for i in range(len(kinds)):
        before, behind = kinds[max(i - 2, 0) : i], kinds[i + 1 : i + 3]
        around = {*before, *behind}
        begins_or_ends = kinds[i] is True and True in (*before[-1:], *behind[:1])
        out.append(begins_or_ends or (True in around and False not in around))
    return out


def _opens_paragraph(chunk: str, feeds: int) -> bool:
    """Whether a line that starts so begins a new thought: a dash, a label, or a capital after an empty line."""
    if chunk.startswith(_BULLETS) or re.fullmatch(r"(\d{1,2}|[^\W\d_]|[IVX]+)[.)]", chunk):
        return True
    return feeds > 1 and chunk[:1].isupper()


@lru_cache(maxsize=1 << 15)
def _cut(chunk: str) -> tuple[tuple[int, str, Kind | None, int], ...]:
    """Parts of a blank-free chunk: offset, text, kind (None: punctuation), signs at the end."""
    if _LABEL.fullmatch(chunk):
        return (0, chunk[:-1], Kind.FROZEN, 0), (len(chunk) - 1, chunk[-1], None, 0)
    digit = _DIGIT.search(chunk)
    words: list[int] = []
    at = len(chunk)
    while digit and (at := _word_behind_stroke(chunk[:at], digit.start())):
        words.append(at)
    cuts = [0, *reversed(words), len(chunk)]
    return tuple(
        (at + i, reading, kind, signs)
        for at, end in pairwise(cuts)
        for i, reading, kind, signs in _parted(chunk[at:end])
    )


def _word_behind_stroke(chunk: str, digit: int) -> int:
    """Where the word begins that ends a chunk behind its last stroke and a digit; 0 where none does."""
    lead, core = _bared(chunk)
    stroke = core.rfind("/")
    return lead + stroke + 1 if digit < lead + stroke and _RATED.fullmatch(core, stroke + 1) else 0


def _parted(chunk: str) -> Sequence[tuple[int, str, Kind | None, int]]:
    """Parts of a chunk, or of a piece of one, in which no word stands behind a stroke and a digit."""
    lead, core = _bared(chunk)
    if _is_frozen(core) and any(c.isalnum() for c in chunk):
        return (lead, core, Kind.FROZEN, 0), (lead + len(core), chunk[lead + len(core) :], None, 0)
    out: list[tuple[int, str, Kind | None, int]] = []
    at = 0
    for number, part in enumerate(_SPLIT.split(chunk)):
        if number % 2:
            out.append((at, part, None, 0))
        elif part:
            out += [(at + i, reading, kind, signs) for i, reading, kind, signs in _edges(part)]
        at += len(part)
    return out


def _bared(text: str) -> tuple[int, str]:
    """How many characters of punctuation stand before the reading, and the reading without what stands behind."""
    lead = len(text) - len(text.lstrip(_LEAD))
    return lead, text[lead:].rstrip(_TRAIL)


def _edges(part: str) -> list[tuple[int, str, Kind | None, int]]:
    """Punctuation before, the reading, punctuation behind."""
    lead, core = _bared(part)
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
    if not any(c.isalpha() for c in core):
        # a sign, or one digit or two alone, may stand for a word: ``&`` or ``6`` for ``ở``
        return not core or len(core) > 2 or not all(c.isdigit() or c in _SIGNS for c in core)
    if _NET.search(core) or _ROMAN.fullmatch(core) or _FOREIGN.search(core):
        return True
    if any(c.isdigit() for c in core):
        return _is_number(core)
    if _CODE.fullmatch(core):
        return not all(_VOWEL.search(part) for part in re.split(r"[-–/&]", core))
    return len(core) > 1 and core.isalpha() and core.isupper() and not _VOWEL.search(strip_marks(core))


def _is_number(core: str) -> bool:
    """Whether digits among letters are a number or a code; few among small letters are a garbled word (``s6``)."""
    digits = sum(c.isdigit() for c in core)
    capitals = sum(c.isupper() for c in core)
    if digits > 2 or capitals > 1 or len(core) > 8 or re.search(r"[-–/.,:%()+]", core):
        return not re.match(r"[SsTt][6ốo]\s*:", core)
    return (capitals == 1 and digits == 2) or _MEASURE.fullmatch(core) is not None
