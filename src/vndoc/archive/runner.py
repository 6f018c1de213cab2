"""The run: files found become documents, documents become jobs, outcomes go into the ledger. One thread, one writer."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout

from vndoc.archive.arrivals import Arrivals
from vndoc.archive.connection import LockedError, beside
from vndoc.archive.events import Event, OnEvent, Summary
from vndoc.archive.executor import Executor
from vndoc.archive.fingerprint import Fingerprint
from vndoc.archive.intake import IntakeItem, found_again
from vndoc.archive.jobs import Job, Outcome
from vndoc.archive.ledger import Ledger
from vndoc.archive.left_out import LeftOut
from vndoc.archive.locations import can_be_read
from vndoc.errors import MissingFileError, SetupError, VndocError, machine_fault
from vndoc.settings import Settings

_TICK = 0.5  # seconds to wait for a worker before looking round
_LOOK_AGAIN = 10.0  # seconds between two looks for documents that were gone, while nothing else comes


class BusyError(SetupError):
    """Another process reads documents of this archive."""


@contextmanager
def at_work(archive: Path, ledger: Ledger) -> Iterator[int]:
    """Be the only one that reads documents of this archive; how many an earlier run was cut off from.

    Those are queued again, and so is at the end what was not finished.

    Raises:
        BusyError: another batch, or a server, is at work on this archive.
    """
    with alone(archive):
        try:
            yield ledger.recover()
        except LockedError:
            raise  # to wait once more is of no use; the next run recovers
        except BaseException:
            with suppress(VndocError):
                ledger.recover()
            raise
        ledger.recover()


@contextmanager
def alone(archive: Path) -> Iterator[None]:
    """Be the only one of those that read documents of this archive, or rebuild it.

    Raises:
        BusyError: another batch, or a server, is at work on this archive.
        MissingFileError: nothing can be written beside it, or it is a file of two names.
    """
    _check_names(archive)
    lock = FileLock(beside(archive, ".lock"), timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise BusyError(f"{archive}: another batch or a server is at work on this archive; wait for its end") from None
    except (OSError, NotImplementedError) as error:
        if fault := machine_fault(error, str(archive)):
            raise fault from None
        raise MissingFileError(f"{lock.lock_file}: cannot be written; check the rights of the folder") from None
    try:
        yield
    finally:
        lock.release()


def _check_names(archive: Path) -> None:
    """MissingFileError for a file of two names: beside each SQLite would keep a log and locks of its own.

    See https://www.sqlite.org/howtocorrupt.html, 2.5.
    """
    with suppress(OSError):
        if archive.stat().st_nlink > 1:
            raise MissingFileError(
                f"{archive}: has a second name (a hard link), under which others could write past each other; remove "
                "that name, or copy the file"
            )


@dataclass(slots=True, frozen=True)
class JobLimits:
    """What is the same for all jobs of a run; ``progress`` is the folder in which they note how far they are."""

    settings: Settings
    seconds_per_page: float
    memory_mb: int
    progress: Path | None = None
    attachments: bool = False
    """Whether files attached to PDFs are documents to be read; those of mails always are."""

    def on(self, job: Job) -> Job:
        """The job within these limits."""
        return replace(
            job,
            settings=self.settings,
            seconds_per_page=self.seconds_per_page,
            memory_mb=self.memory_mb,
            progress=self.progress / str(job.document_id) if self.progress else None,
            attachments=self.attachments,
        )


class Runner:
    """Brings the ledger up to what lies in the folders.

    Files are taken in one at a time between two looks at the workers, so the first documents are being read while the
    last are still being found. ``stopped`` ends the run before its time.
    """

    def __init__(
        self,
        ledger: Ledger,
        executor: Executor,
        fingerprint: Fingerprint,
        limits: JobLimits,
        on_event: OnEvent,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self.ledger, self.executor, self.fingerprint, self.limits = ledger, executor, fingerprint, limits
        self.summary = Summary()
        self._arrivals: Arrivals | None = None
        self._tried: set[tuple[int, str]] = set()
        self._looked = 0.0
        self._on_event, self._stopped = on_event, stopped

    @property
    def arrivals(self) -> Arrivals:
        """What notes the files that come; made when the first comes, since it asks the ledger for all that is known."""
        self._arrivals = self._arrivals or Arrivals(self.ledger, attachments=self.limits.attachments)
        return self._arrivals

    def run(self, found: Iterable[IntakeItem | LeftOut | None] = ()) -> Summary:
        """Take in what is ``found`` and read all that is queued; None among it means that nothing has come for now.

        Raises:
            SetupError: no document can be read on this machine; those under way are queued again.
        """
        started = time.monotonic()
        try:
            self._look_for_gone()
            for item in found:
                if item:
                    self._take_in(item)
                elif not self.executor.pending:
                    self._rest()
                self._turn(0.0 if item else _TICK)
            while not self._stopped() and (self._turn(_TICK) or self._look_for_gone()):
                pass
        except KeyboardInterrupt:
            self.summary.interrupted = True
        finally:
            self.summary.seconds = time.monotonic() - started
        return self.summary

    def _rest(self) -> None:
        """Nothing has come for now; what was gone may be there again."""
        time.sleep(_TICK)
        if time.monotonic() - self._looked > _LOOK_AGAIN:
            self._look_for_gone()

    def _look_for_gone(self) -> int:
        """Queue documents whose folder was away for a while, a share that was not mounted; how many those are.

        One that fails again though it is there is left alone, until it was away once more.
        """
        self._looked = time.monotonic()
        found: dict[int, Job] = {}
        for job in self.ledger.gone():
            if not can_be_read(job):
                self._tried.discard((job.document_id, job.path))
            elif (job.document_id, job.path) not in self._tried:
                self._tried.add((job.document_id, job.path))
                if job.sha256:
                    found.setdefault(job.document_id, job)
                elif item := found_again(job):
                    self._take_in(item)
        back = [job for number, job in found.items() if self.ledger.retry(number)]
        self.summary.failed_before = max(0, self.summary.failed_before - len(back))
        for job in back:
            self._tell(Event("queued", job.path))
        return len(back)

    def _take_in(self, item: IntakeItem | LeftOut) -> None:
        for event in self.arrivals.take(item):
            self._tell(event)
            self._turn(0.0)

    def _turn(self, seconds: float) -> bool:
        """Give the workers what they can take, write down what they are done with; whether any are at work."""
        while self.executor.pending < self.executor.capacity and (job := self.ledger.claim()):
            self.executor.submit(self.limits.on(job))
        if self.executor.pending:
            for outcome in self.executor.finished(seconds):
                self._write(outcome)
            return True
        return False

    def _write(self, outcome: Outcome) -> None:
        job, failure = outcome.job, outcome.failure
        if failure and failure.machine:
            self.ledger.give_back(job)
            raise SetupError(failure.message)
        pages = self.ledger.finish(outcome, self.fingerprint)
        self._tell(
            Event(
                "failed" if failure else "done",
                job.path,
                job.document_id,
                pages,
                round(outcome.seconds, 3),
                outcome.memory_mb,
                failure.category if failure else None,
                failure.message if failure else None,
            )
        )

    def _tell(self, event: Event) -> None:
        self.summary.count(event)
        self._on_event(event)
