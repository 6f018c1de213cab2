"""The network of lines, gone on with confirmed lines of an office among made ones; needs torch and onnx.

Confirmed lines do not say where each character stands; the network itself tells, by the likeliest way to write the
truth into its columns.
"""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from training.corrections.gate import Exams, Outcome, Report, Score, chosen
from training.lines.export import exact, quantised
from training.lines.network import fold, network
from training.lines.parts import Maker, batches
from training.lines.strips import WIDEST, Line
from training.lines.train import Plan, Trainer, write_start
from vndoc.archive.corrections.pairs import LinePair
from vndoc.errors import FormatError
from vndoc.models import write_hashes
from vndoc.ocr.engines.lines.alphabet import BLANK, collapsed, columns_needed, labels
from vndoc.ocr.engines.lines.network import LineNetwork, trained
from vndoc.ocr.engines.lines.strips import STRIDE

START = Path(__file__).parents[1] / "lines" / "start.npz"
LINES, STARTED = "lines.npz", "lines-start.npz"
"""In a folder of models: what the reader takes, and what a later training goes on from."""
MADE, TIMES, TRIALS = 1500, 6, 300
"""Made lines to learn from, times that each confirmed line is among them, and made lines to test with."""
_RATE, _PIXELS, _MEMORY = 3e-4, 4000, 0.97
_SCALED_BY = 200  # made lines by which the values of the layers are scaled to 8 bits
_SHARES = (1.0, 0.5)
_SEEDS = {"learn": 3_000_001, "test": 3_000_002, "scale": 2_000_001}

Weights = dict[str, Any]


def aligned(scores: NDArray[np.floating], numbers: Sequence[int]) -> NDArray[np.int64]:
    """The column in which each character has its middle, on the likeliest way to write them into the columns.

    Args:
        scores: logarithms ``(columns, classes)``; there are columns enough.
        numbers: those of the characters.
    """
    states = [BLANK, *(n for number in numbers for n in (number, BLANK))]
    worth = np.asarray(scores[:, states], float)
    skips = np.array([k > 1 and states[k] not in (BLANK, states[k - 2]) for k in range(len(states))])
    best = np.full(len(states), -np.inf)
    best[:2] = worth[0, :2]
    back = np.zeros((len(worth), len(states)), np.int64)
    for t in range(1, len(worth)):
        ways = np.stack([best, np.r_[-np.inf, best[:-1]], np.where(skips, np.r_[-np.inf, -np.inf, best[:-2]], -np.inf)])
        back[t] = ways.argmax(axis=0)
        best = ways.max(axis=0) + worth[t]
    state = len(states) - 1 - int(best[-1] < best[-2])
    columns: list[list[int]] = [[] for _ in numbers]
    for t in range(len(worth) - 1, -1, -1):
        if state % 2:
            columns[state // 2].append(t)
        state -= int(back[t, state])
    return np.array([found[len(found) // 2] for found in columns], dtype=np.int64)


def lines_of(pairs: Sequence[tuple[LinePair, Path]], reader: LineNetwork) -> list[Line]:
    """The lines of an export with the places of their characters; those too long, or too narrow, are left out."""
    found = []
    for pair, folder in pairs:
        image = cv2.imread(str(folder / pair.crop), cv2.IMREAD_GRAYSCALE)
        if image is None:
            raise FormatError(f"{folder / pair.crop}: is no image; export the corrections again")
        strip = np.asarray(image, dtype=np.uint8)
        columns = -(-strip.shape[1] // STRIDE)
        if strip.shape[1] <= WIDEST and columns_needed(pair.truth) <= columns:
            (scores,) = reader.scores([strip])
            found.append(Line(strip, pair.truth, aligned(scores, labels(pair.truth))))
    return found


def score(found: Sequence[Line], reader: LineNetwork) -> Score:
    """Lines that are read right; the loss is the share of wrong characters."""
    outcomes: list[Outcome] = []
    errors = 0
    for line, scores in zip(found, reader.scores([line.strip for line in found]), strict=True):
        text = collapsed(scores.argmax(axis=1).tolist()).strip()
        errors += Levenshtein.distance(text, line.text)
        outcomes.append("right" if text == line.text else "wrong")
    return Score(tuple(outcomes), errors / max(1, sum(len(line.text) for line in found)))


def gone_on(start: Path, learnt: Sequence[Line], made: Sequence[Line], seed: int) -> tuple[Weights, Weights]:
    """The weights before and after one look at all lines, each confirmed one several times."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    every = [*made, *(line for line in learnt for _ in range(TIMES))]
    plan = Plan(len(every), 1e6, _RATE, _PIXELS, _MEMORY, seed, "cpu")
    trainer = Trainer(network(), plan)
    trainer.start(start)
    before = {name: value.clone() for name, value in trainer.model.state_dict().items()}
    for batch in batches(every, plan.pixels, random.Random(seed)):
        trainer.step(batch)
    return before, trainer.mean.module.state_dict()


def retrained(
    learnt: Sequence[tuple[LinePair, Path]],
    held_out: Sequence[tuple[LinePair, Path]],
    passages: Path,
    base: Path | None,
    out: Path,
    seed: int,
) -> Report:
    """Go on from the weights in ``base``, or the package's; writes into ``out`` what is better."""
    own = base / LINES if base and (base / LINES).is_file() else None
    start = base / STARTED if own and base and (base / STARTED).is_file() else START
    old = trained(own)
    report = Report("lines")
    lines, tests = lines_of(learnt, old), lines_of(held_out, old)
    report.learnt_from = len(lines)
    made = Maker(passages, _SEEDS["learn"] + seed).lines(0, MADE)
    trials = Maker(passages, _SEEDS["test"], kept=True).lines(0, TRIALS)
    scaling = [line.strip for line in Maker(passages, _SEEDS["scale"]).lines(0, _SCALED_BY)]
    before, after = gone_on(start, lines, made, seed)
    files: dict[LineNetwork, tuple[bytes, Weights]] = {}

    def mixed(share: float) -> LineNetwork:
        pairs = ((name, before[name], after[name]) for name in before)
        weights = {n: torch.lerp(a, b, share) if a.is_floating_point() else b for n, a, b in pairs}
        model = network()
        model.load_state_dict(weights)
        written = quantised(exact(fold(model)), scaling)
        reader = LineNetwork(written)
        files[reader] = written, weights
        return reader

    gate: Exams[LineNetwork] = Exams(lambda reader: score(tests, reader), lambda reader: score(trials, reader))
    better = chosen(report, old, mixed, gate, _SHARES)
    if better:
        written, weights = files[better]
        np.savez_compressed(out / LINES, model=np.frombuffer(written, np.uint8))
        write_hashes(out, LINES)
        write_start(weights, out / STARTED)
    return report
