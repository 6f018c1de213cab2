"""A thread of the server that reads what is queued, on workers of its own, while no batch is at work on the archive.

Only one process reads documents of an archive at a time, whoever holds its lock. The reader takes the lock when there
is something to read and lets go of it when all is read, so that ``vndoc batch`` can be run beside a server; a batch
reads what came in over the web as well. The worker processes stay for some minutes, since they take seconds to start.
"""

import logging
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, Self

from vndoc.archive import Archive
from vndoc.archive.events import Event
from vndoc.archive.executor import Executor
from vndoc.archive.fingerprint import Fingerprint, fingerprint
from vndoc.archive.jobs import MEMORY_MB, SECONDS_PER_PAGE, Progress
from vndoc.archive.pool import LocalPool
from vndoc.archive.runner import BusyError, JobLimits, Runner, at_work
from vndoc.errors import SetupError
from vndoc.sandbox import temporary_folder
from vndoc.settings import Settings
from vndoc.web.work.uploads import Uploads

TICK = 2.0
"""Seconds between two looks at the queue; documents that come in over this server's pages are read at once."""
IDLE = 300.0
"""Seconds without work after which the worker processes end."""
PATIENCE = (5.0, 15.0, 60.0, 300.0)
"""Seconds to wait after the first, second … trouble in a row."""

log = logging.getLogger(__name__)
State = Literal["idle", "reading", "elsewhere", "troubled", "stopped"]
"""``elsewhere``: a batch reads; ``troubled``: something is missing or broken, it is tried again."""


class Workers(Executor, Protocol):
    """An engine whose jobs can be cancelled."""

    def cancel(self, document_id: int) -> bool:
        """See :meth:`LocalPool.cancel <vndoc.archive.pool.LocalPool.cancel>`."""
        ...


@dataclass(frozen=True)
class Status:
    """How the reader is."""

    state: State
    trouble: str | None = None
    """What is missing or broken, and what to do; without a word of a document."""


class Reader:
    """Reads queued documents until it is left; use as a context.

    Args:
        archive: the archive's file.
        uploads: where originals come in: those that a crash kept from the ledger are noted at the start.
        settings: how documents are read.
        workers: makes the engine that reads.
    """

    def __init__(
        self, archive: Path, uploads: Uploads, settings: Settings, workers: Callable[[], Workers] | None = None
    ) -> None:
        self._archive, self._uploads, self._settings = archive, uploads, settings
        self._make = workers or (lambda: LocalPool(1, ahead=0))
        self._workers: Workers | None = None
        self._fingerprint: Fingerprint | None = None
        self._used = 0.0
        self._looked = False
        self._stop, self._wake = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="vndoc-reader", daemon=True)
        self._status = Status("idle")
        self._folder: tempfile.TemporaryDirectory[str] | None = None  # made by whoever starts it

    def __enter__(self) -> Self:
        """Start."""
        self._folder = temporary_folder()
        self._uploads.unfinished()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop; documents under way are queued again."""
        self._stop.set()
        self._wake.set()
        self._thread.join()
        if self._folder:
            self._folder.cleanup()

    @property
    def status(self) -> Status:
        """How it is."""
        return self._status if self._thread.is_alive() else Status("stopped")

    def poke(self) -> None:
        """Say that a document was queued."""
        self._wake.set()

    def cancel(self, document_id: int) -> bool:
        """Give up a document that is being read here; whether it was. Its outcome follows in a moment."""
        workers = self._workers
        return workers is not None and workers.cancel(document_id)

    def progress(self, document_id: int) -> tuple[int, int] | None:
        """Pages read and pages in all of a document that is being read here, once that is known."""
        told = Progress.read(self._progress_file(document_id))
        return (told.done, told.total) if told and told.total else None

    def _progress_file(self, document_id: int) -> Path:
        return self._progress_folder / str(document_id)

    @property
    def _progress_folder(self) -> Path:
        return Path(self._folder.name) if self._folder else Path("not-started")

    def _run(self) -> None:
        troubles = 0
        while not self._stop.is_set():
            try:
                with Archive(self._archive, create=False) as archive:
                    while not self._stop.is_set():
                        self._turn(archive)
                        troubles = 0
                        self._rest(TICK)
            except Exception as error:
                self._end_workers()
                self._fingerprint = None
                self._status = Status("troubled", _told(error))
                log.warning("reading is held up: %s", self._status.trouble)
                self._rest(PATIENCE[min(troubles, len(PATIENCE) - 1)])
                troubles += 1
        self._end_workers()

    def _rest(self, seconds: float) -> None:
        self._wake.wait(seconds)
        self._wake.clear()

    def _turn(self, archive: Archive) -> None:
        """Read all that is queued, if there is anything and nobody else is at it."""
        if self._looked and not archive.ledger.waiting():
            self._status = Status("idle")
            if self._workers and time.monotonic() - self._used > IDLE:
                self._end_workers()
            return
        try:
            with at_work(self._archive, archive.ledger):
                self._status = Status("reading")
                self._read(archive)
                self._status = Status("idle")
        except BusyError:
            self._status = Status("elsewhere")

    def _read(self, archive: Archive) -> None:
        self._fingerprint = self._fingerprint or fingerprint(self._settings)
        self._workers = self._workers or self._make().__enter__()
        limits = JobLimits(self._settings, SECONDS_PER_PAGE, MEMORY_MB, self._progress_folder)
        runner = Runner(
            archive.ledger, self._workers, self._fingerprint, limits, self._happened, stopped=self._stop.is_set
        )
        runner.run(() if self._looked else self._uploads.arrivals())
        self._looked = True
        self._used = time.monotonic()

    def _happened(self, event: Event) -> None:
        if event.document_id is not None:
            self._progress_file(event.document_id).unlink(missing_ok=True)

    def _end_workers(self) -> None:
        workers, self._workers = self._workers, None
        if workers:
            workers.__exit__(None, None, None)


def _told(error: Exception) -> str:
    """What can be said of an error: vndoc's own words about the machine; of others only which they are."""
    return str(error) if isinstance(error, SetupError) else type(error).__name__
