"""A process that does what it is asked under limits, from the side of whoever started it."""

import contextlib
import logging
import os
import pickle
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from vndoc.errors import EngineError, MachineError, TimeLimitError, machine_fault
from vndoc.sandbox import limits
from vndoc.sandbox.messages import Kind, Request
from vndoc.sandbox.scratch import scratch

GRACE = 5.0
"""Seconds after which a worker that should have ended itself is ended."""
_START_SECONDS = 120.0
_START = (
    "import sys; sys.path[:] = sys.argv[1:];"
    "from vndoc.sandbox.child import main; main(with_network={network}, debug={debug})"
)
"""Nothing is imported before the path is that of the parent: at first the current folder leads it, where strangers'
files lie."""
_ALLOCATION = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": "33554432", "MALLOC_TRIM_THRESHOLD_": "134217728"}
"""For glibc: what the images of large pages took goes back at once, and threads share the rest; A4 is not slowed."""
_SET_BY_LIBRARIES = frozenset(
    (
        "KMP_DUPLICATE_LIB_OK",
        "LD_LIBRARY_PATH",
        "ORT_DISABLE_TELEMETRY",
        "QT_QPA_FONTDIR",
        "QT_QPA_PLATFORM_PLUGIN_PATH",
    )
)
"""What loading OpenCV and others sets in the process that loads them: no reason for another worker."""
_debug = False


def show_debug() -> None:
    """From now on, what workers print goes to standard error, with the traceback of every error."""
    global _debug  # noqa: PLW0603 -- one choice for the process
    _debug = True


def surroundings() -> tuple[object, ...]:
    """What a process takes over when it starts: where modules are found, the environment, the current folder."""
    try:
        folder = os.getcwd()  # noqa: PTH109 -- it may be gone
    except OSError:
        folder = ""
    environment = {name: value for name, value in os.environ.items() if name not in _SET_BY_LIBRARIES}
    return list(sys.path), environment, folder, _debug


class DeathError(EngineError):
    """A worker's process ended before it had answered, not by its clock."""


