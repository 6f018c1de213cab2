"""File names that are no UTF-8, through every command: nothing fails, and what is written is UTF-8 throughout."""

import csv
import io
import json
import os
import sys
from pathlib import Path

import openpyxl
import pytest
from icalendar import Calendar

from tests.archive.conftest import DISPATCHES, HereAndNow, dispatch_for
from tests.cli.conftest import one_line, run
from tests.conftest import pdf_of
from vndoc.archive.jobs import Category, Failure, Outcome
from vndoc.filenames import readable

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems take no such names")

BAD = os.fsdecode(b"v\xe3n ")
SPELT = "v\\xe3n "


@pytest.fixture
def odd(tmp_path, monkeypatch):
    """A folder whose documents, and an archive that itself, have names that are no UTF-8; one document fails."""
    folder = tmp_path / f"{BAD}thư"
    folder.mkdir()
    for name in [*DISPATCHES, "fails.txt"]:
        (folder / f"{BAD}{name}").write_text(name, encoding="utf-8")

    def work(job):
        name = Path(job.path).name.removeprefix(BAD)
        if name == "fails.txt":
            return Outcome(job, failure=Failure(Category.CRASH, f"{job.path}: died"))
        return Outcome(job, dispatch_for(name, job.sha256).model_dump_json(), seconds=0.1)

    (folder / f"{BAD}unknown.dwg").touch()
    monkeypatch.setattr("vndoc.archive.pool.LocalPool", lambda jobs: HereAndNow(work))
    return folder, tmp_path / f"{BAD}archive.sqlite"


def test_every_command_of_an_archive(odd, tmp_path):
    folder, archive = odd
    lines = run("batch", folder, "--archive", archive, "--log", "json")
    assert lines.exit_code == 9, lines.exception
    events = [json.loads(line) for line in lines.stdout.splitlines()]
    assert {SPELT in event["path"] for event in events if "path" in event} == {True}
    retried = run("batch", folder, "--archive", archive, "--retry-failed")
    assert f"{SPELT}fails.txt: died" in retried.stderr

    target = tmp_path / f"{BAD}target"
    assert run("register", archive, "--output", target.with_suffix(".xlsx")).exit_code == 0
    assert openpyxl.load_workbook(target.with_suffix(".xlsx")).active.max_row == 7
    assert run("register", archive, "--output", target.with_suffix(".csv")).exit_code == 0
    assert run("register", archive).stdout.count("\n") == 4
    assert run("register", archive, "--output", target.with_suffix(".jsonl")).exit_code == 0
    rows = [json.loads(line) for line in target.with_suffix(".jsonl").read_text("utf-8").splitlines()]
    assert Path(rows[0]["path"]).name == f"{SPELT}a.txt"

    data, table = target.with_suffix(".data.xlsx"), target.with_suffix(".qc.csv")
    assert run("register", archive, "--format", "luutru", "--output", data).exit_code == 0
    assert f"{SPELT}a.txt" in run("register", archive, "--format", "luutru").stdout
    assert run("qc", archive, "--sample", 2, "--output", table).exit_code == 0
    assert SPELT in table.read_text("utf-8")
    assert f"{SPELT}target.qc.csv" in one_line(run("qc", archive, "--read", table))

    assert f"{SPELT}a.txt" in run("search", archive, "doi ngoai").stdout
    assert SPELT in json.loads(run("search", archive, "doi ngoai", "--json").stdout)[0]["path"]
    assert f"{SPELT}b.txt" in run("cites", archive, "254-KH/TU").stdout
    assert SPELT in json.loads(run("cites", archive, "254-KH/TU", "--json").stdout)["documents"][0]["path"]

    assert f"{SPELT}a.txt" in run("tasks", archive).stdout
    assert SPELT in json.loads(run("tasks", archive, "--format", "json").stdout)[0]["path"]
    assert SPELT in next(csv.DictReader(io.StringIO(run("tasks", archive, "--format", "csv").stdout)))["path"]
    calendar = Calendar.from_ical(run("tasks", archive, "--format", "ics").stdout)
    assert f"{SPELT}a.txt" in calendar.walk("VEVENT")[0]["description"]

    assert f"{SPELT}unknown.dwg" in run("left-out", archive).stdout
    assert SPELT in json.loads(run("left-out", archive, "--json").stdout)[0]["path"]

    export, other = tmp_path / f"{BAD}out", tmp_path / f"{BAD}other.sqlite"
    assert run("archive", "export", archive, export).exit_code == 0
    assert SPELT in run("archive", "import", other, export).stdout
    assert f"{SPELT}other.sqlite" in run("archive", "check", other).stderr
    assert SPELT in run("archive", "salvage", other, tmp_path / f"{BAD}third.sqlite").stdout
    assert sorted(json.loads(run("search", other, "doi ngoai", "--json").stdout), key=str) == sorted(
        json.loads(run("search", archive, "doi ngoai", "--json").stdout), key=str
    )

    assert json.loads(run("stats", archive).stdout)["failures"] == {"crash": 1}
    assert run("stats", archive, "--html", target.with_suffix(".html")).exit_code == 0
    assert f"kho văn bản {SPELT}archive.sqlite" in target.with_suffix(".html").read_text("utf-8")


def test_error_lines_name_the_file(tmp_path):
    missing = tmp_path / f"{BAD}none.sqlite"
    for command in ("register", "search", "tasks", "stats"):
        assert f"{SPELT}none.sqlite: no such archive" in one_line(run(command, missing))
    assert f"{SPELT}none.pdf" in one_line(run("parse", tmp_path / f"{BAD}none.pdf"))
    assert f"{SPELT}none" in one_line(run("batch", tmp_path / f"{BAD}none", "--archive", tmp_path / "a.sqlite"))


@pytest.mark.parametrize("format_", ["json", "md", "text", "html", "register", "edxml"])
def test_every_format_of_a_document(tmp_path, format_):
    path = tmp_path / f"{BAD}thư.txt"
    path.write_text("Số: 815/UBND", encoding="utf-8")
    target = tmp_path / "out"
    result = run("parse", path, "--format", format_, "--output", target)
    assert (result.exit_code, result.stderr) == (0, "")
    assert target.read_text("utf-8")


def test_a_searchable_pdf(tmp_path, page_image):
    path = tmp_path / f"{BAD}thư.pdf"
    path.write_bytes(pdf_of(page_image))
    assert run("parse", path, "--format", "pdf", "--output", tmp_path / "out.pdf").exit_code == 0


def test_names_are_spelt_out_and_stay_apart():
    assert readable("công văn") == "công văn"
    assert readable(os.fsdecode(b"a\xe9")) == "a\\xe9"
    assert readable("\ud800") == "\\ud800"
    assert readable(os.fsdecode(b"a\xe8")) != readable(os.fsdecode(b"a\xe9"))
