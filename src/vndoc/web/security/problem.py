"""Errors as RFC 9457 has them for programs, as a page for people; neither tells of paths, documents or the program."""

import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from fastapi.routing import iter_route_contexts
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from vndoc.archive.connection import DamagedError, LockedError
from vndoc.archive.review import ConflictError
from vndoc.errors import InputError, MissingFileError, SetupError, VndocError

MEDIA_TYPE = "application/problem+json"
log = logging.getLogger(__name__)


class Problem(HTTPException):
    """What stands in the way of an answer; raised anywhere in a route.

    Args:
        status: HTTP status.
        detail: one sentence: what happened and what to do.
        kind: a word for programs, the end of the problem's ``type``; none where the status says it all.
        headers: headers of the answer.
        extra: further members of the problem: plain JSON values.
    """

    def __init__(
        self,
        status: int,
        detail: str = "",
        *,
        kind: str | None = None,
        headers: dict[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(status, detail, headers)
        self.kind, self.extra = kind, extra

    def to_json(self) -> dict[str, Any]:
        """The members of the problem."""
        members = {"type": f"urn:vndoc:{self.kind}" if self.kind else "about:blank", "title": phrase(self.status_code)}
        shown = members | {"status": self.status_code, "detail": self.detail} | self.extra
        return {name: value for name, value in shown.items() if value not in ("", None)}


class SignInNeeded(Problem):
    """Nobody is signed in, or the token is none of ours: programs get 401, people the page to sign in."""

    def __init__(self, detail: str = "sign in, or send 'Authorization: Bearer TOKEN'") -> None:
        super().__init__(401, detail, kind="sign-in", headers={"WWW-Authenticate": "Bearer"})


def phrase(status: int) -> str:
    """Standard phrase of a status."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def for_program(request: Request) -> bool:
    """Whether a program asks, not a person with a browser."""
    path: str = request.scope["path"]  # the URL would be put together with what the client calls the host
    return path.startswith(("/api/", "/healthz", "/metrics"))


def answer(request: Request, problem: Problem) -> Response:
    """The problem as an answer in the kind that the asker understands."""
    if for_program(request):
        return JSONResponse(problem.to_json(), problem.status_code, problem.headers, MEDIA_TYPE)
    if isinstance(problem, SignInNeeded) and request.method == "GET" and "authorization" not in request.headers:
        return _to_sign_in(request)
    from vndoc.web.pages import error_page  # noqa: PLC0415  the pages import this module

    page = error_page(request, problem)
    page.headers.update(problem.headers or {})
    return page


def _to_sign_in(request: Request) -> Response:
    """The way to the page to sign in, which sends on who is signed in.

    A browser does not send the cookie of a session along where a link of another site led here, through redirections
    neither; but it does where a page of this server leads on.
    """
    query = request.scope["query_string"].decode("latin-1")
    place = request.scope["path"] + (f"?{query}" if query else "")
    address = f"/login?next={quote(place, safe='')}"
    if request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        return HTMLResponse("<!doctype html>", headers={"Refresh": f"0; url={address}"})
    return RedirectResponse(address, 303)


def problem_of(error: Exception) -> Problem:
    """What is told of an exception; its own text is not, for it may hold paths and words of documents."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, HTTPException):
        return Problem(error.status_code, headers=dict(error.headers) if error.headers else None)
    if isinstance(error, RequestValidationError):
        return Problem(422, "the request is not as described; see errors", kind="invalid", errors=_faults(error))
    if isinstance(error, ConflictError):
        detail = "the document has changed since you saw it; load it again"
        return Problem(409, detail, kind="conflict", who=error.who, at=error.at, revision=error.revision)
    for kind, problem in _KINDS.items():
        if isinstance(error, kind):
            return problem
    return Problem(500, "an error of the program; its log tells where", kind="internal")


_KINDS: dict[type[Exception], Problem] = {
    # Of what a route gave to the library; of what FastAPI gave to the route it is a RequestValidationError.
    ValidationError: Problem(422, "no document can hold such a value", kind="invalid"),
    LockedError: Problem(503, "the archive is busy; try again", kind="busy", headers={"Retry-After": "5"}),
    DamagedError: Problem(503, "the archive is damaged; see 'vndoc archive check'", kind="setup"),
    MissingFileError: Problem(404, "there is no such document", kind="missing"),
    InputError: Problem(422, "the document cannot be used", kind="document"),
    SetupError: Problem(503, "the server lacks something; its operator finds it with 'vndoc doctor'", kind="setup"),
}
"""By the first kind that fits."""


def _faults(error: RequestValidationError) -> Sequence[dict[str, Any]]:
    """Where and what, without the input: it may be a password, or a whole document."""
    return [{"loc": list(fault["loc"]), "msg": fault["msg"], "type": fault["type"]} for fault in error.errors()]


def handle_errors(app: FastAPI) -> None:
    """Answer every exception of this application's routes with a problem."""

    async def handle(request: Request, error: Exception) -> Response:
        problem = problem_of(error)
        if problem.status_code == 405:  # one route was asked; others may lie at the same path
            problem.headers = {"Allow": ", ".join(sorted(_methods(app, request.scope["path"])))}
        return answer(request, problem)

    for kind in (HTTPException, RequestValidationError, ValidationError, VndocError):
        app.add_exception_handler(kind, handle)


def _methods(app: FastAPI, path: str) -> set[str]:
    """What may be asked of a path; HEAD is answered wherever GET is."""
    found: set[str] = set()
    for context in iter_route_contexts(app.routes):
        if context.methods and context.path_regex.match(path):
            found |= context.methods
    return found | ({"HEAD"} if "GET" in found else set())
