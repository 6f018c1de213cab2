"""Requests that are no good: hosts, sizes, methods, paths; and what is told and logged of them."""

import asyncio
import getpass
import logging
from datetime import datetime

import pytest
from fastapi.responses import StreamingResponse

from tests.web.conftest import client_of
from tests.web.security.conftest import SECRET_TEXT
from tests.web.security.test_roles import calls
from vndoc.facts import ValueFact
from vndoc.web.app import create_app
from vndoc.web.config import WebConfig
from vndoc.web.deps import Clerk, OpenArchive, Reader, guarded_router, route_roles
from vndoc.web.security import limits
from vndoc.web.security.around import CutOffError
from vndoc.web.security.problem import Problem

BAD_HOSTS = ["evil.example", "127.0.0.1.evil.example", "127.0.0.1@evil.example", "", "127.0.0.1:80:80", "[::1", "a b"]
TRAVERSALS = ["..%2f..%2f..%2fetc%2fpasswd", "%2e%2e%2f", "..%5c..%5cwin.ini", "%00", "....//", "%252e%252e%252f", "-1"]


@pytest.mark.parametrize("host", ["127.0.0.1:8815", "localhost", "LOCALHOST:1", "[::1]:8815"])
def test_names_of_this_machine(app, host):
    assert client_of(app, host=host).get("/api/v1/session").status_code == 200


@pytest.mark.parametrize("host", BAD_HOSTS)
def test_a_name_that_is_not_ours_is_refused(app, host):
    response = client_of(app, host=host).get("/api/v1/session")
    assert response.status_code == 421
    assert "nosniff" in response.headers["x-content-type-options"]


def test_a_page_under_another_name_learns_nothing(app, client):
    """It could read the answer as its own: no name, and no token that is worth something."""
    page = client_of(app, host="evil.example").get("/")
    assert page.status_code == 421
    assert getpass.getuser() not in page.text
    assert client.headers["x-csrf-token"] not in page.text


def test_names_that_the_operator_gives(archive_path, users_file):
    config = WebConfig(archive_path, host="192.0.2.7", users=users_file, allowed_hosts=("vanthu.lan",))
    app = create_app(config)
    for host, status in {"vanthu.lan:8815": 200, "192.0.2.7": 200, "192.0.2.8": 421}.items():
        assert client_of(app, host=host).get("/api/v1/session").status_code == status


def test_a_body_is_refused_by_its_length(client):
    response = client.post("/api/v1/probe", content=b" " * (limits.SMALL_BODY + 1))
    assert response.status_code == 413
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["limit"] == limits.SMALL_BODY


@pytest.mark.parametrize("path", ["/api/v1/probe", "/probe/form", "/probe/empty", "/api/v1/probe/upload"])
def test_a_body_is_refused_by_what_came_of_it(client, path):
    """Pieces without a length: JSON, a form, a file."""
    del client.headers["x-csrf-token"]  # then the form is read for the token, where nothing else reads it
    token = {} if path in ("/probe/form", "/probe/empty") else {"x-csrf-token": client.get("/probe/login").json()}
    kind = {
        "/api/v1/probe": "application/json",
        "/api/v1/probe/upload": "multipart/form-data; boundary=x",
    }.get(path, "application/x-www-form-urlencoded")
    taken = []
    status = asyncio.run(post_in_pieces(client.app, path, {"content-type": kind, **token}, taken))
    assert status == (400 if "urlencoded" in kind else 413)  # there it is one field, which may hold less
    assert sum(taken) <= 4 * limits.SMALL_BODY + (2 << 16)


async def post_in_pieces(app, path, headers, taken):
    statuses = []
    first = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'

    async def receive():
        piece = b"a" * (1 << 16) if taken else (first if "upload" in path else b"text=")
        taken.append(len(piece))
        return {"type": "http.request", "body": piece, "more_body": True}

    async def send(message):
        statuses.extend([message["status"]] if message["type"] == "http.response.start" else [])

    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "scheme": "http",
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1"), *((k.encode(), v.encode()) for k, v in headers.items())],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8815),
    }
    await app(scope, receive, send)
    return statuses[0]


def test_an_upload_may_be_larger_than_json(client):
    data = b"a" * (2 * limits.SMALL_BODY)
    assert client.post("/api/v1/probe/upload", files={"file": data}).json() == len(data)


@pytest.mark.parametrize("length", ["-1", "1e3", "٣", "9" * 400, "0x10", ""])
def test_a_length_that_is_none(length):
    with pytest.raises(Problem):
        limits.check_length(length, 10)


def test_a_body_that_does_not_come(monkeypatch):
    monkeypatch.setattr(limits, "PATIENCE_SECONDS", 0.01)

    async def receive():
        await asyncio.sleep(60)

    with pytest.raises(Problem) as caught:
        asyncio.run(limits.limited(receive, 10)())
    assert caught.value.status_code == 408


def test_a_form_of_too_many_fields(client):
    fields = {f"field{k}": "x" for k in range(limits.FORM_FIELDS + 1)}
    assert client.post("/probe/form", data={"text": "x", **fields}).status_code == 400
    assert client.post("/probe/form", data={"text": "x", **fields}, files={"f": b"x"}).status_code == 400
    long = {"text": "x" * (limits.FORM_PART + 1)}
    assert client.post("/probe/form", data=long).status_code == 400
    del client.headers["x-csrf-token"]
    assert client.post("/probe/empty", data=fields).status_code in (400, 403)


def test_methods(app, client):
    head = client.head("/api/v1/session")
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) == len(client.get("/api/v1/session").content)
    for method in ("OPTIONS", "TRACE", "CONNECT", "PROPFIND", "DELETE"):
        response = client.request(method, "/api/v1/session")
        assert response.status_code == 405, method
        assert set(response.headers["allow"].split(", ")) == {"GET", "HEAD"}
    assert "access-control-allow-origin" not in client.options("/api/v1/session").headers


