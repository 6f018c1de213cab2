"""The server's loop: one process, until it is stopped."""

import uvicorn
from fastapi import FastAPI

from vndoc.web.config import WebConfig

HEAD_BYTES = 16 << 10
"""Bytes of a request's first line and headers."""


def serve(app: FastAPI, config: WebConfig) -> None:
    """Answer requests until Ctrl-C or SIGTERM; what is being answered then gets some seconds to end."""
    uvicorn.Server(
        uvicorn.Config(
            app,
            host=config.host,
            port=config.port,
            http="h11",  # its limits are the ones below
            ws="none",
            lifespan="on",
            server_header=False,
            access_log=False,  # whole paths and queries: words searched for
            log_level="warning",
            proxy_headers=bool(config.proxies),
            forwarded_allow_ips=list(config.proxies),
            limit_concurrency=200,
            h11_max_incomplete_event_size=HEAD_BYTES,
            timeout_graceful_shutdown=10,
        )
    ).run()
