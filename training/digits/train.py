"""Train the digit reader: ``python -m training.digits.train --mnist FOLDER --out FOLDER`` (see docs/handwriting.md)."""

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch import nn

from training.digits.glyphs import mnist
from training.digits.network import BLANK, folded, network
from training.digits.strings import DRAWN_HANDS, Hands, batch

BATCH = 64
KEPT = 400  # batches kept to be seen again: making one takes longer than learning from it
SEEN = 3  # times on average


class _Strings(torch.utils.data.IterableDataset):  # type: ignore[misc]  # torch is not there when mypy runs
    """Endless batches; each worker process draws its own."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.hands = Hands(*mnist(folder, "train", 3000), 0, DRAWN_HANDS)
        self.seed = seed

    def __iter__(self) -> Iterator["Batch"]:
        info = torch.utils.data.get_worker_info()
        rng = np.random.default_rng((self.seed, info.id if info else 0))
        while True:
            images, texts = batch(BATCH, self.hands, rng)
            digits = torch.tensor([int(c) for text in texts for c in text], dtype=torch.long)
            lengths = torch.tensor([len(text) for text in texts])
            yield torch.from_numpy(images).float().div_(255)[:, None], digits, lengths


Batch = tuple[torch.Tensor, torch.Tensor, torch.Tensor]


def _again(fresh: Iterator[Batch], seed: int) -> Iterator[Batch]:
    """Batches, most of them seen before, those moved a little."""
    rng = np.random.default_rng(seed)
    kept: list[Batch] = []
    for new in fresh:
        yield new
        kept.append(new)
        for _ in range(SEEN - 1):
            images, digits, lengths = kept[rng.integers(len(kept))]
            dy, dx = (int(v) for v in rng.integers(-1, 2, 2))
            yield torch.roll(images, (dy, dx), (2, 3)), digits, lengths
        if len(kept) > KEPT:
            del kept[rng.integers(len(kept))]


def main() -> None:
    """Train for a while, keep a running average of the weights, and write both now and then."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mnist", type=Path, required=True, help="folder of MNIST's four IDX files")
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoints and weights")
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--start", type=Path, help="checkpoint to go on from")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rate", type=float, default=2.5e-3)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    cv2.setNumThreads(0)  # its threads would not survive in the worker process
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    strings = torch.utils.data.DataLoader(_Strings(options.mnist, options.seed), batch_size=None, num_workers=1)
    loader = _again(iter(strings), options.seed)
    model = network().to(memory_format=torch.channels_last)
    if options.start:
        model.load_state_dict(torch.load(options.start))
    mean = torch.optim.swa_utils.AveragedModel(
        model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.995), use_buffers=True
    )
    optimiser = torch.optim.AdamW(model.parameters(), weight_decay=0.01)
    plan = torch.optim.lr_scheduler.OneCycleLR(optimiser, options.rate, options.steps, pct_start=0.1)
    score = nn.CTCLoss(blank=BLANK, zero_infinity=True)
    since, total = time.monotonic(), 0.0
    for step in range(1, options.steps + 1):
        images, digits, lengths = next(loader)
        logits = model(images.contiguous(memory_format=torch.channels_last))[:, :, 0].permute(2, 0, 1)
        columns = torch.full((len(lengths),), logits.shape[0], dtype=torch.long)
        loss = score(logits.log_softmax(2), digits, columns, lengths)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 2.0)
        optimiser.step()
        plan.step()
        mean.update_parameters(model)
        total += float(loss.detach())
        if step % 50 == 0:
            print(f"{step} loss {total / 50:.4f} {time.monotonic() - since:.0f} s", flush=True)
            total = 0.0
        if step % 200 == 0 or step == options.steps:
            torch.save(mean.module.state_dict(), options.out / "checkpoint.pt")
            arrays: dict[str, Any] = folded(mean.module.eval())
            np.savez(options.out / "weights.npz", **arrays)
            mean.module.train()


if __name__ == "__main__":
    main()
