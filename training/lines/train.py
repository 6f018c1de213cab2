"""Train the network, or go on: ``python -m training.lines.train --passages passages.txt --state FOLDER``.

Everything lies in the folder: parts of lines not yet used up, ``state.pt`` (network, running mean of its weights,
optimiser, how far it came), ``log.jsonl`` (errors on lines kept out). Kill it at any moment and start it again: it goes
on at the last checkpoint and takes the very steps it would have taken. docs/lines.md: on one processor, on a GPU.
"""

import argparse
import json
import math
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from training.lines.evaluate import SEEDS, scores, trials
from training.lines.network import network
from training.lines.parts import AGES, Batch, batches, load, part_path, parts_of, save
from training.lines.strips import Line
from vndoc.ocr.engines.lines.alphabet import BLANK

_WARM = 300  # steps until the full rate
_FALL = 0.6  # share of the plan after which the rate falls
_LAST = 0.01  # of the rate at the end
_CENTRES, _CENTRES_LEFT, _CENTRES_STEPS = 1.0, 0.15, 4000  # weight of the glyphs' middles: first, at last, until when
_DECAY = 0.02
_CLIP = 2.0


@dataclass(slots=True)
class Progress:
    """How far training came: steps, lines seen, round and batch of the round to take next.

    ``seconds`` it took on the clock, ``processor`` seconds of this process; without those of measuring.
    """

    step: int = 0
    seen: int = 0
    round: int = 0
    batch: int = 0
    seconds: float = 0.0
    processor: float = 0.0


@dataclass(slots=True, frozen=True)
class Plan:
    """How to train. The rate is full until ``_FALL`` of the lines or of the minutes, then falls to nothing."""

    lines: int
    minutes: float
    rate: float
    pixels: int
    """Columns of pixels in a batch."""
    memory: float
    """Of the running mean, for a step."""
    seed: int
    device: str

    def share(self, progress: Progress) -> float:
        """How much of the plan is done, 0–1."""
        return min(1.0, max(progress.seen / self.lines, progress.seconds / (60 * self.minutes)))

    def rate_at(self, progress: Progress) -> float:
        """The rate of the next step."""
        left = max(0.0, self.share(progress) - _FALL) / (1 - _FALL)
        return (
            self.rate
            * min(1.0, (progress.step + 1) / _WARM)
            * (_LAST + (1 - _LAST) * 0.5 * (1 + math.cos(math.pi * left)))
        )


class Trainer:
    """The network in training and the running mean of its weights; :meth:`step` learns from one batch."""

    def __init__(self, model: Any, plan: Plan) -> None:
        self.plan = plan
        self.model = model.to(plan.device, memory_format=torch.channels_last)
        self.mean = torch.optim.swa_utils.AveragedModel(self.model, use_buffers=True)
        decayed = [w for w in model.parameters() if w.ndim > 1]
        others = [w for w in model.parameters() if w.ndim <= 1]
        groups = [{"params": decayed, "weight_decay": _DECAY}, {"params": others, "weight_decay": 0.0}]
        self.optimiser = torch.optim.AdamW(groups, lr=plan.rate, betas=(0.9, 0.98))
        self.progress = Progress()

    def step(self, batch: Batch) -> tuple[float, float]:
        """Learn from a batch; the two losses a character: of the text, and of the glyphs' middles."""
        device, progress = self.plan.device, self.progress
        self.model.train()
        x = torch.from_numpy(batch.strips).to(device)[:, None].float().div_(255)
        x = x.contiguous(memory_format=torch.channels_last)
        with torch.autocast(device.split(":")[0], torch.bfloat16):
            scored = self.model(x)
        logs = scored.float().squeeze(2).log_softmax(1).permute(2, 0, 1)
        text, middles = losses(logs, batch)
        weight = max(_CENTRES_LEFT, _CENTRES * (1 - progress.step / _CENTRES_STEPS))
        for group in self.optimiser.param_groups:
            group["lr"] = self.plan.rate_at(progress)
        self.optimiser.zero_grad(set_to_none=True)
        (text + weight * middles).backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), _CLIP)
        self.optimiser.step()
        self._average()
        progress.step += 1
        progress.seen += len(batch.lengths)
        progress.batch += 1
        return float(text.detach()), float(middles.detach())

    def _average(self) -> None:
        keep = min(self.plan.memory, (self.progress.step + 1) / (self.progress.step + 20))
        mean, now = (list(m.state_dict().values()) for m in (self.mean.module, self.model))
        pairs = [(a, b) for a, b in zip(mean, now, strict=True) if a.dtype.is_floating_point]
        torch._foreach_lerp_([a for a, _ in pairs], [b for _, b in pairs], 1 - keep)

    def save(self, path: Path) -> None:
        """Write all that going on needs; the file appears whole."""
        rough = path.with_suffix(".writing")
        torch.save(
            {
                "model": self.model.state_dict(),
                "mean": self.mean.module.state_dict(),
                "optimiser": self.optimiser.state_dict(),
                "progress": asdict(self.progress),
            },
            rough,
        )
        rough.replace(path)

    def load(self, path: Path) -> None:
        """Take up what was saved."""
        saved = torch.load(path, weights_only=True, map_location=self.plan.device)
        self.model.load_state_dict(saved["model"])
        self.mean.module.load_state_dict(saved["mean"])
        self.optimiser.load_state_dict(saved["optimiser"])
        self.progress = Progress(**saved["progress"])

    def start(self, path: Path) -> None:
        """Begin with the weights of another training, as :func:`write_start` writes them."""
        with np.load(path) as saved:
            weights = {name: torch.from_numpy(saved[name]) for name in saved.files}
        for model in (self.model, self.mean.module):
            model.load_state_dict({k: v.float() if v.is_floating_point() else v for k, v in weights.items()})


