"""The trained networks in numpy: from the image of a string to the likelihood of digit or blank in every column.

Convolutions with rectifiers, one pooling, one linear layer, as ``training/digits/network.py`` defines them; the
normalisations are folded into the weights. Several networks are asked, for where they differ none should be believed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from threading import Lock
from zipfile import BadZipFile

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from vndoc.errors import SetupError
from vndoc.models import read_model

Floats = NDArray[np.float32]

HEIGHT = 32
COLUMN = 4
"""Width in pixels of the columns that the network tells apart."""
BLANK = 10
_HALVING = 2  # so many layers at the start have a stride of two
_POOL = -4  # the layer, counted from the end, whose rows are taken by twos
_HIGH = 4  # rows of the kernel that takes all that are left
_alone = Lock()
"""Held while numpy's matrix products are kept to one thread, which is a setting of the whole process."""


@dataclass(slots=True, frozen=True)
class Network:
    """Weights ``(rows, columns, channels in, channels out)`` and biases of the layers."""

    weights: tuple[Floats, ...]
    biases: tuple[Floats, ...]

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
        layers = len(self.weights)
        for k, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            x = _convolve(x, weight, 2 if k < _HALVING else 1) + bias
            if k < layers - 1:
                x = np.maximum(x, 0)
            if k == layers + _POOL:
                x = _pool(x, 2, 1)
        logits = x[:, 0]
        logits = logits - logits.max(axis=-1, keepdims=True)
        return np.asarray(logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True)), dtype=np.float32)


@cache
def _threadpools() -> ThreadpoolController:
    return ThreadpoolController()


def _convolve(x: Floats, weight: Floats, stride: int) -> Floats:
    """Convolution of ``(n, height, width, channels)`` as one matrix product over all windows.

    The sides are padded so that the size stays, but for the kernel that takes all rows.
    """
    rows, columns, _, out = weight.shape
    padding = (0 if rows == _HIGH else rows // 2, columns // 2)
    x = np.pad(x, ((0, 0), (padding[0],) * 2, (padding[1],) * 2, (0, 0)))
    windows = sliding_window_view(x, (rows, columns), (1, 2))[:, ::stride, ::stride]  # n, h, w, channels, rows, columns
    n, h, w = windows.shape[:3]
    flat = windows.transpose(0, 1, 2, 4, 5, 3).reshape(n * h * w, -1)
    return np.asarray(flat @ weight.reshape(-1, out)).reshape(n, h, w, out)


def _pool(x: Floats, rows: int, columns: int) -> Floats:
    n, h, w, c = x.shape
    return np.asarray(x.reshape(n, h // rows, rows, w // columns, columns, c).max(axis=(2, 4)))


@dataclass(slots=True, frozen=True)
class Readers:
    """Networks that are asked together, and the temperature that calibrates what they say."""

    networks: tuple[Network, ...]
    temperature: float


def restored(arrays: Mapping[str, NDArray[np.floating]]) -> Readers:
    """Networks from the arrays of a file: ``w0``, ``b0`` … of the first, ``w0_2``, ``b0_2`` … of the second."""
    networks = []
    for n in range(1, 1 + len(arrays)):
        suffix = "" if n == 1 else f"_{n}"
        count = sum(f"w{k}{suffix}" in arrays for k in range(len(arrays)))
        if not count:
            break
        weights, biases = (
            tuple(np.asarray(arrays[f"{kind}{k}{suffix}"], np.float32) for k in range(count)) for kind in "wb"
        )
        networks.append(Network(weights, biases))
    return Readers(tuple(networks), float(arrays["temperature"]) if "temperature" in arrays else 1.0)


@cache
def trained(path: Path | None = None) -> Readers:
    """The networks of a file; without one, those that come with the package. SetupError where it holds none."""
    folder = path.parent if path else files("vndoc.ocr.handwriting")
    name = path.name if path else "digits.npz"
    try:
        with np.load(BytesIO(read_model(folder, name, packaged=path is None))) as arrays:
            return restored(arrays)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise SetupError(f"{folder / name}: holds no networks that training/digits has made ({error})") from error
