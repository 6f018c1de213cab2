"""Pages as one sees them: images, crops of them, the original file, a searchable PDF."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated
from urllib.parse import quote

from fastapi import Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from vndoc.archive import Archive
from vndoc.errors import MissingFileError
from vndoc.web.api.common import READING, PageNumber, described, name_of, problems
from vndoc.web.deps import GuestReader, Key, OpenArchive, guarded_router
from vndoc.web.security.problem import Problem
from vndoc.web.work import Handles, Work
from vndoc.web.work.drawing import MAX_CROP_PIXELS, WIDTHS, ZOOMS, Crop, Drawing, Task, Want, Width, page_tag
from vndoc.web.work.images import NotDrawnError, OverloadedError
from vndoc.web.work.originals import original_of

router = guarded_router(prefix="/documents/{key}", tags=["pages"])
JPEG, PDF = "image/jpeg", "application/pdf"
_FOREVER, _ASK_AGAIN = "private, max-age=31536000, immutable", "private, no-cache"
_IMAGE = {
    **described(200, [JPEG], "The image"),
    304: {"description": "As the caller has it"},
    **READING,
    **problems(410),
}
_REASONS = {
    "text": (404, "the page is text and has no image"),
    "missing": (410, "the file has been moved, changed or taken away since it was read"),
    "damaged": (422, "the page cannot be drawn"),
    "timeout": (422, "the page takes too long to be drawn"),
    "memory": (422, "the page is too large to be drawn"),
    "machine": (503, "the server cannot draw it now; its operator finds the reason with 'vndoc doctor'"),
}
Box = Annotated[
    str,
    Query(
        pattern=r"^\d{1,6},\d{1,6},\d{1,6},\d{1,6}$",
        description="x0,y0,x1,y1 in pixels of the page as read, the last two behind it.",
        examples=["120,80,640,140"],
    ),
]
Tag = Annotated[
    str | None,
    Query(max_length=64, description="The image's own tag (its ETag up to the dash): then it may be kept for good."),
]


@router.get("/pages/{number}/image", response_class=Response, responses=_IMAGE)
async def image(
    key: Key,
    number: PageNumber,
    request: Request,
    archive: OpenArchive,
    work: Handles,
    user: GuestReader,
    width: Annotated[int, Query(json_schema_extra={"enum": list(WIDTHS)}, description="Pixels.")] = 1200,
    v: Tag = None,
) -> Response:
    """A page as it was read, upright and level, as JPEG; never wider than it was read."""
    if width not in WIDTHS:
        raise Problem(422, f"width is one of {', '.join(map(str, WIDTHS))}", kind="invalid")
    answer = await _shown(archive, work, key, number, Width(width), request, v)
    await run_in_threadpool(_draw_next, archive, work, key, number, Width(width))
    return answer


@router.get("/pages/{number}/crop", response_class=Response, responses=_IMAGE)
async def crop(
    key: Key,
    number: PageNumber,
    request: Request,
    archive: OpenArchive,
    work: Handles,
    user: GuestReader,
    box: Box,
    zoom: Annotated[int, Query(ge=1, le=max(ZOOMS))] = 2,
    v: Tag = None,
) -> Response:
    """A part of a page, enlarged, as JPEG."""
    x0, y0, x1, y1 = map(int, box.split(","))
    if x1 <= x0 or y1 <= y0 or (x1 - x0) * (y1 - y0) * zoom**2 > MAX_CROP_PIXELS:
        raise Problem(422, "the box is empty or too large", kind="invalid")
    return await _shown(archive, work, key, number, Crop((x0, y0, x1, y1), zoom), request, v)


async def _shown(
    archive: Archive, work: Work, key: str, number: int, want: Want, request: Request, tag: str | None
) -> Response:
    with _reasons():
        drawing = await run_in_threadpool(_drawing, archive, work, key, number, want)
    own = page_tag(drawing.page)
    headers = {"ETag": f'"{own}-{drawing.key[:16]}"', "Cache-Control": _FOREVER if tag == own else _ASK_AGAIN}
    if headers["ETag"] in [given.strip() for given in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    return Response(await _made(work, drawing), media_type=JPEG, headers=headers)


async def _made(work: Work, task: Task) -> bytes:
    with _reasons():
        future = await run_in_threadpool(work.images.get, task)
        # Shielded: others may wait for the same when this one has gone away.
        return await asyncio.shield(asyncio.wrap_future(future))


@contextmanager
def _reasons() -> Iterator[None]:
    """Why there is no image, as problems."""
    try:
        yield
    except NotDrawnError as error:
        status, detail = _REASONS[error.reason]
        raise Problem(status, detail, kind="no-image", reason=error.reason) from None
    except OverloadedError:
        detail = "too many images wait to be drawn; ask again"
        raise Problem(503, detail, kind="busy", headers={"Retry-After": "2"}) from None


def _drawing(archive: Archive, work: Work, key: str, number: int, want: Want) -> Drawing:
    document = archive.document_id(key)
    return work.images.drawing(archive, document, work.images.page(archive, document, number), want)


def _draw_next(archive: Archive, work: Work, key: str, number: int, want: Want) -> None:
    """The next page, which is likely to be asked for."""
    try:
        work.images.prefetch(_drawing(archive, work, key, number + 1, want))
    except (MissingFileError, NotDrawnError, OverloadedError):
        return


@router.get(
    "/original",
    response_class=Response,
    responses={**described(200, ["*/*"], "The file"), **READING, **problems(410)},
)
def original(key: Key, archive: OpenArchive, user: GuestReader) -> Response:
    """The file as it came; of a part the whole file, which is not for those who came by a link to the part."""
    if user.only and "." in user.only:
        raise Problem(403, "the link by which you came opens one document of the file; take its PDF", kind="link")
    found = original_of(archive, archive.document_id(key))
    if found is None:
        status, detail = _REASONS["missing"]
        raise Problem(status, detail, kind="no-image", reason="missing")
    return _attached(found.data, found.media_type, found.name)


@router.get(
    "/searchable.pdf",
    response_class=Response,
    responses={**described(200, [PDF], "The PDF"), **READING, **problems(410)},
)
async def searchable(key: Key, archive: OpenArchive, work: Handles, user: GuestReader) -> Response:
    """The pages as they look, with the text behind the words, also the words that people have mended."""
    with _reasons():
        number = await run_in_threadpool(archive.document_id, key)
        task = await run_in_threadpool(work.images.searchable, archive, number)
    name = task.job.path.rpartition("/")[2]
    return _attached(await _made(work, task), PDF, f"{name.rpartition('.')[0] or name}.pdf")


def _attached(data: bytes, media_type: str, name: str) -> Response:
    """A file to keep: a browser must not open it as a page of this server."""
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name_of(name), safe='')}",
        "Cache-Control": "private, no-store",
    }
    return Response(data, media_type=media_type, headers=headers)
