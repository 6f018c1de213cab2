"""The ledger as a machine of states: whatever happens in whatever order, no document is lost and none read twice."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.archive.faults import canned
from vndoc.archive.database import connect
from vndoc.archive.fingerprint import Fingerprint
from vndoc.archive.intake import IntakeItem, look
from vndoc.archive.jobs import Category, Failure, Outcome
from vndoc.archive.ledger import Ledger, Refresh
from vndoc.errors import FormatError, MissingFileError, SetupError

PIPELINES = [Fingerprint("a" * 64, "{}"), Fingerprint("b" * 64, "{}")]
names = st.sampled_from([f"văn bản {k}.txt" for k in range(4)])
contents = st.sampled_from(["một", "hai", "ba"])


class LedgerMachine(RuleBasedStateMachine):
    """Files come, change and vanish from sight; documents are claimed, finished, cut off, tried again."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.open()
        self.files: dict[str, str] = {}  # path -> content
        self.running: dict[str, object] = {}  # content -> job
        self.done: dict[str, int] = {}  # content -> pipeline

    def open(self):
        self.db = connect(Path(self.folder.name, "a.sqlite"), create=True)
        self.ledger = Ledger(self.db)

    def teardown(self):
        self.db.close()
        self.folder.cleanup()

    def path(self, name):
        return str(Path(self.folder.name, name))

    @rule(name=names, content=contents)
    def note(self, name, content):
        Path(self.path(name)).write_text(content)
        self.ledger.note(IntakeItem(self.path(name), "file", (len(content), hash(content))), content)
        self.files[self.path(name)] = content

    @rule(name=names)
    def cannot_be_opened(self, name):
        self.ledger.note_failure(IntakeItem(self.path(name), "file", (-1, -1)), Failure(Category.MISSING, "no"))

    @rule()
    def claim(self):
        job = self.ledger.claim()
        if job:
            assert job.sha256 not in self.running
            assert self.files[job.path] == job.sha256
            self.running[job.sha256] = job

    @rule(data=st.data(), pipeline=st.sampled_from([0, 1]))
    def done_with(self, data, pipeline):
        if self.running:
            content = data.draw(st.sampled_from(sorted(self.running)))
            job = self.running.pop(content)
            Path(job.path).write_text(content)
            self.ledger.finish(canned(job), PIPELINES[pipeline])
            self.done[content] = pipeline

    @rule(data=st.data(), category=st.sampled_from(list(Category)))
    def failed_with(self, data, category):
        if self.running:
            job = self.running.pop(data.draw(st.sampled_from(sorted(self.running))))
            self.ledger.finish(Outcome(job, failure=Failure(category, "no")), PIPELINES[0])

    @rule()
    def killed_and_started_again(self):
        self.db.close()
        self.open()
        assert self.ledger.recover() == len(self.running)
        self.running = {}

    @rule(which=st.sampled_from(list(Refresh)), pipeline=st.sampled_from([0, 1]))
    def refresh(self, which, pipeline):
        self.ledger.refresh(which, PIPELINES[pipeline])

    @rule()
    def retry(self):
        failed = [e for e in self.ledger.entries("failed") if e.sha256 and e.paths]
        assert self.ledger.retry_failed() == len(failed)

    @invariant()
    def every_file_has_one_document_and_its_content(self):
        linked = {path: e.sha256 for e in self.ledger.entries() for path in e.paths if e.sha256}
        assert linked == self.files

    @invariant()
    def contents_are_there_once(self):
        known = [e.sha256 for e in self.ledger.entries() if e.sha256]
        assert len(known) == len(set(known))

    @invariant()
    def running_is_what_was_claimed(self):
        assert {e.sha256 for e in self.ledger.entries("running")} == set(self.running)

    @invariant()
    def no_result_is_lost(self):
        stored = {
            r["sha256"]
            for r in self.db.execute("SELECT sha256 FROM dispatch d JOIN document ON document.id = d.document_id")
        }
        assert stored == set(self.done)

    @invariant()
    def counts_agree(self):
        assert sum(self.ledger.counts().values()) == len(list(self.ledger.entries()))
        assert self.db.execute("PRAGMA foreign_key_check").fetchall() == []


TestLedger = LedgerMachine.TestCase
TestLedger.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)


def test_a_file_that_is_no_archive_is_refused(tmp_path):
    other = tmp_path / "other.sqlite"
    other.write_bytes(b"no database" * 100)
    with pytest.raises(FormatError, match="no archive"):
        connect(other, create=True)
    with pytest.raises(MissingFileError, match="no such archive"):
        connect(tmp_path / "none.sqlite", create=False)
    with pytest.raises(MissingFileError, match="cannot be opened"):
        connect(tmp_path / "no folder" / "a.sqlite", create=True)


def test_another_programs_database_is_refused(tmp_path):
    path = tmp_path / "a.sqlite"
    db = connect(path, create=True)
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(FormatError, match="newer vndoc"):
        connect(path, create=True)
    db = connect_plain(tmp_path / "b.sqlite")
    db.execute("CREATE TABLE t (x)")
    db.close()
    with pytest.raises(FormatError, match="no archive"):
        connect(tmp_path / "b.sqlite", create=True)


def test_an_old_sqlite_is_reported(tmp_path, monkeypatch):
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 34, 1))
    with pytest.raises(SetupError, match=r"SQLite 3\.37\.0 or newer"):
        connect(tmp_path / "a.sqlite", create=True)


def connect_plain(path):
    import sqlite3  # noqa: PLC0415

    return sqlite3.connect(path)


def test_a_queued_document_is_cancelled_and_queued_again(archive, folder):
    ledger = archive._ledger
    for found in look([folder / "văn bản 0.txt"]):
        ledger.note(found, "0" * 64)
    assert ledger.waiting()
    assert ledger.cancel(1)
    assert [(e.state, e.category) for e in archive.entries()] == [("failed", "cancelled")]
    assert not ledger.cancel(1)
    assert not ledger.waiting()
    assert ledger.retry(1)
    assert not ledger.retry(1)
    assert ledger.claim().document_id == 1
    assert not ledger.cancel(1)  # it is running
