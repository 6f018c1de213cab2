"""Templates into answers: the language, the user, the token of forms, filters for days and numbers."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any
from urllib.parse import urlencode

import jinja2
from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse

from vndoc.web.deps import csrf_token, user_of
from vndoc.web.pages.texts import LANGUAGES, Translate, translator
from vndoc.web.pages.typed import shown_day
from vndoc.web.security.roles import Role

LANGUAGE_COOKIE = "vndoc-language"
NAVIGATION = (
    ("/", "nav.queue"),
    ("/take-in", "nav.take_in"),
    ("/grid/code_number", "nav.grid"),
    ("/search", "nav.search"),
    ("/calendar", "nav.calendar"),
    ("/figures", "nav.figures"),
    ("/audit", "nav.audit"),
    ("/help", "nav.help"),
)
KEYS: Sequence[tuple[str, Sequence[tuple[str, str]]]] = (
    (
        "fields",
        (
            ("Tab Shift+Tab", "tab"),
            ("1–9", "pick"),
            ("Enter", "enter"),
            ("Shift+Enter", "done"),
            ("X", "unreadable"),
            ("F2", "type"),
            ("Esc", "escape"),
            ("U", "undo"),
            ("H", "hide"),
        ),
    ),
    ("scan", (("PageUp PageDown", "pages"), ("+ − 0", "zoom"), ("Enter", "word"))),
    ("lists", (("J K", "move"), ("Enter", "open"), ("?", "help"))),
)
"""The keys of the pages, as the help shows them; ``static/*.js`` listens for them."""
SOON_DAYS = 7


def language_of(request: Request) -> str:
    """The language that was asked for in the address, else chosen before, else Vietnamese."""
    for wanted in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if wanted in LANGUAGES:
            return str(wanted)
    return LANGUAGES[0]


def words_of(request: Request) -> Translate:
    """Texts in the language of this request."""
    return translator(language_of(request))


def render(
    request: Request, template: str, status: int = 200, headers: Mapping[str, str] | None = None, **values: Any
) -> HTMLResponse:
    """A page."""
    language = language_of(request)
    t = translator(language)
    user = user_of(request)
    query = urlencode([(k, v) for k, v in request.query_params.multi_items() if k != "lang"])
    here = request.url.path + (f"?{query}" if query else "")
    common: dict[str, Any] = {
        "t": t,
        "lang": language,
        "user": user,
        "may_write": user is not None and user.may(Role.CLERK),
        "can_log_out": user is not None and user.by == "session",
        "csrf": csrf_token(request),
        "nav": NAVIGATION,
        "here": request.url.path,
        "back": here if request.method == "GET" else "/",
        "today": date.today(),
        "due_class": due_class,
        "key_groups": KEYS,
        "problems": (),
    }
    page = environment().get_template(template).render(common | values)
    return HTMLResponse(page, status, headers)


def see(address: str) -> RedirectResponse:
    """Where a post goes on, so that reloading the page posts nothing again."""
    return RedirectResponse(address, 303)


def address(path: str, query: Mapping[str, object]) -> str:
    """The path with the parts of a query that have a value."""
    known = {name: value for name, value in query.items() if value not in (None, "")}
    return f"{path}?{urlencode(known)}" if known else path


def due_class(day: date | None) -> str:
    """CSS class of a due date: past, near, or neither."""
    if day is None:
        return ""
    left = (day - date.today()).days
    return " late" if left < 0 else " soon" if left <= SOON_DAYS else ""


@cache
def environment() -> jinja2.Environment:
    """The templates, which escape whatever they show."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("vndoc.web", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    made.filters["day"] = shown_day
    made.filters["month"] = lambda day: f"{day:%m/%Y}"
    made.filters["number"] = lambda value: f"{value:,.0f}".replace(",", ".")
    made.filters["moment"] = moment
    return made


def moment(at: str | datetime) -> str:
    """'09:32 05/03/2024' in the time of this machine."""
    when = datetime.fromisoformat(at) if isinstance(at, str) else at
    return f"{when.astimezone():%H:%M %d/%m/%Y}"
