"""The engine's own other readings as the channel: what the ink may say, and how surely, in place of a table of errors.

An engine that hands over other readings of a word (:attr:`vndoc.page.Word.alternatives`) has weighed the very ink. A
table learnt from another engine's errors knows less; its words remain thinkable, with less probability than the least
that is handed over.
"""

import re
from collections.abc import Sequence
from math import exp, log

from vndoc.figures import number_in
from vndoc.repair.grams import UNKNOWN
from vndoc.repair.lattice import Choices, Options
from vndoc.repair.letters import normalised
from vndoc.repair.profile import Profile
from vndoc.repair.strangers import NAME_ROW, Trust, capitalised, is_acronym, is_name
from vndoc.repair.syllable import fold_tone
from vndoc.repair.tokens import Kind, Piece

Alternatives = Sequence[tuple[str, float]]
"""Other readings of a chunk with their share of probability against the reading given."""

Ink = tuple[tuple[str, float], ...]
"""Other readings of a piece with the logarithm of that share."""

WEIGHT = 1.0  # of the logarithms of the engine's shares against those of the language model
UNLISTED = 4.0  # nats by which a word of the table is less likely for not being among the engine's readings
ODDS = 0.0  # ln odds against the reading that it takes to change it
NEAR = 1.0  # nats within which the ink ties, so that a name may be another word
ODD_CASE = -4.0  # ln P of a capital among small letters, or the other way round
_SIGNS = ".,;:"
_QUOTES = "’'‘"
_SPOILT = re.compile(r"[IVXLil|]*[il|][IVXLil|]*")
_TWO_SIGNS = re.compile(r"[^\W\d_](,[.,;:]|[.;:],)$")


def well_read(of_chunk: Sequence[Profile]) -> list[Profile]:
    """The profiles of a text whose engine hands over other readings: it knows Vietnamese, so no marks are lost."""
    return [Profile.VIE if profile in (Profile.ENG, Profile.STRIPPED) else profile for profile in of_chunk]


def inks_of(
    pieces: Sequence[Piece], chunks: Sequence[str], of_chunk: Sequence[Profile], alternatives: Sequence[Alternatives]
) -> list[Ink | None]:
    """The ink of every piece; None where the engine hands over nothing or the passage is not Vietnamese."""
    if not alternatives:
        return [None] * len(pieces)
    return [
        _ink_of(piece, chunks[piece.chunk], alternatives[piece.chunk])
        if alternatives[piece.chunk] and of_chunk[piece.chunk] is Profile.VIE
        else None
        for piece in pieces
    ]


def _ink_of(piece: Piece, chunk: str, alternatives: Alternatives) -> Ink:
    """What the readings of a chunk that differ from it in this piece alone make of the piece; no digit is changed."""
    if _is_fixed(piece):
        return ()
    before, behind = chunk[: piece.start], chunk[piece.end :]
    least = len(before) + len(behind)
    found = []
    for text, share in alternatives:
        other = normalised(text)
        if share > 0 and len(other) > least and other.startswith(before) and other.endswith(behind):
            form = other[len(before) : len(other) - len(behind)]
            # a sign at either end is none of the piece
            worded = form[0].isalnum() and (form[-1].isalnum() or form[-1] in _QUOTES)
            if worded and " " not in form and same_numbers(form, piece.reading):
                found.append((form, log(share)))
    return tuple(found)


def shares_of_rest(
    pieces: Sequence[Piece], inks: Sequence[Ink | None], alternatives: Sequence[Alternatives]
) -> dict[int, float]:
    """Of the chunks with ink the share of probability of those readings that keep what is no piece, as it was read."""
    kept: dict[int, float] = {}
    for piece, other in zip(pieces, inks, strict=True):
        if other is not None:
            kept[piece.chunk] = kept.get(piece.chunk, 1.0) + sum(exp(share) for _, share in other)
    return {i: min(1.0, share / (1.0 + sum(p for _, p in alternatives[i]))) for i, share in kept.items()}


