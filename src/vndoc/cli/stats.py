"""``vndoc stats``: the figures of an archive."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from vndoc.archive.archive import Archive
from vndoc.cli.options import Opened
from vndoc.cli.terminal import failing, to_json, write


def stats_command(
    archive: Opened,
    html: Annotated[
        Path | None, typer.Option(help="Write a page with plots there, in Vietnamese.", show_default=False)
    ] = None,
) -> None:
    """Count the archive by type, issuer, month, doubt and failure; as JSON, or as a page that prints well."""
    with failing(), Archive(archive, create=False) as opened:
        found = opened.stats()
        if html:
            from vndoc.archive.stats import to_html  # noqa: PLC0415

            write(to_html(found, archive.name, datetime.now().astimezone()), html)
        else:
            write(to_json(found, indent=2) + "\n", None)
