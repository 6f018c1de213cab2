"""How much a client may send, and how long it may take, before anything of it is parsed."""

import asyncio

from starlette.types import Message, Receive

from vndoc.web.security.problem import Problem

SMALL_BODY = 1 << 20
"""Bytes of a form or of JSON."""
UPLOAD_BODY = 256 << 20
"""Bytes of documents that are handed in at once."""
CHUNK_SECONDS = 30.0
"""The longest wait for the next piece of a body."""


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
    """The body's pieces until there are more than ``limit`` bytes of them, or the next one is too long in coming."""
    total = 0

    async def receive_limited() -> Message:
        nonlocal total
        try:
            message = await asyncio.wait_for(receive(), CHUNK_SECONDS)
        except TimeoutError:
            raise Problem(408, "the request stopped half-way; send it again", headers={"Connection": "close"}) from None
        total += len(message.get("body", b""))
        if total > limit:
            raise _too_large(limit)
        return message

    return receive_limited


def _too_large(limit: int) -> Problem:
    detail = f"more than {limit} bytes; send less at once"
    return Problem(413, detail, kind="too-large", headers={"Connection": "close"}, limit=limit)
