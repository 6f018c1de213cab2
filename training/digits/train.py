"""Train the digit reader: ``python -m training.digits.train --strings FOLDER --out FOLDER`` (docs/handwriting.md)."""

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from training.digits.network import BLANK, SIZES, folded, network
from training.digits.strings import WIDTH
from vndoc.ocr.handwriting.network import HEIGHT

BATCH = 64


def load(folder: Path) -> tuple[NDArray[np.uint8], list[str]]:
    """All strings that ``training.digits.write`` has put there."""
    files = [np.load(path) for path in sorted(folder.glob("strings-*.npz"))]
    return np.concatenate([f["images"] for f in files]), [str(text) for f in files for text in f["texts"]]


Batch = tuple[NDArray[np.uint8], Any, Any]
"""Images ``(n, 32, 128)``, the digits of all strings, and how many there are in each, both as tensors."""


def as_batch(images: Sequence[NDArray[np.uint8]], texts: Sequence[str]) -> Batch:
    """Images and the strings on them as one batch."""
    digits = torch.tensor([int(c) for text in texts for c in text], dtype=torch.long)
    return np.stack(images), digits, torch.tensor([len(text) for text in texts])


def _batches(images: NDArray[np.uint8], texts: list[str], rng: np.random.Generator) -> Iterator[Batch]:
    """Batches without end, every string once a round."""
    while True:
        order = rng.permutation(len(texts))
        for start in range(0, len(order) - BATCH + 1, BATCH):
            chosen = order[start : start + BATCH]
            yield as_batch([moved(images[k], rng) for k in chosen], [texts[k] for k in chosen])


def moved(image: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """The string a little elsewhere, larger or smaller, leaning, and in lighter or heavier ink."""
    wide, tall = rng.uniform(0.9, 1.05), rng.uniform(0.92, 1.06)  # no wider, else it may leave the strip
    shear, dx, dy = rng.normal(0, 0.08), rng.uniform(0, 3), rng.uniform(-1.2, 1.2)
    matrix = np.array([[wide, shear, dx - shear * HEIGHT / 2], [0, tall, dy + (1 - tall) * HEIGHT / 2]])
    seen = cv2.warpAffine(image, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR).astype(np.float32) / 255
    return np.asarray(255 * seen ** rng.uniform(0.7, 1.4), dtype=np.uint8)


def main() -> None:
    """Train for a while, keep a running average of the weights, and write both now and then."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strings", type=Path, required=True, help="folder that training.digits.write has filled")
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoints and weights")
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--start", type=Path, help="checkpoint to go on from")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--size", choices=SIZES, default="large")
    parser.add_argument("--rate", type=float, default=2.5e-3)
    parser.add_argument("--memory", type=float, default=0.999, help="of the running average, per step")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    cv2.setNumThreads(1)
    torch.manual_seed(options.seed)
    torch.set_num_threads(1)
    loader = _batches(*load(options.strings), np.random.default_rng(options.seed))
    model = network(options.size)
    if options.start:
        model.load_state_dict(torch.load(options.start))
    for step, mean in fitted(model, loader, options.steps, options.rate, options.memory):
        if step % 400 == 0 or step == options.steps:
            _save(options.out, mean)


Penalty = Callable[[Any, Any], Any]
"""A further loss of the images ``(n, 1, 32, 128)`` and the logarithms that the model gives ``(columns, n, 11)``."""


def fitted(
    model: Any,
    batches: Iterator[Batch],
    steps: int,
    rate: float,
    memory: float,
    penalty: Penalty | None = None,
) -> Iterator[tuple[int, Any]]:
    """Train for some steps; yields after each its number and the running average of the model.

    Args:
        model: what is trained.
        batches: as :func:`as_batch` makes them.
        steps: how many.
        rate: the highest learning rate.
        memory: share of the running average that stays at each step.
        penalty: added to the loss of the strings.
    """
    model = model.to(memory_format=torch.channels_last)
    mean = torch.optim.swa_utils.AveragedModel(
        model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(memory), use_buffers=True
    )
    optimiser = torch.optim.AdamW(model.parameters(), weight_decay=0.01)
    plan = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, steps, pct_start=0.1)
    score = nn.CTCLoss(blank=BLANK, zero_infinity=True)
    since, total = time.monotonic(), 0.0
    for step in range(1, steps + 1):
        images, digits, lengths = next(batches)
        x = torch.from_numpy(images).float().div_(255)[:, None].contiguous(memory_format=torch.channels_last)
        logs = model(x)[:, :, 0].permute(2, 0, 1).log_softmax(2)
        columns = torch.full((len(lengths),), logs.shape[0], dtype=torch.long)
        loss = score(logs, digits, columns, lengths)
        loss = loss + penalty(x, logs) if penalty else loss
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 2.0)
        optimiser.step()
        plan.step()
        mean.update_parameters(model)
        total += float(loss.detach())
        if step % 100 == 0:
            print(f"{step} loss {total / 100:.4f} {time.monotonic() - since:.0f} s", flush=True)
            total = 0.0
        yield step, mean.module


def _save(folder: Path, model: Any) -> None:
    """Checkpoint to go on from, and the weights as the reader wants them."""
    torch.save(model.state_dict(), folder / "checkpoint.pt")
    arrays: dict[str, Any] = folded(model.eval())
    np.savez(folder / "weights.npz", **arrays)
    model.train()


if __name__ == "__main__":
    main()
