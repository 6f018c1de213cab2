"""What routes ask for: the user with the role that the route needs, and an archive of their own.

::

    router = guarded_router(prefix="/documents", tags=["documents"])

    @router.get("/{key}")
    def document(key: Key, archive: OpenArchive, user: Annotated[User, require(Role.READ)]) -> Sheet: ...
"""

import re
from collections.abc import Callable, Coroutine, Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Path, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.openapi.models import HTTPBearer
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.security.base import SecurityBase

from vndoc.archive import Archive
from vndoc.web.config import WebConfig
from vndoc.web.security.gate import Gate
from vndoc.web.security.limits import SMALL_BODY, check_length, limited
from vndoc.web.security.roles import Role, User

Key = Annotated[str, Path(pattern=r"^[0-9a-f]{64}(\.[1-9][0-9]{0,4})?$", description="Key of a document.")]
"""Key of a document in a path: SHA-256 of its file, and the first page of a part of a bundle."""


def require(role: Role | None, *, body: int = SMALL_BODY, secret: bool = False, guests: bool = False) -> Any:
    """Ask for a role: the dependency that each route must have; None lets everyone in.

    Args:
        role: what the user must be allowed to do.
        body: bytes that a request may carry.
        secret: the route's address holds a secret, which stands for the token against forged posts.
        guests: those may too who came by a link, if the path's ``key`` is that of its document, and only then.
    """
    return Depends((Guard if role is None else RoleGuard)(role, body, secret, guests))


class Guard:
    """Who may call a route and with how much; as a dependency it gives the user, who was let in before."""

    def __init__(self, role: Role | None, body: int, secret: bool, guests: bool) -> None:
        self.role, self.body, self.secret, self.guests = role, body, secret, guests

    async def __call__(self, request: Request) -> User | None:
        """The user; None where nobody had to sign in and nobody did."""
        await gate_of(request).check_form(request)
        user: User | None = request.state.user
        return user


class RoleGuard(Guard, SecurityBase):
    """As it stands in the description of the API: programs send a token."""

    scheme_name = "token"
    model = HTTPBearer(description="A token of 'vndoc users token'.")


Anyone = Annotated[User | None, require(None)]
"""No role is asked for: the page to sign in, what tells whether the server is alive, one-use links."""
Reader = Annotated[User, require(Role.READ)]
Clerk = Annotated[User, require(Role.CLERK)]
Admin = Annotated[User, require(Role.ADMIN)]
GuestReader = Annotated[User, require(Role.READ, guests=True)]
"""Also whoever came by a link to the document of the path. The route shows nothing of another document."""
GuestClerk = Annotated[User, require(Role.CLERK, guests=True)]


class GuardedRoute(APIRoute):
    """A route that lets nobody in, and reads no body, before the gate has looked at the request."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """See :class:`APIRoute`."""
        handler, guard = super().get_route_handler(), guard_of(self)
        own_path = re.compile(self.path_regex.pattern.removeprefix("^"))

        async def guarded(request: Request) -> Response:
            gate = gate_of(request)
            request.state.route = own_path.sub(lambda _: self.path_format, request.scope["path"], count=1)
            gate.pass_in(request, guard.role, secret=guard.secret, guests=guard.guests)
            check_length(request.headers.get("content-length"), guard.body)
            inner = Request(request.scope, limited(request.receive, guard.body))
            try:
                response = await handler(inner)
            finally:
                await inner.close()  # the files of a form that was refused
            gate.finish(request, response)
            return response

        return guarded


def guarded_router(**options: Any) -> APIRouter:
    """A router whose routes must each ask for a role; the options are those of :class:`APIRouter`."""
    return APIRouter(route_class=GuardedRoute, **options)


def guard_of(route: APIRoute) -> Guard:
    """What a route asks for.

    Raises:
        TypeError: nothing: an oversight of whoever wrote it.
    """
    guards = list(_guards(route.dependant))
    if len(guards) != 1:
        raise TypeError(f"{route.path} ({route.name}) must ask for one role: see vndoc.web.deps.require")
    return guards[0]


def _guards(dependant: Dependant) -> Iterator[Guard]:
    if isinstance(dependant.call, Guard):
        yield dependant.call
    for inner in dependant.dependencies:
        yield from _guards(inner)


def route_roles(app: FastAPI) -> list[tuple[str, str, Role | None]]:
    """Method, path and role of every route; None: everyone.

    Raises:
        TypeError: a route that is not guarded.
    """
    found = []
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if context.path == "/static":  # files of the package
            continue
        if not isinstance(route, GuardedRoute):
            raise TypeError(f"{context.path} must be a route of a router from vndoc.web.deps.guarded_router")
        found += [(method, context.path or "", guard_of(route).role) for method in sorted(context.methods or ())]
    return found


def gate_of(request: Request) -> Gate:
    """The application's gate."""
    gate: Gate = request.app.state.gate
    return gate


def user_of(request: Request) -> User | None:
    """Who asks; for what is shown beside the answer, not to decide what someone may do."""
    return gate_of(request).user_of(request)


def config_of(request: Request) -> WebConfig:
    """How the server is set up."""
    config: WebConfig = request.app.state.config
    return config


def csrf_token(request: Request) -> str:
    """What forms carry in the field ``csrf``, and scripts in the header ``X-CSRF-Token``."""
    return gate_of(request).csrf_token(request)


def _open_archive(request: Request) -> Iterator[Archive]:
    with Archive(config_of(request).archive, create=False, any_thread=True) as archive:
        yield archive


Config = Annotated[WebConfig, Depends(config_of)]
OpenArchive = Annotated[Archive, Depends(_open_archive)]
"""The archive by a connection of this request alone, closed when the answer is sent."""
