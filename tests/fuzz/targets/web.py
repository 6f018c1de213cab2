"""Bodies of requests to the HTTP API: whatever is sent, an answer that is no error of the server."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from tests.archive.conftest import DISPATCHES, HereAndNow, dispatch_for
from tests.fuzz.promises import demand
from vndoc import Archive
from vndoc.archive.jobs import Job, Outcome
from vndoc.web.app import create_app
from vndoc.web.config import WebConfig
from vndoc.web.security import csrf

_ADDRESS = "http://127.0.0.1:8815"
_TYPES = (
    "application/json",
    "multipart/form-data; boundary=b",
    "application/x-www-form-urlencoded",
    "application/octet-stream",
)
_HEAD = 2
"""Bytes that choose the operation and the type; the rest is the body."""


def _outcome(job: Job) -> Outcome:
    return Outcome(job, dispatch_for(Path(job.path).name, job.sha256).model_dump_json(), seconds=0.5)


@cache
def _server() -> tuple[TestClient, list[tuple[str, str]]]:
    """A client of a small archive, and the operations that take a body, with a document's key in their paths."""
    folder = Path(tempfile.mkdtemp(prefix="fuzz"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    arrivals = folder / "arrivals"
    arrivals.mkdir()
    for name in DISPATCHES:
        (arrivals / name).write_text(name, encoding="utf-8")
    with Archive(folder / "archive.sqlite") as archive:
        archive.batch([arrivals], executor=HereAndNow(_outcome))
        key = next(iter(archive.entries())).sha256
    client = TestClient(create_app(WebConfig(folder / "archive.sqlite")), base_url=_ADDRESS)
    client.headers[csrf.HEADER] = client.get("/api/v1/session").json()["csrf"]
    described: dict[str, Any] = client.get("/api/v1/openapi.json").json()["paths"]
    taking = [
        (method.upper(), path.replace("{key}", key).replace("{number}", "1"))
        for path, methods in sorted(described.items())
        for method, operation in sorted(methods.items())
        if "requestBody" in operation
    ]
    return client, taking


def body(data: bytes) -> None:
    """A request with this body to one of the operations that take one."""
    if len(data) < _HEAD:
        return
    client, taking = _server()
    method, path = taking[data[0] % len(taking)]
    head = {"content-type": _TYPES[data[1] % len(_TYPES)]}
    status = client.request(method, path, content=data[_HEAD:], headers=head).status_code
    demand(status < 500, f"{method} {path} answers {status}")
