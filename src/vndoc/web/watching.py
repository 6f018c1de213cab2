"""What becomes of a request, told when it is over: for the log and for the figures."""

import time
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Told = Callable[[int | None, float], None]
"""Takes the status of an answer, None where none began, and the seconds it took."""


async def watched(app: ASGIApp, scope: Scope, receive: Receive, send: Send, told: Told) -> None:
    """Let an application answer a request, and tell how it ended, also where it failed."""
    status, began = None, time.perf_counter()

    async def noting(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        await send(message)

    try:
        await app(scope, receive, noting)
    finally:
        told(status, time.perf_counter() - began)
