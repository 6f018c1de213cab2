"""The trained network in numpy: from the image of a string to the likelihood of digit or blank in every column.

Five convolutions with rectifiers, two poolings, one linear layer, as ``training/digits/network.py`` defines them; the
normalisations are folded into the weights.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from threading import Lock

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

Floats = NDArray[np.float32]

HEIGHT = 32
COLUMN = 4
"""Width in pixels of the columns that the network tells apart."""
BLANK = 10
_STRIDES = (2, 2, 1, 1, 1, 1)
_PADDING = ((2, 2), (1, 1), (1, 1), (1, 1), (0, 1), (0, 1))
_POOLS = {2: (2, 1)}
_alone = Lock()
"""Held while numpy's matrix products are kept to one thread, which is a setting of the whole process."""


@dataclass(slots=True, frozen=True)
class Network:
    """Weights ``(rows, columns, channels in, channels out)`` and biases of the layers, and the calibration."""

    weights: tuple[Floats, ...]
    biases: tuple[Floats, ...]
    temperature: float

    def log_likelihoods(self, images: Floats) -> Floats:
        """Natural logarithms of the likelihoods of the ten digits and the blank.

        Args:
            images: ``(n, 32, width)``, ink 1 on 0, the width a multiple of 4.

        Returns:
            ``(n, width / 4, 11)``; each column's likelihoods sum to 1.
        """
        # More threads wait for one another longer than such small products take.
        with _alone, _threadpools().limit(limits=1, user_api="blas"):
            return self._forward(images)

    def _forward(self, images: Floats) -> Floats:
        x = np.ascontiguousarray(images[..., None])
        last = len(self.weights) - 1
        for k, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            x = _convolve(x, weight, _STRIDES[k], _PADDING[k]) + bias
            if k < last:
                x = np.maximum(x, 0)
            if k in _POOLS:
                x = _pool(x, *_POOLS[k])
        logits = x[:, 0]
        logits = logits - logits.max(axis=-1, keepdims=True)
        return np.asarray(logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True)), dtype=np.float32)


@cache
def _threadpools() -> ThreadpoolController:
    return ThreadpoolController()


def _convolve(x: Floats, weight: Floats, stride: int, padding: tuple[int, int]) -> Floats:
    """Convolution of ``(n, height, width, channels)`` as one matrix product over all windows."""
    rows, columns, _, out = weight.shape
    x = np.pad(x, ((0, 0), (padding[0],) * 2, (padding[1],) * 2, (0, 0)))
    windows = sliding_window_view(x, (rows, columns), (1, 2))[:, ::stride, ::stride]  # n, h, w, channels, rows, columns
    n, h, w = windows.shape[:3]
    flat = windows.transpose(0, 1, 2, 4, 5, 3).reshape(n * h * w, -1)
    return np.asarray(flat @ weight.reshape(-1, out)).reshape(n, h, w, out)


def _pool(x: Floats, rows: int, columns: int) -> Floats:
    n, h, w, c = x.shape
    return np.asarray(x.reshape(n, h // rows, rows, w // columns, columns, c).max(axis=(2, 4)))


@cache
def trained() -> Network:
    """The network that comes with the package."""
    with files("vndoc.ocr.handwriting").joinpath("digits.npz").open("rb") as file, np.load(file) as arrays:
        count = sum(name.startswith("w") for name in arrays.files)
        return Network(
            tuple(arrays[f"w{k}"].astype(np.float32) for k in range(count)),
            tuple(arrays[f"b{k}"].astype(np.float32) for k in range(count)),
            float(arrays["temperature"]),
        )
