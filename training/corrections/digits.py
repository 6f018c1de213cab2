"""The networks that read the blanks, gone on with an office's hands; whoever trains them is handed in."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from training.corrections.gate import Exams, Report, chosen
from training.corrections.slots import Sample, score, to_learn
from vndoc.ocr.handwriting.cut import Cut
from vndoc.ocr.handwriting.network import Floats, Network, Readers

Trainer = Callable[[Network, Sequence[tuple[Cut, str]]], Network]
"""Goes on from a network with blanks and what they say."""


def retrained(
    learnt: Sequence[Sample],
    held_out: Sequence[Sample],
    base: Sequence[Sample],
    kept: Sequence[Sample],
    readers: Readers,
    train: Trainer,
) -> tuple[Report, Readers | None]:
    """The networks after learning, where they are better; else None. The temperature stays.

    Args:
        learnt: blanks to learn from.
        held_out: blanks of other documents, to test with.
        base: blanks of other hands, of which as many must be read.
        kept: blanks of which each must be read as well as it was.
        readers: the networks so far.
        train: makes the new ones.
    """
    report = Report("digits")
    slots = list(to_learn(learnt, readers))
    report.learnt_from = len(slots)
    if not slots or not held_out:
        report.reason = (
            "there are no confirmed blanks to learn from" if held_out else "no blank was kept out to test with"
        )
        return report, None
    new = tuple(train(network, slots) for network in readers.networks)

    def mixed(share: float) -> Readers:
        pairs = zip(readers.networks, new, strict=True)
        return replace(readers, networks=tuple(_mixture(old, later, share) for old, later in pairs))

    tests: Exams[Readers] = Exams(
        lambda model: score(held_out, model),
        lambda model: score(base, model),
        (lambda model: score(kept, model)) if kept else None,
    )
    return report, chosen(report, readers, mixed, tests)


def _mixture(old: Network, new: Network, share: float) -> Network:
    """Weights between two networks, rounded as a file keeps them."""

    def between(a: Floats, b: Floats) -> Floats:
        return ((1 - share) * a + share * b).astype(np.float16).astype(np.float32)

    return Network(
        tuple(map(between, old.weights, new.weights)),
        tuple(map(between, old.biases, new.biases)),
    )
