"""Texts in which a font's letters came out as others: 'cơng' for 'công', 'hồn thành' for 'hoàn thành'.

Converters that trusted a broken map of letters write ``ồ`` for ``oà`` and ``ơ`` for ``ô``. Both are letters of
Vietnamese, so no single word proves it; a syllable that cannot be spelt ('ơng') does. Only then each word that may be
another gets the other as a reading as likely as its own, and the words around decide.
"""

from collections.abc import Sequence

import regex

_PAIRS = (("ồ", "oà"), ("ố", "oá"), ("ổ", "oả"), ("ơ", "ô"))
"""What the letter may stand for."""
_PROOF = regex.compile(r"(?<!\p{L})\p{L}*(?<!ư)ơ(?:ng|c)(?!\p{L})", regex.I)
"""A rhyme that no syllable has: 'ơng', 'ơc'; 'ương' and 'ước' have."""
_MOTTO = regex.compile(r"CỘNG\s+HỒ\s+X[ÃA]\s+HỘI", regex.I)
_SHARE = 0.9


def is_miswritten(text: str) -> bool:
    """Whether the text proves that letters of it came out as others.

    >>> is_miswritten("cơng tác"), is_miswritten("công tác ở phường")
    (True, False)
    """
    proofs = set(_PROOF.findall(text))
    # One capitalised word may be a name of the highlands.
    return len(proofs) > 1 or any(proof[0].islower() for proof in proofs) or bool(_MOTTO.search(text))


def other_readings(word: str) -> Sequence[tuple[str, float]]:
    """What the word may have been, each with its share of probability against the word as it is.

    >>> other_readings("Tồn")
    (('Toàn', 0.9),)
    """
    found = []
    for wrong, right in _PAIRS:
        for letter, other in ((wrong, right), (wrong.upper(), _cased(word, right))):
            if letter in word:
                found.append((word.replace(letter, other), _SHARE))
    return tuple(found)


def _cased(word: str, letters: str) -> str:
    """The letters as they stand at a capital of the word: 'Oà' in 'Ồn', 'OÀ' in 'HỒ'."""
    return letters.upper() if word.isupper() and len(word) > 1 else letters.capitalize()
