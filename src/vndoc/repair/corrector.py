"""Repairs a row of blank-free chunks: the way from readings to chosen words."""

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from vndoc.repair import ink, legacy
from vndoc.repair.conventions import Verdict, finished
from vndoc.repair.decoder import Decoder
from vndoc.repair.grams import UNKNOWN
from vndoc.repair.ink import Alternatives
from vndoc.repair.joins import separated
from vndoc.repair.lattice import Options, Position, confidence, islands_of, positions_of
from vndoc.repair.letters import normalised
from vndoc.repair.model import Model, load
from vndoc.repair.profile import Profile, profiles
from vndoc.repair.proposals import propose
from vndoc.repair.splits import parted
from vndoc.repair.tokens import Kind, Piece, pieces_of

ALTERNATIVES = 4
LEAST_SHARE = 0.01
USUAL_RATE = 0.02  # share of misread words from which on a well-read passage needs no more than ...
LEAST_ODDS = 0.7  # ... these ln odds against the reading to change a word
STEEPNESS = 6.0  # how much more is asked, per factor of e, of a passage with fewer signs of errors
CLEAN_ODDS = 12.0
LEAST_POSTERIOR = 0.6  # under which a well-read word is left alone, whatever the odds
PRIOR_WORDS, PRIOR_RATE = 100, 0.002
KNOWN_DOUBT, UNKNOWN_DOUBT, FIGURE_DOUBT, SIGN_DOUBT, MOST_DOUBT = 0.25, 8.0, 2.0, 10.0, 0.7
DECIDED_DOUBT = 2.0  # how much oftener than it seems a searched word of a well-read passage is wrong
WELL_READ_OPTIONS, WELL_READ_BEAM = 12, 5  # the reading itself is nearly always among the first
LEAST_FIT = {Profile.VIE: -5.5, Profile.CLEAN: -9.0}  # ln P from which on a word in its context is not doubted