class Worker:
    """A process of its own; used by one thread at a time, :meth:`kill` by any.

    Args:
        with_network: whether it may open connections.
    """

    def __init__(self, *, with_network: bool = False) -> None:
        self.calls = 0
        self.offline = not with_network
        self.surroundings = surroundings()
        self._clock: threading.Timer | None = None
        self._ends = 0.0
        """When the clock ends it."""
        self._late = self._killed = False
        with _starting():
            self._folder = Path(tempfile.mkdtemp(dir=scratch()))
            try:
                self._process = self._started(with_network)
            except BaseException:
                shutil.rmtree(self._folder, ignore_errors=True)
                raise
        self._limit(_START_SECONDS)

    def _started(self, with_network: bool) -> "subprocess.Popen[bytes]":
        code = _START.format(network=with_network, debug=_debug)
        flags = subprocess._args_from_interpreter_flags()  # type: ignore[attr-defined]  # as multiprocessing does
        folder = str(self._folder)
        return subprocess.Popen(
            [sys.executable, *flags, "-c", code, *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if _debug else subprocess.DEVNULL,
            env={
                **_ALLOCATION,
                **os.environ,
                "ORT_DISABLE_TELEMETRY": "1",
                "TMPDIR": folder,
                "TEMP": folder,
                "TMP": folder,
            },
            start_new_session=True,
        )

    @property
    def alive(self) -> bool:
        """Whether it can be asked; it cannot where others have cleared its folder, as systems do after some days."""
        return not self._killed and self._process.poll() is None and self._folder.is_dir()

    @property
    def number(self) -> int:
        """Of its process."""
        return self._process.pid

    def call(
        self, function: Callable[..., Any], *arguments: Any, told: Callable[[Any], None] | None = None, **options: Any
    ) -> Any:
        """What ``function`` gives there; arguments and errors of :meth:`stream`."""
        value = None
        for kind, what in self._answers(_request(function, arguments, options), told):
            if kind is Kind.VALUE:
                value = what
        return value

    def stream(
        self, function: Callable[..., Any], *arguments: Any, told: Callable[[Any], None] | None = None, **options: Any
    ) -> Iterator[Any]:
        """The items of an iterator that ``function`` gives there, one at a time; the process waits for who takes them.

        Args:
            function: importable by name.
            arguments: that can be pickled.
            told: called with what the function says by :func:`vndoc.sandbox.tell`.
            options: ``memory_mb`` that it may hold, ``seconds`` that it may take where it sets no clock by itself,
                ``about`` which file it is, for messages, and further arguments by name.

        Raises:
            VndocError: what it raised; of others than vndoc's own only their type is told.
            TimeLimitError: it was ended by its clock.
            DeathError: its process ended.
        """
        for kind, what in self._answers(_request(function, arguments, options), told):
            if kind is Kind.ITEM:
                yield what

    def _answers(self, request: Request, told: Callable[[Any], None] | None) -> Iterator[tuple[Kind, Any]]:
        """Items and value of a request; a process that nobody listens to any more is ended."""
        self.calls += 1
        ended = False
        try:
            self._send(request)
            while not ended:
                kind, what = self._received(request.about)
                ended = kind in (Kind.VALUE, Kind.ERROR)
                if kind is Kind.ERROR:
                    try:
                        raise what
                    finally:
                        del what  # its traceback leads here, and all that it leads to would stay in a circle
                if kind is Kind.CLOCK:
                    self._limit(what)
                elif kind is Kind.READY:
                    self._limit(0)
                elif kind is Kind.LOG:
                    logging.getLogger(what[0]).log(what[1], "%s", what[2])
                elif kind is Kind.TOLD and told:
                    told(what)
                elif kind is Kind.ITEM:
                    left = self._pause()
                    yield kind, what
                    self._limit(left)
                elif kind is Kind.VALUE:
                    yield kind, what
        finally:
            self._limit(0)
            if not ended:
                self.kill()
            self._sweep()

    def _send(self, request: Request) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):  # it has ended: so says what is received
            pickle.dump(request, self._process.stdin, protocol=5)
            self._process.stdin.flush()

    def _received(self, about: str | None) -> tuple[Kind, Any]:
        assert self._process.stdout is not None
        try:
            kind, what = pickle.load(self._process.stdout)
        except Exception:  # cut off, in whatever way
            raise self._death(about) from None
        return kind, what

    def _limit(self, seconds: float) -> None:
        """End it so many seconds from now, if it has not done so itself; 0: never."""
        if self._clock:
            self._clock.cancel()
            self._clock = None
        if seconds:
            self._clock = threading.Timer(seconds + GRACE, self._end_late)
            self._clock.daemon = True
            self._ends = time.monotonic() + seconds
            with _starting():
                self._clock.start()

    def _pause(self) -> float:
        """Stop the clock, as who takes the items may take long for each; the seconds that were left, 0 for no limit."""
        if self._clock is None:
            return 0.0
        self._limit(0)
        return max(self._ends - time.monotonic(), 0.1)

    def _end_late(self) -> None:
        self._late = True
        self.kill()

    def _death(self, about: str | None) -> EngineError:
        """Why it does not answer any more."""
        name = f"{about}: " if about else ""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(GRACE)
        status = self._process.poll()
        self.kill()
        if self._late or limits.timed_out(status):
            return TimeLimitError(f"{name}not finished in the time that a page and a file may take; look at it by hand")
        how = f"status {status}"
        if status is not None and status < 0:
            with contextlib.suppress(ValueError):
                how = signal.Signals(-status).name
        return DeathError(f"{name}the process that read it ended with {how}; look at it by hand")

    def _sweep(self) -> None:
        """Clear what is left in its folder, and with a dead process the folder."""
        if not self.alive:
            shutil.rmtree(self._folder, ignore_errors=True)
            return
        with contextlib.suppress(OSError):
            for path in self._folder.iterdir():
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink(missing_ok=True)

    def kill(self) -> None:
        """End it at once, and the programs that it has called; once, as its number may then be another's."""
        if self._killed:
            return
        self._killed = True
        if hasattr(os, "killpg"):  # its session is its own; the programs in it may outlive it
            with contextlib.suppress(OSError):
                os.killpg(self._process.pid, signal.SIGKILL)
        with contextlib.suppress(OSError):
            self._process.kill()

    def close(self) -> None:
        """End it, take its streams back, and clear its folder."""
        self.kill()
        self._limit(0)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(GRACE)
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                with contextlib.suppress(OSError):
                    stream.close()
        shutil.rmtree(self._folder, ignore_errors=True)


@contextlib.contextmanager
def _starting() -> Iterator[None]:
    """While a process or a thread is started; what the system has none left of is the machine's fault."""
    try:
        yield
    except OSError as error:
        raise machine_fault(error) or MachineError(f"no process can be started ({error.strerror})") from None
    except RuntimeError:
        raise MachineError("no thread can be started; close programs, then start again") from None


def _request(function: Callable[..., Any], arguments: tuple[Any, ...], options: dict[str, Any]) -> Request:
    memory, seconds, about = (options.pop(name, None) for name in ("memory_mb", "seconds", "about"))
    level = logging.getLogger("vndoc").getEffectiveLevel()
    return Request(function, arguments, options, memory, seconds, about, level)
