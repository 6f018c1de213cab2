"""``vndoc parse``: documents into dispatches, printed in one of several formats or written to files of their own."""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vndoc.cli.inputs import inputs, part_stem
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
from vndoc.cli.terminal import SOME_FAILED, failing, report, report_unforeseen, shown, tell_pages, write
from vndoc.errors import FormatError, VndocError
from vndoc.notices import ATTACHMENTS_UNREAD

if TYPE_CHECKING:
    from vndoc.dispatch import Dispatch
    from vndoc.document import Document


class Format(StrEnum):
    """What is printed for a dispatch."""

    JSON = "json"
    MARKDOWN = "md"
    TEXT = "text"
    PDF = "pdf"
    HTML = "html"
    DOCX = "docx"
    REGISTER = "register"
    LUUTRU = "luutru"
    EDXML = "edxml"

    @property
    def own_file(self) -> bool:
        """True where each document becomes a file of its own."""
        return self in (Format.PDF, Format.HTML, Format.DOCX, Format.EDXML)

    @property
    def table(self) -> bool:
        """True for CSV, which Excel takes for UTF-8 where a mark says so."""
        return self in (Format.REGISTER, Format.LUUTRU)


def parse_command(
    files: Annotated[
        list[Path],
        typer.Argument(help="PDFs, images, Word files, mails, texts, or ZIP files of these.", show_default=False),
    ],
    format_: Annotated[Format, typer.Option("--format", help="What to print.")] = Format.JSON,
    output: Annotated[
        Path | None, typer.Option(help="Write there instead of standard output.", show_default=False)
    ] = None,
    pages: Annotated[
        str | None, typer.Option(help="Pages to read: 1-3 or 1,4-5. All by default.", show_default=False)
    ] = None,
    split: SplitOption = Where.AUTO,
    engine: EngineOption = ENGINE,
    slot_reader: SlotReaderOption = SLOT_READER,
    lang: LanguageOption = LANGUAGES,
    models: ModelsOption = None,
    no_sandbox: NoSandboxOption = False,
    jobs: PageJobsOption = None,
    attachments: Annotated[
        bool, typer.Option("--attachments", help="Read files attached to PDFs as well; those of mails always are.")
    ] = False,
    name: NameOption = None,
) -> None:
    """Read documents and print a typed dispatch for each: one JSON object, or an array for several.

    A mail's own text comes before what is attached to it; ZIP, 7z and RAR files are read member by member.
    A file that holds several documents gives one for each where the cuts are sure; pages that --pages names are one.
    With --format pdf each document becomes a searchable PDF, with --format html a page that shows its fields on the
    scan, with --format docx a Word file laid out in the decree's form, with --format edxml an envelope for exchange:
    --output names the file, or a folder for several; the documents of one file are numbered there, or called by --name.
    --format register prints CSV, a row for each document; --format luutru the data of Circular 05/2025/TT-BNV as CSV,
    with pages by paper size.
    """
    from vndoc.isolated import read_each  # noqa: PLC0415 -- models and numpy would slow down 'vndoc --help'

    wanted = _page_numbers(pages)
    one = wanted is not None or (format_.own_file and output is None)  # which standard output takes one of
    split = Where.NEVER if one else split
    settings = settings_of(engine, slot_reader, lang, models, jobs, split, no_sandbox=no_sandbox)
    if name is not None and not format_.own_file:
        raise typer.BadParameter("is for formats of which each document becomes a file", param_hint="--name")
    names = names_of(name, output)
    if format_.own_file and names is None:
        _check_output(files, output, format_)
    results: list[Dispatch] = []
    places: list[tuple[str, int | None]] = []
    failures, amount = [], 0
    unread = ""  # what is wrong with the file that was tried last
    with PageBar() as bar:
        for path, part in inputs(files, settings, attachments=attachments):
            if isinstance(part, VndocError) and str(part) == unread:
                continue  # for the same reason nothing was found in it
            unread, amount = "", amount + 1
            try:
                if isinstance(part, VndocError):
                    raise part
                progress = bar.for_file(shown(part.name))
                for place, document in enumerate(read_each(part, pages=wanted, settings=settings, progress=progress)):
                    _without_unread(document, attachments=attachments)
                    if format_.own_file:
                        data = _file_of(document, format_)
                        write(data, _path(names, document, place, data, part.name, path, output, format_))
                    else:
                        results.append(document.dispatch)
                        cut = document.part is not None and not document.part.whole
                        places.append((str(path.parent / part.name), place + 1 if cut else None))
            except VndocError as error:
                unread = "" if error is part else str(error)
                failures.append(report(error))
            except Exception as error:  # one document must never take the others with it
                failures.append(report_unforeseen(error, path))
    many = len(files) > 1 or amount > 1
    if results:
        text = _printed(results, places, format_, many=many or len(results) > 1)
        with failing():
            # the mark that tells Excel of UTF-8
            write("\ufeff" + text if output and format_.table else text, output)
    if failures:
        raise typer.Exit(SOME_FAILED if many else failures[0])


