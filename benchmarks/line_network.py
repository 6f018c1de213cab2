"""Processor time a line of the network that reads lines: ``python -m benchmarks.line_network``.

The median of some rounds counts, of the processor's time, so a busy machine tells much the same; what is in a strip
makes no difference.
"""

import argparse
import json
import statistics
import time
from dataclasses import asdict, dataclass

import numpy as np
import onnxruntime
from rich.console import Console
from rich.table import Table

from vndoc.ocr.engines.lines.network import LineNetwork, trained
from vndoc.ocr.engines.lines.strips import HEIGHT

WIDTHS = (320, 640, 960)


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds until the network is ready, and those of a line of each width."""

    runtime: str
    load: float
    lines: dict[int, float]


def line_time(network: LineNetwork, width: int, rounds: int) -> float:
    """Milliseconds of a line."""
    strips = [np.random.default_rng(0).integers(0, 256, (HEIGHT, width), dtype=np.uint8)]
    network.scores(strips)
    taken = []
    for _ in range(rounds):
        began = time.process_time()
        network.scores(strips)
        taken.append(time.process_time() - began)
    return 1000 * statistics.median(taken)


def measured(rounds: int) -> Timing:
    """Time the network of the package."""
    began = time.process_time()
    network = trained()
    load = 1000 * (time.process_time() - began)
    lines = {width: line_time(network, width, rounds) for width in WIDTHS}
    return Timing(f"onnxruntime {onnxruntime.__version__}", load, lines)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    timing = measured(options.rounds)
    if options.json:
        print(json.dumps(asdict(timing), indent=2))
        return
    table = Table("runtime", "load, ms", *(f"{width} pixels, ms" for width in WIDTHS))
    table.add_row(timing.runtime, f"{timing.load:.0f}", *(f"{timing.lines[width]:.1f}" for width in WIDTHS))
    Console().print(table)


if __name__ == "__main__":
    main()
