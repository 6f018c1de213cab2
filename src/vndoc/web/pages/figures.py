"""Counts over the whole archive, taken in the background and kept for a while: no request waits for them."""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

from fastapi import Request, Response

from vndoc.archive import Archive
from vndoc.archive.review.totals import totals
from vndoc.archive.stats import TOP, Stats
from vndoc.web.deps import Config, Reader, guarded_router
from vndoc.web.pages.changes import field_name
from vndoc.web.pages.render import render, words_of
from vndoc.web.pages.texts import Translate

router = guarded_router()
KEPT_SECONDS = 300
"""Figures older than this are taken anew; the old ones are shown meanwhile."""
PATIENCE = 0.1
"""Seconds that a request waits for the very first ones."""

Bars = Sequence[tuple[str, int]]


@dataclass(slots=True, frozen=True)
class Counted:
    """All figures of the page, and when they were taken."""

    stats: Stats
    doubtful: int
    closed: int
    fixed: Mapping[str, int]
    """Changes by pointer."""
    people: Mapping[str, int]
    at: datetime


class Counter:
    """Counts in a thread of its own; what was counted last is there at once."""

    def __init__(self, count: Callable[[], Counted]) -> None:
        self._count = count
        self._lock = threading.Lock()
        self._last: Counted | None = None
        self._taken = 0.0
        self._running: Future[Counted] | None = None

    def get(self) -> Counted | None:
        """The latest figures; None while the first ones are being taken."""
        with self._lock:
            if self._running is None and (self._last is None or monotonic() - self._taken > KEPT_SECONDS):
                self._running = Future()
                threading.Thread(target=self._run, args=(self._running,), daemon=True).start()
            last, running = self._last, self._running
        if last is not None or running is None:
            return last
        try:
            return running.result(PATIENCE)
        except TimeoutError:
            return None

    def _run(self, running: "Future[Counted]") -> None:
        try:
            counted = self._count()
        except BaseException as error:
            with self._lock:
                self._running = None
            running.set_exception(error)
            return
        with self._lock:
            self._last, self._taken, self._running = counted, monotonic(), None
        running.set_result(counted)


def count(path: Path) -> Counted:
    """Take the figures, over a connection of their own."""
    with Archive(path, create=False) as archive:
        counts, fixed, people = archive.queue_counts(), *totals(archive.desk.db)
        return Counted(archive.stats(), counts.doubtful, counts.closed, fixed, people, datetime.now().astimezone())


@router.get("/figures")
def figures_page(request: Request, config: Config, user: Reader) -> Response:
    """What the archive holds and what people have done in it."""
    state = request.app.state
    if not hasattr(state, "counter"):
        state.counter = Counter(lambda: count(config.archive))
    counted: Counted | None = state.counter.get()
    if counted is None:
        return render(request, "counting.html", headers={"Refresh": "2"})
    t = words_of(request)
    return render(
        request,
        "figures.html",
        sums=_sums(counted),
        plots=_plots(counted, t),
        counted=f"{counted.at:%H:%M %d/%m/%Y}",
        bar=lambda n, bars: round(100 * n / max(m for _, m in bars), 1),
    )


def _sums(counted: Counted) -> Sequence[tuple[int, str]]:
    states = counted.stats.states
    return (
        (states.get("done", 0), "read"),
        (counted.stats.pages, "pages"),
        (counted.doubtful, "doubtful"),
        (counted.closed, "closed"),
        (states.get("failed", 0), "failed"),
    )


def _plots(counted: Counted, t: Translate) -> Sequence[tuple[str, Bars]]:
    stats = counted.stats
    months = [(f"{month[5:]}/{month[:4]}", n) for month, n in list(stats.by_month.items())[-24:]]
    return (
        ("by_type", _top(stats.by_type, t)),
        ("by_organ", _top(stats.by_organ, t)),
        ("by_month", months),
        ("by_field", [(field_name(pointer, t), some) for pointer, (some, _) in stats.doubtful.items()]),
        ("fixed", _top({field_name(pointer, t): n for pointer, n in counted.fixed.items()}, t)),
        ("people", _top(counted.people, t)),
    )


def _top(counts: Mapping[Any, int], t: Translate) -> Bars:
    """The most frequent ones; the others summed up."""
    known = sorted(((label or t("figures.unknown"), n) for label, n in counts.items()), key=lambda one: -one[1])
    rest = known[TOP:]
    others = [(t("figures.others", n=len(rest)), sum(n for _, n in rest))] if rest else []
    return [*known[:TOP], *others]
