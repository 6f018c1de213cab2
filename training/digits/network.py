"""The network: six convolutions that see a string 32 pixels high in columns 4 pixels wide, scored by CTC."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

BLANK = 10
LAYERS = (  # kernel, stride, padding
    ((5, 5), (2, 2), (2, 2)),
    ((3, 3), (2, 2), (1, 1)),
    ((3, 3), (1, 1), (1, 1)),
    ((3, 3), (1, 1), (1, 1)),
    ((3, 3), (1, 1), (1, 1)),
    ((4, 3), (1, 1), (0, 1)),
)
POOLS = {3: (2, 1)}  # largest of so many rows and columns after these layers
SIZES = {"small": (24, 44, 48, 64, 96, 96), "large": (32, 64, 64, 96, 128, 128)}  # channels out


def network(size: str) -> Any:
    """``(n, 1, 32, width)`` in 0–1 to ``(n, 11, 1, width / 4)``: ten digits and the blank, before the softmax."""
    parts: list[Any] = []
    channels = 1
    for k, (out, (kernel, stride, padding)) in enumerate(zip(SIZES[size], LAYERS, strict=True)):
        parts += [nn.Conv2d(channels, out, kernel, stride, padding, bias=False), nn.BatchNorm2d(out), nn.ReLU()]
        if k in POOLS:
            parts.append(nn.MaxPool2d(POOLS[k]))
        channels = out
    return nn.Sequential(*parts, nn.Dropout(0.1), nn.Conv2d(channels, 11, (1, 3), padding=(0, 1)))


def folded(model: Any) -> dict[str, NDArray[np.float32]]:
    """Weights of the trained network with each normalisation folded into its convolution, as the reader wants them.

    ``w0``, ``b0`` … ``w6``, ``b6``; weights are ``(kernel rows, kernel columns, channels in, channels out)``.
    """
    arrays: dict[str, NDArray[np.float32]] = {}
    layers = [m for m in model if isinstance(m, nn.Conv2d | nn.BatchNorm2d)]
    with torch.no_grad():
        for k, start in enumerate(range(0, len(layers) - 1, 2)):
            conv, norm = layers[start], layers[start + 1]
            scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
            arrays[f"w{k}"] = (conv.weight * scale[:, None, None, None]).permute(2, 3, 1, 0).numpy()
            arrays[f"b{k}"] = (norm.bias - norm.running_mean * scale).numpy()
        last = layers[-1]
        arrays[f"w{len(LAYERS)}"] = last.weight.permute(2, 3, 1, 0).numpy()
        arrays[f"b{len(LAYERS)}"] = last.bias.numpy()
    return arrays
