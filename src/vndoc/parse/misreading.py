"""Whether what was read can be a misreading of a known value: by the confusions that OCR makes, and by no others.

No reading is replaced by a value that its letters contradict. Marks get lost and letters that look alike are taken for
each other (``data/confusions.json``). What is no Vietnamese syllable ('GLAM') may besides have lost, doubled or
misread a letter; a well-spelt one ('HIỆU') is another word unless it differs in its marks alone.
"""

import json
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import regex
from unidecode import unidecode

from vndoc.parse.fold import fold, old_tones

MARK = 0.1
"""Cost of a mark lost, won or changed; of a letter confused with one that looks like it; of any other."""
CONFUSED = 0.5
STRANGE = 1.0
_HEAD_LOST = 0.5
_GLUED = 0.25
_JUNK = 0.75
_NEVER = 100.0
_SPECK = 3
"""Letters of the longest speck that is read as a word."""
_SHORTEST = 3
"""Letters of the shortest word in which one may be misread: a seal leaves much that looks like two."""
_LONG = 5
"""Letters from which on a well-spelt word ('TRƯỞN') has rather lost its last than is another."""
_MOST = 2.0
_MOST_OF_WORD = 1.5
_SHARE_OF_WORD = 0.25
_TWO_CONFUSIONS = 2 * CONFUSED + 3 * MARK
CLEARLY = 0.35
"""How much more the next-best known value must cost: more than three marks."""

_SYLLABLE = regex.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdghklmnpqrstvx])?[aeiouy]{1,3}(?:(?<=[aeiy])(?:ch|nh)|ng|[cmnpt])?",
    regex.I,
)
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_EDGES = regex.compile(r"^[^\p{L}\d|!]+|[^\p{L}\d|!]+$")
_SIGNS = regex.compile(r"[^a-z0-9|!]+")
_NO_RHYME = regex.compile(
    r"o[ôơ]|[ôơ]o|a[âă]|[âă]a|eê|êe|o[ốồổỗộớờởỡợ]|a[ấầẩẫậắằẳẵặ]|e[ếềểễệ]|(?<![aeoôơuưy\p{M}])[iíìỉĩịyýỳỷỹỵ](?:c|ng)$"
)
"""What stands in no Vietnamese rhyme, though each letter of it does: 'TOÔNG', 'TIC'."""
_NO_ONSET = regex.compile(r"c[eéèẻẽẹêếềểễệiíìỉĩịyýỳỷỹỵ]")
"""What opens no Vietnamese syllable: before these vowels it is written 'k'. So 'CIÁM' is a damaged 'GIÁM'."""
_VIETNAMESE = regex.compile(r"(?:[a-zđ][\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031b]*)+")


def is_syllable(word: str) -> bool:
    """Whether the word has the shape of one Vietnamese syllable, whatever its marks."""
    return bool(_SYLLABLE.fullmatch(_letters(word)))


def is_well_spelt(word: str) -> bool:
    """Whether the word could be written so: Vietnamese letters alone, the shape of a syllable, one tone at most."""
    apart = unicodedata.normalize("NFD", word.lower())
    tones = sum(char in _TONES for char in apart)
    spelt = tones <= 1 and bool(_VIETNAMESE.fullmatch(apart)) and is_syllable(word)
    return spelt and not _NO_RHYME.search(word.lower()) and not _NO_ONSET.match(word.lower())


def contradicts(read: str, known: str) -> bool:
    """Whether ``read`` holds a well-spelt word of three letters or more that is none of those of ``known``."""
    letters = {_letters(word) for word in _words(known)}
    letters |= {word[:-1] for word in letters if word[-1:] in "gh"}
    return any(len(word) > 2 and is_well_spelt(word) and _letters(word) not in letters for word in _words(read))


def clearest(
    read: str, choices: Iterable[str], value: Callable[[str], object] | None = None
) -> tuple[str, float] | None:
    """The choice that ``read`` is a misreading of, and the cost of it; None if there is none, or several likely ones.

    Args:
        read: what was read.
        choices: known values.
        value: what a choice means, where several mean the same; each is its own meaning without it.
    """
    known = list(choices)
    if read in known:
        return read, 0.0
    ranked = sorted((cost, choice) for choice in known if (cost := misread_cost(read, choice)) is not None)
    if not ranked:
        return None
    cost, best = ranked[0]
    meant = value or _spelling
    # Where letters were confused, whatever two confusions explain is a rival; where only marks were, marks alone are.
    least = cost + CLEARLY if cost <= CLEARLY else max(cost + CLEARLY, _TWO_CONFUSIONS)
    rivals = [other for other_cost, other in ranked[1:] if other_cost < least and meant(other) != meant(best)]
    return None if rivals and cost else (best, cost)


def _spelling(text: str) -> object:
    return old_tones(text).casefold()


