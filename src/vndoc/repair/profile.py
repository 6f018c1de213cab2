"""Which kind of garbling a passage shows, judged from its own letters."""

from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache

from vndoc.repair.model import Lexicon
from vndoc.repair.syllable import fold_tone, strip_marks, words_of

# Letters that only Vietnamese has; Tesseract's English data never prints them.
ONLY_VIETNAMESE = frozenset(
    "ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ" + "ĂĐƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
)
_MARKED = 0.12  # share of words with such a letter from which on a text counts as written with marks
_VIETNAMESE = 0.55  # share of words that are Vietnamese without their marks
_GARBLED = 0.02  # share of words with marks or signs where bare text has none
ENOUGH = 12  # words that a passage needs to be judged by itself


class Profile(StrEnum):
    """Kinds of garbling."""

    ENG = "eng"
    STRIPPED = "stripped"
    VIE = "vie"
    CLEAN = "clean"


@lru_cache(maxsize=1 << 15)
def _traits(chunk: str) -> tuple[bool, bool, tuple[str, ...]] | None:
    """Whether a chunk has Vietnamese letters, whether it looks garbled, its bare words; None if it tells nothing."""
    letters = sum(map(str.isalpha, chunk))
    if letters < 2 or (chunk.isupper() and len(chunk) < 6) or sum(map(str.isdigit, chunk)) > 2:
        return None
    parts = words_of(chunk)
    bare = "".join(parts)
    garbled = not bare.isascii() or bare != chunk.strip("([\"“”'.,;:!?)]-–—/…")
    return (
        not ONLY_VIETNAMESE.isdisjoint(chunk), garbled, tuple(strip_marks(fold_tone(part.lower())) for part in parts)
    )  # fmt: skip


def detect(words: Sequence[str], lexicon: Lexicon) -> Profile | None:
    """The profile of a run of chunks; None when they hold too little to tell."""
    plain = marked = garbled = vietnamese = 0
    for traits in map(_traits, words):
        if traits is not None:
            plain += 1
            marked += traits[0]
            garbled += traits[1]
            vietnamese += lexicon.bare_syllables.issuperset(traits[2])
    if plain < ENOUGH:
        return None
    if marked >= _MARKED * plain:
        return Profile.VIE
    if vietnamese < _VIETNAMESE * plain:
        return Profile.CLEAN
    return Profile.ENG if garbled >= _GARBLED * plain else Profile.STRIPPED


def profiles(chunks: Sequence[str], breaks: Sequence[int], lexicon: Lexicon) -> list[Profile]:
    """A profile for every chunk: that of its passage (parted by empty lines), of the whole text where it is short."""
    whole = detect(chunks, lexicon)
    if whole is None:
        whole = Profile.VIE if any(c in ONLY_VIETNAMESE for chunk in chunks for c in chunk) else Profile.ENG
    out: list[Profile] = []
    start = 0
    for end in [*(i for i, feeds in enumerate(breaks) if feeds > 1 and i), len(chunks)]:
        own = detect(chunks[start:end], lexicon) or whole
        if {own, whole} == {Profile.ENG, Profile.STRIPPED}:
            own = Profile.ENG
        out += [own] * (end - start)
        start = end
    return out
