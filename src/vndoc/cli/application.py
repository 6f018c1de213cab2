"""The command line: parse the flags, call the library, print. Thin on purpose."""

import json
import sys
import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from vndoc.cli.archive import add_to as add_archive_commands
from vndoc.cli.terminal import failing, report, stderr, write
from vndoc.errors import MissingFileError, SetupError, VndocError

if TYPE_CHECKING:
    from vndoc.dispatch import Dispatch
    from vndoc.pipeline import Document

PATIENCE = 2.0
"""Seconds before a progress bar shows."""

SOME_FAILED = 9
"""Exit code where some of several files failed; each failure's own line is on standard error."""

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Scanned Vietnamese official dispatches into correct text and typed data.",
)


class Format(StrEnum):
    """What is printed for a dispatch."""

    JSON = "json"
    MARKDOWN = "md"
    TEXT = "text"
    PDF = "pdf"
    HTML = "html"
    REGISTER = "register"
    EDXML = "edxml"

    @property
    def own_file(self) -> bool:
        """True where each document becomes a file of its own."""
        return self in (Format.PDF, Format.HTML, Format.EDXML)


def main() -> None:
    """Entry point of the ``vndoc`` command."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    app()


@app.command("parse")
def parse_command(
    files: Annotated[list[Path], typer.Argument(help="PDF, PNG, JPEG, TIFF or UTF-8 text files.", show_default=False)],
    format_: Annotated[Format, typer.Option("--format", help="What to print.")] = Format.JSON,
    output: Annotated[
        Path | None, typer.Option(help="Write there instead of standard output.", show_default=False)
    ] = None,
    pages: Annotated[
        str | None, typer.Option(help="Pages to read: 1-3 or 1,4-5. All by default.", show_default=False)
    ] = None,
    lang: Annotated[str, typer.Option(help="Tesseract's language data.")] = "vie",
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Pages read at a time. As many as processors by default.")
    ] = None,
) -> None:
    """Read documents and print a typed dispatch for each: one JSON object, or an array for several files.

    With --format pdf each document becomes a searchable PDF, with --format html a page that shows its fields on the
    scan, with --format edxml an envelope for exchange: --output names the file, or a folder for several.
    --format register prints CSV, a row for each document.
    """
    from vndoc.pipeline import read  # noqa: PLC0415 -- models and numpy would slow down 'vndoc --help'
    from vndoc.settings import Settings  # noqa: PLC0415

    wanted, settings = _page_numbers(pages), Settings(languages=lang, jobs=jobs)
    if format_.own_file:
        _check_output(files, output, format_)
    results, failures = [], []
    with _Bar() as bar:
        for path in files:
            try:
                document = read(path, pages=wanted, settings=settings, progress=bar.for_file(path.name))
                if format_.own_file:
                    write(_file_of(document, format_), _target(path, output, format_))
                else:
                    results.append(document.dispatch)
            except VndocError as error:
                failures.append(report(error))
            except Exception as error:  # one document must never take the others with it
                failures.append(
                    report(VndocError(f"{path}: internal error {error!r}; please report it to the makers of vndoc"))
                )
    if results:
        text = _printed(results, format_, many=len(files) > 1)
        with failing():
            # the mark that tells Excel of UTF-8
            write("\ufeff" + text if output and format_ is Format.REGISTER else text, output)
    if failures:
        raise typer.Exit(failures[0] if len(files) == 1 else SOME_FAILED)


def _check_output(files: list[Path], output: Path | None, format_: Format) -> None:
    """Refuse what would mix files up or flood a terminal, before anything is read."""
    if output is None and (len(files) > 1 or sys.stdout.isatty()):
        raise typer.BadParameter(f"is needed for --format {format_.value}", param_hint="--output")
    if output and len(files) > 1 and not output.is_dir():
        raise typer.BadParameter("must be a folder that is there, for several files", param_hint="--output")
    targets = [t for path in files if (t := _target(path, output, format_))]
    if {t.resolve() for t in targets} & {path.resolve() for path in files}:
        raise typer.BadParameter("would overwrite a file that is to be read", param_hint="--output")
    if len(set(targets)) < len(targets):
        raise typer.BadParameter("is one folder for several files of the same name", param_hint="--output")


def _target(path: Path, output: Path | None, format_: Format) -> Path | None:
    """Where the file made of ``path`` goes; None for standard output."""
    return output / f"{path.stem}.{format_.value}" if output and output.is_dir() else output


def _file_of(document: "Document", format_: Format) -> bytes:
    from vndoc.export.edxml import to_edxml  # noqa: PLC0415

    if format_ is Format.PDF:
        return document.to_pdf()
    if format_ is Format.HTML:
        return document.to_html().encode("utf-8")
    return to_edxml(document.dispatch, document.file.data).encode("utf-8")


@app.command("repair")
def repair_command(
    file: Annotated[Path, typer.Argument(help="A UTF-8 text file, or - for standard input.", show_default=False)],
    output: Annotated[
        Path | None, typer.Option(help="Write there instead of standard output.", show_default=False)
    ] = None,
) -> None:
    """Restore the Vietnamese letters that OCR lost in a text and print it, its lines as they were."""
    from vndoc.repair import repair  # noqa: PLC0415
    from vndoc.sources.text import decode_text  # noqa: PLC0415

    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        text = repair(decode_text(data)).text
    except OSError as error:
        raise typer.Exit(report(MissingFileError(f"{file}: {error.strerror}; check the path"))) from None
    except UnicodeDecodeError:
        raise typer.Exit(report(_not_text(file))) from None
    with failing():
        write(text, output)


@app.command("schema")
def schema_command() -> None:
    """Print the JSON Schema of a dispatch."""
    from vndoc.dispatch import Dispatch  # noqa: PLC0415

    write(json.dumps(Dispatch.model_json_schema(), ensure_ascii=False, indent=2) + "\n", None)


@app.command("doctor")
def doctor_command() -> None:
    """Check that Tesseract, its Vietnamese data and poppler are there, and say what to install."""
    from vndoc.doctor import examine, healthy  # noqa: PLC0415

    console = Console(highlight=False, soft_wrap=True)
    checks = examine()
    for check in checks:
        mark = (
            "[green]ok[/green]     "
            if check.ok
            else "[red]missing[/red]"
            if check.required
            else "[yellow]lacking[/yellow]"
        )
        console.print(f"{mark} {check.name}: {check.found}")
        if not check.ok and check.advice:
            console.print(f"        {check.advice}")
    if not healthy(checks):
        raise typer.Exit(SetupError.exit_code)


def _printed(dispatches: "list[Dispatch]", format_: Format, many: bool) -> str:
    """All dispatches in one of the formats that stand together on standard output."""
    from vndoc.export.markdown import to_markdown  # noqa: PLC0415
    from vndoc.export.register import to_register  # noqa: PLC0415

    if format_ is Format.REGISTER:
        return to_register(dispatches)
    if format_ is Format.MARKDOWN:
        return "\n---\n\n".join(to_markdown(dispatch) for dispatch in dispatches)
    if format_ is Format.TEXT:
        return "\f".join(f"{dispatch.text}\n" for dispatch in dispatches)
    dumped = [dispatch.model_dump(mode="json") for dispatch in dispatches]
    return json.dumps(dumped if many else dumped[0], ensure_ascii=False, indent=2) + "\n"


def _page_numbers(spec: str | None) -> frozenset[int] | None:
    """Numbers from '1-3' or '1,4-5'; None for all."""
    if spec is None:
        return None
    numbers: set[int] = set()
    for part in spec.split(","):
        first, dash, last = part.strip().partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()) or int(first) < 1 or len(part) > 30:
            raise typer.BadParameter(
                f"'{spec}' is no list of pages; give for example 1-3 or 1,4-5", param_hint="--pages"
            )
        numbers.update(range(int(first), min(int(last or first), int(first) + 100_000) + 1))
    return frozenset(numbers)


def _not_text(file: Path) -> VndocError:
    from vndoc.errors import FormatError  # noqa: PLC0415

    return FormatError(f"{file}: is not UTF-8 text; save it as UTF-8, or give a scan to 'vndoc parse'")


class _Bar:
    """A progress bar on standard error, shown after ``PATIENCE`` seconds and only on a terminal."""

    def __init__(self) -> None:
        self.progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=stderr,
            transient=True,
        )
        self.started = time.monotonic()
        self.shown = False

    def __enter__(self) -> "_Bar":
        return self

    def __exit__(self, *_: object) -> None:
        if self.shown:
            self.progress.stop()

    def for_file(self, name: str) -> Callable[[int, int], None]:
        task = self.progress.add_task(name, total=None, visible=False)

        def update(done: int, total: int) -> None:
            if not self.shown and stderr.is_terminal and time.monotonic() - self.started > PATIENCE:
                self.progress.start()
                self.shown = True
            self.progress.update(task, completed=done, total=total, visible=done < total)

        return update


add_archive_commands(app)
