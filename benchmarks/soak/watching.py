"""What a batch takes while it runs, once a second: memory, open files, temporary bytes, the size of the archive.

Processes are known by a word in their environment, so that one whose parent has been killed is still found.
"""

import contextlib
import json
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

VARIABLE = "VNDOC_SOAK"
_MIB = 1024**2


@dataclass(frozen=True, slots=True)
class Sample:
    """One moment. Sizes are in MiB; ``done`` counts the documents that the log has told so far."""

    seconds: float
    turn: int
    parent: float
    worker: float
    """Resident memory of the largest other process."""
    total: float
    """Of all processes."""
    processes: int
    files: int
    """File descriptors of all processes."""
    temporary: float
    archive: float
    done: int
    faulty: bool
    """Whether a fault is under way, such as a full disk: then sizes on disk are not the batch's own."""


def processes(word: str) -> list[psutil.Process]:
    """Those whose environment holds the word, and what they called; zombies are none."""
    found: dict[int, psutil.Process] = {}
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.environ().get(VARIABLE) == word and process.status() != psutil.STATUS_ZOMBIE:
                for one in (process, *process.children(recursive=True)):
                    found[one.pid] = one
    return [process for process in found.values() if process.pid != os.getpid()]


def take(
    word: str, parent: int, temporary: Path, archive: Path, *, began: float, turn: int, done: int, faulty: bool
) -> Sample:
    """Look at everything now."""
    memory: dict[int, float] = {}
    files = 0
    for process in processes(word):
        with contextlib.suppress(psutil.Error):
            memory[process.pid] = process.memory_info().rss / _MIB
            files += process.num_fds()
    others = [used for pid, used in memory.items() if pid != parent]
    size = sum(_size(path) for path in archive.parent.glob(f"{archive.name}*")) / _MIB
    return Sample(
        round(time.time() - began, 1),
        turn,
        round(memory.get(parent, 0.0), 1),
        round(max(others, default=0.0), 1),
        round(sum(memory.values()), 1),
        len(memory),
        files,
        round(used_bytes(temporary) / _MIB, 2),
        round(size, 1),
        done,
        faulty,
    )


def used_bytes(folder: Path) -> int:
    """Bytes below a folder; of files that go while they are looked at, none."""
    return sum(_size(Path(place, name)) for place, _, names in os.walk(folder) for name in names)


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0


def keep(path: Path, sample: Sample) -> None:
    """Add a sample to those on disk."""
    with path.open("a", encoding="ascii") as out:
        out.write(f"{json.dumps(asdict(sample))}\n")


def kept(path: Path) -> Iterator[Sample]:
    """All samples so far; a line that was cut off by a kill is passed over."""
    for line in path.read_text(encoding="ascii").splitlines() if path.exists() else ():
        with contextlib.suppress(ValueError):
            yield Sample(**json.loads(line))


def end_all(left: Sequence[psutil.Process]) -> None:
    """Kill these processes, which belong to the soak."""
    for process in left:
        with contextlib.suppress(psutil.Error):
            process.kill()
