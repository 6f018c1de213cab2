"""Builds the shipped model from a folder of text and a folder of noise pairs.

``python -m training.build --corpus DIR --noise DIR --output src/vndoc/repair/model``

``DIR/*.txt[.xz]`` hold one paragraph a line; the word that their names begin with, up to ``_``, is the kind of text:
``admin``, ``legal`` and ``business`` weigh more than others. ``eng*.tsv[.xz]`` and ``vie*.tsv[.xz]`` hold aligned
lines, true text TAB reading (see :mod:`training.render`). The last twentieth of every noise file, the corpus sentences
that hold one of its lines, and every fiftieth run of 40 paragraphs are kept out; ``--held-out DIR`` writes them there
for ``benchmarks/repair.py``, ``--all`` counts them too. The same input gives the same model.
"""

import argparse
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from training.channel import inverted, train_segments, unit_counts
from training.corpus import Numbering, TokenisedFile, capitalised, is_held_out, read_lines, tokenise, without
from training.language import arrays, train
from training.pairs import syllable_pairs, word_pairs
from vndoc.models import write_hashes
from vndoc.repair.channel import Scored, Segments
from vndoc.repair.grams import SPECIAL
from vndoc.repair.syllable import is_syllable, split, strip_marks

WEIGHTS = {"admin": 5, "legal": 2, "business": 2}
OTHERS = "other"
LEAST_GAIN = (0, 2.5, 6, 8)
SYLLABLE_FLOOR, WORD_FLOOR = 4, 120
MARKED_WORD_FLOOR = 400  # a word that is no syllable and has marks is more often a glued one
HELD_OUT_SHARE = 20
WORST_LINE = 0.35  # share of wrong words above which a line says nothing of a reader that is mostly right
QUANTUM = 16.0
LEAST_READINGS = 2

Arrays = dict[str, npt.NDArray[Any]]


def log(message: str) -> None:
    """Progress, with the time since the start."""
    print(f"{time.process_time():7.1f} s  {message}", file=sys.stderr, flush=True)


def kind_of(name: str) -> str:
    """The kind of text that a corpus file holds, by its name."""
    kind = name.partition("_")[0]
    return kind if kind in WEIGHTS else OTHERS


