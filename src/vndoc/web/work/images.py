"""Images of pages for those who ask: from the cache, or drawn in processes that cannot take more than they may.

What is asked for twice is drawn once. A page that cannot be drawn is not tried again at once.
"""

import threading
import time
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Self

from vndoc import sandbox
from vndoc.archive import Archive
from vndoc.archive.jobs import Job
from vndoc.archive.locations import lies
from vndoc.archive.review.bundle import revision_of
from vndoc.archive.review.facts import facts_of
from vndoc.archive.review.words import mended
from vndoc.errors import MachineError, MemoryLimitError, MissingFileError, TimeLimitError
from vndoc.facts import WordFact
from vndoc.page import Method, Page
from vndoc.sources.text import TEXT
from vndoc.web.work.cache import Cache
from vndoc.web.work.drawing import Drawing, Task, Want, bare, run
from vndoc.web.work.originals import Searchable

SECONDS = 45.0
"""For one image."""
MEMORY_MB = 1024
MOST_WAITING = 64
FORGIVEN = 60.0
"""Seconds after which a page that could not be drawn is tried again."""
_KNOWN_DOCUMENTS = 256


class NotDrawnError(Exception):
    """There is no image: ``reason`` is ``text`` (the page has none), ``missing`` (the file has gone or changed),
    ``damaged``, ``timeout``, ``memory``, or ``machine`` (this machine cannot draw now).
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class OverloadedError(Exception):
    """Too many images wait to be drawn."""


class Images:
    """Draws pages; use as a context.

    Args:
        cache: where images are kept.
        workers: images drawn at a time.
        seconds: that one may take.
        memory_mb: MiB of data that a process may hold.
    """

    def __init__(self, cache: Cache, workers: int = 2, *, seconds: float = SECONDS, memory_mb: int = MEMORY_MB) -> None:
        self._cache, self._workers = cache, workers
        self._seconds, self._memory_mb = seconds, memory_mb
        self._lock = threading.Lock()
        self._waiting: dict[str, Future[bytes]] = {}
        self._failed: OrderedDict[str, tuple[float, NotDrawnError]] = OrderedDict()
        self._known: OrderedDict[tuple[int, int], tuple[Page, ...]] = OrderedDict()
        self._pool: ThreadPoolExecutor | None = None

    def __enter__(self) -> Self:
        """Start, so that the first page need not wait for it."""
        self._pool = self._made()
        sandbox.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        if self._pool:
            self._pool.shutdown(cancel_futures=True)
        self._pool = None

    def pages(self, archive: Archive, document_id: int) -> tuple[Page, ...]:
        """The pages of a document without their words; those of a reading are remembered."""
        key = document_id, revision_of(archive.desk.db, document_id)
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        pages = tuple(map(bare, archive.pages(document_id))) or _unread(archive, document_id)
        with self._lock:
            self._known[key] = pages
            while len(self._known) > _KNOWN_DOCUMENTS:
                self._known.popitem(last=False)
        return pages

    def page(self, archive: Archive, document_id: int, number: int) -> Page:
        """One page of a document, as its file counts them; MissingFileError where it has no such page."""
        found = next((page for page in self.pages(archive, document_id) if page.number == number), None)
        if found is None:
            raise MissingFileError("the document has no such page")
        return found

    def drawing(self, archive: Archive, document_id: int, page: Page, want: Want) -> Drawing:
        """What would be drawn, to compare its key, or to :meth:`get` it.

        Raises:
            NotDrawnError: the page has no image, or the document lies nowhere.
        """
        if page.method is Method.PLAIN_TEXT:
            raise NotDrawnError("text")
        job = _place(archive, document_id)
        return Drawing(job, page, want, self._cache.folder, self._seconds, self._memory_mb)

    def get(self, task: Task) -> Future[bytes]:
        """The image as JPEG, or whatever else the task makes, now or in a while; cancelling it does nothing.

        The future fails with :class:`NotDrawnError`.

        Raises:
            OverloadedError: try again in some seconds.
        """
        key = task.key
        kept = self._cache.get(key)
        if kept is not None:
            return _finished(kept)
        with self._lock:
            if key in self._waiting:
                return self._waiting[key]
            if (failure := self._failure(key)) is not None:
                return _failed(failure)
            if len(self._waiting) >= MOST_WAITING:
                raise OverloadedError
            work = self._schedule(task)
            waiting: Future[bytes] = Future()
            waiting.set_running_or_notify_cancel()  # others may wait for it too
            self._waiting[key] = waiting
        work.add_done_callback(partial(self._done, key, waiting))
        return waiting

    def searchable(self, archive: Archive, document_id: int) -> Searchable:
        """The document as a searchable PDF, to :meth:`get`.

        Raises:
            NotDrawnError: it is text, nothing was kept of how it was read, or it lies nowhere.
        """
        words = [fact for fact in facts_of(archive.desk.db, document_id) if isinstance(fact, WordFact)]
        pages = mended(archive.pages(document_id), words)
        if not pages or pages[0].method is Method.PLAIN_TEXT:
            raise NotDrawnError("text")
        text = archive.dispatch(document_id).model_dump_json()
        return Searchable(_place(archive, document_id), text, pages, self._cache.folder, self._seconds, self._memory_mb)

    def prefetch(self, drawing: Drawing) -> None:
        """Draw an image that will be asked for, where nothing else is to be done."""
        if not self._waiting and not self._cache.path(drawing.key).exists():
            self.get(drawing)

    def _failure(self, key: str) -> NotDrawnError | None:
        at, failure = self._failed.get(key, (0.0, None))
        return failure if failure and time.monotonic() - at < FORGIVEN else None

    def _schedule(self, task: Task) -> "Future[bytes]":
        if self._pool is None:
            raise OverloadedError
        return self._pool.submit(sandbox.call, run, task, seconds=task.seconds, memory_mb=task.memory_mb)

    def _made(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._workers, thread_name_prefix="vndoc-images")

    def _done(self, key: str, waiting: "Future[bytes]", work: "Future[bytes]") -> None:
        try:
            data = work.result()
        except BaseException as error:
            failure = _reason(error)
            with self._lock:
                if failure.reason != "machine":
                    self._failed[key] = time.monotonic(), failure
                while len(self._failed) > _KNOWN_DOCUMENTS:
                    self._failed.popitem(last=False)
                self._waiting.pop(key, None)
            waiting.set_exception(failure)
            return
        with self._lock:
            self._waiting.pop(key, None)
        waiting.set_result(data)
        self._cache.wrote(len(data))


def _reason(error: BaseException) -> NotDrawnError:
    reasons = {
        MachineError: "machine",
        TimeLimitError: "timeout",
        MissingFileError: "missing",
        MemoryLimitError: "memory",
    }
    return NotDrawnError(next((reason for kind, reason in reasons.items() if isinstance(error, kind)), "damaged"))


def _place(archive: Archive, document_id: int) -> Job:
    found = next(filter(lies, archive.ledger.places(document_id)), None)
    if found is None:
        raise NotDrawnError("missing")
    return found


def _unread(archive: Archive, document_id: int) -> tuple[Page, ...]:
    """Pages of which nobody has noted how they were read: as the file has them."""
    dispatch = archive.dispatch(document_id)
    method = Method.PLAIN_TEXT if dispatch.source.media_type == TEXT else Method.OCR
    return tuple(bare(Page(text.number, (), text.width, text.height, method=method)) for text in dispatch.pages)


def _finished(data: bytes) -> "Future[bytes]":
    future: Future[bytes] = Future()
    future.set_result(data)
    return future


def _failed(failure: NotDrawnError) -> "Future[bytes]":
    future: Future[bytes] = Future()
    future.set_exception(failure)
    return future
