"""Thousands of damaged files through the real command line: ``python -m tests.fuzz.campaign --amount 10000 --seed 1``.

A tenth of the files have a process of their own (``python -m vndoc parse FILE``), the rest go through the same command
line in one process that lives on, as in a long run of a program. Of each it is judged whether the README's promises
held: an exit code of its table, one short line for a failure, time, memory of all processes together, no process and
no byte left behind. What broke one is kept, with the command to see it again.
"""

import argparse
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pydantic import TypeAdapter
from rich.console import Console
from rich.table import Table

from tests.conftest import ROOT
from tests.fuzz import processes
from tests.fuzz.cases import Case, case
from tests.fuzz.promises import EXIT_CODES, MESSAGE, BrokenPromise, kept
from tests.fuzz.seeds import CANARY
from vndoc.dispatch import Dispatch

BYTES = 2 * 1024**3
_SLEEP = 0.02
_DISPATCHES = TypeAdapter(list[Dispatch])
_ESCAPES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass(slots=True)
class Ended:
    """What became of one file."""

    number: int
    kind: str
    done: tuple[str, ...]
    alone: bool
    code: int
    seconds: float
    bytes: int
    error: str = ""
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a file may take, and how many have a process of their own."""

    seconds: float
    bytes: int = BYTES
    alone: int = 10
    """One in so many; 0: none."""


class Watched:
    """A process that is watched while it works: its time, and the memory of it and all below it."""

    def __init__(self, process: "subprocess.Popen[str]", bounds: Bounds) -> None:
        self.process, self.bounds = process, bounds
        self.bytes, self.late, self._busy, self._stop = 0, False, threading.Event(), False
        self._began = 0.0
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def begin(self) -> None:
        """From here on the peak and the time count anew."""
        processes.forget_peaks(processes.tree(self.process.pid))
        self.bytes, self._began = 0, time.monotonic()
        self._busy.set()

    def pause(self) -> float:
        """The seconds since :meth:`begin`; what happens until the next one does not count."""
        seconds = time.monotonic() - self._began
        self._busy.clear()
        self.bytes = max(self.bytes, processes.peak_bytes(processes.tree(self.process.pid)))
        return seconds

    def close(self) -> None:
        """Watch no more."""
        self._stop = True
        self._busy.set()
        self._thread.join()

    def _watch(self) -> None:
        while self._busy.wait() and not self._stop:
            self.bytes = max(self.bytes, processes.peak_bytes(processes.tree(self.process.pid)))
            if self._busy.is_set() and time.monotonic() - self._began > self.bounds.seconds:
                self.late = True
                processes.end(self.process.pid)
                self._busy.clear()
            time.sleep(_SLEEP)


class Bench:
    """Where one file after the other is read: a folder, and a process that lives on until it fails."""

    def __init__(self, folder: Path, bounds: Bounds) -> None:
        with _BEGINNING:  # those that this process had before are not left by what is run here
            _OWN.update(processes.children(os.getpid()))
        self.folder, self.bounds = folder, bounds
        self.files, self.temporary = folder / "files", folder / "temporary"
        self.files.mkdir(parents=True)
        self.temporary.mkdir()
        self.output, self.error = folder / "output", folder / "error"
        self._watched: Watched | None = None
        self._seen: set[Path] = set()

    def run(self, made: Case, *, alone: bool) -> Ended:
        """Read one file and judge what came of it."""
        path = self.files / made.name
        path.write_bytes(made.data)
        ended = self._alone(made, path) if alone else self._together(made, path)
        path.unlink()
        return ended

    def close(self) -> list[str]:
        """End the process that lives on; what it leaves behind."""
        if self._watched is None:
            return []
        process, watched, self._watched = self._watched.process, self._watched, None
        assert process.stdin is not None
        with suppress(OSError):
            process.stdin.close()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            processes.end(process.pid)
            process.wait()
        watched.close()
        assert process.stdout is not None
        process.stdout.close()
        return [*_left(self.temporary, set()), *_strays()]

    def _alone(self, made: Case, path: Path) -> Ended:
        with tempfile.TemporaryDirectory(dir=self.folder, prefix="own") as temporary:
            with self.output.open("w") as output, self.error.open("w") as error:
                arguments = [sys.executable, "-m", "vndoc", "parse", str(path)]
                process = _began(arguments, temporary, stdin=subprocess.DEVNULL, stdout=output, stderr=error)
                watched = Watched(process, self.bounds)
                watched.begin()
                process.wait()
                seconds = watched.pause()
                watched.close()
            left = [*_left(Path(temporary), set()), *_strays()]
        return self._judged(made, process.returncode, seconds, watched, left, alone=True)

    def _together(self, made: Case, path: Path) -> Ended:
        watched = self._watched or self._began()
        process = watched.process
        assert process.stdin is not None
        assert process.stdout is not None
        request = {"arguments": ["parse", str(path)], "output": str(self.output), "error": str(self.error)}
        watched.begin()
        answer = ""
        with suppress(OSError):
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        seconds = watched.pause()
        left = list(_left(self.temporary, self._seen))
        if not answer:
            process.wait()
            left += self.close()
        ended = self._judged(made, int(answer or process.returncode), seconds, watched, left, alone=False)
        if not answer and not watched.late:
            ended.faults.append(f"the process ended with {process.returncode}")
        return ended

    def _began(self) -> Watched:
        arguments = [sys.executable, "-m", "tests.fuzz.driver"]
        process = _began(arguments, str(self.temporary), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._watched = Watched(process, self.bounds)
        return self._watched

    def _judged(
        self, made: Case, code: int, seconds: float, watched: Watched, left: list[str], *, alone: bool
    ) -> Ended:
        error = self.error.read_text(encoding="utf-8", errors="surrogateescape") if self.error.exists() else ""
        ended = Ended(made.number, made.kind, made.done, alone, code, seconds, watched.bytes, error, left)
        if watched.late:
            ended.faults.append(f"more than {self.bounds.seconds:g} seconds")
            return ended
        if code not in EXIT_CODES or code in (2, 10, 130):
            ended.faults.append(f"exit code {code}")
        if watched.bytes > self.bounds.bytes:
            ended.faults.append(f"{watched.bytes / 1024**2:.0f} MiB")
        ended.faults += dict.fromkeys(_faults_of_messages(code, error, str(self.files)))
        if code in (0, 9):
            ended.faults += _faults_of_result(self.output)
        return ended


def _began(arguments: Sequence[str], temporary: str, **streams: object) -> "subprocess.Popen[str]":
    """A process of the code of this checkout, whose folder for temporary files is ``temporary``."""
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    environment = {**os.environ, "TMPDIR": temporary, "PYTHONPATH": paths, "PYTHONUTF8": "1"}
    with _BEGINNING:
        process = subprocess.Popen(arguments, env=environment, text=True, cwd=ROOT, **streams)
        _OWN.add(process.pid)
    return process


_BEGINNING = threading.Lock()
_OWN: set[int] = set()
"""Processes that the campaign itself has begun."""


def _strays() -> Iterator[str]:
    """Processes that were left behind: orphans become this process's children. They are ended."""
    for child in processes.children(os.getpid()):
        with _BEGINNING:
            own = child in _OWN
        told = processes.status(child)
        if not own and told:
            processes.end(child)
            processes.reap(child)
            if not told.get("State", "Z").startswith("Z"):
                yield f"left the process {told.get('Name')}"


