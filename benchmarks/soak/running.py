"""The soak itself: waves of files, batches over them, faults in these, a sample each second; it goes on after any stop.

All that is known lies in one folder, so the same command goes on where an earlier one was stopped or killed.
"""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil

from benchmarks.soak import watching
from benchmarks.soak.faults import (
    CLOCK,
    FAULTS,
    FULL_ARCHIVE,
    FULL_TEMPORARY,
    STOPPED,
    VANISHED,
    Fault,
    clock_environment,
    clock_library,
    mounted,
    set_clock,
)
from benchmarks.soak.laying import lay, save

PATIENCE = 240.0
"""Seconds without a line of the log after which a batch counts as hanging and is killed."""

_ARCHIVE_MIB, _TEMPORARY_MIB = 1536, 256
_WAVES, _LEAST, _FAULTS_PER_WAVE = 20, 100, 5  # _LEAST: files of a wave
_LASTS = (4.0, 9.0)  # seconds of a fault that can be mended
_UNTIL = (4.0, 16.0)  # seconds between two faults
_GOES = 20.0  # seconds that the processes of a dead batch may take to end
_QUIET_TURNS = 6  # without a fault, in which a wave must be finished


@dataclass(slots=True)
class Turn:
    """One run of ``vndoc batch``: which faults it met, how it ended, what it left behind."""

    number: int
    wave: int
    faults: list[str] = field(default_factory=list)
    code: int | None = None
    seconds: float = 0.0
    hung: bool = False
    left: int = 0
    """Processes that lived on after it, and had to be killed."""
    ended_after: float = 0.0
    """Seconds until the last of its processes had ended."""
    options: tuple[str, ...] = ()


@dataclass(slots=True)
class State:
    """How far the soak is."""

    seed: int
    documents: int
    began: float
    laid: int = 0
    done_waves: int = 0
    faults: int = 0
    spent: float = 0.0
    """Seconds at work, over all stops."""
    finished: bool = False
    skipped: list[str] = field(default_factory=list)
    """Faults that this machine does not allow."""
    turns: list[Turn] = field(default_factory=list)


