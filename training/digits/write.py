"""Write strings to learn from: ``python -m training.digits.write --mnist FOLDER --out FOLDER --seed 101``.

Making a string takes longer than learning from it, so all are made beforehand, by as many of these as there are cores.
"""

import argparse
from pathlib import Path

import cv2
import numpy as np

from training.digits.glyphs import mnist
from training.digits.strings import DRAWN_HANDS, Hands, batch

PER_DIGIT = 6000  # of MNIST's training writers
_PART = 10_000


def main() -> None:
    """Write files of ``images`` ``(n, 32, 128)``, ink 255 on 0, and ``texts``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mnist", type=Path, required=True, help="folder of MNIST's four IDX files")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--count", type=int, default=200_000)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    cv2.setNumThreads(1)
    hands = Hands(*mnist(options.mnist, "train", PER_DIGIT), 0, DRAWN_HANDS)
    rng = np.random.default_rng(options.seed)
    for part in range(-(-options.count // _PART)):
        images, texts = batch(min(_PART, options.count - part * _PART), hands, rng)
        np.savez(options.out / f"strings-{options.seed}-{part:03}.npz", images=images, texts=np.array(texts))
        print(f"{options.seed}: {(part + 1) * _PART} strings", flush=True)


if __name__ == "__main__":
    main()
