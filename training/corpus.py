"""From a folder of text (``*.txt`` or ``*.txt.xz``, one paragraph a line) to token numbers in memory-mapped arrays.

Every fiftieth run of 40 lines of a file is set aside for evaluation, and so is every paragraph that holds a line
of the noise pairs set aside, unless that line is boilerplate: what is measured was never counted.
"""

import itertools
import lzma
import unicodedata
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from vndoc.repair.grams import SPECIAL, STOP, pieces
from vndoc.repair.syllable import fold_tone

RUN = 40
HELD_OUT_EVERY = 50
GRAM = 6
BOILERPLATE = 20
CAPITAL_SHARE, CAPITAL_COUNT = 0.8, 20

Ids = npt.NDArray[np.int32]


@dataclass
class TokenisedFile:
    """``ids`` of all paragraphs, each closed with a stop; ``held_out`` paragraphs as text."""

    name: str
    ids: Ids
    held_out: list[str]


def read_lines(path: Path) -> Iterator[str]:
    """Lines of a text file, plain or xz, in NFC."""
    with (lzma.open if path.suffix == ".xz" else open)(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield unicodedata.normalize("NFC", line.strip())


def is_held_out(number: int) -> bool:
    """Whether the line of a file with this number, from 0, is set aside."""
    return number // RUN % HELD_OUT_EVERY == HELD_OUT_EVERY // 2


class Numbering(dict[str, tuple[int, ...]]):
    """Numbers the tokens of a chunk on first sight; remembers chunks."""

    def __init__(self) -> None:
        """Start with the special tokens only."""
        super().__init__()
        self.numbers = {name: i for i, name in enumerate(SPECIAL)}

    def __missing__(self, chunk: str) -> tuple[int, ...]:
        """Token numbers of a chunk seen for the first time."""
        numbers = self.numbers
        ids = tuple(numbers.setdefault(piece, len(numbers)) for piece in pieces(chunk))
        if len(self) < 4_000_000:
            self[chunk] = ids
        return ids


def tokenise(path: Path, numbering: Numbering, keep_all: bool = False) -> TokenisedFile:
    """Token numbers of one file, its held-out runs apart unless all of it is to be kept."""
    ids = array("i")
    held_out = []
    for number, line in enumerate(read_lines(path)):
        if not keep_all and is_held_out(number):
            held_out.append(line)
            continue
        for chunk in line.split():
            ids.extend(numbering[chunk])
        ids.append(STOP)
    return TokenisedFile(path.name, np.frombuffer(ids, dtype=np.int32), held_out)


def gram_hashes(ids: npt.NDArray[np.int64]) -> npt.NDArray[np.uint64]:
    """A hash of each run of GRAM tokens."""
    out = np.zeros(max(0, len(ids) - GRAM + 1), dtype=np.uint64)
    for i in range(GRAM):
        out = out * np.uint64(0x9E3779B97F4A7C15) + ids[i : i + len(out)].astype(np.uint64) + np.uint64(1)
    return out


def without(file: TokenisedFile, lines: Iterable[str], numbering: Numbering) -> Ids:
    """The file's ids less the paragraphs that hold one of ``lines``."""
    wanted: list[npt.NDArray[np.uint64]] = []
    for line in lines:
        ids = np.array([i for chunk in line.split() for i in numbering[chunk]], dtype=np.int64)
        wanted.append(gram_hashes(ids)[::GRAM])
    hashes = gram_hashes(file.ids.astype(np.int64))
    hits = np.flatnonzero(np.isin(hashes, np.unique(np.concatenate(wanted))))
    found, counts = np.unique(hashes[hits], return_counts=True)
    hits = hits[np.isin(hashes[hits], found[counts <= BOILERPLATE])]
    ends = np.flatnonzero(file.ids == STOP)
    keep = np.ones(len(file.ids), dtype=bool)
    at = np.searchsorted(ends, hits)
    for paragraph in np.unique(at):
        start = ends[paragraph - 1] + 1 if paragraph else 0
        stop = ends[min(paragraph, len(ends) - 1)] + 1
        keep[start:stop] = False
    return file.ids[keep]


def capitalised(lines: Iterable[str]) -> list[str]:
    """Words that stand in capitalised form within sentences as a rule: ``đảng``, ``việt``. In alphabetical order."""
    all_words: Counter[str] = Counter()
    titles: Counter[str] = Counter()
    for line in lines:
        words = line.split()
        for before, chunk in itertools.pairwise(words):
            word = chunk.rstrip(",;.:)")
            if before[-1].islower() and word.isalpha() and not (len(word) > 1 and word.isupper()):
                name = fold_tone(word.lower())
                all_words[name] += 1
                titles[name] += word[0].isupper()
    return sorted(w for w, n in all_words.items() if n >= CAPITAL_COUNT and titles[w] >= CAPITAL_SHARE * n)
