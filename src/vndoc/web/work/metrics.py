"""Figures for those who watch over the server, in the text format of Prometheus (version 0.0.4)."""

import shutil
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from vndoc.archive.database import WHOLE
from vndoc.web.watching import watched

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
Labels = tuple[tuple[str, str], ...]


class Requests:
    """Counts requests by method, route and status, and how long they took by route."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[Labels] = Counter()
        self._seconds: Counter[str] = Counter()
        self._buckets: Counter[tuple[str, float]] = Counter()

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one."""
        with self._lock:
            self._counts[("method", method), ("route", route), ("status", str(status))] += 1
            self._seconds[route] += seconds  # type: ignore[assignment]
            for bucket in _BUCKETS:
                self._buckets[route, bucket] += seconds <= bucket

    def lines(self) -> Iterator[str]:
        """As Prometheus reads them."""
        with self._lock:
            counts, seconds, buckets = dict(self._counts), dict(self._seconds), dict(self._buckets)
        yield from family("vndoc_http_requests_total", "counter", "Requests answered.", counts)
        yield "# HELP vndoc_http_request_seconds Time until a request was answered."
        yield "# TYPE vndoc_http_request_seconds histogram"
        for route, total in sorted(seconds.items()):
            number = sum(n for labels, n in counts.items() if ("route", route) in labels)
            name, own = "vndoc_http_request_seconds", ("route", route)
            for bucket in _BUCKETS:
                yield _line(f"{name}_bucket", (own, ("le", f"{bucket:g}")), buckets[route, bucket])
            yield _line(f"{name}_bucket", (own, ("le", "+Inf")), number)
            yield _line(f"{name}_sum", (own,), round(total, 6))
            yield _line(f"{name}_count", (own,), number)


class Counting:
    """Notes every request of an application, whose :class:`Requests` are at ``app.state.requests``."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})

        def told(status: int | None, seconds: float) -> None:
            # A method or a path that someone made up would be a series of its own for each.
            method = scope["method"] if scope["method"] in _METHODS else "other"
            requests: Requests = scope["app"].state.requests
            requests.note(method, state.get("route", "none"), status or 500, seconds)

        await watched(self._app, scope, receive, send, told)


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def archive_lines(db: sqlite3.Connection, archive: Path) -> Iterator[str]:
    """Figures of what the archive holds and what waits."""

    def counted(query: str, label: str) -> dict[Labels, float]:
        return {((label, str(value)),): number for value, number in db.execute(query)}

    def single(query: str) -> dict[Labels, float]:
        return {(): db.execute(query).fetchone()[0]}

    states: dict[Labels, float] = {(("state", state),): 0.0 for state in ("queued", "running", "done", "failed")}
    states |= counted(f"SELECT state, count(*) FROM document WHERE {WHOLE} GROUP BY state", "state")
    yield from family("vndoc_documents", "gauge", "Documents by state.", states)
    failed = counted("SELECT category, count(*) FROM document WHERE state = 'failed' GROUP BY category", "category")
    yield from family("vndoc_documents_failed", "gauge", "Documents that could not be read, by cause.", failed)
    waiting = single("SELECT count(*) FROM review WHERE closed_at IS NULL")
    yield from family("vndoc_review_open", "gauge", "Documents that wait for a person.", waiting)
    doubts = single("SELECT total(doubts) FROM review WHERE closed_at IS NULL")
    yield from family("vndoc_review_doubts", "gauge", "Values to look at in them.", doubts)
    pages = single(f"SELECT total(page_amount) FROM document WHERE state = 'done' AND {WHOLE}")
    yield from family("vndoc_pages_read", "gauge", "Pages of the documents that are read.", pages)
    seconds = single("SELECT total(seconds) FROM document")
    yield from family("vndoc_reading_seconds", "gauge", "Working time of the last attempts to read them.", seconds)
    changes = counted("SELECT kind, count(*) FROM change GROUP BY kind", "kind")
    yield from family("vndoc_changes_total", "counter", "What people have done, by kind.", changes)
    hooks = counted("SELECT state, count(*) FROM delivery GROUP BY state", "state")
    yield from family("vndoc_webhook_deliveries", "gauge", "What hooks are told, by state.", hooks)
    free = float(shutil.disk_usage(archive.parent).free)
    yield from family("vndoc_disk_free_bytes", "gauge", "Room beside the archive.", {(): free})


def family(name: str, kind: str, about: str, values: Mapping[Labels, float]) -> Iterator[str]:
    """One figure with its labels."""
    yield f"# HELP {name} {about}"
    yield f"# TYPE {name} {kind}"
    for labels, value in sorted(values.items()):
        yield _line(name, labels, value)


def _line(name: str, labels: Labels, value: float) -> str:
    shown = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels)
    return f"{name}{{{shown}}} {value:.15g}" if shown else f"{name} {value:.15g}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
