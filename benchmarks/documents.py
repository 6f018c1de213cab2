"""How right the reading of real scans is, beside what else reads Vietnamese scans on a machine without a network.

``python -m benchmarks.documents [FOLDER …]``: the samples by default. A folder holds truth files (``*.json``, in the
form of ``samples/*/dispatch.json``) beside the documents they name in ``file``, and for some the true text of page 1
(``NAME.p1.txt``, or ``text.txt`` with pages parted by form feeds). Every reader is run as a user would run it, as whole
processes on whole documents, on one core with ``OMP_THREAD_LIMIT=1``: bare ``tesseract -l vie`` on pages rendered at
300 dpi before the clock started, OCRmyPDF where it is installed (``pip install ocrmypdf``), vndoc. Words are counted
whatever their order. :mod:`benchmarks.ocr` compares the recognition alone.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rapidfuzz.distance import Levenshtein
from rich.console import Console
from rich.table import Table

from benchmarks.fields import SAMPLES, fold, pick, truths
from benchmarks.pages import DPI, PLAIN, clock, explained, render, run

Content = dict[str, Any]
Read = Callable[[Path, Sequence[Path], Path], str]
"""Reads a document, its rendered pages and a folder to write into at hand; gives the text of page 1."""

VNDOC = "vndoc parse"
ASKED: dict[str, float] = {
    "code_number": 0.90, "issued_date": 0.95, "signer.full_name": 0.90, "signer.position": 0.90, "organ_name": 1.0,
    "type_name": 1.0, "code_notation": 1.0, "urgency": 1.0, "arrival.number": 0.6, "arrival.date": 0.6,
    "recipients": 0.97, "to_places": 0.97,
}  # fmt: skip
"""The shares of documents that are asked for."""
_LISTS = ("recipients", "to_places")
_ALIKE = 0.9  # least likeness of two entries of a list that count as the same


@dataclass(frozen=True, slots=True)
class Reader:
    """One way of reading: words of page 1 found (recall) and right (precision), and processor seconds a page."""

    name: str
    documents: int
    recall: float
    precision: float
    seconds_per_page: float
    times_plain: float


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the dispatch over all documents: the share that is right, and that was given but wrong."""

    name: str
    documents: int
    right: float
    wrong: float
    asked: float


@dataclass(frozen=True, slots=True)
class Report:
    """Both tables."""

    documents: int
    pages: int
    readers: list[Reader]
    fields: list[Field]


def first_page(truth: Path) -> str | None:
    """The true text of page 1 of a truth file's document, where it lies beside it."""
    alone, whole = truth.with_suffix(".p1.txt"), truth.parent / "text.txt"
    if alone.is_file():
        return alone.read_text(encoding="utf-8")
    return whole.read_text(encoding="utf-8").split("\f")[0] if whole.is_file() else None


def shares(read: str, truth: str) -> tuple[float, float]:
    """Words of the truth that were read, and words read that the truth has, each as a share."""
    have, want = (Counter(fold(text).split()) for text in (read, truth))
    both = (have & want).total()
    return both / max(1, want.total()), both / max(1, have.total())


def with_tesseract(document: Path, pages: Sequence[Path], folder: Path) -> str:
    """Read all pages; the text of page 1."""
    for number, page in enumerate(pages):
        run(["tesseract", page, folder / f"{number}", "-l", "vie"])
    return (folder / "0.txt").read_text(encoding="utf-8")


def with_ocrmypdf(document: Path, pages: Sequence[Path], folder: Path) -> str:
    """Read the document anew; the text of page 1."""
    kind: list[str | Path] = ["--image-dpi", str(DPI)] if document.suffix != ".pdf" else []
    out: list[str | Path] = ["--output-type", "pdf", "--sidecar", folder / "o.txt", document, folder / "o.pdf"]
    run(
        [
            "ocrmypdf",
            "--force-ocr",
            "--invalidate-digital-signatures",
            "--deskew",
            "-l",
            "vie",
            "--jobs",
            "1",
            "-q",
            *kind,
            *out,
        ]
    )
    return (folder / "o.txt").read_text(encoding="utf-8").split("\f")[0]


def with_vndoc(document: Path, pages: Sequence[Path], folder: Path) -> str:
    """Parse the document; its dispatch is left in ``folder/dispatch.json``."""
    program = Path(sys.executable).with_name("vndoc")
    given: list[str | Path] = [
        "parse",
        document,
        "--format",
        "json",
        "--jobs",
        "1",
        "--output",
        folder / "dispatch.json",
    ]
    run([program if program.exists() else "vndoc", *given])
    content = json.loads((folder / "dispatch.json").read_text(encoding="utf-8"))
    return str(content["pages"][0]["text"])


