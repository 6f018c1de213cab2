"""``vndoc batch`` as a clerk runs it: what it says while it runs and at its end."""

import json

import pytest
from rich.console import Console

from tests.cli.conftest import run
from vndoc.archive.events import Event, Summary
from vndoc.archive.jobs import Category
from vndoc.cli import batch
from vndoc.cli.progress import Bar, summary_lines


def test_batch_says_what_it_did(quick, folder, tmp_path):
    path = tmp_path / "a.sqlite"
    result = run("batch", folder, "--archive", path)
    assert result.exit_code == 0
    assert "4 documents read, 4 pages" in result.stderr
    assert "1 duplicate" in result.stderr
    assert result.stdout == ""
    result = run("batch", folder, "--archive", path)
    assert result.exit_code == 0
    assert "5 unchanged" in result.stderr
    assert run("batch", "--archive", path, "--refresh", "all").stderr.startswith("4 documents read")


def test_batch_as_json_lines(quick, folder, tmp_path):
    (folder / "empty.zip").touch()
    for name in ("a.dwg", "b.DWG", "c.xlsx"):
        (folder / name).touch()
    result = run("batch", folder, "--archive", tmp_path / "a.sqlite", "--log", "json")
    assert result.exit_code == batch.SOME_FAILED
    events = [json.loads(line) for line in result.stdout.splitlines()]
    kinds = [e["event"] for e in events]
    assert next(e for e in events if e["event"] == "left-out") == {
        "event": "left-out",
        "path": str(folder / "a.dwg"),
        "kind": ".dwg",
    }
    assert (kinds.count("queued"), kinds.count("done"), kinds.count("failed")) == (4, 4, 1)
    assert events[-1] | {"seconds": 0} == {
        "event": "summary",
        "done": 4,
        "failed": 1,
        "pages": 4,
        "seconds": 0,
        "queued": 4,
        "duplicates": 1,
        "unchanged": 0,
        "left_out": {".dwg": 2, ".xlsx": 1},
        "recovered": 0,
        "failed_before": 0,
        "outdated": 0,
        "interrupted": False,
        "causes": {"format": 1},
    }


def test_what_is_passed_over_is_counted_and_listed(quick, folder, tmp_path):
    archive = tmp_path / "a.sqlite"
    for name in ("a.dwg", "b.dwg", "c.xlsx", "xuống\ndòng"):
        (folder / name).write_bytes(b"PK")
    for _ in range(2):
        result = run("batch", folder, "--archive", archive)
        assert "Left out: 2 .dwg, 1 .xlsx, 1 no suffix; 'vndoc left-out ARCHIVE' lists them." in result.stderr
    listed = run("left-out", archive).stdout.splitlines()
    assert listed[:3] == [f".dwg\t{folder / 'a.dwg'}", f".dwg\t{folder / 'b.dwg'}", f".xlsx\t{folder / 'c.xlsx'}"]
    assert listed[3].endswith("xuống\\ndòng")
    assert json.loads(run("left-out", archive, "--json").stdout)[2] == {
        "path": str(folder / "c.xlsx"),
        "kind": ".xlsx",
        "container": None,
    }
    assert json.loads(run("stats", archive).stdout)["left_out"] == {".dwg": 2, ".xlsx": 1, "no suffix": 1}


def test_exit_codes(quick, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    archive = tmp_path / "a.sqlite"
    assert run("batch", empty, "--archive", archive).exit_code == batch.NOTHING_DONE
    (empty / "a.zip").touch()
    result = run("batch", empty, "--archive", archive)
    assert result.exit_code == batch.NOTHING_DONE
    assert "1 × Damaged, cut off" in result.stderr
    assert "copy or scan them again" in result.stderr
    assert run("batch", tmp_path / "none", "--archive", archive).exit_code == 4
    assert run("batch", empty, "--archive", archive, "--executor", "dask").exit_code == 2
    assert run("batch", empty, "--archive", archive, "--timeout", "0").exit_code == 2
    assert batch.exit_code(Summary(interrupted=True)) == batch.INTERRUPTED
    assert batch.exit_code(Summary(interrupted=True), watch=True) == 0


def test_a_scheduler_that_does_not_answer(quick, folder, tmp_path, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr("vndoc.archive.cluster._PATIENCE", 0.1)
    flags = ("--executor", "dask", "--scheduler", "tcp://127.0.0.1:1")
    result = run("batch", folder, "--archive", tmp_path / "a.sqlite", *flags)
    assert result.exit_code == 10
    assert "does not answer" in result.stderr


def test_the_bar_counts(monkeypatch):
    console = Console(force_terminal=True, width=120, record=True)
    with Bar(console, 1) as bar:
        for event in (
            Event("queued", "a"),
            Event("done", "a", 1, pages=3),
            Event("failed", "b\n", 2, category=Category.CRASH, message="b\n: died"),
        ):
            bar.event(event)
        task = bar._progress.tasks[0]
        assert (task.total, task.completed, task.fields["failed"]) == (2, 2, 1)
    assert "b\\n: died" in console.export_text()


def test_the_summary_names_causes_and_what_to_do():
    failures = [Event("failed", f"/in/{k}.pdf", k, category=Category.TIMEOUT, message="m") for k in range(5)]
    failures.append(Event("failed", "x\ny", 9, category=Category.EMPTY, message="m"))
    summary = Summary(
        done=1,
        pages=1,
        seconds=7300,
        failures=failures,
        interrupted=True,
        recovered=1,
        failed_before=2,
        outdated=1,
    )
    text = "\n".join(summary_lines(summary))
    assert "1 document read, 1 page, in 2 h 1 min" in text
    assert "5 × Not finished in time: run again with --retry-failed and a larger --timeout." in text
    assert "… and 2 more" in text
    assert "x\\ny" in text
    assert "goes on from here" in text
    assert "1 document taken up again" in text
    assert "2 failed in earlier runs" in text
    assert "1 result of another pipeline" in text
