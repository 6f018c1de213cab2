"""What a process may take: the kernel's own limits, so that they hold whatever the code in it does.

SIGALRM, left at its default action, ends the process; RLIMIT_DATA makes allocations fail, in the programs it calls too.
Where a system has neither (Windows), the pool's own clock is all there is.
"""

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager


def prepare() -> None:
    """Once in each process: a group of its own, so that the programs it called can be ended with it."""
    if hasattr(os, "setsid"):
        os.setsid()


def limit_time(seconds: float) -> None:
    """End this process after so many seconds; 0: never."""
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)


@contextmanager
def limited_memory(megabytes: int) -> Iterator[None]:
    """No more data than that, in this process and in those it calls."""
    if sys.platform != "linux":
        yield
        return
    import resource  # noqa: PLC0415 -- not on every system

    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (megabytes * 1024**2, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def timed_out(status: int | None) -> bool:
    """Whether a process that ended with this status was ended by :func:`limit_time`."""
    return status is not None and -status == getattr(signal, "SIGALRM", None)


def end_group(process: int | None) -> None:
    """End the programs that a dead process had called: Tesseract would go on with a page nobody waits for."""
    if process and hasattr(os, "killpg"):
        with contextlib.suppress(OSError):
            os.killpg(process, signal.SIGKILL)
