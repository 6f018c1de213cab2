"""The standard streams of the command: the same bytes on each system, and what can go wrong where they lead.

Whoever reads the output may close it (``| head``), its disk may be full, and a stream may be closed from the start.
What is printed on standard error is a courtesy: where it cannot be, the exit code says it alone.
"""

import os
import sys
from io import TextIOWrapper
from typing import IO, TextIO, cast

from vndoc.errors import unwritable

_NAMES = ("stdin", "stdout", "stderr")


def prepare() -> None:
    """Make the standard streams those of this module."""
    for number, name in enumerate(_NAMES):
        if getattr(sys, name) is None:
            setattr(sys, name, _to_nowhere(number))
    for name, kind in (("stdout", Output), ("stderr", Remarks)):
        stream = getattr(sys, name)
        if stream is getattr(sys, f"__{name}__") and isinstance(stream, TextIOWrapper):
            setattr(sys, name, kind(cast("IO[bytes]", stream.detach()), line_buffering=stream.line_buffering))
        else:
            same_everywhere(stream)


def same_everywhere(stream: TextIO) -> None:
    """Have a standard stream write the same bytes on each system: UTF-8, and no CR at line ends on Windows."""
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="")


def _to_nowhere(number: int) -> TextIO:
    """In place of a closed stream: else the next file that is opened would get its number, and be printed on."""
    descriptor = os.open(os.devnull, os.O_RDWR)
    if descriptor != number:
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.set_inheritable(number, True)
    return open(number, "w" if number else "r", encoding="utf-8", closefd=False)


class _Stream(TextIOWrapper):
    def __init__(self, buffer: IO[bytes], *, line_buffering: bool) -> None:
        super().__init__(buffer, "utf-8", "backslashreplace", "", line_buffering)

    def write(self, text: str, /) -> int:
        """See :class:`io.TextIOWrapper`."""
        try:
            return super().write(text)
        except OSError as error:
            self.failed(error)
            return len(text)

    def flush(self) -> None:
        """See :class:`io.TextIOWrapper`."""
        try:
            super().flush()
        except OSError as error:
            self.failed(error)

    def failed(self, error: OSError) -> None:
        """What cannot be written goes nowhere from now on: else Python would try again at its end, and complain."""
        descriptor = os.open(os.devnull, os.O_WRONLY)
        os.dup2(descriptor, self.fileno())
        os.close(descriptor)


class Output(_Stream):
    """Standard output."""

    def failed(self, error: OSError) -> None:
        """See :class:`_Stream`.

        Raises:
            KeyboardInterrupt: nobody reads it any more: the command is stopped as by Ctrl-C.
            MachineError, MissingFileError: it cannot be written.
        """
        super().failed(error)
        if isinstance(error, BrokenPipeError):
            raise KeyboardInterrupt from None
        raise unwritable(error, "standard output", "check where it leads") from None


class Remarks(_Stream):
    """Standard error."""
