"""Repairs rows of blank-free chunks: the way from readings to chosen words.

A passage is drafted by itself: its words are decided by the language model and the channel alone. Then the passages of
one document are settled together, what is still open by what the document is sure of.
"""

import unicodedata
from collections.abc import Iterator, Sequence

import numpy as np

from vndoc.repair import ink, legacy
from vndoc.repair.cache import Counts
from vndoc.repair.conventions import Verdict
from vndoc.repair.decisions import Decision, misread
from vndoc.repair.decoder import Decoder
from vndoc.repair.draft import Draft
from vndoc.repair.grams import UNKNOWN
from vndoc.repair.ink import Alternatives
from vndoc.repair.joins import separated
from vndoc.repair.language import NO_WORD
from vndoc.repair.lattice import Options, Position, islands_of, positions_of
from vndoc.repair.letters import normalised
from vndoc.repair.model import Model, load
from vndoc.repair.profile import Profile, profiles
from vndoc.repair.proposals import propose, propose_own
from vndoc.repair.splits import parted
from vndoc.repair.strangers import CERTAIN, NAME_ROW, RARE, Trust, capitalised, is_name, trust_of
from vndoc.repair.syllable import fold_tone
from vndoc.repair.tokens import Kind, Piece, pieces_of

WELL_READ_OPTIONS, WELL_READ_BEAM = 12, 5  # the reading itself is nearly always among the first
OWN_BEAM = 50  # little is open in the second search, and a word that was offered may lie far behind at first
RARE_TYPED = -11.0  # ln P of a word by itself, under which it is a name beside another capitalised word of typed text
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

    def repair(self, chunks: Sequence[str], breaks: Sequence[int], profile: Profile | None = None) -> list[Verdict]:
        """A verdict for every chunk of a document of one passage; arguments as for :meth:`draft`."""
        draft = self.draft(chunks, breaks, profile)
        self.settle([draft])
        return draft.verdicts()

    def draft(
        self,
        chunks: Sequence[str],
        breaks: Sequence[int],
        profile: Profile | None = None,
        doubts: Sequence[float] | None = None,
        alternatives: Sequence[Alternatives] | None = None,
    ) -> Draft:
        """What can be told of a passage by itself.

        ``breaks`` counts the line feeds before each chunk. Without a profile it is detected. ``doubts`` are nats that a
        chunk of a well-read passage loses as it was read; ``alternatives`` the engine's other readings of each chunk
        with their share of probability against it, which are the channel then.
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
        doubt = [
            float(len(other)) if other is not None else doubts[piece.chunk] if doubts else 0.0
            for piece, other in zip(pieces, inks, strict=True)
        ]
        sure = self._sure(pieces, of_chunk, doubt)
        makers = [self._options[of_chunk[piece.chunk]] for piece in pieces]
        weighed = ink.options_of(pieces, inks, makers, sure)
        is_typed = not any(doubts or ()) and not any(alternatives or ())
        for i in self._kept(pieces, of_chunk, doubt, is_typed):
            if inks[i] is None:
                weighed[i] = [self._model.lexicon.number_of(pieces[i])], [0.0], [pieces[i].reading]
        positions = positions_of(pieces, makers, sure, doubt, weighed)
        decided = self._search(positions, pieces, of_chunk)
        rate = misread(pieces, decided, of_chunk, profile)
        known = frozenset(piece.chunk for piece, number in zip(pieces, sure, strict=True) if number is not None)
        shares = ink.shares_of_rest(pieces, inks, alternatives or ())
        certain = frozenset(piece.reading for piece, nats in zip(pieces, doubt, strict=True) if nats == CERTAIN)
        is_ocr = doubts is not None
        draft = Draft(chunks, breaks, of_chunk, pieces, positions, inks, shares, rate, known, certain, is_ocr, is_typed)
        for decision in decided:
            draft.take(decision)
        return draft

    def _kept(
        self, pieces: Sequence[Piece], of_chunk: Sequence[Profile], doubts: Sequence[float], is_typed: bool
    ) -> Iterator[int]:
        """Numbers of the pieces of well-read passages that are certain, or names that nothing speaks against."""
        lexicon, prior = self._model.lexicon, self._options[Profile.VIE].prior
        rows, long_rows = capitalised(pieces, 2), capitalised(pieces, NAME_ROW)
        rare = RARE_TYPED if is_typed else RARE
        for i, (piece, doubt) in enumerate(zip(pieces, doubts, strict=True)):
            if of_chunk[piece.chunk] in LEAST_FIT and trust_of(doubt) > Trust.LITTLE:
                in_row = is_typed or long_rows[i]
                if doubt == CERTAIN or (rows[i] and is_name(piece.reading, lexicon, prior, in_row, rare)):
                    yield i

    def typed(self, chunks: Sequence[str], breaks: Sequence[int]) -> Draft:
        """A passage that a program wrote: nothing in it is open, all of it is evidence."""
        pieces = pieces_of([normalised(chunk) for chunk in chunks], breaks)
        options = [self._options[Profile.CLEAN]] * len(pieces)
        sure = [self._model.lexicon.number_of(piece) for piece in pieces]
        none = [None] * len(pieces)
        positions = positions_of(pieces, options, sure, [0.0] * len(pieces), none)
        profile = [Profile.CLEAN] * len(chunks)
        return Draft(
            chunks, breaks, profile, pieces, positions, none, {}, 0.0, frozenset(), frozenset(), False, is_typed=True
        )

    def settle(self, drafts: Sequence[Draft]) -> None:
        """Search what is open in the passages of one document once more, by what all of them are sure of."""
        certain = {word for draft in drafts for word in draft.certain if self._is_odd(word)}
        for draft in drafts:
            draft.keep(certain)
        waiting = [(draft, draft.open()) for draft in drafts]
        if not any(places for _, places in waiting):
            return
        counts = Counts()
        for draft in drafts:
            counts.add(draft.positions, draft.pieces)
        model = counts.model(self._model.language)
        for draft, places in waiting:
            for at, piece in places:
                if draft.of_chunk[piece.chunk] is Profile.ENG:
                    propose_own(draft.positions, at, piece, self._garbled, model, self._model.lexicon)
                position = draft.positions[at]
                position.scores = counts.mixed_readings(piece.reading, position.ids, position.scores)
        islands = [(draft, *island) for draft, _ in waiting for island in islands_of(draft.positions)]
        Decoder(model, beam=OWN_BEAM).decode([island for _, _, island in islands])
        for draft, members, island in islands:
            chosen = [ids[choice] for ids, choice in zip(island.ids, island.choice, strict=True)]
            around = [island.history[-1], *chosen, NO_WORD]
            for i, at in enumerate(members):
                if len(island.ids[i]) > 1 and (
                    draft.is_garbled(draft.positions[at]) or model.supports(*around[i : i + 3])
                ):
                    draft.take(Decision(draft.positions[at], island.choice[i], island.posteriors[i]))

    def _is_odd(self, reading: str) -> bool:
        """Whether a reading is no syllable that the lexicon knows: what is printed so once is so elsewhere."""
        return fold_tone(reading.lower()) not in self._model.lexicon.syllable_numbers

    def _search(
        self, positions: Sequence[Position], pieces: Sequence[Piece], of_chunk: Sequence[Profile]
    ) -> list[Decision]:
        """What the search made of every piece that was in doubt; in garbled passages it goes over them twice."""
        islands = list(islands_of(positions))
        well_read = {Profile.VIE, Profile.CLEAN}.issuperset(of_chunk)
        decoder = self._narrow_decoder if well_read else self._decoder
        decoder.decode([island for _, island in islands])
        garbled = [self._garbled if of_chunk[piece.chunk] is Profile.ENG else None for piece in pieces]
        decoder.decode(propose(islands, positions, pieces, garbled, self._model))
        return [
            Decision(positions[at], choice, posteriors)
            for members, island in islands
            for at, choice, posteriors in zip(members, island.choice, island.posteriors, strict=True)
            if positions[at].piece is not None and len(positions[at].ids) > 1
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
