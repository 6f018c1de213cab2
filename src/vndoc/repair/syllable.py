"""The Vietnamese syllable: its parts, its tone placement, its skeleton without marks.

A written syllable is an onset (possibly empty) and a rhyme that carries the tone. Two ways of placing the tone are in
use (``hòa`` and ``hoà``); inside this package every word is in the old one (``hòa``, ``ủy``), that of the Decree
30/2020/NĐ-CP.
"""

import re
import unicodedata
from functools import lru_cache

TONES = "\u0300\u0301\u0303\u0309\u0323"


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_ONSETS = _listed("ngh ng nh gh gi kh ph th tr ch qu b c d đ g h k l m n p q r s t v x")
_FINALS = _listed("ng nh ch c m n p t")
# Vowel groups as written, without tone; those after which a final consonant may, must not or must stand.
_EITHER = frozenset(_listed("a e ê i o ô ơ u ư y oa oe uê uy ue"))
_OPEN_ONLY = frozenset(
    _listed(
        "ai ao au ay âu ây eo êu ia iêu iu oai oao oay oeo oi ôi ơi ua uây ui uôi uơ uya uyu uêu ưa ưi ươi ươu ưu yêu "
        "uao uai uay uau ueo"
    )
)
_CLOSED_ONLY = frozenset(_listed("ă â iê oă oo ôô uâ uô uyê ươ yê uă"))
_FOLDS = {"oa": "o", "oe": "o", "uy": "u"}
_LETTERS = re.compile(r"[^\W\d_]+")


def strip_tone(word: str) -> tuple[str, str]:
    """The word without its tone mark, and the combining mark (empty for the level tone)."""
    tone = ""
    out = []
    for char in unicodedata.normalize("NFD", word):
        if char in TONES:
            tone = char
        else:
            out.append(char)
    return unicodedata.normalize("NFC", "".join(out)), tone


@lru_cache(maxsize=1 << 17)
def strip_marks(text: str) -> str:
    """Text without any diacritic; ``đ`` becomes ``d``. Same length as the NFC text for Vietnamese letters."""
    text = text.replace("đ", "d").replace("Đ", "D")
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def fold_tone(word: str) -> str:
    """Move the tone of a final ``oa``, ``oe``, ``uy`` to its first vowel: ``hoà`` -> ``hòa``, but ``quý`` stays."""
    if len(word) < 2 or word[-1] not in _SECOND:
        return word
    base, tone = strip_tone(word[-1])
    first = word[-2]
    if not tone or first.lower() + base.lower() not in _FOLDS:
        return word
    if first in "uU" and len(word) > 2 and word[-3] in "qQ":
        return word
    return word[:-2] + unicodedata.normalize("NFC", first + tone) + base


def unfold_tone(word: str) -> str:
    """Inverse of :func:`fold_tone`: the new placement, ``hòa`` -> ``hoà``."""
    if len(word) < 2 or word[-1] not in "aeyAEY":
        return word
    base, tone = strip_tone(word[-2])
    if not tone or base.lower() + word[-1].lower() not in _FOLDS:
        return word
    if base in "uU" and len(word) > 2 and word[-3] in "qQ":
        return word
    return word[:-2] + base + unicodedata.normalize("NFC", word[-1] + tone)


_SECOND = frozenset(unicodedata.normalize("NFC", vowel + tone) for vowel in "aeyAEY" for tone in TONES)


def split(word: str) -> tuple[str, str]:
    """Onset and rhyme of a word in any case; the ``i`` of ``gi`` belongs to the rhyme if it is its only vowel."""
    low = strip_marks(word.lower())
    for onset in _ONSETS:
        plain = strip_marks(onset)
        if low.startswith(plain) and (onset[0] == "đ") == (word[0] in "đĐ"):
            cut = len(onset)
            if onset in ("gi", "qu") and not any(c in "aeiouy" for c in low[cut:]):
                cut = 1
            elif strip_tone(word[:cut])[1]:
                cut -= 1
            return word[:cut], word[cut:]
    return "", word


@lru_cache(maxsize=1 << 16)
def is_syllable(word: str) -> bool:
    """Whether a lower-case NFC word in the old tone placement can be a Vietnamese syllable by its spelling."""
    onset, rhyme = split(word)
    if not rhyme or (onset and onset not in _ONSETS):
        return False
    base, tone = strip_tone(rhyme)
    final = next((f for f in _FINALS if base.endswith(f)), "")
    nucleus = base[: len(base) - len(final)] if final else base
    if nucleus not in _EITHER and nucleus not in (_CLOSED_ONLY if final else _OPEN_ONLY):
        return False
    if final in ("c", "ch", "p", "t") and tone not in ("\u0301", "\u0323"):
        return False
    if (nucleus == "ue" and tone) or (nucleus == "y" and final and onset != "qu"):  # 'Húe' is 'Huế', 'Hỳng' none
        return False
    if sum(c in TONES for c in unicodedata.normalize("NFD", rhyme)) > 1:
        return False
    return _tone_well_placed(nucleus, final, rhyme)


def _tone_well_placed(nucleus: str, final: str, rhyme: str) -> bool:
    """A marked vowel (ê, ơ ...) carries the tone; of two plain ones the last before a final, else the first."""
    tone_at = next((i for i, c in enumerate(rhyme) if strip_tone(c)[1]), None)
    if tone_at is None or len(nucleus) == 1:
        return True
    marked = [i for i, c in enumerate(nucleus) if c in "ăâêôơư"]
    if marked:
        return tone_at == marked[-1]
    if final or nucleus == "oo":
        return tone_at == len(nucleus) - 1
    if len(nucleus) == 3:
        return tone_at == 1
    return tone_at == 0


def words_of(text: str) -> list[str]:
    """Runs of letters."""
    return _LETTERS.findall(text)
