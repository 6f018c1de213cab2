"""Names and passwords, and what becomes of a session."""

import logging

import pytest

from tests.web.conftest import PASSWORD, client_of, signed_in, with_csrf
from vndoc.web.security.guessing import FREE_TRIES, Guessing
from vndoc.web.security.sessions import IDLE_SECONDS, LONGEST_SECONDS, SESSIONS_EACH, Sessions
from vndoc.web.security.signing_in import safe_next

COOKIE = "vndoc-session"


def attempt(client, name="vanthu", password=PASSWORD, **more):
    token = client.get("/probe/login").json()
    client.headers.pop("x-csrf-token", None)
    return client.post("/probe/login", data={"name": name, "password": password, "csrf": token, **more})


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


def test_signing_in_and_out(anonymous_client):
    response = attempt(anonymous_client, next="/search?q=x")
    assert (response.status_code, response.headers["location"]) == (303, "/search?q=x")
    (cookie,) = [value for value in response.headers.get_list("set-cookie") if value.startswith(COOKIE)]
    assert {part.strip().lower() for part in cookie.split(";")[1:]} == {"httponly", "samesite=strict", "path=/"}
    assert anonymous_client.get("/api/v1/session").json()["user"] == "vanthu"
    secret = anonymous_client.cookies[COOKIE]
    with_csrf(anonymous_client)
    assert anonymous_client.post("/probe/logout").status_code == 303
    assert COOKIE not in anonymous_client.cookies
    anonymous_client.cookies.set(COOKIE, secret, domain="127.0.0.1")  # a copy of the cookie is of no use
    assert anonymous_client.get("/api/v1/session").json()["user"] is None


def test_the_secret_is_not_kept(shared_app, clerk_client):
    secret = clerk_client.cookies[COOKIE]
    assert secret not in repr(vars(shared_app.state.gate.sessions))


def test_a_planted_cookie_does_not_become_a_session(anonymous_client):
    anonymous_client.cookies.set(COOKIE, "planted", domain="127.0.0.1")
    attempt(anonymous_client)
    assert anonymous_client.cookies[COOKIE] != "planted"
    anonymous_client.cookies.set(COOKIE, "planted", domain="127.0.0.1")
    assert anonymous_client.get("/api/v1/session").json()["user"] is None


def test_signing_in_again_ends_the_session_before(shared_app, clerk_client):
    before = clerk_client.cookies[COOKIE]
    assert attempt(clerk_client).status_code == 303
    assert clerk_client.cookies[COOKIE] != before
    assert len(shared_app.state.gate.sessions.all()) == 1


@pytest.mark.parametrize(
    ("name", "password"),
    [("vanthu", "sai mật khẩu"), ("ai đó", PASSWORD), ("", PASSWORD), ("van\nthu", PASSWORD), ("vanthu", "x" * 5000)],
)
def test_wrong_is_wrong_and_all_the_same(anonymous_client, name, password, caplog):
    with caplog.at_level(logging.INFO, "vndoc.web"):
        response = attempt(anonymous_client, name or " ", password)
    assert response.status_code == 401
    assert COOKIE not in anonymous_client.cookies
    assert all(part not in caplog.text for part in (name, password) if part)


def test_an_unknown_name_costs_a_verification_too(anonymous_client, monkeypatch):
    verified = []
    monkeypatch.setattr("vndoc.web.security.users._fits", lambda hashed, password: bool(verified.append(hashed)))
    attempt(anonymous_client, "ai đó")
    attempt(anonymous_client, "vanthu")
    assert len(verified) == 2
    assert all(hashed.startswith("$argon2id$") for hashed in verified)


def test_letters_written_in_another_way_are_the_same_password(anonymous_client):
    import unicodedata  # noqa: PLC0415

    decomposed = unicodedata.normalize("NFD", PASSWORD)
    assert decomposed != PASSWORD
    assert attempt(anonymous_client, password=decomposed).status_code == 303


def test_guessing_gets_slow(anonymous_client, shared_app):
    clock = Clock()
    shared_app.state.gate.guessing = Guessing(clock)
    for _ in range(FREE_TRIES):
        assert attempt(anonymous_client, password="sai mật khẩu").status_code == 401
    refused = attempt(anonymous_client)  # the right one is not looked at either
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) == 1
    clock.now += 1
    assert attempt(anonymous_client).status_code == 303


def test_waits_double_and_end():
    clock = Clock()
    guessing = Guessing(clock)
    waits = []
    for k in range(20):
        while (wait := guessing.attempt(f"name {k}", "192.0.2.1")) is not None:
            waits.append(wait)
            clock.now += wait
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900, 900]
    clock.now += 3601
    assert guessing.attempt("name", "192.0.2.1") is None


def test_another_address_of_the_same_network_does_not_help():
    guessing = Guessing(Clock())
    for k in range(FREE_TRIES):
        assert guessing.attempt(f"name {k}", f"2001:db8::{k}") is None
    assert guessing.attempt("name", "2001:db8::ffff") == 1
    assert guessing.attempt("name", "2001:db8:0:1::ffff") is None
    assert guessing.attempt("name", "192.0.2.1") is None


