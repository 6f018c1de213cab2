"""The gate that every request passes before its body is read: who asks, may they, is the request theirs."""

import getpass
import secrets
from collections.abc import Mapping

from fastapi import Request, Response

from vndoc.errors import VndocError
from vndoc.web.config import WebConfig
from vndoc.web.security import csrf
from vndoc.web.security.guessing import Guessing
from vndoc.web.security.limits import FORM_FIELDS, FORM_FILES, FORM_PART
from vndoc.web.security.problem import Problem, SignInNeeded
from vndoc.web.security.roles import Role, User
from vndoc.web.security.sessions import Session, Sessions, digest
from vndoc.web.security.users import Users
from vndoc.web.security.visits import Visit, Visits


class Gate:
    """Keeps what tells people apart; one for each application, at ``app.state.gate``.

    Raises:
        VndocError: the users file cannot be used.
    """

    def __init__(self, config: WebConfig) -> None:
        self.config = config
        self.users = Users(config.users) if config.users else None
        self.sessions = Sessions()
        self.visits = Visits()
        self.guessing = Guessing()
        prefix = "__Host-" if config.secure else ""
        self.session_cookie, self.visit_cookie = f"{prefix}vndoc-session", f"{prefix}vndoc-visit"
        self.link_cookie = f"{prefix}vndoc-link"
        self._secret = secrets.token_bytes(32)
        self._local = User(getpass.getuser(), frozenset(Role), "local")

    def identify(self, request: Request) -> User | None:
        """Who asks; None for someone who is not signed in.

        Raises:
            SignInNeeded: a token that is none, or no longer one.
        """
        if "authorization" in request.headers:
            scheme, _, token = request.headers["authorization"].partition(" ")
            known = self.users.by_token(token.strip()) if self.users and scheme.lower() == "bearer" else None
            if known is None:
                raise SignInNeeded("the token is not known, or has expired; ask the operator for another")
            return known
        if self.users is None:
            return self._local
        session = self._session(request, self.users)
        account = self.users.account(session.name) if session else None
        return User(account.name, account.roles, "session") if account else self._visitor(request, self.users)

    def user_of(self, request: Request) -> User | None:
        """Who asks, also where nobody looked before: a page that tells of an error greets its reader too."""
        if not hasattr(request.state, "user"):
            try:
                request.state.user = self.identify(request)
            except (Problem, VndocError):
                request.state.user = None
        user: User | None = request.state.user
        return user

    def pass_in(self, request: Request, role: Role | None, *, secret: bool = False, guests: bool = False) -> None:
        """Let the request in, with its user at ``request.state.user``; a form's token is still to be checked.

        Args:
            request: the request.
            role: what the user must be allowed to do.
            secret: its address holds a secret, which no other site can know: it needs no token.
            guests: whether those may who came by a link to the document that the request is about.

        Raises:
            Problem: 401, 403.
        """
        user = request.state.user = self.identify(request)
        if role is not None:
            if user is None:
                raise SignInNeeded
            if not user.may(role):
                raise Problem(403, f"{user.name} lacks the role {role}", kind="role", role=role)
            if user.only is not None and not (guests and request.path_params.get("key") == user.only):
                raise Problem(403, "the link by which you came opens one document and nothing else", kind="link")
        request.state.embed = user is not None and user.only is not None
        request.state.csrf_checked = True
        if request.method in csrf.SAFE_METHODS or (user and user.by == "token"):
            return
        if user and user.by == "local" and csrf.from_program(request):
            return
        csrf.check_origin(request, self.config.public_url)
        if secret:
            return
        if csrf.HEADER in request.headers:
            csrf.check_token(request.headers[csrf.HEADER], self.csrf_token(request))
        else:
            request.state.csrf_checked = False

    async def check_form(self, request: Request) -> None:
        """Check the token in the form's field, where no header carried one.

        Raises:
            Problem: 403.
        """
        if not request.state.csrf_checked:
            given = (await _form(request)).get(csrf.FIELD)
            csrf.check_token(given if isinstance(given, str) else None, self.csrf_token(request))
            request.state.csrf_checked = True

    def csrf_token(self, request: Request) -> str:
        """The token that posts of whoever sent this request must carry; the same as long as a session lasts."""
        user = self.user_of(request)
        if user is None:
            return csrf.token_for(self._secret, f"visit {self._visit(request)}")
        if user.by == "session":
            return csrf.token_for(self._secret, f"session {digest(request.cookies[self.session_cookie])}")
        if user.by == "link":
            return csrf.token_for(self._secret, f"link {digest(request.cookies[self.link_cookie])}")
        return csrf.token_for(self._secret, user.by)

    def finish(self, request: Request, response: Response) -> None:
        """Set the cookie that binds the token of a page to sign in to the browser that was shown it."""
        visit = getattr(request.state, "new_visit", None)
        if visit:
            self.set_cookie(response, self.visit_cookie, visit)

    def set_cookie(self, response: Response, name: str, value: str) -> None:
        """A cookie that scripts cannot read and other sites cannot send; it goes when the browser is closed."""
        response.set_cookie(name, value, secure=self.config.secure, httponly=True, samesite="strict")

    def let_visit(self, response: Response, visit: Visit) -> None:
        """Give a browser the cookie of a visit; in a page of another origin too, where these are given and TLS is."""
        secret = self.visits.start(visit)
        if not (self.config.secure and self.config.embed_origins):
            self.set_cookie(response, self.link_cookie, secret)
            return
        # Kept apart for each page that frames it (CHIPS): Starlette has no word for that on older Pythons.
        parts = "Path=/; Secure; HttpOnly; SameSite=None; Partitioned"
        response.headers.append("Set-Cookie", f"{self.link_cookie}={secret}; {parts}")

    def drop_cookie(self, response: Response, name: str) -> None:
        """Make the browser forget a cookie."""
        response.delete_cookie(name, secure=self.config.secure, httponly=True, samesite="strict")

    def _session(self, request: Request, users: Users) -> Session | None:
        secret = request.cookies.get(self.session_cookie)
        session = self.sessions.find(secret) if secret else None
        if secret and session:
            account = users.account(session.name)
            if account is None or account.password != session.password:
                self.sessions.end(secret)
                return None
        return session

    def _visitor(self, request: Request, users: Users) -> User | None:
        """Someone with a link, as long as whoever made it may make links."""
        secret = request.cookies.get(self.link_cookie)
        visit = self.visits.find(secret) if secret else None
        maker = users.account(visit.made_by) if visit else None
        if visit is None or maker is None or Role.ADMIN not in maker.roles:
            return None
        return User(visit.name, frozenset({Role.READ, Role.CLERK}), "link", visit.key)

    def _visit(self, request: Request) -> str:
        known = request.cookies.get(self.visit_cookie) or getattr(request.state, "new_visit", None)
        if known is None:
            known = request.state.new_visit = secrets.token_urlsafe(32)
        return known


async def _form(request: Request) -> Mapping[str, object]:
    """The form, which the route then finds read; nothing where there is none."""
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return {}
    return await request.form(max_files=FORM_FILES, max_fields=FORM_FIELDS, max_part_size=FORM_PART)
