"""The server as its users start it, on this machine alone, for the programs that measure it."""

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2

_PATIENCE = 60.0
"""Seconds that the server gets to come up, and to end."""


@contextmanager
def serving(archive: Path, *flags: str) -> Iterator[str]:
    """The address of ``vndoc serve`` on a free port of the loopback; it is stopped at the end.

    Raises:
        RuntimeError: it does not come up, or ended by itself; with its last words.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "vndoc", "serve", str(archive), "--port", str(port), *flags]
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said)
        try:
            _wait_for(url, process)
            yield url
            ended = process.poll()
        finally:
            process.terminate()
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if ended is not None:
            said.seek(0)
            raise RuntimeError(f"the server ended with exit code {ended}: {said.read()[-2000:].strip()}")


def free_port() -> int:
    """A port that nothing listens at just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _PATIENCE
    while process.poll() is None and time.monotonic() < until:
        try:
            if httpx2.get(f"{url}/healthz", timeout=5).status_code == httpx2.codes.OK:
                return
        except httpx2.TransportError:
            pass
        time.sleep(0.1)
    raise RuntimeError(f"the server did not come up in {_PATIENCE:.0f} seconds: exit code {process.poll()}")


def token(url: str) -> str:
    """What the header ``X-CSRF-Token`` of a request must hold that changes something."""
    return str(httpx2.get(f"{url}/api/v1/session", timeout=_PATIENCE).raise_for_status().json()["csrf"])


def clerk(url: str, timeout: float = 30.0) -> httpx2.Client:
    """A client that may change things."""
    # The server ends connections that nobody has used for 5 seconds; one that ends just when it is used again would
    # look like an answer that did not come. Browsers ask again then.
    limits = httpx2.Limits(keepalive_expiry=2)
    return httpx2.Client(base_url=url, timeout=timeout, limits=limits, headers={"X-CSRF-Token": token(url)})
