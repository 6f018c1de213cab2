"""The archive's commands as a clerk runs them."""

import json
import signal

import openpyxl
import pytest
from icalendar import Calendar
from rich.console import Console
from typer.testing import CliRunner

from tests.archive.faults import canned
from vndoc.archive import Archive
from vndoc.archive.events import Event, Summary
from vndoc.archive.jobs import Category
from vndoc.cli import app, batch
from vndoc.cli.progress import Bar, summary_lines
from vndoc.cli.terminal import shown, to_json


def run(*args):
    return CliRunner().invoke(app, [str(a) for a in args])


@pytest.fixture
def quick(monkeypatch, here):
    """Batches that read nothing and spawn nothing."""
    monkeypatch.setattr("vndoc.archive.pool.LocalPool", lambda jobs: here(canned))
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def test_batch_tells_what_it_did(quick, folder, tmp_path):
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
    result = run("batch", folder, "--archive", tmp_path / "a.sqlite", "--log", "json")
    assert result.exit_code == batch.SOME_FAILED
    events = [json.loads(line) for line in result.stdout.splitlines()]
    kinds = [e["event"] for e in events]
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
        "recovered": 0,
        "failed_before": 0,
        "outdated": 0,
        "interrupted": False,
        "causes": {"format": 1},
    }


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
    assert run("batch", empty, "--archive", archive, "--engine", "dask").exit_code == 2
    assert run("batch", empty, "--archive", archive, "--timeout", "0").exit_code == 2
    assert batch.exit_code(Summary(interrupted=True)) == batch.INTERRUPTED
    assert batch.exit_code(Summary(interrupted=True), watch=True) == 0


def test_a_scheduler_that_does_not_answer(quick, folder, tmp_path, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr("vndoc.archive.cluster._PATIENCE", 0.1)
    flags = ("--engine", "dask", "--scheduler", "tcp://127.0.0.1:1")
    result = run("batch", folder, "--archive", tmp_path / "a.sqlite", *flags)
    assert result.exit_code == 10
    assert "does not answer" in result.stderr


def test_commands_need_an_archive(tmp_path):
    for command in ("register", "stats", "tasks"):
        result = run(command, tmp_path / "none.sqlite")
        assert result.exit_code == 4
        assert "no such archive" in result.stderr
        assert not (tmp_path / "none.sqlite").exists()


def test_register(filled, tmp_path):
    assert run("register", filled.path).stdout.startswith("Ngày đến,Số đến,")
    for suffix in ("csv", "jsonl", "xlsx"):
        result = run("register", filled.path, "--output", tmp_path / f"sổ.{suffix}", "--from", "2024-02-01")
        assert result.exit_code == 0
    assert (tmp_path / "sổ.csv").read_bytes().startswith("\ufeffNgày đến".encode())
    assert len((tmp_path / "sổ.jsonl").read_text(encoding="utf-8").splitlines()) == 2
    assert openpyxl.load_workbook(tmp_path / "sổ.xlsx").active.max_row == 6
    assert "left out" not in result.stderr
    assert run("register", filled.path, "--output", tmp_path / "sổ.docx").exit_code == 2
    assert run("register", filled.path, "--output", tmp_path / "none" / "sổ.csv").exit_code == 4


def test_register_by_dates_tells_what_has_none(archive, folder, here):
    archive.batch([folder], executor=here())
    result = run("register", archive.path, "--from", "2024-01-01")
    assert result.stdout.count("\n") == 1
    assert "4 without a date left out" in result.stderr


def test_search(filled):
    result = run("search", filled.path, "doi", "ngoai", "--type", "kế hoạch")
    assert "Kế hoạch · 254-KH/TU · 19/01/2024 · Tỉnh ủy Quảng Bình · due 05/11/2024" in result.stdout
    assert "subject: thực hiện công tác thông tin đối ngoại" in result.stdout
    hits = json.loads(run("search", filled.path, "du lich", "--json").stdout)
    assert [(hit["page"], hit["issued_date"]) for hit in hits] == [(2, "2024-01-19")]
    assert "page 2: Trang hai nói về du lịch." in run("search", filled.path, "du lich").stdout
    assert run("search", filled.path, "--due-before", "2024-12-31", "--json").stdout.count('"code"') == 1
    assert ":" not in run("search", filled.path, "--year", "2025").stdout.replace(str(filled.path.parent), "")


def test_cites(filled):
    out = run("cites", filled.path, "57-KL/TW").stdout
    assert "cited by: 1" in out
    assert "implements" in out
    found = json.loads(run("cites", filled.path, "254-KH/TU", "--issued", "2024-01-19", "--json").stdout)
    assert [len(found[k]) for k in ("documents", "cited_by", "cites")] == [1, 2, 1]
    assert "a date is missing on one side" in run("cites", filled.path, "254-KH/TU").stdout


def test_tasks(filled, tmp_path):
    out = run("tasks", filled.path, "--due-before", "2024-11-05").stdout
    assert out.startswith("05/11/2024  Sở Thông tin và Truyền thông: Báo cáo kết quả")
    assert "254-KH/TU · Tỉnh ủy Quảng Bình · mục 1.a" in out
    assert len(json.loads(run("tasks", filled.path, "--format", "json").stdout)) == 3
    assert run("tasks", filled.path, "--format", "csv", "--assignee", "huyen uy").stdout.count("\n") == 2
    assert run("tasks", filled.path, "--format", "ics", "--output", tmp_path / "a.ics").exit_code == 0
    assert len(Calendar.from_ical((tmp_path / "a.ics").read_bytes()).walk("VEVENT")) == 2
    assert run("tasks", filled.path, "--format", "ics").stdout.startswith("BEGIN:VCALENDAR")


def test_stats(filled, tmp_path):
    assert json.loads(run("stats", filled.path).stdout)["pages"] == 4
    assert run("stats", filled.path, "--html", tmp_path / "a.html").exit_code == 0
    assert "Thống kê kho văn bản" in (tmp_path / "a.html").read_text(encoding="utf-8")


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


def test_text_on_one_line():
    assert shown("a\nb\tc\udcf4 văn") == "a\\nb\\tc\\udcf4 văn"
    assert json.loads(to_json({"path": "c\udcf4", "n": Summary()}))["path"] == "c\udcf4"


def test_help_names_the_commands():
    out = run("--help").stdout
    assert all(name in out for name in ("batch", "register", "search", "cites", "tasks", "stats"))


def test_archive_is_public():
    import vndoc  # noqa: PLC0415

    assert vndoc.Archive is Archive
