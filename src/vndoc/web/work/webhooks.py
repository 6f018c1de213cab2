"""Other systems are told when a document was read and when a person is done with it.

What happens is written into an outbox in the transaction in which it happens (triggers of ``upgrade-4.sql``), by
whichever process. A thread for each address empties it: one that hangs holds up no other, and nothing is lost by a
restart. Requests are signed as https://www.standardwebhooks.com describes, so that receivers find libraries::

    webhook-id: msg_12               the same in every attempt: whoever has seen it passes it over
    webhook-timestamp: 1732924800    seconds since 1970
    webhook-signature: v1,BASE64     HMAC-SHA256 of "ID.TIMESTAMP.BODY" with the secret

Answers other than 2xx, and none in time, are tried again; redirections are not followed. A receiver that in turn
changes the document names the message in the header ``Vndoc-Caused-By``, or is known as the hook's user; it is then not
told of what it did itself, so that no two systems talk to each other for ever.
"""

import base64
import contextlib
import hashlib
import hmac
import http.client
import json
import logging
import sqlite3
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from vndoc.archive import Archive
from vndoc.archive.database import transaction
from vndoc.web.config import Hook

TICK = 2.0
"""Seconds between two looks into the outbox."""
SECONDS = 10.0
"""For an answer, from the first try to reach the address to the last byte of the answer's head."""
PAUSES = (5.0, 30.0, 120.0, 600.0, 3600.0, 21_600.0, 86_400.0)
"""Seconds to wait after the first, second … failed attempt; after one more it is given up."""
KEPT = 30 * 86_400.0
"""Seconds for which the outbox keeps what was delivered or given up."""
_PREFIX = "msg_"
_GONE = 410

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Message:
    """What a hook is told; the body holds no word of the document."""

    id: int
    event: str
    at: str
    key: str
    state: str | None
    revision: int | None
    closed: bool
    attempts: int

    @property
    def name(self) -> str:
        """By which a receiver knows it."""
        return f"{_PREFIX}{self.id}"

    def body(self) -> bytes:
        """As JSON."""
        about = {"key": self.key, "state": self.state, "revision": self.revision, "closed": self.closed}
        told = {"type": self.event, "timestamp": self.at, "data": about}
        return json.dumps(told, separators=(",", ":")).encode()


