"""An archive with two scans that were really read, and one with three dispatches of which only the JSON is there."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.archive.conftest import HereAndNow
from tests.conftest import SAMPLES
from vndoc import Archive
from vndoc.archive.worker import work


@pytest.fixture(scope="session")
def read_once(tmp_path_factory) -> Path:
    """A folder with an archive of CV 815 (three pages) and of a plan (two), read by the pipeline."""
    folder = tmp_path_factory.mktemp("read")
    (folder / "incoming").mkdir()
    for name in ("cv815", "ke-hoach-58"):
        shutil.copy(SAMPLES / name / "scan.pdf", folder / "incoming" / f"{name}.pdf")
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    with Archive(folder / "archive.sqlite") as archive:
        archive.batch([folder / "incoming"], executor=HereAndNow(work))
    return folder


@pytest.fixture
def scans(read_once, tmp_path) -> Iterator[Archive]:
    """A copy of it, to be changed. Document 1 is CV 815."""
    shutil.copy(read_once / "archive.sqlite", tmp_path / "archive.sqlite")
    with Archive(tmp_path / "archive.sqlite") as archive:
        yield archive


@pytest.fixture
def read_again(read_once):
    """Read the two scans anew."""

    def again(archive: Archive, refresh: str | None = "all") -> int:
        return archive.batch([read_once / "incoming"], executor=HereAndNow(work), refresh=refresh).done

    return again
