"""Quyền hạn, chức vụ, họ tên: the lines of a signature, one by one (Decree 30/2020/NĐ-CP, Appendix I, II.7)."""

from dataclasses import dataclass
from functools import cache, lru_cache

import regex
from rapidfuzz import fuzz

from vndoc.parse.knowledge import bare, best_match, is_capitals, load

_POWER = regex.compile(
    r"^[\W_]{0,6}(?:(?P<party>[TK]\s?/\s?[MTL])\b[.:]?|(?P<power>TM|KT|TL|TUQ|Q|1M|IM|K[ÍIƯ1Ï]|[LKI]\W?T)\s?[.,;:/])\s*(?P<rest>.+)$"
)
_REPRESENTATIVE = regex.compile(r"^\W{0,3}(?P<power>[ĐD][ẠA]I DI[ỆE]N)\s+(?P<rest>\p{Lu}.*)$")
_POWER_BARE = regex.compile(r"^\W{0,3}(?P<power>TM|KT|TL|TUQ)\s+(?P<rest>\p{Lu}.+)$")
_MISREAD = {"1M": "TM", "IM": "TM", "KÍ": "KT", "KI": "KT", "KƯ": "KT", "K1": "KT", "KÏ": "KT"}
_SYLLABLE = regex.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdghklmnpqrstvx])?[aeiouy]{1,3}(?:(?<=[aeiy])(?:ch|nh)|ng|[cmnpt])?",
    regex.I,
)


_SHORT_NAMES = frozenset("ÁÝY")
"""Given names of one letter; others have lost theirs."""


@dataclass(slots=True, frozen=True)
class SigningLine:
    """A line of authority ('KT. CHỦ TỊCH') or, with ``power`` None, of position ('PHÓ CHỦ TỊCH')."""

    power: str | None
    rest: str
    score: float

    @property
    def text(self) -> str:
        """The line as it should stand on the page."""
        return f"{self.power} {self.rest}" if self.power else self.rest


def is_syllable(word: str) -> bool:
    """Whether the word has the shape of one Vietnamese syllable."""
    return bool(_SYLLABLE.fullmatch(bare(word)))


@cache
def positions() -> dict[str, str | None]:
    """Every known position, heads and deputies, with the deputy who signs for it (None: nobody does)."""
    known: dict[str, str | None] = {}
    for entry in load("signing")["positions"]:
        known[entry["name"]] = entry["deputy"]
        if entry["deputy"]:
            known.setdefault(entry["deputy"], None)
    return known


@cache
def _bodies() -> tuple[str, ...]:
    return tuple(load("signing")["bodies"])


def mend_position(text: str) -> tuple[str, float] | None:
    """The known position or body that ``text`` is, or begins with (the rest kept): 'GIÁM ĐÓC' -> 'GIÁM ĐỐC'."""
    cleaned = regex.sub(r"^[^\p{L}]+|[^\p{L})]+$", "", text)
    known = (*positions(), *_bodies())
    if cleaned in known:
        return cleaned, 1.0
    whole = best_match(cleaned, known, 0.82)
    if whole and len(bare(cleaned)) >= 5:
        return whole
    words = cleaned.split()
    for size in range(len(words) - 1, 1, -1):
        head = best_match(" ".join(words[:size]), known, 0.92)
        if head and is_capitals(cleaned, 0.9):
            return f"{head[0]} {' '.join(words[size:])}", head[1] * 0.95
    return None


def _mend_loosely(text: str) -> tuple[str, float] | None:
    """The head whose title stands behind a power, badly read: 'GLAM ĐÓỌC' behind 'KT.' is 'GIÁM ĐỐC'."""
    found = best_match(text, [title for title, deputy in positions().items() if deputy], 0.75)
    return found if found and len(found[0].split()) == len(text.split()) else None


@lru_cache(maxsize=10_000)
def read_signing_line(text: str) -> SigningLine | None:
    """The authority or position that a line of capitals states, mended; None where it is neither."""
    if len(text) > 120:
        return None
    found = _POWER.match(text) or _POWER_BARE.match(text)
    if found:
        rest = found["rest"].strip(" .,;:_-|~'\"`")
        if is_capitals(rest, 0.7) and len(rest) >= 4:
            mended = mend_position(rest) or _mend_loosely(rest)
            return SigningLine(_power(found), mended[0] if mended else rest, mended[1] if mended else 0.6)
    if not is_capitals(text, 0.75):
        return None
    if found := _REPRESENTATIVE.match(text):
        return SigningLine("ĐẠI DIỆN", found["rest"].strip(" .,:;"), 0.9)
    mended = mend_position(text)
    return SigningLine(None, *mended) if mended else None


