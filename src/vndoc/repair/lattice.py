"""From pieces to positions with options, and from positions to islands for the decoder."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from vndoc.repair.channel import Channel
from vndoc.repair.decoder import Island
from vndoc.repair.grams import COMMA, NUMBER, STOP, UNKNOWN
from vndoc.repair.language import NO_WORD
from vndoc.repair.model import Lexicon
from vndoc.repair.syllable import fold_tone, strip_marks
from vndoc.repair.tokens import Kind, Piece

UNKNOWN_COST = -9.0  # ln P that a reading is a word the lexicon does not know, and ...
PER_LETTER = -1.0  # ... for each of its letters
STRANGE = -4.0  # ... for each sign, marked letter or capital within it
LONGEST = 160  # positions of one island
SHORT, MIDDLE = 24, 60  # from here on an island may end at a stop, at a comma
DIGIT_COST = -5.5  # ln P that digits alone stand for a word
SIGN_COST = {"?": -3.0, "’": -5.0, "'": -5.0, "‘": -5.0}  # ln P that a sign at the end is punctuation after all
SURE_RUN = 3  # so many sure words part two islands: no 4-gram reaches across


@dataclass(slots=True)
class Position:
    """One place in the row of words: its options, and the piece that they would replace (None: punctuation)."""

    ids: list[int]
    scores: list[float]
    forms: list[str]
    piece: int | None = None


@dataclass(slots=True, frozen=True)
class Options:
    """Makes the options of a piece from a channel and the lexicon."""

    lexicon: Lexicon
    prior: Sequence[float]  # ln P of each word by itself: breaks the ties between candidates too many to keep
    channel: Channel | None = None  # None: only marks are missing
    trust: float = 0.0  # nats by which a reading is ahead of all that differs from it
    most: int = 24
    _cache: dict[tuple[str, int, bool], tuple[list[int], list[float], list[str]]] = field(default_factory=dict)

    def of(self, piece: Piece) -> tuple[list[int], list[float], list[str]]:
        """Word numbers, channel scores and forms, one per word number, best first."""
        if piece.kind is Kind.FROZEN:
            return [self.lexicon.number_of(piece)], [0.0], [piece.reading]
        key = (piece.reading, piece.signs, piece.capitals)
        found = self._cache.get(key)
        if found is None:
            found = self._make(*key)
            if len(self._cache) < 100_000:
                self._cache[key] = found
        return found

    def _make(self, reading: str, signs: int, capitals: bool) -> tuple[list[int], list[float], list[str]]:
        best: dict[int, tuple[float, str]] = {}

        def add(number: int, score: float, form: str) -> None:
            old = best.get(number)
            if old is None or score > old[0]:
                best[number] = (score, form)

        numbers = self.lexicon.syllable_numbers
        for cut in range(signs + 1):
            core, tail = (reading[:-cut], reading[-cut:]) if cut else (reading, "")
            if not core:
                continue
            lost = sum(SIGN_COST.get(sign, -16.0) for sign in tail)
            for form, score in self.channel.candidates(core) if self.channel else self._marked(core):
                doubt = DIGIT_COST if core.isdigit() else _case_cost(form, core, capitals)
                add(numbers[form.lower()], score + lost + doubt, form + tail)
            for number, score, form in self._others(core):
                add(number, score + lost, form + tail)
        add(*self._as_read(reading))
        if self.trust:
            own = fold_tone(reading.lower())
            best = {
                n: (p if f == reading or fold_tone(f.lower()) == own else p - self.trust, f)
                for n, (p, f) in best.items()
            }
        prior = self.prior
        ranked = sorted(best, key=lambda number: -best[number][0] - prior[number])
        ranked = ranked[: self.most] + [number for number in ranked[self.most :] if number in (UNKNOWN, NUMBER)]
        return ranked, [best[n][0] for n in ranked], [best[n][1] for n in ranked]

    def _others(self, core: str) -> Iterator[tuple[int, float, str]]:
        """Words of the lexicon that are no syllables: as read, or with their marks put back (HDND -> HĐND)."""
        lexicon = self.lexicon
        for word in lexicon.by_skeleton.get(strip_marks(fold_tone(core.lower())), ()):
            if word in lexicon.syllable_numbers:
                continue
            same = word == core.lower()
            form = core if same else _like(word, core)
            yield lexicon.numbers[word], -0.5 if same else -1.5, form

    def _marked(self, core: str) -> Iterator[tuple[str, float]]:
        """Syllables that become ``core`` when they lose their marks."""
        low = core.lower()
        if low.isascii():
            for word in self.lexicon.by_skeleton.get(low, ()):
                if word in self.lexicon.syllable_numbers:
                    yield _like(word, core), 0.0
        elif fold_tone(low) in self.lexicon.syllable_numbers:
            yield fold_tone(core), 0.0

    @staticmethod
    def _as_read(reading: str) -> tuple[int, float, str]:
        """The reading itself as a word that the lexicon does not know, or as a number."""
        if reading.isdigit():
            return NUMBER, 0.0, reading
        strange = sum(not (c.isascii() and c.isalpha()) for c in reading) + sum(c.isupper() for c in reading[1:-1])
        if any(c.isdigit() for c in reading):
            return NUMBER, UNKNOWN_COST + PER_LETTER * len(reading), reading
        return UNKNOWN, UNKNOWN_COST + PER_LETTER * len(reading) + STRANGE * strange, reading


def _case_cost(form: str, read: str, capitals: bool) -> float:
    """ln P of the case of ``form`` where the reading leaves it open."""
    if len(form) > 1 and form.isupper():
        return 0.0 if capitals or sum(c.isupper() for c in read) > 1 else -6.0
    if form[0].isupper():
        return 0.0 if read[0].isupper() else -4.0
    return -4.0 if capitals else 0.0


def _like(word: str, model: str) -> str:
    """``word`` in the case pattern of ``model``."""
    if model.isupper():
        return word.upper()
    return word.capitalize() if model[:1].isupper() else word


def positions_of(all_pieces: Sequence[Piece], options: Sequence[Options], sure: Sequence[int | None]) -> list[Position]:
    """Positions of a text: pieces, each with its own maker of options or sure, and the punctuation between them."""
    out = []
    for i, (piece, maker) in enumerate(zip(all_pieces, options, strict=True)):
        out += [Position([token], [0.0], [""]) for token in piece.before]
        known = sure[i]
        if known is None:
            out.append(Position(*maker.of(piece), piece=i))
        else:
            out.append(Position([known], [0.0], [piece.reading], piece=i))
    return out


def islands_of(positions: Sequence[Position]) -> Iterator[tuple[list[int], Island]]:
    """Runs of positions that must be decided together, with the indices of their positions."""
    history = (NO_WORD, NO_WORD, NO_WORD)
    members: list[int] = []
    start = history
    sure = 0
    for i, position in enumerate(positions):
        single = len(position.ids) == 1
        if members or not single:
            if not members:
                start = history
            members.append(i)
            sure = sure + 1 if single else 0
            if sure == SURE_RUN or _may_end(position.ids, len(members)):
                yield _island(positions, members, start)
                members, sure = [], 0
        history = (*history[1:], position.ids[0]) if single else (NO_WORD, NO_WORD, NO_WORD)
    if members:
        yield _island(positions, members, start)


def _may_end(ids: Sequence[int], length: int) -> bool:
    """Whether a long island may be cut after a position."""
    return (
        (length >= SHORT and ids[0] == STOP and len(ids) == 1)
        or (length >= MIDDLE and ids[0] == COMMA and len(ids) == 1)
        or length >= LONGEST
    )


def _island(positions: Sequence[Position], members: list[int], start: tuple[int, ...]) -> tuple[list[int], Island]:
    chosen = [positions[i] for i in members]
    first, second, third = start
    return members, Island((first, second, third), [p.ids for p in chosen], [p.scores for p in chosen])


def confidence(posteriors: Sequence[float], choice: int) -> float:
    """Posterior of the chosen option, kept off the ends."""
    value = posteriors[choice]
    return 0.0 if math.isnan(value) else min(max(value, 0.0), 1.0)
