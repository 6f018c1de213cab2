"""Scans that one writer with an odd hand has filled in: what a clerk would have to correct again and again.

``python -m training.corrections.simulate --out FOLDER --count 200`` writes one-page letters ``NAME.pdf`` with the
number and the day by that hand, and beside each its truth, ``NAME.json``.
"""

import argparse
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from samples.compose import compose
from samples.degrade import scan, scanner, write_scan
from samples.ink import PEN_BLUE
from samples.letter import Letter
from samples.typeset import Sketch
from training.digits.glyphs import BODY, SIDE, Glyphs, Mask, curve
from training.digits.strings import Manner, Wear, inked_by

_HAND: dict[str, list[list[list[float]]]] = json.loads(
    Path(__file__).with_name("hand.json").read_text(encoding="utf-8")
)
_SAMPLE = Path(__file__).parents[2] / "samples" / "cong-van-hoa-toc-1904" / "dispatch.json"
_WIDE, _UNSTEADY, _LINE = 0.5, 0.025, 3  # of a digit's height; of it; pixels on BODY
_MANNER = Manner(slant=0.5, wide=1.0, turn=0.0, gap=1.0, drift=0.0, uneven=0.05)
_WEAR = Wear(warp=1.0, thinnest=2.5, blur=1.0)
_FIRST_DAY = date(2024, 1, 1)


def hand() -> Glyphs:
    """The writer: a 4 like an A, a 9 like a g, a 0 struck through, a narrow slanting 2 on a foot."""

    def glyph(digit: int, rng: np.random.Generator) -> Mask:
        mask = np.zeros((SIDE, SIDE), np.uint8)
        for stroke in _HAND[str(digit)]:
            p = np.array(stroke) + rng.normal(0, _UNSTEADY, (len(stroke), 2))
            p[:, 0] = SIDE / 2 + (p[:, 0] - 0.5) * _WIDE * BODY
            p[:, 1] = SIDE / 2 + (p[:, 1] - 0.5) * BODY
            cv2.polylines(mask, [np.round(curve(p) * 16).astype(np.int32)], False, 255, _LINE, cv2.LINE_AA, 4)
        return mask

    return glyph


def pen(text: str, height: float) -> Sketch:
    """Digits by that writer, ``height`` points tall, as :func:`samples.compose.compose` takes them."""

    def sketch(scale: float, rng: np.random.Generator) -> Image.Image:
        ink = inked_by(hand(), text, rng, _WEAR, _MANNER)
        zoom = height * scale / BODY
        sized: NDArray[np.uint8] = np.asarray(
            cv2.resize(ink, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_AREA), dtype=np.uint8
        )
        image = Image.new("RGBA", (sized.shape[1], sized.shape[0]), (*PEN_BLUE, 0))
        image.putalpha(Image.fromarray(sized))
        return image

    return sketch


def letters(count: int, seed: int) -> Iterator[Letter]:
    """Short letters of one office with random numbers and days; the same seed gives the same ones."""
    kept = Letter.load(_SAMPLE)
    rng = np.random.default_rng(seed)
    for k in range(count):
        number = f"{rng.integers(10, 4000)}"
        issued = _FIRST_DAY + timedelta(days=int(rng.integers(0, 700)))
        printed = kept.printed.model_copy(update={"handwritten": ["code_number", "day"], "breaks": []})
        yield kept.model_copy(
            update={
                "doc": f"writer-{seed}-{k:04}",
                "code_number": number,
                "issued_date": issued,
                "urgency": None,
                "body": kept.body[:2],
                "references": [],
                "deadlines": [],
                "outline": [],
                "printed": printed,
            }
        )


def write(folder: Path, count: int, seed: int) -> None:
    """The scans and their truths."""
    folder.mkdir(parents=True, exist_ok=True)
    machine = scanner("office")
    for k, letter in enumerate(letters(count, seed)):
        images = scan(compose(letter, pen=pen)[:1], machine, seed * 100_000 + k)
        write_scan(images, folder / f"{letter.doc}.pdf", machine)
        truth = {"code_number": letter.code_number, "issued_date": letter.issued_date.isoformat()}
        (folder / f"{letter.doc}.json").write_text(json.dumps(truth) + "\n", encoding="utf-8")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    write(options.out, options.count, options.seed)


if __name__ == "__main__":
    main()
