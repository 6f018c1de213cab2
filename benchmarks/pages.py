"""Seconds a page of ``vndoc parse``, beside plain Tesseract on the same pages.

``python -m benchmarks.pages [FILE.pdf …]``: the sample scans by default. Both run as whole processes, as a user would
run them, with ``OMP_THREAD_LIMIT=1``. Tesseract gets pages that pdftoppm rendered at 300 dpi before the clock started;
vndoc renders them itself, within its time. The two take turns, in the order A B B A, so that a busy or warming machine
is fair to both. The least of the rounds counts: noise only ever adds. Where other programs keep the machine busy, go by
the processor seconds: they hardly change.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

SAMPLES = Path(__file__).parents[1] / "samples"
DPI = 300
PLAIN = "tesseract -l vie"


@dataclass(frozen=True, slots=True)
class Timing:
    """One way of reading all pages.

    ``seconds`` are those of the clock on the wall, ``cpu`` those of the processors; each a page and as so many times
    what plain Tesseract took.
    """

    name: str
    seconds: float
    per_page: float
    ratio: float
    cpu_per_page: float
    cpu_ratio: float


@dataclass(frozen=True, slots=True)
class Report:
    """All timings of one run, and the machine they were taken on."""

    machine: str
    cores: int
    files: int
    pages: int
    rounds: int
    timings: list[Timing]


def render(files: Sequence[Path], folder: Path) -> list[Path]:
    """All pages as PNG at 300 dpi."""
    for k, file in enumerate(files):
        subprocess.run(["pdftoppm", "-r", str(DPI), "-png", file, folder / f"{k:04d}"], check=True)
    return sorted(folder.glob("*.png"))


def run(command: Sequence[str | Path]) -> None:
    """One process, its output thrown away; a failure raises ``CalledProcessError`` with its last words."""
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    subprocess.run(command, check=True, env=environment, stdin=subprocess.DEVNULL, capture_output=True)


def plain_tesseract(pages: Sequence[Path]) -> None:
    """Read every page with one process of bare Tesseract, one after the other."""
    for page in pages:
        run(["tesseract", page, "-", "-l", "vie"])


def vndoc(files: Sequence[Path], *flags: str) -> None:
    """Read all files with one process of vndoc."""
    program = Path(sys.executable).with_name("vndoc")
    run([program if program.exists() else "vndoc", "parse", *files, *flags])


def clock(work: Callable[[], None]) -> tuple[float, float]:
    """Wall seconds, and processor seconds of the processes that were started."""
    wall, before = time.perf_counter(), os.times()
    work()
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - wall, cpu


def measure(ways: dict[str, Callable[[], None]], rounds: int) -> dict[str, tuple[float, float]]:
    """The least wall and the least processor time of each way; every round turns the order around."""
    least = dict.fromkeys(ways, (float("inf"), float("inf")))
    names = list(ways)
    for k in range(rounds):
        for name in names if k % 2 == 0 else reversed(names):
            wall, cpu = clock(ways[name])
            least[name] = (min(least[name][0], wall), min(least[name][1], cpu))
    return least


def benchmark(files: Sequence[Path], rounds: int) -> Report:
    """Measure all ways over ``files``."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as folder:
        pages = render(files, Path(folder))
        ways: dict[str, Callable[[], None]] = {
            PLAIN: lambda: plain_tesseract(pages),
            "vndoc parse --jobs 1": lambda: vndoc(files, "--jobs", "1"),
            f"vndoc parse (default, {cores} cores)": lambda: vndoc(files),
        }
        seconds = measure(ways, rounds)
    base_wall, base_cpu = seconds[PLAIN]
    timings = [
        Timing(
            name,
            round(wall, 2),
            round(wall / len(pages), 3),
            round(wall / base_wall, 2),
            round(cpu / len(pages), 3),
            round(cpu / base_cpu, 2) if base_cpu else 0.0,
        )
        for name, (wall, cpu) in seconds.items()
    ]
    return Report(f"{platform.system()} {platform.machine()}", cores, len(files), len(pages), rounds, timings)


def table(report: Report) -> Table:
    """The report for people."""
    title = f"{report.pages} pages of {report.files} files, best of {report.rounds} rounds"
    made = Table("way", title=title, caption=f"{report.machine}, {report.cores} cores, OMP_THREAD_LIMIT=1")
    for heading in ("seconds", "a page", "times plain", "CPU a page", "times plain"):
        made.add_column(heading, justify="right")
    for timing in report.timings:
        numbers = (timing.seconds, timing.per_page, timing.ratio, timing.cpu_per_page, timing.cpu_ratio)
        made.add_row(timing.name, *(f"{number:.2f}" for number in numbers))
    return made


def explained(error: subprocess.CalledProcessError | FileNotFoundError) -> int:
    """Say on standard error which program failed or is missing; the exit code of the benchmark."""
    if isinstance(error, FileNotFoundError):
        print(f"{error.filename} is missing; see 'vndoc doctor'", file=sys.stderr)
        return 10
    said = error.stderr or b""
    words = (said if isinstance(said, str) else said.decode(errors="replace")).strip()[-400:]
    print(f"{error.cmd[0]} failed with exit code {error.returncode}: {words}", file=sys.stderr)
    return 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__.split("\n\n", 1)[0])
    parser.add_argument("files", nargs="*", type=Path, help="PDF files; samples/*/scan.pdf without")
    parser.add_argument("--rounds", type=int, default=2, help="times that each way is run (2)")
    parser.add_argument("--json", action="store_true", help="print JSON in place of a table")
    options = parser.parse_args(arguments)
    files = options.files or sorted(SAMPLES.glob("*/scan.pdf"))
    try:
        report = benchmark(files, max(1, options.rounds))
    except (subprocess.CalledProcessError, FileNotFoundError) as error:
        return explained(error)
    if options.json:
        print(json.dumps(asdict(report), ensure_ascii=False, indent=1))
    else:
        Console().print(table(report))
    return 0


if __name__ == "__main__":
    sys.exit(main())
