"""The queue: documents by doubt and due date, with the filters of the search."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Annotated, Literal

from fastapi import Query, Request, Response

from vndoc.archive import Filters
from vndoc.web.deps import OpenArchive, Reader, guarded_router
from vndoc.web.pages.render import address, render, words_of
from vndoc.web.pages.texts import Translate
from vndoc.web.pages.typed import typed_day
from vndoc.web.security.problem import Problem

router = guarded_router()
PAGE = 50
"""Rows of a page."""

State = Literal["open", "closed", "all"]


@dataclass(slots=True)
class Chosen:
    """Filters as they stand in an address, as values, and what is wrong with them."""

    typed: dict[str, str]
    filters: Filters
    problems: list[str] = field(default_factory=list)


def chosen_filters(query: Mapping[str, str], t: Translate) -> Chosen:
    """The filters of an address; one that makes no sense is told and left out."""
    names = ("type", "organ", "year", "urgency", "due", "since", "until")
    typed = {name: query[name].strip()[:200] for name in names if query.get(name, "").strip()}
    chosen = Chosen(typed, Filters())
    days: dict[str, date | None] = {}
    for name in ("due", "since", "until"):
        try:
            days[name] = typed_day(typed.get(name, ""), date.today())
        except ValueError:
            chosen.problems.append(t("error.day", typed=typed.pop(name)))
    if (year := typed.get("year")) and not (year.isdecimal() and len(year) == 4):
        chosen.problems.append(t("error.year", typed=typed.pop("year")))
    chosen.filters = Filters(
        type_name=typed.get("type"),
        organ=typed.get("organ"),
        year=int(typed["year"]) if "year" in typed else None,
        urgency=typed.get("urgency"),
        due_before=days.get("due"),
        since=days.get("since"),
        until=days.get("until"),
    )
    return chosen


def day_began() -> str:
    """The last midnight of this machine's clock, in UTC, as the archive has its moments."""
    midnight = datetime.combine(date.today(), time()).astimezone()
    return midnight.astimezone(UTC).isoformat(timespec="seconds")


@router.get("/")
def queue_page(
    request: Request,
    archive: OpenArchive,
    user: Reader,
    state: State = "open",
    after: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """Documents to check, the most pressing first."""
    chosen = chosen_filters(request.query_params, words_of(request))
    try:
        rows = list(archive.queue(chosen.filters, state, after, PAGE + 1))
    except ValueError:  # no page of ours has such a link
        raise Problem(422, "there is no such place in the queue") from None
    query = {**chosen.typed, "state": state}
    return render(
        request,
        "queue.html",
        counts=archive.queue_counts(date.today(), day_began()),
        rows=rows[:PAGE],
        after=rows[PAGE - 1].cursor if len(rows) > PAGE else None,
        state=state,
        chosen=chosen.typed,
        problems=chosen.problems,
        url=lambda **changes: address("/", query | changes),
    )
