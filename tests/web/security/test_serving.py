"""The server itself, on a socket: heads that are too long or do not come, its name, its end."""

import asyncio
import socket
import ssl
import threading
import time
import urllib.request
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from vndoc.errors import SetupError
from vndoc.web import serving
from vndoc.web.config import WebConfig
from vndoc.web.serving import HEAD_BYTES, server_of


@contextmanager
def running(app, **options):
    """The server on a free port, from inside: its port."""
    server = server_of(app, WebConfig(app.state.config.archive, port=0, **options))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


def ask(port, request):
    """All that is answered until the connection is closed."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(request)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
        return answer


def head(path="/api/v1/session", *headers, method="GET"):
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode()


def test_heads(app):
    with running(app) as port:
        answer = ask(port, head())
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert b"\r\nserver:" not in answer.lower()
        assert ask(port, head("/" + "x" * HEAD_BYTES)).startswith(b"HTTP/1.1 414 ")
        assert ask(port, head("/", f"X: {'x' * HEAD_BYTES}")).startswith(b"HTTP/1.1 431 ")
        assert ask(port, head("/", "Host: evil.example")).startswith(b"HTTP/1.1 400 ")  # two of them
        assert ask(port, b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n").startswith(b"HTTP/1.1 400 ")
        assert ask(port, head("http://evil.example/api/v1/session")).startswith(b"HTTP/1.1 404 ")
        assert ask(port, head(method="HEAD")).endswith(b"\r\n\r\n")
        both = ("Content-Length: 3", "Transfer-Encoding: chunked")
        assert not ask(port, head("/probe/empty", *both, method="POST") + b"0\r\n\r\n").startswith(b"HTTP/1.1 200 ")


def test_a_body_that_is_too_long_is_refused_by_its_head(app):
    with running(app) as port:
        token = ask(port, head("/probe/login")).rpartition(b'"')[0].rpartition(b'"')[2].decode()
        more = (f"X-CSRF-Token: {token}", "Content-Type: application/json", "Expect: 100-continue")
        answer = ask(port, head("/api/v1/probe", "Content-Length: 99999999999", *more, method="POST"))
        assert answer.startswith(b"HTTP/1.1 413 ")  # and no 100 before it


def test_a_head_that_does_not_come(app, monkeypatch):
    monkeypatch.setattr(serving, "HEAD_SECONDS", 0.05)
    with running(app) as port:
        assert ask(port, b"") == b""
        assert ask(port, b"GET / HTTP/1.1\r\nHost: 127.") == b""
        with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
            connection.sendall(head().replace(b"close", b"keep-alive"))
            assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
            connection.sendall(b"GET / HT")  # a second request that stops half-way
            while connection.recv(65536):
                pass


def test_services_are_stopped(app, monkeypatch):
    told = []

    @contextmanager
    def service():
        told.append("started")
        yield
        told.append("stopped")

    monkeypatch.setattr("vndoc.web.work.services", lambda app: [service()])
    with running(app) as port:
        ask(port, head())
        assert told == ["started"]
    assert told == ["started", "stopped"]


@pytest.fixture
def certificate(tmp_path):
    """One for 127.0.0.1 that it signs itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    built = x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(1), now + timedelta(1))
    built = built.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
    path = tmp_path / "server.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(built.sign(key, SHA256()).public_bytes(Encoding.PEM) + secret)
    return path


def test_over_tls(app, certificate):
    with running(app, certificate=certificate) as port:
        url = f"https://127.0.0.1:{port}/api/v1/session"
        with urllib.request.urlopen(url, context=ssl.create_default_context(cafile=certificate)) as answer:
            assert answer.status == 200
        assert not ask(port, head()).startswith(b"HTTP/")  # nothing is answered in plain


def test_what_is_no_certificate(app, archive_path, tmp_path):
    for path in (tmp_path / "none.pem", archive_path):
        with pytest.raises(SetupError, match="cannot be used"):
            server_of(app, WebConfig(archive_path, certificate=path))


def test_what_crosses_the_network(archive_path, users_file, certificate):
    office = {"archive": archive_path, "users": users_file, "host": "192.0.2.1"}
    assert WebConfig(**office).open_to_listeners
    assert not WebConfig(**office, certificate=certificate).open_to_listeners
    assert not WebConfig(**office, public_url="https://vndoc.example.vn").open_to_listeners
    assert not WebConfig(archive_path).open_to_listeners


def test_only_a_named_proxy_is_believed(archive_path, users_file):
    """Who calls is where the call comes from: a header would give a guesser of passwords a new address each time."""
    seen = []

    async def app(scope, receive, send):
        seen.append(scope["client"][0])

    for proxies in ((), ("192.0.2.1",), ("127.0.0.0/8",)):
        loaded = server_of(app, WebConfig(archive_path, users=users_file, proxies=proxies)).config.loaded_app
        scope = {"type": "http", "client": ("127.0.0.1", 1), "headers": [(b"x-forwarded-for", b"198.51.100.7")]}
        asyncio.run(loaded({**scope, "scheme": "http", "extensions": {}}, None, None))
    assert seen == ["127.0.0.1", "127.0.0.1", "198.51.100.7"]


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "example.vn", "127.0.0.1.example.vn"])
def test_other_addresses_need_users(archive_path, host):
    with pytest.raises(SetupError, match="--users"):
        WebConfig(archive_path, host=host)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_addresses_of_this_machine_do_not(archive_path, host):
    assert WebConfig(archive_path, host=host).users is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"embed_origins": ("https://a.example; script-src *",)},
        {"embed_origins": ("*",)},
        {"public_url": "https://a.example/path"},
        {"public_url": "javascript:x"},
        {"allowed_hosts": ("*",)},
        {"proxies": ("*",)},
        {"allowed_hosts": ("a.example:80",)},
    ],
)
def test_what_is_no_address(archive_path, wrong):
    with pytest.raises(SetupError, match="is no"):
        WebConfig(archive_path, **wrong)
