"""Workers that do as they are told, and waiting for what a thread does."""

import io
import threading
import time

import pytest

from tests.archive.conftest import HereAndNow
from tests.archive.faults import canned
from vndoc import Archive
from vndoc.archive.jobs import Category, Failure, Outcome
from vndoc.web.work.uploads import Uploads


class Workers(HereAndNow):
    """Read at once, but what is held back only when it is let go or cancelled."""

    def __init__(self, work=canned):
        super().__init__(work)
        self.capacity = 1
        self.free = threading.Event()
        self.free.set()
        self.cancelled = set()
        self.ended = 0

    def cancel(self, document_id):
        if any(job.document_id == document_id for job in self.waiting):
            self.cancelled.add(document_id)
            return True
        return False

    def finished(self, seconds):
        if any(job.document_id in self.cancelled for job in self.waiting):
            jobs, self.waiting = self.waiting, []
            return [Outcome(job, failure=Failure(Category.CANCELLED, "cancelled")) for job in jobs]
        return super().finished(seconds) if self.free.wait(0.01) else []

    def __exit__(self, *_):
        self.ended += 1


def until(true, seconds=60.0):
    """Wait for what another thread brings about."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)


@pytest.fixture
def uploads(archive_path):
    return Uploads(archive_path.with_name("archive.sqlite.files"))


@pytest.fixture
def taken_in(archive_path, uploads):
    """Hand in a text; the number of its document."""

    def take_in(text, name="a.txt"):
        with Archive(archive_path) as archive:
            upload = uploads.receive(archive, io.BytesIO(text.encode()), name)
            return archive.ledger.entry_of(upload.documents[0].key).document_id

    return take_in


@pytest.fixture
def state_of(archive_path):
    """State and cause of a document."""

    def state_of(document_id):
        with Archive(archive_path) as archive:
            entry = archive.ledger.entry(document_id)
            return entry.state, entry.category

    return state_of
