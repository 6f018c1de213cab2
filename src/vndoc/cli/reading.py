"""The options of every command that reads documents, and the settings they make."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from vndoc.cli.terminal import shown, stderr
from vndoc.models import MANIFEST, unchecked
from vndoc.settings import DEFAULTS, Settings

EngineOption = Annotated[
    str,
    typer.Option(help="Text engine: auto, lines (vndoc's own), tesseract, or one that another package brings."),
]
SlotReaderOption = Annotated[
    str, typer.Option(help="Reader of handwritten blanks: handwriting, or one from another package.")
]
LanguageOption = Annotated[str, typer.Option(help="Language data of the text engine, such as vie or vie+eng.")]
ModelsOption = Annotated[
    Path | None,
    typer.Option(
        help="Folder with models of your own in place of the package's.",
        show_default=False,
        exists=True,
        file_okay=False,
    ),
]
PageJobsOption = Annotated[
    int | None, typer.Option(min=1, help="Pages read at a time. As many as processors by default.")
]


NoSandboxOption = Annotated[
    bool,
    typer.Option("--no-sandbox", help="Read without limits and with the network: for engines that ask a server."),
]


class Where(StrEnum):
    """Where a file that holds several documents is cut."""

    AUTO = "auto"
    NEVER = "never"
    ALWAYS = "always"


SplitOption = Annotated[
    Where,
    typer.Option("--split", help="Cut a file of several documents: where that is sure, never, or where it is likely."),
]
ENGINE, SLOT_READER, LANGUAGES = DEFAULTS.engine, DEFAULTS.slot_reader, DEFAULTS.languages


def settings_of(
    engine: str,
    slot_reader: str,
    lang: str,
    models: Path | None,
    jobs: int | None = None,
    split: Where = Where.AUTO,
    *,
    no_sandbox: bool = False,
) -> Settings:
    """The settings that the flags make.

    Raises:
        BadParameter: a flag has no value that can be meant.
    """
    if not lang:
        raise typer.BadParameter("names no language", param_hint="--lang")
    tell_unchecked(models)
    return Settings(
        engine=engine,
        slot_reader=slot_reader,
        languages=lang,
        models=models,
        jobs=jobs,
        split=split.value,
        sandbox=not no_sandbox,
    )


def tell_unchecked(models: Path | None) -> None:
    """Say on standard error which models of the user's own are taken as they are."""
    for folder in unchecked(models) if models else ():
        name = shown(str(folder))
        stderr.print(
            f"vndoc: {name}: has no {MANIFEST}, so its models are used unchecked; 'python -m training.manifest {name}' "
            "writes it",
            markup=False,
        )
