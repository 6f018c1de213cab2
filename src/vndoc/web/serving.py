"""The server's loop: one process, until it is stopped."""

import asyncio
import logging
import signal
import socket
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from vndoc.errors import SetupError
from vndoc.web.config import WebConfig

HEAD_BYTES = 16 << 10
"""Bytes of a request's first line and headers."""
HEAD_SECONDS = 15.0
"""A request's first line and headers must have come after so long."""
CONNECTIONS = 200
STOP_SECONDS = 10


def serve(app: FastAPI, config: WebConfig, on_start: Callable[[], None]) -> None:
    """Answer requests until Ctrl-C or SIGTERM; what is being answered then gets some seconds to end.

    Args:
        app: what answers.
        config: where to listen.
        on_start: called when browsers may call.

    Raises:
        SetupError: it cannot listen there.
    """
    logging.getLogger("vndoc.web").setLevel(logging.INFO)
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.WARNING)
    server = server_of(app, config)
    listener = _listen(config)
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        on_start()
        server.run([listener])
    except KeyboardInterrupt:  # uvicorn raises the signal again when all is closed
        return
    finally:
        signal.signal(signal.SIGTERM, before)
        listener.close()


def _listen(config: WebConfig) -> socket.socket:
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    try:
        return socket.create_server((config.host, config.port), family=family)
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "no such address"
        raise SetupError(
            f"cannot listen at {config.host}, port {config.port} ({reason}); --port gives another port"
        ) from None


def server_of(app: FastAPI, config: WebConfig) -> uvicorn.Server:
    """The server, not running yet.

    Raises:
        SetupError: the certificate cannot be used.
    """
    chosen = uvicorn.Config(
        app,
        host=config.host,
        port=config.port,
        http=PunctualHttp,
        ws="none",
        lifespan="on",
        server_header=False,
        access_log=False,  # whole paths and queries: words searched for
        log_config=None,
        proxy_headers=bool(config.proxies),
        forwarded_allow_ips=list(config.proxies),
        limit_concurrency=CONNECTIONS,
        h11_max_incomplete_event_size=HEAD_BYTES,
        timeout_graceful_shutdown=STOP_SECONDS,
        ssl_certfile=config.certificate,
        ssl_keyfile=config.certificate_key,
    )
    try:
        chosen.load()
    except OSError as error:  # also what ssl raises
        raise SetupError(
            f"{config.certificate}: cannot be used ({error.strerror or error}); --certificate is a PEM file, "
            "--certificate-key that of its private key"
        ) from None
    return uvicorn.Server(chosen)


class PunctualHttp(H11Protocol):
    """HTTP that waits for the head of a request only so long; uvicorn by itself would wait for ever."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """See :class:`asyncio.Protocol`."""
        super().connection_made(transport)
        self._mind_the_head()

    def data_received(self, data: bytes) -> None:
        """See :class:`asyncio.Protocol`."""
        super().data_received(data)
        self._mind_the_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """See :class:`asyncio.Protocol`."""
        super().connection_lost(exc)
        self._stop_waiting()

    def _mind_the_head(self) -> None:
        answering = self.cycle is not None and not self.cycle.response_complete
        if answering:
            self._stop_waiting()
        elif self._deadline is None:
            self._deadline = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
