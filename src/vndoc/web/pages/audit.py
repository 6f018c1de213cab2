"""The audit: who changed what, when, from what into what; each change can be taken back."""

from typing import Annotated

from fastapi import Query, Request, Response

from vndoc.web.deps import OpenArchive, Reader, guarded_router
from vndoc.web.pages.changes import shown
from vndoc.web.pages.render import address, render, words_of

router = guarded_router()
PAGE = 50


@router.get("/audit")
def audit_page(
    request: Request,
    archive: OpenArchive,
    user: Reader,
    document: Annotated[str | None, Query(pattern=r"^[0-9a-f]{64}(\.[1-9][0-9]{0,4})?$")] = None,
    who: Annotated[str | None, Query(max_length=100)] = None,
    before: Annotated[int | None, Query(ge=1, le=2**53)] = None,
) -> Response:
    """The latest changes, of one document or person or of all."""
    t = words_of(request)
    number = archive.document_id(document) if document else None
    changes = list(archive.desk.changes(number, who or None, before, PAGE + 1))
    last = changes[PAGE - 1].id if len(changes) > PAGE else None
    return render(
        request,
        "audit.html",
        of=document,
        who=who,
        changes=[line for change in changes[:PAGE] for line in shown(change, t)],
        more=address("/audit", {"document": document, "who": who, "before": last}) if last else None,
    )
