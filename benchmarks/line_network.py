"""Processor time a line of the network that reads lines, in each runtime that is installed.

``python -m benchmarks.line_network``: vndoc's own way (OpenCV, fp32, one strip after another), and onnxruntime where it
is installed (``pip install onnxruntime``), with the same weights, in batches of 1 and 8. All on one thread. The median
of some rounds counts, of the processor's time, so a busy machine tells much the same; what is in a strip makes no
difference.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from typing import Any

import cv2
import numpy as np
from rich.console import Console
from rich.table import Table

from vndoc.ocr.engines.lines.network import LineNetwork
from vndoc.ocr.engines.lines.strips import HEIGHT
from vndoc.ocr.imaging.image import Image8

WIDTHS = (320, 640, 960)
Reader = Callable[[Sequence[Image8]], Any]


@dataclass(frozen=True, slots=True)
class Timing:
    """One runtime: milliseconds until it is ready, and those of a line of each width."""

    name: str
    load: float
    lines: dict[int, float]


def packaged() -> bytes:
    """The model that comes with vndoc, in ONNX."""
    with files("vndoc.ocr.engines.lines").joinpath("lines.npz").open("rb") as file, np.load(file) as arrays:
        return bytes(arrays["model"].tobytes())


def runtimes() -> dict[str, tuple[int, Callable[[bytes], Reader]]]:
    """Names, lines of a call, and what makes a reader of the model's bytes."""
    found: dict[str, tuple[int, Callable[[bytes], Reader]]] = {
        f"vndoc, in OpenCV {cv2.__version__}": (1, lambda model: LineNetwork(model).scores)
    }
    try:
        import onnxruntime  # noqa: PLC0415
    except ImportError:
        return found

    def started(model: bytes) -> Reader:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        return lambda strips: session.run(None, {"strips": np.stack(strips)[:, None] / np.float32(255)})

    for count in (1, 8):
        found[f"onnxruntime {onnxruntime.__version__}, {count} at a time"] = (count, started)
    return found


def measured(name: str, count: int, start: Callable[[bytes], Reader], model: bytes, rounds: int) -> Timing:
    """Time one runtime."""
    began = time.process_time()
    read = start(model)
    load = time.process_time() - began
    lines = {}
    for width in WIDTHS:
        strips = list(np.random.default_rng(0).integers(0, 256, (count, HEIGHT, width), dtype=np.uint8))
        read(strips)
        taken = []
        for _ in range(rounds):
            began = time.process_time()
            read(strips)
            taken.append((time.process_time() - began) / count)
        lines[width] = 1000 * statistics.median(taken)
    return Timing(name, 1000 * load, lines)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    model = packaged()
    timings = [measured(name, *how, model, options.rounds) for name, how in runtimes().items()]
    if options.json:
        print(json.dumps([asdict(timing) for timing in timings], indent=2))
        return
    table = Table("runtime", "load, ms", *(f"{width} pixels, ms" for width in WIDTHS))
    for timing in timings:
        table.add_row(timing.name, f"{timing.load:.0f}", *(f"{timing.lines[width]:.1f}" for width in WIDTHS))
    Console().print(table)


if __name__ == "__main__":
    main()
