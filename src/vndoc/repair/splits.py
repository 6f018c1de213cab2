"""Words that OCR has parted: 'hành chí nh' is 'hành chính'. They are joined before anything else is looked at.

Two stretches of one line make a word where one of them is no syllable, both together are one, and the words around
expect it; else both stay as they are, since a stray letter may be a name's, a label's or a speck.
"""

import re
from collections.abc import Sequence

import numpy as np

from vndoc.repair.grams import UNKNOWN, pieces
from vndoc.repair.model import Model
from vndoc.repair.profile import Profile
from vndoc.repair.syllable import fold_tone

LEAST = -6.0  # ln P of the joined word after the words before it from which on the text supports it
_LEFT = re.compile(r"[(\"“]?([^\W\d_]+)")
_RIGHT = re.compile(r"([^\W\d_]+)[.,;:)\"”]*")
_BEFORE = 3


def parted(chunks: Sequence[str], breaks: Sequence[int], of_chunk: Sequence[Profile], model: Model) -> list[int]:
    """Numbers of the chunks that are the rest of the word before them; ``breaks`` counts the line feeds before each."""
    rests: list[int] = []
    for i in range(1, len(chunks)):
        if breaks[i] or of_chunk[i] is not Profile.VIE or (rests and rests[-1] == i - 1):
            continue
        word = _joined(chunks[i - 1], chunks[i], model)
        if word is not None and _is_expected(word, chunks[: i - 1], chunks[i + 1 : i + 2], model):
            rests.append(i)
    return rests


def _joined(left: str, right: str, model: Model) -> int | None:
    """Number of the syllable that two chunks make together, of which one is none; None if they make none."""
    first, second = _LEFT.fullmatch(left), _RIGHT.fullmatch(right)
    if not first or not second or not second[1].islower() or not (first[1][1:].islower() or len(first[1]) == 1):
        return None
    syllables = model.lexicon.syllable_numbers
    if len(first[1]) == len(second[1]) == 1 or (len(second[1]) == 1 and first[1].isupper()):
        return None
    if all(fold_tone(part.lower()) in syllables for part in (first[1], second[1])):
        return None
    return syllables.get(fold_tone((first[1] + second[1]).lower()))


def _is_expected(word: int, before: Sequence[str], behind: Sequence[str], model: Model) -> bool:
    """Whether the words around a word, of which one at least is known, expect it."""
    numbers = model.lexicon.numbers
    context = [numbers.get(name, UNKNOWN) for chunk in before[-_BEFORE:] for name in pieces(chunk)][-_BEFORE:]
    following = [numbers.get(name, UNKNOWN) for chunk in behind for name in pieces(chunk)][:1]
    scores = model.language.score_text(np.array([*context, word, *following], dtype=np.int64)).tolist()
    after = scores[len(context) + 1] if following else LEAST
    known = bool(following) and following[0] != UNKNOWN
    return bool(scores[len(context)] > LEAST or (known and after > LEAST))
