"""What a process may take: the kernel's own limits, so that they hold whatever the code in it does.

SIGALRM, left at its default action, ends the process; RLIMIT_DATA makes allocations fail, in the programs it calls too.
Where a system has neither (Windows), the clock of the process that started it is all there is.
"""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

MAX_FILE_BYTES = 2 * 1024**3
"""Of a file that the process or a program it calls may write."""
MAX_OPEN_FILES = 512
_CPU_SECONDS = 6 * 3600
"""Processor time of one process, after which it ends whatever its clock says; it is replaced long before."""


def limit_for_good() -> None:
    """What holds for the process as long as it lives: no core dumps, sizes of files, open files, processor time."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 -- not on every system

    wanted = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: MAX_FILE_BYTES,
        resource.RLIMIT_NOFILE: MAX_OPEN_FILES,
        resource.RLIMIT_CPU: _CPU_SECONDS,
    }
    for kind, most in wanted.items():
        soft, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (_within(most, soft, hard), hard))


def _within(most: int, *others: int) -> int:
    """The least of some limits; a system's word for none is a negative number, or the largest there is."""
    return min([most, *(limit for limit in others if limit >= 0)])


def limit_time(seconds: float) -> float:
    """End this process after so many seconds; 0: never. The seconds that were left of an earlier limit."""
    if not hasattr(signal, "setitimer"):
        return 0.0
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    return signal.setitimer(signal.ITIMER_REAL, seconds)[0]


@contextmanager
def limited_memory(megabytes: int) -> Iterator[None]:
    """No more data than that, in this process and in each that it calls."""
    if sys.platform != "linux":
        yield
        return
    import resource  # noqa: PLC0415

    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (_within(megabytes * 1024**2, hard), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def timed_out(status: int | None) -> bool:
    """Whether a process that ended with this status was ended by :func:`limit_time`, or for its processor time."""
    return status is not None and -status in (getattr(signal, "SIGALRM", None), getattr(signal, "SIGXCPU", None))
