"""What is no file with an end, what goes away and comes back, clocks that are set back, and names of any bytes."""

import os
import shutil
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.archive.conftest import HereAndNow
from tests.archive.faults import canned
from tests.cli.conftest import one_line, run
from vndoc import Archive
from vndoc.archive.backup import back_up
from vndoc.archive.care import check
from vndoc.archive.intake import look
from vndoc.archive.jobs import Category, Failure, Job, Outcome
from vndoc.archive.left_out import LeftOut
from vndoc.archive.locations import digest, local_copy
from vndoc.errors import MachineError, MissingFileError
from vndoc.facts import ValueFact
from vndoc.sources.file import load_file

posix = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")


@pytest.fixture
def endless(folder):
    """Named pipe, socket and links to devices among the documents, all called as if they were PDFs."""
    os.mkfifo(folder / "pipe.pdf")
    (folder / "zero.pdf").symlink_to("/dev/zero")
    (folder / "null.txt").symlink_to("/dev/null")
    (folder / "circle.pdf").symlink_to(folder / "circle.pdf")
    (folder / "ring").symlink_to(folder)
    here = Path.cwd()
    os.chdir(folder)  # the name of a socket may not be long
    server = socket.socket(socket.AF_UNIX)
    server.bind("socket.pdf")
    os.chdir(here)
    yield folder
    server.close()


@posix
def test_what_has_no_end_is_passed_over_and_named(endless, archive, here):
    summary = archive.batch([endless], executor=here())
    assert summary.done == 4
    kinds = {Path(left.path).name: left.kind for left in archive.left_out()}
    assert kinds == {"pipe.pdf": "named pipe", "zero.pdf": "device", "null.txt": "device", "socket.pdf": "socket"}
    assert [Path(event.path).name for event in summary.failures] == ["circle.pdf"]


@posix
@pytest.mark.parametrize("name", ["pipe.pdf", "zero.pdf", "socket.pdf", "circle.pdf", "null.txt"])
def test_given_by_name_too(endless, tmp_path, name, quick):
    result = run("parse", endless / name)
    assert result.exit_code == 4
    assert one_line(result)
    result = run("batch", endless / name, "--archive", tmp_path / "a.sqlite")
    assert result.exit_code == (4 if name == "circle.pdf" else 12)
    with pytest.raises(MissingFileError):
        load_file(endless / name)
    with pytest.raises(MissingFileError):
        digest(str(endless / name), "file")


@posix
def test_the_root_may_be_a_pipe(endless):
    assert list(look([endless / "pipe.pdf"])) == [LeftOut(str(endless / "pipe.pdf"), "named pipe")]


def opened(job):
    """Reads the file itself, as a worker does."""
    try:
        load_file(Path(job.path))
    except MissingFileError as error:
        return Outcome(job, failure=Failure.of(error))
    return canned(job)


def test_a_folder_that_went_away_is_read_by_the_next_run(archive, folder, here, tmp_path):
    away = tmp_path / "away"

    def work(job):
        if folder.exists():
            folder.rename(away)
        return opened(job)

    summary = archive.batch([folder], executor=here(work))
    assert {event.category for event in summary.failures} == {"missing"}
    assert len(summary.failures) == archive.counts()["failed"] > 0
    assert archive.batch([], executor=here(opened)).done == 0
    away.rename(folder)
    again = archive.batch([], executor=here(opened))  # without its folder as well
    assert (again.done, again.failures) == (4, [])
    assert archive.counts() == {"queued": 0, "running": 0, "done": 4, "failed": 0}
    assert check(archive.path).whole


def test_a_folder_that_comes_back_during_the_run_is_read_in_it(archive, folder, here, tmp_path):
    away = tmp_path / "away"
    failed = []

    def work(job):
        if not failed:
            folder.rename(away)
        return opened(job)

    def happened(event):
        if event.event == "failed":
            failed.append(event.path)
            if len(failed) == 3:
                away.rename(folder)

    summary = archive.batch([folder], executor=here(work), on_event=happened)
    assert archive.counts() == {"queued": 0, "running": 0, "done": 4, "failed": 0}
    assert (summary.done, summary.failures) == (4, [])


def test_what_is_there_and_still_missing_is_tried_a_few_times_a_run(archive, folder, here):
    tries = []

    def work(job):
        tries.append(job.path)
        return Outcome(job, failure=Failure(Category.MISSING, "no permission"))

    archive.batch([folder], executor=here(work))
    assert 8 <= len(tries) <= 12  # once more at the end, and when it is found at another place
    archive.batch([folder], executor=here(work))
    assert len(tries) <= 24


