"""An archive of three dispatches that is served, and clients with each role."""

import shutil
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.archive.conftest import DISPATCHES, HereAndNow, dispatch_for
from vndoc import Archive
from vndoc.archive.jobs import Outcome
from vndoc.web.app import create_app
from vndoc.web.config import WebConfig

BASE = "http://127.0.0.1:8815"


@pytest.fixture(scope="session")
def _filled_archive(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    arrivals = folder / "arrivals"
    arrivals.mkdir()
    for name in DISPATCHES:
        (arrivals / name).write_text(name, encoding="utf-8")

    def work(job):
        dispatch = dispatch_for(Path(job.path).name, job.sha256)
        return Outcome(job, dispatch.model_dump_json(), seconds=0.5)

    with Archive(folder / "archive.sqlite") as archive:
        archive.batch([arrivals], executor=HereAndNow(work))
    return folder / "archive.sqlite"


@pytest.fixture
def archive_path(_filled_archive, tmp_path):
    """An archive of its own for the test, with the three dispatches of ``tests.archive.conftest.DISPATCHES``."""
    return Path(shutil.copy(_filled_archive, tmp_path / "archive.sqlite"))


@pytest.fixture
def keys(archive_path):
    """Keys of the documents by the names of their files."""
    with Archive(archive_path) as archive:
        return {Path(entry.paths[0]).name: entry.sha256 for entry in archive.entries()}


@pytest.fixture
def app(archive_path):
    """The application as on a desk: loopback, no users file."""
    return create_app(WebConfig(archive_path))


def client_of(app, **headers):
    """A client that looks like a program without cookies; it does not start what works in the background."""
    return TestClient(app, base_url=BASE, headers=headers, follow_redirects=False)


@pytest.fixture
def client(app):
    """A browser on the same machine, with the token of the page it shows."""
    from vndoc.web.security import csrf  # noqa: PLC0415

    return client_of(app, **{csrf.HEADER: csrf.token_for(app.state.gate._secret, "local")})