def timed(read: Read, document: Path, pages: Sequence[Path], folder: Path) -> tuple[str, float]:
    """The text of page 1 and the processor seconds that it took to read the document."""
    texts: list[str] = []
    _, cpu = clock(lambda: texts.append(read(document, pages, folder)))
    return texts[0], cpu


def readers() -> dict[str, Read]:
    """The readers that are installed here."""
    there: dict[str, Read] = {PLAIN: with_tesseract, VNDOC: with_vndoc}
    return there | ({"ocrmypdf -l vie": with_ocrmypdf} if shutil.which("ocrmypdf") else {})


def alike(got: Sequence[str], want: Sequence[str]) -> float:
    """F1 of two lists, entries paired where they are nearly the same."""
    left = [fold(entry) for entry in want]
    hits = 0
    for entry in map(fold, got):
        best = max(left, key=lambda other: Levenshtein.normalized_similarity(entry, other), default=None)
        if best is not None and Levenshtein.normalized_similarity(entry, best) >= _ALIKE:
            left.remove(best)
            hits += 1
    return 2 * hits / (len(got) + len(want)) if got or want else 1.0


def judge(got: Content, want: Content) -> Iterator[tuple[str, float, float]]:
    """Each field with how right and how wrong it is, 0 to 1; those of the incoming stamp only where there is one."""
    for name in ASKED:
        value, truth = pick(got, name), pick(want, name)
        if name in _LISTS:
            right = alike(value or [], truth or [])
            yield name, right, 1 - right
        elif truth or not name.startswith("arrival."):
            same = fold(value).lstrip("0") == fold(truth).lstrip("0")
            yield name, float(same), float(bool(value) and not same)


def benchmark(folders: Sequence[Path]) -> Report:
    """Run every reader over every document."""
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    outcomes: dict[str, list[tuple[float, float]]] = defaultdict(list)
    seconds: dict[str, float] = {}
    documents = pages = 0
    for path, want in truths(folders):
        document = path.parent / want["file"]
        truth = first_page(path)
        documents += 1
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            images = render([document], folder) if document.suffix == ".pdf" else [document]
            pages += want.get("pages") or len(images)
            for reader, read in readers().items():
                text, cpu = timed(read, document, images, folder)
                seconds[reader] = seconds.get(reader, 0.0) + cpu
                if truth is not None:
                    found[reader].append(shares(text, truth))
            got = json.loads((folder / "dispatch.json").read_text(encoding="utf-8"))
        for field, right, wrong in judge(got, want):
            outcomes[field].append((right, wrong))
    return Report(documents, pages, [_reader(name, found[name], seconds, pages) for name in seconds], _fields(outcomes))


def _reader(name: str, found: Sequence[tuple[float, float]], seconds: dict[str, float], pages: int) -> Reader:
    recall, precision = (_mean([pair[side] for pair in found]) for side in (0, 1))
    ratio = seconds[name] / seconds[PLAIN]
    return Reader(name, len(found), recall, precision, round(seconds[name] / pages, 2), round(ratio, 2))


def _fields(outcomes: dict[str, list[tuple[float, float]]]) -> list[Field]:
    return [
        Field(name, len(pairs), _mean([right for right, _ in pairs]), _mean([wrong for _, wrong in pairs]), ASKED[name])
        for name, pairs in outcomes.items()
    ]


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0


def tables(report: Report) -> Iterator[Table]:
    """The report for people."""
    table = Table("reader", title=f"Words of page 1, {report.readers[0].documents} pages of known text")
    for heading in ("found", "right", "CPU s a page", "times plain"):
        table.add_column(heading, justify="right")
    for r in report.readers:
        table.add_row(
            r.name, f"{r.recall:.4f}", f"{r.precision:.4f}", f"{r.seconds_per_page:.2f}", f"{r.times_plain:.2f}"
        )
    yield table
    table = Table("field", title=f"vndoc, {report.documents} documents of {report.pages} pages")
    for heading in ("documents", "right", "wrong", "asked"):
        table.add_column(heading, justify="right")
    for f in report.fields:
        table.add_row(f.name, str(f.documents), f"{f.right:.3f}", f"{f.wrong:.3f}", f"≥ {f.asked:.2f}")
    yield table


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.documents", description=__doc__.split("\n\n", 1)[0])
    parser.add_argument("folders", nargs="*", type=Path, default=[SAMPLES], help="folders of truth files; the samples")
    parser.add_argument("--json", action="store_true", help="print JSON in place of tables")
    options = parser.parse_args(arguments)
    try:
        report = benchmark(options.folders)
    except (subprocess.CalledProcessError, FileNotFoundError) as error:
        return explained(error)
    if not report.documents:
        print("no truth files with their documents in these folders", file=sys.stderr)
        return 4
    if options.json:
        print(json.dumps(asdict(report), ensure_ascii=False, indent=1))
    else:
        for table in tables(report):
            Console().print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
