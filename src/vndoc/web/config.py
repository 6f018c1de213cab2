"""What an operator chooses of the server, in one object that every part of it is made from."""

import re
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from vndoc.archive.connection import beside
from vndoc.errors import SetupError
from vndoc.settings import DEFAULTS, Settings

_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?")
_NAME = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+")
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "::1")
"""Names of this machine for itself, as a browser writes them."""


LEAST_SECRET = 16
"""Bytes of the secret that signs what hooks are told."""


@dataclass(frozen=True)
class Hook:
    """An address that is told what happens; see :mod:`vndoc.web.work.webhooks`.

    Raises:
        SetupError: no address of http or https, or a secret that can be guessed.
    """

    url: str
    secret: bytes = field(repr=False)
    """Signs what is sent."""
    user: str | None = None
    """Who its receiver is here: what that user does is not told to it."""

    def __post_init__(self) -> None:
        """Check."""
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.fragment:
            raise SetupError("a webhook is an address such as https://host/path, without a name or password in it")
        if len(self.secret) < LEAST_SECRET:
            raise SetupError(f"the secret of a webhook has {LEAST_SECRET} bytes at least: 'openssl rand -hex 32'")


@dataclass(frozen=True)
class WebConfig:
    """How an archive is served.

    Raises:
        SetupError: the server could be reached from other machines, and nobody would have to sign in; a name or an
            address that is none.
    """

    archive: Path
    """The archive's file; it is there."""
    host: str = "127.0.0.1"
    """Address to listen at: a loopback address, or any other together with ``users``."""
    port: int = 8815
    users: Path | None = None
    """The file of ``vndoc users``; without it everyone on this machine is its clerk and administrator."""
    allowed_hosts: tuple[str, ...] = ()
    """Further names under which browsers may call the server."""
    public_url: str | None = None
    """Address by which people call it when that is another, say of a proxy with TLS: ``https://vndoc.example.vn``."""
    embed_origins: tuple[str, ...] = ()
    """Origins whose pages may show the one document of a one-use link in a frame."""
    proxies: tuple[str, ...] = ()
    """Addresses of proxies that are believed in who calls (``X-Forwarded-For``)."""
    jobs: int | None = None
    """Documents read at a time; None: as many as there are processors, but for one that answers."""
    cache_mb: int = 1024
    """MiB of page images that are kept on the disk beside the archive."""
    hooks: tuple[Hook, ...] = ()
    """Addresses that are told when a document is read and when a person is done with it."""
    certificate: Path | None = None
    """File with the certificate for TLS and those it rests on (PEM); without it, browsers call over plain HTTP."""
    certificate_key: Path | None = None
    """File with its private key; None where ``certificate`` holds it too."""
    settings: Settings = DEFAULTS
    """How documents are read that come in over the web."""

    def __post_init__(self) -> None:
        """Check."""
        if self.users is None and not is_loopback(self.host):
            raise SetupError(
                f"{self.host} can be reached from other machines: give --users FILE, which 'vndoc users add FILE NAME "
                "--role clerk' makes, or leave --host out"
            )
        for origin in (*self.embed_origins, *([self.public_url.rstrip("/")] if self.public_url else [])):
            if not _ORIGIN.fullmatch(origin):
                raise SetupError(f"{origin} is no address such as https://vndoc.example.vn, without a path")
        for address in self.proxies:
            if not _is_network(address):
                raise SetupError(f"{address} is no address of a proxy such as 192.0.2.1 or 192.0.2.0/24")
        for name in self.allowed_hosts:
            if not _NAME.fullmatch(name):
                raise SetupError(f"{name} is no name such as vndoc.example.vn, without a port")

    @property
    def files(self) -> Path:
        """Folder beside the archive with the originals of what came in over the web, and cached images."""
        return beside(self.archive, ".files")

    @property
    def cache(self) -> Path:
        """Folder beside the archive with images that can be drawn again."""
        return beside(self.archive, ".cache")

    @property
    def secure(self) -> bool:
        """Whether browsers call over TLS."""
        return self.url.startswith("https://")

    @property
    def open_to_listeners(self) -> bool:
        """Whether passwords and documents cross a network that others may listen to."""
        return not (self.secure or is_loopback(self.host))

    @property
    def url(self) -> str:
        """Address without a slash at its end, for links that leave the server: never taken from a request."""
        if self.public_url:
            return self.public_url.rstrip("/")
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.certificate else 'http'}://{host}:{self.port}"

    @property
    def host_names(self) -> list[str]:
        """Every name that the header ``Host`` may hold."""
        own = [self.host] if self.host not in ("0.0.0.0", "::") else []
        public = urlsplit(self.public_url).hostname if self.public_url else None
        return [*LOOPBACK_NAMES, *own, *self.allowed_hosts, *([public] if public else [])]


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Whether only this machine can call this address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
