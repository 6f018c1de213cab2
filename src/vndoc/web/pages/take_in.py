"""Taking documents in: a form for files, and how far those are read that came last."""

from fastapi import Request, Response

from vndoc.web.deps import OpenArchive, Reader, guarded_router
from vndoc.web.pages.render import render

router = guarded_router()


@router.get("/take-in")
def take_in_page(request: Request, archive: OpenArchive, user: Reader) -> Response:
    """The form, and what came last."""
    return render(request, "take_in.html", arrivals=(), waiting=0)
