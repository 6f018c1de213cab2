"""``vndoc cites``: what refers to a document, and what it refers to."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console

from vndoc.archive.archive import Archive
from vndoc.archive.cites import Link
from vndoc.cli.options import DAY, DAY_SHOWN, Json, Opened, day
from vndoc.cli.terminal import failing, shown, styled, to_json, write


def cites_command(
    archive: Opened,
    notation: Annotated[str, typer.Argument(help="Number and notation: 57-KL/TW.", show_default=False)],
    issued: Annotated[
        datetime | None,
        typer.Option(
            formats=DAY, metavar=DAY_SHOWN, help="Day of issue, where several have this notation.", show_default=False
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Tell which documents refer to one, and what it refers to itself."""
    with failing(), Archive(archive, create=False) as opened:
        found = opened.cites(notation, day(issued))
    if as_json:
        write(to_json(found, indent=2) + "\n", None)
        return
    console = Console(highlight=False, soft_wrap=True)
    _print_links(console, "in the archive", found.documents)
    _print_links(console, "cited by", found.cited_by)
    _print_links(console, "cites", found.cites)


def _print_links(console: Console, title: str, links: Iterable[Link]) -> None:
    links = list(links)
    console.print(styled(f"{title}: {len(links)}", style="bold"))
    for link in links:
        when = f"{link.issued_date:%d/%m/%Y}" if link.issued_date else None
        doubt = None if link.certain else "(a date is missing on one side)"
        cited = f"as of {link.cited_date:%d/%m/%Y}" if link.cited_date and link.cited_date != link.issued_date else None
        how = ", ".join(link.relations)
        parts = (link.type_name, link.notation, when, link.organ_name, link.subject, how, cited, doubt)
        console.print(styled("  " + " · ".join(filter(None, parts))))
        if link.path:
            console.print(styled(f"    {shown(link.path)}", style="dim"))
