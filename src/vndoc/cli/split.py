"""``vndoc split``: files that hold several documents cut into one file for each, with a report of every cut."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vndoc import sandbox
from vndoc.cli.naming import NameOption, Names, names_of
from vndoc.cli.progress import PageBar
from vndoc.cli.reading import (
    ENGINE,
    LANGUAGES,
    SLOT_READER,
    EngineOption,
    LanguageOption,
    ModelsOption,
    NoSandboxOption,
    PageJobsOption,
    SlotReaderOption,
    SplitOption,
    Where,
    settings_of,
)
from vndoc.cli.terminal import SOME_FAILED, failing, report, shown, write
from vndoc.errors import EmptyFileError, MissingFileError, VndocError, unwritable
from vndoc.filenames import readable
from vndoc.replacing import replacing
from vndoc.settings import DEFAULTS

if TYPE_CHECKING:
    from vndoc.settings import Settings


def split_command(
    source: Annotated[Path, typer.Argument(help="A file, or a folder of files or of page images.", show_default=False)],
    output: Annotated[
        Path | None, typer.Option(help="Folder for the documents, made where it is not there.", show_default=False)
    ] = None,
    report_to: Annotated[
        Path | None, typer.Option("--report", help="Write the report there; - prints it.", show_default=False)
    ] = None,
    split: SplitOption = Where.AUTO,
    engine: EngineOption = ENGINE,
    slot_reader: SlotReaderOption = SLOT_READER,
    lang: LanguageOption = LANGUAGES,
    models: ModelsOption = None,
    no_sandbox: NoSandboxOption = False,
    jobs: PageJobsOption = None,
    name: NameOption = None,
) -> None:
    """Cut files that hold several documents into one file for each; pages are taken over as they are.

    The report says which pages each document has, how sure that is, and which cuts were not made because they are
    doubtful. With --report - and without --output nothing is written.
    """
    if output is None and report_to is None:
        raise typer.BadParameter("is needed, or --report", param_hint="--output")
    names = names_of(name, output)
    settings = settings_of(engine, slot_reader, lang, models, jobs, split, no_sandbox=no_sandbox)
    with failing():
        found, failures = _split_all(source, output, settings, names)
        if report_to is not None:
            text = json.dumps(found, ensure_ascii=False, indent=2) + "\n"
            write(text, None if str(report_to) == "-" else report_to)
    if failures:
        raise typer.Exit(failures[0] if source.is_file() else SOME_FAILED)


def _split_all(
    source: Path, output: Path | None, settings: "Settings", names: Names | None
) -> tuple[dict[str, Any], list[int]]:
    """The report, of a folder one for each of its files, and the exit codes of failures."""
    from vndoc.archive.pagefolder import are_pages  # noqa: PLC0415 -- models and numpy would slow down 'vndoc --help'

    if source.is_dir():
        found = [path.name for path in source.iterdir() if path.name[0] != "."]
        if not are_pages(found):
            return _split_folder(source, output, settings, names)
    with PageBar() as bar, sandbox.temporary_folder() as folder:
        path = _bound(source, Path(folder), len(found)) if source.is_dir() else source
        return _split(path, output, settings, bar, names), []


def _split_folder(
    source: Path, output: Path | None, settings: "Settings", names: Names | None
) -> tuple[dict[str, Any], list[int]]:
    """Each file below a folder into a folder of its own; one that fails is named, and the others go on."""
    files, failures = [], []
    with PageBar() as bar:
        for path in _readable(source):
            name = path.relative_to(source)
            try:
                found = _split(path, output / name.with_suffix("") if output else None, settings, bar, names)
            except VndocError as error:
                failures.append(report(error))
                found = {"error": readable(" ".join(str(error).split()))}
            files.append({"file": readable(name.as_posix()), **found})
    if not files:
        raise EmptyFileError(f"{source}: the folder holds no file that is read here")
    return {"files": files}, failures


def _readable(folder: Path) -> Iterator[Path]:
    from vndoc.sources import suffixes  # noqa: PLC0415

    known = suffixes()
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in known and path.is_file() and path.name[0] != ".":
            yield path


def _bound(source: Path, folder: Path, amount: int) -> Path:
    """One PDF of a folder of so many page images."""
    from vndoc.archive.jobs import Job  # noqa: PLC0415
    from vndoc.archive.locations import local_copy, where_it_may_fail  # noqa: PLC0415

    job, seconds = Job(0, "", str(source), "folder"), DEFAULTS.limits.page_seconds * (1 + amount)
    path, bad = where_it_may_fail(str(source), local_copy, job, folder, seconds=seconds)
    for number in bad:
        print(f"vndoc: page {number} of {shown(str(source))} cannot be decoded and is left blank", file=sys.stderr)
    return path


def _split(path: Path, output: Path | None, settings: "Settings", bar: PageBar, names: Names | None) -> dict[str, Any]:
    """The report of one file, whose documents are written when all are read."""
    from vndoc.bundles.report import FileReport, file_name  # noqa: PLC0415
    from vndoc.isolated import cut, read_each  # noqa: PLC0415

    found, documents = FileReport(), []
    for document in read_each(path, settings=settings, progress=bar.for_file(shown(path.name))):
        assert document.part is not None
        found.add(document.part, document.dispatch)
        if output is not None:
            documents.append(document)
    suffix = path.suffix.lower()
    for place, (document, data) in enumerate(zip(documents, cut(documents), strict=True), 1):
        assert output is not None
        if names is None:
            _write_new(data, output / file_name(place, document.dispatch, suffix))
        else:
            write(data, names.path(document, place, suffix, data, output))
    return found.as_json()


def _write_new(data: bytes, path: Path) -> None:
    """Write a file that is not there yet, its folder too."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if os.path.lexists(path):
            raise FileExistsError
        with replacing(path) as fresh:
            fresh.write_bytes(data)
    except FileExistsError:
        raise MissingFileError(f"{path}: is there already and stays as it is; give an empty folder") from None
    except OSError as error:
        raise unwritable(error, path) from None
