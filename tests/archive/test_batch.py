"""The batch with real worker processes: killed, hanging, greedy ones, and the whole run killed at any moment."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.archive import faults
from tests.archive.conftest import ledger_rows, results, variant
from vndoc import Archive
from vndoc.archive import Refresh
from vndoc.archive.jobs import Category, Failure, Job, Outcome, Progress
from vndoc.archive.pool import LocalPool
from vndoc.errors import EngineError, MissingFileError, SetupError
from vndoc.settings import Settings


def states(archive):
    return {Path(e.paths[0]).stem: (e.state, e.category) for e in archive.entries()}


def test_each_document_once_and_duplicates_linked(archive, folder, here):
    summary = archive.batch([folder], executor=here())
    assert (summary.done, summary.duplicates, summary.unchanged, summary.failures) == (4, 1, 0, [])
    alike = [e for e in archive.entries() if len(e.paths) == 2]
    assert [Path(p).name for p in alike[0].paths] == ["bản sao 3.txt", "văn bản 3.txt"]
    assert all(e.attempts == 1 for e in archive.entries())


def test_an_unchanged_folder_costs_no_reading(archive, folder, here):
    archive.batch([folder], executor=here())
    summary = archive.batch([folder], executor=here(lambda job: pytest.fail(f"read again: {job}")))
    assert (summary.done, summary.unchanged) == (0, 5)


def test_a_file_touched_but_not_changed_is_not_read_again(archive, folder, here):
    archive.batch([folder], executor=here())
    os.utime(folder / "văn bản 1.txt", (1, 1))
    assert archive.batch([folder], executor=here()).done == 0


def test_a_changed_file_takes_the_place_of_what_it_was(archive, folder, here):
    archive.batch([folder], executor=here())
    (folder / "văn bản 1.txt").write_text("khác hẳn", encoding="utf-8")
    assert archive.batch([folder], executor=here()).done == 1
    listed = [row.subject for row in archive.register()]
    assert "khác hẳn" in listed
    assert "Công văn số 1" not in listed
    assert archive.counts()["done"] == 5  # what was read once is not forgotten


def test_failures_are_kept_apart_by_cause_and_tried_again_when_asked(archive, folder, here):
    def broken(job):
        if job.path.endswith("1.txt"):
            return Outcome(job, failure=Failure.of(EngineError("Tesseract failed")))
        return faults.canned(job)

    summary = archive.batch([folder], executor=here(broken))
    assert {c: len(f) for c, f in summary.causes.items()} == {Category.ENGINE: 1}
    assert archive.batch([folder], executor=here()).failed_before == 1
    summary = archive.batch([folder], executor=here(), retry_failed=True)
    assert (summary.done, summary.failures, summary.failed_before) == (1, [], 0)
    assert {e.attempts for e in archive.entries()} == {1, 2}


def test_another_pipeline_redoes_only_what_is_asked_for(archive, folder, here):
    archive.batch([folder], executor=here())
    other = Settings(languages="vie+eng")
    assert archive.batch([folder], executor=here(), settings=other).outdated == 4
    assert archive.batch([folder], executor=here(), settings=other, refresh=Refresh.DOUBTFUL).done == 0
    summary = archive.batch([folder], executor=here(), settings=other, refresh=Refresh.OUTDATED)
    assert (summary.done, summary.outdated) == (4, 0)
    assert archive.batch([folder], executor=here(), settings=other, refresh=Refresh.OUTDATED).done == 0
    assert archive.batch([folder], executor=here(), settings=other, refresh=Refresh.ALL).done == 4


def test_a_result_stays_until_a_better_one_is_there(archive, folder, here):
    archive.batch([folder], executor=here())
    archive.batch(
        [folder], executor=here(lambda job: Outcome(job, failure=Failure(Category.CRASH, "x"))), refresh=Refresh.ALL
    )
    assert archive.counts()["failed"] == 4
    assert len(list(archive.register())) == 4


def test_a_machine_that_cannot_read_stops_the_run_and_fails_no_document(archive, folder, here):
    def broken(job):
        return Outcome(job, failure=Failure.of(SetupError("Tesseract is not installed")))

    with pytest.raises(SetupError, match="not installed"):
        archive.batch([folder], executor=here(broken))
    assert archive.counts() == {"queued": archive.counts()["queued"], "running": 0, "done": 0, "failed": 0}
    assert archive.batch([folder], executor=here()).done == 4


def test_an_interrupted_run_goes_on(archive, folder, here):
    read = []

    def stops(job):
        read.append(job)
        if len(read) == 2:
            raise KeyboardInterrupt
        return faults.canned(job)

    summary = archive.batch([folder], executor=here(stops))
    assert summary.interrupted
    assert archive.counts()["running"] == 0
    archive.batch([folder], executor=here())
    assert archive.counts()["done"] == 4
    assert {e.attempts for e in archive.entries()} == {1}


def test_one_batch_at_a_time(archive, folder, here):
    def second(job):
        with Archive(archive.path) as other, pytest.raises(SetupError, match="another batch"):
            other.batch([folder], executor=here())
        return faults.canned(job)

    assert archive.batch([folder], executor=here(second)).done == 4


def test_a_missing_folder_is_an_error(archive, here):
    with pytest.raises(MissingFileError, match="no such file or folder"):
        archive.batch(["nowhere"], executor=here())


def test_a_file_that_changes_while_it_is_read_is_read_at_the_next_run(archive, folder, here):
    def changed(job):
        return Outcome(job, failure=Failure(Category.CHANGED, "changed while it was read"))

    archive.batch([folder / "văn bản 0.txt"], executor=here(changed))
    (folder / "văn bản 0.txt").write_text("xong", encoding="utf-8")
    archive.batch([folder / "văn bản 0.txt"], executor=here())
    assert archive.counts() == {"queued": 0, "running": 0, "done": 1, "failed": 0}


@pytest.mark.slow
def test_a_bad_document_costs_only_itself(archive, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("kill", "hang", "eat", *(f"good {k}" for k in range(12))):
        (folder / f"{name}.txt").write_text(name)
    summary = archive.batch([folder], executor=LocalPool(2, faults.work, documents=5), timeout=3, memory=1024)
    found = states(archive)
    assert found.pop("kill") == ("failed", Category.CRASH)
    assert found.pop("hang") == ("failed", Category.TIMEOUT)
    assert found.pop("eat") == ("failed", Category.MEMORY)
    assert set(found.values()) == {("done", None)}
    assert summary.done == 12
    assert "SIGKILL" in next(e.message for e in archive.entries("failed") if "kill" in e.paths[0])


@pytest.mark.slow
def test_the_real_worker_reads_and_measures(archive, one_page_pdf, tmp_path):
    path = tmp_path / "một.pdf"
    path.write_bytes(one_page_pdf)
    events = []
    summary = archive.batch([path], jobs=1, on_event=events.append)
    assert [e.event for e in events] == ["queued", "done"]
    entry = next(archive.entries())
    assert (entry.state, entry.page_amount, summary.pages) == ("done", 1, 1)
    assert entry.seconds > 0
    assert 50 < entry.memory_mb < 600
    dispatch = archive.dispatch(entry.document_id)
    assert dispatch.source.name == "một.pdf"
    assert dispatch.source.sha256 == entry.sha256
    with pytest.raises(MissingFileError, match="no document 99"):
        archive.dispatch(99)


def batch_process(folder, path):
    command = [sys.executable, "-m", "vndoc", "batch", folder, "--archive", path, "--jobs", "2", "--log", "json"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")


def kill_in_a_loop(folder, path, times, rng):
    """Start the batch anew after each SIGKILL at a random moment of its work; the kills that hit it at work."""
    hits = 0
    for _ in range(times):
        process = batch_process(folder, path)
        process.stdout.readline()  # it has begun: the moment is one of its work
        time.sleep(rng.uniform(0, 0.6))
        hits += process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.communicate()
    last = batch_process(folder, path)
    out, err = last.communicate(timeout=600)
    assert last.returncode == 0, err
    return hits, json.loads(out.splitlines()[-1])


def thirty(folder, one_page_pdf):
    folder.mkdir()
    for k in range(30):
        (folder / f"văn bản {k:02d}.pdf").write_bytes(variant(one_page_pdf, k % 27))  # and three duplicates
    return folder


@pytest.mark.slow
def test_killed_at_random_moments_ends_like_an_undisturbed_run(one_page_pdf, tmp_path):
    folder = thirty(tmp_path / "in", one_page_pdf)
    hits, end = kill_in_a_loop(folder, tmp_path / "killed.sqlite", 8, random.Random(815))
    assert hits >= 3
    with Archive(tmp_path / "killed.sqlite") as killed, Archive(tmp_path / "calm.sqlite") as calm:
        calm.batch([folder], jobs=2)
        assert ledger_rows(killed) == ledger_rows(calm)
        assert len(ledger_rows(calm)) == 27
        assert results(killed) == results(calm)
    assert end["failed"] == 0


def test_a_pool_without_work_stops_at_once():
    with LocalPool(1) as pool:
        assert pool.pending == 0
        assert pool.finished(0.0) == []


def finished(pool):
    while not (outcomes := pool.finished(1)):
        pass
    return outcomes


def ended(process):
    """Whether it is gone, or dead and only not yet collected by its parent."""
    status = Path("/proc", process, "status")
    return not status.exists() or "State:\tZ" in status.read_text()


@pytest.mark.slow
def test_a_document_under_way_is_given_up_with_what_it_called_and_the_next_is_read(tmp_path):
    for name in ("sleep", "good"):
        (tmp_path / f"{name}.txt").write_text(name)
    jobs = [
        Job(number, "0" * 64, str(tmp_path / f"{name}.txt"), progress=tmp_path / str(number))
        for number, name in enumerate(("sleep", "good"), 1)
    ]
    with LocalPool(1, faults.work, ahead=0) as pool:
        assert pool.capacity == 1
        pool.submit(jobs[0])
        while not (child := tmp_path / "sleep.child").exists() or not child.read_text():
            time.sleep(0.05)
        assert pool.cancel(1)
        assert not pool.cancel(99)
        assert [o.failure.category for o in finished(pool)] == [Category.CANCELLED]
        pool.submit(jobs[1])
        assert [o.failure for o in finished(pool)] == [None]
    assert ended(child.read_text())


def test_how_far_a_worker_is_can_be_read_at_any_moment(tmp_path):
    path = tmp_path / "7"
    assert Progress.read(path) is None
    Progress(3, 10, 815).write(path)
    assert Progress.read(path) == Progress(3, 10, 815)
    path.write_text("")
    assert Progress.read(path) is None