def opens_position(text: str) -> bool:
    """Whether a line of capitals begins as a signer's title does: with a known position or, behind a power, a body."""
    if _REPRESENTATIVE.match(text):
        return True
    found = _POWER.match(text)
    known = {*positions(), *_bodies()} if found else positions()
    words = (found["rest"] if found else text).split()
    return any(" ".join(words[:size]) in known for size in range(1, len(words) + 1))


def names_signer(text: str) -> bool:
    """Whether a line of capitals begins with a title or with a body that acts: 'BỘ TRƯỞNG BỘ Y TẾ', 'CHÍNH PHỦ'."""
    plain = f"{bare(text)} "
    return any(plain.startswith(f"{bare(known)} ") for known in (*positions(), *_bodies()))


def _power(found: "regex.Match[str]") -> str:
    """The abbreviation as it should stand: 'KT.', and 'K/T' in the Party's papers."""
    if party := found.groupdict().get("party"):
        return regex.sub(r"\s", "", party)
    power = found["power"]
    return f"{'KT' if power[0] in 'LKI' and power[-1] == 'T' else _MISREAD.get(power, power)}."


def is_signing_line(text: str) -> bool:
    """Whether the text is an authority or position line."""
    return read_signing_line(text) is not None


@cache
def _surnames() -> dict[str, str]:
    return {name.casefold(): name for name in load("surnames")["surnames"]}


@cache
def _common_surnames() -> tuple[str, ...]:
    """The surnames that are likelier than a given name, the list being by frequency."""
    return tuple(_surnames().values())[:30]


@cache
def _name_titles() -> tuple[str, ...]:
    return tuple(sorted(load("signing")["name_titles"], key=len, reverse=True))


def strip_titles(text: str) -> str:
    """A signer's name without ranks and degrees: 'PGS.TS. Ngô Minh Xuân' -> 'Ngô Minh Xuân'."""
    titles = _name_titles()
    changed = True
    while changed:
        changed = False
        for title in titles:
            rest = text[len(title) :]
            if text.casefold().startswith(title.casefold()) and (title[-1] == "." or rest[:1] in " ."):
                text, changed = rest.lstrip(" .,-:"), True
    return text


def read_name(text: str) -> tuple[str, float] | None:
    """The Vietnamese personal name in a line and how sure it is; seal-eaten surnames are mended.

    Two to five capitalised syllables, the first a surname. The score falls with every letter that had to be guessed.
    """
    if len(text) > 80:
        return None
    cleaned = strip_titles(regex.sub(r"^[^\p{L}]+|[^\p{L}]+$", "", text.strip()))
    words = [regex.sub(r"^\W+|\W+$", "", w) for w in cleaned.split()]
    words = [regex.sub(r"^Gl(?=[aeou])", "Gi", w) for w in words if w]
    if not 2 <= len(words) <= 6 or any(not w.isalpha() for w in words):
        return None
    while len(words) > 2 and not words[-1][0].isupper():
        words.pop()
    given = words[1:]
    cut_off = len(words[-1]) == 1 and words[-1] not in _SHORT_NAMES
    if cut_off or any(not (w[0].isupper() and (w[1:].islower() or not w[1:])) for w in given):
        return None
    spelt_otherwise = words[0] in load("surnames")["other_tongues"]
    if (sum(not is_syllable(w) for w in given) > 1 and not spelt_otherwise) or len(words) > 5:
        return None
    surname = _surnames().get(words[0].casefold())
    if surname and words[0][0].isupper():
        return " ".join([surname, *given]), 1.0
    # What a seal leaves before 'Hà' is read with it: 'THà'.
    glued = _surnames().get(words[0][1:].casefold()) if words[0][1:2].isupper() and words[0][2:].islower() else None
    mended = (glued, 1.0) if glued else _mend_surname(words[0])
    if mended is None and len(words) > 2 and len(words[0]) <= 2:
        mended, given = _mend_surname(words[0] + words[1]), given[1:]
    return (" ".join([mended[0], *given]), mended[1] * 0.9) if mended else None


def _mend_surname(word: str) -> tuple[str, float] | None:
    """The common surname most like a damaged one: 'guzễn' -> 'Nguyễn', 'rần' -> 'Trần'."""
    if len(word) < 2:
        return None
    score, name = max((_alike(word.casefold(), n.casefold()), n) for n in _common_surnames())
    return (name, score) if score >= 0.66 else None


def _alike(a: str, b: str) -> float:
    return max(fuzz.ratio(a, b), 0.95 * fuzz.ratio(bare(a), bare(b))) / 100


def is_rare_surname(word: str) -> bool:
    """Whether a word is oftener a given name than a surname, as far as the list of surnames by frequency tells."""
    return word not in _common_surnames()


def is_name(text: str) -> bool:
    """Whether the text is a personal name, its surname whole."""
    found = read_name(text)
    return found is not None and found[1] == 1.0
