"""How much a client may send, and how slowly, before anything of it is parsed."""

import asyncio
import time

from starlette.types import Message, Receive, Scope

from vndoc.web.security.problem import Problem

SMALL_BODY = 1 << 20
"""Bytes of a form or of JSON."""
UPLOAD_BODY = 256 << 20
"""Bytes of documents that are handed in at once."""
PATIENCE_SECONDS = 30.0
"""A body must have come after so long, and after one second more for each ``SLOWEST`` bytes of it."""
SLOWEST = 16 << 10
ADDRESS_BYTES, HEADERS_BYTES = 8 << 10, 16 << 10
"""Bytes of a request's address, and of its headers together."""
FORM_FIELDS, FORM_FILES, FORM_PART = 200, 200, 64 << 10
"""Fields and files of one form, and bytes of a field."""


def check_head(scope: Scope) -> None:
    """Refuse a request whose head is larger than any that the pages or a program need.

    Raises:
        Problem: 414, 431.
    """
    if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > ADDRESS_BYTES:
        raise Problem(414, f"the address has more than {ADDRESS_BYTES} bytes")
    if sum(len(name) + len(value) for name, value in scope["headers"]) > HEADERS_BYTES:
        raise Problem(431, f"the headers have more than {HEADERS_BYTES} bytes")


def check_length(announced: str | None, limit: int) -> None:
    """Refuse a body by the length that its head announces.

    Raises:
        Problem: 413; 400 for what is no length.
    """
    if announced is None:
        return
    if not (announced.isascii() and announced.isdigit()):
        raise Problem(400, "Content-Length is no number")
    if len(announced) > 15 or int(announced) > limit:
        raise _too_large(limit)


def limited(receive: Receive, limit: int) -> Receive:
    """The body's pieces until there are more than ``limit`` bytes of them, or they are too slow in coming."""
    total, whole, began = 0, False, time.monotonic()

    async def receive_limited() -> Message:
        nonlocal total, whole
        if whole:  # what comes now is the end of the connection, whenever that is
            return await receive()
        try:
            left = began + PATIENCE_SECONDS + total / SLOWEST - time.monotonic()
            message = await asyncio.wait_for(receive(), max(left, 0.0))
        except TimeoutError:
            raise Problem(408, "the request was too slow; send it again", headers={"Connection": "close"}) from None
        whole = not message.get("more_body", False)
        total += len(message.get("body", b""))
        if total > limit:
            raise _too_large(limit)
        return message

    return receive_limited


def _too_large(limit: int) -> Problem:
    detail = f"more than {limit} bytes; send less at once"
    return Problem(413, detail, kind="too-large", headers={"Connection": "close"}, limit=limit)
