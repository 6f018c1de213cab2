"""``vndoc register``: the register of incoming documents, as a workbook, CSV or JSON lines."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from vndoc.archive.archive import Archive
from vndoc.archive.search import Filters
from vndoc.cli.options import Opened, Organ, Since, Type, Until, Urgency, Year, day
from vndoc.cli.terminal import failing, stderr, write


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
    filters = Filters(type_name, organ, year, urgency, since=day(since), until=day(until))
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
