"""``vndoc audit``: who confirmed or changed what in an archive, and when."""

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Console

from vndoc.archive.archive import Archive
from vndoc.archive.review.changes import Change
from vndoc.cli.options import Json, Opened
from vndoc.cli.terminal import failing, shown, styled, to_json, write


def audit_command(
    archive: Opened,
    document: Annotated[
        str | None, typer.Option(help="Of one document: its SHA-256, a part of a file with .PAGE.", show_default=False)
    ] = None,
    who: Annotated[str | None, typer.Option(help="Of one person.", show_default=False)] = None,
    before: Annotated[
        int | None, typer.Option(help="Those before the change of this number.", show_default=False)
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Most changes to show.")] = 100,
    as_json: Json = False,
) -> None:
    """List the changes that people have made, the latest first: who, when, before, after."""
    with failing(), Archive(archive, create=False) as opened:
        number = opened.document_id(document) if document is not None else None
        found = list(opened.desk.changes(number, who, before, limit))
    if as_json:
        write(to_json([_plain(change) for change in found], indent=2) + "\n", None)
        return
    console = Console(highlight=False, soft_wrap=True)
    for change in found:
        _print(console, change)


def _plain(change: Change) -> dict[str, Any]:
    fields = ("id", "key", "at", "who", "kind", "revision", "undoes", "undone_by")
    values = [asdict(value) for value in change.values]
    return {**{name: getattr(change, name) for name in fields}, "values": values}


def _print(console: Console, change: Change) -> None:
    undone = f"undone by {change.undone_by}" if change.undone_by else None
    undoes = f"undoes {change.undoes}" if change.undoes else None
    head = (f"{change.id}", change.at, shown(change.who), change.kind, change.key, undoes, undone)
    console.print(styled(" · ".join(filter(None, head)), style="bold"))
    for value in change.values:
        console.print(styled(f"  {value.pointer}: {_shown(value.before)} -> {_shown(value.after)}"))


def _shown(value: Any) -> str:
    return shown(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
