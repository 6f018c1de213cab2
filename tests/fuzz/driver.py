"""The command line many times in one process, for campaigns: ``python -m tests.fuzz.driver``.

Each line on standard input is a request (JSON: arguments, and files for standard output and error), each line on
standard output the exit code of that call. What a call prints, and what libraries in C print, goes to the files.
"""

import json
import os
import sys
import traceback
from typing import TextIO

from vndoc.cli import main


def called(arguments: list[str]) -> int:
    """The exit code of the command line with these arguments."""
    sys.argv = ["vndoc", *arguments]
    try:
        main()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except BaseException:  # as Python itself would: a traceback, and 1
        traceback.print_exc()
        return 1
    return 0


def redirect(path: str, stream: int) -> None:
    """Let a stream of this process, and of what it calls, go to a file."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(file, stream)
    os.close(file)


def answer(requests: TextIO, answers: TextIO) -> None:
    """Answer each request, one after the other."""
    for line in requests:
        request = json.loads(line)
        redirect(request["output"], 1)
        redirect(request["error"], 2)
        code = called(request["arguments"])
        sys.stdout.flush()
        sys.stderr.flush()
        print(code, file=answers, flush=True)


if __name__ == "__main__":
    own = os.fdopen(os.dup(1), "w")
    with open(os.devnull) as nothing:  # noqa: PTH123 -- for its number
        kept = os.fdopen(os.dup(0), "r")
        os.dup2(nothing.fileno(), 0)
    answer(kept, own)
