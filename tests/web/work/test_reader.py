"""The thread that reads what comes in: beside batches, through trouble, until it is stopped."""

import pytest
from filelock import FileLock

from tests.archive import faults
from tests.archive.conftest import HereAndNow
from tests.web.work.conftest import Workers, until
from vndoc import Archive
from vndoc.archive.connection import LockedError
from vndoc.archive.jobs import Failure, Outcome, Progress
from vndoc.archive.pool import LocalPool
from vndoc.errors import SetupError
from vndoc.settings import DEFAULTS
from vndoc.web.work import reader as module
from vndoc.web.work.reader import Reader


@pytest.fixture(autouse=True)
def _hurry(monkeypatch):
    monkeypatch.setattr(module, "TICK", 0.02)
    monkeypatch.setattr(module, "PATIENCE", (0.02,))


@pytest.fixture
def reader_of(archive_path, uploads):
    def reader_of(workers):
        return Reader(archive_path, uploads, DEFAULTS, lambda: workers)

    return reader_of


def test_what_comes_in_is_read(reader_of, taken_in, state_of):
    workers = Workers()
    with reader_of(workers) as reader:
        first = taken_in("một")
        until(lambda: state_of(first) == ("done", None))
        second = taken_in("hai")
        reader.poke()
        until(lambda: state_of(second) == ("done", None))
        until(lambda: reader.status.state == "idle")
        assert workers.ended == 0
    assert workers.ended == 1
    assert reader.status.state == "stopped"


def test_what_was_queued_before_a_restart_is_read_after_it(reader_of, taken_in, state_of, archive_path):
    document = taken_in("một")
    workers = Workers()
    workers.free.clear()
    with reader_of(workers):
        until(lambda: state_of(document)[0] == "running")
    assert state_of(document) == ("queued", None)
    with reader_of(Workers()):
        until(lambda: state_of(document) == ("done", None))


def test_an_original_that_a_crash_kept_from_the_ledger_is_found_at_the_start(reader_of, uploads, archive_path):
    placed = uploads.folder / ("a" * 64) / "1.txt"
    placed.parent.mkdir(parents=True)
    placed.write_text("placed and not noted")

    def done():
        with Archive(archive_path) as archive:
            entry = archive.ledger.entry_at(str(placed))
            return entry is not None and entry.state == "done"

    with reader_of(Workers()):
        until(done)


def test_a_batch_at_work_reads_what_came_in_and_the_reader_waits(reader_of, taken_in, state_of, archive_path):
    document = taken_in("một")
    with FileLock(f"{archive_path}.lock"), reader_of(Workers()) as reader:
        until(lambda: reader.status.state == "elsewhere")
        assert state_of(document) == ("queued", None)
    with Archive(archive_path) as archive:
        assert archive.batch([], executor=HereAndNow()).done == 1


def test_a_batch_can_be_run_beside_an_idle_reader(reader_of, taken_in, state_of, archive_path, tmp_path):
    (tmp_path / "neu.txt").write_text("neu")
    with reader_of(Workers()) as reader:
        document = taken_in("một")
        until(lambda: state_of(document) == ("done", None))
        until(lambda: reader.status.state == "idle")
        with Archive(archive_path) as archive:
            assert archive.batch([tmp_path / "neu.txt"], executor=HereAndNow()).done == 1


def test_what_is_missing_is_told_and_no_document_fails(reader_of, taken_in, state_of):
    broken = True

    def work(job):
        if broken:
            return Outcome(job, failure=Failure.of(SetupError("Tesseract is missing; install it")))
        return faults.canned(job)

    document = taken_in("một")
    workers = Workers(work)
    with reader_of(workers) as reader:
        until(lambda: reader.status.trouble is not None)
        assert (reader.status.state, reader.status.trouble) == ("troubled", "Tesseract is missing; install it")
        broken = False
        until(lambda: state_of(document) == ("done", None))
        until(lambda: reader.status.trouble is None)


def test_an_archive_that_is_locked_is_waited_for(reader_of, taken_in, state_of, monkeypatch):
    claim = module.Runner._turn
    tries = []

    def locked(self, seconds):
        tries.append(seconds)
        if len(tries) < 3:
            raise LockedError("another program writes to it")
        return claim(self, seconds)

    monkeypatch.setattr(module.Runner, "_turn", locked)
    document = taken_in("một")
    with reader_of(Workers()):
        until(lambda: state_of(document) == ("done", None))


def test_a_running_document_is_cancelled_alone(reader_of, taken_in, state_of):
    workers = Workers()
    workers.free.clear()
    first, second = taken_in("một"), taken_in("hai")
    with reader_of(workers) as reader:
        until(lambda: state_of(first)[0] == "running")
        assert not reader.cancel(second)  # it is only queued: the ledger cancels it
        assert reader.cancel(first)
        until(lambda: state_of(first) == ("failed", "cancelled"))
        workers.free.set()
        until(lambda: state_of(second) == ("done", None))
    assert not reader.cancel(first)


def test_how_far_a_document_is(reader_of, taken_in, state_of):
    def work(job):
        Progress(3, 10, 1).write(job.progress)
        seen.append(reader.progress(job.document_id))
        return faults.canned(job)

    seen = []
    with reader_of(Workers(work)) as reader:
        document = taken_in("một")
        until(lambda: state_of(document) == ("done", None))
        until(lambda: reader.progress(document) is None)
    assert seen == [(3, 10)]


def test_workers_end_when_there_is_nothing_to_do(reader_of, taken_in, state_of, monkeypatch):
    monkeypatch.setattr(module, "IDLE", 0.0)
    workers = Workers()
    with reader_of(workers):
        document = taken_in("một")
        until(lambda: state_of(document) == ("done", None))
        until(lambda: workers.ended == 1)


@pytest.mark.slow
def test_a_killed_worker_costs_only_its_document(reader_of, taken_in, state_of):
    with reader_of(LocalPool(1, faults.work, ahead=0)):
        killed, good = taken_in("một", "kill.txt"), taken_in("hai", "good.txt")
        until(lambda: state_of(good) == ("done", None))
        assert state_of(killed) == ("failed", "crash")
