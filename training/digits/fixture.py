"""What torch makes of the package's weights on a few strings: the file that the tests hold the reader in numpy to.

``python -m training.digits.fixture --weights digits.npz --out tests/ocr/handwriting/data/digits_torch.npz``
"""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from training.digits.network import LAYERS
from vndoc.ocr.handwriting.network import Network, restored


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
        networks = restored(saved).networks
    logs = {f"logs{n}": _logs(network, torch.from_numpy(images)[:, None]) for n, network in enumerate(networks)}
    np.savez_compressed(options.out, images=images, **logs)


def _logs(network: Network, x: torch.Tensor) -> Any:
    """Logarithms of the likelihoods, ``(n, columns, 11)``, as :mod:`training.digits.network` has them."""
    last = len(network.weights) - 1
    for k, (weights, biases) in enumerate(zip(network.weights, network.biases, strict=True)):
        weight, bias = torch.from_numpy(weights).permute(3, 2, 0, 1), torch.from_numpy(biases)
        if k == last:
            x = functional.conv2d(x, weight, bias, padding=(0, 1))
            break
        _, stride, padding = LAYERS[k if k < 2 else k - last]
        x = functional.relu(functional.conv2d(x, weight, bias, stride, padding))
        if k == last - 3:
            x = functional.max_pool2d(x, (2, 1))
    return x[:, :, 0].log_softmax(1).permute(0, 2, 1).numpy()


if __name__ == "__main__":
    main()
