"""``vndoc backup``: a copy of an archive that is in use."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from vndoc.archive.backup import back_up
from vndoc.cli.options import Opened
from vndoc.cli.terminal import failing, shown, stderr


def backup_command(
    archive: Opened,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the copies go.", show_default=False)],
    keep: Annotated[int, typer.Option(min=1, help="Copies to keep, this one among them.")] = 14,
) -> None:
    """Copy an archive, and the originals handed in over the web, while it is in use."""
    with failing():
        made = back_up(archive, folder, now=datetime.now(), keep=keep)
    stderr.print(
        f"{shown(str(made.path))}: {made.bytes / 1e6:.1f} MB, {made.originals} new originals, "
        f"{made.removed} older copies removed",
        markup=False,
    )
