"""Routes of the API about signing in itself: who one is, who else is signed in."""

from pydantic import BaseModel
from starlette.requests import Request

from vndoc.web.deps import Admin, Anyone, csrf_token, gate_of, guarded_router
from vndoc.web.security.problem import Problem
from vndoc.web.security.roles import Role

router = guarded_router(prefix="/api/v1", tags=["sessions"])


class Self(BaseModel):
    """Who asks."""

    user: str | None
    """None: nobody is signed in."""
    roles: list[Role]
    csrf: str
    """What the header ``X-CSRF-Token`` of every request that changes something must hold, unless it has a token."""


class SessionShown(BaseModel):
    """A browser in which someone is signed in."""

    number: int
    user: str
    since_seconds: int
    unused_seconds: int


@router.get("/session")
def own_session(request: Request, user: Anyone) -> Self:
    """Who the caller is, and the token for requests that change something."""
    roles = sorted(user.roles) if user else []
    return Self(user=user.name if user else None, roles=roles, csrf=csrf_token(request))


@router.get("/sessions")
def all_sessions(request: Request, user: Admin) -> list[SessionShown]:
    """Where people are signed in."""
    return [
        SessionShown(number=session.number, user=session.name, since_seconds=int(since), unused_seconds=int(unused))
        for session, since, unused in gate_of(request).sessions.all()
    ]


@router.delete("/sessions/{number}", status_code=204)
def end_session(request: Request, number: int, user: Admin) -> None:
    """Sign someone out."""
    if not gate_of(request).sessions.end_number(number):
        raise Problem(404, "there is no such session; it may have ended")
