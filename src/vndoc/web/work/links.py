"""One-use links in the archive: only the hash of each secret is kept, and whoever is first to use it has used it up."""

import hashlib
import secrets
import time
from dataclasses import dataclass

from vndoc.archive import Archive
from vndoc.archive.database import transaction

KEPT = 30 * 86_400.0
"""Seconds for which a link that has expired is still known."""


@dataclass(frozen=True)
class Link:
    """What a link opens, and for whom."""

    key: str
    pointer: str | None
    made_by: str
    person: str | None

    @property
    def name(self) -> str:
        """Who comes by it, as the audit shows it."""
        return f"{self.person} ({self.made_by})" if self.person else self.made_by


def make(
    archive: Archive, key: str, made_by: str, person: str | None, pointer: str | None, seconds: float
) -> tuple[str, float]:
    """Make a link: its secret, 256 random bits, and when it expires, in seconds since 1970.

    Raises:
        MissingFileError: no such document.
    """
    document, secret, expires = archive.document_id(key), secrets.token_urlsafe(32), time.time() + seconds
    db = archive.desk.db
    with transaction(db):
        db.execute("DELETE FROM link WHERE expires < ?", (time.time() - KEPT,))
        db.execute(
            """INSERT INTO link (hash, document_id, "key", pointer, made_by, person, expires)
               VALUES (?, ?, ?, ?, ?, ?, ?)""",
            (_hash(secret), document, key, pointer, made_by, person, expires),
        )
    return secret, expires


def usable(archive: Archive, secret: str) -> bool:
    """Whether a link can still be used."""
    found = archive.desk.db.execute(
        "SELECT 1 FROM link WHERE hash = ? AND used_at IS NULL AND expires > ?", (_hash(secret), time.time())
    )
    return found.fetchone() is not None


def use(archive: Archive, secret: str) -> Link | None:
    """Use a link up; None where it has been used, has expired or never was."""
    db, now = archive.desk.db, time.time()
    with transaction(db):
        row = db.execute(
            """UPDATE link SET used_at = strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now')
               WHERE hash = ? AND used_at IS NULL AND expires > ? RETURNING "key", pointer, made_by, person""",
            (_hash(secret), now),
        ).fetchone()
    return Link(row["key"], row["pointer"], row["made_by"], row["person"]) if row else None


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
