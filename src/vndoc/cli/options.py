"""Options and arguments that several of the archive's commands have in common."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

Opened = Annotated[Path, typer.Argument(metavar="ARCHIVE", help="The archive.", show_default=False)]
DAY = ["%Y-%m-%d"]
DAY_SHOWN = "YYYY-MM-DD"
Type = Annotated[str | None, typer.Option("--type", help="Type: 'kế hoạch', also 'ke hoach'.", show_default=False)]
Organ = Annotated[str | None, typer.Option(help="Part of the issuer's name.", show_default=False)]
Year = Annotated[int | None, typer.Option(help="Year of issue.", show_default=False)]
Urgency = Annotated[str | None, typer.Option(help="Urgency: 'hỏa tốc', 'khẩn'.", show_default=False)]
DueBefore = Annotated[
    datetime | None, typer.Option(formats=DAY, metavar=DAY_SHOWN, help="Due on this day or before.", show_default=False)
]
Since = Annotated[
    datetime | None,
    typer.Option("--from", formats=DAY, metavar=DAY_SHOWN, help="First day of arrival or issue.", show_default=False),
]
Until = Annotated[
    datetime | None, typer.Option("--to", formats=DAY, metavar=DAY_SHOWN, help="Last day of it.", show_default=False)
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def day(when: datetime | None) -> date | None:
    """The day of what typer read as a moment."""
    return when.date() if when else None
