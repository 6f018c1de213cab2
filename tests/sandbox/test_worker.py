"""A process with limits: what it gives, and each way in which it may end."""

import errno
import logging
import os
import signal
import socket
import subprocess
import sys
import time
import weakref
from pathlib import Path

import pytest

from tests.sandbox import deeds
from vndoc import sandbox
from vndoc.errors import FormatError, MachineError, MemoryLimitError, TimeLimitError, VndocError
from vndoc.sandbox import memory, network
from vndoc.sandbox.worker import DeathError, Worker

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="what Linux alone has")


@pytest.fixture(scope="module")
def worker():
    worker = Worker()
    yield worker
    worker.close()


def gone(process):
    """Whether it is gone, or dead and only not yet collected."""
    status = Path("/proc", str(process), "status")
    for _ in range(200):
        if not status.exists() or "State:\tZ" in status.read_text():
            return True
        time.sleep(0.05)
    return False


def test_it_gives_a_value_and_items_and_says_how_far_it_is(worker):
    told = []
    assert worker.call(deeds.add, 2, b=3) == 5
    assert list(worker.stream(deeds.count, 3, told=told.append)) == [0, 1, 2]
    assert told == ["about 0", "about 1", "about 2"]
    assert worker.alive


def test_items_are_made_as_they_are_taken_and_who_stops_taking_ends_it():
    worker = Worker()
    items = worker.stream(deeds.count, 10**9)
    assert [next(items), next(items)] == [0, 1]
    items.close()
    assert not worker.alive
    assert gone(worker.number)
    worker.close()


def test_the_clock_stands_still_for_who_takes_the_items(worker):
    items = worker.stream(deeds.count_within, 60, 2)
    assert next(items) == 0
    assert worker._clock is None
    assert list(items) == [1]


def test_the_time_of_a_file_does_not_count_what_is_waited_for(monkeypatch):
    limits = []
    monkeypatch.setattr("vndoc.sandbox.budget.limit_clock", limits.append)
    budget = sandbox.Budget(10)
    monkeypatch.setattr("vndoc.sandbox.budget.waited", lambda: 1000.0)
    budget._started -= 1000  # so much later
    budget.page_done(1, 3)
    assert limits == [20, pytest.approx(20, abs=1)]


def test_an_error_of_vndoc_comes_as_it_is(worker):
    with pytest.raises(FormatError, match=r"a\.pdf: is damaged"):
        worker.call(deeds.refuse)
    assert worker.call(deeds.add, 1, 1) == 2


@pytest.mark.parametrize("kind", [ValueError, RuntimeError, KeyError, BufferError, UnicodeError, AssertionError])
def test_of_another_error_nothing_is_told_that_may_quote_a_document(worker, kind):
    with pytest.raises(VndocError) as told:
        worker.call(deeds.fail, kind)
    assert kind.__name__ in str(told.value)
    assert deeds.SECRET not in f"{told.value!r} {told.value.__cause__!r}"
    assert type(told.value) is VndocError


def test_what_is_nested_too_deep_is_the_document_s_fault(worker):
    with pytest.raises(FormatError, match=r"a\.docx: what it holds is nested too deep") as told:
        worker.call(deeds.fail, RecursionError, about="a.docx")
    assert deeds.SECRET not in str(told.value)


def test_a_file_that_had_no_name_where_it_failed_has_one_here(worker):
    with pytest.raises(MemoryLimitError, match=r"^a\.pdf: it takes more memory"):
        worker.call(deeds.fill_up, about="a.pdf")
    with pytest.raises(MemoryLimitError, match=r"^the file: it takes more memory"):
        worker.call(deeds.fill_up)


@LINUX
def test_what_failed_is_not_kept(worker):
    """Neither there nor here: a container of a hundred large files that cannot be read took gigabytes."""

    class File:
        pass

    def read():
        file = File()
        gone.append(weakref.ref(file))
        worker.call(deeds.fail_in_a_circle, 100)

    gone = []
    for _ in range(3):
        with pytest.raises(FormatError):
            read()
    assert memory.held(worker.number) < 250 << 20
    assert [reference() for reference in gone] == [None] * 3


@LINUX
def test_programs_share_the_memory_of_a_call(worker):
    """Each may take 400 MiB, but not all four at a time: the largest are ended, the others go on."""
    codes = worker.call(deeds.run_hoarders, (100, 100, 350, 300), memory_mb=400)
    assert codes[:2] == [0, 0]
    assert -signal.SIGKILL in codes[2:]
    assert worker.call(deeds.run_hoarders, (300,), memory_mb=400) == [0]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENOMEM, errno.EROFS, errno.EIO])
