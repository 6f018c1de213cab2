"""From posteriors to verdicts: what is changed, and how sure it is.

In a well-read passage a word is changed only if the odds against its reading are high enough; how high depends on how
many errors the passage seems to hold.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from vndoc.repair.conventions import Verdict
from vndoc.repair.lattice import Position, confidence
from vndoc.repair.profile import Profile
from vndoc.repair.tokens import Piece

ALTERNATIVES = 4
LEAST_SHARE = 0.01
USUAL_RATE = 0.02  # share of misread words from which on a well-read passage needs no more than ...
LEAST_ODDS = 0.7  # ... these ln odds against the reading to change a word
STEEPNESS = 6.0  # how much more is asked, per factor of e, of a passage with fewer signs of errors
CLEAN_ODDS, SURE_ODDS = 12.0, 4.0  # the most that is asked of typed text, and of what an OCR has read
TYPED_RATE = 0.003  # share of misread words under which text without an OCR is as it was typed, misprints and all
LEAST_POSTERIOR = 0.6  # under which a well-read word is left alone, whatever the odds
PRIOR_WORDS, PRIOR_RATE = 100, 0.002
KNOWN_DOUBT, UNKNOWN_DOUBT, FIGURE_DOUBT, SIGN_DOUBT, MOST_DOUBT = 0.25, 8.0, 2.0, 10.0, 0.7
DECIDED_DOUBT = 2.0  # how much oftener than it seems a searched word of a well-read passage is wrong


@dataclass(slots=True, frozen=True)
class Decision:
    """What the search made of one position."""

    position: Position
    choice: int
    posteriors: Sequence[float]

    def own(self, reading: str) -> float:
        """Posterior of the reading itself."""
        return sum([p for p, form in zip(self.posteriors, self.position.forms, strict=True) if form == reading])

    def verdict(self, reading: str, needed: float | None, least: float = LEAST_POSTERIOR) -> Verdict:
        """The best option; the reading itself unless the ln odds against it are ``needed`` at least.

        ``least`` is the posterior under which it is not clear what else was printed, so that the reading stays.
        """
        forms, choice = self.position.forms, self.choice
        if needed is not None and forms[choice] != reading:
            odds = math.log(max(self.posteriors[choice], 1e-12) / max(self.own(reading), 1e-12))
            if odds < needed or self.posteriors[choice] < least:
                choice = forms.index(reading) if reading in forms else -1
        likely = [(p, forms[i]) for i, p in enumerate(self.posteriors) if p >= LEAST_SHARE and i != choice]
        alternatives = tuple((f, p) for p, f in sorted(likely, reverse=True)[:ALTERNATIVES])
        if choice < 0:
            return Verdict(reading, 0.5, alternatives)
        return Verdict(forms[choice], confidence(self.posteriors, choice), alternatives)


def misread(
    pieces: Sequence[Piece],
    decided: Sequence[Decision],
    of_chunk: Sequence[Profile],
    asked: Profile | None,
) -> float:
    """The share of misread words in the well-read passages, as far as the search can tell."""
    words = sum(of_chunk[piece.chunk] is Profile.VIE for piece in pieces)
    places = [(decision, pieces[number]) for decision in decided if (number := decision.position.piece) is not None]
    wrong = sum(1 - decision.own(piece.reading) for decision, piece in places if of_chunk[piece.chunk] is Profile.VIE)
    rate = (wrong + PRIOR_WORDS * PRIOR_RATE) / (words + PRIOR_WORDS)
    return max(rate, USUAL_RATE / 2) if asked is Profile.VIE else rate


def needed_odds(rate: float, typed: bool = False) -> float:
    """The ln odds that it takes to change a well-read word: the fewer signs of errors all over, the more.

    ``typed``: no OCR has read it, as far as is known. Hardly any OCR reads so well that nothing but a few words look
    wrong; then these are the writer's own, and a text is given as it was printed.
    """
    if typed and rate < TYPED_RATE:
        return math.inf
    return min(LEAST_ODDS + STEEPNESS * max(0.0, math.log(USUAL_RATE / rate)), CLEAN_ODDS if typed else SURE_ODDS)


def least_posterior(rate: float) -> float:
    """The posterior of a word that may replace a typed one: near 1 where misread words are rare."""
    return 1 - (1 - LEAST_POSTERIOR) * min(rate / USUAL_RATE, 1.0)


def moderated(verdict: Verdict, decided: bool, known: bool, rate: float) -> float:
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


def assembled(chunk: str, parts: Sequence[tuple[Piece, Verdict]]) -> Verdict:
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
