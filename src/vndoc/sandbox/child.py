"""The worker's own side: it takes requests until its parent goes away, and is ended by its clock if one takes too long.

Standard output carries the answers; what libraries and programs print goes to standard error, which is shown with
``--debug`` alone.
"""

import contextlib
import logging
import os
import pickle
import queue
import signal
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from vndoc.damage import UNNAMED
from vndoc.errors import FormatError, MemoryLimitError, VndocError, causes, machine_fault, out_of_memory
from vndoc.sandbox import limits, network
from vndoc.sandbox.memory import shared_memory
from vndoc.sandbox.messages import Kind, Request


class _Line:
    """The connection to the parent."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._lock = threading.Lock()
        self.waited = 0.0
        """Seconds in which the parent did not take what was sent."""

    def send(self, kind: Kind, what: Any = None) -> None:
        """Send an answer; the clock stands still while the parent does not take it."""
        data = pickle.dumps((kind, what), protocol=5)
        with self._lock:
            left = limits.limit_time(0) if kind is not Kind.LOG else 0.0  # any thread may log, and none but one has it
            began = time.monotonic()
            self._out.write(data)
            self._out.flush()
            if kind is not Kind.LOG:
                self.waited += time.monotonic() - began
            if left:
                limits.limit_time(left)


_line: _Line | None = None


def inside() -> bool:
    """Whether this process is a sandbox."""
    return _line is not None


def tell(what: Any) -> None:
    """Say something on the way to whoever waits for the function; outside of a sandbox nobody hears it."""
    if _line:
        _line.send(Kind.TOLD, what)


def waited() -> float:
    """Seconds in which this sandbox has waited for its parent; elsewhere 0."""
    return _line.waited if _line else 0.0


def limit_clock(seconds: float) -> None:
    """End this sandbox after so many seconds, the parent's clock seeing to it too; 0: never. Elsewhere nothing."""
    if _line:
        _line.send(Kind.CLOCK, seconds)
        limits.limit_time(seconds)


def main(*, with_network: bool, debug: bool) -> None:
    """Take requests until the parent goes away."""
    global _line  # noqa: PLW0603 -- a process has one parent
    asked, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # the programs that it calls take its standard streams over
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    limits.limit_for_good()
    if not with_network:
        network.leave()
    _line = _Line(answers)
    requests: queue.SimpleQueue[Request] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=[asked, requests], daemon=True).start()
    _line.send(Kind.READY)
    while True:
        _serve(requests.get(), _line, debug=debug)


def _listen(asked: BinaryIO, requests: "queue.SimpleQueue[Request]") -> None:
    """Take requests, so that the end of the parent is seen at any time: this process ends with it, and its programs."""
    with contextlib.suppress(Exception):
        while True:
            requests.put(pickle.load(asked))
    if hasattr(os, "killpg"):
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def _serve(request: Request, line: _Line, *, debug: bool) -> None:
    handler = _log_to(line, request.log_level)
    try:
        if request.seconds:
            limit_clock(request.seconds)
        with _limited(request.memory_mb):
            value = request.function(*request.arguments, **request.named)
            if isinstance(value, Iterator):
                for item in value:
                    line.send(Kind.ITEM, item)
                value = None
        limits.limit_time(0)
        line.send(Kind.VALUE, value)
    except Exception as error:
        limits.limit_time(0)
        if debug:
            traceback.print_exc()
        line.send(Kind.ERROR, as_told(error, request.memory_mb, request.about))
        _let_go(error)
    finally:
        logging.getLogger("vndoc").removeHandler(handler)


def _let_go(error: BaseException) -> None:
    """Take the tracebacks from an exception and those that led to it: in circles they would keep what failed."""
    for seen in causes(error):
        seen.__traceback__ = None


@contextlib.contextmanager
def _limited(memory_mb: int | None) -> Iterator[None]:
    """No more memory than that for each process, nor much more for all of them."""
    if memory_mb is None:
        yield
        return
    with limits.limited_memory(memory_mb), shared_memory(memory_mb):
        yield


def as_told(error: Exception, memory_mb: int | None = None, about: str | None = None) -> VndocError:
    """What is said of an exception: vndoc's own as it is, of others the type and where in vndoc it came from.

    The text of others may quote a document, and their types may not be known where this is read.

    Args:
        error: what was raised.
        memory_mb: MiB that there were, where that was limited.
        about: the file that was read, for the message; where the machine is at fault it is not named.
    """
    name = f"{about}: " if about else ""
    if isinstance(error, VndocError):
        unnamed = about is not None and str(error).startswith(f"{UNNAMED}: ")
        return type(error)(f"{about}{str(error).removeprefix(UNNAMED)}") if unnamed else error
    if fault := machine_fault(error):
        return fault
    if isinstance(error, RecursionError):
        return FormatError(f"{name}what it holds is nested too deep to be read; print it anew, or scan it")
    if out_of_memory(error):
        limit = f"{memory_mb} MiB of memory" if memory_mb else "the memory there is"
        return MemoryLimitError(f"{name}more than {limit} would be needed; scan it anew, or in parts")
    frames = traceback.extract_tb(error.__traceback__)
    own = next((f for f in reversed(frames) if "vndoc" in Path(f.filename).parts[:-1]), None)
    where = f" in {own.name}, line {own.lineno}" if own else ""
    return VndocError(f"{name}internal error ({type(error).__name__}{where}); please report it to the makers of vndoc")


class _Sending(logging.Handler):
    def __init__(self, line: _Line, level: int) -> None:
        super().__init__(level)
        self._line = line

    def emit(self, record: logging.LogRecord) -> None:
        """Send it."""
        self._line.send(Kind.LOG, (record.name, record.levelno, record.getMessage()))


def _log_to(line: _Line, level: int) -> logging.Handler:
    handler = _Sending(line, level)
    logger = logging.getLogger("vndoc")
    logger.setLevel(level)
    logger.addHandler(handler)
    return handler
