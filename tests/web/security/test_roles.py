"""Every route of the application against everyone who may come: who gets in is what the route says, no more."""

import asyncio
import re

import pytest

from tests.web.conftest import client_of, signed_in
from vndoc.web.deps import route_roles
from vndoc.web.security.roles import Role
from vndoc.web.security.sessions import IDLE_SECONDS

KEY = "0" * 64
MAY = {
    "none": set(),
    "doc": {Role.READ},
    "vanthu": {Role.READ, Role.CLERK},
    "quantri": {Role.READ, Role.ADMIN},
    "doc token": {Role.READ},
    "vanthu token": {Role.READ, Role.CLERK},
    "quantri token": {Role.READ, Role.ADMIN},
}
NO_TOKEN = ("wrong token", "vanthu expired", "quantri expired", "no scheme", "basic")


def filled_in(path):
    """The path with something in the place of each parameter: the key or the number of nothing."""
    return re.sub(r"\{(\w+)(:\w+)?\}", lambda m: KEY if "key" in m[1] else "999999", path)


def outcome(response):
    """Whether someone was let in, and what they were told otherwise."""
    to_sign_in = response.status_code == 303 and response.headers["location"].startswith("/login?next=")
    return 401 if to_sign_in else response.status_code


def visitor(app, who, tokens):
    if who == "none":
        return client_of(app)
    if who.endswith(" token"):
        return client_of(app, authorization=f"Bearer {tokens[who.removesuffix(' token')]}")
    return signed_in(app, who)


def calls(app):
    return [(method, filled_in(path), role) for method, path, role in route_roles(app)]


@pytest.mark.parametrize("who", MAY)
def test_everyone_gets_in_where_they_may_and_nowhere_else(shared_app, tokens, who):
    for method, path, role in calls(shared_app):  # each time in anew: a route may sign out
        status = outcome(visitor(shared_app, who, tokens).request(method, path))
        if role is None or role in MAY[who]:
            assert status not in (401, 403) or (who == "none" and method == "POST"), (method, path)  # no CSRF token
            assert status != 500 or "broken" in path, (method, path)
        else:
            assert status == (401 if who == "none" else 403), (method, path)


@pytest.mark.parametrize("name", ["doc", "vanthu", "quantri"])
@pytest.mark.parametrize("end", ["idle", "ended", "removed", "other password"])
def test_a_session_that_is_over_lets_nobody_in(shared_app, users_file, name, end):
    client = signed_in(shared_app, name)
    gate = shared_app.state.gate
    if end == "idle":
        now = gate.sessions._clock()
        gate.sessions._clock = lambda: now + IDLE_SECONDS + 1
    elif end == "ended":
        (session,) = [session for session, _, _ in gate.sessions.all()]
        gate.sessions.end_number(session.number)
    else:
        change(users_file, name, remove=end == "removed")
    for method, path, role in calls(shared_app):
        if role is not None:
            assert outcome(client.request(method, path)) == 401, (method, path)


@pytest.mark.parametrize("kind", NO_TOKEN)
def test_a_token_that_is_none_lets_nobody_in(shared_app, tokens, kind):
    given = {
        "wrong token": "Bearer vnd_" + "x" * 43,
        "no scheme": tokens["quantri"],
        "basic": f"Basic {tokens['quantri']}",
    }.get(kind) or f"Bearer {tokens[kind]}"
    # A session beside it does not help: whoever shows a token means it.
    client = signed_in(shared_app, "quantri")
    client.headers["authorization"] = given
    for method, path, _ in calls(shared_app):
        assert outcome(client.request(method, path)) == 401, (method, path)


def test_without_a_users_file_a_token_lets_nobody_in(app, client, tokens):
    for method, path, _ in calls(app):
        assert outcome(client.request(method, path, headers={"authorization": f"Bearer {tokens['doc']}"})) == 401


def test_nobody_is_let_in_before_the_body_is_read(shared_app):
    """A stranger's upload is refused by its head: the body would be taken only to be thrown away."""
    for method, path, role in calls(shared_app):
        if method in ("POST", "PUT", "PATCH", "DELETE") and role is not None:
            assert status_without_reading(shared_app, method, path) == 401


def status_without_reading(app, method, path):
    started = []

    async def receive():
        raise AssertionError("the body was read")

    async def send(message):
        started.extend([message["status"]] if message["type"] == "http.response.start" else [])

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "scheme": "http",
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1:8815"), (b"content-type", b"multipart/form-data; boundary=x")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8815),
    }
    asyncio.run(app(scope, receive, send))
    return started[0]


def change(users_file, name, *, remove):
    from vndoc.web.security.users import edited, hash_password  # noqa: PLC0415

    with edited(users_file) as content:
        account = content.users.pop(name)
        if not remove:
            content.put(account.model_copy(update={"password": hash_password("một mật khẩu khác")}))


def test_a_token_may_have_fewer_roles_than_its_user(shared_app, users_file):
    from vndoc.web.security.users import edited, new_token  # noqa: PLC0415

    secret, token = new_token(1, frozenset({Role.READ}))
    with edited(users_file) as content:
        account = content.users["quantri"]
        content.put(account.model_copy(update={"tokens": (*account.tokens, token)}))
    client = client_of(shared_app, authorization=f"Bearer {secret}")
    assert client.get("/api/v1/session").json()["roles"] == ["read"]
    assert client.get("/api/v1/sessions").status_code == 403
