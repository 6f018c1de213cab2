"""The archive as an object: the batch that fills it, and everything that is taken out of it."""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Self

from vndoc.archive.cites import Citations, citations
from vndoc.archive.database import connect
from vndoc.archive.duties import Duty, duties
from vndoc.archive.events import OnEvent, Summary
from vndoc.archive.executor import Executor
from vndoc.archive.jobs import MEMORY_MB, SECONDS_PER_PAGE
from vndoc.archive.ledger import Entry, Ledger, Refresh, State
from vndoc.archive.left_out import LeftOut, LeftOutFiles
from vndoc.archive.luutru import rows as luutru_rows
from vndoc.archive.pagefolder import ImageFolders
from vndoc.archive.register import Row, rows
from vndoc.archive.review import Desk, GridItem, QueueCounts, QueueRow, completions, grid, queue, queue_counts
from vndoc.archive.review.facts import reading_of
from vndoc.archive.review.queue import Wanted
from vndoc.archive.search import Filters, Hit, find
from vndoc.archive.stored import dispatch_of
from vndoc.dispatch import Dispatch
from vndoc.errors import MissingFileError
from vndoc.export.luutru import Row as LuutruRow
from vndoc.page import Page
from vndoc.settings import DEFAULTS, Settings

if TYPE_CHECKING:
    from vndoc.archive.corrections.export import Exported
    from vndoc.archive.quality import Sample, Tally
    from vndoc.archive.stats import Stats


