"""Names of persons: surname, middle and given names, and the ranks and degrees before them."""

from functools import cache

import regex

from vndoc.parse.knowledge import bare, likeness, load
from vndoc.parse.misreading import CLEARLY, clearest, is_syllable, is_well_spelt, misread_cost

_SHORT_NAMES = frozenset("ÁÝY")
"""Given names of one letter; others have lost theirs."""
_ALIKE = 0.5
_LONGEST = 80
"""Characters of the longest line that is a name, ranks and degrees included."""
_LONG = 5
"""Letters of a common surname from which on one of them may be misread."""
MENDED = 0.9
"""The most that a name may be sure of which the surname was mended."""
_COMPLETED = 0.88
"""Score of a name of which the last letter was read as a sign and can only be one letter."""
_RUINED_END = regex.compile(r"(?P<read>\p{L}{2,})(?P<ruin>[\d§¢£¥€©®$%&@#+=°¿¡]{1,2})[\W_]*$")
"""A word whose last letter was read as a digit or as a sign that no pen or speck behind it is read as."""


_OF_WOMEN = regex.compile(r"^H['’](?=\p{Lu})")
"""What names of women begin with in tongues of the Central Highlands: "H'Nga Niê", "Ksor H'Bơ"."""
_BEHEADED_RANK = regex.compile(r"^(?:\p{Ll}{1,5}\s)?(?:tá|úy|tướng)\s+(?=\p{Lu}\p{Ll}+\s\p{Lu})")
"""What a seal has left of a rank before a name: 'ượng tá', 'úy'."""


@cache
def _surnames() -> dict[str, str]:
    return {name.casefold(): name for name in load("surnames")["surnames"]}


@cache
def _common_surnames() -> tuple[str, ...]:
    """The surnames that are likelier than a given name, the list being by frequency."""
    return tuple(_surnames().values())[:30]


@cache
def given_names() -> frozenset[str]:
    """Syllables that middle and given names are common in."""
    return frozenset(load("surnames")["given_names"])


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
    return _BEHEADED_RANK.sub("", text)


def read_name(text: str) -> tuple[str, float] | None:
    """The Vietnamese personal name in a line and how sure it is; seal-eaten surnames are mended.

    Two to five capitalised syllables, the first a surname. The score falls with every letter that had to be guessed.
    """
    ruined = _RUINED_END.search(text) if len(text) <= _LONGEST else None
    if ruined is None:
        return _name_in(text)
    whole = _completed(ruined["read"], len(ruined["ruin"]))
    found = _name_in(text[: ruined.start()] + whole) if whole else None
    return (found[0], found[1] * _COMPLETED) if found else None


def _completed(read: str, lost: int) -> str | None:
    """The one given name that begins with ``read`` and has so many letters more: 'Trun§' is 'Trung'."""
    longer = [name for name in given_names() if len(name) == len(read) + lost and name.startswith(read)]
    return longer[0] if len(longer) == 1 and read not in given_names() else None


def _name_in(text: str) -> tuple[str, float] | None:
    words = _words_of_name(text)
    if not words:
        return None
    given = words[1:]
    surname = _surnames().get(words[0].casefold())
    if any(map(_OF_WOMEN.match, words)) and words[0] in (
        *load("surnames")["other_tongues"],
        *filter(_OF_WOMEN.match, words),
    ):
        return " ".join(words), 1.0
    if surname and words[0][0].isupper():
        return " ".join([surname, *given]), 1.0
    # What a seal leaves before 'Hà' is read with it: 'THà'.
    glued = _surnames().get(words[0][1:].casefold()) if words[0][1:2].isupper() and words[0][2:].islower() else None
    # 'Đình Trung' has lost its surname, rather than 'Đinh' its mark.
    own = len(words) == 2 and words[0] in given_names()
    mended = None if own else _mend_surname(words[0])
    if glued:
        other = any(misread_cost(words[0].casefold(), name) for name in _surnames() if name != glued.casefold())
        mended = None if other else (glued, 1.0)
    if mended is None and len(words) > 2 and len(words[0]) <= 2 and not is_well_spelt(words[1]):
        mended, given = _mend_surname(words[0] + words[1]), given[1:]
    return (" ".join([mended[0], *given]), mended[1] * MENDED) if mended else None


