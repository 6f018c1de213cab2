"""What the reader's scores are worth: ``python -m training.lines.calibrate --pages FOLDER``.

The folder holds pages ``NAME.png``, level and clean as an engine gets them, with their truth in ``NAME.truth.tsv``:
rows of ``x0,y0,x1,y1<TAB>text``, a sign ``¤`` for what is not print. Each word read is compared with the line that was
printed in its place; isotonic regression (pool adjacent violators; Ayer et al. 1955) turns scores into shares of right
words. Writes the points beside the weights.
"""

import argparse
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import cv2
import numpy as np
from rapidfuzz.distance import Levenshtein

from vndoc.ocr.engines.engine import ImageKind
from vndoc.ocr.engines.lines.alphabet import normal
from vndoc.ocr.engines.lines.engine import CALIBRATION, Lines
from vndoc.page import Box, Line

NO_PRINT = "¤"
_FIRST, _GROWTH = 15, 1.35  # words of the bin of the lowest scores, and how bins grow: errors are among the low ones
_DPI = 240
_PRIOR = 2  # words of either kind that each bin is thought to have beside its own: no score is quite certain

Pairs = list[tuple[float, bool]]
Truth = list[tuple[Box, str]]


def truth_of(path: Path) -> Truth:
    """Lines printed on a page, with their boxes."""
    rows = (row.split("\t") for row in path.read_text(encoding="utf-8").splitlines() if "\t" in row)
    return [(Box(*map(int, row[0].split(","))), normal(row[1].replace(NO_PRINT, " @ "))) for row in rows]


def judged(lines: Sequence[Line], truth: Truth) -> Pairs:
    """Score of each word read, and whether it is right; words beside a hand's are left out."""
    pairs: Pairs = []
    for line in lines:
        box = line.box
        if box is None:
            continue
        printed = max(truth, key=lambda row: row[0].overlap(box), default=None)
        if printed is None or printed[0].overlap(box) < 0.5:
            pairs += [(word.confidence, False) for word in line.words]
            continue
        read, right = [word.text for word in line.words], printed[1].split()
        kept = {
            k for op in Levenshtein.opcodes(read, right) if op.tag == "equal" for k in range(op.src_start, op.src_end)
        }
        hands = "@" in right
        pairs += [(w.confidence, k in kept) for k, w in enumerate(line.words) if k in kept or not hands]
    return pairs


def isotonic(pairs: Iterable[tuple[float, bool]]) -> list[tuple[float, float]]:
    """Rising points ``(score, share right)``."""
    ordered = np.array(sorted(pairs), float)
    pools: list[list[float]] = []  # sum of scores, right ones, words
    size, start = float(_FIRST), 0
    while start < len(ordered):
        part = ordered[start : start + int(size)]
        start, size = start + int(size), size * _GROWTH
        pools.append([float(part[:, 0].sum()), float(part[:, 1].sum()), len(part)])
        while len(pools) > 1 and pools[-2][1] / pools[-2][2] >= pools[-1][1] / pools[-1][2]:
            last = pools.pop()
            pools[-1] = [a + b for a, b in zip(pools[-1], last, strict=True)]
    points: dict[float, float] = {}
    for score, right, words in pools:
        points[round(score / words, 4)] = round((right + _PRIOR / 2) / (words + _PRIOR), 4)
    return sorted(points.items())


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=Path, required=True)
    parser.add_argument("--weights", type=Path, help="file of training.lines.export; the package's by default")
    parser.add_argument("--output", type=Path, default=CALIBRATION)
    options = parser.parse_args()
    engine = Lines.uncalibrated(options.weights)
    pairs: Pairs = []
    for path in sorted(options.pages.glob("*.truth.tsv")):
        image = cv2.imread(str(path.with_name(path.name.replace(".truth.tsv", ".png"))), cv2.IMREAD_GRAYSCALE)
        if image is None:
            raise SystemExit(f"{path}: has no page of that name beside it")
        pairs += judged(engine.read([np.asarray(image, np.uint8)], ImageKind.PAGE, _DPI)[0], truth_of(path))
    points = isotonic(pairs)
    options.output.write_text(json.dumps({"points": points}, indent=1) + "\n", encoding="utf-8")
    wrong = sum(not right for _, right in pairs)
    print(f"{len(pairs)} words, {wrong} wrong; {len(points)} points: {points}")


if __name__ == "__main__":
    main()
