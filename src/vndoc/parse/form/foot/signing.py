"""Quyền hạn, chức vụ: the lines of authority and position (Decree 30/2020/NĐ-CP, Appendix I, II.7)."""

from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import zip_longest

import regex

from vndoc.parse.evidence import NOT_SURE
from vndoc.parse.form.foot.names import strip_titles
from vndoc.parse.knowledge import bare, best_match, is_capitals, load
from vndoc.parse.misreading import CLEARLY, clearest

_LED = regex.compile(r"^[\W_]{0,6}(?P<power>[\p{Lu}\d](?:\W?[\p{L}\d]){0,2})(?P<stop>\s?[.,;:/]\s*|\s+)(?P<rest>.+)$")
"""What may be a power and what it is followed by: two letters or three, a sign or blank between them where misread."""
_SPELT_OUT = regex.compile(r"^\W{0,3}(?P<power>[ĐD][ẠA]I DI[ỆE]N)\s+(?P<rest>\p{Lu}.*)$")
_ABBREVIATED = regex.compile(r"^\W{0,3}[\p{L}\d]{1,4}\s?[.,]\W{0,2}(?P<rest>\p{Lu}{2}.*)$")
_RUINED = regex.compile(r"^\W{0,3}[17|]?[\^\\/<>{}|17]\s?[.,]\W{0,2}(?P<rest>\p{Lu}{2}.*)$")
"""Signs and a stop before a head's title: what is left of 'KT.', which some write by hand."""
_UNKNOWN_REST = 0.6
"""Score of a line of authority that begins with a known power, and whose office or body is on no list."""


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


@lru_cache(maxsize=10_000)
def mend_position(text: str) -> tuple[str, float] | None:
    """The known position or body that ``text`` is, or begins with (the rest kept): 'GIÁM ĐÓC' -> 'GIÁM ĐỐC'."""
    cleaned = regex.sub(r"^[^\p{L}]+|[^\p{L}\d)]+$|(?<=\p{Lu}{2})[\"“”'’‘?!*^]\d?$", "", text)
    known = (*positions(), *_bodies())
    whole = best_match(cleaned, known, 0.75)
    if whole and (whole[1] == 1.0 or len(bare(cleaned)) >= 5):
        return whole if _tells(cleaned, whole[0]) else (whole[0], NOT_SURE)
    words = cleaned.split()
    for size in range(len(words) - 1, 1, -1):
        head = clearest(" ".join(words[:size]), known) if is_capitals(cleaned, 0.9) else None
        if head and head[1] <= CLEARLY:
            whole_title = f"{head[0]} {' '.join(words[size:])}"
            # 'BỘ TRƯỞNG, THỦ NHIỆM': no title of its own, but one with a letter misread.
            damaged = any(is_a_letter_off(whole_title, other) for other in positions())
            return whole_title, NOT_SURE if damaged else 0.95
    return None


def is_a_letter_off(read: str, title: str) -> bool:
    """Whether ``read`` is a title but for one letter, marks aside: 'THỦ TỊCH' and 'CHỦ TỊCH'."""
    pairs = list(zip_longest(bare(read).split(), bare(title).split(), fillvalue=""))
    other = [(a, b) for a, b in pairs if a != b]
    return len(pairs) > 1 and len(other) == 1 and len(other[0][0]) == len(other[0][1]) and _letters_off(*other[0]) == 1


def _letters_off(a: str, b: str) -> int:
    return sum(x != y for x, y in zip(a, b, strict=True))


def heads_of(organ: str) -> list[str]:
    """The titles of those who lead bodies of this kind; empty where that is not known."""
    rows = load("trust")["heads"]
    return next((row["heads"] for row in rows if regex.match(row["bodies"], organ, regex.I)), [])


def _tells(read: str, title: str) -> bool:
    """Whether what was read of a title's first word tells it from others that end alike: 'N TRƯỞNG' may be many's."""
    (first, *rest), (meant, *_) = bare(read).split(), bare(title).split()
    others = [known for known in positions() if known != title and bare(known).split()[1:] == rest]
    return not rest or first == meant or 2 * len(first) > len(meant) or len(others) < 2


@lru_cache(maxsize=10_000)
def read_signing_line(text: str) -> SigningLine | None:
    """The authority or position that a line of capitals states, mended; None where it is neither.

    Ranks and degrees before a position are the signer's own, and no authority: 'ThS. GIÁM ĐỐC' is 'GIÁM ĐỐC'.
    """
    if len(text) > 120:
        return None
    titled = strip_titles(regex.sub(r"^[^\p{L}\d]+", "", text))
    return _led_by_power(text) or (_position_in(text, titled) if is_capitals(titled, 0.75) else None)


