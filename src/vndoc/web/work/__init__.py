"""What goes on behind the answers."""

from collections.abc import Sequence
from contextlib import AbstractContextManager

from fastapi import FastAPI


def services(app: FastAPI) -> Sequence[AbstractContextManager[object]]:
    """What runs as long as the server does, in the order of starting."""
    return ()
