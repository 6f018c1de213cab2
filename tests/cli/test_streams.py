"""Standard streams that are full, closed, or that nobody reads: one line at most, and an exit code of the README."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import run

ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
FULL = Path("/dev/full")


def vndoc(words, redirected, shell="sh"):
    """A command in a process of its own, its streams as the shell makes them."""
    line = f'"$0" -m vndoc {words} {redirected}'
    return subprocess.run(
        [shell, "-c", line, sys.executable], env=ENVIRONMENT, capture_output=True, text=True, check=False
    )


@pytest.mark.skipif(not FULL.exists(), reason="has no device that is full")
@pytest.mark.parametrize("words", ["schema", "--version"])
def test_a_full_disk_under_standard_output(words):
    done = vndoc(words, ">/dev/full")
    assert done.returncode == 10
    assert done.stderr == "vndoc: standard output: no room is left on the disk; make room there, then start again\n"


@pytest.mark.skipif(os.name == "nt", reason="by a shell")
@pytest.mark.parametrize("words", ["schema", "--version"])
def test_streams_that_are_closed(words):
    done = vndoc(words, ">&- 2>&- <&-")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.skipif(os.name == "nt", reason="by a shell")
def test_nothing_is_printed_into_a_file_that_has_the_number_of_a_closed_stream(tmp_path):
    (tmp_path / "a.txt").write_text("Số: 12/QĐ-UBND", encoding="utf-8")
    done = vndoc(f"parse {tmp_path}/a.txt --no-sandbox --output {tmp_path}/a.json", ">&- 2>&- <&-")
    assert done.returncode == 0
    assert (tmp_path / "a.json").read_text(encoding="utf-8").startswith("{")


@pytest.mark.skipif(os.name == "nt", reason="by a shell")
def test_nobody_reads_the_output():
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "vndoc", "schema"],
            env=ENVIRONMENT,
            stdout=write,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    finally:
        os.close(write)
    assert (done.returncode, done.stderr) == (130, "")


@pytest.mark.skipif(not FULL.exists(), reason="has no device that is full")
def test_what_standard_error_does_not_take_costs_nothing(tmp_path):
    done = vndoc(f"parse {tmp_path}/none.txt", "2>/dev/full")
    assert done.returncode == 4


@pytest.mark.skipif(not FULL.exists(), reason="has no device that is full")
def test_a_workbook_on_a_full_disk_is_one_line(tmp_path):
    """The library behind it tried again when it was thrown away, and printed a traceback."""
    code = (
        "from pathlib import Path; from vndoc.export.workbook import Book, Column\n"
        "from vndoc.errors import MachineError\n"
        "try:\n  with Book(Path('/dev/full'), 'a', 'b') as book: book.sheet('a', 'b', [Column('c', 'd', 9)] * 2, [])\n"
        "except MachineError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("/dev/full: no room is left")
    assert done.stderr == ""


def test_no_output_takes_the_place_of_an_archive(filled):
    assert run("tasks", filled.path, "--output", filled.path).exit_code == 4
    assert run("stats", filled.path, "--html", filled.path).exit_code == 4
    assert filled.counts()["done"]


def test_no_folder_for_temporary_files(filled, tmp_path, monkeypatch):
    def none():
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr("tempfile.gettempdir", none)
    result = run("archive", "vacuum", filled.path)
    assert result.exit_code == 10
    assert "set TMPDIR" in result.stderr


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_command_that_is_stopped_while_it_is_loading(name):
    code = (
        "import importlib.abc, os, signal, sys\n"
        "class Stopped(importlib.abc.MetaPathFinder):\n"
        "  def find_spec(self, name, path, target=None):\n"
        f"    if name == 'vndoc.cli.schema': os.kill(os.getpid(), signal.{name})\n"
        "sys.meta_path.insert(0, Stopped())\n"
        "from vndoc.cli import main\n"
        "sys.argv = ['vndoc', 'schema']\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
