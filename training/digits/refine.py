"""Go on from the package's weights with strings of other hands and with slots of real scans (docs/handwriting.md).

``python -m training.digits.refine --weights digits.npz --strings FOLDER --slots FILE --out FOLDER``
"""

import argparse
import pickle
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from training.digits.network import LAYERS, POOLS
from training.digits.strings import WIDTH
from training.digits.train import Batch, Penalty, as_batch, fitted, load, moved
from vndoc.ocr.handwriting.cut import Cut
from vndoc.ocr.handwriting.network import Network, trained
from vndoc.ocr.handwriting.reading import View, fitting, rendered

BATCH = 64
REAL = 0.25
"""Share of a batch that is real slots."""
Slots = Sequence[tuple[Cut, str]]
"""What was cut out of real scans, and what it says."""


def unfolded(network: Network) -> Any:
    """The network as torch trains it, its normalisations folded into the convolutions."""
    parts: list[Any] = []
    last = len(network.weights) - 1
    for k, (weight, bias) in enumerate(zip(network.weights, network.biases, strict=True)):
        rows, columns, channels, out = weight.shape
        at = k if k < 2 else k + len(LAYERS) - last  # the smaller network lacks one of the equal layers
        _, stride, padding = LAYERS[at] if k < last else ((1, 3), (1, 1), (0, 1))
        layer = nn.Conv2d(channels, out, (rows, columns), stride, padding)
        layer.weight.data = torch.from_numpy(np.ascontiguousarray(weight.transpose(3, 2, 0, 1)))
        layer.bias.data = torch.from_numpy(bias.copy())
        parts.append(layer)
        if k < last:
            parts += [nn.ReLU()] + ([nn.MaxPool2d(POOLS[at])] if at in POOLS else [])
    return nn.Sequential(*parts[:-1], nn.Dropout(0.1), parts[-1])


def folded(model: Any) -> dict[str, NDArray[np.float32]]:
    """Weights as the reader wants them."""
    layers = [m for m in model if isinstance(m, nn.Conv2d)]
    arrays: dict[str, NDArray[np.float32]] = {}
    for k, layer in enumerate(layers):
        arrays[f"w{k}"] = layer.weight.detach().permute(2, 3, 1, 0).numpy().copy()
        arrays[f"b{k}"] = layer.bias.detach().numpy().copy()
    return arrays


def real(cut: Cut, rng: np.random.Generator) -> NDArray[np.uint8]:
    """One real slot as the network may see it: bent, slanted, in a lighter or heavier pen, in some view."""
    ink = _bent(cut.ink, rng)
    if (width := int(rng.integers(-1, 3))) > 0:
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width + 1, width + 1))
        ink = np.asarray((cv2.erode if rng.random() < 0.3 else cv2.dilate)(ink, kernel), dtype=np.float32)
    cut = Cut(ink, cut.body, cut.doubtful)
    size = float(rng.uniform(0.82, 1.14))
    zoom = fitting(cut, WIDTH) / max(1.0, size)
    room = WIDTH - ink.shape[1] * zoom * size
    x = float(rng.uniform(-3, max(0, min(room - 10, 12)) if rng.random() < 0.8 else max(0, room - 10)))
    hard = float(rng.uniform(0, 0.8)) if rng.random() < 0.4 else 0.0
    view = View(size, x, float(rng.normal(0, 1.1)), float(rng.normal(0, 0.15)), hard)
    return np.asarray(255 * rendered(cut, view, zoom, WIDTH), dtype=np.uint8)


