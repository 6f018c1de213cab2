"""``vndoc explain``: why a document was read as it was."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from vndoc.cli.reading import (
    ENGINE,
    LANGUAGES,
    SLOT_READER,
    EngineOption,
    LanguageOption,
    ModelsOption,
    NoSandboxOption,
    SlotReaderOption,
    settings_of,
)
from vndoc.cli.terminal import failing, write


class ExplainFormat(StrEnum):
    """How an explanation is printed."""

    TEXT = "text"
    JSON = "json"


def explain_command(
    file: Annotated[Path, typer.Argument(help="PDF, PNG, JPEG, TIFF or UTF-8 text file.", show_default=False)],
    format_: Annotated[ExplainFormat, typer.Option("--format", help="What to print.")] = ExplainFormat.TEXT,
    output: Annotated[
        Path | None, typer.Option(help="Write there instead of standard output.", show_default=False)
    ] = None,
    engine: EngineOption = ENGINE,
    slot_reader: SlotReaderOption = SLOT_READER,
    lang: LanguageOption = LANGUAGES,
    models: ModelsOption = None,
    no_sandbox: NoSandboxOption = False,
) -> None:
    """Read a document and print why it came out as it did.

    Its zones, the decisions on the way, what print and hand say of each blank, and for each field which rule or reader
    gave it and what was considered and rejected.
    """
    from vndoc.isolated import explain  # noqa: PLC0415 -- models and numpy would slow down 'vndoc --help'

    with failing():
        found = explain(file, settings_of(engine, slot_reader, lang, models, no_sandbox=no_sandbox))
        as_json = format_ is ExplainFormat.JSON
        write(found.model_dump_json(indent=2) + "\n" if as_json else found.to_text(), output)
