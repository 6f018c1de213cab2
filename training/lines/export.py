"""The trained weights for reading: ``python -m training.lines.export --weights state.pt``.

Writes the file that comes with the package, ``src/vndoc/ocr/engines/lines/lines.npz``: a model in ONNX, for any number
of lines of any width, with its weights in 16 bits. ``--onnx`` writes the model itself too, for other programs. Needs
the packages torch and onnx.
"""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from training.lines.network import Flat, Residual, fold, network
from vndoc.ocr.engines.lines.alphabet import CLASSES
from vndoc.ocr.engines.lines.strips import HEIGHT

PACKAGED = Path(__file__).parents[2] / "src/vndoc/ocr/engines/lines/lines.npz"
_OPSET, _FORMAT = 13, 8  # old enough for every OpenCV that vndoc allows


def convolutional(folded: Any) -> Any:
    """The same network of convolutions alone, in place: OpenCV 4 cannot make rows channels where the width is open.

    The layer behind them takes all rows at once instead.
    """
    at = next(k for k, layer in enumerate(folded) if isinstance(layer, Flat))
    flat = folded[at + 1][0]
    rows = HEIGHT // 8
    tall = nn.Conv2d(flat.in_channels // rows, flat.out_channels, (rows, 1))
    tall.weight.data = flat.weight.data.reshape(tall.weight.shape)
    tall.bias.data = flat.bias.data
    folded[at], folded[at + 1] = nn.Identity(), tall
    return folded


class _Graph:
    """Nodes and weights of ONNX, collected layer after layer; each layer returns the name of what it gives."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.weights: list[Any] = []

    def layer(self, module: Any, x: str) -> str:
        match module:
            case nn.Sequential():
                for inner in module:
                    x = self.layer(inner, x)
                return x
            case Residual():
                return self._node("Add", [x, self.layer(module.layers, x)])
            case nn.Conv2d():
                names = [x, self._weights(module.weight), self._weights(module.bias)]
                return self._node(
                    "Conv", names, kernel_shape=module.kernel_size, strides=module.stride, group=module.groups,
                    pads=2 * list(module.padding),
                )  # fmt: skip
            case nn.ReLU():
                return self._node("Relu", [x])
            case nn.Identity():
                return x
        raise TypeError(f"no operation of ONNX for {module}")

    def _weights(self, tensor: Any) -> str:
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(tensor.detach().numpy().astype(np.float16), name))
        return self._node("Cast", [name], to=TensorProto.FLOAT)

    def _node(self, operation: str, inputs: list[str], **settings: Any) -> str:
        name = f"x{len(self.nodes)}"
        self.nodes.append(helper.make_node(operation, inputs, [name], **settings))
        return name


def model(folded: Any) -> bytes:
    """Input ``strips`` ``(n, 1, 48, width)``, paper 0 and ink 1; output ``scores`` ``(n, classes, 1, columns)``."""
    graph = _Graph()
    last = graph.layer(convolutional(folded), "strips")
    graph.nodes.append(helper.make_node("Identity", [last], ["scores"]))
    made = helper.make_graph(
        graph.nodes, "lines",
        [helper.make_tensor_value_info("strips", TensorProto.FLOAT, ["n", 1, HEIGHT, "width"])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["n", CLASSES, 1, "columns"])], graph.weights,
    )  # fmt: skip
    exported = helper.make_model(made, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_FORMAT)
    onnx.checker.check_model(exported, full_check=True)
    return bytes(exported.SerializeToString())


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True, help="state.pt of training")
    parser.add_argument("--output", type=Path, default=PACKAGED)
    parser.add_argument("--onnx", type=Path)
    options = parser.parse_args()
    trained = network()
    trained.load_state_dict(torch.load(options.weights, weights_only=True, map_location="cpu")["mean"])
    written = model(fold(trained))
    np.savez_compressed(options.output, model=np.frombuffer(written, np.uint8))
    if options.onnx:
        options.onnx.write_bytes(written)


if __name__ == "__main__":
    main()
