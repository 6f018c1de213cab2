"""Text from before Unicode, read as Latin-1: ``Céng hßa X· héi`` is TCVN3 for ``Cộng hòa Xã hội``."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from vndoc.repair.model import Lexicon, load
from vndoc.repair.profile import ONLY_VIETNAMESE
from vndoc.repair.syllable import fold_tone

LEAST_WORDS = 4  # different words with letters of the encoding that a text must hold to be judged
LEAST_SHARE = 0.85  # of these must become syllables
_LETTERS = re.compile(r"[^\s\d.,;:!?()\"/-]+")


@dataclass(frozen=True)
class Encoding:
    """One encoding: what its letters, alone or with a mark letter, stand for."""

    name: str
    letters: dict[str, str]

    def decoded(self, chunk: str) -> str:
        """The chunk in Unicode; longer letters first."""
        return self._pattern().sub(lambda found: self.letters[found.group()], chunk)

    def encoded(self, text: str) -> str:
        """Unicode text as this encoding looks in Latin-1; letters that it lacks stay."""
        back = {letter: sign for sign, letter in self.letters.items()}
        return "".join(back.get(c, c) for c in text)

    def _pattern(self) -> re.Pattern[str]:
        return _pattern(tuple(self.letters))


@cache
def _pattern(letters: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(sign) for sign in sorted(letters, key=len, reverse=True)))


@cache
def encodings() -> tuple[Encoding, ...]:
    """All encodings of ``data/encodings.json``."""
    text = files("vndoc.repair").joinpath("data/encodings.json").read_text(encoding="utf-8")
    return tuple(Encoding(name, entry["letters"]) for name, entry in json.loads(text)["encodings"].items())


def detect(chunks: Sequence[str], lexicon: Lexicon) -> Encoding | None:
    """The encoding that makes syllables of nearly all words with letters beyond ASCII, if there is one."""
    if any(c in ONLY_VIETNAMESE for chunk in chunks for c in chunk):
        return None
    words = {word for chunk in chunks if not chunk.isascii() for word in _LETTERS.findall(chunk) if not word.isascii()}
    if len(words) < LEAST_WORDS:
        return None
    found = []
    for encoding in encodings():
        known = sum(fold_tone(encoding.decoded(word).lower()) in lexicon.syllable_numbers for word in words)
        found.append((known / len(words), encoding))
    share, best = max(found, key=lambda pair: pair[0])
    return best if share >= LEAST_SHARE else None


def from_old_encoding(words: Sequence[str]) -> list[str] | None:
    """The words of a text in TCVN3 or VNI in Unicode; None where they are in no known encoding."""
    if any(c in ONLY_VIETNAMESE for word in words for c in word):
        return None  # without the model, which takes a second to load
    encoding = detect(words, load().lexicon)
    return [encoding.decoded(word) for word in words] if encoding else None
