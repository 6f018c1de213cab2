"""The local engine: a pebble pool of spawned processes. A document that kills or hangs its own costs only itself."""

import contextlib
import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Self

from pebble import ProcessExpired, ProcessPool

from vndoc.archive.jobs import Category, Failure, Job, Outcome, Progress
from vndoc.archive.sandbox import end_group, prepare, timed_out
from vndoc.archive.worker import work

DOCUMENTS_PER_PROCESS = 100
"""A process is then replaced by a fresh one: memory that libraries leak or keep goes back to the system."""

_STOPPING = (signal.SIGINT, signal.SIGTERM)

Work = Callable[[Job], Outcome]


class LocalPool:
    """Reads ``jobs`` documents at a time, each in a process of its own, replaced after so many documents.

    ``work`` is the function that runs there; it must be importable by name. ``ahead`` documents more are held, so that
    no process waits for its next one; without them each one held is being read, and can be cancelled at once.
    """

    def __init__(self, jobs: int, work: Work = work, documents: int = DOCUMENTS_PER_PROCESS, ahead: int = 1) -> None:
        # Spawned, since a fork takes locks along that threads of the parent hold.
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPool(max_workers=jobs, max_tasks=documents, initializer=prepare, context=context)
        self._work = work
        self._jobs: dict[Future[Outcome], Job] = {}
        self.capacity = jobs + ahead

    @property
    def pending(self) -> int:
        """See :class:`Executor`."""
        return len(self._jobs)

    def submit(self, job: Job) -> None:
        """See :class:`Executor`."""
        if job.progress:
            job.progress.unlink(missing_ok=True)
        with _whole():
            self._jobs[self._pool.schedule(self._work, args=[job])] = job

    def run(self, job: Job) -> Outcome:
        """Read one document and wait for it; safe to call from several threads."""
        return outcome_of(job, self._pool.schedule(self._work, args=[job]))

    def cancel(self, document_id: int) -> bool:
        """Give a document up, ending its process; its outcome is a failure. Whether it was here; from any thread."""
        jobs = list(self._jobs.items())
        return any(job.document_id == document_id and future.cancel() for future, job in jobs)

    def finished(self, seconds: float) -> list[Outcome]:
        """See :class:`Executor`."""
        done, _ = wait(self._jobs, seconds, FIRST_COMPLETED)
        return [outcome_of(self._jobs.pop(future), future) for future in done]

    def __enter__(self) -> Self:
        """Use as a context."""
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()


@contextlib.contextmanager
def _whole() -> Iterator[None]:
    """Ctrl-C and SIGTERM wait until what is inside is done.

    An exception between two steps of a queue can lose the wake-up of the thread that waits at it; the pool then never
    ends.
    """
    caught: list[int] = []
    kept = {}
    if threading.current_thread() is threading.main_thread():
        kept = {
            number: signal.signal(number, lambda n, _: caught.append(n))
            for number in _STOPPING
            if signal.getsignal(number)
        }
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
        for stopping in caught:
            signal.raise_signal(stopping)


def outcome_of(job: Job, future: "Future[Outcome]") -> Outcome:
    """What a finished future holds; where its process died, the failure that its death stands for."""
    try:
        return future.result()
    except ProcessExpired as death:
        end_group(death.pid)
        return Outcome(job, failure=_death(job, death.exitcode))
    except CancelledError:  # its process has ended by now
        end_group(_process(job))
        return Outcome(job, failure=Failure(Category.CANCELLED, f"{job.path}: cancelled before it was read"))
    except BrokenProcessPool as error:  # no fault of the document
        return Outcome(job, failure=Failure(Category.CRASH, f"the workers ended ({error}); start again", machine=True))
    except Exception as error:  # the outcome could not be pickled, or the like
        return Outcome(job, failure=Failure.of(error))


def _process(job: Job) -> int | None:
    """The number of the process that reads a document, where the job asked that it be noted."""
    told = Progress.read(job.progress) if job.progress else None
    return told.process if told else None


def _death(job: Job, status: int | None) -> Failure:
    if timed_out(status):
        limit = f"{job.seconds_per_page:g} s for opening it and for each page"
        return Failure(Category.TIMEOUT, f"{job.path}: not finished in time ({limit})")
    how = f"status {status}"
    if status is not None and status < 0:
        with contextlib.suppress(ValueError):
            how = signal.Signals(-status).name
    return Failure(Category.CRASH, f"{job.path}: the process that read it ended with {how}")
