"""What is under way: the pages of a document, and a batch, with a bar for people or JSON lines, and its summary."""

import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from vndoc.archive.events import Event, Summary, causes
from vndoc.cli.terminal import shown, stderr, to_json

PATIENCE = 2.0
"""Seconds before the bar of pages shows."""

_EXAMPLES = 3  # files named for each cause


class PageBar:
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

    def __enter__(self) -> Self:
        """Begin; nothing is shown yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        if self.shown:
            self.progress.stop()

    def for_file(self, name: str) -> Callable[[int, int], None]:
        """What :func:`vndoc.read` calls with the pages of this file that are done and those it has."""
        task = self.progress.add_task(name, total=None, visible=False)

        def update(done: int, total: int) -> None:
            if not self.shown and stderr.is_terminal and time.monotonic() - self.started > PATIENCE:
                self.progress.start()
                self.shown = True
            self.progress.update(task, completed=done, total=total, visible=done < total)

        return update


class CountBar:
    """A bar for a number of things looked at one by one, shown as :class:`PageBar` is."""

    def __init__(self, what: str) -> None:
        self._pages = PageBar()
        self.update = self._pages.for_file(what)
        """To be called with how many are done, and how many there are."""

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        self._pages.__exit__()


class Reporter(Protocol):
    """Follows a batch; used as a context around it."""

    def event(self, event: Event) -> None:
        """Something happened to a document."""
        ...

    def summary(self, summary: Summary) -> None:
        """The batch is over."""
        ...

    def __enter__(self) -> Self:
        """Begin."""
        ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """End."""
        ...


class Lines:
    """JSON lines on standard output: one for each event, one for the summary."""

    def event(self, event: Event) -> None:
        """See :class:`Reporter`."""
        print(to_json({name: value for name, value in asdict(event).items() if value is not None}), flush=True)

    def summary(self, summary: Summary) -> None:
        """See :class:`Reporter`."""
        counts = {
            "event": "summary",
            "done": summary.done,
            "failed": len(summary.failures),
            "pages": summary.pages,
            "seconds": round(summary.seconds, 3),
            "queued": summary.queued,
            "duplicates": summary.duplicates,
            "unchanged": summary.unchanged,
            "left_out": dict(summary.left_out.most_common()),
            "recovered": summary.recovered,
            "failed_before": summary.failed_before,
            "outdated": summary.outdated,
            "interrupted": summary.interrupted,
            "causes": {category: len(events) for category, events in summary.causes.items()},
        }
        print(to_json(counts), flush=True)

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        sys.stdout.flush()


class Bar:
    """A bar on a terminal: documents done and failed, pages a second, time left; elsewhere the failures alone."""

    def __init__(self, console: Console, waiting: int) -> None:
        self._console = console
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("[red]{task.fields[failed]} failed"),
            TextColumn("{task.fields[rate]:.2f} pages/s"),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._progress.add_task("reading", total=waiting, failed=0, rate=0.0)
        self._total, self._failed, self._pages = waiting, 0, 0
        self._started = time.monotonic()

    def event(self, event: Event) -> None:
        """See :class:`Reporter`."""
        read = event.document_id is not None
        if event.event == "queued":
            self._total += 1
        elif event.event == "failed":
            self._failed += 1
            self._console.print(f"vndoc: {shown(event.message or event.path)}", markup=False, style="red")
        self._pages += event.pages or 0
        self._progress.update(
            self._task,
            total=self._total,
            advance=1 if read else 0,
            failed=self._failed,
            rate=self._pages / max(time.monotonic() - self._started, 1e-3),
        )

    def summary(self, summary: Summary) -> None:
        """See :class:`Reporter`."""
        for line in summary_lines(summary):
            self._console.print(line, markup=False)

    def __enter__(self) -> Self:
        """Begin."""
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        self._progress.stop()


def summary_lines(summary: Summary) -> list[str]:
    """The end of a batch in words: what was done, what failed and why, what to do about it."""
    rate = summary.pages / summary.seconds if summary.seconds else 0.0
    lines = [
        f"{_many(summary.done, 'document')} read, {_many(summary.pages, 'page')}, in {_time(summary.seconds)} "
        f"({rate:.2f} pages a second); {summary.unchanged} unchanged, {_many(summary.duplicates, 'duplicate')}, "
        f"{len(summary.failures)} failed"
    ]
    if summary.interrupted:
        lines.append("Stopped; the same command goes on from here.")
    if summary.left_out:
        kinds = ", ".join(f"{amount} {kind}" for kind, amount in summary.left_out.most_common())
        lines.append(f"Left out: {kinds}; 'vndoc left-out ARCHIVE' lists them.")
    if summary.recovered:
        lines.append(f"{_many(summary.recovered, 'document')} taken up again from a run that was cut off.")
    for category, failures in summary.causes.items():
        about = causes()[category]
        lines.append(f"{len(failures)} × {about['title']}: {about['advice']}.")
        lines += [f"    {shown(failure.path)}" for failure in failures[:_EXAMPLES]]
        if len(failures) > _EXAMPLES:
            lines.append(f"    … and {len(failures) - _EXAMPLES} more")
    if summary.failed_before:
        lines.append(f"{summary.failed_before} failed in earlier runs; --retry-failed tries them again.")
    if summary.outdated:
        lines.append(f"{_many(summary.outdated, 'result')} of another pipeline; --refresh outdated reads them anew.")
    return lines


def _many(number: int, word: str) -> str:
    return f"{number} {word}{'s' * (number != 1)}"


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s" if minutes else f"{seconds:.1f} s"
