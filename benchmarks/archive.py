"""The archive: pages a second beside OCRmyPDF, what more workers bring, what the ledger and the search cost.

``python -m benchmarks.archive [FILE.pdf …]``: the sample scans by default. The batch runs as a whole process, with one
worker and with as many as there are processors; OCRmyPDF, where it is installed, reads the same files under GNU
parallel (xargs without), one process for each file and as many at a time, its text layer written anew. They take turns.
Then an archive of ``--rows`` made-up dispatches is filled, and the cost of a row and of a query is taken when it is
small and when it is full: on a busy machine go by the growth. The dispatches are cut from the texts of the samples, so
their words are few and stand in many documents, which is the hard case for a search.
"""

import argparse
import json
import os
import platform
import random
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median, quantiles

import pikepdf
from rich.console import Console
from rich.table import Table

from benchmarks.pages import SAMPLES, clock, explained
from vndoc.archive.archive import Archive, processors
from vndoc.archive.database import connect
from vndoc.archive.fingerprint import Fingerprint
from vndoc.archive.intake import IntakeItem
from vndoc.archive.jobs import Outcome
from vndoc.archive.ledger import Ledger
from vndoc.dispatch import Dispatch, PageText, Reference, Source, Task
from vndoc.parse.fold import fold

SMALL = 1000
"""Rows of the archive when its cost is taken first."""

QUERIES = 300
ONE = "vndoc batch, 1 worker"


@dataclass(frozen=True, slots=True)
class Throughput:
    """One way of reading all files: pages a second, and as so many times that of the batch with one worker."""

    name: str
    seconds: float
    cpu_seconds: float
    pages_per_second: float
    ratio: float


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of the ledger and of the search with so many rows."""

    rows: int
    row_ms: float
    row_ms_95: float
    query_ms: float
    query_ms_95: float


@dataclass(frozen=True, slots=True)
class Report:
    """All that one run measured."""

    machine: str
    cores: int
    files: int
    pages: int
    again_share: float
    """Seconds of a second run over the unchanged files, of those of the first one with all processors."""
    memory_mb: int
    """Peak memory of a worker's process."""
    throughput: list[Throughput]
    costs: list[Cost]


def batch(folder: Path, archive: Path, jobs: int) -> None:
    """One process of ``vndoc batch``."""
    command = [sys.executable, "-m", "vndoc", "batch", str(folder), "--archive", str(archive), "--jobs", str(jobs)]
    subprocess.run(command, check=True, capture_output=True)


def ocrmypdf(folder: Path, out: Path, jobs: int) -> None:
    """OCRmyPDF on every file, so many at a time."""
    out.mkdir(exist_ok=True)
    program = ["ocrmypdf", "--force-ocr", "--deskew", "--language", "vie", "--output-type", "pdf", "--jobs", "1"]
    program += ["--invalidate-digital-signatures"]
    if shutil.which("parallel"):
        command = ["parallel", "--jobs", str(jobs), *program, "{}", f"{shlex.quote(str(out))}/{{/}}", ":::"]
        command += map(str, sorted(folder.iterdir()))
        stdin = None
    else:
        each = shlex.join(program) + f' "$1" {shlex.quote(str(out))}/"$(basename "$1")"'
        command = ["xargs", "-0", "-n", "1", "-P", str(jobs), "sh", "-c", each, "-"]
        stdin = "\0".join(map(str, sorted(folder.iterdir())))
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    subprocess.run(command, check=True, capture_output=True, input=stdin, text=True, env=environment)


def measure_throughput(files: Sequence[Path], rounds: int) -> tuple[list[Throughput], float, int, int]:
    """All ways over ``files``; the share of a second run, the peak memory in MiB, the pages."""
    cores = processors()
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        folder = place / "in"
        folder.mkdir()
        for k, file in enumerate(files):
            shutil.copy(file, folder / f"{k:04d}.pdf")
        pages = sum(_pages(file) for file in folder.iterdir())

        def anew(jobs: int) -> None:
            shutil.rmtree(place / str(jobs), ignore_errors=True)
            (place / str(jobs)).mkdir()
            batch(folder, place / str(jobs) / "archive.sqlite", jobs)

        several = f"vndoc batch, {cores} workers"
        ways: dict[str, Callable[[], None]] = {ONE: lambda: anew(1), several: lambda: anew(cores)}
        if shutil.which("ocrmypdf"):
            ways[f"ocrmypdf, {cores} at a time"] = lambda: ocrmypdf(folder, place / "out", cores)
        least: dict[str, tuple[float, float]] = {}
        for turn in range(rounds):
            for name in list(ways) if turn % 2 == 0 else reversed(list(ways)):
                taken = clock(ways[name])
                least[name] = min(least.get(name, taken), taken)
        kept = place / str(cores) / "archive.sqlite"
        again, _ = clock(lambda: batch(folder, kept, cores))
        with Archive(kept) as archive:
            memory = max(entry.memory_mb or 0 for entry in archive.entries())
    one = least[ONE][0]
    made = [
        Throughput(name, round(wall, 1), round(cpu, 1), round(pages / wall, 3), round(one / wall, 2))
        for name, (wall, cpu) in least.items()
    ]
    return made, again / least[several][0], memory, pages


def _pages(path: Path) -> int:
    with pikepdf.open(path) as pdf:
        return len(pdf.pages)


