"""The clock of the benchmark, with nothing slow to time."""

import json
import subprocess
import sys

import pytest

from benchmarks import pages
from benchmarks.pages import PLAIN, Report, Timing, main, measure


def test_rounds_take_turns_and_the_least_counts(monkeypatch):
    order: list[str] = []
    seconds = iter([(5.0, 0.5), (1.0, 3.0), (2.0, 2.0), (4.0, 1.0)])
    monkeypatch.setattr(pages, "clock", lambda work: (work(), next(seconds))[1])
    least = measure({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, 2)
    assert order == ["a", "b", "b", "a"]
    assert least == {"a": (4.0, 0.5), "b": (1.0, 2.0)}


@pytest.fixture
def fake(monkeypatch):
    """No process runs; pdftoppm makes two pages a file."""
    commands: list[list[str]] = []

    def run(command, **_):
        words = [str(word) for word in command]
        commands.append(words)
        if words[0] == "pdftoppm":
            for k in (1, 2):
                (pages.Path(words[-1] + f"-{k}.png")).write_bytes(b"")
        return subprocess.CompletedProcess(words, 0)

    monkeypatch.setattr(subprocess, "run", run)
    return commands


def test_json_report(fake, capsys):
    assert main(["a.pdf", "b.pdf", "--rounds", "1", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["files"], report["pages"], report["rounds"]) == (2, 4, 1)
    assert [t["name"] for t in report["timings"]][:2] == [PLAIN, "vndoc parse --jobs 1"]
    assert sum(words[0] == "tesseract" for words in fake) == 4
    assert [words[1:] for words in fake if "parse" in words] == [
        ["parse", "a.pdf", "b.pdf", "--jobs", "1"],
        ["parse", "a.pdf", "b.pdf"],
    ]


def test_table(capsys, monkeypatch):
    report = Report("Linux", 2, 1, 3, 1, [Timing(PLAIN, 6, 2, 1, 2, 1), Timing("vndoc parse", 9, 3, 1.5, 3.2, 1.6)])
    monkeypatch.setattr(pages, "benchmark", lambda files, rounds: report)
    assert main([]) == 0
    shown = capsys.readouterr().out
    assert "vndoc parse" in shown
    assert "1.50" in shown


def test_failures_are_reported_in_a_line(monkeypatch, capsys):
    def fail(files, rounds):
        raise subprocess.CalledProcessError(1, ["pdftoppm"], stderr=b"no such file")

    monkeypatch.setattr(pages, "benchmark", fail)
    assert main(["x.pdf"]) == 1
    assert "pdftoppm failed with exit code 1: no such file" in capsys.readouterr().err

    def missing(files, rounds):
        raise FileNotFoundError(2, "No such file", "pdftoppm")

    monkeypatch.setattr(pages, "benchmark", missing)
    assert main(["x.pdf"]) == 10
    assert "vndoc doctor" in capsys.readouterr().err


def test_the_clock_counts_the_processors_of_children():
    wall, cpu = pages.clock(lambda: pages.run([sys.executable, "-c", "sum(i * i for i in range(2_000_000))"]))
    assert cpu > 0.02
    assert wall > 0.02