def write_start(weights: Mapping[str, Any], path: Path) -> None:
    """The weights in 16 bits, as :meth:`Trainer.start` takes them."""
    arrays: dict[str, Any] = {
        name: tensor.numpy().astype(np.float16) if tensor.is_floating_point() else tensor.numpy()
        for name, tensor in weights.items()
    }
    np.savez_compressed(path, **arrays)


def losses(logs: Any, batch: Batch) -> tuple[Any, Any]:
    """CTC loss, and cross-entropy at the glyphs' middles, both a character. ``logs``: (columns, lines, classes)."""
    device = logs.device
    labels, columns, lengths, widths = (
        torch.from_numpy(a).to(device) for a in (batch.labels, batch.columns, batch.lengths, batch.widths)
    )
    text = functional.ctc_loss(logs, labels, widths, lengths, blank=BLANK, reduction="none", zero_infinity=True)
    owners = torch.repeat_interleave(torch.arange(len(lengths), device=device), lengths)
    return (text / lengths).mean(), -logs[columns, owners, labels].mean()


class MakerEndedError(RuntimeError):
    """A process that makes lines has ended; its own message is above this one."""


def stream(
    folder: Path, plan: Plan, progress: Progress, helpers: Sequence[subprocess.Popen[bytes]] = ()
) -> Iterator[Batch]:
    """Batches without end from where training is; waits for parts that ``helpers`` are making."""
    while True:
        (folder / "round").write_text(str(progress.round))
        lines: list[Line] = []
        for number in parts_of(progress.round):
            while not part_path(folder, number).exists():
                if any(helper.poll() is not None for helper in helpers):
                    raise MakerEndedError("a process that makes lines has ended; start training again to go on")
                time.sleep(0.1)
            lines += load(part_path(folder, number))
        rng = random.Random(f"{plan.seed} round {progress.round}")
        for number, batch in enumerate(batches(lines, plan.pixels, rng)):
            if number >= progress.batch:
                yield batch
        progress.round += 1
        progress.batch = 0