def signature(secret: bytes, name: str, timestamp: int, body: bytes) -> str:
    """The value of ``webhook-signature``."""
    signed = hmac.new(secret, f"{name}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


class Hooks:
    """Tells the hooks of a server; use as a context.

    Args:
        archive: the archive's file.
        hooks: those of this server; others that the archive knows are told nothing more.
    """

    def __init__(self, archive: Path, hooks: tuple[Hook, ...]) -> None:
        self._archive, self._hooks = archive, hooks
        self._tellers: list[_Teller] = []

    def __enter__(self) -> Self:
        """Start."""
        with Archive(self._archive, create=False) as archive:
            numbers = _registered(archive.desk.db, self._hooks)
        self._tellers = [
            _Teller(self._archive, hook, number) for hook, number in zip(self._hooks, numbers, strict=True)
        ]
        for teller in self._tellers:
            teller.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop; what was not told is told after the next start."""
        for teller in self._tellers:
            teller.stop()
        for teller in self._tellers:
            teller.join()
        self._tellers = []


def _registered(db: sqlite3.Connection, hooks: tuple[Hook, ...]) -> list[int]:
    """The numbers of the hooks in the archive, which knows no other active ones from now on."""
    with transaction(db):
        db.execute("UPDATE hook SET active = 0")
        for hook in hooks:
            db.execute(
                """INSERT INTO hook (url, user, active) VALUES (?1, ?2, 1)
                   ON CONFLICT (url) DO UPDATE SET user = ?2, active = 1""",
                (hook.url, hook.user),
            )
        db.execute(
            """UPDATE delivery SET state = 'given up', answer = 'the hook is no longer there'
               WHERE state = 'waiting' AND hook_id IN (SELECT id FROM hook WHERE NOT active)"""
        )
        db.execute("DELETE FROM delivery WHERE state != 'waiting' AND due < ?", (time.time() - KEPT,))
        found = [db.execute("SELECT id FROM hook WHERE url = ?", (hook.url,)).fetchone() for hook in hooks]
    return [row["id"] for row in found]


class _Teller(threading.Thread):
    """Tells one hook, one message after the other."""

    def __init__(self, archive: Path, hook: Hook, number: int) -> None:
        super().__init__(name=f"vndoc-hook-{number}", daemon=True)
        self._archive, self._hook, self._number = archive, hook, number
        self._stop_asked = threading.Event()
        self._request: _Request | None = None

    def stop(self) -> None:
        """End; a request under way is broken off."""
        self._stop_asked.set()
        if request := self._request:
            request.break_off()

    def run(self) -> None:
        """See :class:`threading.Thread`."""
        while not self._stop_asked.is_set():
            try:
                with Archive(self._archive, create=False) as archive:
                    while not self._stop_asked.is_set():
                        if not self._tell_next(archive.desk.db):
                            self._stop_asked.wait(TICK)
            except Exception as error:  # the archive is busy, or away for a moment
                log.warning("hooks are held up: %s", type(error).__name__)
                self._stop_asked.wait(TICK)

    def _tell_next(self, db: sqlite3.Connection) -> bool:
        message = due(db, self._number)
        if message is None:
            return False
        self._request = _Request(self._hook, message)
        answer = self._request.send()
        self._request = None
        if not self._stop_asked.is_set():
            answered(db, message, answer)
        return True


def due(db: sqlite3.Connection, hook: int) -> Message | None:
    """The message that a hook is to be told next, if its time has come."""
    row = db.execute(
        """SELECT delivery.id, event, at, "key", delivery.attempts, document.state, revision, closed_at
           FROM delivery LEFT JOIN document ON document.id = delivery.document_id
           LEFT JOIN review ON review.document_id = delivery.document_id
           WHERE hook_id = ? AND delivery.state = 'waiting' AND (due <= ? OR due > ?) ORDER BY due LIMIT 1""",
        (hook, time.time(), time.time() + max(PAUSES) + KEPT),  # later than any pause: the clock was set back
    ).fetchone()
    if row is None:
        return None
    closed = row["closed_at"] is not None
    return Message(
        row["id"], row["event"], row["at"], row["key"], row["state"], row["revision"], closed, row["attempts"]
    )


def answered(db: sqlite3.Connection, message: Message, answer: int | str) -> None:
    """Note what a hook answered: a status, or what went wrong; and when to try again."""
    attempts = message.attempts + 1
    if isinstance(answer, int) and 200 <= answer < 300:
        state, later = "delivered", 0.0
    elif answer == _GONE or attempts > len(PAUSES):
        state, later = "given up", 0.0
    else:
        state, later = "waiting", PAUSES[attempts - 1]
    with transaction(db):
        db.execute(
            "UPDATE delivery SET state = ?, attempts = ?, due = ?, answer = ? WHERE id = ?",
            (state, attempts, time.time() + later, str(answer), message.id),
        )


class _Request:
    """One attempt, which ends in time whatever the other side does."""

    def __init__(self, hook: Hook, message: Message) -> None:
        self._hook, self._message = hook, message
        self._connection: http.client.HTTPConnection | None = None
        self._ended = False

    def send(self) -> int | str:
        """The status of the answer, or what went wrong in a word."""
        parts = urlsplit(self._hook.url)
        timer = threading.Timer(SECONDS, self.break_off)
        timer.daemon = True
        timer.start()
        try:
            self._connection = _connection(parts.scheme, parts.hostname or "", parts.port)
            path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
            self._connection.request("POST", path, self._message.body(), self._headers())
            status = self._connection.getresponse().status
            return "no answer in time" if self._ended else status  # a head that was cut off is taken for a whole one
        except (OSError, http.client.HTTPException) as error:
            return "no answer in time" if self._ended or isinstance(error, TimeoutError) else type(error).__name__
        finally:
            timer.cancel()
            if self._connection:
                self._connection.close()

    def _headers(self) -> dict[str, str]:
        timestamp = int(time.time())
        name, body = self._message.name, self._message.body()
        return {
            "Content-Type": "application/json",
            "User-Agent": "vndoc",
            "webhook-id": name,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signature(self._hook.secret, name, timestamp, body),
        }

    def break_off(self) -> None:
        """End the attempt, from another thread: what waits for the socket wakes up."""
        self._ended = True
        sock = self._connection.sock if self._connection else None
        if sock:
            with contextlib.suppress(OSError):
                sock.shutdown(2)


def _connection(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=SECONDS, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, port, timeout=SECONDS)


@contextmanager
def untold(archive: Archive, document_id: int, caused_by: str | None) -> Iterator[None]:
    """What happens inside was caused by a message, ``msg_12``: the hook that was told that is not told this."""
    number = caused_by.removeprefix(_PREFIX) if caused_by and caused_by.startswith(_PREFIX) else ""
    if not (number.isascii() and number.isdecimal() and len(number) < 16):
        yield
        return
    db = archive.desk.db
    (last,) = db.execute("SELECT coalesce(max(id), 0) FROM delivery").fetchone()
    yield
    with transaction(db):
        db.execute(
            """DELETE FROM delivery WHERE id > ? AND state = 'waiting' AND attempts = 0
               AND hook_id = (SELECT hook_id FROM delivery WHERE id = ?) AND document_id = ?3""",
            (last, int(number), document_id),
        )
