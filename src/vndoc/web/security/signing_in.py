"""Signing in with a name and a password, and out again."""

import logging

from fastapi import Request, Response

from vndoc.web.security.gate import Gate
from vndoc.web.security.problem import Problem
from vndoc.web.security.roles import User

log = logging.getLogger(__name__)


class SignInRefused(Problem):
    """The name or the password is wrong, or too many were.

    Args:
        wait: seconds until the next attempt, where there were too many; None where name or password is wrong.
    """

    def __init__(self, wait: int | None) -> None:
        self.wait = wait
        if wait is None:
            super().__init__(401, "the name or the password is wrong", kind="sign-in-refused")
        else:
            detail = f"too many failed attempts; wait {wait} seconds"
            super().__init__(429, detail, kind="sign-in-refused", headers={"Retry-After": str(wait)})


def sign_in(request: Request, name: str, password: str, response: Response) -> User:
    """Start a session, never one that the browser brought along, and set its cookie.

    Raises:
        SignInRefused: it is not started.
    """
    gate: Gate = request.app.state.gate
    if gate.users is None:  # whoever is at this machine is signed in
        return User(request.state.user.name, request.state.user.roles, "local")
    address = request.client.host if request.client else ""
    wait = gate.guessing.attempt(name, address)
    if wait is not None:
        raise SignInRefused(wait)
    account = gate.users.by_password(name, password)
    if account is None:  # the name is not told: it may be a password in the wrong field
        log.warning("sign-in refused, from %s", address)
        raise SignInRefused(None)
    gate.guessing.succeeded(name, address)
    gate.sessions.end(request.cookies.get(gate.session_cookie, ""))
    gate.set_cookie(response, gate.session_cookie, gate.sessions.start(account.name, account.password))
    gate.drop_cookie(response, gate.visit_cookie)
    request.state.user = User(account.name, account.roles, "session")
    return User(account.name, account.roles, "session")


def sign_out(request: Request, response: Response) -> None:
    """End the session of this browser."""
    gate: Gate = request.app.state.gate
    gate.sessions.end(request.cookies.get(gate.session_cookie, ""))
    gate.drop_cookie(response, gate.session_cookie)
    response.headers["Clear-Site-Data"] = '"cache"'


def safe_next(text: str) -> str:
    """Where to go after signing in: a path of this server, ``/`` for anything else.

    >>> safe_next("/search?q=x"), safe_next("//evil.example"), safe_next("/\\\\evil.example")
    ('/search?q=x', '/', '/')
    """
    # A browser takes two slashes, of either kind, for the start of another server's name.
    ours = text.startswith("/") and not text.startswith("//") and "\\" not in text and text.isprintable()
    return text if ours else "/"
