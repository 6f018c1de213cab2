"""``vndoc register``: the register of incoming documents, or the data of digitised ones, as tables."""

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from vndoc.archive.archive import Archive
from vndoc.archive.search import Filters
from vndoc.cli.options import Opened, Organ, Since, Type, Until, Urgency, Year, day
from vndoc.cli.terminal import failing, stderr, tell_pages, write


class Table(StrEnum):
    """Which columns a row has."""

    INCOMING = "incoming"
    LUUTRU = "luutru"


def register_command(
    archive: Opened,
    table: Annotated[
        Table, typer.Option("--format", help="incoming: Decree 30, Appendix IV; luutru: Circular 05/2025/TT-BNV.")
    ] = Table.INCOMING,
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
    """Give out the register of incoming documents, in the columns of Decree 30/2020/NĐ-CP, Appendix IV.

    With --format luutru the input data of digitised documents after Circular 05/2025/TT-BNV, with pages by paper size;
    a workbook has the hồ sơ as well, with the sum.
    """
    suffix = output.suffix.lower() if output else ".csv"
    known = (".xlsx", ".csv", ".jsonl") if table is Table.INCOMING else (".xlsx", ".csv")
    if suffix not in known:
        raise typer.BadParameter(f"must end in {', '.join(known[:-1])} or {known[-1]}", param_hint="--output")
    filters = Filters(type_name, organ, year, urgency, since=day(since), until=day(until))
    with failing(), Archive(archive, create=False) as opened:
        if table is Table.LUUTRU:
            _give_luutru(opened, filters, output)
        else:
            _give_register(opened, filters, output, suffix)
        if since or until:
            _tell_undated(opened, replace(filters, since=None, until=None))


def _give_register(opened: Archive, filters: Filters, output: Path | None, suffix: str) -> None:
    from vndoc.archive.register import to_csv, to_jsonl  # noqa: PLC0415
    from vndoc.archive.workbook import write_workbook  # noqa: PLC0415

    found = opened.register(filters)
    if output and suffix == ".xlsx":
        write_workbook(found, output)
    elif suffix == ".jsonl":
        write(to_jsonl(found), output)
    else:  # the mark tells Excel that it is UTF-8
        write(("\ufeff" if output else "") + to_csv(found), output)


def _give_luutru(opened: Archive, filters: Filters, output: Path | None) -> None:
    from vndoc.export.luutru import to_luutru  # noqa: PLC0415
    from vndoc.export.luutru_files import FileSums, write_luutru_workbook  # noqa: PLC0415

    found = opened.luutru(filters)
    if output and output.suffix.lower() == ".xlsx":
        total = write_luutru_workbook(found, output)
    else:
        sums = FileSums()
        lines = to_luutru(sums.counting(found))
        write(("\ufeff" if output else "") + "".join(lines), output)
        total = sums.total
    tell_pages(total.documents, total.pages, total.count.told)


def _tell_undated(opened: Archive, filters: Filters) -> None:
    """A register by dates must not leave documents out in silence."""
    undated = sum(not (row.arrival_date or row.issued_date) for row in opened.register(filters))
    if undated:
        stderr.print(f"vndoc: {undated} without a date left out; without --from and --to they stand at the end")
