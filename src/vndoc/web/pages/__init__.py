"""The archive for people: pages that a browser shows."""

from html import escape

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from vndoc.web.deps import guarded_router
from vndoc.web.security.problem import Problem, phrase

router = guarded_router(include_in_schema=False)


def error_page(request: Request, problem: Problem) -> Response:
    """What a person sees of an error."""
    title = escape(phrase(problem.status_code))
    return HTMLResponse(f"<!doctype html><title>{title}</title><h1>{title}</h1>", problem.status_code)
