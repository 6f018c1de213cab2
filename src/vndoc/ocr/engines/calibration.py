"""From an engine's own score to the share of words with that score that are right.

Engines count differently: one's 0.9 is another's 0.6. All thresholds of vndoc speak of one scale, so each engine
brings a calibration, fitted on words whose truth is known (isotonic regression gives such a table; Zadrozny and Elkan,
"Transforming classifier scores into accurate multiclass probability estimates", KDD 2002).
"""

from bisect import bisect_right
from dataclasses import dataclass


@dataclass(slots=True, frozen=True)
class Calibration:
    """A rising line through points ``(score, share right)``, both 0–1, straight between them, level beyond them."""

    points: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        """Raises ValueError where the points do not rise, or leave 0–1."""
        scores, shares = zip(*self.points, strict=True) if self.points else ((), ())
        rising = all(list(axis) == sorted(axis) for axis in (scores, shares)) and len(set(scores)) == len(scores)
        if not self.points or not rising or not all(0 <= value <= 1 for value in (*scores, *shares)):
            raise ValueError("a calibration needs rising points from 0 to 1")

    def __call__(self, score: float) -> float:
        """The share of words of this score that are right."""
        at = bisect_right([score_at for score_at, _ in self.points], score)
        if at == 0 or at == len(self.points):
            return self.points[min(at, len(self.points) - 1)][1]
        (x0, y0), (x1, y1) = self.points[at - 1 : at + 1]
        return y0 + (y1 - y0) * (score - x0) / (x1 - x0)


IDENTITY = Calibration(((0.0, 0.0), (1.0, 1.0)))
"""For scores that are the scale itself. Tesseract's are: the thresholds were found on them (docs/errors.md)."""