def test_a_fault_of_the_machine_is_told_from_one_of_the_document(worker, code):
    with pytest.raises(MachineError) as told:
        worker.call(deeds.run_out, code)
    assert deeds.SECRET not in str(told.value)


@LINUX
def test_memory_is_limited_for_one_call(worker):
    with pytest.raises(MemoryLimitError, match="more than 600 MiB"):
        worker.call(deeds.hoard, memory_mb=600)
    assert worker.call(deeds.add, 1, 1) == 2


@LINUX
@pytest.mark.parametrize(("deed", "said"), [(deeds.crash, "SIGSEGV"), (deeds.end, "SIGKILL")])
def test_its_death_is_an_error_that_names_the_signal(deed, said):
    worker = Worker()
    with pytest.raises(DeathError, match=said):
        worker.call(deed, *([signal.SIGKILL] if deed is deeds.end else []))
    assert not worker.alive
    with pytest.raises(DeathError):
        worker.call(deeds.add, 1, 1)
    worker.close()


@LINUX
def test_a_lower_limit_of_the_system_holds():
    worker = Worker()
    worker.call(deeds.lower_hard_limit, 600)
    assert worker.call(deeds.add, 1, 1, memory_mb=1280) == 2
    worker.close()


@LINUX
def test_its_messages_name_the_file():
    worker = Worker()
    with pytest.raises(VndocError, match=r"^a\.pdf: internal error"):
        worker.call(deeds.fail, ValueError, about="a.pdf")
    with pytest.raises(TimeLimitError, match=r"^a\.pdf: not finished"):
        worker.call(deeds.hang, about="a.pdf")
    worker.close()


@LINUX
def test_the_programs_it_calls_do_not_read_what_it_is_asked(worker):
    assert worker.call(deeds.read_standard_input) == b""


def test_it_is_killed_once_as_its_number_may_be_another_s_then(monkeypatch):
    worker, killed = Worker(), []
    monkeypatch.setattr(os, "killpg", lambda *number: killed.append(number), raising=False)
    worker.kill()
    worker.close()
    assert len(killed) == 1


def test_it_is_not_asked_any_more_where_its_folder_was_cleared(worker):
    worker = Worker()
    worker._folder.rmdir()
    assert not worker.alive
    worker.close()


@LINUX
def test_it_ends_by_its_own_clock():
    worker = Worker()
    with pytest.raises(TimeLimitError, match="in the time"):
        worker.call(deeds.hang)
    worker.close()


def test_it_is_ended_by_the_clock_of_who_started_it(monkeypatch):
    monkeypatch.setattr("vndoc.sandbox.worker.GRACE", 0.1)
    worker = Worker()
    assert worker.call(deeds.add, 1, 1) == 2  # it has started
    worker._limit(0.2)
    with pytest.raises(TimeLimitError):
        worker.call(deeds.sleep, 600)
    worker.close()


@LINUX
def test_the_programs_it_has_called_end_with_it():
    worker, told = Worker(), []

    def kill(process):
        told.append(process)
        worker.kill()

    with pytest.raises(DeathError):
        worker.call(deeds.call_program, told=kill)
    assert gone(told[0])
    worker.close()


def test_what_it_leaves_on_the_disk_is_cleared(worker):
    folder = Path(worker.call(deeds.litter))
    assert folder.is_dir()
    assert list(folder.iterdir()) == []
    assert sandbox.scratch.scratch() in folder.parents


@LINUX
def test_what_a_dead_one_leaves_on_the_disk_is_cleared():
    worker, told = Worker(), []
    with pytest.raises(DeathError):
        worker.call(deeds.litter_and_die, told=told.append)
    assert not Path(told[0]).exists()
    worker.close()


@pytest.mark.skipif(not network.possible(), reason="this machine has no seccomp")
def test_it_and_its_programs_reach_no_network():
    worker = Worker()
    for family in (socket.AF_INET, socket.AF_INET6):
        with pytest.raises(VndocError, match="OSError"):
            worker.call(deeds.connect, family)
    assert worker.call(deeds.connect, socket.AF_UNIX) == "made"
    assert os.strerror(errno.EAFNOSUPPORT) in worker.call(deeds.connect_by_a_program)
    worker.close()
    online = Worker(with_network=True)
    assert online.call(deeds.connect, socket.AF_INET) == "made"
    online.close()


def test_what_is_printed_there_is_not_seen(capfd, worker):
    worker.call(deeds.print_much)
    assert worker.call(deeds.add, 1, 1) == 2
    assert capfd.readouterr() == ("", "")


def test_its_log_is_this_one_s(worker, caplog):
    with caplog.at_level(logging.WARNING, "vndoc"):
        worker.call(deeds.log)
    assert [(r.name, r.message) for r in caplog.records] == [("vndoc.ocr", "the engine is passed over")]


