"""How right the recognition is: vndoc's engines, before and after the repair, beside other programs, on known pages.

``python -m benchmarks.ocr [FOLDER …]``: by default the samples, and pages made from them in other faces and sizes. A
folder holds documents beside their text (:mod:`benchmarks.known`). ``--damage`` adds the same pages as a small JPEG,
as a black and white scan with specks, as a fax and as a photograph (:mod:`samples.damage`). Found and right are shares
of words, the mean of the documents; how the rest is counted says :mod:`benchmarks.scoring`. All run on one thread;
processor seconds are compared with those of plain Tesseract in the same run. Engines of other packages that are
registered with vndoc are measured with its own, other programs (:mod:`benchmarks.peers`) where they are installed.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from benchmarks.known import Document, View, documents, made, views
from benchmarks.pages import PLAIN, SAMPLES, explained
from benchmarks.peers import PEERS, Lines, Read, with_tesseract
from benchmarks.scoring import Score, score
from samples.damage import KINDS
from vndoc.ocr.engines.registry import ENGINES, text_engine
from vndoc.ocr.recognition import read_image
from vndoc.page import Page
from vndoc.repair import repair_page
from vndoc.settings import Settings

GOOD = "as they are"
LEAST = 0.985
"""Letters of which less is read are listed."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One program on all pages of one kind, before or after the repair.

    ``recall``, ``precision``, ``digits`` are shares of words, means of the documents (of words with digits, of all);
    ``lines`` the share of true lines that were found, ``exact`` and ``cer`` those of the lines found. ``seconds`` of
    the processor are those of a page. ``letters`` lists what was read less than :data:`LEAST` of the times: letter,
    times right, times there. ``documents`` names each with its words found and right, ``mistakes`` are lines as printed
    and as read.
    """

    pages: str
    program: str
    repaired: bool
    recall: float
    precision: float
    digits: float
    lines: float
    exact: float
    cer: float
    seconds: float
    times_plain: float | None
    letters: list[tuple[str, int, int]]
    documents: list[tuple[str, float, float]]
    mistakes: list[tuple[str, str]]


@dataclass(slots=True)
class _Sum:
    scores: list[tuple[str, Score]] = field(default_factory=list)
    seconds: float = 0.0
    pages: int = 0


def with_vndoc(name: str) -> Read:
    """Cleaned, levelled and read as ``vndoc parse`` does, by one of its engines."""
    engine = text_engine(Settings(engine=name, jobs=1))

    def read(view: View, number: int) -> tuple[Lines, Callable[[], Lines]]:
        page = read_image(view.image, number, view.dpi, engine)
        return _lines(page), lambda: _lines(repair_page(page))

    return read


def _lines(page: Page) -> Lines:
    return [line.text for line in page.lines]


def programs() -> dict[str, Callable[[], Read]]:
    """What can be measured here, by name, and what starts it."""
    return {
        PLAIN: lambda: with_tesseract,
        **{name: partial(with_vndoc, name) for name in ENGINES.names()},
        **{name: start for name, (package, start) in PEERS.items() if find_spec(package)},
    }


def benchmark(
    known: Sequence[Document], chosen: dict[str, Read], damages: Sequence[str | None], mistakes: int = 0
) -> list[Reading]:
    """Read all documents with all programs, as they are (None) and damaged."""
    sums: dict[tuple[str, str, bool], _Sum] = defaultdict(_Sum)
    for document in known:
        for damage in damages:
            with views(document, damage) as pages:
                for name, read in chosen.items():
                    _measure(document, pages, read, *(sums[damage or GOOD, name, fixed] for fixed in (False, True)))
    return [_reading(key, one, sums.get((key[0], PLAIN, False)), mistakes) for key, one in sums.items()]


def _measure(document: Document, pages: Sequence[View], read: Read, raw: _Sum, fixed: _Sum) -> None:
    before: Lines = []
    after: Lines = []
    for number, view in enumerate(pages, 1):
        start = _processor()
        lines, repaired = read(view, number)
        middle = _processor()
        before += lines
        after += repaired()
        raw.seconds += middle - start
        fixed.seconds += _processor() - start
    for one, text in ((raw, before), (fixed, after)):
        one.pages += len(pages)
        one.scores.append((document.name, score(text, document.lines)))


def _processor() -> float:
    """Processor seconds of this process and of those that it has run."""
    return sum(os.times()[:4])


def _reading(key: tuple[str, str, bool], one: _Sum, plain: _Sum | None, mistakes: int) -> Reading:
    each = [scored for _, scored in one.scores]
    total = sum(each, Score())
    return Reading(
        pages=key[0],
        program=key[1],
        repaired=key[2],
        recall=_mean([s.recall for s in each]),
        precision=_mean([s.precision for s in each]),
        digits=round(total.digit_recall, 4),
        lines=round(total.line_recall, 4),
        exact=round(total.exact_lines, 4),
        cer=round(total.cer, 4),
        seconds=round(one.seconds / max(1, one.pages), 2),
        times_plain=round(one.seconds / plain.seconds, 2) if plain and plain.seconds else None,
        letters=total.weak(LEAST),
        documents=[(name, round(s.recall, 4), round(s.precision, 4)) for name, s in one.scores],
        mistakes=[(mistake.true, mistake.read) for mistake in total.mistakes[:mistakes]],
    )


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0


def tables(readings: Sequence[Reading]) -> Iterator[Table]:
    """The figures for people: a table for each kind of pages, and one of the letters that are read badly."""
    for pages in dict.fromkeys(reading.pages for reading in readings):
        rows = [reading for reading in readings if reading.pages == pages]
        title = f"{len(rows[0].documents)} documents, pages {pages}: %"
        table = Table(title=title, box=SIMPLE, padding=0)
        table.add_column("program", no_wrap=True)
        for heading in ("found", "right", "digits", "lines", "exact", "CER", "CPU s", "times"):
            table.add_column(heading, justify="right")
        for r in sorted(rows, key=lambda r: r.repaired):
            shares = (r.recall, r.precision, r.digits, r.lines, r.exact, r.cer)
            ratio = f"{r.times_plain:.2f}" if r.times_plain is not None else ""
            name = f"{r.program}, repaired" if r.repaired else r.program
            table.add_row(name, *(f"{100 * share:.2f}" for share in shares), f"{r.seconds:.2f}", ratio)
        yield table
    table = Table("pages", "program", f"letters read less than {LEAST:.1%} of the times: right/there", box=SIMPLE)
    for r in readings:
        if not r.repaired:
            table.add_row(r.pages, r.program, "  ".join(f"{c} {right}/{times}" for c, right, times in r.letters))
    yield table


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ocr", description=__doc__.split("\n\n", 1)[0])
    add: Any = parser.add_argument
    add("folders", nargs="*", type=Path, help="folders of documents with their text; samples and made pages without")
    add("--engines", help="names, parted by commas; all that are there without: " + ", ".join(programs()))
    add("--damage", nargs="?", const=",".join(KINDS), default="", help=f"kinds, parted by commas: {', '.join(KINDS)}")
    add("--only-damaged", action="store_true", help="leave the pages as they are out")
    add("--pages", type=int, help="pages of each document; all without")
    add("--only", default="", help="part of the name of the documents that are read")
    add("--mistakes", type=int, default=0, help="lines read otherwise than printed, so many of each, in the JSON")
    add("--json", action="store_true", help="print JSON in place of tables")
    options = parser.parse_args(arguments)
    options.damage = [kind for kind in options.damage.split(",") if kind]
    options.engines = options.engines.split(",") if options.engines else list(programs())
    for name, there in (*((e, programs()) for e in options.engines), *((d, KINDS) for d in options.damage)):
        if name not in there:
            parser.error(f"{name!r} is not one of {', '.join(there)}")
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; returns the exit code."""
    options = _parsed(arguments)
    os.environ["OMP_THREAD_LIMIT"] = "1"
    cv2.setNumThreads(1)
    damages = [*([] if options.only_damaged else [None]), *options.damage]
    with tempfile.TemporaryDirectory() as folder:
        known = list(documents(options.folders or [SAMPLES], options.pages))
        if not options.folders:
            known += made(SAMPLES, Path(folder))
        known = [document for document in known if options.only in document.name]
        if not known:
            print("no documents with their text in these folders", file=sys.stderr)
            return 4
        try:
            chosen = {name: programs()[name]() for name in options.engines}
            readings = benchmark(known, chosen, damages, options.mistakes)
        except (subprocess.CalledProcessError, FileNotFoundError) as error:
            return explained(error)
    if options.json:
        print(json.dumps([asdict(reading) for reading in readings], ensure_ascii=False, indent=1))
    else:
        for table in tables(readings):
            Console().print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
