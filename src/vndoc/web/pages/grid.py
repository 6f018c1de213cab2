"""One field of many documents: all crops on one page, accepted together but for those that are marked wrong."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import Path, Query, Request, Response
from starlette.datastructures import FormData

from vndoc.archive import Archive
from vndoc.archive.review import ConflictError, GridItem
from vndoc.web.deps import Clerk, OpenArchive, Reader, guarded_router
from vndoc.web.pages.forms import FormError, fact_of
from vndoc.web.pages.places import crop_url
from vndoc.web.pages.posted import Posted, number_of
from vndoc.web.pages.render import render, words_of
from vndoc.web.pages.typed import shown_day
from vndoc.web.pages.units import Place, spot

router = guarded_router()
PAGE = 30
"""Crops of a page."""
FIELDS: Mapping[str, str] = {
    "code_number": "/code_number",
    "code_notation": "/code_notation",
    "issued_date": "/issued_date",
    "signer": "/signer/full_name",
    "organ_name": "/organ_name",
    "arrival_number": "/arrival/number",
    "arrival_date": "/arrival/date",
}
"""Names in addresses, and the pointers they stand for."""

Field = Annotated[str, Path(pattern=f"^({'|'.join(FIELDS)})$")]


@dataclass(slots=True, frozen=True)
class Card:
    """One crop of the page."""

    key: str
    revision: int
    shown: str
    place: Place | None


@dataclass(slots=True, frozen=True)
class Line:
    """A line of what became of the page before."""

    text: str
    wrong: bool = False


@router.get("/grid/{field}")
def grid_page(
    request: Request,
    field: Field,
    archive: OpenArchive,
    user: Reader,
    after: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """The next crops of a field."""
    return _show(request, archive, field, after, [])


@router.post("/grid/{field}")
def accept(request: Request, field: Field, archive: OpenArchive, user: Clerk, posted: Posted) -> Response:
    """Confirm what was not marked as wrong, and what was typed anew; show the next ones, and what became of these."""
    t, report, done, left = words_of(request), [], 0, 0
    for key, revision, value in _said(posted):
        if value is None:
            left += 1
            continue
        try:
            document = archive.document_id(key)
            near = archive.desk.sheet(document).dispatch.issued_date or date.today()
            fact = fact_of({"kind": "value", "pointer": FIELDS[field], "value": value}, near)
            archive.desk.confirm(document, [fact], user.name, revision)
            done += 1
        except ConflictError as conflict:
            report.append(Line(t("grid.conflict", code=value, who=conflict.who or t("conflict.machine")), wrong=True))
        except FormError as error:
            report.append(Line(t(error.key, typed=error.typed), wrong=True))
    if left:
        report.insert(0, Line(t("grid.left", n=left), wrong=True))
    if done:
        report.insert(0, Line(t("grid.done", n=done)))
    after = number_of(posted.get("after")) or 0
    return _show(request, archive, field, after if left else 0, report)


def _said(form: FormData) -> Iterator[tuple[str, int, str | None]]:
    """Key, revision, value of each card; None: marked as wrong, and nothing typed, or nothing was read."""
    wrong = set(map(number_of, form.getlist("wrong")))
    cards: Sequence[tuple[Any, ...]] = list(
        zip(*(form.getlist(name) for name in ("key", "revision", "shown", "value")), strict=False)
    )
    for k, (key, revision, shown, typed) in enumerate(cards[:PAGE]):
        value = str(typed).strip() or ("" if k in wrong else str(shown))
        yield str(key), number_of(revision) or 0, value or None


def _show(request: Request, archive: Archive, field: str, after: int, report: list[Line]) -> Response:
    pointer = FIELDS[field]
    items = archive.grid(pointer, PAGE, after)
    return render(
        request,
        "grid.html",
        field=field,
        fields=list(FIELDS),
        pointers=FIELDS,
        spot=spot(pointer),
        items=[_card(item) for item in items],
        full=len(items) == PAGE,
        after=items[-1].document_id if items else after,
        report=report,
        crop_url=crop_url,
    )


def _card(item: GridItem) -> Card:
    place = Place(item.page, item.box) if item.page and item.box else None
    return Card(item.key, item.revision, shown_day(item.value), place)
