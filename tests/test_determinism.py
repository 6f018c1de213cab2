"""The same file gives the same JSON, however busy the machine is."""

import multiprocessing
import os
import subprocess
import sys

import pytest

from tests.conftest import SAMPLES


def _spin(stop) -> None:
    while not stop.is_set():
        sum(range(10_000))


@pytest.fixture
def busy():
    """As many processes as processors, each of which takes all it can get."""
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    hogs = [context.Process(target=_spin, args=(stop,), daemon=True) for _ in range(os.cpu_count() or 1)]
    for hog in hogs:
        hog.start()
    yield
    stop.set()
    for hog in hogs:
        hog.join()


def parsed(name: str) -> bytes:
    command = [sys.executable, "-m", "vndoc", "parse", str(SAMPLES / name), "--pages", "1"]
    return subprocess.run(command, capture_output=True, check=True).stdout


NAMES = ["cv815/scan.pdf"]


@pytest.fixture(scope="module")
def idle() -> dict[str, bytes]:
    return {name: parsed(name) for name in NAMES}


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_busy_machine_reads_what_an_idle_one_reads(idle, busy, name):
    assert parsed(name) == idle[name]
