"""Duties by their days: a month as a table, and as a list."""

import calendar
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Annotated

from fastapi import Query, Request, Response

from vndoc.archive import Archive
from vndoc.archive.duties import Duty
from vndoc.web.api.calendars import subscribe
from vndoc.web.deps import Config, OpenArchive, Reader, guarded_router
from vndoc.web.pages.render import address, render, words_of

router = guarded_router()
LISTED = 200
"""Duties of a month that its list has; a table to download has all."""


@dataclass(slots=True, frozen=True)
class ShownDuty:
    """A duty with the way to its document."""

    due_date: date
    due_time: time | None
    assignee: str | None
    text: str
    code: str | None
    link: str
    anchor: str
    """HTML id of the first one of each day; empty for the others."""


@dataclass(slots=True, frozen=True)
class Day:
    """A cell of the table."""

    day: date
    duties: tuple[ShownDuty, ...]


@router.get("/calendar")
def calendar_page(
    request: Request,
    archive: OpenArchive,
    user: Reader,
    month: Annotated[str | None, Query(pattern=r"^(19|20)\d\d-(0[1-9]|1[0-2])(-\d\d)?$")] = None,
) -> Response:
    """The duties of a month; of this one unless another is asked for."""
    first = date.fromisoformat(f"{month[:7]}-01") if month else date.today().replace(day=1)
    return _show(request, archive, first, None)


@router.post("/calendar/feed")
def make_feed(request: Request, archive: OpenArchive, config: Config, user: Reader) -> Response:
    """An address for the calendar of a telephone or an office program, told this once."""
    return _show(request, archive, date.today().replace(day=1), subscribe(config, archive, user).url)


def _show(request: Request, archive: Archive, first: date, feed: str | None) -> Response:
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    found = _duties(archive, weeks[0][0], weeks[-1][-1])
    listed = [one for one in found if (one.due_date.year, one.due_date.month) == (first.year, first.month)]
    by_day = {day: tuple(one for one in found if one.due_date == day) for week in weeks for day in week}
    return render(
        request,
        "calendar.html",
        feed=feed,
        month=first,
        before=(first - timedelta(days=1)).replace(day=1),
        next=(first + timedelta(days=31)).replace(day=1),
        weeks=[[Day(day, by_day[day]) for day in week] for week in weeks],
        weekdays=words_of(request)("calendar.weekdays").split(),
        duties=listed[:LISTED],
        left_out=max(0, len(listed) - LISTED),
        table=address("/api/v1/tasks", {"format": "csv", "due_after": weeks[0][0], "due_before": weeks[-1][-1]}),
    )


def _duties(archive: Archive, first: date, last: date) -> list[ShownDuty]:
    shown: list[ShownDuty] = []
    for duty in archive.tasks(due_before=last, due_after=first):
        if duty.due_date:
            new = not shown or shown[-1].due_date != duty.due_date
            shown.append(_shown(duty, duty.due_date, f"d{duty.due_date}" if new else ""))
    return shown


def _shown(duty: Duty, day: date, anchor: str) -> ShownDuty:
    link = f"/documents/{duty.key}#tasks-{duty.position}"
    return ShownDuty(day, duty.due_time, duty.assignee, duty.text, duty.code, link, anchor)
