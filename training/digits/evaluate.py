"""Measure the reader on digits of writers held out, calibrate it, and write what the package needs.

``python -m training.digits.evaluate --mnist FOLDER --weights weights.npz --out digits.npz`` (see docs/handwriting.md).
"""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.digits.forms import DPI, Form, draw
from training.digits.glyphs import mnist
from training.digits.strings import DRAWN_HANDS, TRAINING, TRIALS, Hands, Wear, in_slot, label, written
from vndoc.models import write_hashes
from vndoc.ocr.handwriting.cut import cut_out
from vndoc.ocr.handwriting.edges import measure, type_size
from vndoc.ocr.handwriting.network import Readers, restored
from vndoc.ocr.handwriting.reading import candidates, read

_TEMPERATURES = np.arange(0.4, 2.01, 0.05)
Trial = tuple[str, str, dict[str, float]]  # kind of slot, what is written, what was read before calibration


def load(paths: list[Path], temperature: float = 1.0) -> Readers:
    """Networks of the weights that training wrote, of each path one, rounded as the package keeps them."""
    arrays: dict[str, NDArray[np.float16]] = {}
    for n, path in enumerate(paths, 1):
        with np.load(path) as saved:
            own = {name: saved[name].astype(np.float16) for name in saved.files if name != "temperature"}
        arrays |= {name if n == 1 else f"{name}_{n}": array for name, array in own.items()}
    return replace(restored(arrays), temperature=temperature)


def strings(hands: Hands, count: int, readers: Readers, wear: Wear) -> list[Trial]:
    """Numbers by themselves, cut out between edges that are known."""
    rng = np.random.default_rng(11)
    trials: list[Trial] = []
    while len(trials) < count:
        text = label(rng)
        if text and int(text):
            found = cut_out(*in_slot(written(text, hands, rng, wear)))
            trials.append(("number", text, read([(found, 1.0)], readers)))
    return trials


def forms(hands: Hands, count: int, readers: Readers, wear: Wear, seed: int) -> list[Trial]:
    """Numbers and days in their forms, through edges and cutting."""
    rng = np.random.default_rng(seed)
    trials: list[Trial] = []
    while len(trials) < count:
        number, day = label(rng), f"{rng.integers(1, 32):02}"
        form = draw(number, day, hands, rng, wear) if len(number) > 1 and int(number) else None
        if form:
            trials += _read_form(form, readers)
    return trials


def _read_form(form: Form, readers: Readers) -> list[Trial]:
    em = type_size(form.words, DPI)
    return [
        (
            slot.kind,
            form.truth[slot.kind],
            read([(cut_out(form.image, window), weight) for window, weight in measure(slot, form.words, em)], readers),
        )
        for slot in form.slots
    ]


def judged(trials: list[Trial], temperature: float) -> list[tuple[bool, float]]:
    """Whether the best candidate is the truth, and its probability."""
    results = []
    for kind, truth, probabilities in trials:
        text, p = next(iter(candidates(kind, probabilities, temperature)), ("", 0.0))
        results.append((text == truth, p))
    return results


def loss(trials: list[Trial], temperature: float) -> float:
    """Mean negative logarithm of the probability given to the truth."""
    shares = [dict(candidates(kind, found, temperature)).get(truth, 0.0) for kind, truth, found in trials]
    return -float(np.mean(np.log(np.maximum(shares, 1e-3))))


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


def write(readers: Readers, path: Path) -> None:
    """The networks as the package keeps them, in 16 bits."""
    arrays: dict[str, Any] = {}
    for n, network in enumerate(readers.networks, 1):
        suffix = "" if n == 1 else f"_{n}"
        arrays |= {f"w{k}{suffix}": w.astype(np.float16) for k, w in enumerate(network.weights)}
        arrays |= {f"b{k}{suffix}": b.astype(np.float16) for k, b in enumerate(network.biases)}
    np.savez_compressed(path, temperature=np.float32(readers.temperature), **arrays)
    write_hashes(path.parent, path.name)


def main() -> None:
    """Fit the temperature on forms worn more than scans are, to err by doubting; report; write the package's file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mnist", type=Path, required=True)
    parser.add_argument("--weights", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--temperature", type=float, help="this one, instead of fitting it")
    parser.add_argument("--trials", type=int, default=1000)
    options = parser.parse_args()
    hands = Hands(*mnist(options.mnist, "t10k", 800), DRAWN_HANDS, 2000)
    readers = load(options.weights)
    count = options.trials
    temperature = options.temperature
    if temperature is None:
        fitting = forms(hands, count, readers, TRAINING, 13)
        temperature = float(min(_TEMPERATURES, key=lambda t: loss(fitting, t)))
    print(f"temperature {temperature:.2f}")
    for name, wear in (("as scans are", TRIALS), ("worn as in training", TRAINING)):
        print(f"strings {name}: {report(judged(strings(hands, count, readers, wear), temperature))}")
        print(f"forms {name}: {report(judged(forms(hands, count, readers, wear, 17), temperature))}")
    if options.out:
        write(replace(readers, temperature=temperature), options.out)


if __name__ == "__main__":
    main()
