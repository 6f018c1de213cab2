"""What corrections teach: one writer's numbers are corrected, exported, learnt from, and others of theirs read.

``python -m benchmarks.learning --folder WORK`` (needs torch) makes scans that one odd hand has filled in, reads them
into an archive, says the number of each as a clerk would, exports, retrains, and reads scans of the same hand that
nobody has seen, before and after. What is there already in the folder is not made again.
"""

import argparse
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

from training.corrections.parting import merged
from training.corrections.simulate import write
from training.corrections.slots import samples, score
from vndoc import Archive
from vndoc.archive.corrections.pairs import SlotPair
from vndoc.facts import ValueFact
from vndoc.ocr.handwriting.network import Readers, trained
from vndoc.slots import SlotKind

CLERK = "clerk"


def read(scans: Path, archive: Path, count: int, seed: int) -> None:
    """Scans of the writer, read into an archive."""
    if len(list(scans.glob("*.pdf"))) < count:
        write(scans, count, seed)
    with Archive(archive) as opened:
        opened.batch([scans], jobs=1)


def say(scans: Path, archive: Path) -> Counter[str]:
    """What a clerk does: the true number of each document that was not settled yet; how the number had been read."""
    truths = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in scans.glob("*.json")}
    found: Counter[str] = Counter()
    with Archive(archive) as opened:
        for entry in opened.entries("done"):
            sheet = opened.desk.sheet(entry.document_id)
            if sheet.facts:
                continue
            truth = truths[Path(entry.paths[0]).stem]["code_number"]
            read_as = sheet.dispatch.code_number
            found["open" if read_as is None else "right" if read_as == truth else "wrong"] += 1
            fact = ValueFact(pointer="/code_number", value=truth)
            opened.desk.confirm(entry.document_id, [fact], CLERK, sheet.revision)
    return found


def export(archive: Path, folder: Path) -> None:
    """What was said, in a folder; once."""
    if not folder.exists():
        with Archive(archive) as opened:
            print(f"{folder.name}: {opened.export_corrections(folder).pairs}")


def told(folder: Path, readers: Readers) -> str:
    """How the numbers of an export are read."""
    pairs = [(pair, where) for pair, where in merged([folder]) if isinstance(pair, SlotPair)]
    numbers = [(pair, where) for pair, where in pairs if pair.slot is SlotKind.NUMBER]
    found = score(samples(numbers), readers)
    return ", ".join(f"{found.count(o)} {o}" for o in ("right", "open", "wrong")) + f", loss {found.loss:.3f}"


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--count", type=int, default=200, help="documents of which the number is corrected")
    parser.add_argument("--unseen", type=int, default=100, help="documents of the same writer to test with")
    parser.add_argument("training", nargs="*", help="what training.corrections is told besides, behind --")
    options = parser.parse_args()
    folder: Path = options.folder
    for name, count, seed in (("said", options.count, 1), ("unseen", options.unseen, 2)):
        read(folder / name, folder / f"{name}.sqlite", count, seed)
        print(f"{name}: numbers as read: {dict(say(folder / name, folder / f'{name}.sqlite'))}")
        export(folder / f"{name}.sqlite", folder / f"{name}-export")
    command = [
        sys.executable,
        "-m",
        "training.corrections",
        str(folder / "said-export"),
        "--out",
        str(folder / "models"),
    ]
    subprocess.run([*command, *options.training], check=True)
    own = folder / "models" / "digits.npz"
    for name in ("said", "unseen"):
        print(f"{name}, before: {told(folder / f'{name}-export', trained())}")
        if own.is_file():
            print(f"{name}, after: {told(folder / f'{name}-export', trained(own))}")


if __name__ == "__main__":
    main()