def test_one_container_that_cannot_be_opened_among_good_files_each_time(folder, tmp_path, quick):
    (folder / "b.zip").write_bytes(b"PK\x03\x04 no ZIP file")
    for _ in range(3):
        assert run("batch", folder, "--archive", tmp_path / "a.sqlite").exit_code == 9
    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.copy(folder / "b.zip", alone)
    assert run("batch", alone, "--archive", tmp_path / "b.sqlite").exit_code == 12


def test_a_clock_that_goes_back_leaves_ledger_and_audit_in_their_order(filled, folder, here, monkeypatch):
    moment = datetime(2024, 5, 1, tzinfo=UTC)

    def earlier(*_, **__):
        nonlocal moment
        moment -= timedelta(days=1)
        return moment.isoformat(timespec="seconds")

    monkeypatch.setattr("vndoc.archive.review.changes.now", earlier)
    monkeypatch.setattr("vndoc.archive.review.desk.now", earlier)
    monkeypatch.setattr("vndoc.archive.ledger._now", earlier)
    made = [
        filled.desk.confirm(
            1, [ValueFact(pointer="/code_number", value=str(k))], "Lan", filled.desk.sheet(1).revision
        ).id
        for k in range(3)
    ]
    closed = filled.desk.close(1, "Lan", filled.desk.sheet(1).revision).id
    filled.desk.undo(made[-1], "Minh")
    assert [change.id for change in filled.desk.changes()][:5] == [closed + 1, closed, *reversed(made)]
    assert filled.dispatch(1).code_number == "1"
    summary = filled.batch([folder], executor=here())
    assert (summary.done, summary.seconds >= 0) == (4, True)
    assert filled.counts() == {"queued": 0, "running": 0, "done": 7, "failed": 0}
    assert [entry.document_id for entry in filled.entries()] == list(range(1, 8))
    assert check(filled.path).whole


def test_a_clock_that_goes_back_costs_no_copy(filled, tmp_path):
    now = datetime(2024, 3, 21, 2, 0, 0)
    first = back_up(filled.path, tmp_path / "copies", now=now, keep=2).path
    back_up(filled.path, tmp_path / "copies", now=now + timedelta(days=1), keep=2)
    third = back_up(filled.path, tmp_path / "copies", now=now - timedelta(days=300), keep=2).path
    assert third.exists()
    assert not first.exists()
    same = back_up(filled.path, tmp_path / "copies", now=now - timedelta(days=300), keep=3).path
    assert same != third
    assert same.exists()


def test_room_that_runs_out_for_a_copy_is_the_machines_fault(tmp_path, monkeypatch):
    from tests.archive.conftest import zip_of  # noqa: PLC0415

    made = zip_of({"a.txt": b"x"}, tmp_path / "a.zip")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(MachineError, match="no room is left"):
        local_copy(Job(1, "0" * 64, f"{made}/a.txt", "member", str(made)), tmp_path)


def test_a_name_that_no_disk_takes_is_copied_all_the_same(tmp_path):
    from tests.archive.conftest import zip_of  # noqa: PLC0415

    name = "ộ" * 150 + ".txt"
    made = zip_of({name: b"x"}, tmp_path / "a.zip")
    path, _ = local_copy(Job(1, "0" * 64, f"{made}/{name}", "member", str(made)), tmp_path)
    assert (path.read_bytes(), path.suffix) == (b"x", ".txt")


WORD = "khongdauhieu"


@pytest.mark.slow
@pytest.mark.parametrize("log", ["text", "json"])
def test_no_word_of_a_document_is_in_a_log(tmp_path, log, capfd):
    from vndoc.archive.worker import work  # noqa: PLC0415

    folder = tmp_path / "in"
    folder.mkdir()
    for name, data in {
        "letter.txt": f"Số: 1/UBND\n\n{WORD}",
        "broken.pdf": f"%PDF-1.4\n{WORD}\n1 0 obj\n<< /{WORD} ({WORD}) >>\nendobj\ntrailer",
        "broken.html": f"<html><body {WORD}='<<<'>{WORD}</bod",
        "broken.eml": f"From: {WORD}\nContent-Type: multipart/mixed; boundary={WORD}\n\n--x",
        "broken.docx": f"PK\x03\x04{WORD}",
        "broken.rtf": f"{{\\rtf1 {WORD} \\{WORD}",
    }.items():
        (folder / name).write_text(data, encoding="utf-8")

    def broken(job):
        if job.path.endswith("letter.txt"):
            return Outcome(job, failure=Failure.of(ValueError(f"cannot {WORD}")))
        return work(job)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("vndoc.archive.pool.LocalPool", lambda jobs: HereAndNow(broken))
        result = run("batch", folder, "--archive", tmp_path / "a.sqlite", "--log", log)
    assert WORD not in result.stdout + result.stderr + "".join(capfd.readouterr())
    with Archive(tmp_path / "a.sqlite") as archive:
        assert not any(WORD in (entry.message or "") for entry in archive.entries())
