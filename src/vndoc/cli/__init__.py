"""The command line: parse the flags, call the library, print."""

from vndoc.cli.application import app, main

__all__ = ["app", "main"]
