"""The run: files found become documents, documents become jobs, outcomes go into the ledger. One thread, one writer."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from vndoc.archive.events import Event, OnEvent, Summary
from vndoc.archive.executor import Executor
from vndoc.archive.fingerprint import Fingerprint
from vndoc.archive.intake import IntakeItem, unpack
from vndoc.archive.jobs import Failure, Job, Outcome
from vndoc.archive.ledger import Ledger
from vndoc.archive.left_out import LeftOut, LeftOutFiles
from vndoc.archive.locations import digest
from vndoc.containers import Holds, holds
from vndoc.errors import SetupError, VndocError
from vndoc.settings import Settings
from vndoc.sources import suffixes

_TICK = 0.5  # seconds to wait for a worker before looking round


@dataclass(slots=True, frozen=True)
class JobLimits:
    """What is the same for all jobs of a run."""

    settings: Settings
    seconds_per_page: float
    memory_mb: int
    attachments: bool = False
    """Whether files attached to PDFs are documents to be read; those of mails always are."""

    def on(self, job: Job) -> Job:
        """The job within these limits."""
        return replace(
            job,
            settings=self.settings,
            seconds_per_page=self.seconds_per_page,
            memory_mb=self.memory_mb,
            attachments=self.attachments,
        )


class Runner:
    """Brings the ledger up to what lies in the folders.

    Files are taken in one at a time between two looks at the workers, so the first documents are being read while the
    last are still being found.
    """

    def __init__(
        self,
        ledger: Ledger,
        executor: Executor,
        fingerprint: Fingerprint,
        limits: JobLimits,
        on_event: OnEvent,
    ) -> None:
        self.ledger, self.executor, self.fingerprint, self.limits = ledger, executor, fingerprint, limits
        self.summary = Summary()
        self.left_out = LeftOutFiles(ledger.db)
        self._stamps = ledger.stamps()
        self._on_event = on_event

    def run(self, arrivals: Iterable[IntakeItem | LeftOut | None]) -> Summary:
        """Take in ``arrivals`` and read all that is queued; None among them means that nothing has come for now.

        Raises:
            SetupError: no document can be read on this machine; those under way are queued again.
        """
        started = time.monotonic()
        try:
            for found in arrivals:
                if found:
                    self._take_in(found)
                elif not self.executor.pending:
                    time.sleep(_TICK)
                self._turn(0.0 if found else _TICK)
            while self._turn(_TICK):
                pass
        except KeyboardInterrupt:
            self.summary.interrupted = True
        finally:
            self.summary.seconds = time.monotonic() - started
        return self.summary

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

    def _take_in(self, found: IntakeItem | LeftOut) -> None:
        if isinstance(found, LeftOut):
            self._leave_out(found)
        elif found.failure:
            self._refuse(found, found.failure)
        elif self._stamps.get(found.path) == found.stamp and not self._can_read_more(found):
            self._tell(Event("unchanged", found.path))
            for member in self.left_out.members(found.path):
                self._leave_out(member)
            if self.limits.attachments and self._holds(found) and not self.ledger.has_members(found):
                self._trying(found, self._open_members)
        else:
            self._trying(found, self._open_zip if found.kind == "zip" else self._open)

    def _holds(self, found: IntakeItem) -> bool:
        """Whether a document may have others attached."""
        named = holds(found.path, attachments=self.limits.attachments) is Holds.ATTACHMENTS
        return found.kind == "file" and (found.mail or named)

    def _leave_out(self, found: LeftOut) -> None:
        self.left_out.note(found)
        self._tell(Event("left-out", found.path, kind=found.kind))

    def _can_read_more(self, found: IntakeItem) -> bool:
        """Whether a container holds files of a format that an earlier vndoc did not read."""
        return found.kind == "zip" and any(member.kind in suffixes() for member in self.left_out.members(found.path))

    def _trying(self, found: IntakeItem, step: Callable[[IntakeItem], None]) -> None:
        try:
            step(found)
        except SetupError:
            raise
        except VndocError as error:
            self._refuse(found, Failure.of(error))

    def _hash(self, found: IntakeItem) -> None:
        sha256 = found.sha256 or digest(found.path, found.kind, found.container)
        noted = self.ledger.note(found, sha256)
        self._stamps[found.path] = found.stamp
        self._tell(Event("unchanged" if noted == "known" else noted, found.path))

    def _open(self, found: IntakeItem) -> None:
        self._hash(found)
        if self._holds(found):
            self._open_members(found)

    def _open_zip(self, found: IntakeItem) -> None:
        self._open_members(found)
        self.ledger.note_zip(found)
        self._stamps[found.path] = found.stamp

    def _open_members(self, found: IntakeItem) -> None:
        files = list(unpack(found, attachments=self.limits.attachments))
        self.ledger.forget_members(found, {file.path for file in files if isinstance(file, IntakeItem)})
        self.left_out.forget_members(found.path, {file.path for file in files if isinstance(file, LeftOut)})
        for member in files:
            self._take_in(member)
            self._turn(0.0)

    def _refuse(self, found: IntakeItem, failure: Failure) -> None:
        self.ledger.note_failure(found, failure)
        self._tell(Event("failed", found.path, category=failure.category, message=failure.message))

    def _tell(self, event: Event) -> None:
        self.summary.count(event)
        self._on_event(event)
