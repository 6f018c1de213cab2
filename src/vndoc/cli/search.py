"""``vndoc search``: documents of an archive by their words."""

from typing import Annotated

import typer
from rich.console import Console

from vndoc.archive.archive import Archive
from vndoc.archive.search import Filters, Hit
from vndoc.cli.options import DueBefore, Json, Opened, Organ, Since, Type, Until, Urgency, Year, day
from vndoc.cli.terminal import failing, shown, styled, to_json, write


def search_command(
    archive: Opened,
    words: Annotated[
        list[str] | None,
        typer.Argument(help='Words that must all occur; "words together", beginn*.', show_default=False),
    ] = None,
    type_name: Type = None,
    organ: Organ = None,
    year: Year = None,
    urgency: Urgency = None,
    due_before: DueBefore = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, typer.Option(min=1, help="Most hits to show.")] = 20,
    as_json: Json = False,
) -> None:
    """Find documents by their words, with or without diacritics alike; without words, by the filters alone."""
    filters = Filters(type_name, organ, year, urgency, day(due_before), day(since), day(until))
    with failing(), Archive(archive, create=False) as opened:
        hits = list(opened.search(" ".join(words or []), filters, limit))
    if as_json:
        write(to_json(hits, indent=2) + "\n", None)
        return
    console = Console(highlight=False, soft_wrap=True)
    for hit in hits:
        _print_hit(console, hit)


def _print_hit(console: Console, hit: Hit) -> None:
    when = f"{hit.issued_date:%d/%m/%Y}" if hit.issued_date else None
    due = f"due {hit.due_date:%d/%m/%Y}" if hit.due_date else None
    head = (hit.type_name, hit.code, when, hit.organ_name, due)
    console.print(styled(" · ".join(filter(None, head)) or "(no head)", style="bold"))
    if hit.subject:
        console.print(styled(f"  {hit.subject}"))
    snippet = styled(hit.snippet)
    for start, end in hit.marks:
        snippet.stylize("reverse", start, end)
    place = f"page {hit.page}" if hit.field == "text" and hit.page else hit.field
    if hit.snippet:
        console.print(styled(f"  {place}: ") + snippet)
    console.print(styled(f"  {shown(hit.path)}", style="dim"))
