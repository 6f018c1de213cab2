"""Whoever came by a link to one document: that document, and nothing else of the archive."""

import pytest
from fastapi import Response
from fastapi.routing import iter_route_contexts

from tests.web.conftest import client_of, with_csrf
from tests.web.security.test_roles import change, filled_in
from vndoc import Archive
from vndoc.web.app import create_app
from vndoc.web.config import WebConfig
from vndoc.web.deps import GuardedRoute, GuestClerk, GuestReader, guard_of, guarded_router
from vndoc.web.security import csrf
from vndoc.web.security.visits import IDLE_VISIT, LONGEST_VISIT, Visit

OWN, OTHER = "a" * 64, "b" * 64


def with_guest_routes(app):
    router = guarded_router(prefix="/probe/guests")

    @router.get("/{key}")
    def see(key: str, user: GuestReader) -> str:
        return user.name

    @router.post("/{key}")
    def settle(key: str, user: GuestClerk) -> str:
        return user.name

    @router.get("")
    def without_a_key(user: GuestReader) -> str:
        return user.name

    app.include_router(router)
    return app


def admitted(app, key=OWN, made_by="quantri"):
    """A browser in which a link of this user was opened."""
    answer = Response()
    app.state.gate.let_visit(answer, Visit(key, f"Nguyễn Văn A ({made_by})", made_by))
    cookie = answer.headers["set-cookie"].partition(";")[0]
    return with_csrf(client_of(app, cookie=cookie))


@pytest.fixture
def shared_app(shared_app):
    return with_guest_routes(shared_app)


def test_a_guest_sees_and_settles_the_one_document(shared_app):
    guest = admitted(shared_app)
    assert guest.get(f"/probe/guests/{OWN}").json() == "Nguyễn Văn A (quantri)"
    assert guest.post(f"/probe/guests/{OWN}").json() == "Nguyễn Văn A (quantri)"
    del guest.headers[csrf.HEADER]
    assert guest.post(f"/probe/guests/{OWN}").status_code == 403


def test_a_guest_sees_nothing_else(shared_app):
    """Every route: those that are not for guests whatever they ask for, the others with the key of another document."""
    guest = admitted(shared_app)
    for context in iter_route_contexts(shared_app.routes):
        route = context.original_route
        if isinstance(route, GuardedRoute) and guard_of(route).role is not None:
            key = OTHER if guard_of(route).guests else OWN
            for method in context.methods:
                path = filled_in(context.path).replace("0" * 64, key)
                assert guest.request(method, path).status_code == 403, (method, path)
    assert guest.get("/probe/guests").status_code == 403
    assert guest.get(f"/probe/guests/{OWN}?key={OTHER}").status_code == 200  # the path alone counts
    assert guest.get(f"/probe/guests/{OTHER}?key={OWN}").status_code == 403
    assert guest.get(f"/probe/guests/{OWN}.1").status_code == 403


def test_a_guest_is_no_user(shared_app):
    guest = admitted(shared_app)
    secret = guest.headers["cookie"].partition("=")[2]
    assert client_of(shared_app, cookie=f"vndoc-session={secret}").get("/api/v1/session").json()["user"] is None
    assert client_of(shared_app, authorization=f"Bearer {secret}").get("/api/v1/session").status_code == 401


def test_a_session_opens_no_document_as_a_guest(shared_app, reader_client):
    secret = reader_client.cookies["vndoc-session"]
    assert client_of(shared_app, cookie=f"vndoc-link={secret}").get(f"/probe/guests/{OWN}").status_code == 303


@pytest.mark.parametrize("made_by", ["vanthu", "doc", "không ai"])
def test_only_links_of_administrators_hold(shared_app, made_by):
    assert admitted(shared_app, made_by=made_by).get(f"/probe/guests/{OWN}").status_code == 303


def test_a_guest_ends_with_who_made_the_link(shared_app, users_file):
    guest = admitted(shared_app)
    change(users_file, "quantri", remove=True)
    assert guest.get(f"/probe/guests/{OWN}").status_code == 303


@pytest.mark.parametrize("seconds", [IDLE_VISIT, LONGEST_VISIT])
def test_a_guest_ends_in_time(shared_app, seconds):
    guest = admitted(shared_app)
    visits = shared_app.state.gate.visits
    now = visits._clock()
    visits._clock = lambda: now + seconds + 1
    assert guest.get(f"/probe/guests/{OWN}").status_code == 303


def test_a_guest_of_a_part_does_not_see_the_rest_of_its_file(shared_app, archive_path, keys):
    whole = keys["a.txt"]
    with Archive(archive_path) as archive:
        archive.desk.recut(archive.document_id(whole), [1, 2], "vanthu", 1)
    guest = admitted(shared_app, f"{whole}.1")
    told = guest.get(f"/api/v1/documents/{whole}.1")
    assert (told.status_code, [part["key"] for part in told.json()["parts"]]) == (200, [f"{whole}.1"])
    for path in (f"{whole}.1/original", f"{whole}.2", whole, f"{whole}/original", f"{whole}.1/parts"):
        assert guest.get(f"/api/v1/documents/{path}").status_code in (403, 404), path
        assert guest.get(f"/documents/{path}").status_code in (403, 404), path


def test_a_frame_of_another_system(archive_path, users_file):
    """Its origin may frame what a guest sees, the cookie is sent from there, and is worth nothing without the token."""
    config = WebConfig(
        archive_path,
        users=users_file,
        public_url="https://vndoc.example.vn",
        embed_origins=("https://egov.example.net",),
    )
    app = with_guest_routes(create_app(config))
    answer = Response()
    app.state.gate.let_visit(answer, Visit(OWN, "A", "quantri"))
    cookie, *about = answer.headers["set-cookie"].split("; ")
    assert cookie.startswith("__Host-vndoc-link=")
    assert {"HttpOnly", "Secure", "SameSite=None", "Partitioned", "Path=/"} == set(about)
    guest = client_of(app, cookie=cookie)
    page = guest.get(f"/probe/guests/{OWN}")
    assert page.headers["content-security-policy"].endswith("frame-ancestors https://egov.example.net")
    assert guest.post(f"/probe/guests/{OWN}").status_code == 403
    with_csrf(guest)
    assert guest.post(f"/probe/guests/{OWN}", headers={"origin": "https://egov.example.net"}).status_code == 403


def test_without_tls_no_other_site_sends_the_cookie(archive_path, users_file):
    app = create_app(WebConfig(archive_path, users=users_file, embed_origins=("http://egov.example.vn",)))
    answer = Response()
    app.state.gate.let_visit(answer, Visit(OWN, "A", "quantri"))
    assert "samesite=strict" in answer.headers["set-cookie"].lower()
