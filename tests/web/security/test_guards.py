"""Every route says who may call it."""

import pytest
from fastapi import APIRouter, FastAPI

from vndoc.web.app import create_app
from vndoc.web.config import WebConfig
from vndoc.web.deps import Clerk, OpenArchive, Reader, guarded_router, route_roles
from vndoc.web.security.roles import Role


def test_a_route_without_a_role_cannot_be_written():
    router = guarded_router()
    with pytest.raises(TypeError, match="must ask for one role"):

        @router.get("/open")
        def open_to_all() -> None: ...


def test_a_route_of_a_plain_router_makes_the_application_fail(archive_path, monkeypatch):
    from vndoc.web import api  # noqa: PLC0415

    plain = APIRouter()
    plain.get("/open")(lambda: None)
    monkeypatch.setattr(api, "router", plain)
    with pytest.raises(TypeError, match="/open"):
        create_app(WebConfig(archive_path))


def test_roles_of_included_routes_are_listed_with_their_whole_path():
    inner = guarded_router()
    inner.get("/{key}")(_read)
    inner.post("/{key}")(_write)
    outer = guarded_router(prefix="/api")
    outer.include_router(inner, prefix="/things")
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.include_router(outer)
    assert route_roles(app) == [("GET", "/api/things/{key}", Role.READ), ("POST", "/api/things/{key}", Role.CLERK)]


def test_a_route_reads_the_archive(app, client):
    router = guarded_router()
    router.get("/counts")(_counts)
    app.include_router(router)
    assert client.get("/counts").json() == {"done": 3}


def _read(user: Reader) -> str:
    return user.name


def _write(user: Clerk) -> str:
    return user.name


def _counts(user: Reader, archive: OpenArchive) -> dict[str, int]:
    return {state: n for state, n in archive.counts().items() if n}
