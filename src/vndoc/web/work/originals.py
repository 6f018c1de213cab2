"""The file of a document as it came, and as a searchable PDF."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from vndoc.archive import Archive
from vndoc.archive.jobs import Job
from vndoc.archive.locations import lies, where_it_may_fail
from vndoc.dispatch import Dispatch
from vndoc.errors import MachineError, VndocError
from vndoc.export.parts import FileParts
from vndoc.export.searchable import to_searchable_pdf
from vndoc.filenames import readable
from vndoc.page import Page
from vndoc.sandbox import temporary_folder
from vndoc.web.work.drawing import unchanged


@dataclass(frozen=True)
class Original:
    """The bytes of a file that are those that were read."""

    name: str
    media_type: str
    data: bytes


def original_of(archive: Archive, document_id: int) -> Original | None:
    """The file of a document, wherever it lies unchanged; None where that is nowhere."""
    for job in filter(lies, archive.ledger.places(document_id)):
        try:
            data = _bytes_of(job)
        except MachineError:
            raise
        except VndocError:
            continue
        name = readable(job.path.rpartition("/")[2])
        return Original(f"{name}.pdf" if job.kind == "folder" else name, _media_type(archive, document_id), data)
    return None


def _bytes_of(job: Job) -> bytes:
    """The bytes of a file that is unchanged; what has to be unpacked or bound for it is so in a sandbox."""
    if job.kind == "file":
        return _taken(job)
    return where_it_may_fail(job.container or job.path, _taken, job)


def _taken(job: Job) -> bytes:
    with temporary_folder() as folder:
        return unchanged(job, Path(folder)).data


def _media_type(archive: Archive, document_id: int) -> str:
    try:
        return archive.dispatch(document_id).source.media_type
    except VndocError:  # not read yet
        return "application/octet-stream"


@dataclass(frozen=True)
class Searchable:
    """A document to be made a searchable PDF: see :class:`vndoc.web.work.drawing.Task`."""

    job: Job
    dispatch: str
    """As JSON."""
    pages: tuple[Page, ...]
    cache: Path
    seconds: float
    memory_mb: int

    @property
    def key(self) -> str:
        """Another one whenever a word or a value has changed."""
        about = f"searchable {self.job.sha256} {self.job.pages} {self.dispatch} {self.pages!r}"
        return hashlib.sha256(about.encode("utf-8", "surrogatepass")).hexdigest()

    def make(self) -> bytes:
        """The PDF; of a part its own pages."""
        data = _bytes_of(self.job)
        dispatch, pages = Dispatch.model_validate_json(self.dispatch), self.pages
        if self.job.pages:
            first, last = self.job.pages
            with FileParts(data, dispatch.source.media_type, dispatch.source.name) as file:
                data = file.part(range(first, last + 1), dispatch)
            pages = tuple(replace(page, number=page.number - first + 1) for page in pages)
        return to_searchable_pdf(data, dispatch, pages)
