"""The benchmark of the archive, with nothing slow to time."""

import json
import shutil
import subprocess

import pytest

from benchmarks import archive as bench
from tests.conftest import SAMPLES
from vndoc.archive import Archive

SCAN = SAMPLES / "cv815" / "scan.pdf"


@pytest.fixture
def quick(monkeypatch):
    """No batch runs; an archive is made and stays empty. Costs are taken at twenty rows."""
    started = []

    def batch(folder, path, jobs):
        started.append((len(list(folder.iterdir())), jobs))
        Archive(path).close()

    monkeypatch.setattr(bench, "batch", batch)
    monkeypatch.setattr(bench, "SMALL", 20)
    monkeypatch.setattr(bench, "QUERIES", 30)
    monkeypatch.setattr(bench, "processors", lambda: 2)
    return started


def test_costs_are_taken_small_and_full(quick):
    costs = list(bench.measure_costs(40))
    assert [cost.rows for cost in costs] == [20, 40]
    assert all(0 < cost.row_ms <= cost.row_ms_95 for cost in costs)
    assert all(0 < cost.query_ms <= cost.query_ms_95 for cost in costs)


def test_report(quick, monkeypatch, capsys):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(bench.Archive, "entries", lambda self: iter([type("Entry", (), {"memory_mb": 300})]))
    assert bench.main([str(SCAN), "--rows", "40", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert quick == [(1, 1), (1, 2), (1, 2)]
    assert (report["files"], report["pages"], report["memory_mb"]) == (1, 3, 300)
    assert [way["name"] for way in report["throughput"]] == ["vndoc batch, 1 worker", "vndoc batch, 2 workers"]
    assert report["throughput"][0]["ratio"] == 1.0
    assert bench.main([str(SCAN), "--rows", "40"]) == 0
    assert "pages a second" in capsys.readouterr().out


@pytest.mark.parametrize("with_parallel", [True, False])
def test_the_peer_reads_the_same_files_as_many_at_a_time(tmp_path, monkeypatch, with_parallel):
    commands = []
    monkeypatch.setattr(shutil, "which", lambda name: name if with_parallel else None)
    monkeypatch.setattr(subprocess, "run", lambda command, **kept: commands.append((command, kept["input"])))
    shutil.copy(SCAN, tmp_path / "a b.pdf")
    bench.ocrmypdf(tmp_path, tmp_path.parent / "out", 2)
    ((command, given),) = commands
    assert command[0] == ("parallel" if with_parallel else "xargs")
    assert str(tmp_path / "a b.pdf") in (command[-1] if with_parallel else given)
    assert "2" in command


def test_a_failing_batch_is_reported_in_a_line(monkeypatch, capsys):
    def fails(*_):
        raise subprocess.CalledProcessError(12, ["python"], stderr=b"nothing\ndone")

    monkeypatch.setattr(bench, "batch", fails)
    assert bench.main([str(SCAN)]) == 1
    assert "exit code 12" in capsys.readouterr().err
