"""From pieces to positions with options, and from positions to islands for the decoder."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from vndoc.repair.channel import Channel
from vndoc.repair.decoder import Island
from vndoc.repair.grams import COMMA, NUMBER, STOP, UNKNOWN
from vndoc.repair.language import NO_WORD
from vndoc.repair.model import Lexicon
from vndoc.repair.strangers import Trust, is_stranger, nearness, trust_of
from vndoc.repair.syllable import fold_tone, is_syllable, strip_marks
from vndoc.repair.tokens import Kind, Piece

UNKNOWN_COST = -9.0  # ln P that a reading is a word the lexicon does not know, and ...
PER_LETTER = -1.0  # ... for each of its letters
STRANGE = -4.0  # ... for each sign, marked letter or capital within it
OWN_COST = -0.2  # ln P that a word of the lexicon was read right, in a well-read text
FOREIGN_COST = -4.0  # the same in a well-read text for plain letters ...
RARE_COST = -6.0  # ... and for a syllable that the lexicon lacks: names hold many
LONGEST = 160  # positions of one island
SHORT, MIDDLE = 24, 60  # from here on an island may end at a stop, at a comma
NUMBER_COST = {1: -2.0, 2: -3.5}  # ln P that a number is just this one, by its digits; no word is read as more
DIGITS_AS_WORD = -0.5  # ln of how much worse a lost number is than a word left unread
SIGN_COST = {"?": -4.5, "’": -8.0, "'": -8.0, "‘": -8.0}  # ln P that a sign at the end is punctuation after all
SURE_RUN = 3  # so many sure words part two islands: no 4-gram reaches across

_I_FOR_Y = str.maketrans("yỳýỷỹỵYỲÝỶỸỴ", "iìíỉĩịIÌÍỈĨỊ")


Choices = tuple[list[int], list[float], list[str]]
"""Word numbers, scores and forms of what a piece may be, one per word number."""


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
    well_read: bool = False  # most readings are right: unknown words are names, nothing gets lost or respelt
    most: int = 48
    _cache: dict[tuple[str, int, bool, Trust], Choices] = field(default_factory=dict)

    def of(self, piece: Piece, trust: Trust = Trust.FULL) -> Choices:
        """Word numbers, channel scores and forms, one per word number, best first.

        ``trust`` is that in the letters of a piece of a well-read text.
        """
        if piece.kind is Kind.FROZEN or (self.well_read and is_stranger(piece, trust, self.lexicon)):
            return self._frozen(piece)
        key = (piece.reading, piece.signs, piece.capitals, trust)
        found = self._cache.get(key)
        if found is None:
            found = self._make(*key)
            if len(self._cache) < 100_000:
                self._cache[key] = found
        return found

    def _frozen(self, piece: Piece) -> Choices:
        """The reading as it is; of an abbreviation that has lost the stroke of its Đ, the forms of the lexicon."""
        reading = piece.reading
        own = self.lexicon.number_of(piece)
        ids, forms = [own], [reading]
        if not self.well_read and "D" in reading and reading.isalpha() and reading.isupper():
            for word in self.lexicon.by_skeleton.get(reading.lower(), ()):
                if word.upper() != reading and word not in self.lexicon.syllable_numbers:
                    ids.append(self.lexicon.numbers[word])
                    forms.append(word.upper())
        return ids, [0.0] * len(ids), forms

    def _own(self, core: str) -> tuple[int, float, str] | None:
        number = self.lexicon.numbers.get(fold_tone(core.lower()))
        return None if number is None else (number, OWN_COST, core)

    def _make(self, reading: str, signs: int, capitals: bool, trust: Trust) -> Choices:
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
            case_cost = _case_costs(core, capitals)
            for form, score in self._syllables(core, trust):
                doubt = DIGITS_AS_WORD if core.isdigit() else case_cost(form)
                add(numbers[form.lower()], score + lost + doubt, form + tail)
            if self.well_read and (own := self._own(core)):
                add(own[0], own[1] + lost, own[2] + tail)
            for number, score, form in self._others(core):
                add(number, score + lost, form + tail)
        number, score, _ = self.as_read(reading)
        if self.well_read and trust is Trust.FULL and number == UNKNOWN and self._is_rare(reading):
            score = max(score, RARE_COST)
        add(number, score, reading)
        prior = self.prior
        ranked = sorted(best, key=lambda number: -best[number][0] - prior[number])
        rest = [n for n in ranked[self.most :] if n in (UNKNOWN, NUMBER) or best[n][1] == reading]
        ranked = ranked[: self.most] + rest
        return ranked, [best[n][0] for n in ranked], [best[n][1] for n in ranked]

    def _is_rare(self, reading: str) -> bool:
        """Whether a reading is a syllable that the lexicon lacks."""
        low = fold_tone(reading.lower())
        return low not in self.lexicon.numbers and is_syllable(low)

    def _syllables(self, core: str, trust: Trust) -> Iterable[tuple[str, float]]:
        """Syllables that the reading may stand for with their channel scores; of a well-read one those close to it."""
        if not self.well_read:
            return self.channel.candidates(core) if self.channel else self._marked(core)
        if any(c.isdigit() for c in core):
            return ()
        found = self.channel.candidates(core) if self.channel else self._marked(core)
        is_near = nearness(core, trust)
        return [(form, score) for form, score in found if _keeps(core, form) and is_near(form)]

    def _others(self, core: str) -> Iterator[tuple[int, float, str]]:
        """Words of the lexicon that are no syllables: as read, or with their marks put back (HDND -> HĐND)."""
        lexicon = self.lexicon
        for word in lexicon.by_skeleton.get(strip_marks(fold_tone(core.lower())), ()):
            if word in lexicon.syllable_numbers:
                continue
            same = word == core.lower()
            if self.well_read and not (same or core.isascii()):
                continue  # 'sôcôla' has lost no marks
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

    def as_read(self, reading: str) -> tuple[int, float, str]:
        """The reading itself as a word that the lexicon does not know, or as a number."""
        if reading.isdigit():
            return NUMBER, NUMBER_COST.get(len(reading), 0.0), reading
        if self.well_read and reading.isascii() and reading.isalpha():
            return UNKNOWN, FOREIGN_COST, reading
        strange = sum(not (c.isascii() and c.isalpha()) for c in reading)
        if not reading.isupper():
            strange += sum(c.isupper() for c in reading[1:-1])
        if any(c.isdigit() for c in reading):
            return NUMBER, UNKNOWN_COST + PER_LETTER * len(reading), reading
        return UNKNOWN, UNKNOWN_COST + PER_LETTER * len(reading) + STRANGE * strange, reading


def _keeps(read: str, form: str) -> bool:
    """Whether a candidate for a well-read word loses nothing, adds little and is not just its other spelling."""
    if not -1 <= len(form) - len(read) <= 2:
        return False
    return form == read or form.translate(_I_FOR_Y) != read.translate(_I_FOR_Y)


def _case_costs(read: str, capitals: bool) -> Callable[[str], float]:
    """Gives ln P of the case of a form where the reading leaves it open."""
    shouted = 0.0 if capitals or sum(c.isupper() for c in read) > 2 else -6.0
    headed = 0.0 if read[0].isupper() else -3.0
    small = -4.0 if capitals else 0.0

    def cost(form: str) -> float:
        if len(form) > 1 and form.isupper():
            return -1.0 if form == read else shouted
        return headed if form[0].isupper() else small

    return cost


def _like(word: str, model: str) -> str:
    """``word`` in the case pattern of ``model``."""
    if model.isupper():
        return word.upper()
    return word.capitalize() if model[:1].isupper() else word


def positions_of(
    all_pieces: Sequence[Piece],
    options: Sequence[Options],
    sure: Sequence[int | None],
    doubts: Sequence[float],
    weighed: Sequence[Choices | None],
) -> list[Position]:
    """Positions of a text: pieces, each with its own maker of options or sure, and the punctuation between them.

    ``doubts`` are nats that a piece of a well-read text loses as it was read; ``weighed`` options that are made
    already.
    """
    out = []
    for i, (piece, maker) in enumerate(zip(all_pieces, options, strict=True)):
        out += [Position([token], [0.0], [""]) for token in piece.before]
        known, ready = sure[i], weighed[i]
        if known is not None:
            out.append(Position([known], [0.0], [piece.reading], piece=i))
        elif ready is not None:
            out.append(Position(*ready, piece=i))
        else:
            ids, scores, forms = maker.of(piece, trust_of(doubts[i]))
            if maker.well_read and doubts[i] and len(ids) > 1:
                scores = [s - doubts[i] if f == piece.reading else s for s, f in zip(scores, forms, strict=True)]
            out.append(Position(ids, scores, forms, piece=i))
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
