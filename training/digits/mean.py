"""The mean of several networks that went on from the same weights.

``python -m training.digits.mean --weights A B … --out FILE``; M. Wortsman et al., "Model soups" (ICML 2022): the mean
reads unseen hands at least as well as the best of them.
"""

import argparse
from pathlib import Path
from typing import Any

import numpy as np


def main() -> None:
    """Write the mean of the weights in the files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, nargs="+", required=True, help="of one network, as refine writes them")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    found = [np.load(path) for path in options.weights]
    arrays: dict[str, Any] = {name: np.mean([saved[name] for saved in found], axis=0) for name in found[0].files}
    np.savez(options.out, **arrays)


if __name__ == "__main__":
    main()
