"""How a command is run in process, and fixtures of the archive's tests."""

from typer.testing import CliRunner

from tests.archive.conftest import archive, filled, folder, here, quick
from vndoc.cli import app

__all__ = ["archive", "filled", "folder", "here", "one_line", "quick", "run"]


def run(*args, text=None):
    return CliRunner().invoke(app, [str(a) for a in args], input=text)


def one_line(result):
    """The message on standard error, which must be a single line without a traceback."""
    lines = [line for line in result.stderr.splitlines() if line.strip()]
    assert len(lines) == 1, result.stderr
    assert lines[0].startswith("vndoc: ")
    return lines[0]
