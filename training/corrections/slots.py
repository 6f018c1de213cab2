"""Blanks of an export as the reader of handwriting sees them, and how it reads them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path

import cv2
import numpy as np

from training.corrections.gate import Outcome, Score
from training.digits.forms import DPI, draw
from training.digits.strings import Hands, Wear, in_slot, label, written
from vndoc.archive.corrections.pairs import InkCut, SlotPair
from vndoc.errors import FormatError
from vndoc.ocr.handwriting import Cuts, read_slot
from vndoc.ocr.handwriting.cut import Cut, cut_out
from vndoc.ocr.handwriting.edges import measure, type_size
from vndoc.ocr.handwriting.network import Readers
from vndoc.ocr.handwriting.reading import read
from vndoc.slots import SlotForm, SlotKind

GIVEN, GIVEN_OF_STAMP = 0.5, 0.86
"""Probability from which the parser gives a reading if nothing else speaks for or against it, and a stamp's number."""
_EDGE = 0.02
_LEAST = 1e-3  # of a truth, in the loss
_SEEN = 0.02  # probability from which a truth was seen in the ink, whatever else was


@dataclass(slots=True, frozen=True)
class Sample:
    """The ink of a blank, and the ways in which its truth may be written."""

    kind: SlotKind
    cuts: Cuts
    truths: tuple[str, ...]
    form: SlotForm = SlotForm.DISPATCH

    @property
    def given(self) -> float:
        """Probability from which a reading is given."""
        stamped = self.form is SlotForm.ARRIVAL_STAMP and self.kind is SlotKind.NUMBER
        return GIVEN_OF_STAMP if stamped else GIVEN


def samples(pairs: Iterable[tuple[SlotPair, Path]]) -> list[Sample]:
    """The blanks of some pairs, their ink from the PNG files beside the lists."""
    return [
        Sample(pair.slot, [(_cut(cut, folder), cut.weight) for cut in pair.cuts], pair.written, pair.form)
        for pair, folder in pairs
    ]


def _cut(cut: InkCut, folder: Path) -> Cut | None:
    if cut.crop is None:
        return None
    image = cv2.imread(str(folder / cut.crop), cv2.IMREAD_GRAYSCALE)
    if image is None:
        raise FormatError(f"{folder / cut.crop}: is no image; export the corrections again")
    ink = np.asarray(image, np.float32) / np.float32(255)
    return Cut(ink, cut.body, cut.torn, cut.unended, cut.end)


def to_learn(found: Iterable[Sample], readers: Readers) -> Iterator[tuple[Cut, str]]:
    """Of each blank the ink that was cut most surely, and what stands in it, in the way that it is likeliest written.

    A blank of which neither the truth nor as many digits are seen was cut in the wrong place, and is left out.
    """
    for sample in found:
        whole = [(cut, weight) for cut, weight in sample.cuts if cut and not cut.doubtful]
        if not whole:
            continue
        cut = max(whole, key=lambda pair: pair[1])[0]
        seen = read([(cut, 1.0)], readers)
        best = max(seen, key=lambda text: seen[text])
        text = max(sample.truths, key=lambda text: (seen.get(text, 0.0), len(text) == len(best)))
        if seen.get(text, 0.0) >= _SEEN or len(text) == len(best):
            yield cut, text


def score(found: Sequence[Sample], readers: Readers) -> Score:
    """What the reader makes of the blanks, as the pipeline asks it."""
    outcomes: list[Outcome] = []
    loss = 0.0
    on_edge = set()
    for number, sample in enumerate(found):
        ranked = read_slot(sample.kind, sample.cuts, readers)
        text, p = next(iter(ranked), ("", 0.0))
        truths = {truth if sample.kind is SlotKind.NUMBER else f"{int(truth):02}" for truth in sample.truths}
        outcomes.append("open" if p < sample.given else "right" if text in truths else "wrong")
        if outcomes[-1] == "right" and p < sample.given + _EDGE:
            on_edge.add(number)
        loss -= log(max(_LEAST, sum(p for text, p in ranked if text in truths)))
    return Score(tuple(outcomes), loss / max(1, len(outcomes)), frozenset(on_edge))


def drawn(hands: Hands, count: int, wear: Wear, seed: int) -> list[Sample]:
    """Blanks of other hands: numbers by themselves, and every fourth time number and day in their form."""
    rng = np.random.default_rng(seed)
    found: list[Sample] = []
    while len(found) < count:
        text = label(rng)
        if not text or not int(text):
            continue
        if rng.random() < 0.75:
            found.append(Sample(SlotKind.NUMBER, [(cut_out(*in_slot(written(text, hands, rng, wear))), 1.0)], (text,)))
        elif form := draw(text, f"{rng.integers(1, 32):02}", hands, rng, wear):
            em = type_size(form.words, DPI)
            for slot in form.slots:
                windows = measure(slot, form.words, em)
                cuts = [(cut_out(form.image, window), weight) for window, weight in windows]
                found.append(Sample(slot.kind, cuts, (form.truth[slot.kind],)))
    return found[:count]
