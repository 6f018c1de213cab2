"""``vndoc export-corrections``: what people have confirmed, as pairs that the models are retrained with."""

from pathlib import Path
from typing import Annotated

import typer

from vndoc.archive.archive import Archive
from vndoc.cli.options import Json, Opened
from vndoc.cli.terminal import failing, shown, stderr, to_json, write


def export_corrections_command(
    archive: Opened,
    output: Annotated[Path, typer.Option(help="A new folder for the pairs.", show_default=False)],
    since: Annotated[
        int, typer.Option(min=0, metavar="CHANGE", help="Only what was said after this change of the audit.")
    ] = 0,
    as_json: Json = False,
) -> None:
    """Write what people have confirmed into a folder: what was read, what is true, the ink.

    The folder may hold names that stand in documents: keep it as you keep these. docs/learning.md: how to retrain.
    """
    with failing(), Archive(archive, create=False) as opened:
        done = opened.export_corrections(output, since)
    for reason in done.without_image:
        stderr.print(f"vndoc: {shown(reason)}", markup=False, style="yellow")
    if as_json:
        write(to_json(done, indent=2) + "\n", None)
        return
    found = done.pairs
    write(
        f"{found['slot']} blanks, {found['text']} texts and {found['line']} lines of {done.documents} documents, "
        f"{done.confirmed} of them read right; {found['withdrawn']} withdrawn\n"
        f"the next export: --since {done.last_change}\n",
        None,
    )
