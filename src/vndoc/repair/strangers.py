"""What is no Vietnamese word: initials, foreign words, names. Well read it stays.

A misread syllable keeps, as a rule, the bare letters of one: 'hoăc', 'xuât'. What has no syllable's letters even
without its marks is somebody's name or a word of another language, unless the OCR itself is unsure of it.
"""

import re
from collections.abc import Callable, Sequence
from enum import IntEnum
from math import inf

from rapidfuzz.distance import Levenshtein

from vndoc.repair.channel import plain
from vndoc.repair.model import Lexicon
from vndoc.repair.syllable import fold_tone, is_syllable, split, strip_marks
from vndoc.repair.tokens import Piece

CERTAIN = -inf  # nats of doubt in a word that was printed so, whether it makes sense or not
RARE = -12.0  # ln P of a word by itself, under which it is a name among capitalised words
NAME_ROW = 3  # capitalised words in a row that make a name
_LITTLE = 1.0  # nats of doubt from which on any letter of a word may be wrong
_VIETNAMESE = re.compile(r"[a-zA-ZÀ-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ]+")
_INITIALS = re.compile(r"[A-ZĐ]{1,4}")
_VOWEL = re.compile(r"[aeiouy]")


class Trust(IntEnum):
    """How far the letters of a reading are to be trusted."""

    LITTLE = 0
    """The OCR is hardly sure of any letter."""
    SOME = 1
    """The OCR doubts the reading, or has others to offer."""
    FULL = 2
    """Nothing speaks against the reading: typed, or surely read."""


def trust_of(doubt: float) -> Trust:
    """The trust in a reading that the OCR doubts by so many nats."""
    return Trust.FULL if doubt <= 0 else Trust.SOME if doubt < _LITTLE else Trust.LITTLE


def is_stranger(piece: Piece, trust: Trust, lexicon: Lexicon) -> bool:
    """Whether a piece of a well-read text is no Vietnamese word and stays as it was read."""
    reading = piece.reading
    if not _VIETNAMESE.fullmatch(reading) or is_acronym(piece):
        return True
    if trust is Trust.LITTLE:
        return False
    low = fold_tone(reading.lower())
    if piece.links > 1 or is_initials(reading) or (len(low) > 2 and not _VOWEL.search(strip_marks(low))):
        return True
    if trust is Trust.FULL:
        return piece.links > 0 or not (is_syllable(low) or strip_marks(low) in lexicon.bare_syllables)
    return piece.links > 0 and not is_syllable(low)


def is_acronym(piece: Piece) -> bool:
    """Whether a reading is in capitals without marks, among words that are not."""
    return len(piece.reading) > 1 and piece.reading.isupper() and piece.reading.isascii() and not piece.capitals


def is_initials(reading: str) -> bool:
    """Whether a reading is initials with a name behind them, as whoever typed a paper signs it.

    >>> is_initials("PVSơn"), is_initials("THực")
    (True, False)
    """
    cut = max((i for i, letter in enumerate(reading) if letter.isupper()), default=0)
    is_name = reading[cut:].istitle() and is_syllable(fold_tone(reading[cut:].lower()))
    return is_name and bool(_INITIALS.fullmatch(reading[:cut])) and not is_syllable(fold_tone(reading.lower()))


def nearness(read: str, trust: Trust) -> Callable[[str], bool]:
    """Tells whether a candidate differs from a well-read word in a letter at most, marks aside; of a syllable all do.

    What is no Vietnamese syllable may be a foreign word, a name or initials: 'balô' is no 'bay'.
    """
    low = fold_tone(read.lower())
    if trust is Trust.LITTLE or is_syllable(low):
        return _always
    if _is_two(low):
        return lambda form: form.lower() == low
    look = plain(read.lower())
    return lambda form: Levenshtein.distance(strip_marks(form.lower()), look) <= 1


def _is_two(low: str) -> bool:
    """Whether a word in small letters is two syllables in one, the second one with a consonant ahead."""
    cuts = range(1, len(low) - 1)
    return any(is_syllable(low[:cut]) and is_syllable(low[cut:]) and split(low[cut:])[0] for cut in cuts)


def _always(_: str) -> bool:
    return True


def is_name(reading: str, lexicon: Lexicon, prior: Sequence[float], in_row: bool, rare: float = RARE) -> bool:
    """Whether the reading is no known word but may well be a name; in a row of capitalised words a rare one is, too.

    ``prior`` is ln P of each word of the lexicon by itself, ``rare`` what makes one rare.
    """
    if not reading.istitle() or not reading.isalpha():
        return False
    low = fold_tone(reading.lower())
    number = lexicon.numbers.get(low)
    if number is not None:
        return in_row and prior[number] < rare
    return reading.isascii() or is_syllable(low)


def capitalised(pieces: Sequence[Piece], least: int) -> list[bool]:
    """Of each piece whether it is one of ``least`` or more in a row that are capitalised, with no stop between them."""
    row, rows = 0, []
    for piece in pieces:
        row = 0 if not piece.reading.istitle() else 1 if piece.before else row + 1
        rows.append(row)
    out = [row >= least for row in rows]
    for i in range(len(rows) - 2, -1, -1):
        out[i] = out[i] or (out[i + 1] and 0 < rows[i] < rows[i + 1])
    return out
