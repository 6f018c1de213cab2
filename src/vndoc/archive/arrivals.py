"""What is found is noted: files by their content in the ledger, what they hold, what is no document."""

from collections.abc import Callable, Iterator

from vndoc.archive.events import Event
from vndoc.archive.intake import IntakeItem, Stamp, unpack
from vndoc.archive.jobs import Failure
from vndoc.archive.ledger import Ledger
from vndoc.archive.left_out import LeftOut, LeftOutFiles
from vndoc.archive.locations import digest
from vndoc.containers import Holds, holds
from vndoc.errors import VndocError
from vndoc.sources import suffixes


class Arrivals:
    """Notes files in the ledger, each step a transaction; what happened to each comes back as an event.

    Args:
        ledger: where they are noted.
        stamps: of the files whose content is known, by path; a file with the same stamp is not opened again. Those of
            the ledger by default.
        attachments: whether files attached to PDFs are documents; those of mails always are.
    """

    def __init__(self, ledger: Ledger, stamps: dict[str, Stamp] | None = None, *, attachments: bool = False) -> None:
        self._attachments = attachments
        self.left_out = LeftOutFiles(ledger.db)
        self._ledger = ledger
        self._stamps = ledger.stamps() if stamps is None else stamps

    def take(self, found: IntakeItem | LeftOut) -> Iterator[Event]:
        """Note one file: one event, or of one that holds others one for each of these as it is noted.

        Raises:
            SetupError: what is needed to open it is not installed.
        """
        if isinstance(found, LeftOut):
            yield self._leave_out(found)
        elif found.failure:
            yield self._refuse(found, found.failure)
        elif self._stamps.get(found.path) == found.stamp and not self._can_read_more(found):
            yield Event("unchanged", found.path)
            for member in self.left_out.members(found.path):
                yield self._leave_out(member)
            if self._attachments and self._holds(found) and not self._ledger.has_members(found):
                yield from self._trying(found, self._open_members)
        else:
            yield from self._trying(found, self._open_zip if found.kind == "zip" else self._open)

    def _holds(self, found: IntakeItem) -> bool:
        """Whether a document may have others attached."""
        named = holds(found.path, attachments=self._attachments) is Holds.ATTACHMENTS
        return found.kind == "file" and (found.mail or named)

    def _leave_out(self, found: LeftOut) -> Event:
        self.left_out.note(found)
        return Event("left-out", found.path, kind=found.kind)

    def _can_read_more(self, found: IntakeItem) -> bool:
        """Whether a container holds files of a format that an earlier vndoc did not read."""
        return found.kind == "zip" and any(member.kind in suffixes() for member in self.left_out.members(found.path))

    def _trying(self, found: IntakeItem, step: Callable[[IntakeItem], Iterator[Event]]) -> Iterator[Event]:
        try:
            yield from step(found)
        except VndocError as error:
            failure = Failure.of(error)
            if failure.machine:
                raise
            yield self._refuse(found, failure)

    def _hash(self, found: IntakeItem) -> Iterator[Event]:
        sha256 = found.sha256 or digest(found.path, found.kind, found.container)
        noted = self._ledger.note(found, sha256)
        self._stamps[found.path] = found.stamp
        yield Event("unchanged" if noted == "known" else noted, found.path)

    def _open(self, found: IntakeItem) -> Iterator[Event]:
        yield from self._hash(found)
        if self._holds(found):
            yield from self._open_members(found)

    def _open_zip(self, found: IntakeItem) -> Iterator[Event]:
        yield from self._open_members(found)
        self._ledger.note_zip(found)
        self._stamps[found.path] = found.stamp

    def _open_members(self, found: IntakeItem) -> Iterator[Event]:
        files = list(unpack(found, attachments=self._attachments))
        self._ledger.forget_members(found, {file.path for file in files if isinstance(file, IntakeItem)})
        self.left_out.forget_members(found.path, {file.path for file in files if isinstance(file, LeftOut)})
        for member in files:
            yield from self.take(member)

    def _refuse(self, found: IntakeItem, failure: Failure) -> Event:
        self._ledger.note_failure(found, failure)
        return Event("failed", found.path, category=failure.category, message=failure.message)
