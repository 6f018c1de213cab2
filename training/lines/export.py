"""The trained weights for reading: ``python -m training.lines.export --weights state.pt --arrays lines.npz``.

Every normalisation is folded into its convolution. ``--arrays`` writes 16-bit weights ``w0``, ``b0`` … in the order of
the layers; ``--onnx`` writes a model of 32 bits that takes any number of lines of any width (needs the package onnx).
"""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from training.lines.network import fold, network
from vndoc.ocr.engines.lines.strips import HEIGHT


def arrays(folded: Any) -> dict[str, NDArray[np.float16]]:
    """Weights and biases of a folded network, layer after layer."""
    found: dict[str, NDArray[np.float16]] = {}
    for number, layer in enumerate(m for m in folded.modules() if isinstance(m, nn.Conv2d)):
        found[f"w{number}"] = layer.weight.detach().numpy().astype(np.float16)
        found[f"b{number}"] = layer.bias.detach().numpy().astype(np.float16)
    return found


def write_onnx(folded: Any, path: Path) -> None:
    """Input ``strips`` ``(n, 1, 48, width)``, paper 0 and ink 1; output ``scores`` ``(n, classes, 1, columns)``."""
    torch.onnx.export(
        folded, (torch.zeros(1, 1, HEIGHT, 256),), str(path), input_names=["strips"], output_names=["scores"],
        dynamic_axes={"strips": {0: "lines", 3: "width"}, "scores": {0: "lines", 3: "columns"}}, dynamo=False,
        opset_version=17,
    )  # fmt: skip


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True, help="state.pt of training")
    parser.add_argument("--arrays", type=Path)
    parser.add_argument("--onnx", type=Path)
    options = parser.parse_args()
    model = network()
    model.load_state_dict(torch.load(options.weights, weights_only=True, map_location="cpu")["mean"])
    folded = fold(model)
    if options.arrays:
        saved: dict[str, Any] = arrays(folded)
        np.savez_compressed(options.arrays, **saved)
    if options.onnx:
        write_onnx(folded, options.onnx)


if __name__ == "__main__":
    main()
