"""Links that another system has made for a person: a page comes first, so that what only looks uses none up.

Whoever goes on can see and correct the one document; see :mod:`vndoc.web.security.visits`.
"""

from typing import Annotated

from fastapi import Path, Request, Response

from vndoc.web.deps import Anyone, OpenArchive, gate_of, guarded_router, require
from vndoc.web.pages.render import render, see, words_of
from vndoc.web.pages.units import spot
from vndoc.web.security.roles import User
from vndoc.web.security.visits import Visit
from vndoc.web.work.links import usable, use

router = guarded_router(prefix="/open")

Secret = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{20,100}$")]


@router.get("/{secret}")
def link_page(request: Request, secret: Secret, archive: OpenArchive, user: Anyone) -> Response:
    """What the link does, and the button that does it."""
    request.state.embed = True
    return render(request, "open.html", secret=secret) if usable(archive, secret) else _used(request)


@router.post("/{secret}")
def open_link(
    request: Request, secret: Secret, archive: OpenArchive, user: Annotated[User | None, require(None, secret=True)]
) -> Response:
    """Use the link up: let whoever has it see its document, begin at its field."""
    request.state.embed = True
    link = use(archive, secret)
    if link is None:
        return _used(request)
    answer = see(f"/documents/{link.key}" + (f"#{spot(link.pointer)}" if link.pointer else ""))
    if user is None or user.only:  # others see it with the rights that they have
        gate_of(request).let_visit(answer, Visit(link.key, link.name, link.made_by))
    return answer


def _used(request: Request) -> Response:
    t = words_of(request)
    return render(request, "error.html", 410, title=t("open.used"), detail=t("open.used.more"))
