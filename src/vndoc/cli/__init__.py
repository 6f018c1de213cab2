"""The command line: parse the flags, call the library, print."""

from functools import cache
from typing import TYPE_CHECKING, Any

from vndoc.cli.application import made, main

if TYPE_CHECKING:
    import typer

    app: typer.Typer

__all__ = ["app", "main"]

_whole = cache(made)


def __getattr__(name: str) -> Any:
    if name != "app":
        raise AttributeError(f"module 'vndoc.cli' has no attribute '{name}'")
    return _whole()