def stopped(chunks: Sequence[str], breaks: Sequence[int], alternatives: Sequence[Alternatives]) -> list[str]:
    """The chunks with other signs behind them where the ones read cannot be and the ink allows others.

    No sentence ends before a small letter, and no comma is followed by a stop.
    """
    out = list(chunks)
    for i, (chunk, others) in enumerate(zip(chunks, alternatives, strict=True)):
        following = chunks[i + 1].rstrip(_SIGNS) if i + 1 < len(chunks) and breaks[i + 1] < 2 else ""
        # 'tr.' and 'v.v.' are no words: three letters and more may end a sentence
        goes_on = chunk[-1:] == "." and _is_small_word(chunk[:-1], 3) and _is_small_word(following, 2)
        if others and (goes_on or _TWO_SIGNS.search(chunk)):
            bare = chunk.rstrip(_SIGNS)
            signs = _SIGNS.replace(".", "") if goes_on else _SIGNS
            fitting = (other for other, _ in others if other[:-1] == bare and other[-1] in signs)
            out[i] = next(fitting, chunk)
    return out


def _is_small_word(text: str, least: int) -> bool:
    """Whether a text is ``least`` small letters or more."""
    return len(text) >= least and text.isalpha() and text.islower()


def options_of(
    pieces: Sequence[Piece], inks: Sequence[Ink | None], makers: Sequence[Options], sure: Sequence[int | None]
) -> list[Choices | None]:
    """What each piece may be by its ink; None where it has none, or where the piece is sure already."""
    return [
        _options(piece, other, maker, in_row) if other is not None and known is None else None
        for piece, other, maker, known, in_row in zip(
            pieces, inks, makers, sure, capitalised(pieces, NAME_ROW), strict=True
        )
    ]


def _options(piece: Piece, ink: Ink, maker: Options, in_row: bool) -> Choices:
    """Word numbers, scores and forms of a piece, one per word number: its ink's, and at a discount the table's.

    ``in_row``: the piece is one of some capitalised words in a row.
    """
    reading = piece.reading
    if _is_fixed(piece):
        return [maker.lexicon.number_of(piece)], [0.0], [reading]
    name = is_name(reading, maker.lexicon, maker.prior, in_row)
    known = False
    best: dict[int, tuple[float, str]] = {}
    if not name:
        ids, scores, forms = maker.of(piece, Trust.SOME)
        best = {
            number: (score - UNLISTED * WEIGHT, form)
            for number, score, form in zip(ids, scores, forms, strict=True)
            if form != reading and digits(form) == digits(reading)
        }
    for form, share in ((reading, 0.0), *ink):
        if name and form != reading and share < -NEAR:
            continue
        number, cost, even = _spelling(form, maker)
        if form == reading:
            known = number != UNKNOWN
        elif known and number == UNKNOWN:
            continue
        score = WEIGHT * share + cost
        if number not in best or score > best[number][0]:
            best[number] = score, even
    ranked = sorted(best, key=lambda number: -best[number][0])
    return ranked, [best[n][0] for n in ranked], [best[n][1] for n in ranked]


def _is_fixed(piece: Piece) -> bool:
    """Whether the engine's best reading of the piece holds: numbers, codes, acronyms, digits."""
    reading = piece.reading
    return piece.kind is Kind.FROZEN or is_acronym(piece) or not any(map(str.isalpha, reading))


def _spelling(form: str, maker: Options) -> tuple[int, float, str]:
    """Word number of a form, ln P that the word is written so, and the form; that of a syllable in one case."""
    core = form.rstrip(_QUOTES)
    if core.isalpha():
        low = fold_tone(core.lower())
        if low in maker.lexicon.syllable_numbers:
            even = _even(core)
            return maker.lexicon.syllable_numbers[low], ODD_CASE * (even != core), even + form[len(core) :]
        if low in maker.lexicon.numbers:
            return maker.lexicon.numbers[low], 0.0, form
    return maker.as_read(form)


def _even(form: str) -> str:
    """A syllable in the case of most of its letters: 'cÔng' is 'công', 'cHÍNH' is 'CHÍNH'."""
    rest = form[1:]
    capitals = sum(map(str.isupper, rest))
    if 2 * capitals > len(rest) > 1:
        return form.upper()
    return form if capitals == len(rest) and form[:1].isupper() else form[:1] + rest.lower()


def digits(text: str) -> list[str]:
    """The digits of a text."""
    return [c for c in text if c.isdigit()]


def same_numbers(text: str, read: str) -> bool:
    """Whether a text has the digits of a reading and its Roman numerals; of 'IIl' one may be made."""
    return digits(text) == digits(read) and (_numerals(text) == _numerals(read) or bool(_SPOILT.fullmatch(read)))


def _numerals(text: str) -> list[str]:
    return [number for word in text.split() if (number := number_in(word)) and number.isalpha()]
