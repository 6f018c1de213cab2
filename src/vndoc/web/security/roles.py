"""Roles, and the person or program behind a request."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Role(StrEnum):
    """What a user may do; each of the others may read too."""

    READ = "read"
    """See documents."""
    CLERK = "clerk"
    """Confirm values, take documents in, cut bundles anew."""
    ADMIN = "admin"
    """Sessions of others, webhooks, one-use links, keys of calendars."""


@dataclass(frozen=True)
class User:
    """Who asks, and how that was shown."""

    name: str
    roles: frozenset[Role]
    by: Literal["local", "session", "token", "link"]
    """``local``: someone at this machine, where there is no users file; ``link``: someone whom another system sent."""
    only: str | None = None
    """The key of the one document that the user may see; None: all."""

    def may(self, role: Role) -> bool:
        """Whether the user has this role."""
        return role in self.roles or (role is Role.READ and bool(self.roles))
