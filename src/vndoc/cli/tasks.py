"""``vndoc tasks``: the duties of an archive, as a list or a calendar."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from vndoc.archive.archive import Archive
from vndoc.archive.duties import Duty, to_csv
from vndoc.cli.options import DAY, DAY_SHOWN, DueBefore, Opened, day
from vndoc.cli.terminal import failing, shown, to_json, write


class TaskFormat(StrEnum):
    """How duties are given out."""

    TEXT = "text"
    CSV = "csv"
    JSON = "json"
    ICS = "ics"


def tasks_command(
    archive: Opened,
    due_before: DueBefore = None,
    due_after: Annotated[
        datetime | None,
        typer.Option(formats=DAY, metavar=DAY_SHOWN, help="Due on this day or later.", show_default=False),
    ] = None,
    assignee: Annotated[str | None, typer.Option(help="Part of the name of who is bound.", show_default=False)] = None,
    format_: Annotated[TaskFormat, typer.Option("--format", help="What to print.")] = TaskFormat.TEXT,
    output: Annotated[
        Path | None, typer.Option(help="Write there instead of standard output.", show_default=False)
    ] = None,
) -> None:
    """List the duties by their day; as a calendar file with --format ics."""
    with failing(), Archive(archive, create=False) as opened:
        found = list(opened.tasks(day(due_before), day(due_after), assignee))
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