def _bent(ink: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """A slow random warp and a stretch."""
    height, width = ink.shape
    reach = rng.uniform(0, 0.05) * height
    coarse = rng.normal(0, reach, (2, max(2, 2 * height // 25), max(2, 2 * width // 25))).astype(np.float32)
    dx, dy = (cv2.resize(c, (width, height), interpolation=cv2.INTER_CUBIC) for c in coarse)
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    bent = np.asarray(cv2.remap(ink, x + dx, y + dy, cv2.INTER_LINEAR), dtype=np.float32)
    wide = max(4, round(width * float(rng.uniform(0.8, 1.2))))
    return np.clip(np.asarray(cv2.resize(bent, (wide, height), interpolation=cv2.INTER_LINEAR), np.float32), 0, 1)


def _batches(
    images: NDArray[np.uint8], texts: Sequence[str], slots: Slots, rng: np.random.Generator, share: float
) -> Iterator[Batch]:
    """Batches without end: drawn strings, each once a round, and a ``share`` of real slots among them."""
    seldom = round(BATCH * share) if slots else 0
    while True:
        order = rng.permutation(len(texts))
        for start in range(0, len(order) - BATCH + 1, BATCH - seldom):
            chosen = order[start : start + BATCH - seldom]
            picked = [slots[k] for k in rng.integers(0, len(slots), seldom)] if slots else []
            seen = [moved(images[k], rng) for k in chosen] + [real(cut, rng) for cut, _ in picked]
            yield as_batch(seen, [texts[k] for k in chosen] + [text for _, text in picked])


def gone_on(
    network: Network,
    images: NDArray[np.uint8],
    texts: Sequence[str],
    slots: Slots,
    *,
    steps: int,
    rate: float,
    seed: int,
    share: float = REAL,
    recall: float = 0.0,
) -> dict[str, NDArray[np.float32]]:
    """Weights of a network after some more steps, the running average of the last fifth.

    Args:
        network: what to go on from.
        images: drawn strings, as :func:`training.digits.train.load` gives them.
        texts: what these say.
        slots: real ones.
        steps: of 64 strings each.
        rate: the highest learning rate.
        seed: same seed, same weights.
        share: of real slots in each batch.
        recall: weight of reading drawn strings as the network did before, right or wrong.
    """
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    loader = _batches(images, texts, slots, np.random.default_rng(seed), share)
    drawn = BATCH - (round(BATCH * share) if slots else 0)
    penalty = _as_before(network, drawn, recall) if recall else None
    for _, mean in fitted(unfolded(network), loader, steps, rate, max(0.0, 1 - 5 / steps), penalty):
        model = mean
    return folded(model.eval())


def _as_before(network: Network, drawn: int, weight: float) -> Penalty:
    """How far the first ``drawn`` strings of a batch are read otherwise than before (Li and Hoiem, ECCV 2016)."""
    teacher = unfolded(network).eval()

    def penalty(x: Any, logs: Any) -> Any:
        with torch.no_grad():
            before = teacher(x[:drawn])[:, :, 0].permute(2, 0, 1).log_softmax(2)
        return weight * (before.exp() * (before - logs[:, :drawn])).sum((0, 2)).mean()

    return penalty


def main() -> None:
    """Train each network of the package a while longer; keep a running average of the weights, and write that."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, help="digits.npz to go on from; the package's without")
    parser.add_argument("--strings", type=Path, required=True, help="folder that training.digits.write has filled")
    parser.add_argument("--slots", type=Path, help="file that training.digits.slots has written")
    parser.add_argument("--without", nargs="*", default=[], help="names of the scans whose slots are held out")
    parser.add_argument("--out", type=Path, required=True, help="folder for the weights of each network")
    parser.add_argument("--networks", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--steps", type=int, default=800)
    parser.add_argument("--rate", type=float, default=4e-4)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    cv2.setNumThreads(1)
    images, texts = load(options.strings)
    named = pickle.loads(options.slots.read_bytes()) if options.slots else []
    slots = [(cut, text) for name, cut, text in named if name not in options.without]
    networks = trained(options.weights).networks
    for n in options.networks:
        arrays: dict[str, Any] = gone_on(
            networks[n - 1], images, texts, slots, steps=options.steps, rate=options.rate, seed=options.seed
        )
        np.savez(options.out / f"weights-{n}.npz", **arrays)


if __name__ == "__main__":
    main()
