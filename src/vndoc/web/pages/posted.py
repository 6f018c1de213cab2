"""Forms whose fields are many, or differ by the button that sent them."""

from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData


async def _posted(request: Request) -> FormData:
    return await request.form()


Posted = Annotated[FormData, Depends(_posted)]
"""The form, read once the gate has let the request in."""


def number_of(text: object) -> int | None:
    """A whole number from a form; None for anything else."""
    return int(text) if isinstance(text, str) and text.isascii() and text.isdecimal() and len(text) < 10 else None
