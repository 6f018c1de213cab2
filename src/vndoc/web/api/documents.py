"""Documents: handed in, listed, told about, given up."""

from typing import Annotated

from fastapi import Query, Response, UploadFile

from vndoc.archive import Archive
from vndoc.archive.events import causes
from vndoc.archive.ledger import Entry, State
from vndoc.archive.listing import listed
from vndoc.archive.review.bundle import parts_of, revision_of
from vndoc.errors import EmptyFileError, FormatError, MissingFileError, TooLargeError
from vndoc.sources import BACKENDS
from vndoc.web.api import models
from vndoc.web.api.common import BIGGEST, READING, WRITING, Filtered, Limit, name_of, problems
from vndoc.web.deps import Clerk, GuestReader, Key, OpenArchive, Reader, guarded_router, require
from vndoc.web.security.limits import UPLOAD_BODY
from vndoc.web.security.problem import Problem
from vndoc.web.security.roles import Role, User
from vndoc.web.work import Handles
from vndoc.web.work.uploads import DiskFullError

router = guarded_router(prefix="/documents", tags=["documents"])


@router.post(
    "",
    status_code=202,
    responses={
        200: {"model": models.Upload, "description": "All of it was in the archive before"},
        202: {"description": "Queued to be read", "headers": {"Location": {"schema": {"type": "string"}}}},
        **WRITING,
        **problems(415, 507),
    },
)
def hand_in(
    file: UploadFile,
    response: Response,
    archive: OpenArchive,
    work: Handles,
    user: Annotated[User, require(Role.CLERK, body=UPLOAD_BODY)],
) -> models.Upload:
    """Hand in a document, or a ZIP file of documents. What the archive has already is not read again."""
    try:
        upload = work.uploads.receive(archive, file.file, file.filename or "")
    except EmptyFileError as error:
        raise Problem(422, str(error), kind="empty") from None
    except TooLargeError as error:
        raise Problem(413, str(error), kind="too-large") from None
    except FormatError as error:
        raise Problem(415, str(error), kind="format", read=_kinds()) from None
    except DiskFullError:
        raise Problem(507, "the server's disk is full; tell its operator", kind="disk") from None
    work.reader.poke()
    if all(document.known for document in upload.documents):
        response.status_code = 200
    if len(upload.documents) == 1:
        response.headers["Location"] = f"/api/v1/documents/{upload.documents[0].key}"
    failed = [models.LeftOutFile(name=name, category=category) for name, category in upload.failed]
    return models.Upload(
        sha256=upload.sha256,
        name=upload.name,
        kind=upload.kind,
        documents=[models.TakenIn.model_validate(document) for document in upload.documents],
        left_out=upload.left_out,
        failed=failed,
    )


def _kinds() -> list[str]:
    """Media types of the files that are read."""
    return sorted({kind for backend in BACKENDS.all() for kind in backend.names} | {"application/zip"})


@router.get("", responses=READING)
def documents(
    archive: OpenArchive,
    user: Reader,
    filters: Filtered,
    state: Annotated[State | None, Query(description="Only those in this state.")] = None,
    after: Annotated[int | None, Query(ge=1, le=BIGGEST, description="'next' of the answer before.")] = None,
    limit: Limit = 50,
) -> models.DocumentPage:
    """All documents, the latest come first. Filters on what is read leave out those that are not read."""
    found = list(listed(archive.desk.db, filters, state, after, limit))
    return models.DocumentPage(
        documents=[models.Listed.model_validate(row) for row in found],
        next=str(found[-1].document_id) if len(found) == limit else None,
    )


@router.get("/{key}", responses=READING)
def document(key: Key, archive: OpenArchive, work: Handles, user: GuestReader) -> models.Document:
    """One document: its state, and once it is read all that it says and what is in doubt."""
    number = archive.document_id(key)
    entry = archive.ledger.entry(number)
    assert entry is not None
    told = _told(archive, work, key, entry)
    if user.only:
        told.parts = [part for part in told.parts if part.key == user.only]
    return told


@router.delete("/{key}/job", status_code=202, responses=WRITING)
def cancel(key: Key, archive: OpenArchive, work: Handles, user: Clerk) -> models.Document:
    """Do not read a document that is queued, or give up reading it. What was read of it before stays."""
    number = archive.document_id(key)
    if not archive.ledger.cancel(number) and not work.reader.cancel(number):
        raise Problem(409, "the document is neither queued nor being read by this server", kind="state")
    return document(key, archive, work, user)


@router.post("/{key}/job", status_code=202, responses=WRITING)
def read_again(key: Key, archive: OpenArchive, work: Handles, user: Clerk) -> models.Document:
    """Read a document again that failed, or was cancelled."""
    if not archive.ledger.retry(archive.document_id(key)):
        raise Problem(409, "the document has not failed, or its file has gone", kind="state")
    work.reader.poke()
    return document(key, archive, work, user)


def _told(archive: Archive, work: Handles, key: str, entry: Entry) -> models.Document:
    number = entry.document_id
    told = models.Document(
        key=key,
        name=name_of(entry.paths[0]) if entry.paths else "",
        state=entry.state,
        progress=_progress(work, number) if entry.state == "running" else None,
        failure=_failure(entry),
        revision=revision_of(archive.desk.db, number),
        closed_at=None,
        closed_by=None,
        dispatch=None,
        facts=[],
        doubts=[],
        parts=_parts(archive, key, number),
    )
    try:
        sheet = archive.desk.sheet(number)
    except MissingFileError:
        return told
    told.closed_at, told.closed_by, told.revision = sheet.closed_at, sheet.closed_by, sheet.revision
    told.dispatch, told.facts = sheet.dispatch, list(sheet.facts)
    told.doubts = [models.Doubt.model_validate(doubt) for doubt in sheet.doubts]
    return told


def _progress(work: Handles, number: int) -> models.Progress | None:
    told = work.reader.progress(number)
    return models.Progress(done=told[0], total=told[1]) if told else None


def _failure(entry: Entry) -> models.Failure | None:
    """Why it failed; the ledger's own message is not told, for it names folders of the server."""
    if entry.category is None:
        return None
    about = causes()[entry.category]
    return models.Failure(category=entry.category, title=about["title"], advice=about["advice"])


def _parts(archive: Archive, key: str, number: int) -> list[models.Part]:
    parts = parts_of(archive.desk.db, number)
    sha256 = key.partition(".")[0]
    return [
        models.Part(
            key=f"{sha256}.{part.first_page}" if len(parts) > 1 else sha256,
            first_page=part.first_page,
            last_page=part.last_page,
        )
        for part in parts
    ]
