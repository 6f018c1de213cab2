"""Who does the work: what the runner asks of an engine. The local pool is one, a cluster is another."""

from typing import Protocol, Self

from vndoc.archive.jobs import Job, Outcome


class Executor(Protocol):
    """Takes jobs, gives outcomes back in any order: one for each job, whatever happens to the process it ran in."""

    @property
    def pending(self) -> int:
        """Jobs submitted whose outcome has not been handed over."""
        ...

    @property
    def capacity(self) -> int:
        """How many jobs it wants to hold: enough that no worker waits, few enough that little is under way."""
        ...

    def submit(self, job: Job) -> None:
        """Take a job; returns at once."""
        ...

    def finished(self, seconds: float) -> list[Outcome]:
        """Outcomes that have come in, waiting for the first one at most so many seconds."""
        ...

    def __enter__(self) -> Self:
        """Begin."""
        ...

    def __exit__(self, *_: object) -> None:
        """Stop: what is under way is given up."""
        ...
