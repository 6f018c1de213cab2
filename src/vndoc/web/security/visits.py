"""Who came by a one-use link, in this process's memory: one document is open to them, for a while."""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from vndoc.web.security.sessions import digest

IDLE_VISIT = 30 * 60.0
"""Seconds after which a visit ends when nothing came from it."""
LONGEST_VISIT = 2 * 3600.0
"""Seconds after which it ends however busy it is."""
MOST_VISITS = 10_000
"""At a time; the oldest ends where there would be more."""


@dataclass(frozen=True)
class Visit:
    """One use of a link."""

    key: str
    """Of the document."""
    name: str
    """Of whoever came, as the audit shows it."""
    made_by: str
    """The user who made the link."""


@dataclass
class _Times:
    started: float
    used: float


class Visits:
    """All visits, by the hash of the secret in the browser's cookie.

    Args:
        clock: seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._visits: dict[str, tuple[Visit, _Times]] = {}

    def start(self, visit: Visit) -> str:
        """A visit begins; the secret for its cookie, 256 random bits."""
        secret, now = secrets.token_urlsafe(32), self._clock()
        with self._lock:
            self._visits = {key: kept for key, kept in self._visits.items() if not _over(kept[1], now)}
            while len(self._visits) >= MOST_VISITS:
                del self._visits[next(iter(self._visits))]
            self._visits[digest(secret)] = visit, _Times(now, now)
        return secret

    def find(self, secret: str) -> Visit | None:
        """The visit of this cookie, which goes on; None where it has ended or never was."""
        now = self._clock()
        with self._lock:
            visit, times = self._visits.get(digest(secret), (None, None))
            if visit is None or times is None or _over(times, now):
                return None
            times.used = now
            return visit


def _over(times: _Times, now: float) -> bool:
    return now - times.used >= IDLE_VISIT or now - times.started >= LONGEST_VISIT