class Archive:
    """Many documents in one SQLite file. Several processes may read it while one fills it.

    >>> with vndoc.Archive("archive.sqlite") as archive:      # doctest: +SKIP
    ...     archive.batch(["incoming"])
    ...     for hit in archive.search("ke hoach thong tin doi ngoai"):
    ...         print(hit.code, hit.snippet)

    Args:
        path: the file.
        create: make it where it is not there.
        any_thread: several threads may use the object, one at a time.

    Raises:
        MissingFileError: it is not there, or cannot be made.
        FormatError: it is no archive, or one of a newer vndoc.
    """

    def __init__(self, path: str | Path, *, create: bool = True, any_thread: bool = False) -> None:
        self.path = Path(path)
        self._db: sqlite3.Connection = connect(self.path, create=create, any_thread=any_thread)
        self._ledger = Ledger(self._db)

    def __enter__(self) -> Self:
        """Use as a context."""
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        self.close()

    def close(self) -> None:
        """Close the file; the object is of no use afterwards."""
        self._db.close()

    def batch(
        self,
        folders: Sequence[str | Path],
        *,
        jobs: int | None = None,
        settings: Settings | None = None,
        retry_failed: bool = False,
        refresh: Refresh | None = None,
        timeout: float = SECONDS_PER_PAGE,
        memory: int = MEMORY_MB,
        watch: bool = False,
        image_folders: ImageFolders = ImageFolders.AUTO,
        attachments: bool = False,
        executor: Executor | None = None,
        on_event: OnEvent | None = None,
    ) -> Summary:
        """Read every document below the folders that is not read yet, and all that an earlier run left.

        Args:
            folders: folders, files, ZIP, 7z and RAR files, mails, or addresses that fsspec knows.
            jobs: documents read at a time; as many as there are processors by default.
            settings: how documents are read; ``jobs`` and ``limits.engine_seconds`` in it do not count here.
            retry_failed: read again what failed in earlier runs.
            refresh: read again what was read before; see :class:`Refresh`.
            timeout: seconds that a document gets for being opened and for each of its pages.
            memory: MiB of data that a worker's process may hold.
            watch: go on with what arrives, until interrupted (Ctrl-C).
            image_folders: which folders of images are one document each.
            attachments: whether files attached to PDFs are documents to be read; those of mails always are.
            executor: another engine than the local pool, such as :class:`vndoc.archive.cluster.Cluster`.
            on_event: called for each file found and each document read.

        Raises:
            MissingFileError: a folder is not there.
            SetupError: no document can be read here, or another batch is at work on this archive.
        """
        # The pool and its friends are needed here only.
        from vndoc.archive.fingerprint import fingerprint  # noqa: PLC0415
        from vndoc.archive.intake import look  # noqa: PLC0415
        from vndoc.archive.pool import LocalPool  # noqa: PLC0415
        from vndoc.archive.runner import JobLimits, Runner, at_work  # noqa: PLC0415
        from vndoc.archive.watch import watch as watch_folders  # noqa: PLC0415

        settings = settings or DEFAULTS
        key = fingerprint(settings)
        with ExitStack() as stack:
            recovered = stack.enter_context(at_work(self.path, self._ledger))
            failed_before = 0 if retry_failed else self._ledger.counts()["failed"]
            if retry_failed:
                self._ledger.retry_failed()
            if refresh:
                self._ledger.refresh(refresh, key)
            engine = stack.enter_context(executor or LocalPool(jobs or processors()))
            runner = Runner(
                self._ledger,
                engine,
                key,
                JobLimits(settings, timeout, memory, attachments=attachments),
                on_event or (lambda event: None),
            )
            runner.summary.recovered, runner.summary.failed_before = recovered, failed_before
            summary = runner.run((watch_folders if watch else look)(folders, image_folders))
            if not (watch or summary.interrupted):
                runner.arrivals.left_out.forget_gone(folders)
            summary.outdated = self._ledger.outdated(key)
            return summary

    @property
    def ledger(self) -> Ledger:
        """Which documents there are, and what has become of each; for those that take in and read."""
        return self._ledger

    def entries(self, state: State | None = None) -> Iterator[Entry]:
        """The ledger, a row for each document, in the order of their coming."""
        return self._ledger.entries(state)

    def left_out(self) -> Iterator[LeftOut]:
        """Files that the batches passed over, by kind and path."""
        return iter(LeftOutFiles(self._db))

    def counts(self) -> dict[State, int]:
        """How many documents are in each state."""
        return self._ledger.counts()

    def dispatch(self, document_id: int) -> Dispatch:
        """What was read of one document.

        Raises:
            MissingFileError: there is no such document, or it is not read yet.
        """
        row = self._db.execute("SELECT json FROM dispatch WHERE document_id = ?", (document_id,)).fetchone()
        if row is None:
            raise MissingFileError(f"{self.path}: no document {document_id} has been read")
        return dispatch_of(row["json"])

    def document_id(self, key: str) -> int:
        """The document of a key; see :meth:`key`.

        Raises:
            MissingFileError: there is none.
        """
        sha256, _, page = key.partition(".")
        row = None
        if page.isascii() and page.isdecimal() and len(page) < 10:
            row = self._db.execute(
                """SELECT part.id FROM document AS part JOIN document AS whole ON whole.id = part.bundle_id
                   WHERE whole.sha256 = ? AND part.first_page = ?""",
                (sha256, int(page)),
            ).fetchone()
        elif not page:
            row = self._db.execute("SELECT id FROM document WHERE sha256 = ?", (sha256,)).fetchone()
        if row is None:
            raise MissingFileError(f"{self.path}: has no such document")
        return int(row["id"])

    def key(self, document_id: int) -> str:
        """How a document is addressed: the SHA-256 of its file; of a part of a file with ``.`` and its first page.

        Raises:
            MissingFileError: there is no such document, or its file was taken away.
        """
        row = self._db.execute("SELECT min(key) AS key FROM location WHERE document_id = ?", (document_id,)).fetchone()
        if row["key"] is None:
            raise MissingFileError(f"{self.path}: has no such document")
        return str(row["key"])

    def pages(self, document_id: int) -> tuple[Page, ...]:
        """The pages that a dispatch was parsed from, as they were read; empty where an older vndoc has read them."""
        reading = reading_of(self._db, document_id)
        return reading.pages if reading else ()

    @property
    def desk(self) -> Desk:
        """Where a person settles what is in doubt."""
        return Desk(self._db)

    def queue(
        self,
        filters: Filters | None = None,
        wanted: Wanted = "open",
        after: str | None = None,
        limit: int = 50,
        today: date | None = None,
    ) -> list[QueueRow]:
        """Documents that wait for a person, the most pressing first; see :func:`vndoc.archive.review.queue.queue`."""
        return queue(self._db, filters, wanted, after, limit, today)

    def queue_counts(self, today: date | None = None, since: str | None = None) -> QueueCounts:
        """How much waits for a person; see :func:`vndoc.archive.review.queue.queue_counts`."""
        return queue_counts(self._db, today, since)

    def grid(self, pointer: str, limit: int = 30, after: int = 0) -> list[GridItem]:
        """One doubtful field of many documents; see :func:`vndoc.archive.review.grid.grid`."""
        return grid(self._db, pointer, limit, after)

    def completions(self, pointer: str, typed: str, limit: int = 8) -> list[str]:
        """Values of a field that may be meant; see :func:`vndoc.archive.review.completion.completions`."""
        return completions(self._db, pointer, typed, limit)

    def register(self, filters: Filters | None = None) -> Iterator[Row]:
        """The register of incoming documents, in the order of their arrival."""
        return rows(self._db, filters or Filters())

    def luutru(self, filters: Filters | None = None) -> Iterator[LuutruRow]:
        """The rows of Circular 05/2025/TT-BNV, in the order of the files; see :mod:`vndoc.export.luutru`."""
        return luutru_rows(self._db, filters or Filters())

    def search(self, words: str = "", filters: Filters | None = None, limit: int = 20) -> Iterator[Hit]:
        """Documents that hold all the words, best first; with or without diacritics alike."""
        return find(self._db, words, filters or Filters(), limit)

    def cites(self, notation: str, issued: date | None = None) -> Citations:
        """What refers to the document of this notation, and what it refers to."""
        return citations(self._db, notation, issued)

    def tasks(
        self, due_before: date | None = None, due_after: date | None = None, assignee: str | None = None
    ) -> Iterator[Duty]:
        """Duties by their day, those without one last; both limits are included."""
        return duties(self._db, due_before, due_after, assignee)

    def export_corrections(self, folder: str | Path, since: int = 0) -> "Exported":
        """What people have confirmed as pairs to learn from; see :func:`vndoc.archive.corrections.export.export`."""
        from vndoc.archive.corrections.export import export  # noqa: PLC0415

        return export(self._db, Path(folder), since)

    def draw(self, amount: int, seed: int, path: str | Path) -> "Sample":
        """Write a random sample for checking by hand, as a workbook or CSV; see :mod:`vndoc.archive.quality`.

        Raises:
            EmptyFileError: no document has been read.
            MissingFileError: the table cannot be written.
        """
        from vndoc.archive.quality import draw, write_sheet  # noqa: PLC0415

        sample, items = draw(self._db, amount, seed)
        write_sheet(sample, items, Path(path))
        return sample

    def checked(self, path: str | Path) -> "Tally":
        """The error rates of a sample that was filled in.

        Raises:
            MissingFileError: there is no such table.
            FormatError: it is none, or of another archive, or not filled in as it must be.
        """
        from vndoc.archive.quality import read_sheet, tally  # noqa: PLC0415
        from vndoc.archive.quality.sample import check_known  # noqa: PLC0415

        filled = read_sheet(Path(path))
        check_known(self._db, {mark.document for mark in filled.marks})
        return tally(filled)

    def stats(self) -> "Stats":
        """Counts by type, issuer, month, doubt and failure."""
        from vndoc.archive.stats import stats  # noqa: PLC0415

        return stats(self._db)


def processors() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