def _left(folder: Path, seen: set[Path]) -> Iterator[str]:
    """Files with bytes in them that are new in a folder."""
    for file in sorted(folder.rglob("*")):
        with suppress(OSError):
            if file not in seen and file.is_file() and file.stat().st_size:
                seen.add(file)
                yield f"left {file.stat().st_size} bytes in {re.sub('[0-9a-z_]{8}', '*', file.name)}"


def _faults_of_messages(code: int, error: str, folder: str) -> Iterator[str]:
    lines = [line for line in error.split("\n") if line.strip()]
    if code == 0 and lines:
        yield "prints though nothing failed"
    if code != 0 and not lines:
        yield "fails without a message"
    if len(lines) > 1 and code != 9:
        yield f"{len(lines)} lines on standard error"
    for line in lines:
        if not line.startswith("vndoc: "):
            yield "a line that is no message of vndoc"
        if len(line.replace(folder, "")) > MESSAGE:
            yield f"a message of {len(line)} characters"
        if _ESCAPES.search(line):
            yield "a control character in a message"
        if "internal error" in line:
            yield "an internal error"
        if CANARY in line:
            yield "a message quotes the document"


def _faults_of_result(output: Path) -> Iterator[str]:
    try:
        text = output.read_text(encoding="utf-8")
        for dispatch in _DISPATCHES.validate_json(text if text.startswith("[") else f"[{text}]"):
            kept(dispatch)
    except BrokenPromise as broken:
        yield f"result: {broken}"
    except ValueError as error:
        yield f"result: no JSON of dispatches ({type(error).__name__})"


