"""Pages that show no document: the choice of a language, the help."""

from typing import Annotated

from fastapi import Form, Request, Response

from vndoc.web.deps import Anyone, Reader, guarded_router
from vndoc.web.pages.render import LANGUAGE_COOKIE, local, render, see
from vndoc.web.pages.texts import LANGUAGES

router = guarded_router()
_YEAR = 365 * 24 * 3600


@router.post("/language")
def choose_language(
    user: Anyone, lang: Annotated[str, Form()], back: Annotated[str, Form(max_length=2000)] = "/"
) -> Response:
    """Keep the language in a cookie, for those who are not signed in too."""
    answer = see(local(back))
    if lang in LANGUAGES:
        answer.set_cookie(LANGUAGE_COOKIE, lang, max_age=_YEAR, samesite="lax", httponly=True)
    return answer


@router.get("/help")
def help_page(request: Request, user: Reader) -> Response:
    """The keys and how it works."""
    return render(request, "help.html")
