"""What stands in a row, as objects again. A row that holds something else is damage, told without a word of it."""

import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from vndoc.archive.connection import damaged
from vndoc.dispatch import Dispatch
from vndoc.reading import Reading


@contextmanager
def loading() -> Iterator[None]:
    """What does not load is damaged; the exceptions of pydantic, json and zlib quote what they were given.

    Raises:
        DamagedError: something inside did not load.
    """
    try:
        yield
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, zlib.error):  # pydantic's is a ValueError
        raise damaged() from None


def dispatch_of(text: str) -> Dispatch:
    """A dispatch from its JSON; :class:`DamagedError` where it is none."""
    with loading():
        return Dispatch.model_validate_json(text)


def plain_of(text: str) -> Any:
    """Plain values from their JSON; :class:`DamagedError` where it is none."""
    with loading():
        return json.loads(text)


def reading_from(data: bytes) -> Reading:
    """A reading from its bytes; :class:`DamagedError` where they are none."""
    with loading():
        return Reading.from_bytes(data)
