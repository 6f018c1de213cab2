"""Vietnamese letters as other programs write them, made one: text files and text layers come through here alike.

A letter with marks may come in one piece (NFC), as base and marks in any order (NFD, "Unicode tổ hợp"), or as a letter
of another language that looks like it: ``ð`` for ``đ``, ``ƣ`` for ``ư``, left by fonts and keyboards of the nineties.
"""

import unicodedata

import regex

from vndoc.repair.syllable import fold_tone, words_of
from vndoc.repair.syllable import is_syllable as is_syllable_in_small_letters

_LOOK_ALIKES = str.maketrans({"ð": "đ", "Ð": "Đ", "Ɖ": "Đ", "ɖ": "đ", "ƣ": "ư", "Ƣ": "Ư", "ǎ": "ă", "Ǎ": "Ă"})
_TONE_FIRST = regex.compile("([\u0300\u0301\u0303\u0309])([\u0302\u0306])")  # as typed; Unicode keeps their order
_UNSEEN = regex.compile(
    "[\u00ad\u200b\u2060\ufeff]|(?<=[\\p{Latin}\\p{N}\\p{P}\\s])[\u200c\u200d]|[\u200c\u200d](?=[\\p{Latin}\\p{N}\\p{P}\\s])"
)
"""Signs without width. Joiners between signs of other scripts, such as those of a composed emoji, belong to them."""


def normalised(text: str) -> str:
    """The text in composed letters of Vietnamese; what is not of Vietnamese stays.

    >>> normalised("ðiê\u0323n")
    'điện'
    """
    if text.isascii():
        return text
    swapped = _TONE_FIRST.sub(r"\2\1", unicodedata.normalize("NFD", _UNSEEN.sub("", text) or text))
    return unicodedata.normalize("NFC", swapped).translate(_LOOK_ALIKES)


def is_syllable(word: str) -> bool:
    """Whether the word, in letters of any case, is spelt as a syllable of Vietnamese, or as several in one.

    >>> is_syllable("HỒNG"), is_syllable("HỒỒNG"), is_syllable("hoà")
    (True, False, True)
    """
    parts = words_of(unicodedata.normalize("NFC", word.lower()))
    return bool(parts) and all(is_syllable_in_small_letters(fold_tone(part)) for part in parts)
