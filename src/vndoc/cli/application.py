"""The command line put together: one module for each command, thin on purpose: flags in, a call, what it gave out."""

import logging
import signal
import sys
from io import TextIOWrapper
from types import FrameType
from typing import Annotated, TextIO

import typer

from vndoc import __version__
from vndoc.cli import terminal
from vndoc.cli.archive import archive_app
from vndoc.cli.audit import audit_command
from vndoc.cli.backup import backup_command
from vndoc.cli.batch import batch_command
from vndoc.cli.cites import cites_command
from vndoc.cli.doctor import doctor_command
from vndoc.cli.explain import explain_command
from vndoc.cli.export_corrections import export_corrections_command
from vndoc.cli.left_out import left_out_command
from vndoc.cli.parse import parse_command
from vndoc.cli.qc import qc_command
from vndoc.cli.register import register_command
from vndoc.cli.repair import repair_command
from vndoc.cli.schema import schema_command
from vndoc.cli.search import search_command
from vndoc.cli.serve import serve_command
from vndoc.cli.split import split_command
from vndoc.cli.stats import stats_command
from vndoc.cli.tasks import tasks_command
from vndoc.cli.terminal import INTERRUPTED, report_unforeseen
from vndoc.cli.users import users_app
from vndoc.sandbox import show_debug

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Scanned Vietnamese official dispatches into correct text and typed data.",
)


def _tell_version(wanted: bool) -> None:
    if wanted:
        print(f"vndoc {__version__}")
        raise typer.Exit


@app.callback()
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


app.command("parse")(parse_command)
app.command("split")(split_command)
app.command("explain")(explain_command)
app.command("repair")(repair_command)
app.command("schema")(schema_command)
app.command("doctor")(doctor_command)
app.command("batch")(batch_command)
app.command("register")(register_command)
app.command("search")(search_command)
app.command("cites")(cites_command)
app.command("tasks")(tasks_command)
app.command("left-out")(left_out_command)
app.command("stats")(stats_command)
app.command("qc")(qc_command)
app.command("backup")(backup_command)
app.command("audit")(audit_command)
app.command("export-corrections")(export_corrections_command)
app.command("serve")(serve_command)
app.add_typer(archive_app, name="archive")
app.add_typer(users_app, name="users")


def main() -> None:
    """Entry point of the ``vndoc`` command."""
    for stream in (sys.stdout, sys.stderr):
        same_everywhere(stream)
    stopped = _note_stops()
    try:
        app()
    except SystemExit as ended:
        if stopped and ended.code == 1:  # typer's own for Ctrl-C
            raise SystemExit(INTERRUPTED) from None
        raise
    except Exception as error:
        raise SystemExit(report_unforeseen(error)) from None


def same_everywhere(stream: TextIO) -> None:
    """Have a standard stream write the same bytes on each system: UTF-8, and no CR at line ends on Windows."""
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="")


def _note_stops() -> list[int]:
    """SIGTERM ends the command as Ctrl-C does, so that its temporary files are cleared; the signals that came."""
    came: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        came.append(number)
        signal.default_int_handler(number, frame)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    return came
