"""What this machine can hold a sandbox to."""

import signal
import sys
from typing import NamedTuple

from vndoc.sandbox import network


class Protection(NamedTuple):
    """One of the things that a sandbox is for."""

    name: str
    held: bool
    how: str
    """By what it is held, or what is there instead."""


def protections() -> list[Protection]:
    """All of them on this machine."""
    linux, alarm = sys.platform == "linux", hasattr(signal, "SIGALRM")
    cut = network.possible()
    return [
        Protection("a process of its own", True, "whatever happens to it, one document fails"),
        Protection("time", True, "by the kernel's clock" if alarm else "by the clock of the process that started it"),
        Protection("memory", linux, "RLIMIT_DATA" if linux else "this system limits no data of a process"),
        Protection(
            "files",
            alarm,
            "RLIMIT_FSIZE and RLIMIT_NOFILE" if alarm else "this system limits no files of a process",
        ),
        Protection(
            "no network",
            cut,
            "seccomp" if cut else "this system or its kernel has no seccomp; connections are possible",
        ),
    ]
