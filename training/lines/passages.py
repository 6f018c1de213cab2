"""From a folder of text to one file of passages, which the makers of lines draw from.

``python -m training.lines.passages --corpus FOLDER --without FOLDER --output passages.txt``

The folder holds ``*.txt`` or ``*.txt.xz``, one paragraph a line; files that begin with ``admin`` or ``legal`` are
official text. A row of the output is ``official``, ``other`` or ``kept``, a tab, and the passage. What is ``kept`` is
what :mod:`training.corpus` sets aside: lines to measure with. Passages that share eight words in a row with a file of
``--without`` (texts and truths of real pages) are left out altogether.
"""

import argparse
import random
from collections.abc import Iterator
from pathlib import Path

from training.corpus import is_held_out, read_lines
from vndoc.ocr.engines.lines.alphabet import normal

RUN = 8
SHORTEST, LONGEST = 8, 600  # characters of a passage
AMOUNT = {"official": 12_000_000, "other": 8_000_000, "kept": 800_000}  # characters of each kind
_OFFICIAL = ("admin", "legal")
_BEST = 6  # so many times as much of a file whose name begins with admin


def runs(text: str) -> Iterator[int]:
    """Hashes of every eight words in a row, without case and signs."""
    words = "".join(c if c.isalnum() else " " for c in text.lower()).split()
    for start in range(len(words) - RUN + 1):
        yield hash(" ".join(words[start : start + RUN]))


def runs_of(folders: list[Path]) -> set[int]:
    """The runs of every ``*.txt`` and ``*.json`` under the folders."""
    return {
        run
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".txt", ".json")
        for line in path.read_text(encoding="utf-8", errors="replace").replace("\\n", "\n").splitlines()
        for run in runs(line)
    }


def passages(path: Path, most: int, rng: random.Random, banned: set[int]) -> Iterator[tuple[bool, str]]:
    """Whether it is set aside, and the passage: some ``most`` characters of a file from all over it."""
    share = min(1.0, most / max(1, path.stat().st_size * (5 if path.suffix == ".xz" else 1)))
    for number, line in enumerate(read_lines(path)):
        kept = is_held_out(number)
        if not kept and rng.random() > share:
            continue
        text = normal(line)
        start = rng.randrange(max(1, len(text) - LONGEST + 1))
        text = text[start : start + LONGEST]
        text = text[text.find(" ") + 1 :] if start else text
        if len(text) >= SHORTEST and not (banned and banned.intersection(runs(text))):
            yield kept, text


def gather(corpus: Path, without: list[Path], rng: random.Random) -> dict[str, list[str]]:
    """The passages of each kind in random order, no more than :data:`AMOUNT`."""
    found: dict[str, list[str]] = {kind: [] for kind in AMOUNT}
    banned = runs_of(without)
    files = sorted(corpus.glob("*.txt*"))
    weights = {f: _BEST if f.name.startswith("admin") else 1 for f in files}
    for kind in ("official", "other"):
        own = [f for f in files if f.name.startswith(_OFFICIAL) == (kind == "official")]
        for path in own:
            most = AMOUNT[kind] * weights[path] // max(1, sum(weights[f] for f in own))
            for kept, text in passages(path, most, rng, banned):
                found["kept" if kept else kind].append(text)
    for kind, texts in found.items():
        rng.shuffle(texts)
        found[kind] = _up_to(texts, AMOUNT[kind])
    return found


def _up_to(texts: list[str], most: int) -> list[str]:
    total = 0
    for count, text in enumerate(texts):
        total += len(text)
        if total > most:
            return texts[:count]
    return texts


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--without", type=Path, nargs="*", default=[], help="folders whose lines must not be used")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    found = gather(options.corpus, options.without, random.Random(options.seed))
    with options.output.open("w", encoding="utf-8") as file:
        for kind, texts in found.items():
            file.writelines(f"{kind}\t{text}\n" for text in texts)
            print(f"{kind}: {len(texts)} passages, {sum(map(len, texts))} characters")


if __name__ == "__main__":
    main()
