"""Posts that another site makes a browser send: refused by where they come from, and by a token it cannot know."""

import hashlib
import hmac
from urllib.parse import urlsplit

from fastapi import Request

from vndoc.web.security.problem import Problem

HEADER = "x-csrf-token"
FIELD = "csrf"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def token_for(secret: bytes, holder: str) -> str:
    """The token of whoever holds this: a session, or the cookie of a page to sign in."""
    return hmac.new(secret, holder.encode(), hashlib.sha256).hexdigest()


def from_program(request: Request) -> bool:
    """Whether a program asks the API: browsers tell with each post where it comes from, programs do not.

    (Fetch Metadata and the ``Origin`` header; the rule of Go's ``http.CrossOriginProtection``.) Old browsers leave both
    out; every one of them calls itself Mozilla, and no page can make it do otherwise.
    """
    path: str = request.scope["path"]
    told = request.headers.get("user-agent", "").startswith("Mozilla/") or any(
        name in request.headers for name in ("origin", "sec-fetch-site", "cookie", "referer", HEADER)
    )
    return path.startswith("/api/") and not told


def check_origin(request: Request, public_url: str | None) -> None:
    """Refuse what a browser says comes from a page of another origin.

    Raises:
        Problem: 403.
    """
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    if origin is not None:
        if not _is_ours(origin, request.headers.get("host", ""), public_url):
            raise _forged()
    elif site not in (None, "same-origin", "none"):
        raise _forged()


def check_token(given: str | None, expected: str) -> None:
    """Refuse what does not carry the token.

    Raises:
        Problem: 403.
    """
    if given is None or not hmac.compare_digest(given.encode(), expected.encode()):
        raise _forged()


def _is_ours(origin: str, host: str, public_url: str | None) -> bool:
    """The name was checked before; a page that came over TLS must post over TLS."""
    public = urlsplit(public_url.lower()) if public_url else None
    schemes = (public.scheme,) if public and public.netloc == host.lower() else ("http", "https")
    return bool(host) and origin.lower() in [f"{scheme}://{host.lower()}" for scheme in schemes]


def _forged() -> Problem:
    return Problem(403, "the request does not come from a page of this server; load the page again", kind="csrf")
