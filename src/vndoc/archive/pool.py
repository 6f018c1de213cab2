"""The local engine: sandboxes of this machine. A document that kills or hangs its own costs only itself."""

import threading
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Self

from vndoc.archive.jobs import Category, Failure, Job, Outcome
from vndoc.archive.locations import is_url
from vndoc.archive.worker import work
from vndoc.errors import TimeLimitError, VndocError
from vndoc.sandbox import DeathError, Worker

DOCUMENTS_PER_PROCESS = 100
"""A process is then replaced by a fresh one: memory that libraries leak or keep goes back to the system."""

Work = Callable[[Job], Outcome]


class LocalPool:
    """Reads ``jobs`` documents at a time, each in a process of its own, replaced after so many documents.

    ``work`` is the function that runs there; it must be importable by name. ``ahead`` documents more are held, so that
    no process waits for its next one; without them each one held is being read, and can be cancelled at once.
    """

    def __init__(self, jobs: int, work: Work = work, documents: int = DOCUMENTS_PER_PROCESS, ahead: int = 1) -> None:
        self._threads = ThreadPoolExecutor(jobs, thread_name_prefix="vndoc-pool")
        self._work, self._documents = work, documents
        self._lock = threading.Lock()
        self._idle: list[Worker] = []
        self._busy: dict[int, Worker] = {}
        self._given_up: set[int] = set()
        self._stopped = False
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
        self._jobs[self._threads.submit(self.run, job)] = job

    def run(self, job: Job) -> Outcome:
        """Read one document and wait for it; safe to call from several threads."""
        try:
            worker = self._take(job)
        except VndocError as error:
            return Outcome(job, failure=self._failure(job, error))
        try:
            outcome: Outcome = worker.call(
                self._work, job, memory_mb=job.memory_mb, seconds=2 * job.seconds_per_page, about=job.path
            )
            if outcome.failure and outcome.failure.category is Category.MEMORY:
                worker.kill()  # what filled it may not all have gone back
        except VndocError as error:
            return Outcome(job, failure=self._failure(job, error))
        finally:
            self._give_back(job, worker)
        return outcome

    def _take(self, job: Job) -> Worker:
        """A worker for a document; one that is fetched from a store needs the network, and so may engines."""
        online = is_url(job.container or job.path) or not job.settings.sandbox
        with self._lock:
            if self._stopped or job.document_id in self._given_up:
                raise DeathError(f"{job.path}: given up before it began")
            worker = None if online else self._waiting()
        worker = worker or Worker(with_network=online)
        with self._lock:
            self._busy[job.document_id] = worker
            if self._stopped or job.document_id in self._given_up:
                worker.kill()
        return worker

    def _waiting(self) -> Worker | None:
        """One that waits for a document; those that ended meanwhile are taken away. With the lock held."""
        while self._idle:
            worker = self._idle.pop()
            if worker.alive:
                return worker
            worker.close()
        return None

    def _give_back(self, job: Job, worker: Worker) -> None:
        with self._lock:
            self._busy.pop(job.document_id, None)
            self._given_up.discard(job.document_id)
            if worker.alive and worker.offline and worker.calls < self._documents and not self._stopped:
                self._idle.append(worker)
                return
        worker.close()

    def _failure(self, job: Job, error: VndocError) -> Failure:
        """What an error that ended the reading from outside stands for."""
        if job.document_id in self._given_up:
            return Failure(Category.CANCELLED, f"{job.path}: cancelled before it was read")
        if isinstance(error, TimeLimitError):
            limit = f"{job.seconds_per_page:g} s for opening it and for each page"
            return Failure(Category.TIMEOUT, f"{job.path}: not finished in time ({limit})")
        return Failure.of(error)

    def cancel(self, document_id: int) -> bool:
        """Give a document up, ending its process; its outcome is a failure. Whether it was here; from any thread."""
        if all(job.document_id != document_id for job in list(self._jobs.values())):
            return False
        with self._lock:
            self._given_up.add(document_id)
            worker = self._busy.get(document_id)
        if worker:
            worker.kill()
        return True

    def finished(self, seconds: float) -> list[Outcome]:
        """See :class:`Executor`."""
        done, _ = wait(self._jobs, seconds, FIRST_COMPLETED)
        outcomes = []
        for future in done:
            job = self._jobs.pop(future)
            self._given_up.discard(job.document_id)
            outcomes.append(future.result())
        return outcomes

    def __enter__(self) -> Self:
        """Use as a context."""
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        with self._lock:
            self._stopped = True
            for worker in self._busy.values():
                worker.kill()
        self._threads.shutdown(cancel_futures=True)
        while self._idle:
            self._idle.pop().close()