def _position_in(text: str, titled: str) -> SigningLine | None:
    """The position that a line states; ``titled`` is the line without ranks and degrees."""
    if found := _SPELT_OUT.match(titled):
        return SigningLine("ĐẠI DIỆN", found["rest"].strip(" .,:;"), 0.9)
    short = next((short for short in load("signing")["deputy_abbreviations"] if titled.startswith(short)), None)
    if short and (head := mend_position(titled[len(short) :])):
        return SigningLine(None, f"{short} {head[0]}", head[1])
    if stated := _behind_ruin(text, titled):
        return stated
    mended = mend_position(text) or mend_position(titled)
    return SigningLine(None, *mended) if mended else None


def _behind_ruin(text: str, titled: str) -> SigningLine | None:
    """A head's title behind what is left of a power, or, ranks and degrees aside, behind letters that can be none."""
    ruined = _RUINED.match(text)
    found = ruined or _ABBREVIATED.match(titled)
    mended = mend_position(found["rest"]) if found else None
    if mended is None:
        return None
    if positions().get(mended[0]) is None:
        return SigningLine(None, mended[0], 0.8 * mended[1])
    return SigningLine("KT.", mended[0], 0.75) if ruined else SigningLine(None, mended[0], NOT_SURE)


def _led_by_power(text: str) -> SigningLine | None:
    """The line of authority, if the text opens with a power."""
    found = _power_of(text)
    if found is None:
        return None
    power, rest = found[0], found[1].strip(" .,;:_-|~'\"`")
    if not is_capitals(rest, 0.7) or len(rest) < 4:
        return None
    mended = mend_position(rest) or best_match(rest, load("signing")["signed_for"])
    return SigningLine(power, mended[0] if mended else rest, mended[1] if mended else _UNKNOWN_REST)


def _power_of(text: str) -> tuple[str, str] | None:
    """The power that opens the text as it should stand ('KT.', in the Party's papers 'K/T'), and what follows it."""
    for written, pattern in _party_powers():
        if party := pattern.match(text):
            return written, party["rest"]
    found = _LED.match(text)
    if found is None:
        return None
    letters = regex.sub(r"\W", "", found["power"])
    power = _powers().get(letters)
    if power is None or (found["stop"].isspace() and (letters != power.rstrip(".") or len(letters) < 2)):
        return None
    return power, found["rest"]


@cache
def _powers() -> dict[str, str]:
    """The powers by their letters: as printed, with one of them misread, and as listed."""
    looks: dict[str, str] = load("signing")["letter_looks"]
    read: dict[str, str] = {}
    for power in load("signing")["powers"]:
        letters = power["name"].rstrip(".")
        ruins = [letters[:i] + look + letters[i + 1 :] for i, c in enumerate(letters) for look in looks.get(c, "")]
        for form in (*power["misread"], *(ruins if len(letters) > 1 else ())):
            read[form] = power["name"] if form not in read else ""
    printed = {power["name"].rstrip("."): power["name"] for power in load("signing")["powers"]}
    return {form: name for form, name in read.items() if name} | printed


@cache
def _party_powers() -> tuple[tuple[str, "regex.Pattern[str]"], ...]:
    """The powers in the Party's papers ('K/T'), each with the lines that it opens."""
    written = [p["party"] for p in load("signing")["powers"] if "/" in p["party"]]
    return tuple((w, regex.compile(rf"^[\W_]{{0,6}}{w[0]}\s?/\s?{w[-1]}\b[.:]?\s*(?P<rest>.+)$")) for w in written)


def opens_position(text: str) -> bool:
    """Whether a line of capitals begins as a signer's title does: with a known position or, behind a power, a body."""
    if _SPELT_OUT.match(text):
        return True
    found = _power_of(text)
    known = {*positions(), *_bodies()} if found else positions()
    words = (found[1] if found else text).split()
    return any(" ".join(words[:size]) in known for size in range(1, len(words) + 1))


def is_deputy(position: str, head: str) -> bool:
    """Whether a position is that of a deputy of ``head``, permanent or not, and whatever body the head names."""
    heads = [known for known in positions() if head == known or head.startswith(f"{known} ")]
    titles = {title for known in heads for title in (positions()[known], f"PHÓ {known}") if title}
    return any(position == title or position.startswith(f"{title} ") for title in titles)


def names_office(position: str) -> bool:
    """Whether a position names the office that it is held in: 'GIÁM ĐỐC SỞ Y TẾ'."""
    return position not in positions() and any(position.startswith(f"{known} ") for known in positions())


def names_signer(text: str) -> bool:
    """Whether a line of capitals begins with a title or with a body that acts: 'BỘ TRƯỞNG BỘ Y TẾ', 'CHÍNH PHỦ'."""
    plain = f"{bare(text)} "
    return any(plain.startswith(f"{bare(known)} ") for known in (*positions(), *_bodies()))


def is_signing_line(text: str) -> bool:
    """Whether the text is an authority or position line."""
    return read_signing_line(text) is not None