def test_failing_on_purpose_locks_nobody_else_out_for_long():
    clock = Clock()
    guessing = Guessing(clock)
    for k in range(200):
        guessing.attempt("vanthu", f"192.0.2.{k}")
    wait = guessing.attempt("vanthu", "198.51.100.1")
    assert wait is not None
    assert wait <= 30


def test_signing_in_does_not_wipe_the_failures_of_the_address():
    """Whoever has one password must not guess another between two sign-ins of his own."""
    guessing = Guessing(Clock())
    for k in range(FREE_TRIES):
        assert guessing.attempt(f"victim {k}", "192.0.2.1") is None
        if k < FREE_TRIES - 1:
            assert guessing.attempt("own", "192.0.2.1") is None
            guessing.succeeded("own", "192.0.2.1")
    assert guessing.attempt("victim", "192.0.2.1") == 1


def test_what_is_remembered_of_failures_is_bounded(monkeypatch):
    monkeypatch.setattr("vndoc.web.security.guessing.MOST_KEPT", 100)
    guessing = Guessing(Clock())
    for k in range(1000):
        guessing.attempt(f"name {k}", f"address {k}")
    assert len(guessing._records) <= 100


def test_sessions_end():
    clock = Clock()
    sessions = Sessions(clock)
    idle, busy = sessions.start("a", None), sessions.start("b", None)
    for _ in range(int(LONGEST_SECONDS // (IDLE_SECONDS - 1))):
        clock.now += IDLE_SECONDS - 1
        assert sessions.find(busy)
    assert sessions.find(idle) is None
    clock.now += IDLE_SECONDS - 2
    assert sessions.find(busy) is None
    assert sessions.all() == []


def test_one_user_holds_a_bounded_number_of_sessions():
    sessions = Sessions(Clock())
    first, *others = [sessions.start("a", None) for _ in range(SESSIONS_EACH + 1)]
    assert sessions.find(first) is None
    assert all(sessions.find(secret) for secret in others)


def test_an_administrator_sees_sessions_and_ends_them(shared_app, admin_client):
    clerk = signed_in(shared_app, "vanthu")
    (number,) = [s["number"] for s in admin_client.get("/api/v1/sessions").json() if s["user"] == "vanthu"]
    assert admin_client.delete(f"/api/v1/sessions/{number}").status_code == 204
    assert clerk.get("/api/v1/session").json()["user"] is None
    assert admin_client.delete(f"/api/v1/sessions/{number}").status_code == 404


def test_behind_tls_cookies_are_for_tls_only(archive_path, users_file):
    from tests.web.security.conftest import probe_router  # noqa: PLC0415
    from vndoc.web.app import create_app  # noqa: PLC0415
    from vndoc.web.config import WebConfig  # noqa: PLC0415

    app = create_app(WebConfig(archive_path, users=users_file, public_url="https://vndoc.example.vn"))
    app.include_router(probe_router())
    response = client_of(app).get("/probe/login")
    assert response.headers["set-cookie"].startswith("__Host-vndoc-visit=")
    assert "secure" in response.headers["set-cookie"].lower()


ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "http://evil.example",
    "https:evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "/x\r\nSet-Cookie: a=b",
    "/\t/evil.example",
    " //evil.example",
    "evil.example",
    "",
    "/a\x00b",
    "//[",
]


@pytest.mark.parametrize("address", ELSEWHERE)
def test_signing_in_leads_nowhere_else(anonymous_client, address):
    assert safe_next(address) == "/"
    response = attempt(anonymous_client, next=address)
    assert response.headers["location"] == "/"
    assert "a" not in anonymous_client.cookies


def test_a_page_that_needs_signing_in_leads_back(anonymous_client):
    response = anonymous_client.get("/probe/stream?q=đối ngoại&next=//evil.example")
    assert response.status_code == 303
    location = response.headers["location"]
    assert location.startswith("/login?next=%2Fprobe%2Fstream%3Fq%3D")
    assert location.count("?") == 1
    assert anonymous_client.get("/api/v1/sessions").status_code == 401
    assert anonymous_client.post("/probe/empty").status_code == 401


@pytest.mark.parametrize("path", ["/documents/x?q=a&b", "//evil.example", "/%0d%0aSet-Cookie: a=b", '/x"; url=//evil'])
def test_a_link_of_another_site_finds_who_is_signed_in(shared_app, clerk_client, path):
    """Its first request comes without the cookie: a page of ours leads on, and with that the browser sends it."""
    foreign = {"sec-fetch-site": "cross-site"}
    stranger = client_of(shared_app)
    response = stranger.get("/probe/stream", params={"q": path}, headers=foreign)
    assert response.status_code == 200
    wait, _, address = response.headers["refresh"].partition("; url=")
    assert (wait, address[:12]) == ("0", "/login?next=")
    assert not set(address) & set(" \"';,\r\n")
    onward = clerk_client.get(address)
    assert onward.status_code == 303
    assert onward.headers["location"].startswith("/probe/stream?q=")
    assert stranger.get(address, headers=foreign).status_code == 200  # the form, and no circle
    assert "refresh" not in stranger.get(address, headers=foreign).headers