class Corrector:
    """The repair with one model; safe to share between threads."""

    def __init__(self, model: Model | None = None) -> None:
        """Use the shipped model unless another is given."""
        self._model = model or load()
        self._decoder = Decoder(self._model.language)
        self._narrow_decoder = Decoder(self._model.language, beam=WELL_READ_BEAM)
        prior = self._model.language.unigram.tolist()
        channels = self._model.channels
        well_read = Options(self._model.lexicon, prior, channels["vie"], well_read=True, most=WELL_READ_OPTIONS)
        self._garbled = channels["eng"]
        self._options = {
            Profile.ENG: Options(self._model.lexicon, prior, channels["eng"]),
            Profile.STRIPPED: Options(self._model.lexicon, prior),
            Profile.VIE: well_read,
            Profile.CLEAN: well_read,
        }

    def parted(self, chunks: Sequence[str], breaks: Sequence[int], profile: Profile | None = None) -> list[int]:
        """Numbers of the chunks that OCR has parted from the chunk before: together they make one word."""
        chunks = [unicodedata.normalize("NFC", chunk) for chunk in chunks]
        of_chunk = [profile] * len(chunks) if profile else profiles(chunks, breaks, self._model.lexicon)
        return parted(chunks, breaks, of_chunk, self._model)

    def separated(self, chunks: Sequence[str], alternatives: Sequence[Alternatives]) -> dict[int, str]:
        """Chunks that are two words by their engine's other readings and the words around: both, with a blank."""
        return separated(chunks, alternatives, self._model, self._options[Profile.VIE])

    def repair(
        self,
        chunks: Sequence[str],
        breaks: Sequence[int],
        profile: Profile | None = None,
        doubts: Sequence[float] | None = None,
        alternatives: Sequence[Alternatives] | None = None,
    ) -> list[Verdict]:
        """A verdict for every chunk; ``breaks`` counts the line feeds before each. Without a profile it is detected.

        ``doubts`` are nats that a chunk of a well-read passage loses as it was read; ``alternatives`` the engine's
        other readings of each chunk with their share of probability against it, which are the channel then.
        """
        chunks = [unicodedata.normalize("NFC", chunk) for chunk in chunks]
        encoding = legacy.detect(chunks, self._model.lexicon)
        if encoding:
            chunks = [encoding.decoded(chunk) for chunk in chunks]
        chunks = [normalised(chunk) for chunk in chunks]
        of_chunk = [profile] * len(chunks) if profile else profiles(chunks, breaks, self._model.lexicon)
        if alternatives and any(alternatives):
            chunks = ink.stopped(chunks, breaks, alternatives)
            of_chunk = of_chunk if profile else ink.well_read(of_chunk)
        pieces = pieces_of(chunks, breaks)
        inks = ink.inks_of(pieces, chunks, of_chunk, () if encoding else alternatives or ())
        doubt = [doubts[piece.chunk] if doubts else 0.0 for piece in pieces]
        for number, other in enumerate(inks):
            if other is not None:
                doubt[number] = float(len(other))
        sure = self._sure(pieces, of_chunk, doubt)
        makers = [self._options[of_chunk[piece.chunk]] for piece in pieces]
        weighed = [
            ink.options(piece, other, maker, in_row) if other is not None and known is None else None
            for piece, other, maker, known, in_row in zip(
                pieces, inks, makers, sure, ink.capitalised(pieces), strict=True
            )
        ]
        positions = positions_of(pieces, makers, sure, doubt, weighed)
        decided = self._search(positions, pieces, of_chunk)
        rate = _misread(pieces, decided, of_chunk, profile)
        odds = {Profile.VIE: _needed_odds(rate), Profile.CLEAN: CLEAN_ODDS}
        parts: dict[int, list[tuple[Piece, Verdict]]] = {}
        for number, decision in decided:
            piece = pieces[number]
            needed = odds.get(of_chunk[piece.chunk]) if inks[number] is None else ink.ODDS
            verdict = decision.verdict(piece.reading, needed)
            parts.setdefault(piece.chunk, []).append((piece, verdict))
        verdicts = [_assembled(chunk, parts.get(i, [])) for i, chunk in enumerate(chunks)]
        for i, share in ink.shares_of_rest(pieces, inks, alternatives or ()).items():
            if i in parts:
                verdicts[i] = replace(verdicts[i], confidence=verdicts[i].confidence * share, weighed=True)
        if doubts is None:
            known = {piece.chunk for piece, number in zip(pieces, sure, strict=True) if number is not None}
            for i, verdict in enumerate(verdicts):
                if of_chunk[i] is Profile.VIE:
                    verdicts[i] = replace(verdict, confidence=_moderated(verdict, i in parts, i in known, rate))
        return finished(verdicts, chunks, breaks, of_chunk)

    def _search(
        self, positions: Sequence[Position], pieces: Sequence[Piece], of_chunk: Sequence[Profile]
    ) -> list[tuple[int, "_Decision"]]:
        """What the search made of every piece that was in doubt; in garbled passages it goes over them twice."""
        islands = list(islands_of(positions))
        well_read = {Profile.VIE, Profile.CLEAN}.issuperset(of_chunk)
        decoder = self._narrow_decoder if well_read else self._decoder
        decoder.decode([island for _, island in islands])
        garbled = [self._garbled if of_chunk[piece.chunk] is Profile.ENG else None for piece in pieces]
        decoder.decode(propose(islands, positions, pieces, garbled, self._model))
        return [
            (number, _Decision(position, choice, posteriors))
            for members, island in islands
            for at, choice, posteriors in zip(members, island.choice, island.posteriors, strict=True)
            if (number := (position := positions[at]).piece) is not None and len(position.ids) > 1
        ]

    def _sure(self, pieces: Sequence[Piece], of_chunk: Sequence[Profile], doubts: Sequence[float]) -> list[int | None]:
        """For pieces of well-read passages that fit their neighbours: their word number; None: to be decided.

        What the OCR doubts is to be decided, however well it fits: 'chỉ tiết' is found in many a printed text.
        """
        lexicon = self._model.lexicon
        ids: list[int] = []
        places: list[int] = []
        known: dict[tuple[str, Kind], int] = {}
        for piece in pieces:
            ids += piece.before
            places.append(len(ids))
            key = piece.reading, piece.kind
            number = known.get(key)
            if number is None:
                number = known[key] = lexicon.number_of(piece)
            ids.append(number)
        scores = self._model.language.score_text(np.array(ids, dtype=np.int64)).tolist()
        scores.append(0.0)
        out: list[int | None] = []
        for piece, at, doubt in zip(pieces, places, doubts, strict=True):
            least = LEAST_FIT.get(of_chunk[piece.chunk])
            fits = doubt <= 0 and least is not None and ids[at] != UNKNOWN and min(scores[at], scores[at + 1]) > least
            out.append(ids[at] if fits else None)
        return out


