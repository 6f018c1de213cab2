"""Where the documents of a file begin: pages in a row, each of which may be a first one."""

from collections.abc import Sequence

from fastapi import Request, Response

from vndoc.archive import Archive
from vndoc.archive.review import ConflictError
from vndoc.archive.review.bundle import Part
from vndoc.web.deps import Clerk, Key, OpenArchive, Reader, guarded_router
from vndoc.web.pages.document import told
from vndoc.web.pages.places import thumb_url
from vndoc.web.pages.posted import Posted, number_of
from vndoc.web.pages.render import render, see, words_of
from vndoc.web.pages.sheet_view import name_of

router = guarded_router()


@router.get("/documents/{key}/parts")
def parts_page(request: Request, key: Key, archive: OpenArchive, user: Reader) -> Response:
    """The pages of the whole file, with the first ones marked."""
    return _show(request, archive, key)


@router.post("/documents/{key}/parts")
def recut(request: Request, key: Key, archive: OpenArchive, user: Clerk, posted: Posted) -> Response:
    """Cut the file anew where the marked pages begin."""
    document = archive.document_id(key)
    starts = sorted({1} | {n for n in map(number_of, posted.getlist("start")) if n})
    try:
        if starts != [part.first_page for part in archive.desk.sheet(document).parts]:
            archive.desk.recut(document, starts, user.name, number_of(posted.get("revision")) or 0)
    except ConflictError as conflict:
        t = words_of(request)
        return _show(request, archive, key, told(conflict, t), 409)
    file_key = key.partition(".")[0]
    return see(f"/documents/{file_key}" if len(starts) == 1 else f"/documents/{file_key}.1/parts")


def _holder(key: str, parts: Sequence[Part], page: int) -> str:
    """Key of the document that has a page of the file."""
    file_key = key.partition(".")[0]
    first = next((part.first_page for part in parts if part.first_page <= page <= part.last_page), 1)
    return file_key if len(parts) == 1 else f"{file_key}.{first}"


def _show(request: Request, archive: Archive, key: str, problem: str | None = None, status: int = 200) -> Response:
    sheet = archive.desk.sheet(archive.document_id(key))
    return render(
        request,
        "parts.html",
        status,
        key=key,
        holder=lambda n: _holder(key, sheet.parts, n),
        name=name_of(sheet, words_of(request)),
        revision=sheet.revision,
        pages=sheet.parts[-1].last_page,
        starts={part.first_page for part in sheet.parts},
        problem=problem,
        thumb_url=thumb_url,
    )
