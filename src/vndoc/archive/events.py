"""What a run tells while it runs, and at its end."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Literal

from vndoc.archive.jobs import Category

Kind = Literal["queued", "duplicate", "unchanged", "left-out", "done", "failed"]


@dataclass(slots=True, frozen=True)
class Event:
    """Something happened to a file (``queued`` … ``left-out``), or to the document in it (``done``, ``failed``)."""

    event: Kind
    path: str
    document_id: int | None = None
    pages: int | None = None
    seconds: float | None = None
    memory_mb: int | None = None
    category: Category | None = None
    message: str | None = None
    kind: str | None = None
    """Of a file left out: its suffix, or what else tells its kind; see :class:`vndoc.archive.left_out.LeftOut`."""


OnEvent = Callable[[Event], None]


@cache
def causes() -> dict[str, dict[str, str]]:
    """Title and advice for every category of failure."""
    text = resources.files("vndoc.archive").joinpath("data/causes.json").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = json.loads(text)
    return found


@dataclass(slots=True)
class Summary:
    """What a run did: counts of files found and of documents read, failures with their causes, time."""

    unchanged: int = 0
    queued: int = 0
    duplicates: int = 0
    done: int = 0
    pages: int = 0
    seconds: float = 0.0
    left_out: Counter[str] = field(default_factory=Counter)
    """Files that were passed over, by kind."""
    failures: list[Event] = field(default_factory=list)
    recovered: int = 0
    """Documents that an earlier run was cut off from."""
    outdated: int = 0
    """Documents whose results are those of another pipeline."""
    failed_before: int = 0
    """Documents that failed in earlier runs and were not tried again."""
    interrupted: bool = False
    _failed: set[int | str] = field(default_factory=set, repr=False)

    def count(self, event: Event) -> None:
        """Add one event. A document that is read again in the same run counts by what became of it at last."""
        if _about(event) in self._failed and event.event != "left-out":
            self.failures = [failure for failure in self.failures if _about(failure) != _about(event)]
            self._failed.discard(_about(event))
        if event.event == "failed":
            self._failed.add(_about(event))
            self.failures.append(event)
        elif event.event == "done":
            self.done += 1
            self.pages += event.pages or 0
        elif event.event == "queued":
            self.queued += 1
        elif event.event == "duplicate":
            self.duplicates += 1
        elif event.event == "left-out":
            self.left_out[event.kind or ""] += 1
        else:
            self.unchanged += 1

    @property
    def causes(self) -> dict[Category, Sequence[Event]]:
        """The failures by their cause, the most frequent first."""
        grouped: dict[Category, list[Event]] = defaultdict(list)
        for failure in self.failures:
            grouped[failure.category or Category.INTERNAL].append(failure)
        return dict(sorted(grouped.items(), key=lambda item: -len(item[1])))


def _about(event: Event) -> int | str:
    """What an event is about: a document, or a file that is none yet."""
    return event.path if event.document_id is None else event.document_id
