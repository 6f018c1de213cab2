"""The network: convolutions that bring a strip to columns 4 pixels wide, then blocks along the line; no attention.

1.8 million weights. Every layer is a convolution with a normalisation that export folds away, so a line costs a few
milliseconds of one processor, and any width will do.
"""

from typing import Any

import torch
from torch import nn

from vndoc.ocr.engines.lines.alphabet import CLASSES
from vndoc.ocr.engines.lines.strips import HEIGHT

CHANNELS = (32, 80, 160)  # behind each halving of the rows
WIDE = 256  # channels along the line
EXPANSION = 2
KERNELS = (5, 9, 9, 13, 13)  # columns that each block sees


def _convolution(
    into: int, out: int, kernel: tuple[int, int], stride: tuple[int, int] = (1, 1), groups: int = 1
) -> Any:
    padding = (kernel[0] // 2, kernel[1] // 2)
    return nn.Sequential(nn.Conv2d(into, out, kernel, stride, padding, groups=groups, bias=False), nn.BatchNorm2d(out))


class Residual(nn.Module):  # type: ignore[misc]
    """The input plus what some layers make of it."""

    def __init__(self, *layers: Any) -> None:
        super().__init__()
        self.layers = nn.Sequential(*layers)

    def forward(self, x: Any) -> Any:
        """What torch calls."""
        return x + self.layers(x)


class Flat(nn.Module):  # type: ignore[misc]
    """Rows become channels: ``(n, c, rows, columns)`` to ``(n, c * rows, 1, columns)``."""

    def forward(self, x: Any) -> Any:
        """What torch calls."""
        return x.flatten(1, 2).unsqueeze(2)


def _separable(channels: int) -> Any:
    return Residual(
        _convolution(channels, channels, (3, 3), groups=channels), _convolution(channels, channels, (1, 1)), nn.ReLU()
    )


def _block(channels: int, kernel: int) -> Any:
    wide = channels * EXPANSION
    return Residual(
        _convolution(channels, channels, (1, kernel), groups=channels),
        _convolution(channels, wide, (1, 1)), nn.ReLU(), _convolution(wide, channels, (1, 1)),
    )  # fmt: skip


def network(channels: tuple[int, int, int] = CHANNELS, wide: int = WIDE, kernels: tuple[int, ...] = KERNELS) -> Any:
    """``(n, 1, 48, width)``, paper 0 and ink 1, to ``(n, CLASSES, 1, width / 4)``: scores before the softmax."""
    first, second, third = channels
    return nn.Sequential(
        _convolution(1, first, (5, 5), (2, 2)), nn.ReLU(),
        _convolution(first, second, (3, 3), (2, 2)), nn.ReLU(), _separable(second), _separable(second),
        _convolution(second, second, (3, 3), (2, 1), groups=second),
        _convolution(second, third, (1, 1)), nn.ReLU(), _separable(third), _separable(third),
        Flat(), _convolution(third * (HEIGHT // 8), wide, (1, 1)), nn.ReLU(),
        *(_block(wide, kernel) for kernel in kernels),
        nn.Conv2d(wide, CLASSES, (1, 1)),
    )  # fmt: skip


def fold(model: Any) -> Any:
    """The same network with each normalisation folded into its convolution, in place; for reading only."""
    model.eval()
    for module in list(model.modules()):
        if isinstance(module, nn.Sequential) and len(module) == 2 and isinstance(module[1], nn.BatchNorm2d):
            module[0] = torch.nn.utils.fusion.fuse_conv_bn_eval(module[0], module[1])
            module[1] = nn.Identity()
    return model
