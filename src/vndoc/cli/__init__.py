"""The command line: parse the flags, call the library, print."""

from functools import cache
from typing import TYPE_CHECKING, Any

from vndoc.cli.stopping import INTERRUPTED, note_stops

if TYPE_CHECKING:
    import typer

    app: typer.Typer

__all__ = ["app", "main"]


def main() -> None:
    """Entry point of the ``vndoc`` command."""
    stopped = note_stops()
    try:
        from vndoc.cli.application import main as run  # noqa: PLC0415 -- it takes a while, in which Ctrl-C may come

        run(stopped)
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None


@cache
def _whole() -> "typer.Typer":
    from vndoc.cli.application import made  # noqa: PLC0415

    return made()


def __getattr__(name: str) -> Any:
    if name != "app":
        raise AttributeError(f"module 'vndoc.cli' has no attribute '{name}'")
    return _whole()