def test_allow_names_the_methods_of_all_routes_at_the_path(client):
    response = client.put("/probe/login")
    assert set(response.headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}


@pytest.mark.parametrize("bad", TRAVERSALS)
def test_no_parameter_of_a_path_leads_out(app, client, bad):
    for method, path, _ in route_roles(app):
        if "{" in path:
            parts = path.split("/")
            aim = "/".join(bad + part.rpartition("}")[2] if "{" in part else part for part in parts)
            response = client.request(method, aim)
            assert response.status_code < 500, (method, aim)
            assert b"root:" not in response.content
    assert client.get(f"/static/{bad}").status_code == 404


@pytest.mark.parametrize("path", ["/<script>alert(1)</script>", "/api/v1/<script>", "/documents/%3Cscript%3E"])
def test_a_path_that_is_none_is_not_repeated(client, path):
    response = client.get(path)
    assert response.status_code in (404, 422)
    assert "script>alert" not in response.text
    assert "<script>" not in response.text.replace("<script src=", "")


@pytest.mark.parametrize("path", ["/probe/broken", "/api/v1/probe/broken"])
def test_an_error_tells_nothing(client, caplog, path):
    response = client.get(path)
    assert response.status_code == 500
    for text in (response.text, caplog.text):
        assert SECRET_TEXT not in text
        assert "Traceback" not in text
    assert "ValueError at conftest.py:" in caplog.text
    assert response.headers["content-security-policy"]


def test_an_error_in_the_page_of_errors_tells_nothing_either(client, monkeypatch, caplog):
    def broken(request, problem):
        raise KeyError(SECRET_TEXT)

    monkeypatch.setattr("vndoc.web.pages.error_page", broken)
    response = client.get("/probe/broken")
    assert (response.status_code, response.text) == (500, "error\n")
    assert SECRET_TEXT not in caplog.text


def test_an_answer_that_breaks_off_tells_nothing(app, client, caplog):
    router = guarded_router()

    @router.get("/probe/cut")
    def cut(user: Reader) -> StreamingResponse:
        def pieces():
            yield "a"
            raise ValueError(SECRET_TEXT)

        return StreamingResponse(pieces())

    app.include_router(router)
    with pytest.raises(CutOffError):
        client.get("/probe/cut")
    assert SECRET_TEXT not in caplog.text


def test_what_is_no_json_is_not_repeated(client):
    for body in (b'{"number": "' + SECRET_TEXT.encode() + b'"}', b"{" + SECRET_TEXT.encode()):
        response = client.post("/api/v1/probe", content=body, headers={"content-type": "application/json"})
        assert response.status_code == 422
        assert SECRET_TEXT not in response.text
        assert response.json()["type"] == "urn:vndoc:invalid"


def test_a_conflict_tells_who_and_when(app, archive_path, keys, client):
    router = guarded_router()

    @router.post("/api/v1/probe/confirm")
    def confirm(user: Clerk, archive: OpenArchive) -> None:
        facts = [ValueFact(pointer="/code_number", value="815")]
        archive.desk.confirm(archive.document_id(keys["b.txt"]), facts, user.name, 1)

    app.include_router(router)
    assert client.post("/api/v1/probe/confirm").status_code == 200
    response = client.post("/api/v1/probe/confirm")
    assert response.status_code == 409
    told = response.json()
    assert (told["type"], told["who"], told["revision"]) == ("urn:vndoc:conflict", getpass.getuser(), 2)
    assert datetime.fromisoformat(told["at"])


def test_the_log_holds_no_words_of_documents(clerk_client, keys, caplog):
    with caplog.at_level(logging.INFO, "vndoc.web"):
        clerk_client.get("/api/v1/session?q=đối ngoại")
        clerk_client.get("/probe/mật/pages/7.png")
        clerk_client.get("/không/có")
    lines = [record.getMessage() for record in caplog.records if record.name == "vndoc.web.access"]
    assert [line.rpartition(" ms ")[0].rsplit(" ", 1)[0] for line in lines] == [
        "GET /api/v1/session 200",
        "GET /probe/{key}/pages/{number}.png 200",
        "GET - 404",
    ]
    assert [line.rpartition(" ")[2] for line in lines[:2]] == ["vanthu", "vanthu"]


def test_headers_of_every_answer(app, client):
    for path in ("/api/v1/session", "/none", "/static/none", "/probe/broken", *(path for _, path, _ in calls(app))):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy or path == "/probe/embed"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
        assert "server" not in headers
        if not path.startswith("/static/"):
            assert "public" not in headers["cache-control"]


def test_what_may_be_kept(client):
    def kept(path):
        return client.get(path).headers["cache-control"]

    assert "immutable" in kept("/static/page.css?0123456789ab")
    assert kept("/static/page.css") == "no-cache"
    assert kept("/static/none.css?0123456789ab") == kept("/") == kept("/api/v1/session") == "no-store"


def test_a_frame_for_the_origins_that_the_operator_gives(archive_path, users_file):
    from tests.web.security.conftest import probe_router  # noqa: PLC0415

    app = create_app(WebConfig(archive_path, users=users_file, embed_origins=("https://egov.example.vn",)))
    app.include_router(probe_router())
    client = client_of(app)
    embedded = client.get("/probe/embed").headers
    assert embedded["content-security-policy"].endswith("frame-ancestors https://egov.example.vn")
    assert "x-frame-options" not in embedded
    assert client.get("/api/v1/session").headers["x-frame-options"] == "DENY"


def test_a_stream_reads_the_archive_to_its_end(client, keys):
    assert set(client.get("/probe/stream").text.split()) == set(keys.values())