def makers(count: int, passages: Path, folder: Path, seed: int) -> list[subprocess.Popen[bytes]]:
    """Processes that make parts, each on one processor."""
    command = [sys.executable, "-m", "training.lines.write", "--passages", str(passages), "--folder", str(folder)]
    command += ["--seed", str(seed), "--ahead", str(2 * count + 2), "--of", str(count)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    return [subprocess.Popen([*command, "--number", str(k)], env=environment) for k in range(count)]


def kept_out(passages: Path, folder: Path, count: int) -> dict[str, list[Line]]:
    """The lines to measure with, made once and then read from the folder."""
    paths = {name: folder / f"trials-{count}-{name.split()[0]}.npz" for name in SEEDS}
    if not all(path.exists() for path in paths.values()):
        for name, lines in trials(passages, count).items():
            save(paths[name], lines)
    return {name: load(path) for name, path in paths.items()}


def forget(folder: Path, round_: int) -> None:
    """Remove parts that no later round takes."""
    for path in folder.glob("part-??????.npz"):
        if int(path.stem.split("-")[1]) < round_ - max(AGES):
            path.unlink()


class _Clock:
    """When to measure: after so many seconds, but so that measuring takes a tenth of the processor's time at most.

    Where training gets only what other programs leave, ten minutes may hold a few seconds of work.
    """

    def __init__(self, every: float) -> None:
        self._every = every
        self._cost = 0.0
        self._since = time.monotonic(), time.process_time()

    def due(self) -> bool:
        wall, processor = self._since
        return time.monotonic() - wall > self._every and time.process_time() - processor > 9 * self._cost

    def measured(self, cost: float) -> None:
        self._cost = cost
        self._since = time.monotonic(), time.process_time()


def measure(trainer: Trainer, trials_: dict[str, list[Line]], losses_: tuple[float, float], log: Path) -> None:
    """Errors on the lines kept out, of the mean weights, into the log and on standard output."""
    row: dict[str, Any] = {**asdict(trainer.progress), "rate": trainer.plan.rate_at(trainer.progress)}
    row |= {"text": losses_[0], "middles": losses_[1]}
    for name, lines in trials_.items():
        result = scores(trainer.mean.module, lines, trainer.plan.device)
        row[name] = {"cer": round(result.cer, 5), "lines_right": round(result.lines_right, 4)}
    with log.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")
    print(json.dumps(row), flush=True)


def run(
    trainer: Trainer,
    folder: Path,
    trials_: dict[str, list[Line]],
    helpers: Sequence[subprocess.Popen[bytes]],
    every: float,
    checkpoint: float,
) -> None:
    """Train to the end of the plan; measure every ``every`` seconds, save every ``checkpoint`` seconds."""
    plan, progress = trainer.plan, trainer.progress
    last, worked = time.monotonic(), time.process_time()
    saved = last
    clock = _Clock(every)
    means: tuple[float, float] | None = None
    for batch in stream(folder, plan, progress, helpers):
        text, middles = trainer.step(batch)
        means = (0.98 * means[0] + 0.02 * text, 0.98 * means[1] + 0.02 * middles) if means else (text, middles)
        now = time.monotonic()
        progress.seconds += now - last
        progress.processor += time.process_time() - worked
        last, worked = now, time.process_time()
        done = plan.share(progress) >= 1
        if done or now - saved > checkpoint:
            trainer.save(folder / "state.pt")
            forget(folder, progress.round)
            saved = now
        if done or clock.due():
            start = time.process_time()
            measure(trainer, trials_, means, folder / "log.jsonl")
            clock.measured(time.process_time() - start)
            last, worked = time.monotonic(), time.process_time()
        if done:
            return


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=Path, required=True, help="file of training.lines.passages")
    parser.add_argument("--state", type=Path, required=True, help="folder for all that training keeps")
    parser.add_argument("--start", type=Path, help="weights to begin with, such as training/lines/start.npz")
    parser.add_argument("--lines", type=int, default=1_200_000, help="lines to see, each about twice")
    parser.add_argument("--minutes", type=float, default=1e6, help="time to take, if that ends first")
    parser.add_argument("--makers", type=int, default=1, help="processes that make lines")
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--rate", type=float, default=2.5e-3)
    parser.add_argument("--pixels", type=int, default=8000, help="columns of pixels in a batch")
    parser.add_argument("--memory", type=float, default=0.998, help="of the running mean, for a step")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--trials", type=int, default=200, help="lines of each kind to measure with on the way")
    parser.add_argument("--every", type=float, default=600, help="seconds between measurements")
    parser.add_argument("--checkpoint", type=float, default=240, help="seconds between checkpoints")
    options = parser.parse_args()
    options.state.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    plan = Plan(
        options.lines, options.minutes, options.rate, options.pixels, options.memory, options.seed, options.device
    )
    trainer = Trainer(network(), plan)
    path = options.state / "state.pt"
    if path.exists():
        trainer.load(path)
    elif options.start:
        trainer.start(options.start)
    (options.state / "round").write_text(str(trainer.progress.round))
    helpers = makers(options.makers, options.passages, options.state, options.seed)
    try:
        trials_ = kept_out(options.passages, options.state, options.trials)
        run(trainer, options.state, trials_, helpers, options.every, options.checkpoint)
    finally:
        for helper in helpers:
            helper.terminate()


if __name__ == "__main__":
    main()
