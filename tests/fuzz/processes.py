"""Processes as the kernel tells of them (Linux): which another has begun, how much memory they took at the most."""

import ctypes
import os
import signal
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER


def adopt_orphans() -> None:
    """Make this process the parent of those that what it began has left behind: none can hide from it."""
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)


def children(process: int) -> list[int]:
    """Those that a process has begun and not waited for."""
    found: list[int] = []
    with suppress(OSError):
        for task in (_PROC / str(process) / "task").iterdir():
            with suppress(OSError, ValueError):
                found += map(int, (task / "children").read_text().split())
    return found


def tree(process: int) -> Iterator[int]:
    """A process and all below it."""
    yield process
    for child in children(process):
        yield from tree(child)


def status(process: int) -> dict[str, str]:
    """What the kernel tells of a process; nothing of one that has ended."""
    try:
        text = (_PROC / str(process) / "status").read_text(errors="replace")
    except OSError:
        return {}
    return dict(line.split(":\t", 1) for line in text.splitlines() if ":\t" in line)


def peak_bytes(processes: Iterable[int]) -> int:
    """The most memory that each has had since its beginning or :func:`forget_peaks`, together: never too little.

    What they share is counted for each, and their peaks need not have been at the same time.
    """
    return sum(int(status(one).get("VmHWM", "0 kB").split()[0]) * 1024 for one in processes)


def forget_peaks(processes: Iterable[int]) -> None:
    """Let the peaks of these begin at what they have now."""
    for one in processes:
        with suppress(OSError):
            (_PROC / str(one) / "clear_refs").write_text("5")


def end(process: int) -> None:
    """End a process and all below it."""
    for one in list(tree(process)):
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)


def reap(process: int) -> None:
    """Take note that an adopted process has ended."""
    with suppress(ChildProcessError):
        os.waitpid(process, 0)
