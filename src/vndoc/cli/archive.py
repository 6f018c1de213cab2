"""What is taken out of an archive: ``vndoc register``, ``search``, ``cites``, ``tasks``, ``stats``."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from vndoc.archive.archive import Archive
from vndoc.archive.cites import Link
from vndoc.archive.duties import Duty, to_csv
from vndoc.archive.search import Filters, Hit
from vndoc.cli.batch import batch_command
from vndoc.cli.terminal import failing, shown, stderr, to_json, write

Opened = Annotated[Path, typer.Argument(metavar="ARCHIVE", help="The archive.", show_default=False)]
_DAY = ["%Y-%m-%d"]
_AS = "YYYY-MM-DD"
Type = Annotated[str | None, typer.Option("--type", help="Type: 'kế hoạch', also 'ke hoach'.", show_default=False)]
Organ = Annotated[str | None, typer.Option(help="Part of the issuer's name.", show_default=False)]
Year = Annotated[int | None, typer.Option(help="Year of issue.", show_default=False)]
Urgency = Annotated[str | None, typer.Option(help="Urgency: 'hỏa tốc', 'khẩn'.", show_default=False)]
DueBefore = Annotated[
    datetime | None, typer.Option(formats=_DAY, metavar=_AS, help="Due on this day or before.", show_default=False)
]
Since = Annotated[
    datetime | None,
    typer.Option("--from", formats=_DAY, metavar=_AS, help="First day of arrival or issue.", show_default=False),
]
Until = Annotated[
    datetime | None, typer.Option("--to", formats=_DAY, metavar=_AS, help="Last day of it.", show_default=False)
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


class TaskFormat(StrEnum):
    """How duties are given out."""

    TEXT = "text"
    CSV = "csv"
    JSON = "json"
    ICS = "ics"


def add_to(app: typer.Typer) -> None:
    """Add the archive's commands to the command line."""
    app.command("batch")(batch_command)
    app.command("register")(register_command)
    app.command("search")(search_command)
    app.command("cites")(cites_command)
    app.command("tasks")(tasks_command)
    app.command("stats")(stats_command)


def register_command(
    archive: Opened,
    output: Annotated[
        Path | None,
        typer.Option(help="A .xlsx, .csv or .jsonl file; CSV on standard output without.", show_default=False),
    ] = None,
    since: Since = None,
    until: Until = None,
    organ: Organ = None,
    type_name: Type = None,
    year: Year = None,
    urgency: Urgency = None,
) -> None:
    """Give out the register of incoming documents, in the columns of Decree 30/2020/NĐ-CP, Appendix IV."""
    from vndoc.archive.register import to_csv, to_jsonl  # noqa: PLC0415
    from vndoc.archive.workbook import write_workbook  # noqa: PLC0415

    suffix = output.suffix.lower() if output else ".csv"
    if suffix not in (".xlsx", ".csv", ".jsonl"):
        raise typer.BadParameter("must end in .xlsx, .csv or .jsonl", param_hint="--output")
    filters = Filters(type_name, organ, year, urgency, since=_day(since), until=_day(until))
    with failing(), Archive(archive, create=False) as opened:
        found = opened.register(filters)
        if output and suffix == ".xlsx":
            write_workbook(found, output)
        elif suffix == ".jsonl":
            write(to_jsonl(found), output)
        else:  # the mark tells Excel that it is UTF-8
            write(("\ufeff" if output else "") + to_csv(found), output)
        if since or until:
            _tell_undated(opened, replace(filters, since=None, until=None))


