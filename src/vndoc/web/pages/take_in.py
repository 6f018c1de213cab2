"""Taking documents in: a form for files, and how far those are read that came last."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import Query, Request, Response
from starlette.datastructures import UploadFile

from vndoc.archive import Archive
from vndoc.archive.events import causes
from vndoc.archive.listing import Listed, listed
from vndoc.errors import EmptyFileError, FormatError, TooLargeError, VndocError
from vndoc.filenames import readable
from vndoc.web.deps import OpenArchive, Reader, guarded_router, require
from vndoc.web.pages.posted import Posted
from vndoc.web.pages.render import address, render, see, words_of
from vndoc.web.pages.texts import Translate
from vndoc.web.security.limits import UPLOAD_BODY
from vndoc.web.security.roles import Role, User
from vndoc.web.work import Handles, Work
from vndoc.web.work.uploads import DiskFullError, Upload

router = guarded_router()
SHOWN = 25
"""Documents of the list of arrivals."""

Uploader = Annotated[User, require(Role.CLERK, body=UPLOAD_BODY)]
_REASONS: dict[type[Exception], str] = {
    EmptyFileError: "take_in.empty_file",
    TooLargeError: "take_in.too_large",
    FormatError: "take_in.format",
    DiskFullError: "take_in.full",
}


@dataclass(slots=True, frozen=True)
class Arrival:
    """A document that came in, and how far it is."""

    key: str
    name: str
    state: str
    pages: int | None
    pages_done: int
    message: str


@router.get("/take-in")
def take_in_page(
    request: Request,
    archive: OpenArchive,
    work: Handles,
    user: Reader,
    sent: Annotated[str, Query(pattern=r"^([0-9a-f]{64})?$")] = "",
) -> Response:
    """The form, and what came last; ``sent``: the one that was just sent, opened once it is read."""
    return _show(request, archive, work, sent, [], 200)


@router.post("/take-in")
def take_in(request: Request, archive: OpenArchive, work: Handles, user: Uploader, posted: Posted) -> Response:
    """Keep the files and queue what is in them."""
    t, problems, uploads = words_of(request), [], list[Upload]()
    files = [file for file in posted.getlist("files") if isinstance(file, UploadFile) and file.filename]
    for file in files:
        try:
            uploads.append(work.uploads.receive(archive, file.file, file.filename or ""))
        except (VndocError, DiskFullError) as error:
            why = next((text for kind, text in _REASONS.items() if isinstance(error, kind)), "take_in.format")
            problems.append(t("take_in.refused", name=readable(file.filename or ""), why=t(why)))
    if uploads:
        work.reader.poke()
    problems += [line for upload in uploads for line in _told(upload, t)]
    if not files:
        problems.append(t("take_in.empty"))
    documents = [document for upload in uploads for document in upload.documents]
    sent = documents[0].key if len(documents) == 1 else ""
    if problems:
        return _show(request, archive, work, sent, problems, 200 if uploads else 422)
    return see(address("/take-in", {"sent": sent}))


def _told(upload: Upload, t: Translate) -> Iterator[str]:
    """What of a ZIP file was not taken in."""
    for name in upload.left_out:
        yield t("take_in.refused", name=name, why=t("take_in.format"))
    for name, category in upload.failed:
        yield t("take_in.refused", name=name, why=_cause(category, t))


def _cause(category: str, t: Translate) -> str:
    return causes()[category][t("language.of_causes")].lower()


def _show(request: Request, archive: Archive, work: Work, sent: str, problems: list[str], status: int) -> Response:
    t = words_of(request)
    arrivals = [_arrival(work, one, t) for one in listed(archive.desk.db, limit=SHOWN)]
    waiting = sum(one.state in ("queued", "running") for one in arrivals)
    return render(request, "take_in.html", status, arrivals=arrivals, waiting=waiting, sent=sent, problems=problems)


def _arrival(work: Work, one: Listed, t: Translate) -> Arrival:
    done, total = work.reader.progress(one.document_id) or (0, one.pages)
    message = _cause(one.category, t).capitalize() if one.category else ""
    return Arrival(one.key, one.name, one.state, total, done, message)
