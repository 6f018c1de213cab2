"""Pages that show no document: signing in and out, the choice of a language, the help."""

from typing import Annotated

from fastapi import Form, Query, Request, Response

from vndoc.web.deps import Anyone, Reader, guarded_router
from vndoc.web.pages.render import LANGUAGE_COOKIE, render, see, words_of
from vndoc.web.pages.texts import LANGUAGES
from vndoc.web.security.signing_in import SignInRefused, safe_next, sign_in, sign_out

router = guarded_router()
_YEAR = 365 * 24 * 3600

Address = Annotated[str, Form(max_length=2000)]


@router.get("/login")
def login_page(
    request: Request, user: Anyone, following: Annotated[str, Query(alias="next", max_length=2000)] = "/"
) -> Response:
    """Where one signs in; whoever is signed in goes on."""
    if user and not user.only:
        return see(safe_next(following))
    return render(request, "login.html", next=safe_next(following), failed=None)


@router.post("/login")
def login(
    request: Request,
    user: Anyone,
    name: Annotated[str, Form(max_length=200)],
    password: Annotated[str, Form(max_length=1000)],
    following: Annotated[str, Form(alias="next", max_length=2000)] = "/",
) -> Response:
    """Sign in and go on to where one wanted to go."""
    answer = see(safe_next(following))
    try:
        sign_in(request, name, password, answer)
    except SignInRefused as error:
        t = words_of(request)
        failed = t("login.failed") if error.wait is None else t("login.wait", seconds=error.wait)
        return render(request, "login.html", error.status_code, error.headers, next=safe_next(following), failed=failed)
    return answer


@router.post("/logout")
def logout(request: Request, user: Anyone) -> Response:
    """Sign out."""
    answer = see("/login")
    sign_out(request, answer)
    return answer


@router.post("/language")
def choose_language(user: Anyone, lang: Annotated[str, Form(max_length=10)], back: Address = "/") -> Response:
    """Keep the language in a cookie, for those who are not signed in too."""
    answer = see(safe_next(back))
    if lang in LANGUAGES:
        answer.set_cookie(LANGUAGE_COOKIE, lang, max_age=_YEAR, samesite="lax", httponly=True)
    return answer


@router.get("/help")
def help_page(request: Request, user: Reader) -> Response:
    """The keys and how it works."""
    return render(request, "help.html")
