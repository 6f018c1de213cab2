"""Words that OCR has run together: 'bịnhân dân' is 'bị nhân dân', where the engine itself has seen a blank there.

All readings of a word that the engine hands over are weighed with the words around them as they were read; where one
with a blank wins, the word is two from there on.
"""

import re
from collections.abc import Sequence
from math import log

import numpy as np

from vndoc.repair import ink
from vndoc.repair.grams import NUMBER, UNKNOWN, pieces
from vndoc.repair.lattice import PER_LETTER, UNKNOWN_COST, Options
from vndoc.repair.model import Model
from vndoc.repair.syllable import words_of
from vndoc.repair.tokens import Kind, pieces_of

_BEFORE, _BEHIND = 3, 2  # words around it that a word is weighed with
_NO_BLANK = -2.0  # ln P of a comma or colon without a blank behind it
_GLUED = re.compile(r"[^\W\d_][,;:][^\W\d_]")


def separated(
    chunks: Sequence[str], alternatives: Sequence[ink.Alternatives], model: Model, maker: Options
) -> dict[int, str]:
    """Two words with a blank between them, by the number of the chunk that they are."""
    found = {}
    for i, others in enumerate(alternatives):
        if any(" " in text for text, _ in others) and _may_be_two(chunks[i]):
            before = _numbers(chunks[max(0, i - _BEFORE) : i], model)[-_BEFORE:]
            behind = _numbers(chunks[i + 1 : i + 1 + _BEHIND], model)[:_BEHIND]
            scored = [
                (ink.WEIGHT * log(share) + _fit(text, before, behind, model, maker), text)
                for text, share in ((chunks[i], 1.0), *others)
                if share > 0 and ink.same_numbers(text, chunks[i])
            ]
            best = max(scored)[1]
            if best != chunks[i] and len(best.split()) == 2:
                found[i] = best
    return found


def _may_be_two(chunk: str) -> bool:
    """Whether a chunk holds no number or code."""
    return all(piece.kind is Kind.WORD for piece in pieces_of([chunk], [0]))


def _numbers(chunks: Sequence[str], model: Model) -> list[int]:
    numbers = model.lexicon.numbers
    return [numbers.get(name, UNKNOWN) for chunk in chunks for name in pieces(chunk)]


def _fit(text: str, before: list[int], behind: list[int], model: Model, maker: Options) -> float:
    """ln P of a text and of the words behind it, after those before it, and that its words are spelt so."""
    own = _numbers(text.split(), model)
    scores = model.language.score_text(np.array([*before, *own, *behind], dtype=np.int64))
    return float(scores[len(before) :].sum()) + sum(_spelling(chunk, model, maker) for chunk in text.split())


def _spelling(chunk: str, model: Model, maker: Options) -> float:
    cost = _NO_BLANK * len(_GLUED.findall(chunk))
    numbers = _numbers([chunk], model)
    if NUMBER in numbers:
        return cost + (UNKNOWN_COST + PER_LETTER * len(chunk) if any(map(str.isalpha, chunk)) else 0.0)
    if UNKNOWN in numbers:
        cost += sum(maker.as_read(word)[1] for word in words_of(chunk) if _numbers([word], model) == [UNKNOWN])
    return cost
