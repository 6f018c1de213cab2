"""Routes to attack, beside those of the application."""

from typing import Annotated

import pytest
from fastapi import Form, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, StreamingResponse
from pydantic import BaseModel

from vndoc.web.deps import Anyone, Clerk, OpenArchive, Reader, csrf_token, guarded_router, require
from vndoc.web.security.roles import Role, User
from vndoc.web.security.signing_in import safe_next, sign_in, sign_out

SECRET_TEXT = "nội dung văn bản mật"


class Thing(BaseModel):
    number: int


def probe_router():
    router = guarded_router()

    @router.post("/api/v1/probe")
    def json(thing: Thing, user: Clerk) -> str:
        return user.name

    @router.post("/api/v1/probe/upload")
    def upload(file: UploadFile, user: Annotated[User, require(Role.CLERK, body=4 << 20)]) -> int:
        return file.size or 0

    @router.post("/probe/form")
    def form(text: Annotated[str, Form()], user: Clerk) -> str:
        return text

    @router.post("/probe/empty")
    def empty(user: Clerk) -> str:
        return user.name

    @router.get("/probe/broken")
    @router.get("/api/v1/probe/broken")
    def broken(user: Reader) -> None:
        raise ValueError(SECRET_TEXT)

    @router.get("/probe/stream")
    def stream(user: Reader, archive: OpenArchive) -> StreamingResponse:
        return StreamingResponse(f"{entry.sha256}\n" for entry in archive.entries())

    @router.get("/probe/embed")
    def embed(request: Request, user: Anyone) -> HTMLResponse:
        request.state.embed = True
        return HTMLResponse("<!doctype html>")

    @router.get("/probe/login")
    def sign_in_page(request: Request, user: Anyone) -> str:
        return csrf_token(request)

    @router.post("/probe/login")
    def login(
        request: Request,
        name: Annotated[str, Form()],
        password: Annotated[str, Form()],
        user: Anyone,
        next_: Annotated[str, Form(alias="next")] = "/",
    ) -> RedirectResponse:
        response = RedirectResponse(safe_next(next_), 303)
        sign_in(request, name, password, response)
        return response

    @router.post("/probe/logout")
    def logout(request: Request, user: Anyone) -> RedirectResponse:
        response = RedirectResponse("/", 303)
        sign_out(request, response)
        return response

    @router.get("/probe/{key}/pages/{number}.png")
    def page(key: str, number: int, user: Reader) -> str:
        return key

    return router


@pytest.fixture
def app(app):
    app.include_router(probe_router())
    return app


@pytest.fixture
def shared_app(shared_app):
    shared_app.include_router(probe_router())
    return shared_app
