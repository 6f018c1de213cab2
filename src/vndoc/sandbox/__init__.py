"""Where files from strangers are opened: a process with limits, which may die, hang or fill up without taking others.

:func:`call` and :func:`stream` run a function there, :class:`Worker` is such a process for who keeps some of them.
What it may take is set by the kernel (:mod:`~vndoc.sandbox.limits`), it reaches no network
(:mod:`~vndoc.sandbox.network`), and what it puts on the disk lies in a folder that the process which started it clears
(:mod:`~vndoc.sandbox.scratch`). It is no defence against code that has taken the process over: that would have the
rights of whoever runs vndoc, without the network.
"""

from vndoc.sandbox.budget import Budget
from vndoc.sandbox.child import as_told, inside, tell
from vndoc.sandbox.protections import Protection, protections
from vndoc.sandbox.scratch import temporary_folder
from vndoc.sandbox.shared import call, close, start, stream
from vndoc.sandbox.worker import DeathError, Worker, show_debug

__all__ = [
    "Budget",
    "DeathError",
    "Protection",
    "Worker",
    "as_told",
    "call",
    "close",
    "inside",
    "protections",
    "show_debug",
    "start",
    "stream",
    "tell",
    "temporary_folder",
]