class Soak:
    """Everything below one folder."""

    def __init__(self, folder: Path, seed: int, documents: int, jobs: int) -> None:
        self.folder, self.jobs = folder.absolute(), jobs
        self.tree, self.truth, self.logs = (self.folder / name for name in ("in", "truth", "logs"))
        self.temporary, self.archive = self.folder / "tmp", self.folder / "archive" / "archive.sqlite"
        self.word = str(self.folder)
        for place in (self.tree, self.truth, self.logs):
            place.mkdir(parents=True, exist_ok=True)
        self._library = clock_library(self.folder)
        self.state = self._resumed() or State(seed, documents, time.time())
        watching.end_all(watching.processes(self.word))  # of a soak that was killed
        self._mount()
        self._done = sum(1 for path in self.logs.glob("*.out") for _ in _events(path, "done"))

    def _resumed(self) -> State | None:
        path = self.folder / "state.json"
        if not path.exists():
            return None
        row = json.loads(path.read_text(encoding="ascii"))
        return State(**{**row, "turns": [Turn(**turn) for turn in row["turns"]]})

    def _mount(self) -> None:
        skipped = [] if self._library else [CLOCK]
        for place, size, fault in (
            (self.archive.parent, _ARCHIVE_MIB, FULL_ARCHIVE),
            (self.temporary, _TEMPORARY_MIB, FULL_TEMPORARY),
        ):
            if not mounted(place, size):
                skipped.append(fault)
        self.state.skipped = skipped
        if self.state.turns and not self.archive.exists():
            raise SystemExit(f"{self.archive}: is gone since the soak began; give a new folder")

    def save(self) -> None:
        """Keep how far it is."""
        fresh = self.folder / "state.new"
        fresh.write_text(json.dumps(asdict(self.state), indent=1), encoding="ascii")
        fresh.replace(self.folder / "state.json")

    def run(self, minutes: float | None) -> None:
        """All waves, or as many as begin within so many minutes; then what failed once more, and all once again."""
        size = max(_LEAST, -(-self.state.documents // _WAVES))
        while self.state.done_waves * size < self.state.documents:
            if minutes is not None and self.state.spent > 60 * minutes:
                break
            wave = self.state.done_waves
            self._lay(wave, range(wave * size, min((wave + 1) * size, self.state.documents)))
            self._wave(wave)
            self.state.done_waves += 1
            self.save()
        if not self.state.finished:
            self._until_read(["--retry-failed"])
            self._turn([], [])
            self.state.finished = True
            self.save()

    def _lay(self, wave: int, numbers: range) -> None:
        path = self.truth / f"{wave:03d}.jsonl"
        if not path.exists():
            save(path, list(lay(self.tree, self.state.seed, numbers)))
        self.state.laid = numbers.stop

    def _wave(self, wave: int) -> None:
        """Batches with faults until the wave has had its share, the last of them left alone to its end."""
        kinds = [kind for kind in FAULTS if kind not in self.state.skipped]
        share = _FAULTS_PER_WAVE
        while share > 0:
            wanted = [kinds[(self.state.faults + k) % len(kinds)] for k in range(share)]
            met = self._turn(wanted, [], random.Random(f"{self.state.seed}-{wave}-{len(self.state.turns)}"))
            if not met or self._clean():
                break
            share -= met
        if not self._clean():
            self._until_read([])

    def _clean(self) -> bool:
        """Whether the last batch came to its own end."""
        return self.state.turns[-1].code in (0, 9, 12) and not self.state.turns[-1].hung

    def _until_read(self, options: Sequence[str]) -> None:
        for _ in range(_QUIET_TURNS):
            self._turn([], options)
            if self._clean():
                return

    def _turn(self, kinds: Sequence[str], options: Sequence[str], rng: random.Random | None = None) -> int:
        """One run of the batch, with these faults in it one after the other; how many of them it met."""
        turn = Turn(len(self.state.turns) + 1, self.state.done_waves, options=tuple(options))
        started = time.time()
        process = self._start(turn, CLOCK in kinds)
        try:
            self._watch(process, turn, kinds, rng or random.Random(0))
        finally:
            if process.poll() is None:
                process.kill()
                turn.faults += [] if turn.hung else [STOPPED]
            turn.code = process.wait()
            self._clear(turn)
            turn.seconds = round(time.time() - started, 1)
            self.state.spent += turn.seconds
            self.state.faults += sum(fault != STOPPED for fault in turn.faults)
            self.state.turns.append(turn)
            self.save()
        return len(turn.faults)

    def _start(self, turn: Turn, clock: bool) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "TMPDIR": str(self.temporary),
            watching.VARIABLE: self.word,
            "OMP_THREAD_LIMIT": "1",
        }
        if clock and self._library:
            environment |= clock_environment(self._library, self.folder / "clock")
        command = [sys.executable, "-m", "vndoc", "batch", str(self.tree), "--archive", str(self.archive)]
        command += ["--jobs", str(self.jobs), "--timeout", "30", "--log", "json", *turn.options]
        with self._log(turn, "out").open("wb") as out, self._log(turn, "err").open("wb") as err:
            return subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=environment, start_new_session=True
            )

    def _log(self, turn: Turn, kind: str) -> Path:
        return self.logs / f"turn-{turn.number:04d}.{kind}"

    def _watch(self, process: "subprocess.Popen[bytes]", turn: Turn, kinds: Sequence[str], rng: random.Random) -> None:
        """Look on until the batch ends; begin and mend the faults meanwhile."""
        waiting, fault, mended = list(kinds), None, 0.0
        log, seen, heard = self._log(turn, "out"), 0, time.time()
        following = time.time() + (0.1 if waiting[:1] == [VANISHED] else rng.uniform(*_UNTIL))
        try:
            while process.poll() is None:
                now = time.time()
                if fault and now >= mended:
                    fault.end()
                    fault, following = None, now + rng.uniform(*_UNTIL)
                elif waiting and not fault and now >= following:
                    fault = self._fault(waiting.pop(0), process.pid, rng)
                    turn.faults.append(fault.kind)
                    fault.begin()
                    mended = now + rng.uniform(*_LASTS)
                size = log.stat().st_size
                if size != seen:
                    seen, heard = size, now
                elif now - heard > PATIENCE:
                    turn.hung = True
                    return
                self._sample(process.pid, turn, fault is not None)
                time.sleep(1.0)
        finally:
            if fault:
                fault.end()
            set_clock(self.folder / "clock", 0)

    def _fault(self, kind: str, parent: int, rng: random.Random) -> Fault:
        newest = max(self.tree.glob("*/*"))
        return Fault(kind, parent, self.temporary, self.archive, newest, self.folder / "clock", rng)

    def _sample(self, parent: int, turn: Turn, faulty: bool) -> None:
        done = self._done + sum(1 for _ in _events(self._log(turn, "out"), "done"))
        sample = watching.take(
            self.word,
            parent,
            self.temporary,
            self.archive,
            began=self.state.began,
            turn=turn.number,
            done=done,
            faulty=faulty,
        )
        watching.keep(self.folder / "samples.jsonl", sample)

    def _clear(self, turn: Turn) -> None:
        """Wait for what the batch had started; kill what does not end by itself, and say so."""
        started = time.time()
        while (left := watching.processes(self.word)) and time.time() - started < _GOES:
            time.sleep(0.2)
        turn.ended_after = round(time.time() - started, 1)
        turn.left = len(left)
        watching.end_all(left)
        psutil.wait_procs(left, timeout=5)
        self._done += sum(1 for _ in _events(self._log(turn, "out"), "done"))


def _events(path: Path, kind: str) -> Iterator[bytes]:
    """Lines of a log that tell this event."""
    if path.exists():
        wanted = f'"event": "{kind}"'.encode()
        yield from (line for line in path.read_bytes().splitlines() if wanted in line)
