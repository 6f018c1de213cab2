"""The trained weights for reading: ``python -m training.lines.export --weights state.pt --passages passages.txt``.

Writes the file that comes with the package, ``src/vndoc/ocr/engines/lines/lines.npz``: a model in ONNX for one line or
more of any width, which counts in 8 bits. The range of each layer's values is measured on lines that are made for it;
``--seed`` chooses them. ``--start`` writes the weights for a training to go on from, ``--onnx`` the model itself for
other programs. Needs the packages torch and onnx.
"""

import argparse
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from torch import nn

from training.lines.network import Flat, Residual, fold, network
from training.lines.parts import Maker
from training.lines.train import write_start
from vndoc.models import write_hashes
from vndoc.ocr.engines.lines.alphabet import CLASSES
from vndoc.ocr.engines.lines.network import Floats, filled
from vndoc.ocr.engines.lines.strips import HEIGHT
from vndoc.ocr.imaging.image import Image8

PACKAGED = Path(__file__).parents[2] / "src/vndoc/ocr/engines/lines/lines.npz"
_OPSET, _FORMAT = 13, 8  # the oldest with one scale for each channel
_ROWS_TO_CHANNELS = np.array([0, -1, 1, 0])  # 0 is what there was, -1 what is left
_SEED = 2_000_001  # neither of training nor of what is measured


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
                names = [x, self._weights(module.weight.detach().numpy()), self._weights(module.bias.detach().numpy())]
                return self._node(
                    "Conv", names, kernel_shape=module.kernel_size, strides=module.stride, group=module.groups,
                    pads=2 * list(module.padding),
                )  # fmt: skip
            case nn.ReLU():
                return self._node("Relu", [x])
            case Flat():
                return self._node("Reshape", [x, self._weights(_ROWS_TO_CHANNELS)])
            case nn.Identity():
                return x
        raise TypeError(f"no operation of ONNX for {module}")

    def _weights(self, values: Any) -> str:
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(values, name))
        return name

    def _node(self, operation: str, inputs: list[str], **settings: Any) -> str:
        name = f"x{len(self.nodes)}"
        self.nodes.append(helper.make_node(operation, inputs, [name], name, **settings))
        return name


def exact(folded: Any) -> Any:
    """In 32 bits: ``strips`` ``(n, 1, 48, width)``, paper 0, ink 1, to ``scores`` ``(n, classes, 1, columns)``."""
    graph = _Graph()
    last = graph.layer(folded, "strips")
    graph.nodes.append(helper.make_node("Identity", [last], ["scores"]))
    made = helper.make_graph(
        graph.nodes, "lines",
        [helper.make_tensor_value_info("strips", TensorProto.FLOAT, ["n", 1, HEIGHT, "width"])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["n", CLASSES, 1, "columns"])], graph.weights,
    )  # fmt: skip
    exported = helper.make_model(made, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_FORMAT)
    onnx.checker.check_model(exported, full_check=True)
    return exported


class _Lines(CalibrationDataReader):  # type: ignore[misc]
    """What the ranges of the layers' values are measured with, one strip after another."""

    def __init__(self, strips: Iterable[Image8]) -> None:
        self._strips = iter(strips)

    def get_next(self) -> dict[str, Floats] | None:
        """What onnxruntime calls; None at the end."""
        strip = next(self._strips, None)
        return None if strip is None else {"strips": filled(strip)}


def quantised(model: Any, strips: Iterable[Image8]) -> bytes:
    """The model in 8 bits: each layer's values in 0 to 255 over their mean range in the strips.

    Weights have a scale for each channel and stay within 7 bits, so that processors without instructions for such sums
    do not overflow and all come to the same ones. The last layer stays in 32 bits: its scores are what is decided by.
    """
    last = [node.name for node in model.graph.node if node.op_type == "Conv"][-1:]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "lines.onnx"
        quantize_static(
            model, path, _Lines(strips), quant_format=QuantFormat.QDQ, per_channel=True, reduce_range=True,
            activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8, nodes_to_exclude=last,
            extra_options={"CalibMovingAverage": True},
        )  # fmt: skip
        return path.read_bytes()


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True, help="state.pt of training")
    parser.add_argument("--passages", type=Path, required=True)
    parser.add_argument("--lines", type=int, default=200, help="to measure the ranges with")
    parser.add_argument("--seed", type=int, default=_SEED)
    parser.add_argument("--output", type=Path, default=PACKAGED)
    parser.add_argument("--onnx", type=Path)
    parser.add_argument("--start", type=Path, help="file for the weights that another training is to start from")
    options = parser.parse_args()
    trained = network()
    trained_mean = torch.load(options.weights, weights_only=True, map_location="cpu")["mean"]
    trained.load_state_dict(trained_mean)
    lines = Maker(options.passages, options.seed).lines(0, options.lines)
    written = quantised(exact(fold(trained)), [line.strip for line in lines])
    np.savez_compressed(options.output, model=np.frombuffer(written, np.uint8))
    write_hashes(options.output.parent, options.output.name)
    if options.onnx:
        options.onnx.write_bytes(written)
    if options.start:
        write_start(trained_mean, options.start)


if __name__ == "__main__":
    main()
