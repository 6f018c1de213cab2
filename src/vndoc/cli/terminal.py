"""What the commands print: one line for an error, JSON for programs, text that no file name can break."""

import json
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.text import Text

from vndoc.characters import displayed
from vndoc.cli.streams import Output
from vndoc.errors import VndocError, unwritable
from vndoc.filenames import readable
from vndoc.replacing import replacing
from vndoc.sandbox import as_told

_tracebacks = False
stderr = Console(stderr=True, highlight=False, soft_wrap=True)

SOME_FAILED = 9
"""Exit code where some of several documents failed; each failure's own line is on standard error."""


@contextmanager
def failing() -> Iterator[None]:
    """An error of vndoc becomes one line on standard error and its exit code."""
    try:
        yield
    except VndocError as error:
        raise typer.Exit(report(error)) from None


def report(error: VndocError) -> int:
    """Print an error as one line on standard error; its exit code."""
    stderr.print(f"vndoc: {shown(' '.join(str(error).split()))}", markup=False, style="red")
    return error.exit_code


def show_tracebacks() -> None:
    """From now on an unforeseen error comes with its traceback."""
    global _tracebacks  # noqa: PLW0603 -- one choice for the process
    _tracebacks = True


def report_unforeseen(error: Exception, about: object = None) -> int:
    """Print an error that nobody raised on purpose, without its text, which may quote a document; its exit code."""
    if _tracebacks:
        traceback.print_exception(error)
    return report(as_told(error, about=None if about is None else str(about)))


def tell_pages(documents: int, pages: int, sizes: str) -> None:
    """The sum of a table of documents, on standard error."""
    print(f"vndoc: {documents} documents, {pages} pages: {sizes}", file=sys.stderr)


def shown(text: str) -> str:
    """The text on one line: a file name may hold line feeds, or bytes that are no letters."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in readable(text))


def styled(text: str, style: str = "") -> Text:
    """Words of a document or an archive, for a console: what would steer it has a mark in its place."""
    return Text(displayed(text), style=style)


def to_json(value: Any, indent: int | None = None) -> str:
    """JSON of plain values, dataclasses and dates, with names that are no UTF-8 spelt out: see :func:`readable`."""
    return displayed(json.dumps(_plain(value), ensure_ascii=False, indent=indent))


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, Mapping):
        return {_plain(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return readable(value.isoformat() if isinstance(value, date) else str(value))


def write(data: str | bytes, output: Path | None) -> None:
    """Write to a file, or to standard output where there is none; a file that was there stays until all is written.

    What would steer a terminal has a mark in its place on standard output.

    Raises:
        MissingFileError, MachineError: see :func:`vndoc.errors.unwritable`.
    """
    if output is None:
        if isinstance(data, bytes):
            sys.stdout.flush()
            try:
                sys.stdout.buffer.write(data)
                sys.stdout.buffer.flush()
            except OSError as error:
                if isinstance(sys.stdout, Output):
                    sys.stdout.failed(error)
                raise
        else:
            sys.stdout.write(displayed(data))
        return
    try:
        with replacing(output) as fresh:
            fresh.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    except OSError as error:
        raise unwritable(error, output) from None
