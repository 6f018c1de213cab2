"""The trainer of the digit networks, in torch: real blanks among drawn strings, so that nothing is forgotten."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from training.corrections.digits import Trainer
from training.digits.refine import gone_on
from training.digits.strings import Hands, batch
from training.digits.train import load
from vndoc.ocr.handwriting.cut import Cut
from vndoc.ocr.handwriting.network import Network, restored

STEPS, RATE, SHARE = 250, 3e-4, 0.25
"""Steps of 64 strings, the highest rate, and the share of an office's blanks among the strings."""
RECALL = 3.0
"""Weight of reading the other strings as before; without it one hand's 1 makes another's a 7."""
DRAWN = 8000
"""Strings that are drawn where none are given."""


def trainer(
    hands: Hands, strings: Path | None, *, steps: int = STEPS, rate: float = RATE, seed: int = 7, drawn: int = DRAWN
) -> Trainer:
    """Trains with strings of ``hands``, or with those in the folder ``strings`` of ``training.digits.write``."""
    cv2.setNumThreads(1)
    images, texts = load(strings) if strings else batch(drawn, hands, np.random.default_rng(seed))
    known: tuple[NDArray[np.uint8], Sequence[str]] = images, texts

    def train(network: Network, slots: Sequence[tuple[Cut, str]]) -> Network:
        weights = gone_on(network, *known, slots, steps=steps, rate=rate, seed=seed, share=SHARE, recall=RECALL)
        return restored(weights).networks[0]

    return train