def _tell_undated(opened: Archive, filters: Filters) -> None:
    """A register by dates must not leave documents out in silence."""
    undated = sum(not (row.arrival_date or row.issued_date) for row in opened.register(filters))
    if undated:
        stderr.print(f"vndoc: {undated} without a date left out; without --from and --to they stand at the end")


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
    filters = Filters(type_name, organ, year, urgency, _day(due_before), _day(since), _day(until))
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
    console.print(Text(" · ".join(filter(None, head)) or "(no head)", style="bold"))
    if hit.subject:
        console.print(Text(f"  {hit.subject}"))
    snippet = Text(hit.snippet)
    for start, end in hit.marks:
        snippet.stylize("reverse", start, end)
    place = f"page {hit.page}" if hit.field == "text" and hit.page else hit.field
    if hit.snippet:
        console.print(Text(f"  {place}: ") + snippet)
    console.print(Text(f"  {shown(hit.path)}", style="dim"))


def cites_command(
    archive: Opened,
    notation: Annotated[str, typer.Argument(help="Number and notation: 57-KL/TW.", show_default=False)],
    issued: Annotated[
        datetime | None,
        typer.Option(
            formats=_DAY, metavar=_AS, help="Day of issue, where several have this notation.", show_default=False
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Tell which documents refer to one, and what it refers to itself."""
    with failing(), Archive(archive, create=False) as opened:
        found = opened.cites(notation, _day(issued))
    if as_json:
        write(to_json(found, indent=2) + "\n", None)
        return
    console = Console(highlight=False, soft_wrap=True)
    _print_links(console, "in the archive", found.documents)
    _print_links(console, "cited by", found.cited_by)
    _print_links(console, "cites", found.cites)


def _print_links(console: Console, title: str, links: Iterable[Link]) -> None:
    links = list(links)
    console.print(Text(f"{title}: {len(links)}", style="bold"))
    for link in links:
        when = f"{link.issued_date:%d/%m/%Y}" if link.issued_date else None
        doubt = None if link.certain else "(a date is missing on one side)"
        cited = f"as of {link.cited_date:%d/%m/%Y}" if link.cited_date and link.cited_date != link.issued_date else None
        how = ", ".join(link.relations)
        parts = (link.type_name, link.notation, when, link.organ_name, link.subject, how, cited, doubt)
        console.print(Text("  " + " · ".join(filter(None, parts))))
        if link.path:
            console.print(Text(f"    {shown(link.path)}", style="dim"))


def tasks_command(
    archive: Opened,
    due_before: DueBefore = None,
    due_after: Annotated[
        datetime | None, typer.Option(formats=_DAY, metavar=_AS, help="Due on this day or later.", show_default=False)
    ] = None,
    assignee: Annotated[str | None, typer.Option(help="Part of the name of who is bound.", show_default=False)] = None,
    format_: Annotated[TaskFormat, typer.Option("--format", help="What to print.")] = TaskFormat.TEXT,
    output: Annotated[
        Path | None, typer.Option(help="Write there instead of standard output.", show_default=False)
    ] = None,
) -> None:
    """List the duties by their day; as a calendar file with --format ics."""
    with failing(), Archive(archive, create=False) as opened:
        found = list(opened.tasks(_day(due_before), _day(due_after), assignee))
        write(_tasks(found, format_), output)


def _tasks(found: list[Duty], format_: TaskFormat) -> str | bytes:
    if format_ is TaskFormat.ICS:
        from vndoc.archive.calendar import to_ics  # noqa: PLC0415

        return to_ics(found)
    if format_ is TaskFormat.CSV:
        return to_csv(found)
    if format_ is TaskFormat.JSON:
        return to_json(found, indent=2) + "\n"
    return "".join(_task_line(duty) for duty in found)


def _task_line(duty: Duty) -> str:
    when = f"{duty.due_date:%d/%m/%Y}" if duty.due_date else duty.recurrence or "—"
    source = " · ".join(filter(None, (duty.code, duty.organ_name, duty.section and f"mục {duty.section}")))
    return f"{when}  {duty.assignee or '?'}: {duty.text}\n    {source}\n    {shown(duty.path)}\n"


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


def _day(when: datetime | None) -> date | None:
    return when.date() if when else None
