"""Repairs a row of blank-free chunks: the way from readings to chosen words."""

import unicodedata
from collections.abc import Sequence

import numpy as np

from vndoc.repair.conventions import Verdict, finished
from vndoc.repair.decoder import Decoder
from vndoc.repair.grams import UNKNOWN
from vndoc.repair.lattice import Options, Position, confidence, islands_of, positions_of
from vndoc.repair.model import Model, load
from vndoc.repair.profile import Profile, profiles
from vndoc.repair.tokens import Piece, pieces_of

ALTERNATIVES = 4
LEAST_SHARE = 0.01
TRUST = 2.0
CLEAN_TRUST = 9.0
LEAST_FIT = {Profile.VIE: -6.5, Profile.CLEAN: -9.0}  # ln P from which on a word in its context is not doubted


class Engine:
    """The repair with one model; safe to share between threads."""

    def __init__(self, model: Model | None = None) -> None:
        """Use the shipped model unless another is given."""
        self._model = model or load()
        self._decoder = Decoder(self._model.language)
        prior = self._model.language.unigram.tolist()
        channels = self._model.channels
        self._options = {
            Profile.ENG: Options(self._model.lexicon, prior, channels["eng"]),
            Profile.STRIPPED: Options(self._model.lexicon, prior),
            Profile.VIE: Options(self._model.lexicon, prior, channels["vie"], TRUST),
            Profile.CLEAN: Options(self._model.lexicon, prior, channels["vie"], CLEAN_TRUST),
        }

    def repair(self, chunks: Sequence[str], breaks: Sequence[int], profile: Profile | None = None) -> list[Verdict]:
        """A verdict for every chunk; ``breaks`` counts the line feeds before each. Without a profile it is detected."""
        chunks = [unicodedata.normalize("NFC", chunk) for chunk in chunks]
        of_chunk = [profile] * len(chunks) if profile else profiles(chunks, breaks, self._model.lexicon)
        pieces = pieces_of(chunks, breaks)
        sure = self._sure(pieces, of_chunk)
        positions = positions_of(pieces, [self._options[of_chunk[piece.chunk]] for piece in pieces], sure)
        islands = list(islands_of(positions))
        self._decoder.decode([island for _, island in islands])
        verdicts: dict[int, list[tuple[Piece, Verdict]]] = {}
        for members, island in islands:
            for at, choice, posteriors in zip(members, island.choice, island.posteriors, strict=True):
                position = positions[at]
                if position.piece is not None and len(position.ids) > 1:
                    piece = pieces[position.piece]
                    verdicts.setdefault(piece.chunk, []).append((piece, _verdict(position, choice, posteriors)))
        return finished(
            [_assembled(chunk, verdicts.get(i, [])) for i, chunk in enumerate(chunks)], chunks, breaks, of_chunk
        )

    def _sure(self, pieces: Sequence[Piece], of_chunk: Sequence[Profile]) -> list[int | None]:
        """For pieces of well-read passages that fit their neighbours: their word number; None: to be decided."""
        lexicon = self._model.lexicon
        ids: list[int] = []
        places: list[int] = []
        for piece in pieces:
            ids += piece.before
            places.append(len(ids))
            ids.append(lexicon.number_of(piece))
        scores = self._model.language.score_text(np.array(ids, dtype=np.int64)).tolist()
        scores.append(0.0)
        out: list[int | None] = []
        for piece, at in zip(pieces, places, strict=True):
            least = LEAST_FIT.get(of_chunk[piece.chunk])
            fits = least is not None and ids[at] != UNKNOWN and min(scores[at], scores[at + 1]) > least
            out.append(ids[at] if fits else None)
        return out


def _verdict(position: Position, choice: int, posteriors: Sequence[float]) -> Verdict:
    others = sorted(
        ((p, f) for i, (p, f) in enumerate(zip(posteriors, position.forms, strict=True)) if i != choice), reverse=True
    )
    alternatives = tuple((f, p) for p, f in others[:ALTERNATIVES] if p >= LEAST_SHARE)
    return Verdict(position.forms[choice], confidence(posteriors, choice), alternatives)


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
