"""The cluster engine: dask.distributed. Each of its workers reads in a sandbox of its own, this process alone writes.

A document under way on a machine that goes away is sent to another one by the scheduler.
"""

from concurrent.futures import FIRST_COMPLETED
from functools import cache
from typing import TYPE_CHECKING, Self

from vndoc.archive.fingerprint import fingerprint
from vndoc.archive.jobs import Category, Failure, Job, Outcome
from vndoc.archive.pool import LocalPool, Work
from vndoc.archive.worker import work
from vndoc.errors import SetupError
from vndoc.settings import DEFAULTS, Settings

if TYPE_CHECKING:
    from distributed import Client, Future

_PATIENCE = 30  # seconds for the scheduler to answer


class Cluster:
    """Reads documents on the workers of a dask scheduler (``tcp://host:8786``).

    ``settings`` are those of the jobs to come; ``work`` is the function that reads one, importable by name on every
    worker.

    Raises:
        SetupError: dask is not installed, the scheduler does not answer, or it has no workers.
    """

    def __init__(self, scheduler: str, settings: Settings = DEFAULTS, work: Work = work) -> None:
        self._client = _connect(scheduler)
        self._work = work
        self._key = fingerprint(settings).key
        self._jobs: dict[Future, Job] = {}
        if not self._client.nthreads():
            self._client.close()
            raise SetupError(f"{scheduler}: has no workers; start some with 'dask worker', see docs/cluster.md")

    @property
    def pending(self) -> int:
        """See :class:`Executor`."""
        return len(self._jobs)

    @property
    def capacity(self) -> int:
        """See :class:`Executor`; workers may come and go."""
        threads: dict[str, int] = self._client.nthreads()
        return 2 * max(1, sum(threads.values()))

    def submit(self, job: Job) -> None:
        """See :class:`Executor`."""
        # Not pure: a document that is tried again must not be answered from what dask remembers.
        self._jobs[self._client.submit(in_sandbox, job, self._work, self._key, pure=False)] = job

    def finished(self, seconds: float) -> list[Outcome]:
        """See :class:`Executor`."""
        from distributed import wait  # noqa: PLC0415

        try:
            done = wait(list(self._jobs), timeout=max(seconds, 0.01), return_when=FIRST_COMPLETED).done
        except TimeoutError:
            return []
        return [self._outcome(self._jobs.pop(future), future) for future in done]

    def _outcome(self, job: Job, future: "Future") -> Outcome:
        error = future.exception()
        outcome: Outcome = future.result() if error is None else Outcome(job, failure=_lost(job, error))
        future.release()
        return outcome

    def __enter__(self) -> Self:
        """Use as a context."""
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        self._client.cancel(list(self._jobs))
        self._client.close()


def _connect(scheduler: str) -> "Client":
    try:
        from distributed import Client  # noqa: PLC0415
    except ImportError:
        raise SetupError("--executor dask needs dask.distributed: pip install 'vndoc[cluster]'") from None
    try:
        return Client(scheduler, timeout=_PATIENCE)
    except (OSError, TimeoutError, ValueError) as error:
        raise SetupError(f"{scheduler}: the scheduler does not answer ({error}); see docs/cluster.md") from None


def _lost(job: Job, error: BaseException) -> Failure:
    return Failure(Category.CRASH, f"{job.path}: lost on the cluster ({type(error).__name__})")


def in_sandbox(job: Job, work: Work, key: str) -> Outcome:
    """Runs in a dask worker: read one document in a process of its own, which may die without taking the worker.

    Results are kept under the fingerprint of the machine that writes them, so a worker with another vndoc, other
    programs or models (``key``) reads nothing and stops the run.
    """
    from distributed import get_worker  # noqa: PLC0415

    worker = get_worker()
    if _own_key(job.settings) != key:
        message = f"vndoc, its programs or its models differ on {worker.address}; install the same everywhere"
        return Outcome(job, failure=Failure.of(SetupError(message)))
    return _sandbox(worker.state.nthreads, work).run(job)


@cache
def _own_key(settings: Settings) -> str:
    return fingerprint(settings).key


@cache
def _sandbox(threads: int, work: Work) -> LocalPool:
    return LocalPool(threads, work)