def _without_unread(document: "Document", *, attachments: bool) -> None:
    """Without the notice that files attached to it were not read, where they are."""
    if attachments:
        kept = [notice for notice in document.dispatch.warnings if notice.code != ATTACHMENTS_UNREAD]
        document.dispatch.warnings = kept


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


def _target_of(name: str, path: Path, output: Path | None, format_: Format) -> Path | None:
    """Where the file made of a document goes that is ``path`` itself or lies in it."""
    if "/" not in name:
        return _target(path, output, format_)
    if output is None or not output.is_dir():
        raise FormatError(f"{name}: --output must name a folder, since {path.name} holds several documents")
    return output / f"{part_stem(name)}.{format_.value}"


def _path(
    names: Names | None,
    document: "Document",
    place: int,
    data: bytes,
    part: str,
    path: Path,
    output: Path | None,
    format_: Format,
) -> Path | None:
    """Where the file made of a document goes, the ``place``-th (from 0) of its file: by its name or its values."""
    if names is None:
        return _place(_target_of(part, path, output, format_), place)
    return names.path(document, place + 1, f".{format_.value}", data)


def _place(target: Path | None, place: int) -> Path | None:
    """Where the documents of one file go: the first where the file's would, the others beside it with their number."""
    return target.with_name(f"{target.stem}.{place + 1}{target.suffix}") if target and place else target


def _file_of(document: "Document", format_: Format) -> bytes:
    from vndoc.export.edxml import to_edxml  # noqa: PLC0415

    if format_ is Format.PDF:
        made = document.searchable()
        for notice in made.notices:
            print(f"vndoc: {shown(document.dispatch.source.name)}: {shown(notice.message)}", file=sys.stderr)
        return made.data
    if format_ is Format.HTML:
        return document.to_html().encode("utf-8")
    if format_ is Format.DOCX:
        return document.to_docx()
    return to_edxml(document.dispatch, document.data()).encode("utf-8")


def _printed(dispatches: "list[Dispatch]", places: list[tuple[str, int | None]], format_: Format, many: bool) -> str:
    """All dispatches, and where each lies, in one of the formats that stand together on standard output."""
    from vndoc.export.markdown import to_markdown  # noqa: PLC0415
    from vndoc.export.register import to_register  # noqa: PLC0415

    if format_ is Format.LUUTRU:
        return _luutru(dispatches, places)
    if format_ is Format.REGISTER:
        return to_register(dispatches)
    if format_ is Format.MARKDOWN:
        return "\n---\n\n".join(to_markdown(dispatch) for dispatch in dispatches)
    if format_ is Format.TEXT:
        return "\f".join(f"{dispatch.text}\n" for dispatch in dispatches)
    dumped = [dispatch.model_dump(mode="json") for dispatch in dispatches]
    return json.dumps(dumped if many else dumped[0], ensure_ascii=False, indent=2) + "\n"


def _luutru(dispatches: "list[Dispatch]", places: list[tuple[str, int | None]]) -> str:
    """The data of Circular 05/2025/TT-BNV as CSV; the pages are told on standard error."""
    from vndoc.export.luutru import Place, row_of, to_luutru  # noqa: PLC0415
    from vndoc.export.luutru_files import FileSums  # noqa: PLC0415

    sums = FileSums()
    rows = (row_of(dispatch, Place(*place)) for dispatch, place in zip(dispatches, places, strict=True))
    text = "".join(to_luutru(sums.counting(rows)))
    tell_pages(sums.total.documents, sums.total.pages, sums.total.count.told)
    return text


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
