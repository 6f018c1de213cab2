"""Who is signed in, in this process's memory: stopping the server signs everyone out."""

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

IDLE_SECONDS = 2 * 3600.0
"""A session ends when nothing came from it for so long."""
LONGEST_SECONDS = 12 * 3600.0
"""A session ends after so long however busy it is: a working day."""
GUEST_SECONDS = 2 * 3600.0
"""The same for whoever came by a link to one document."""
SESSIONS_EACH, GUESTS_EACH = 20, 500
"""Sessions of one user, and of all who came by one user's links; the oldest ends where there would be more."""


@dataclass
class Session:
    """One browser in which a user signed in, or in which a link was opened."""

    number: int
    account: str
    """The user; of whoever came by a link, the user who made that."""
    password: str | None
    """The hash of the password that was given: a new password ends the session."""
    name: str
    """Who it is, as the audit shows it."""
    only: str | None
    """Key of the document that the link opened."""
    started: float
    used: float


class Sessions:
    """All sessions, by the hash of the secret in the browser's cookie.

    Args:
        clock: seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._sessions: dict[str, Session] = {}
        self._started = 0

    def start(self, account: str, password: str | None, *, name: str | None = None, only: str | None = None) -> str:
        """A new session; the secret for its cookie, 256 random bits.

        Args:
            account: the user's name; of a link, that of who made it.
            password: hash of the user's password; of a link None.
            name: who it is, where that is not the account.
            only: key of the document to which a link leads.
        """
        secret, now = secrets.token_urlsafe(32), self._clock()
        with self._lock:
            self._forget(now)
            alike = [k for k, one in self._sessions.items() if one.account == account and bool(one.only) == bool(only)]
            for key in alike[: max(0, len(alike) - (GUESTS_EACH if only else SESSIONS_EACH) + 1)]:
                del self._sessions[key]
            self._started += 1
            session = Session(self._started, account, password, name or account, only, now, now)
            self._sessions[digest(secret)] = session
        return secret

    def find(self, secret: str) -> Session | None:
        """The session of this cookie, which is used now; None where it has ended or never was."""
        now = self._clock()
        with self._lock:
            session = self._sessions.get(digest(secret))
            if session is None or _over(session, now):
                return None
            session.used = now
            return session

    def end(self, secret: str) -> None:
        """End the session of this cookie, if it is one."""
        with self._lock:
            self._sessions.pop(digest(secret), None)

    def end_number(self, number: int) -> bool:
        """End the session of this number; whether there was one."""
        with self._lock:
            found = [key for key, session in self._sessions.items() if session.number == number]
            for key in found:
                del self._sessions[key]
        return bool(found)

    def all(self) -> list[tuple[Session, float, float]]:
        """The sessions, with the seconds since they began and since they were used."""
        now = self._clock()
        with self._lock:
            self._forget(now)
            return [(session, now - session.started, now - session.used) for session in self._sessions.values()]

    def _forget(self, now: float) -> None:
        self._sessions = {key: session for key, session in self._sessions.items() if not _over(session, now)}


def digest(secret: str) -> str:
    """What is kept of a cookie's secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _over(session: Session, now: float) -> bool:
    longest = GUEST_SECONDS if session.only else LONGEST_SECONDS
    return now - session.used >= IDLE_SECONDS or now - session.started >= longest
