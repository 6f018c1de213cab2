"""A date written into one blank, '15/8/2023': read as one string of digits.

The strokes between its parts are as tall as a 1 and mostly read as one. Which date the string is, is for those to say
who know when it may be: '0710112025' is 7 January 2025, written '07/01/2025'.
"""

from collections.abc import Sequence

from vndoc.ocr.handwriting.cut import Cut
from vndoc.ocr.handwriting.network import Readers
from vndoc.ocr.handwriting.reading import views
from vndoc.ocr.handwriting.scoring import string_probabilities

LONGEST = 10
"""Eight digits and two strokes."""
_MOST = 24
_LEAST = 0.002
_DOUBTFUL = 0.7  # trust in a blank of which it was not clear what ink belongs to it


def read_date(cuts: Sequence[tuple[Cut | None, float]], readers: Readers) -> list[tuple[str, float]]:
    """The likeliest strings of digits in a blank, over all that it may have been cut to, with their weights."""
    total: dict[str, float] = {}
    known: list[tuple[Cut, dict[str, float]]] = []
    for cut, weight in cuts:
        if cut is None:
            continue
        likely = next((strings for other, strings in known if cut.same(other)), None)
        if likely is None:
            likely = _average(cut, readers)
            known.append((cut, likely))
        trust = weight * (_DOUBTFUL if cut.doubtful else 1.0)
        for text, p in likely.items():
            total[text] = total.get(text, 0.0) + trust * p
    ranked = sorted(((text, p) for text, p in total.items() if text and p >= _LEAST), key=lambda c: (-c[1], c[0]))
    return ranked[:_MOST]


def _average(cut: Cut, readers: Readers) -> dict[str, float]:
    """Probability of every likely string, over all networks and views."""
    images = views(cut)
    readings = [one for n in readers.networks for one in string_probabilities(n.log_likelihoods(images), LONGEST)]
    total: dict[str, float] = {}
    for likely in readings:
        for text, p in likely.items():
            total[text] = total.get(text, 0.0) + p / len(readings)
    return total