def made_up(rng: random.Random, texts: Sequence[Sequence[str]], number: int) -> Dispatch:
    """A dispatch of three pages whose words are passages of the texts."""
    passages = [" ".join(_passage(rng, texts, rng.randint(30, 60))) for _ in range(15)]
    pages = ["\n".join(passages[k : k + 5]) for k in (0, 5, 10)]
    issued = date(2015, 1, 1) + timedelta(days=rng.randrange(3650))
    return Dispatch(
        source=Source(name=f"{number}.pdf", sha256=f"{number:064x}", media_type="application/pdf", page_amount=3),
        type_name=rng.choice(["Công văn", "Kế hoạch", "Quyết định", "Báo cáo"]),
        code_number=str(rng.randint(1, 3000)),
        code_notation=rng.choice(["UBND", "QĐ-UBND", "KH/TU", "BC-STC"]),
        organ_name=f"Ủy ban nhân dân {' '.join(_passage(rng, texts, 2))}",
        issued_date=issued,
        subject=" ".join(_passage(rng, texts, 12)),
        references=[Reference(notation=f"{rng.randint(1, 3000)}/QĐ-UBND", issued_date=issued)],
        tasks=[Task(text=passages[0], due_date=issued + timedelta(days=30), start=0, end=10)],
        text="\n\n".join(pages),
        pages=[PageText(number=k, text=text, layer="none", method="tesseract") for k, text in enumerate(pages, 1)],
    )


def _passage(rng: random.Random, texts: Sequence[Sequence[str]], length: int) -> Sequence[str]:
    words = rng.choice(texts)
    at = rng.randrange(max(1, len(words) - length))
    return words[at : at + length]


def measure_costs(rows: int) -> Iterator[Cost]:
    """Fill an archive and take its costs at :data:`SMALL` rows and at ``rows``."""
    rng = random.Random(815)
    texts = [path.read_text(encoding="utf-8").split() for path in sorted(SAMPLES.glob("*/text.txt"))]
    pipeline = Fingerprint("0" * 64, "{}")
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary, "archive.sqlite")
        db = connect(path, create=True)
        ledger = Ledger(db)
        spent: list[float] = []
        for number in range(rows):
            dispatch = made_up(rng, texts, number)
            text = dispatch.model_dump_json()
            started = time.perf_counter()
            ledger.note(IntakeItem(f"/in/{number}.pdf", "file", (number, number)), f"{number:064x}")
            if job := ledger.claim():
                ledger.finish(Outcome(job, text, seconds=1.0), pipeline)
            spent.append(1000 * (time.perf_counter() - started))
            if number + 1 in (SMALL, rows):
                last = spent[-SMALL:]
                queries = list(_query_times(path, rng, texts))
                yield Cost(
                    number + 1, median(last), quantiles(last, n=20)[-1], median(queries), quantiles(queries, n=20)[-1]
                )
        db.close()


def _query_times(path: Path, rng: random.Random, texts: Sequence[Sequence[str]]) -> Iterator[float]:
    """Milliseconds of queries as people type them: two to six words of a text, half of them without diacritics."""
    with Archive(path, create=False) as archive:
        for number in range(QUERIES):
            typed = " ".join(_passage(rng, texts, rng.randint(2, 6)))
            typed = typed if number % 2 else fold(typed)
            started = time.perf_counter()
            list(archive.search(typed))
            yield 1000 * (time.perf_counter() - started)


def tables(report: Report) -> Iterator[Table]:
    """The report for people."""
    title = f"{report.pages} pages of {report.files} files; {report.machine}, {report.cores} cores"
    ways = Table("way", title=title)
    for heading in ("seconds", "CPU seconds", "pages a second", "times one worker"):
        ways.add_column(heading, justify="right")
    for way in report.throughput:
        ways.add_row(way.name, *map(str, (way.seconds, way.cpu_seconds, way.pages_per_second, way.ratio)))
    ways.caption = (
        f"again, unchanged: {report.again_share:.2%} of the first run; a worker's peak: {report.memory_mb} MiB"
    )
    yield ways
    costs = Table("rows", title="milliseconds")
    for heading in ("a row", "95 %", "a query", "95 %"):
        costs.add_column(heading, justify="right")
    for cost in report.costs:
        numbers = (cost.row_ms, cost.row_ms_95, cost.query_ms, cost.query_ms_95)
        costs.add_row(str(cost.rows), *(f"{number:.2f}" for number in numbers))
    yield costs


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.archive", description=__doc__.split("\n\n", 1)[0])
    parser.add_argument("files", nargs="*", type=Path, help="PDF files; samples/*/scan.pdf without")
    parser.add_argument("--rows", type=int, default=100_000, help="made-up dispatches in the archive (100000)")
    parser.add_argument("--rounds", type=int, default=1, help="times that each way is run (1)")
    parser.add_argument("--json", action="store_true", help="print JSON in place of tables")
    options = parser.parse_args(arguments)
    files = options.files or sorted(SAMPLES.glob("*/scan.pdf"))
    try:
        throughput, again, memory, pages = measure_throughput(files, max(1, options.rounds))
    except subprocess.CalledProcessError as error:
        return explained(error)
    costs = list(measure_costs(max(2 * SMALL, options.rows)))
    machine = f"{platform.system()} {platform.machine()}"
    report = Report(machine, processors(), len(files), pages, again, memory, throughput, costs)
    if options.json:
        print(json.dumps(asdict(report), ensure_ascii=False, indent=1))
    else:
        for table in tables(report):
            Console().print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