def noise_lines(folder: Path) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Aligned lines by channel: for training and held out."""
    train_lines: dict[str, list[str]] = {}
    held_out: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*.tsv*")):
        lines = list(read_lines(path))
        cut = len(lines) - len(lines) // HELD_OUT_SHARE
        train_lines.setdefault(path.name[:3], []).extend(lines[:cut])
        held_out[path.name.split(".")[0]] = lines[cut:]
    return train_lines, held_out


def vocabulary(files: Iterable[TokenisedFile], names: list[str]) -> tuple[list[str], int]:
    """Words of the lexicon, specials first, then syllables, then others, by falling count; number of syllables."""
    raw = np.zeros(len(names), dtype=np.int64)
    weighted = np.zeros(len(names), dtype=np.int64)
    for file in files:
        counts = np.bincount(file.ids, minlength=len(names))
        raw += counts
        weighted += counts * WEIGHTS.get(kind_of(file.name), 1)
    syllables, others = [], []
    for i in range(len(SPECIAL), len(names)):
        name = names[i]
        if is_syllable(name):
            if raw[i] >= SYLLABLE_FLOOR:
                syllables.append((-int(raw[i]), name))
        elif weighted[i] >= (MARKED_WORD_FLOOR if strip_marks(name) != name and len(name) > 4 else WORD_FLOOR):
            others.append((-int(raw[i]), name))
    words = [name for _, name in sorted(syllables)] + [name for _, name in sorted(others)]
    return [*SPECIAL, *words], len(syllables)


def capitals(corpus: Path, words: Iterable[str]) -> list[str]:
    """Words of the lexicon that administrative text prints with a capital as a rule."""
    files = [path for path in sorted(corpus.glob("*.txt*")) if kind_of(path.name) == "admin"]
    lines = (line for path in files for number, line in enumerate(read_lines(path)) if not is_held_out(number))
    known = set(words)
    return [word for word in capitalised(lines) if word in known]


def language_arrays(files: Iterable[TokenisedFile], names: list[str], words: list[str]) -> Arrays:
    """The counted, smoothed and packed language model."""
    number = {word: i for i, word in enumerate(words)}
    renumber = np.array([number.get(name, 0) for name in names], dtype=np.uint16)
    of_kind: dict[str, list[npt.NDArray[np.uint16]]] = {}
    for file in files:
        of_kind.setdefault(kind_of(file.name), []).append(renumber[file.ids])
    kinds = {kind: np.concatenate(parts) for kind, parts in of_kind.items()}
    for kind, ids in kinds.items():
        log(f"{kind}: {len(ids)} tokens, {(ids == 0).mean():.4f} unknown")
    return arrays(train([(ids, WEIGHTS.get(kind, 1)) for kind, ids in kinds.items()], words, LEAST_GAIN))


def channel_arrays(lines: Iterable[str], syllables: list[str]) -> Arrays:
    """One channel, packed for :func:`vndoc.repair.model.load`."""
    pairs = list(syllable_pairs(word_pairs(lines)))
    log(f"{len(pairs)} word pairs, {sum(a != b for a, b in pairs) / max(1, len(pairs)):.3f} misread")
    counts = unit_counts(pairs)
    segments = train_segments(counts)
    out: Arrays = segment_arrays(segments)
    for part, name in enumerate(("onset", "rhyme")):
        units = dict.fromkeys(split(form)[part] for word in syllables for form in (word, word.title(), word.upper()))
        cased = [u for u in units if not u or u.islower() or u.isupper() or u.istitle()]
        out.update(table_arrays(name, cased, inverted(counts[part], cased, segments, LEAST_READINGS)))
    return out


def segment_arrays(segments: Segments) -> Arrays:
    """The segments, packed."""
    return {
        "segments": np.array("\n".join(f"{true}\t{read}" for true, read in segments.table)),
        "segment_scores": _quantised(segments.table.values()),
    }


def table_arrays(name: str, units: Sequence[str], table: Mapping[str, Scored]) -> Arrays:
    """The readings of ``onset`` or ``rhyme`` with what they may stand for, packed."""
    units = list(dict.fromkeys([*units, *(unit for scored in table.values() for unit, _ in scored)]))
    number = {unit: i for i, unit in enumerate(units)}
    return {
        f"{name}_units": np.array("\n".join(units)),
        f"{name}_readings": np.array("\n".join(table)),
        f"{name}_sizes": np.array([len(scored) for scored in table.values()], dtype=np.uint16),
        f"{name}_which": np.array([number[u] for scored in table.values() for u, _ in scored], dtype=np.uint16),
        f"{name}_scores": _quantised(p for scored in table.values() for _, p in scored),
    }


def _quantised(values: Iterable[float]) -> npt.NDArray[np.uint16]:
    return np.clip(np.rint(-QUANTUM * np.array(list(values))), 0, 0xFFFF).astype(np.uint16)


def not_too_bad(line: str) -> bool:
    """Whether most words of an aligned line were read right."""
    true, read = (part.split() for part in line.split("\t", 1))
    wrong = sum(a != b for a, b in zip(true, read, strict=False)) + abs(len(true) - len(read))
    return wrong <= WORST_LINE * len(true)


def save(path: Path, data: Arrays) -> None:
    """Arrays as one compressed file."""
    np.savez_compressed(path, allow_pickle=False, **data)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--noise", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--held-out", type=Path, help="write the texts kept out to this folder")
    parser.add_argument("--all", action="store_true", help="count the held-out sentences too")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    lines, held_out = noise_lines(options.noise)
    numbering = Numbering()
    files = []
    for path in sorted(options.corpus.glob("*.txt*")):
        file = tokenise(path, numbering, keep_all=options.all)
        if not options.all:
            file.ids = without(file, [line.split("\t")[0] for part in held_out.values() for line in part], numbering)
        files.append(file)
        log(f"{path.name}: {len(file.ids)} tokens")
    words, syllables = vocabulary(files, list(numbering.numbers))
    (options.output / "words.txt").write_text("\n".join([str(syllables), *words]) + "\n", encoding="utf-8")
    (options.output / "capitals.txt").write_text("\n".join(capitals(options.corpus, words)) + "\n", encoding="utf-8")
    save(options.output / "language.npz", language_arrays(files, list(numbering.numbers), words))
    for name, part in sorted(lines.items()):
        kept = [line for line in part if name != "vie" or not_too_bad(line)]
        syllable_words = words[len(SPECIAL) : len(SPECIAL) + syllables]
        save(options.output / f"channel_{name}.npz", channel_arrays(kept, syllable_words))
    write_hashes(options.output, "words.txt", "capitals.txt", *(path.name for path in options.output.glob("*.npz")))
    if options.held_out:
        _write_held_out(options.held_out, files, held_out)


def _write_held_out(folder: Path, files: Iterable[TokenisedFile], noise: Mapping[str, list[str]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        text = "\n".join(file.held_out)
        (folder / f"{file.name.split('.')[0]}.txt").write_text(text + "\n", encoding="utf-8")
    for name, lines in noise.items():
        (folder / f"{name}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
