"""How the server is: for what starts it anew, for what draws its figures, for programs that want to know its API."""

import shutil
from typing import Any, Literal

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from vndoc.archive import Archive
from vndoc.errors import VndocError
from vndoc.web.api.common import PROBLEM_SCHEMA, READING, described
from vndoc.web.deps import Anyone, Config, OpenArchive, Reader, guarded_router
from vndoc.web.work import Handles
from vndoc.web.work.metrics import CONTENT_TYPE, Labels, Requests, archive_lines, family
from vndoc.web.work.reader import State
from vndoc.web.work.uploads import LEAST_FREE_BYTES

root = guarded_router(tags=["health"])
router = guarded_router(tags=["health"])


class Health(BaseModel):
    """``ok``, or what is wrong; for anyone, so no more than that."""

    status: Literal["ok", "failing"]
    archive: bool = Field(description="It can be opened.")
    reader: bool = Field(description="The thread that reads documents is alive, and nothing it needs is missing.")
    disk: bool = Field(description="There is room beside the archive.")


class ReaderStatus(BaseModel):
    """What the reader does, and what it lacks."""

    state: State
    trouble: str | None
    queued: int
    running: int


@root.get("/healthz", responses={503: {"model": Health, "description": "Something is wrong"}})
def health(config: Config, work: Handles, user: Anyone) -> Response:
    """Whether the server can do its work."""
    try:
        with Archive(config.archive, create=False) as archive:
            archive.counts()
        opens = True
    except VndocError:
        opens = False
    reads = work.reader.status.state not in ("troubled", "stopped")
    room = shutil.disk_usage(config.archive.parent).free > LEAST_FREE_BYTES
    fine = opens and reads and room
    told = Health(status="ok" if fine else "failing", archive=opens, reader=reads, disk=room)
    return JSONResponse(told.model_dump(), 200 if fine else 503)


@root.get("/metrics", response_class=Response, responses={**described(200, ["text/plain"], "Figures"), **READING})
def metrics(request: Request, config: Config, archive: OpenArchive, work: Handles, user: Reader) -> Response:
    """Figures in the text format of Prometheus."""
    requests: Requests = request.app.state.requests
    states: dict[Labels, float] = {(("state", work.reader.status.state),): 1.0}
    lines = [
        *archive_lines(archive.desk.db, config.archive),
        *family("vndoc_reader", "gauge", "What the thread that reads does.", states),
        *requests.lines(),
    ]
    return Response("\n".join(lines) + "\n", media_type=CONTENT_TYPE)


@router.get("/reader", responses=READING)
def reader(archive: OpenArchive, work: Handles, user: Reader) -> ReaderStatus:
    """What the thread that reads documents does, and what it lacks."""
    status, counts = work.reader.status, archive.counts()
    return ReaderStatus(state=status.state, trouble=status.trouble, queued=counts["queued"], running=counts["running"])


@router.get("/openapi.json", include_in_schema=False)
def description(request: Request, user: Reader) -> dict[str, Any]:
    """The API, described as OpenAPI 3.1."""
    told: dict[str, Any] = request.app.openapi()
    told["components"]["schemas"] |= PROBLEM_SCHEMA
    return told
