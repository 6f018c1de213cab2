"""A passage between the two searches: what is decided, and what is still open."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from vndoc.repair import ink
from vndoc.repair.conventions import Verdict, finished
from vndoc.repair.decisions import (
    CLEAN_ODDS,
    LEAST_POSTERIOR,
    Decision,
    assembled,
    least_posterior,
    moderated,
    needed_odds,
)
from vndoc.repair.grams import UNKNOWN
from vndoc.repair.lattice import Position
from vndoc.repair.profile import Profile
from vndoc.repair.tokens import Piece

SURE = 0.97
"""Posterior from which on a word counts as evidence and is not searched again."""


@dataclass
class Draft:
    """A passage after the first search. Of its positions those with several options are open."""

    chunks: Sequence[str]
    breaks: Sequence[int]
    of_chunk: Sequence[Profile]
    pieces: Sequence[Piece]
    positions: Sequence[Position]
    inks: Sequence[ink.Ink | None]
    """What the engine itself makes of each piece; None where it says nothing."""
    shares: Mapping[int, float]
    """Of the chunks with ink the probability that what is no piece of them was read right."""
    rate: float
    """Share of misread words in its well-read parts, as far as the search can tell."""
    known: frozenset[int]
    """Chunks with a piece that fits its neighbours as it was read."""
    certain: frozenset[str]
    """Readings that were printed so, for the engine is sure of them."""
    is_ocr: bool
    """Whether an OCR has told how sure it is of each word."""
    is_typed: bool
    """Whether, as far as is known, nothing of it was recognised in an image."""
    decided: dict[int, Verdict] = field(default_factory=dict)
    """Verdicts on the pieces that were in doubt."""

    def twin(self) -> "Draft":
        """The draft of another passage that says the same, as long as neither is settled."""
        return replace(self, positions=[replace(one) for one in self.positions], decided=dict(self.decided))

    def open(self) -> list[tuple[int, Piece]]:
        """Numbers of the positions that are open, and their pieces."""
        return [
            (at, self.pieces[position.piece])
            for at, position in enumerate(self.positions)
            if len(position.ids) > 1 and position.piece is not None
        ]

    def keep(self, certain: Set[str]) -> None:
        """Leave as they were read all pieces with a reading that is certain elsewhere in the document."""
        for position in self.positions:
            number = position.piece
            if number in self.decided and not self.is_garbled(position) and self.pieces[number].reading in certain:
                del self.decided[number]
                position.ids, position.scores, position.forms = [UNKNOWN], [0.0], [self.pieces[number].reading]

    def is_garbled(self, position: Position) -> bool:
        """Whether the passage at a position lost its marks, so that its words must be replaced in any case."""
        assert position.piece is not None
        return self.of_chunk[self.pieces[position.piece].chunk] in (Profile.ENG, Profile.STRIPPED)

    def take(self, decision: Decision) -> None:
        """Take over what a search made of a position; where it is sure, its other options are dropped."""
        position, choice = decision.position, decision.choice
        assert position.piece is not None
        piece = self.pieces[position.piece]
        verdict = decision.verdict(piece.reading, *self._needed(position.piece))
        self.decided[position.piece] = verdict
        if decision.posteriors[choice] >= SURE and verdict.repaired == position.forms[choice]:
            position.ids, position.scores = [position.ids[choice]], [0.0]
            position.forms = [position.forms[choice]]

    def _needed(self, piece: int) -> tuple[float | None, float]:
        """The ln odds and the posterior that it takes to change a piece; where the marks were lost no odds."""
        if self.inks[piece] is not None:
            return ink.ODDS, LEAST_POSTERIOR
        odds = {Profile.VIE: needed_odds(self.rate, self.is_typed), Profile.CLEAN: CLEAN_ODDS}
        least = least_posterior(self.rate) if self.is_typed else LEAST_POSTERIOR
        return odds.get(self.of_chunk[self.pieces[piece].chunk]), least

    def verdicts(self) -> list[Verdict]:
        """A verdict for every chunk."""
        parts: dict[int, list[tuple[Piece, Verdict]]] = {}
        for number, verdict in sorted(self.decided.items()):
            parts.setdefault(self.pieces[number].chunk, []).append((self.pieces[number], verdict))
        out = [assembled(chunk, parts.get(i, [])) for i, chunk in enumerate(self.chunks)]
        for i in self.shares.keys() & parts.keys():
            out[i] = replace(out[i], confidence=out[i].confidence * self.shares[i], weighed=True)
        if not self.is_ocr:
            for i, profile in enumerate(self.of_chunk):
                if profile is Profile.VIE:
                    confidence = moderated(out[i], i in parts, i in self.known, self.rate)
                    out[i] = replace(out[i], confidence=confidence)
        return finished(out, self.chunks, self.breaks, self.of_chunk)
