"""What runs in a worker's process: one document read within its limits of time and memory."""

import contextlib
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from vndoc.archive.jobs import Category, Failure, Job, Outcome, PartOutcome, Progress
from vndoc.archive.locations import local_copy
from vndoc.dispatch import Notice
from vndoc.document import Document
from vndoc.filenames import readable
from vndoc.notices import ATTACHMENTS_UNREAD
from vndoc.pipeline import read_each
from vndoc.sandbox import Budget, as_told, temporary_folder

_PAGE_SHARE = 0.8  # of a page's seconds that the engine gets: it gives up before the document must


def work(job: Job) -> Outcome:
    """Read one document; whatever goes wrong with it comes back as a failure."""
    started = time.monotonic()
    parts: list[PartOutcome] = []
    failure, amount = None, None
    _tell(job, 0, 0)
    budget = Budget(job.seconds_per_page)
    try:
        parts, amount = _read(job, budget)
    except _ChangedError as error:
        failure = Failure(Category.CHANGED, str(error))
    except Exception as error:
        failure = Failure.of(as_told(error, job.memory_mb, job.path))
    finally:
        budget.end()
    seconds, memory = time.monotonic() - started, _peak_memory()
    if failure or len(parts) > 1:
        return Outcome(job, None, None, failure, seconds, memory, () if failure else tuple(parts), amount)
    return Outcome(job, parts[0].dispatch, parts[0].reading, None, seconds, memory)


class _ChangedError(Exception):
    pass


def _read(job: Job, budget: Budget) -> tuple[list[PartOutcome], int]:
    """The documents of the file, and how many pages it has."""

    def page_done(done: int, total: int) -> None:
        budget.page_done(done, total)
        _tell(job, done, total)

    with temporary_folder() as folder:
        path, bad = local_copy(job, Path(folder))
        limits = job.settings.limits.model_copy(update={"engine_seconds": _PAGE_SHARE * job.seconds_per_page})
        split = "never" if job.pages or job.uncut else job.settings.split
        settings = job.settings.model_copy(update={"jobs": 1, "limits": limits, "split": split})
        pages = range(job.pages[0], job.pages[1] + 1) if job.pages else None
        read = read_each(path, pages=pages, settings=settings, progress=page_done, member=bool(pages))
        found = [_part(job, document, bad) for document in read]
    return [part for part, _ in found], sum(amount for _, amount in found)


def _part(job: Job, document: Document, bad: Sequence[int]) -> tuple[PartOutcome, int]:
    """A document under the name and the SHA-256 that the archive knows, and the pages that it takes up in the file."""
    dispatch, part = document.dispatch, document.part
    if job.kind == "folder":
        dispatch.source.sha256 = job.sha256
    elif dispatch.source.sha256 != job.sha256:
        raise _ChangedError(f"{job.path}: changed while it was read")
    dispatch.source.name = readable(PurePosixPath(job.path).name)
    numbers = {page.number for page in document.pages}
    failed = tuple(
        Notice(code="page-failed", pointer=f"/pages/{n}", message=f"Page {n}: the image cannot be decoded")
        for n in bad
        if n in numbers or part is None or part.whole
    )
    dispatch.warnings.extend(failed)
    notices = document.notices + failed
    if job.attachments:
        dispatch.warnings = [notice for notice in dispatch.warnings if notice.code != ATTACHMENTS_UNREAD]
        notices = tuple(notice for notice in notices if notice.code != ATTACHMENTS_UNREAD)
    reading = replace(document.reading, notices=notices)
    first = part.begins.before_page if part and part.begins else 1
    taken = len({*part.pages, *part.blank_pages}) if part else len(dispatch.pages)
    return PartOutcome(first, dispatch.model_dump_json(), reading.to_bytes()), taken


def _tell(job: Job, done: int, total: int) -> None:
    """Note how far the document is, where the job asks for it."""
    if job.progress:
        with contextlib.suppress(OSError):  # its folder goes when the one who asked for it ends
            Progress(done, total, os.getpid()).write(job.progress)


def _peak_memory() -> int | None:
    """Peak memory of this process in MiB, where the system tells it."""
    if sys.platform == "linux":  # the usage that getrusage tells begins with that of the process that started this one
        try:
            lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
        except OSError:  # a container without /proc
            return None
        return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM:")), None)
    if sys.platform == "darwin":
        import resource  # noqa: PLC0415

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024**2
    return None
