"""``vndoc batch``: many documents into one archive."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from vndoc.archive.archive import Archive
from vndoc.archive.events import Summary
from vndoc.archive.executor import Executor
from vndoc.archive.jobs import MEMORY_MB, SECONDS_PER_PAGE
from vndoc.archive.ledger import Refresh
from vndoc.archive.pagefolder import ImageFolders
from vndoc.cli.progress import Bar, Lines
from vndoc.cli.reading import (
    ENGINE,
    LANGUAGES,
    SLOT_READER,
    EngineOption,
    LanguageOption,
    ModelsOption,
    NoSandboxOption,
    SlotReaderOption,
    SplitOption,
    Where,
    settings_of,
)
from vndoc.cli.stopping import INTERRUPTED
from vndoc.cli.terminal import SOME_FAILED, failing, stderr
from vndoc.settings import Settings

NOTHING_DONE = 12
"""Exit code where there was nothing to find, or all that was tried failed."""


class ExecutorName(StrEnum):
    """Where documents are read."""

    POOL = "pool"
    DASK = "dask"


class Log(StrEnum):
    """What is printed while it runs."""

    TEXT = "text"
    JSON = "json"


def batch_command(
    folders: Annotated[
        list[str] | None,
        typer.Argument(help="Folders, files, ZIP files, or addresses such as s3://bucket/folder.", show_default=False),
    ] = None,
    archive: Annotated[Path, typer.Option(help="The archive; made where it is not there.")] = Path("archive.sqlite"),
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Documents read at a time. As many as processors by default.")
    ] = None,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Read again what failed before.")] = False,
    refresh: Annotated[
        Refresh | None,
        typer.Option(
            help="Read again what another pipeline read (outdated), of that the doubtful ones, or all.",
            show_default=False,
        ),
    ] = None,
    timeout: Annotated[
        float, typer.Option(min=1, help="Seconds for opening a document and for each of its pages.")
    ] = SECONDS_PER_PAGE,
    memory: Annotated[int, typer.Option(min=256, help="MiB of data that a worker may hold.")] = MEMORY_MB,
    watch: Annotated[bool, typer.Option("--watch", help="Go on with what arrives, until Ctrl-C.")] = False,
    split: SplitOption = Where.AUTO,
    engine: EngineOption = ENGINE,
    slot_reader: SlotReaderOption = SLOT_READER,
    lang: LanguageOption = LANGUAGES,
    models: ModelsOption = None,
    no_sandbox: NoSandboxOption = False,
    image_folders: Annotated[
        ImageFolders, typer.Option(help="Folders of images that are one document each: auto tells by the names.")
    ] = ImageFolders.AUTO,
    attachments: Annotated[
        bool, typer.Option("--attachments", help="Read files attached to PDFs as well; those of mails always are.")
    ] = False,
    executor: Annotated[
        ExecutorName, typer.Option(help="Processes on this machine, or a dask cluster.")
    ] = ExecutorName.POOL,
    scheduler: Annotated[
        str | None, typer.Option(help="Address of the dask scheduler: tcp://host:8786.", show_default=False)
    ] = None,
    log: Annotated[Log, typer.Option(help="Progress for people, or JSON lines on standard output.")] = Log.TEXT,
) -> None:
    """Read every document below the folders into an archive, each once; go on where an earlier run stopped.

    Without folders, only what the archive has queued. Exit code 0: all well; 9: some failed; 12: nothing was done.
    """
    settings = settings_of(engine, slot_reader, lang, models, split=split, no_sandbox=no_sandbox)
    if (executor is ExecutorName.DASK) != (scheduler is not None):
        raise typer.BadParameter("belongs to --executor dask, and that needs it", param_hint="--scheduler")
    with failing(), Archive(archive) as opened:
        waiting = opened.counts()
        with Lines() if log is Log.JSON else Bar(stderr, waiting["queued"] + waiting["running"]) as reporter:
            summary = opened.batch(
                folders or [],
                jobs=jobs,
                settings=settings,
                retry_failed=retry_failed,
                refresh=refresh,
                timeout=timeout,
                memory=memory,
                watch=watch,
                image_folders=image_folders,
                attachments=attachments,
                executor=_cluster(scheduler, settings) if scheduler else None,
                on_event=reporter.event,
            )
        reporter.summary(summary)
    if code := exit_code(summary, watch=watch):
        raise typer.Exit(code)


def exit_code(summary: Summary, *, watch: bool = False) -> int:
    """What the run's end means to a program; Ctrl-C is the proper end of a watch."""
    if summary.interrupted and not watch:
        return INTERRUPTED
    if summary.failures:
        return SOME_FAILED if summary.done or summary.unchanged or summary.duplicates else NOTHING_DONE
    found = summary.unchanged + summary.queued + summary.duplicates + summary.done
    return 0 if found or watch else NOTHING_DONE


def _cluster(scheduler: str, settings: Settings) -> Executor:
    from vndoc.archive.cluster import Cluster  # noqa: PLC0415 -- an extra

    return Cluster(scheduler, settings)