def _misread(
    pieces: Sequence[Piece],
    decided: Sequence[tuple[int, "_Decision"]],
    of_chunk: Sequence[Profile],
    asked: Profile | None,
) -> float:
    """The share of misread words in the well-read passages, as far as the search can tell."""
    words = sum(of_chunk[piece.chunk] is Profile.VIE for piece in pieces)
    of_piece = [(pieces[number], decision) for number, decision in decided]
    wrong = sum(1 - decision.own(piece.reading) for piece, decision in of_piece if of_chunk[piece.chunk] is Profile.VIE)
    rate = (wrong + PRIOR_WORDS * PRIOR_RATE) / (words + PRIOR_WORDS)
    return max(rate, USUAL_RATE / 2) if asked is Profile.VIE else rate


def _needed_odds(rate: float) -> float:
    """The ln odds that it takes to change a well-read word: the fewer signs of errors all over, the more."""
    return min(LEAST_ODDS + STEEPNESS * max(0.0, math.log(USUAL_RATE / rate)), CLEAN_ODDS)


def _moderated(verdict: Verdict, decided: bool, known: bool, rate: float) -> float:
    """Confidence in a chunk of a well-read passage, where the OCR tells nothing of its own: worse on worse pages.

    The shares are those of wrong chunks on printed pages, as multiples of ``rate``.
    """
    if decided:
        return 1 - min((1 - verdict.confidence) * DECIDED_DOUBT, 1.0)
    if not any(map(str.isalnum, verdict.repaired)):
        return 1 - min(SIGN_DOUBT * rate, MOST_DOUBT)
    if any(map(str.isdigit, verdict.repaired)):
        return 1 - min(FIGURE_DOUBT * rate, MOST_DOUBT)
    return 1 - min((KNOWN_DOUBT if known else UNKNOWN_DOUBT) * rate, MOST_DOUBT)


@dataclass(slots=True, frozen=True)
class _Decision:
    """What the search made of one position."""

    position: Position
    choice: int
    posteriors: Sequence[float]

    def own(self, reading: str) -> float:
        """Posterior of the reading itself."""
        return sum([p for p, form in zip(self.posteriors, self.position.forms, strict=True) if form == reading])

    def verdict(self, reading: str, needed: float | None) -> Verdict:
        """The best option; the reading itself unless the ln odds against it are ``needed`` at least."""
        forms, choice = self.position.forms, self.choice
        if needed is not None and forms[choice] != reading:
            odds = math.log(max(self.posteriors[choice], 1e-12) / max(self.own(reading), 1e-12))
            if odds < needed or self.posteriors[choice] < LEAST_POSTERIOR:
                choice = forms.index(reading) if reading in forms else -1
        likely = [(p, forms[i]) for i, p in enumerate(self.posteriors) if p >= LEAST_SHARE and i != choice]
        alternatives = tuple((f, p) for p, f in sorted(likely, reverse=True)[:ALTERNATIVES])
        if choice < 0:
            return Verdict(reading, 0.5, alternatives)
        return Verdict(forms[choice], confidence(self.posteriors, choice), alternatives)


def _assembled(chunk: str, parts: Sequence[tuple[Piece, Verdict]]) -> Verdict:
    """The chunk with all its pieces replaced; its alternatives each replace one piece."""
    if not parts:
        return Verdict(chunk, 1.0)
    text, at, sure = "", 0, 1.0
    spans = []
    for piece, verdict in parts:
        text += chunk[at : piece.start]
        spans.append((len(text), len(text) + len(verdict.repaired), verdict))
        text += verdict.repaired
        at = piece.end
        sure *= verdict.confidence
    text += chunk[at:]
    others = [(text[:a] + form + text[b:], p) for a, b, verdict in spans for form, p in verdict.alternatives]
    others.sort(key=lambda pair: -pair[1])
    return Verdict(text, sure, tuple(others[:ALTERNATIVES]))
