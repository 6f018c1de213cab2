"""``vndoc repair``: a text alone, without a page."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from vndoc.cli.terminal import failing, report, write
from vndoc.errors import FormatError, MissingFileError


def repair_command(
    file: Annotated[Path, typer.Argument(help="A UTF-8 text file, or - for standard input.", show_default=False)],
    output: Annotated[
        Path | None, typer.Option(help="Write there instead of standard output.", show_default=False)
    ] = None,
) -> None:
    """Restore the Vietnamese letters that OCR lost in a text and print it, its lines as they were."""
    from vndoc.repair import repair  # noqa: PLC0415
    from vndoc.sources.text import decode_text  # noqa: PLC0415

    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        text = repair(decode_text(data)).text
    except OSError as error:
        raise typer.Exit(report(MissingFileError(f"{file}: {error.strerror}; check the path"))) from None
    except UnicodeDecodeError:
        refusal = FormatError(f"{file}: is not UTF-8 text; save it as UTF-8, or give a scan to 'vndoc parse'")
        raise typer.Exit(report(refusal)) from None
    with failing():
        write(text, output)
