"""``vndoc archive``: an archive looked after: checked, saved after damage, made small, given out and taken in."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from vndoc.cli.options import Json, Opened
from vndoc.cli.progress import CountBar
from vndoc.cli.terminal import SOME_FAILED, failing, shown, stderr, to_json, write
from vndoc.errors import FormatError

archive_app = typer.Typer(
    no_args_is_help=True, help="Look after an archive: check it, save it after damage, make it small, move it."
)

DAMAGED = FormatError.exit_code
"""Exit code of a check that found something."""

_SHOWN = 50  # findings and lost things that are printed; JSON has all


@archive_app.command("check")
def check_command(
    archive: Opened,
    quick: Annotated[
        bool, typer.Option("--quick", help="Leave out what takes long: whether every result can be loaded.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Look for damage: the file, references between tables, whether each result loads and can be found.

    Nothing is written, and others may work with the archive meanwhile. Exit code 0: whole; 6: something was found.
    """
    from vndoc.archive.care import check  # noqa: PLC0415 -- pydantic would slow down 'vndoc --help'

    with failing(), CountBar("documents") as bar:
        report = check(archive, quick=quick, progress=bar.update)
    if as_json:
        write(to_json({"whole": report.whole, **asdict(report)}, indent=2) + "\n", None)
    else:
        for finding in report.findings[:_SHOWN]:
            where = finding.path or (f"document {finding.document_id}" if finding.document_id is not None else None)
            print(f"{finding.kind}: {f'{shown(where)}: ' if where else ''}{shown(finding.message)}")
        _tell_rest(len(report.findings) + report.more - _SHOWN)
        stderr.print(f"vndoc: {shown(str(archive))}: {_summed(report.documents, report.read)}, ", end="", markup=False)
        number = len(report.findings) + report.more
        advice = f"{number} things are not as they must be; 'vndoc archive salvage' saves what can be read"
        stderr.print("whole" if report.whole else advice, markup=False)
    if not report.whole:
        raise typer.Exit(DAMAGED)


def _summed(documents: int | None, read: int | None) -> str:
    counted = [f"{'?' if n is None else n} {what}" for n, what in ((documents, "documents"), (read, "results"))]
    return ", ".join(counted)


def _tell_rest(more: int) -> None:
    if more > 0:
        print(f"… and {more} more: --json lists them")


@archive_app.command("salvage")
def salvage_command(
    archive: Opened,
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The new archive.", show_default=False)],
    as_json: Json = False,
) -> None:
    """Save what can be read of a damaged archive into a new one, and queue what is lost to be read again.

    The damaged one is only read. What people have said comes first. Exit code 0: all was saved; 9: some of it.
    """
    from vndoc.archive.care import salvage  # noqa: PLC0415

    with failing():
        found = salvage(archive, new)
    if as_json:
        write(to_json(found, indent=2) + "\n", None)
    else:
        saved = ", ".join(f"{found.saved.get(name, 0)} {words}" for name, words in _SAVED.items())
        print(f"{shown(str(found.path))}: {saved}")
        for path in found.again[:_SHOWN]:
            print(f"to be read again: {shown(path)}")
        _tell_rest(len(found.again) - _SHOWN)
        for words in found.lost[:_SHOWN]:
            print(f"lost: {shown(words)}")
        _tell_rest(len(found.lost) - _SHOWN)
        stderr.print(
            f"vndoc: {found.broken_pages} of {found.pages} pages are damaged, {found.lost_rows} rows lost, "
            f"{found.parsed} results made again, {len(found.again)} documents to be read again: "
            f"'vndoc batch --archive {shown(str(new))}'",
            markup=False,
        )
    if found.lost:
        raise typer.Exit(SOME_FAILED)


_SAVED = {
    "document": "documents",
    "dispatch": "results",
    "reading": "with their pages",
    "fact": "facts of people",
    "change": "changes of the audit",
}


@archive_app.command("vacuum")
def vacuum_command(
    archive: Opened,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell the room that it would take.")] = False,
) -> None:
    """Give back the space of what was deleted or replaced; what room that takes is told first.

    No batch and no server may be at work on the archive; others may read it.
    """
    from vndoc.archive.care.vacuum import room, vacuum  # noqa: PLC0415

    with failing():
        asked = room(archive)
        stderr.print(
            f"vndoc: {asked.archive / 1e6:.1f} MB; to rebuild it takes up to {asked.needed / 1e6:.1f} MB beside it "
            f"({asked.free / 1e6:.1f} MB are free) and {asked.archive / 1e6:.1f} MB for temporary files "
            f"({asked.free_temporary / 1e6:.1f} MB are free)",
            markup=False,
        )
        if not dry_run:
            done = vacuum(archive)
            print(f"{shown(str(archive))}: {done.before / 1e6:.1f} MB before, {done.after / 1e6:.1f} MB now")


@archive_app.command("export")
def export_command(
    archive: Opened,
    target: Annotated[
        Path, typer.Argument(metavar="TARGET", help="A new folder, or a new .zip file.", show_default=False)
    ],
    as_json: Json = False,
) -> None:
    """Give out the whole archive as JSON lines: documents, results, pages as they were read, corrections, audit.

    The same archive gives the same bytes. It holds the full text of the documents: keep it as you keep these.
    """
    from vndoc.archive.care import export_archive  # noqa: PLC0415

    with failing():
        done = export_archive(archive, target)
    if as_json:
        write(to_json(done, indent=2) + "\n", None)
    else:
        print(
            f"{shown(str(target))}: {done.documents} documents, {done.results} results, {done.facts} facts of people, "
            f"{done.changes} changes of the audit"
        )


@archive_app.command("import")
def import_command(
    archive: Annotated[
        Path, typer.Argument(metavar="ARCHIVE", help="The archive; made where it is not there.", show_default=False)
    ],
    source: Annotated[
        Path, typer.Argument(metavar="SOURCE", help="What 'vndoc archive export' wrote.", show_default=False)
    ],
    as_json: Json = False,
) -> None:
    """Take an export into an archive, empty or not; what it has already is not taken in twice.

    What people have said in the archive stays. All of the export is taken in, or nothing where it is damaged.
    """
    from vndoc.archive.care import import_archive  # noqa: PLC0415

    with failing():
        done = import_archive(source, archive)
    if as_json:
        write(to_json(done, indent=2) + "\n", None)
    else:
        print(
            f"{shown(str(archive))}: {done.added} documents added, {done.replaced} replaced, {done.kept} kept as they "
            f"are, {done.changes} changes of the audit"
        )
