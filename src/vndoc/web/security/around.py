"""What goes around every answer: the log, headers, the name of the server, errors that nothing else caught.

Plain ASGI, so that streamed answers stay streamed.
"""

import logging
import re
import traceback

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vndoc.web.config import WebConfig
from vndoc.web.security.limits import check_head
from vndoc.web.security.problem import Problem, answer, problem_of
from vndoc.web.watching import watched

log = logging.getLogger(__name__)
access = logging.getLogger("vndoc.web.access")
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:[0-9]{1,5})?")


class AccessLog:
    """One line for a request: method, route, status, milliseconds, user; no path, no query, no words of documents."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})

        def told(status: int | None, seconds: float) -> None:
            user, route = state.get("user"), state.get("route", "-")
            method, took = scope["method"] if scope["method"].isalpha() else "?", round(1000 * seconds)
            access.info("%s %s %s %d ms %s", method[:10], route, status or "-", took, user.name if user else "-")

        await watched(self._app, scope, receive, send, told)


class SafeHeaders:
    """Headers that let a browser do with an answer only what the pages need."""

    def __init__(self, app: ASGIApp, config: WebConfig) -> None:
        self._app = app
        self._fixed = {
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",  # links hold secrets; without any, browsers send forms with a null Origin
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
        }
        self._embed_origins = " ".join(config.embed_origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})

        async def adding(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self._fixed)
                embedded = bool(state.get("embed")) and self._embed_origins
                headers["Content-Security-Policy"] = content_security_policy(
                    self._embed_origins if embedded else "'none'"
                )
                if not embedded:
                    headers["X-Frame-Options"] = "DENY"
                headers.setdefault("Cache-Control", _caching(scope, message["status"]))
            await send(message)

        await self._app(scope, receive, adding)


def content_security_policy(frame_ancestors: str) -> str:
    """What pages may load: their own files alone."""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
        f"form-action 'self'; base-uri 'none'; frame-ancestors {frame_ancestors}"
    )


class HeadFromGet:
    """HEAD is answered as GET is, without the body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self._app({**scope, "method": "GET"}, receive, without_body)


class Doorkeeper:
    """Lets in what calls the server by one of its names, and has a head of a sensible size.

    A page elsewhere could have a name of its own lead to this machine, and read answers as if they were its own.
    """

    def __init__(self, app: ASGIApp, config: WebConfig) -> None:
        self._app = app
        self._names = frozenset(name.lower() for name in config.host_names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] == "http":
            try:
                check_head(scope)
                self._check_host(Headers(scope=scope).getlist("host"))
            except Problem as problem:
                scope.setdefault("state", {})["user"] = None  # whoever reads this page is told of no one
                await answer(Request(scope), problem)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _check_host(self, given: list[str]) -> None:
        match = _HOST.fullmatch(given[0].lower()) if len(given) == 1 else None
        if match is None or match[1].strip("[]") not in self._names:
            raise Problem(421, "the server is not known by this name; 'vndoc serve --allow-host NAME' adds one")


class LastResort:
    """An exception that nothing else caught becomes an answer that tells nothing, and a line of the log."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        begun = False

        async def noting(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except ClientDisconnect:
            return
        except Exception as error:
            if scope["type"] != "http":
                raise
            log.error("%s at %s", type(error).__name__, _places(error))
            if begun:  # nothing can be taken back: the connection is cut, which tells that the answer is not whole
                raise CutOffError from None
            await _answer_anyhow(scope, receive, noting, error)


class CutOffError(Exception):
    """An answer ended before its end."""


async def _answer_anyhow(scope: Scope, receive: Receive, send: Send, error: Exception) -> None:
    problem = problem_of(error)
    try:
        response = answer(Request(scope), problem)
    except Exception as second:  # the page of errors has one of its own
        log.error("%s at %s", type(second).__name__, _places(second))
        response = PlainTextResponse("error\n", problem.status_code)
    await response(scope, receive, send)


def _places(error: Exception) -> str:
    """Where it happened, without the exception's text: that may quote a document."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames))


def _caching(scope: Scope, status: int) -> str:
    """Files of the package can be kept, for good where the address tells their content; the rest is nobody else's."""
    if status not in (200, 304) or not scope["path"].startswith("/static/"):
        return "no-store"
    return "public, max-age=31536000, immutable" if scope["query_string"] else "no-cache"
