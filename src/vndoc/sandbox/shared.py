"""The workers of this process that wait for the next call: they take a second to start."""

import atexit
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from vndoc.errors import MemoryLimitError
from vndoc.sandbox.child import inside
from vndoc.sandbox.worker import Worker, surroundings

CALLS = 200
"""After so many calls a worker is replaced: memory that libraries leak or keep goes back to the system."""
_lock = Lock()
_waiting: list[Worker] = []
_owner = os.getpid()


def start() -> None:
    """Have a worker start that will be wanted in a moment, and go on meanwhile."""
    if not inside():
        with _borrowed():
            pass


def call(function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """What a function gives in a sandbox; arguments and errors of :meth:`Worker.stream`.

    In a sandbox it is called as it is.
    """
    if inside():
        return _here(function, arguments, options)
    with _borrowed() as worker:
        return worker.call(function, *arguments, **options)


def stream(function: Callable[..., Any], *arguments: Any, **options: Any) -> Iterator[Any]:
    """The items of an iterator that a function gives in a sandbox; arguments and errors of :meth:`Worker.stream`."""
    if inside():
        yield from _here(function, arguments, options)
        return
    with _borrowed() as worker:
        yield from worker.stream(function, *arguments, **options)


def _here(function: Callable[..., Any], arguments: tuple[Any, ...], options: dict[str, Any]) -> Any:
    for limit in ("memory_mb", "seconds", "about", "told"):
        options.pop(limit, None)
    return function(*arguments, **options)


@contextmanager
def _borrowed() -> Iterator[Worker]:
    """A worker that nobody uses; it waits for the next one afterwards, as many as were ever used at a time do."""
    worker = _next()
    try:
        yield worker
    except MemoryLimitError:
        worker.kill()  # what filled it may not all have gone back, and the next file is to have the whole of its limit
        raise
    finally:
        if worker.alive and worker.calls < CALLS:
            with _lock:
                _waiting.append(worker)
        else:
            worker.close()


def _next() -> Worker:
    global _owner  # noqa: PLW0603 -- a process that was forked has workers of its own
    with _lock:
        if _owner != os.getpid():
            _owner = os.getpid()
            _waiting.clear()
        while _waiting:
            worker = _waiting.pop()
            if worker.alive and worker.surroundings == surroundings():
                return worker
            worker.close()
    return Worker()


def close() -> None:
    """End the workers that wait; later calls start new ones."""
    with _lock:
        if _owner == os.getpid():
            for worker in _waiting:
                worker.close()
        _waiting.clear()


atexit.register(close)
