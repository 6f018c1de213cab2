"""What torch makes of the package's weights on a few strings: the file that the tests hold the reader in numpy to.

``python -m training.digits.fixture --weights digits.npz --out tests/ocr/data/digits_torch.npz``
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from training.digits.network import LAYERS, POOLS


def main() -> None:
    """Write strings (noise and bars, no one's handwriting) and torch's logarithms of the likelihoods for them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True, help="the package's digits.npz")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    rng = np.random.default_rng(5)
    images = np.zeros((3, 32, 48), np.float32)
    images[0] = rng.random((32, 48))
    images[1, 5:27, 10:13] = images[1, 5:27, 30:33] = 1
    images[2, 4:28, 20:23] = images[2, 14:17, 8:36] = 0.8
    with np.load(options.weights) as saved:
        arrays = {name: torch.from_numpy(np.asarray(saved[name], dtype=np.float32)) for name in saved.files}
    x = torch.from_numpy(images)[:, None]
    for k in range(len(LAYERS) + 1):
        weight, bias = arrays[f"w{k}"].permute(3, 2, 0, 1), arrays[f"b{k}"]
        if k < len(LAYERS):
            x = functional.relu(functional.conv2d(x, weight, bias, LAYERS[k][2], LAYERS[k][3]))
        else:
            x = functional.conv2d(x, weight, bias, padding=(0, 1))
        if k in POOLS:
            x = functional.max_pool2d(x, POOLS[k])
    logs = x[:, :, 0].log_softmax(1).permute(0, 2, 1).numpy()
    np.savez_compressed(options.out, images=images, logs=logs)


if __name__ == "__main__":
    main()
