"""The gate that every request passes before its body is read: who asks, may they, is the request theirs."""

import getpass
import secrets

from fastapi import Request

from vndoc.web.config import WebConfig
from vndoc.web.security import csrf
from vndoc.web.security.problem import Problem, SignInNeeded
from vndoc.web.security.roles import Role, User


class Gate:
    """Keeps what tells people apart; one for each application, at ``app.state.gate``."""

    def __init__(self, config: WebConfig) -> None:
        self.config = config
        self._secret = secrets.token_bytes(32)
        self._local = User(getpass.getuser(), frozenset(Role), "local")

    def identify(self, request: Request) -> User | None:
        """Who asks; None for someone who is not signed in.

        Raises:
            SignInNeeded: a token that is none, or no longer one.
        """
        if "authorization" in request.headers:
            raise SignInNeeded("the token is not known, or has expired")
        return self._local

    def pass_in(self, request: Request, role: Role | None) -> None:
        """Let the request in, with its user at ``request.state.user``; a form's token is still to be checked.

        Raises:
            Problem: 401, 403.
        """
        user = self.identify(request)
        if role is not None:
            if user is None:
                raise SignInNeeded
            if not user.may(role):
                raise Problem(403, f"{user.name} lacks the role {role}", kind="role", role=role)
        request.state.user, request.state.csrf_checked = user, True
        if request.method in csrf.SAFE_METHODS or (user and user.by == "token"):
            return
        csrf.check_origin(request, self.config.public_url)
        if csrf.HEADER in request.headers:
            csrf.check_token(request.headers[csrf.HEADER], self.csrf_token(request))
        else:
            request.state.csrf_checked = False

    def csrf_token(self, request: Request) -> str:
        """The token that posts of whoever sent this request must carry."""
        return csrf.token_for(self._secret, "local")

    async def check_form(self, request: Request) -> None:
        """Check the token in the form's field, where no header carried one.

        Raises:
            Problem: 403.
        """
        if not request.state.csrf_checked:
            form = await request.form() if _is_form(request) else {}
            given = form.get(csrf.FIELD)
            csrf.check_token(given if isinstance(given, str) else None, self.csrf_token(request))


def _is_form(request: Request) -> bool:
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    return kind in ("application/x-www-form-urlencoded", "multipart/form-data")
