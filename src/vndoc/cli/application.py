"""The command line put together: one module for each command, thin on purpose: flags in, a call, what it gave out."""

import logging
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Annotated

import typer

from vndoc import __version__
from vndoc.cli import streams, terminal
from vndoc.cli.stopping import INTERRUPTED
from vndoc.cli.terminal import report, report_unforeseen
from vndoc.errors import VndocError
from vndoc.sandbox import show_debug

COMMANDS = {
    "parse": "parse",
    "split": "split",
    "explain": "explain",
    "repair": "repair",
    "schema": "schema",
    "doctor": "doctor",
    "batch": "batch",
    "register": "register",
    "search": "search",
    "cites": "cites",
    "tasks": "tasks",
    "left-out": "left_out",
    "stats": "stats",
    "qc": "qc",
    "backup": "backup",
    "audit": "audit",
    "export-corrections": "export_corrections",
    "serve": "serve",
    "archive": "archive",
    "users": "users",
}
"""Commands in the order of the help, and the module of this package in which each is."""
_WITH_COMMANDS = ("archive", "users")
"""Those that have commands of their own."""


def made(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """The command line with some of its commands: each is loaded with all that it imports."""
    app = typer.Typer(
        add_completion=False,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        help="Scanned Vietnamese official dispatches into correct text and typed data.",
    )
    app.callback()(_options)
    for name in names:
        module = import_module(f"vndoc.cli.{COMMANDS[name]}")
        if name in _WITH_COMMANDS:
            app.add_typer(getattr(module, f"{COMMANDS[name]}_app"), name=name)
        else:
            app.command(name)(getattr(module, f"{COMMANDS[name]}_command"))
    return app


def _tell_version(wanted: bool) -> None:
    if wanted:
        print(f"vndoc {__version__}")
        raise typer.Exit


def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Print the version and end.")
    ] = False,
    debug: Annotated[
        bool,
        typer.Option("--debug", help="Show tracebacks and what libraries print. They may quote documents."),
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Log each decision and its module on standard error.")
    ] = False,
) -> None:
    """The options before a command."""
    if debug:
        terminal.show_tracebacks()
        show_debug()
    if verbose:
        logging.basicConfig(format="%(name)s: %(message)s", stream=sys.stderr)
        logging.getLogger("vndoc").setLevel(logging.DEBUG)


def main(stopped: Sequence[int] = ()) -> None:
    """Do what the command line asks for, and end with its exit code; ``stopped`` are the signals that came."""
    streams.prepare()
    try:
        wanted = command_of(sys.argv[1:])
        made([wanted] if wanted else COMMANDS)()
    except SystemExit as ended:
        code = INTERRUPTED if stopped and ended.code == 1 else ended.code  # 1 is typer's own for Ctrl-C
        raise SystemExit(code or _flushed()) from None
    except Exception as error:
        raise SystemExit(report_unforeseen(error)) from None


def _flushed() -> int:
    """Write out what standard output still holds; the exit code."""
    try:
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except VndocError as error:
        return report(error)
    return 0


def command_of(words: Sequence[str]) -> str | None:
    """The command that is asked for; None where all must be known: for the help, and to say which there are.

    >>> command_of(["--verbose", "parse", "batch"]), command_of(["--help", "parse"]), command_of(["pasre", "batch"])
    ('parse', None, None)
    """
    for word in words:
        if not word.startswith("-"):
            return word if word in COMMANDS else None
        if word == "--help":
            return None
    return None