@lru_cache(maxsize=50_000)
def misread_cost(read: str, known: str) -> float | None:
    """What it costs to take ``read`` for a misreading of ``known``; None if no confusion explains it."""
    words, meant = _words(read), _words(known)
    if not words or not meant:
        return None
    if len(words) == len(meant) + 1:
        rests = [words[at : at + len(meant)] for at in (0, 1) if _is_speck(words[-1 if at == 0 else 0], known)]
        costs = [cost for rest in rests if (cost := _words_cost(rest, meant)) is not None]
        return min(costs) + _JUNK if costs else None
    if len(words) != len(meant):
        same = _letters("".join(words)) == _letters("".join(meant))
        return _marks_cost("".join(words), "".join(meant)) + _GLUED if same else None
    return _words_cost(words, meant)


def _is_speck(word: str, known: str) -> bool:
    """Whether a short word beside a known value is no word, or not in its capitals; three capitals may be 'PHÓ'."""
    lower = known.isupper() and not word.isupper()
    return len(word) <= (_SPECK if lower else _SPECK - 1) and (lower or not is_well_spelt(fold(word)))


def _words_cost(words: Sequence[str], meant: Sequence[str]) -> float | None:
    total = 0.0
    for place, (word, known) in enumerate(zip(words, meant, strict=True)):
        cost = _word_cost(word, known, opens=place == 0)
        if cost is None:
            return None
        total += cost
    return total if total <= _MOST else None


def _word_cost(word: str, known: str, opens: bool) -> float | None:
    if _letters(word) == _letters(known):
        return _marks_cost(word, known)
    read, meant = _letters(word), _letters(known)
    lost = len(meant) - len(read)
    # A seal eats a title from the left: of 'PHÓ' it leaves 'HÓ'.
    if opens and read and 0 < lost <= 2 and meant.endswith(read):
        return _HEAD_LOST * lost + _marks_cost(word, known[lost:])
    if len(read) >= _LONG and lost == 1 and meant[-1] in "gh" and meant.startswith(read):
        return CONFUSED
    if is_well_spelt(word) or len(read) < _SHORTEST or len(meant) < 2:
        return None
    # 'TRẠỈ' has a tone too many; its letters are another word's all the same.
    cost = _edits(read, meant, word.isupper(), _NEVER if is_well_spelt(read) else STRANGE)
    return cost if cost <= min(_MOST_OF_WORD, _SHARE_OF_WORD * len(meant)) else None


def code_cost(read: str, known: str) -> float | None:
    """The cost of a code: capitals confused, or one of them read as two; no word tells what else it may be."""
    cost = _edits(fold(read), fold(known), True, _NEVER)
    return cost if cost <= CONFUSED else None


@lru_cache(maxsize=50_000)
def _edits(read: str, known: str, capitals: bool, strange: float) -> float:
    """The least cost of turning one word into the other, letter by letter and run by run; without marks."""
    pairs, groups = _pairs(capitals), _groups()
    best = [[_NEVER] * (len(known) + 1) for _ in range(len(read) + 1)]
    best[0][0] = 0.0
    for i in range(len(read) + 1):
        for j in range(len(known) + 1):
            here = best[i][j]
            if here >= _NEVER:
                continue
            a, b = read[i : i + 1], known[j : j + 1]
            steps: list[tuple[int, int, float]] = []
            if a and b:
                steps.append((1, 1, 0.0 if a == b else CONFUSED if a + b in pairs else strange))
            if a:
                beside = known[j - 1 : j] if j else b
                steps.append((1, 0, CONFUSED if beside and (a == beside or a + beside in pairs) else strange))
            if b:
                steps.append((0, 1, strange))
            steps += [(len(x), len(y), CONFUSED) for x, y in groups if read.startswith(x, i) and known.startswith(y, j)]
            for di, dj, cost in steps:
                best[i + di][j + dj] = min(best[i + di][j + dj], here + cost)
    return best[-1][-1]


@cache
def _confusions() -> Any:
    return json.loads(files("vndoc.parse").joinpath("data", "confusions.json").read_text(encoding="utf-8"))


@cache
def _pairs(capitals: bool) -> frozenset[str]:
    data = _confusions()
    listed = [*data["letters"], *(data["capitals"] if capitals else [])]
    return frozenset(pair for a, b in listed for pair in (a + b, b + a))


@cache
def _groups() -> tuple[tuple[str, str], ...]:
    return tuple(pair for a, b in _confusions()["groups"] for pair in ((a, b), (b, a)))


def _marks_cost(read: str, known: str) -> float:
    """The cost of the marks in which two words of the same letters differ."""
    a, b = (unicodedata.normalize("NFD", old_tones(text).casefold().replace("đ", "d\u0335")) for text in (read, known))
    marks = [sorted(char for char in text if not char.isalpha()) for text in (a, b)]
    differing = sum(marks[0].count(m) != marks[1].count(m) for m in {*marks[0], *marks[1]})
    return MARK * max(differing, 1) if a != b else 0.0


@lru_cache(maxsize=50_000)
def _words(text: str) -> tuple[str, ...]:
    return tuple(word for part in text.split() if (word := _EDGES.sub("", part)))


@lru_cache(maxsize=50_000)
def _letters(text: str) -> str:
    """Lower-case letters, digits and signs without marks, the latter only where they may be a letter."""
    return str(_SIGNS.sub("", unidecode(text).lower()))
