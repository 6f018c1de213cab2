"""The page of a document: its scan with boxes on the left, its fields on the right, and the posts that settle them."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

from fastapi import Form, Query, Request, Response

from vndoc.archive import Archive, Filters
from vndoc.archive.review import ConflictError
from vndoc.archive.review.changes import change as change_of
from vndoc.errors import MissingFileError
from vndoc.web.deps import GuestClerk, GuestReader, Key, OpenArchive, guarded_router, user_of
from vndoc.web.pages.changes import field_name, shown
from vndoc.web.pages.forms import FormError, fact_of
from vndoc.web.pages.posted import Posted, number_of
from vndoc.web.pages.render import address, moment, render, see, words_of
from vndoc.web.pages.sheet_view import SHADES, document_values, unit_title
from vndoc.web.pages.texts import Translate
from vndoc.web.pages.units import Units
from vndoc.web.security.problem import Problem
from vndoc.web.security.signing_in import safe_next
from vndoc.web.work import Work
from vndoc.web.work.drawing import page_tag

if TYPE_CHECKING:
    from vndoc.archive.review import Sheet

router = guarded_router()

Page = Annotated[int | None, Query(ge=1, le=100_000)]


@router.get("/documents/{key}")
def document_page(
    request: Request,
    key: Key,
    archive: OpenArchive,
    user: GuestReader,
    page: Page = None,
    find: Annotated[str, Query(max_length=400)] = "",
    under: Annotated[float, Query()] = SHADES[1],
) -> Response:
    """The document, at the page of its first doubt, or the one asked for; of a file that was cut its first part."""
    archive.document_id(key)  # tells what is not there from what is not read
    try:
        return _show(request, archive, key, page=page, find=find, under=under if under in SHADES else SHADES[1])
    except MissingFileError:
        return _unread(request, archive, key)


@router.post("/documents/{key}/facts")
def settle(request: Request, key: Key, archive: OpenArchive, user: GuestClerk, posted: Posted) -> Response:
    """Write what a form says of one value, entry or word."""
    form = {name: value for name, value in posted.items() if isinstance(value, str)}
    document = archive.document_id(key)
    near = archive.desk.sheet(document).dispatch.issued_date or date.today()
    page, back = number_of(form.get("on") or form.get("page")), form.get("back", "")
    try:
        fact = fact_of(form, near)
    except FormError as error:
        problem = {"text": words_of(request)(error.key, typed=error.typed), "spot": back, "typed": error.typed}
        return _show(request, archive, key, page=page, status=422, problem=problem)
    try:
        archive.desk.confirm(document, [fact], user.name, number_of(form.get("revision")) or 0)
    except ConflictError as conflict:
        return _show(request, archive, key, page=page, status=409, conflict=conflict, form=form)
    return see(address(f"/documents/{key}", {"page": page}) + (f"#{quote(back)}" if back else ""))


@router.post("/documents/{key}/undo")
def undo(
    request: Request,
    key: Key,
    archive: OpenArchive,
    user: GuestClerk,
    change: Annotated[int, Form(ge=1, le=2**53)],
    back: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Take a change of this document back."""
    done = change_of(archive.desk.db, change)
    if done is None or done.document_id != archive.document_id(key) or (user.only and done.kind == "recut"):
        raise Problem(404, "the document has no such change")
    try:
        archive.desk.undo(change, user.name)
    except ConflictError as conflict:
        return _show(request, archive, key, status=409, conflict=conflict)
    return see(safe_next(back or f"/documents/{key}"))


@router.post("/documents/{key}/close")
def close(
    request: Request, key: Key, archive: OpenArchive, user: GuestClerk, revision: Annotated[int, Form()]
) -> Response:
    """Declare a document checked, and go on to the next one."""
    following = _next(archive, key)
    try:
        archive.desk.close(archive.document_id(key), user.name, revision)
    except ConflictError as conflict:
        return _show(request, archive, key, status=409, conflict=conflict)
    if user.only:
        return see(f"/documents/{key}")
    return see(f"/documents/{following}" if following else "/")


@router.post("/documents/{key}/reopen")
def reopen(
    request: Request, key: Key, archive: OpenArchive, user: GuestClerk, revision: Annotated[int, Form()]
) -> Response:
    """Put a document back among those to check."""
    try:
        archive.desk.reopen(archive.document_id(key), user.name, revision)
    except ConflictError as conflict:
        return _show(request, archive, key, status=409, conflict=conflict)
    return see(f"/documents/{key}")


def _show(
    request: Request,
    archive: Archive,
    key: str,
    *,
    status: int = 200,
    page: int | None = None,
    find: str = "",
    under: float = SHADES[1],
    problem: dict[str, str] | None = None,
    conflict: ConflictError | None = None,
    form: dict[str, str] | None = None,
) -> Response:
    t, document, user = words_of(request), archive.document_id(key), user_of(request)
    sheet = archive.desk.sheet(document)
    work: Work = request.app.state.work
    tags = {page.number: page_tag(page) for page in work.images.pages(archive, document)}
    changes = archive.desk.changes(document, limit=20)
    last = next((change for change in changes if change.undone_by is None and change.kind == "confirm"), None)
    return render(
        request,
        "document.html",
        status,
        **document_values(sheet, key, t, tags, page=page, find=find, under=under, problem=problem),
        last=shown(last, t)[0] if last else None,
        conflict=_conflict(conflict, sheet, form or {}, t) if conflict else None,
        next=None if user and user.only else _next(archive, key),
    )


def _unread(request: Request, archive: Archive, key: str) -> Response:
    """A document that waits for the reader, or a file in whose place its parts are."""
    try:
        archive.document_id(f"{key}.1")
    except MissingFileError:
        return render(request, "waiting.html", headers={"Refresh": "3"})
    return see(f"/documents/{key}.1")


def _conflict(error: ConflictError, sheet: "Sheet", form: dict[str, str], t: Translate) -> dict[str, Any]:
    """Who was faster, what stands there now, what was typed; the form again, to be sent on purpose."""
    units = {unit.spot: unit for unit in Units(sheet).all()}
    back = form.get("back", "")
    theirs = units.get(back)
    mine = form.get("pick") or form.get("value") or form.get("after") or form.get("text") or form.get("notation") or ""
    if form.get("do") in ("unreadable", "absent", "remove"):
        mine = t({"unreadable": "unit.cannot", "absent": "unit.absent", "remove": "unit.remove"}[form["do"]])
    return {
        "told": told(error, t),
        "spot": back if theirs else "",
        "field": field_name(form.get("pointer", ""), t) if form.get("pointer") else "",
        "theirs": (theirs.value or unit_title(theirs)) if theirs else "",
        "mine": mine,
        "again": {name: value for name, value in form.items() if name not in ("csrf", "revision")},
    }


def told(error: ConflictError, t: Translate) -> str:
    """Who was faster, and when."""
    if error.who is None or error.at is None:
        return t("conflict.anew")
    return t("conflict.who", who=error.who, at=moment(error.at))


def _next(archive: Archive, key: str) -> str | None:
    """The first document of the queue that is not this one."""
    return next((row.key for row in archive.queue(Filters(), limit=2) if row.key != key), None)
