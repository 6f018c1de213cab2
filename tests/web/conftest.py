"""An archive of three dispatches that is served, and clients with each role."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.archive.conftest import DISPATCHES, HereAndNow, dispatch_for
from vndoc import Archive
from vndoc.archive.jobs import Outcome
from vndoc.web.app import create_app
from vndoc.web.config import WebConfig
from vndoc.web.security import csrf
from vndoc.web.security.roles import Role
from vndoc.web.security.users import Account, UsersFile, hash_password, new_token

BASE = "http://127.0.0.1:8815"
PASSWORD = "mật khẩu thử nghiệm"
PEOPLE = {"doc": {Role.READ}, "vanthu": {Role.CLERK}, "quantri": {Role.ADMIN}}
"""Users of the file by their names: one for each role."""


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


def with_csrf(client):
    """Give the client the token that the pages shown to it hold, as a browser with a page of the server has it."""
    client.headers[csrf.HEADER] = client.get("/api/v1/session").json()["csrf"]
    return client


@pytest.fixture
def client(app):
    """A browser on the same machine, with the token of the page it shows: may do everything."""
    return with_csrf(client_of(app))


@pytest.fixture(scope="session")
def _users(tmp_path_factory):
    """The users file, and the tokens in it by their names: those of the users, and one that has expired."""
    content, tokens = UsersFile(), {}
    hashed = hash_password(PASSWORD)
    for name, roles in PEOPLE.items():
        tokens[name], token = new_token(days=30)
        tokens[f"{name} expired"], expired = new_token(days=30)
        expired = expired.model_copy(update={"expires": datetime.now(UTC) - timedelta(seconds=1)})
        content.put(Account(name=name, roles=frozenset(roles), password=hashed, tokens=(token, expired)))
    path = tmp_path_factory.mktemp("users") / "users.json"
    path.write_text(content.model_dump_json(exclude_none=True), encoding="utf-8")
    path.chmod(0o600)
    return path, tokens


@pytest.fixture
def users_file(_users, tmp_path):
    """A users file of its own for the test, with :data:`PEOPLE`."""
    return Path(shutil.copy(_users[0], tmp_path / "users.json"))


@pytest.fixture
def tokens(_users):
    """Tokens by the names of their users; ``NAME expired`` for one that no longer holds."""
    return _users[1]


@pytest.fixture
def shared_app(archive_path, users_file):
    """The application as in an office: people sign in."""
    return create_app(WebConfig(archive_path, users=users_file))


def signed_in(app, name):
    """A browser in which this user has signed in."""
    gate = app.state.gate
    client = client_of(app)
    secret = gate.sessions.start(name, gate.users.account(name).password)
    client.cookies.set(gate.session_cookie, secret, domain="127.0.0.1")
    return with_csrf(client)


@pytest.fixture
def anonymous_client(shared_app):
    """A browser in which nobody has signed in."""
    return with_csrf(client_of(shared_app))


@pytest.fixture
def reader_client(shared_app):
    """A browser of one who may only read."""
    return signed_in(shared_app, "doc")


@pytest.fixture
def clerk_client(shared_app):
    """A browser of a clerk."""
    return signed_in(shared_app, "vanthu")


@pytest.fixture
def admin_client(shared_app):
    """A browser of an administrator, who is no clerk."""
    return signed_in(shared_app, "quantri")
