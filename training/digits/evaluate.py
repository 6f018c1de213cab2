"""Measure the reader on strings of held-out digits, calibrate it, and write what the package needs.

``python -m training.digits.evaluate --mnist FOLDER --weights weights.npz --out digits.npz`` (see docs/handwriting.md).
"""

import argparse
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from training.digits.glyphs import Mask, mnist
from training.digits.strings import DRAWN_HANDS, Hands, label, written
from vndoc.ocr.handwriting.cut import Cut, body_rows
from vndoc.ocr.handwriting.network import Network
from vndoc.ocr.handwriting.reading import average, candidates

_TEMPERATURES = np.arange(0.6, 2.01, 0.05)


def as_cut(canvas: Mask) -> Cut | None:
    """The string as if cut out of a page."""
    ink = canvas.astype(np.float32) / max(60.0, float(np.percentile(canvas, 99.5)))
    dark = ink > 0.35
    ys, xs = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    if not len(ys):
        return None
    rows, columns = slice(ys[0], ys[-1] + 1), slice(xs[0], xs[-1] + 1)
    ink *= cv2.dilate(dark.astype(np.uint8), np.ones((3, 3), np.uint8))
    return Cut(np.clip(ink[rows, columns], 0, 1), body_rows(dark[rows, columns]), False)


def load(path: Path, temperature: float = 1.0) -> Network:
    """Network of the weights that training wrote."""
    with np.load(path) as arrays:
        count = sum(name.startswith("w") for name in arrays.files)
        rounded = {name: arrays[name].astype(np.float16).astype(np.float32) for name in arrays.files}
    weights, biases = (tuple(rounded[f"{kind}{k}"] for k in range(count)) for kind in "wb")
    return Network(weights, biases, temperature)


def held_out(folder: Path, count: int, seed: int) -> list[tuple[str, Cut]]:
    """Strings of writers, pens and words that training never saw."""
    hands = Hands(*mnist(folder, "t10k", 800), DRAWN_HANDS, 2000)
    rng = np.random.default_rng(seed)
    strings: list[tuple[str, Cut]] = []
    while len(strings) < count:
        text = label(rng)
        found = as_cut(written(text, hands, rng))
        if found and text:
            strings.append((text, found))
    return strings


def loss(averages: list[dict[str, float]], truths: list[str], temperature: float) -> float:
    """Mean negative logarithm of the probability given to the truth."""
    total = 0.0
    for probabilities, truth in zip(averages, truths, strict=True):
        rest = max(1e-6, 1 - sum(probabilities.values()))
        powers = sum(p ** (1 / temperature) for p in probabilities.values()) + rest ** (1 / temperature)
        total -= np.log(max(1e-9, probabilities.get(truth, 0.0) ** (1 / temperature) / powers))
    return total / len(truths)


def report(results: list[tuple[bool, float]]) -> str:
    """Exact share, errors among the surest nine tenths and above thresholds, expected calibration error (ten bins)."""
    ranked = sorted(results, key=lambda r: -r[1])
    n = len(ranked)
    surest = ranked[: n * 9 // 10]
    lines = [f"{n} strings, exact {sum(ok for ok, _ in ranked) / n:.4f}"]
    lines.append(f"wrong among the surest 90 %: {sum(not ok for ok, _ in surest) / len(surest):.4f}")
    for least in (0.5, 0.8, 0.9):
        above = [ok for ok, p in ranked if p >= least]
        wrong = above.count(False) / max(1, len(above))
        lines.append(f"p >= {least}: {len(above) / n:.3f} of the strings, wrong {wrong:.4f}")
    error = 0.0
    for k in range(10):
        part = [(ok, p) for ok, p in ranked if k / 10 <= p < (k + 1) / 10 or (k == 9 and p == 1)]
        error += abs(sum(ok for ok, _ in part) - sum(p for _, p in part)) / n
    lines.append(f"expected calibration error {error:.4f}")
    return "\n".join(lines)


def main() -> None:
    """Fit the temperature on one half of the held-out strings, report on the other, write the package's file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mnist", type=Path, required=True)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--strings", type=int, default=2000)
    options = parser.parse_args()
    strings = held_out(options.mnist, options.strings, 11)
    network = load(options.weights)
    half = len(strings) // 2
    averages = [average(found, network) for _, found in strings[:half]]
    truths = [text for text, _ in strings[:half]]
    temperature = float(min(_TEMPERATURES, key=lambda t: loss(averages, truths, t)))
    network = load(options.weights, temperature)
    results = []
    for text, found in strings[half:]:
        ranked = candidates("number", average(found, network), temperature)
        results.append((bool(ranked) and ranked[0][0] == text, ranked[0][1] if ranked else 0.0))
    print(f"temperature {temperature:.2f}\n{report(results)}")
    if options.out:
        arrays: dict[str, Any] = {f"w{k}": w.astype(np.float16) for k, w in enumerate(network.weights)}
        arrays |= {f"b{k}": b.astype(np.float16) for k, b in enumerate(network.biases)}
        np.savez_compressed(options.out, temperature=np.float32(temperature), **arrays)


if __name__ == "__main__":
    main()
