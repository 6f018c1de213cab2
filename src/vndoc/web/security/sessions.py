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
SESSIONS_EACH = 20
"""Sessions of one user; the oldest ends where there would be more."""


@dataclass
class Session:
    """One browser in which a user signed in."""

    number: int
    name: str
    password: str | None
    """The hash of the password that was given: a new password ends the session."""
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

    def start(self, name: str, password: str | None) -> str:
        """A new session; the secret for its cookie, 256 random bits."""
        secret, now = secrets.token_urlsafe(32), self._clock()
        with self._lock:
            self._forget(now)
            own = [key for key, session in self._sessions.items() if session.name == name]
            for key in own[: max(0, len(own) - SESSIONS_EACH + 1)]:
                del self._sessions[key]
            self._started += 1
            self._sessions[digest(secret)] = Session(self._started, name, password, now, now)
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
    return now - session.used >= IDLE_SECONDS or now - session.started >= LONGEST_SECONDS
