"""The archive for people: pages that a browser shows, without scripts too."""

from fastapi import Request, Response

from vndoc.web.deps import guarded_router
from vndoc.web.pages import audit, calendar, cites, document, figures, grid, open, parts, queue, search, simple, take_in
from vndoc.web.pages.render import render, words_of
from vndoc.web.pages.texts import has_text
from vndoc.web.security.problem import Problem

router = guarded_router(include_in_schema=False)
for _pages in (simple, open, queue, take_in, document, parts, grid, search, calendar, cites, figures, audit):
    router.include_router(_pages.router)


def error_page(request: Request, problem: Problem) -> Response:
    """What a person sees of an error."""
    t, status = words_of(request), problem.status_code
    key = f"error.{status}" if has_text(f"error.{status}") else "error.500"
    return render(request, "error.html", status, title=t(key), detail=t(f"{key}.more"))
