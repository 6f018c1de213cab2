"""The file of users: names, roles, hashes of passwords and of tokens; no secret stands in it.

``vndoc users`` writes it, the server looks at it again whenever it has changed: who is removed is out at once.
"""

import hashlib
import os
import secrets
import tempfile
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from filelock import FileLock
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from vndoc.errors import MissingFileError, SetupError, unwritable
from vndoc.web.security.roles import Role, User

SHORTEST_PASSWORD, LONGEST_PASSWORD, LONGEST_NAME = 10, 200, 100
TOKEN_PREFIX = "vnd_"
"""Tells a token that lies in a wrong place from other secrets."""
_VERIFICATIONS = threading.BoundedSemaphore(4)  # each takes 64 MiB of memory


def normal_name(text: str) -> str:
    """A user's name as it is stored: one form of its letters, no spaces around.

    Raises:
        ValueError: empty, too long, or with signs that cannot be seen.
    """
    name = unicodedata.normalize("NFC", text).strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise ValueError(f"a name has 1 to {LONGEST_NAME} visible characters")
    return name


class Token(BaseModel):
    """What a program shows in place of a password."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    expires: datetime
    roles: frozenset[Role] | None = None
    """The only roles of the user's that it has; None: all of them."""
    note: str = ""


class Account(BaseModel):
    """A user."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, AfterValidator(normal_name)]
    roles: frozenset[Role] = Field(min_length=1)
    password: str | None = None
    """Argon2 hash; None: the user has tokens only."""
    tokens: tuple[Token, ...] = ()


class UsersFile(BaseModel):
    """The file's content."""

    model_config = ConfigDict(extra="forbid")

    users: dict[str, Account] = {}

    def put(self, account: Account) -> None:
        """Add the account, or replace the one of its name."""
        self.users[account.name] = account


def load(path: Path) -> UsersFile:
    """Read the file.

    Raises:
        MissingFileError: it is not there or cannot be read.
        SetupError: it is no such file, or others than its owner may write it.
    """
    try:
        status, text = path.stat(), path.read_bytes()
    except OSError as error:
        raise MissingFileError(
            f"{path}: cannot be read ({error.strerror}); 'vndoc users add {path} NAME --role clerk' makes one"
        ) from None
    if os.name == "posix" and status.st_mode & 0o022:
        raise SetupError(f"{path}: others may write it, and make themselves users: chmod 600 {path}")
    try:
        found = UsersFile.model_validate_json(text)
    except ValidationError as error:
        place = "/".join(map(str, error.errors()[0]["loc"]))
        raise SetupError(f"{path}: is no file of 'vndoc users' (at {place or 'its start'})") from None
    if any(name != account.name for name, account in found.users.items()):
        raise SetupError(f"{path}: a user stands there under another name; write it with 'vndoc users'")
    return found


@contextmanager
def edited(path: Path) -> Iterator[UsersFile]:
    """The file's content to change; written, for its owner alone, when that is done. A new one where there is none.

    Raises:
        MissingFileError, SetupError: see :func:`load`; it cannot be written.
    """
    try:
        with FileLock(f"{path}.lock", timeout=10):
            content = load(path) if path.exists() else UsersFile()
            yield content
            _replace(path, content.model_dump_json(indent=2, exclude_none=True) + "\n")
    except OSError as error:
        raise unwritable(error, path) from None


def _replace(path: Path, text: str) -> None:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def hash_password(password: str) -> str:
    """Argon2id hash with a salt of its own.

    Raises:
        ValueError: too short or too long.
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise ValueError(f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")
    return PasswordHasher().hash(_one_form(password))


def new_token(days: int, roles: frozenset[Role] | None = None, note: str = "") -> tuple[str, Token]:
    """A token, and what is kept of it."""
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    expires = datetime.now(UTC).replace(microsecond=0) + timedelta(days=days)
    return secret, Token(sha256=_digest(secret), expires=expires, roles=roles, note=note)


class Users:
    """The users as the file has them now.

    Raises:
        MissingFileError, SetupError: see :func:`load`; also by every method, should the file break meanwhile.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._seen: tuple[int, ...] = ()
        self._accounts: dict[str, Account] = {}
        self._tokens: dict[str, tuple[Account, Token]] = {}
        self._refresh()
        _nobody()

    def account(self, name: str) -> Account | None:
        """The account of this name."""
        self._refresh()
        return self._accounts.get(name)

    def by_password(self, name: str, password: str) -> Account | None:
        """The account, if the password is its own; takes as long where there is no such account."""
        try:
            account = self.account(normal_name(name))
        except ValueError:
            account = None
        known = account.password if account else None
        with _VERIFICATIONS:
            right = _fits(known or _nobody(), password)
        return account if known and right else None

    def by_token(self, secret: str) -> User | None:
        """Who holds this token; None for one that is none of ours, or has expired."""
        self._refresh()
        # A token has 256 random bits: how long the look-up of its hash takes tells nothing.
        account, token = self._tokens.get(_digest(secret), (None, None))
        if account is None or token is None or _utc(token.expires) <= datetime.now(UTC):
            return None
        roles = account.roles
        if token.roles is not None:
            roles = token.roles & (roles | {Role.READ})
        return User(account.name, roles, "token")

    def _refresh(self) -> None:
        try:
            status = self._path.stat()
            seen: tuple[int, ...] = (status.st_mtime_ns, status.st_size, status.st_ino, status.st_mode)
        except OSError:
            seen = ()
        if seen and seen == self._seen:
            return
        with self._lock:
            accounts = load(self._path).users
            self._tokens = {token.sha256: (account, token) for account in accounts.values() for token in account.tokens}
            self._accounts, self._seen = accounts, seen


@cache
def _nobody() -> str:
    """The hash of a password that nobody has."""
    return PasswordHasher().hash(secrets.token_hex(16))


def _fits(hashed: str, password: str) -> bool:
    try:
        return len(password) <= LONGEST_PASSWORD and PasswordHasher().verify(hashed, _one_form(password))
    except (VerificationError, InvalidHashError):
        return False


def _one_form(password: str) -> str:
    """Vietnamese keyboards write one letter in several ways."""
    return unicodedata.normalize("NFC", password)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
