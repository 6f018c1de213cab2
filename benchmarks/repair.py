"""Measures the repair, beside pyvi and symspellpy where they are installed: same text, same run.

``python -m benchmarks.repair samples/cv815/ocr.txt samples/cv815/truth.txt`` for one text;
``python -m benchmarks.repair --held-out DIR`` for what ``training.build --held-out DIR`` kept out: noise pairs,
the same texts without marks, and the texts as they are, which nothing should change.
"""

import argparse
import json
import re
import time
import unicodedata
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from training.corpus import read_lines
from vndoc.repair import RepairedWord, repair
from vndoc.repair.model import load
from vndoc.repair.syllable import fold_tone, strip_marks

Scores = dict[str, float]
_CODE = re.compile(r"\w*\d[\w./-]*\d\w*|\d+[-/][\w/-]+")
_EDGE = ".,;:!?)\"'"
BINS = 10


def folded(text: str) -> list[str]:
    """Words in NFC and the old tone placement, dashes and quotes made one."""
    plain = unicodedata.normalize("NFC", text).translate(str.maketrans("–—“”‘’", "--\"\"''"))
    return [fold_tone(w.rstrip(_EDGE)) + w[len(w.rstrip(_EDGE)) :] for w in plain.split()]


def scores(read: str, hypothesis: str, truth: str) -> Scores:
    """CER, WER, share of letters with marks that are right, share of codes and dates read right that are kept."""
    h, t = folded(hypothesis), folded(truth)
    flat_h, flat_t = " ".join(h), " ".join(t)
    marked = {i for i, c in enumerate(flat_t) if strip_marks(c) != c}
    hit = {i for b in Levenshtein.opcodes(flat_t, flat_h) if b.tag == "equal" for i in range(b.src_start, b.src_end)}
    codes = [c for c in _CODE.findall(read) if c in truth]
    return {
        "cer": Levenshtein.distance(flat_h, flat_t) / max(1, len(flat_t)),
        "wer": Levenshtein.distance(h, t) / max(1, len(t)),
        "diacritics": len(marked & hit) / max(1, len(marked)),
        "codes_kept": sum(c in hypothesis for c in codes) / max(1, len(codes)),
    }


def calibration_error(words: tuple[RepairedWord, ...], truth: str) -> float:
    """Expected calibration error: mean gap between confidence and accuracy over ten equal bins."""
    repaired, true = folded(" ".join(w.repaired for w in words)), folded(truth)
    if len(repaired) != len(words):
        words = tuple(w for w in words if len(w.repaired.split()) == 1)
        repaired = folded(" ".join(w.repaired for w in words))
    right = {i for b in Levenshtein.opcodes(repaired, true) if b.tag == "equal" for i in range(b.src_start, b.src_end)}
    gaps: list[list[float]] = [[] for _ in range(BINS)]
    for i, word in enumerate(words):
        gaps[min(int(word.confidence * BINS), BINS - 1)].append(word.confidence - (i in right))
    return sum(abs(sum(g)) for g in gaps) / max(1, len(words))


def peers() -> Iterator[tuple[str, Callable[[str], str]]]:
    """Installable programs that put marks back or correct spelling, as far as they are installed."""
    try:
        pyvi = import_module("pyvi.ViUtils")
        yield "pyvi", lambda text: "\n".join(_safely(pyvi.add_accents, line) for line in text.split("\n"))
    except ImportError:
        pass
    try:
        symspellpy = import_module("symspellpy")
    except ImportError:
        return
    checker = symspellpy.SymSpell(max_dictionary_edit_distance=2)
    lexicon, prior = load().lexicon, load().language.unigram
    for word, number in lexicon.syllable_numbers.items():
        checker.create_dictionary_entry(word, max(1, int(1e9 * float(2.718281828 ** prior[number]))))

    def corrected(text: str) -> str:
        return " ".join(
            checker.lookup(w, symspellpy.Verbosity.TOP, 2, include_unknown=True)[0].term for w in text.split()
        )

    yield "symspellpy", corrected


def _safely(run: Callable[[str], str], line: str) -> str:
    """The line as it was where a program breaks down over it."""
    try:
        return str(run(line))
    except (KeyError, IndexError, ValueError):
        return line


def measure(name: str, read: str, truth: str, profile: str = "auto", with_peers: bool = False) -> None:
    """Print one line of figures for vndoc, and one for each peer."""
    repair(read[:200], profile)  # loads the model
    start = time.perf_counter()
    result = repair(read, profile)
    seconds = time.perf_counter() - start
    figures = scores(read, result.text, truth)
    figures["calibration_error"] = calibration_error(result.words, truth)
    figures["changed_in_10000"] = 1e4 * sum(w.raw != w.repaired for w in result.words) / max(1, len(result.words))
    show(name, "vndoc", figures, read, seconds)
    show(name, "as read", scores(read, read, truth), read, 0.0)
    for peer, run in peers() if with_peers else ():
        start = time.perf_counter()
        hypothesis = run(read)
        show(name, peer, scores(read, hypothesis, truth), read, time.perf_counter() - start)


def show(text: str, program: str, figures: Scores, read: str, seconds: float) -> None:
    """One JSON line."""
    speed = {"words_per_second": round(len(read.split()) / seconds)} if seconds else {}
    print(json.dumps({"text": text, "program": program, **{k: round(v, 4) for k, v in figures.items()}, **speed}))


def legible(read: str, truth: str, unread: float = 0.1) -> tuple[str, str, str]:
    """Of aligned lines those whose letters without marks were misread in less than ``unread``: as read, repaired, true.

    English data misreads a twentieth of them on a clean page; from a tenth on it is the print that is lost.
    """
    lines = zip(read.split("\n"), repair(read, "eng").text.split("\n"), truth.split("\n"), strict=True)
    kept = [x for x in lines if Levenshtein.distance(strip_marks(x[0]), strip_marks(x[2])) < unread * len(x[2])]
    as_read, repaired, true = ("\n".join(column) for column in zip(*kept, strict=True))
    return as_read, repaired, true


def held_out(folder: Path, size: int) -> None:
    """All held-out texts: noise pairs, stripped, and as they are."""
    for path in sorted(folder.glob("*.tsv*")):
        pairs = [line.split("\t") for line in read_lines(path) if "\t" in line]
        read, true = ("\n".join(pair[side] for pair in pairs) for side in (1, 0))
        name = path.name.split(".")[0]
        measure(name, read, true, "vie" if name.startswith("vie") else "eng")
        if name.startswith("eng"):
            as_read, repaired, printed = legible(read, true)
            show(f"{name}, legible lines", "vndoc", scores(as_read, repaired, printed), as_read, 0.0)
            show(f"{name}, legible lines", "as read", scores(as_read, as_read, printed), as_read, 0.0)
    for path in sorted(folder.glob("*.txt")):
        truth = path.read_text(encoding="utf-8")[:size]
        if len(truth) > 1000:
            measure(f"{path.stem} stripped", strip_marks(truth), truth, "stripped")
            measure(f"{path.stem} untouched", truth, truth)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("read", type=Path, nargs="?")
    parser.add_argument("truth", type=Path, nargs="?")
    parser.add_argument("--held-out", type=Path)
    parser.add_argument("--size", type=int, default=200_000, help="characters of each held-out text")
    options = parser.parse_args()
    if options.read and options.truth:
        read, truth = (p.read_text(encoding="utf-8") for p in (options.read, options.truth))
        measure(options.read.parent.name, read, truth, with_peers=True)
    if options.held_out:
        held_out(options.held_out, options.size)


if __name__ == "__main__":
    main()