def table_of(ended: Sequence[Ended]) -> Table:
    """A row for each kind of file: how many, how they ended, the slowest, the largest."""
    codes = sorted({one.code for one in ended})
    table = Table()
    for head in ("files", "amount", *(f"exit {code}" for code in codes), "slowest s", "most MiB", "faults"):
        table.add_column(head, justify="left" if head == "files" else "right")
    for kind in [*sorted({one.kind for one in ended}), "all"]:
        own = [one for one in ended if kind in (one.kind, "all")]
        counts = Counter(one.code for one in own)
        table.add_row(
            kind,
            str(len(own)),
            *(str(counts[code] or "") for code in codes),
            f"{max(one.seconds for one in own):.1f}",
            f"{max(one.bytes for one in own) / 1024**2:.0f}",
            str(sum(bool(one.faults) for one in own)),
        )
    return table


def campaign(seed: int, numbers: Sequence[int], jobs: int, bounds: Bounds, keep: Path) -> Iterator[Ended]:
    """Read the files of these numbers, in ``jobs`` places at a time; keep those that broke a promise in a folder."""
    processes.adopt_orphans()
    with tempfile.TemporaryDirectory(prefix="campaign") as folder, ThreadPoolExecutor(jobs) as pool:
        benches = [Bench(Path(folder, str(place)), bounds) for place in range(jobs)]
        idle = list(benches)

        def read(number: int) -> Ended:
            bench = idle.pop()
            made = case(seed, number)
            ended = bench.run(made, alone=bool(bounds.alone) and number % bounds.alone == 0)
            idle.append(bench)
            if ended.faults:
                _keep(made, ended, seed, keep)
            return ended

        yield from pool.map(read, numbers)
        for bench in benches:
            if left := bench.close():
                yield Ended(-1, "all", (), alone=False, code=0, seconds=0, bytes=0, faults=left)


def _keep(made: Case, ended: Ended, seed: int, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / made.name
    path.write_bytes(made.data)
    line = {"command": f"python -m vndoc parse {shlex.quote(str(path))}", "seed": seed, **asdict(ended)}
    with (folder / "faults.jsonl").open("a", encoding="utf-8") as file:
        print(json.dumps(line, ensure_ascii=True), file=file)


def main() -> int:
    """Command line; the exit code is 1 where a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--amount", type=int, default=300, help="how many files (300)")
    parser.add_argument("--seed", type=int, default=1, help="another seed gives other files (1)")
    parser.add_argument("--first", type=int, default=0, help="number of the first file (0), to go on with a campaign")
    parser.add_argument("--jobs", type=int, default=1, help="files read at the same time (1)")
    parser.add_argument("--seconds", type=float, default=120, help="budget of a file (120)")
    parser.add_argument("--keep", type=Path, default=Path("build/campaign"), help="where files that broke a promise go")
    parser.add_argument("--alone", type=int, default=10, help="one file in so many has a process of its own (10)")
    parser.add_argument("--report", type=Path, help="a file for what became of each, a line of JSON for every file")
    flags = parser.parse_args()
    console, every = Console(stderr=True), []
    numbers = range(flags.first, flags.first + flags.amount)
    began = time.monotonic()
    with suppress(KeyboardInterrupt):  # the table tells of those that there are
        for ended in campaign(flags.seed, numbers, flags.jobs, Bounds(flags.seconds, alone=flags.alone), flags.keep):
            if ended.number >= 0:
                every.append(ended)
            if flags.report:
                with flags.report.open("a", encoding="utf-8") as file:
                    print(json.dumps(asdict(ended)), file=file)
            if ended.faults:
                told = f"{ended.number} {ended.kind}: {'; '.join(ended.faults)}"
                console.print(told, markup=False, highlight=False, soft_wrap=True)
            if len(every) % 100 == 0:
                console.print(f"{len(every)} of {flags.amount}, {time.monotonic() - began:.0f} s", highlight=False)
    if every:
        Console(width=200).print(table_of(every))
    return int(any(ended.faults for ended in every))


if __name__ == "__main__":
    sys.exit(main())
