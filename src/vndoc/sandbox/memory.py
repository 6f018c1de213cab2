"""The memory of all that a sandbox runs at a time: the kernel's limit holds for each process by itself.

Several pages are drawn side by side, and each drawing may take what one process may. So a thread adds up what all of
them hold, and ends the largest program where that is too much: the page that it drew is lost, not the machine's memory.
Linux alone; elsewhere nobody counts.
"""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

SHARE = 1.2
"""Of the limit of one process, what all of them may hold together."""
_SECONDS = 0.05
"""Between two looks; a program takes a second to fill a gigabyte."""
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


@contextmanager
def shared_memory(megabytes: int) -> Iterator[None]:
    """See to it that this process and those it calls hold no more together than :data:`SHARE` of so many MiB."""
    if sys.platform != "linux":
        yield
        return
    ended = threading.Event()
    most = int(SHARE * megabytes * 1024**2)
    watch = threading.Thread(target=_watch, args=[most, ended], name="vndoc-memory", daemon=True)
    watch.start()
    try:
        yield
    finally:
        ended.set()
        watch.join()


def _watch(most: int, ended: threading.Event) -> None:
    while not ended.wait(_SECONDS):
        programs = {number: held(number) for number in _below(os.getpid())}
        if programs and sum(programs.values()) + held(os.getpid()) > most:
            largest = max(programs, key=programs.__getitem__)
            with suppress(OSError):
                os.kill(largest, signal.SIGKILL)
            while held(largest) and not ended.wait(_SECONDS):  # what it held goes back in a while
                pass


def held(number: int) -> int:
    """Bytes of its own that a process has in memory; 0 for one that has ended."""
    try:
        _, resident, shared, *_ = Path(f"/proc/{number}/statm").read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return 0
    return (int(resident) - int(shared)) * _PAGE


def _below(number: int) -> Iterator[int]:
    """The processes that a process has begun, and those that these have."""
    with suppress(OSError):
        for task in Path(f"/proc/{number}/task").iterdir():
            with suppress(OSError, ValueError):
                for child in (task / "children").read_text(encoding="ascii").split():
                    yield int(child)
                    yield from _below(int(child))
