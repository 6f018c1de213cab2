"""How well a network reads made lines that were kept out of training.

``python -m training.lines.evaluate --weights STATE/state.pt --passages passages.txt`` makes lines of text that was set
aside, in faces that training knows and in faces that it has never seen, and prints for both the character error rate,
the share of lines that are right, the Vietnamese letters of the lowest recall, and the share of words with digits that
are right.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from training.lines.network import network
from training.lines.parts import Maker, batched
from training.lines.scoring import Scores
from training.lines.strips import Line
from vndoc.ocr.engines.lines.alphabet import collapsed

SEEDS = {"seen faces": 1_000_001, "unseen faces": 1_000_002}
_TOGETHER = 24


def read(model: Any, lines: Sequence[Line], device: str = "cpu") -> list[str]:
    """The text of each line: the best class of every column."""
    texts = [""] * len(lines)
    order = sorted(range(len(lines)), key=lambda k: lines[k].strip.shape[1])
    model.eval()
    with torch.inference_mode():
        for start in range(0, len(order), _TOGETHER):
            chosen = order[start : start + _TOGETHER]
            batch = batched([lines[k] for k in chosen])
            x = torch.from_numpy(batch.strips).to(device)[:, None].float().div_(255)
            best = model(x).argmax(1).squeeze(1).cpu().numpy()
            for k, columns, width in zip(chosen, best, batch.widths, strict=True):
                texts[k] = collapsed(columns[:width].tolist()).strip()
    return texts


def scores(model: Any, lines: Sequence[Line], device: str = "cpu") -> Scores:
    """What the network makes of the lines."""
    result = Scores()
    for item, text in zip(lines, read(model, lines, device), strict=True):
        result.add(item.text, text)
    return result


def trials(passages: Path, count: int) -> dict[str, list[Line]]:
    """Lines kept out of training, always the same."""
    return {
        name: Maker(passages, seed, kept=True, held_out=name.startswith("unseen")).lines(0, count)
        for name, seed in SEEDS.items()
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True, help="state.pt of training")
    parser.add_argument("--passages", type=Path, required=True)
    parser.add_argument("--lines", type=int, default=1000, help="of each kind")
    options = parser.parse_args()
    torch.set_num_threads(1)
    model = network()
    model.load_state_dict(torch.load(options.weights, weights_only=True, map_location="cpu")["mean"])
    for name, lines in trials(options.passages, options.lines).items():
        print(f"{name}: {scores(model, lines).report()}", flush=True)


if __name__ == "__main__":
    main()
