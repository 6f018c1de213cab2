"""The characters that the reader knows, their numbers, and how its columns become text.

Text is brought to NFC and to the characters of the alphabet (:func:`normal`) before it is drawn or compared: dashes of
one look are one character, and so are all blanks.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise

MARKED = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
"""The Vietnamese letters that are not in ASCII; with their capitals 134."""
DOUBLE = frozenset(c for c in MARKED + MARKED.upper() if len(unicodedata.normalize("NFD", c)) == 3)
"""Letters with two marks."""
VIETNAMESE = MARKED + MARKED.upper()
_ASCII = "abcdefghijklmnopqrstuvwxyz"
SIGNS = ".,:;-–/()\"'“”‘’%&+*=?!<>[]_@#|…°²³§•×~$±≤≥€"
CHARACTERS = " " + _ASCII + _ASCII.upper() + VIETNAMESE + "0123456789" + SIGNS
BLANK = 0
"""Number of CTC's blank; the character ``CHARACTERS[k]`` has the number ``k + 1``."""
CLASSES = len(CHARACTERS) + 1
_NUMBERS = {c: k + 1 for k, c in enumerate(CHARACTERS)}
_ALIKE = str.maketrans(
    {
        "\u2014": "–", "\u2212": "-", "\u2011": "-", "\u2010": "-", "\u00d0": "Đ", "\u00f0": "đ", "\u00b4": "'",
        "`": "'", "\u00ad": "", "\u200b": "", "\ufeff": "", "«": "“", "»": "”", "„": "“", "º": "°", "\u00b7": "•",
    }
)  # fmt: skip


def normal(text: str) -> str:
    """The text in the alphabet: NFC, look-alikes as one character, anything else a blank, single blanks only."""
    alike = unicodedata.normalize("NFC", text).translate(_ALIKE)
    return " ".join("".join(c if c in _NUMBERS else " " for c in alike).split())


def labels(text: str) -> list[int]:
    """Numbers of the characters; raises ``KeyError`` for one that is not in the alphabet."""
    return [_NUMBERS[c] for c in text]


def collapsed(columns: Iterable[int]) -> str:
    """Text of the best class of each column: repeats are one, blanks nothing."""
    text, last = [], BLANK
    for number in columns:
        if number not in (BLANK, last):
            text.append(CHARACTERS[number - 1])
        last = number
    return "".join(text)


def columns_needed(text: Sequence[str]) -> int:
    """Fewest columns that CTC can write the text in: one a character, and a blank between equal ones."""
    return len(text) + sum(a == b for a, b in pairwise(text))