@LINUX
def test_files_are_limited(worker):
    worker.call(deeds.write_large, 100)
    with pytest.raises(VndocError, match="OSError"):
        worker.call(deeds.write_large, 5_000)


# Those that wait for the next call


def test_in_a_sandbox_a_call_is_made_as_it_is():
    assert sandbox.call(deeds.nested)


def test_a_worker_is_kept_for_the_next_call_unless_the_surroundings_have_changed(monkeypatch):
    first = sandbox.call(os.getpid)
    assert sandbox.call(os.getpid) == first != os.getpid()
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/cv2/lib64")  # as loading OpenCV does
    assert sandbox.call(os.getpid) == first
    monkeypatch.setenv("VNDOC_TEST", "815")
    assert sandbox.call(deeds.environment, "VNDOC_TEST") == "815"
    sandbox.close()


@LINUX
def test_one_that_was_filled_up_is_not_kept():
    first = sandbox.call(os.getpid)
    with pytest.raises(MemoryLimitError):
        sandbox.call(deeds.hoard, memory_mb=600)
    assert sandbox.call(os.getpid) != first
    sandbox.close()


SCRIPT = """
import sys
from tests.sandbox import deeds
from vndoc import sandbox
sandbox.call({deed}, told=lambda told: print(told, flush=True))
"""


def test_no_module_comes_from_the_folder_that_strangers_files_lie_in(tmp_path, monkeypatch):
    for name in ("json", "os", "pickle", "vndoc"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(3)")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [path for path in sys.path if path])
    worker = Worker()
    assert worker.call(os.getcwd) == str(tmp_path)
    worker.close()


@LINUX
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_it_ends_with_who_started_it_and_the_next_one_clears_its_folder(tmp_path, how):
    """Without a guard on ``__main__``: a script that uses the library needs none."""
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.format(deed="deeds.call_program"))
    environment = os.environ | {"TMPDIR": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, script], env=environment, stdout=subprocess.PIPE, text=True) as process:
        program = int(process.stdout.readline())
        process.send_signal(how)
    assert gone(program)
    assert len(list(tmp_path.glob("vndoc-*"))) == 1
    script.write_text(SCRIPT.format(deed="deeds.litter"))
    subprocess.run([sys.executable, script], env=environment, check=True)
    assert list(tmp_path.glob("vndoc-*")) == []


def test_a_folder_that_another_process_is_about_to_clear_is_left_to_it(tmp_path, monkeypatch):
    taken = []

    class Contested(sandbox.scratch.FileLock):
        def acquire(self, *arguments, **options):
            if not taken:
                taken.append(self.lock_file)
                raise sandbox.scratch.Timeout(self.lock_file)
            return super().acquire(*arguments, **options)

    monkeypatch.setattr(sandbox.scratch, "FileLock", Contested)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folder, lock = sandbox.scratch._made()
    assert lock.is_locked
    assert str(folder) not in taken[0]
    lock.release()


@LINUX
def test_folders_that_somebody_holds_or_that_are_links_stay(tmp_path):
    held = tmp_path / "vndoc-held"
    held.mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "owner.lock").touch()
    (tmp_path / "vndoc-link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "vndoc-no-owner").mkdir()
    left = tmp_path / "vndoc-left"
    left.mkdir()
    (left / "owner.lock").touch()
    with sandbox.scratch.FileLock(held / "owner.lock"):
        sandbox.scratch.clear_abandoned(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"vndoc-held", "elsewhere", "vndoc-link", "vndoc-no-owner"}
    assert (tmp_path / "elsewhere" / "owner.lock").exists()


def test_a_folder_whose_owner_died_before_it_had_a_lock_goes_after_a_while(tmp_path):
    for name, age in (("vndoc-new00000", 0), ("vndoc-old00000", 3600), ("vndoc-full0000", 3600), ("vndoc-mine", 3600)):
        (tmp_path / name).mkdir()
        if "full" in name:
            (tmp_path / name / "letter.txt").touch()
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    sandbox.scratch.clear_abandoned(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"vndoc-new00000", "vndoc-full0000", "vndoc-mine"}


FORKED = """
import os
from pathlib import Path
from vndoc import sandbox
own = sandbox.scratch.scratch()
forked = os.fork()
if not forked:
    print(sandbox.scratch.scratch() != own, flush=True)
    os._exit(0)
os.waitpid(forked, 0)
sandbox.scratch.clear_abandoned(own.parent)
print(own.is_dir())
"""


@LINUX
def test_a_process_that_was_forked_leaves_the_lock_of_the_other_alone(tmp_path):
    environment = os.environ | {"TMPDIR": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    told = subprocess.run([sys.executable, "-c", FORKED], env=environment, check=True, capture_output=True, text=True)
    assert told.stdout.split() == ["True", "True"]
