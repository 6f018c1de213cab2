"""The campaign's own judgement: it sees what it is there to see."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.fuzz import campaign, processes
from tests.fuzz.cases import Case


@pytest.mark.parametrize(
    ("code", "error", "faults"),
    [
        (0, "", []),
        (6, "vndoc: a.pdf: is damaged; copy it again\n", []),
        (9, "vndoc: a.zip/1: x\nvndoc: a.zip/2: y\n", []),
        (0, "libtiff: bad\n", ["prints though nothing failed", "a line that is no message of vndoc"]),
        (6, "", ["fails without a message"]),
        (6, "vndoc: a\nvndoc: b\n", ["2 lines on standard error"]),
        (6, f"vndoc: {'a' * 500}\n", ["a message of 507 characters"]),
        (6, "vndoc: \x1b[31m\n", ["a control character in a message"]),
        (1, "vndoc: internal error (ValueError)\n", ["an internal error"]),
        (6, "vndoc: 'Trần Uyên Thảo'\n", ["a message quotes the document"]),
    ],
)
def test_messages(code, error, faults):
    assert list(campaign._faults_of_messages(code, error, "/folder")) == faults


def test_what_is_no_dispatch_is_told(tmp_path):
    output = tmp_path / "output"
    output.write_text('{"schema_version": "1"}')
    assert list(campaign._faults_of_result(output)) == ["result: no JSON of dispatches (ValidationError)"]


def test_bytes_left_behind_are_told_once(tmp_path):
    (tmp_path / "abcdefgh.pdf").write_bytes(b"a page")
    (tmp_path / "empty").touch()
    seen = set()
    assert list(campaign._left(tmp_path, seen)) == ["left 6 bytes in *.pdf"]
    assert list(campaign._left(tmp_path, seen)) == []


needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="of Linux alone")


@needs_proc
def test_memory_of_a_process_and_of_those_it_began():
    hoard = "import sys; a = bytearray(b'a') * 50_000_000; print(1, flush=True); sys.stdin.read()"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {hoard!r}])"
    outer = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with outer:
        outer.stdout.readline()
        found = list(processes.tree(outer.pid))
        assert len(found) == 2
        assert processes.peak_bytes(found) > processes.peak_bytes(found[:1]) + 50_000_000
        processes.end(outer.pid)
    assert not processes.status(outer.pid)


@needs_proc
@pytest.mark.slow
def test_a_small_campaign(tmp_path):
    bench = campaign.Bench(tmp_path / "bench", campaign.Bounds(seconds=120))
    text = Case(3, "text", (), "Số: 12/UBND-VP\n".encode(), "000003.txt")
    empty = Case(4, "text", (), b" ", "000004.txt")
    ended = [bench.run(text, alone=True), bench.run(text, alone=False), bench.run(empty, alone=False)]
    assert [one.code for one in ended] == [0, 0, 5]
    assert [one.faults for one in ended] == [[], [], []]
    assert all(one.bytes > 20_000_000 for one in ended)
    assert bench.close() == []
    assert campaign.table_of(ended).row_count == 2


@needs_proc
@pytest.mark.slow
def test_what_takes_too_long_is_ended(tmp_path):
    bench = campaign.Bench(tmp_path / "bench", campaign.Bounds(seconds=0.1))
    began = time.monotonic()
    ended = bench.run(Case(3, "text", (), b"So 12", "000003.txt"), alone=False)
    bench.close()
    assert ended.faults == ["more than 0.1 seconds"]
    assert time.monotonic() - began < 60
