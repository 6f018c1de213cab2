"""A disk for temporary files that is full: the machine's fault, never that of a document."""

import os
import subprocess
import sys

import pytest

from tests.conftest import SAMPLES
from vndoc import Archive

SCAN = SAMPLES / "cv815" / "scan.pdf"


@pytest.fixture
def small(tmp_path):
    """A disk of 256 KiB, where one may be mounted."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    if sys.platform != "linux" or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def run(small, *words):
    environment = os.environ | {"TMPDIR": str(small), "OMP_THREAD_LIMIT": "1"}
    command = [sys.executable, "-m", "vndoc", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["lines", "tesseract"])
def test_a_page_for_which_there_is_no_room_ends_the_reading(small, engine):
    found = run(small, "parse", SCAN, "--engine", engine)
    assert (found.returncode, found.stdout) == (10, "")
    assert found.stderr.count("\n") == 1
    assert "no room is left on the disk" in found.stderr
    assert list(small.iterdir()) == []


@pytest.mark.slow
def test_a_batch_stops_and_reads_the_document_later(small, tmp_path):
    path = tmp_path / "a.sqlite"
    found = run(small, "batch", SCAN, "--archive", path, "--jobs", "1")
    assert found.returncode == 10
    assert "no room is left on the disk" in found.stderr
    with Archive(path, create=False) as archive:
        assert archive.counts() == {"queued": 1, "running": 0, "done": 0, "failed": 0}
    assert list(small.iterdir()) == []
    found = run(tmp_path, "batch", "--archive", path, "--jobs", "1")
    assert found.returncode == 0, found.stderr
    with Archive(path, create=False) as archive:
        assert archive.counts()["done"] == 1
