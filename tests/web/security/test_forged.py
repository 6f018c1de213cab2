"""Requests that another site makes a browser send."""

import pytest

from tests.web.conftest import BASE, client_of, signed_in
from tests.web.security.test_roles import calls
from vndoc.web.security import csrf

FORM = {"content-type": "application/x-www-form-urlencoded"}
OTHERS = ["http://evil.example", "null", "http://127.0.0.1:9999", "http://127.0.0.1.evil.example", "file://", ""]


@pytest.fixture(params=["on a desk", "in an office"])
def clerk(request):
    """A browser that may post."""
    return request.getfixturevalue("client" if request.param == "on a desk" else "clerk_client")


def test_a_post_of_our_page_is_taken(clerk):
    token = clerk.headers.pop(csrf.HEADER)
    own = {"origin": BASE, "sec-fetch-site": "same-origin"}
    assert clerk.post("/api/v1/probe", json={"number": 1}, headers={csrf.HEADER: token, **own}).status_code == 200
    assert clerk.post("/probe/form", data={"text": "x", "csrf": token}, headers=own).json() == "x"
    assert clerk.post("/probe/form", data={"text": "x", "csrf": token}, files={"f": b""}, headers=own).json() == "x"
    assert clerk.post("/probe/empty", data={"csrf": token}).status_code == 200  # no Origin: an old browser, or none


@pytest.mark.parametrize("origin", OTHERS)
def test_a_post_from_another_origin_is_refused_even_with_the_token(clerk, origin):
    assert clerk.post("/probe/empty", headers={"origin": origin}).status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_post_that_the_browser_calls_foreign_is_refused(clerk, site):
    assert clerk.post("/probe/empty", headers={"sec-fetch-site": site}).status_code == 403


@pytest.mark.parametrize("given", [None, "", "0" * 64, "văn"])
def test_a_post_without_the_token_is_refused(clerk, given):
    del clerk.headers[csrf.HEADER]
    clerk.headers["sec-fetch-site"] = "same-origin"
    data = {} if given is None else {"csrf": given}
    assert clerk.post("/probe/empty", data=data).status_code == 403
    assert clerk.post("/probe/form", data={"text": "x", **data}).status_code == 403
    assert clerk.post("/probe/empty", params=data).status_code == 403  # an address is no place for it
    if given is not None:
        headers = {csrf.HEADER.encode(): given.encode()}
        assert clerk.post("/probe/empty", headers=headers).status_code == 403
    assert clerk.post("/probe/empty", files={"csrf": b"x"}).status_code == 403  # a file is no token
    assert (
        clerk.post("/api/v1/probe", content=b'{"number": 1}', headers={"content-type": "text/plain"}).status_code == 403
    )


def test_the_token_of_another_session_is_refused(shared_app, clerk_client):
    other = signed_in(shared_app, "vanthu")
    assert other.headers[csrf.HEADER] != clerk_client.headers[csrf.HEADER]
    assert clerk_client.post("/probe/empty", headers={csrf.HEADER: other.headers[csrf.HEADER]}).status_code == 403


def test_the_token_of_someone_not_signed_in_is_bound_to_the_browser(shared_app, anonymous_client):
    stranger = client_of(shared_app)
    stranger.get("/probe/login")
    given = {"name": "vanthu", "password": "x" * 12, "csrf": anonymous_client.headers[csrf.HEADER]}
    assert stranger.post("/probe/login", data=given).status_code == 403


def test_a_token_of_a_program_needs_none(shared_app, tokens):
    program = client_of(shared_app, authorization=f"Bearer {tokens['vanthu']}")
    assert program.post("/api/v1/probe", json={"number": 1}).json() == "vanthu"


@pytest.mark.parametrize("mark", ["origin", "sec-fetch-site", "cookie", "referer"])
def test_a_program_on_a_desk_needs_none_but_whatever_a_browser_sends_does(client, clerk_client, mark):
    del client.headers[csrf.HEADER]
    assert client.post("/api/v1/probe", json={"number": 1}).status_code == 200
    assert client.post("/probe/empty").status_code == 403  # a page's form, not the API
    assert client.post("/api/v1/probe", json={"number": 1}, headers={mark: "x"}).status_code == 403
    assert client.post("/api/v1/probe", json={"number": 1}, headers={csrf.HEADER: "x"}).status_code == 403
    old = {"user-agent": "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko"}
    assert client.post("/api/v1/probe", json={"number": 1}, headers=old).status_code == 403
    del clerk_client.headers[csrf.HEADER]
    assert clerk_client.post("/api/v1/probe", json={"number": 1}).status_code == 403


def test_every_route_that_changes_something_is_guarded(app, client):
    del client.headers[csrf.HEADER]
    client.headers["sec-fetch-site"] = "same-origin"
    for method, path, _ in calls(app):
        if method not in csrf.SAFE_METHODS:
            assert client.request(method, path).status_code in (403, 422), (method, path)
            assert client.request(method, path, headers={"origin": "http://evil.example"}).status_code == 403


def test_behind_a_proxy_the_public_origin_is_ours(archive_path, users_file):
    from tests.web.security.conftest import probe_router  # noqa: PLC0415
    from vndoc.web.app import create_app  # noqa: PLC0415
    from vndoc.web.config import WebConfig  # noqa: PLC0415

    app = create_app(WebConfig(archive_path, users=users_file, public_url="https://vndoc.example.vn/"))
    app.include_router(probe_router())
    secret = app.state.gate.sessions.start("vanthu", app.state.gate.users.account("vanthu").password)
    client = client_of(app, host="vndoc.example.vn", cookie=f"__Host-vndoc-session={secret}")
    client.headers[csrf.HEADER] = client.get("/api/v1/session").json()["csrf"]
    assert client.post("/probe/empty", headers={"origin": "https://vndoc.example.vn"}).status_code == 200
    assert client.post("/probe/empty", headers={"origin": "http://vndoc.example.vn"}).status_code == 403
