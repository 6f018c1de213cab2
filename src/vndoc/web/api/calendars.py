"""Addresses under which calendars subscribe to duties: their programs send no headers, so the secret is in the path."""

import hashlib
import secrets
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Path, Request, Response
from pydantic import BaseModel, Field

from vndoc.archive.calendar import to_ics
from vndoc.archive.database import transaction
from vndoc.web.api.common import READING, WRITING, Number, described, problems
from vndoc.web.api.outputs import ICS, told_duties
from vndoc.web.deps import Anyone, Config, OpenArchive, Reader, gate_of, guarded_router
from vndoc.web.security.problem import Problem
from vndoc.web.security.roles import Role, User

router = guarded_router(prefix="/calendars", tags=["calendars"])
MOST_EACH = 20


class CalendarWish(BaseModel):
    """Which duties."""

    assignee: str | None = Field(default=None, max_length=200, description="Part of the name of who is bound.")


class Calendar(BaseModel):
    """A subscription."""

    id: int
    user: str
    assignee: str | None
    made_at: str


class NewCalendar(Calendar):
    """A subscription with its address, which is told this once."""

    url: str


@router.get(
    "/{secret}.ics", response_class=Response, responses={**described(200, [ICS], "Duties"), **problems(404, 422, 503)}
)
def calendar(
    secret: Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{20,100}$")],
    request: Request,
    archive: OpenArchive,
    user: Anyone,
) -> Response:
    """Duties that have a day or come again, as a calendar; for whoever has its address."""
    row = archive.desk.db.execute("SELECT user, assignee FROM calendar WHERE hash = ?", (_hash(secret),)).fetchone()
    if row is None or not _may_read(request, row["user"]):
        raise Problem(404, "there is no such calendar; its address may have been revoked")
    headers = {"Cache-Control": "private, max-age=900"}
    return Response(to_ics(told_duties(archive, assignee=row["assignee"])), media_type=ICS, headers=headers)


def _may_read(request: Request, name: str) -> bool:
    """Whether the user whose address it is may still read; without a users file all may."""
    users = gate_of(request).users
    account = users.account(name) if users else None
    return users is None or (account is not None and User(name, account.roles, "token").may(Role.READ))


@router.get("", responses=READING)
def calendars(archive: OpenArchive, user: Reader) -> list[Calendar]:
    """The caller's subscriptions; an administrator sees those of all."""
    everyone = user.may(Role.ADMIN)
    rows = archive.desk.db.execute(
        "SELECT id, user, assignee, made_at FROM calendar WHERE ? OR user = ? ORDER BY id", (everyone, user.name)
    )
    return [Calendar(**row) for row in map(dict, rows)]


@router.post("", status_code=201, responses=WRITING)
def subscribe(config: Config, archive: OpenArchive, user: Reader, wish: CalendarWish | None = None) -> NewCalendar:
    """Make an address to give to a calendar. It holds until it is revoked, or the user may read no more."""
    secret, assignee, made = secrets.token_urlsafe(32), wish.assignee if wish else None, _now()
    db = archive.desk.db
    with transaction(db):
        (amount,) = db.execute("SELECT count(*) FROM calendar WHERE user = ?", (user.name,)).fetchone()
        if amount >= MOST_EACH:
            raise Problem(409, f"you have {amount} addresses; revoke one that is not used", kind="too-many")
        number = db.execute(
            "INSERT INTO calendar (hash, user, assignee, made_at) VALUES (?, ?, ?, ?)",
            (_hash(secret), user.name, assignee, made),
        ).lastrowid
    assert number is not None
    url = f"{config.url}/api/v1/calendars/{secret}.ics"
    return NewCalendar(id=number, user=user.name, assignee=assignee, made_at=made, url=url)


@router.delete("/{number}", status_code=204, responses=WRITING)
def revoke(number: Number, archive: OpenArchive, user: Reader) -> None:
    """Revoke an address: one's own, as an administrator anybody's."""
    db = archive.desk.db
    with transaction(db):
        gone = db.execute(
            "DELETE FROM calendar WHERE id = ? AND (? OR user = ?)", (number, user.may(Role.ADMIN), user.name)
        ).rowcount
    if not gone:
        raise Problem(404, "you have no such calendar")


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