def _words_of_name(text: str) -> list[str]:
    """The words of a line that may be a name, without signs; empty where their shape speaks against it."""
    if len(text) > _LONGEST:
        return []
    cleaned = strip_titles(regex.sub(r"^[^\p{L}]+|[^\p{L}]+$", "", text.strip()))
    words = [regex.sub(r"^\W+|\W+$", "", w) for w in cleaned.split()]
    words = [regex.sub(r"^Gl(?=[aeou])", "Gi", w) for w in words if w]
    if not 2 <= len(words) <= 6 or any(not w.isalpha() and not _OF_WOMEN.match(w) for w in words):
        return []
    while len(words) > 2 and not words[-1][0].isupper():
        words.pop()
    given = words[1:]
    cut_off = len(words[-1]) == 1 and words[-1] not in _SHORT_NAMES
    plain = [_OF_WOMEN.sub("", w) for w in given]
    if cut_off or any(not (w[0].isupper() and (w[1:].islower() or not w[1:])) for w in plain):
        return []
    spelt_otherwise = words[0] in load("surnames")["other_tongues"] or any(map(_OF_WOMEN.match, words))
    strange = sum(not is_syllable(w) for w in given) > 1 and not spelt_otherwise
    return [] if strange or len(words) > 5 else words


def _mend_surname(word: str) -> tuple[str, float] | None:
    """The surname that a damaged word can only be: 'guzễn' -> 'Nguyễn', 'rần' -> 'Trần', but 'Lầu' may be itself."""
    whole = word[0].isupper() and is_well_spelt(word)
    alike = [name for name in _surnames() if abs(len(name) - len(word)) <= 2 and likeness(name, word) >= _ALIKE]
    found = clearest(word.casefold(), alike)
    if found is None or len(word) < (2 if whole else 3):
        return None
    name, cost = found
    if whole:
        certain = name in common_surnames() and cost <= CLEARLY
    elif any(other != name and _ends(other, word) for other in _surnames()):
        certain = False
    else:
        headless = _ends(name, word) and _surnames()[name] in load("surnames")["shares"]
        certain = cost <= CLEARLY or headless or (len(name) >= _LONG and name in common_surnames())
    return (_surnames()[name], 1 - cost / 4) if certain else None


def _ends(surname: str, word: str) -> bool:
    """Whether a word may be a surname without its first letter or two."""
    return 0 < len(surname) - len(word) <= 2 and bare(surname).endswith(bare(word))


@cache
def common_surnames() -> frozenset[str]:
    """Common surnames in small letters: the marks of one are lost oftener than a rare one is borne."""
    return frozenset(name.casefold() for name in _common_surnames())


def is_rare_surname(word: str) -> bool:
    """Whether a word is oftener a given name than a surname, as far as the list of surnames by frequency tells."""
    return word not in _common_surnames()


def lacks_end(name: str) -> bool:
    """Whether a name ends in a middle name, so that the given name is missing: 'Hà Văn'."""
    return name.split()[-1:] != [] and name.rsplit(maxsplit=1)[-1] in load("surnames")["middle_names"]


def is_name(text: str) -> bool:
    """Whether the text is a personal name, its surname whole."""
    found = read_name(text)
    return found is not None and found[1] == 1.0


def has_names_case(text: str) -> bool:
    """Whether the text is two to five words in a name's case, known as a name or not: "H'Hen Niê"."""
    word = r"\p{Lu}(?:['’]\p{Lu})?"
    return regex.fullmatch(rf"{word}\p{{Ll}}*(?: {word}\p{{Ll}}+){{1,4}}", text.strip()) is not None
