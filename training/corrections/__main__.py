"""Retrain with what was confirmed: ``python -m training.corrections EXPORT … --out MODELS`` (docs/learning.md).

Writes into the folder of models those that are better than before, and report.json; prints the report as a table.
"""

import argparse
import json
import shutil
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.build import save
from training.corrections import channel, digits
from training.corrections.gate import Report, table
from training.corrections.parting import Located, merged, parted
from training.corrections.slots import Sample, drawn, samples
from training.digits.evaluate import write
from training.digits.glyphs import drawn as pen
from training.digits.glyphs import mnist
from training.digits.strings import DRAWN_HANDS, TRIALS, Hands
from vndoc.archive.corrections.pairs import LinePair, SlotPair, TextPair
from vndoc.errors import VndocError
from vndoc.models import write_hashes
from vndoc.ocr.handwriting.network import trained
from vndoc.repair.model import MODEL, load

WHAT = ("digits", "channel", "lines")
DIGITS, LANGUAGE, REPORT = "digits.npz", "language", "report.json"
_SAMPLES = Path(__file__).parents[2] / "samples"
_TRIALS, _TRIAL_PENS, _SEED = 400, 2000, 23


def hands(folder: Path | None, *, held_out: bool) -> Hands:
    """Hands to learn from, or to test with: drawn ones and type; MNIST's writers too where its folder is given."""
    first, count = (DRAWN_HANDS, _TRIAL_PENS) if held_out else (0, DRAWN_HANDS)
    if folder:
        return Hands(*(mnist(folder, "t10k", 800) if held_out else mnist(folder, "train", 6000)), first, count)

    def any_pen(digit: int, rng: np.random.Generator) -> NDArray[np.uint8]:
        return pen(first + int(rng.integers(count)))(digit, rng)

    return Hands(any_pen, any_pen, first, count)


def retrain_digits(pairs: list[Located], kept: list[Located], options: argparse.Namespace) -> Report:
    """The networks of the blanks."""
    from training.corrections.digits_torch import trainer  # noqa: PLC0415 -- torch is needed here only

    learnt, held_out = (samples(part) for part in parted(pairs, SlotPair))
    own = options.base / DIGITS if options.base else None
    readers = trained(own if own and own.is_file() else None)
    base = drawn(hands(options.mnist, held_out=True), _TRIALS, TRIALS, _SEED)
    train = trainer(hands(options.mnist, held_out=False), options.strings, steps=options.steps, seed=options.seed)
    report, better = digits.retrained(learnt, held_out, base, _all_slots(kept), readers, train)
    if better:
        write(better, options.out / DIGITS)
    return report


def _all_slots(located: list[Located]) -> list[Sample]:
    return samples((pair, folder) for pair, folder in located if isinstance(pair, SlotPair))


def retrain_channel(pairs: list[Located], options: argparse.Namespace) -> Report:
    """The repair's channel; the language model stays, and goes into the folder with it."""
    learnt, held_out = ([pair for pair, _ in part] for part in parted(pairs, TextPair))
    own = options.base / LANGUAGE if options.base else MODEL
    folder = own if own.is_dir() else MODEL
    report, better = channel.retrained(learnt, held_out, channel.sample_texts(_SAMPLES), load(folder))
    if better:
        target = options.out / LANGUAGE
        shutil.copytree(folder, target, dirs_exist_ok=True)
        name = f"channel_{channel.CHANNEL}.npz"
        save(target / name, channel.arrays(better))
        write_hashes(target, name)
    return report


def retrain_lines(pairs: list[Located], options: argparse.Namespace) -> Report:
    """The network that reads lines of print."""
    learnt, held_out = parted(pairs, LinePair)
    if not options.passages:
        return Report("lines", reason="made lines to go on with need --passages (docs/lines.md)")
    if not learnt or not held_out:
        return Report("lines", reason="there are too few confirmed lines to learn from and to test with")
    from training.corrections.lines import retrained  # noqa: PLC0415 -- torch and onnx are needed here only

    return retrained(learnt, held_out, options.passages, options.base, options.out, options.seed)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("exports", type=Path, nargs="+", help="folders of vndoc export-corrections")
    parser.add_argument("--out", type=Path, required=True, help="folder for the models: Settings.models, --models")
    parser.add_argument("--base", type=Path, help="folder of models to go on from; the package's without")
    parser.add_argument("--what", nargs="+", choices=WHAT, default=WHAT)
    parser.add_argument("--keep", type=Path, nargs="*", default=[], help="exports of which no blank may come out worse")
    parser.add_argument("--mnist", type=Path, help="folder of MNIST's four IDX files, to draw strings with")
    parser.add_argument("--strings", type=Path, help="folder of training.digits.write, in place of drawing them anew")
    parser.add_argument("--passages", type=Path, help="file of training.lines.passages, for lines")
    parser.add_argument("--steps", type=int, default=250, help="of the networks of the blanks")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    try:
        run(options)
    except VndocError as error:
        raise SystemExit(f"training.corrections: {error}") from None


def run(options: argparse.Namespace) -> list[Report]:
    """Retrain what was asked for, write what is better, and the report."""
    pairs, kept = merged(options.exports), merged(options.keep)
    options.out.mkdir(parents=True, exist_ok=True)
    if options.base and options.base.resolve() != options.out.resolve():
        shutil.copytree(options.base, options.out, dirs_exist_ok=True)
    reports = []
    if "digits" in options.what:
        reports.append(retrain_digits(pairs, kept, options))
    if "channel" in options.what:
        reports.append(retrain_channel(pairs, options))
    if "lines" in options.what:
        reports.append(retrain_lines(pairs, options))
    said = json.dumps([report.json() for report in reports], indent=1)
    (options.out / REPORT).write_text(said + "\n", encoding="utf-8")
    print(table(reports))
    return reports


if __name__ == "__main__":
    main()
