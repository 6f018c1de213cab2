"""Hooks are told what happens, signed, again until they answer, and not of what they did themselves."""

import base64
import hashlib
import hmac
import http.server
import json
import socket
import threading
import time

import pytest

from tests.archive.conftest import HereAndNow
from tests.web.work.conftest import until
from vndoc import Archive
from vndoc.archive.jobs import Failure, Outcome
from vndoc.errors import FormatError, SetupError
from vndoc.facts import ValueFact
from vndoc.web.config import Hook
from vndoc.web.work import webhooks as module
from vndoc.web.work.webhooks import Hooks, answered, due, untold

SECRET = b"0123456789abcdef0123456789abcdef"


class Receiver:
    """An HTTP server that answers as it is told, in turn; the last answer for all that follow."""

    def __init__(self, *answers):
        self.answers, self.requests = list(answers), []
        self.let_go = threading.Event()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.requests.append((self.path, dict(self.headers), body))
                answer = receiver.answers.pop(0) if len(receiver.answers) > 1 else receiver.answers[0]
                if answer == "hang":
                    receiver.let_go.wait(60)
                    return
                self.send_response(answer)
                if 300 <= answer < 400:
                    self.send_header("Location", receiver.url + "/elsewhere")
                self.end_headers()

            do_GET = do_POST  # noqa: N815

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    def close(self):
        self.let_go.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def receiver():
    made = []

    def make(*answers):
        made.append(Receiver(*answers))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture(autouse=True)
def _hurry(monkeypatch):
    monkeypatch.setattr(module, "TICK", 0.02)
    monkeypatch.setattr(module, "PAUSES", (0.0, 0.0, 0.0))


@pytest.fixture
def archive(archive_path):
    with Archive(archive_path) as archive:
        yield archive


def hook(receiver, path="/hook?office=1", **more):
    return Hook(receiver.url + path, SECRET, **more)


def registered(archive, *hooks):
    return module._registered(archive.desk.db, hooks)


def close(archive, key, who="vanthu"):
    number = archive.document_id(key)
    archive.desk.close(number, who, archive.desk.sheet(number).revision)


def at_once(archive):
    """Let no time pass until hooks are told."""
    archive.desk.db.execute("UPDATE delivery SET due = 0")


def told(archive):
    rows = archive.desk.db.execute('SELECT event, "key", state, attempts, answer FROM delivery ORDER BY id')
    return [tuple(row) for row in rows]


def test_a_hook_is_told_with_a_signature_and_no_word_of_the_document(archive, keys, receiver):
    there = receiver(204)
    with Hooks(archive.path, (hook(there),)):
        close(archive, keys["b.txt"])
        at_once(archive)
        until(lambda: told(archive)[0][2] == "delivered")
    [(path, headers, body)] = there.requests
    assert path == "/hook?office=1"
    number = archive.document_id(keys["b.txt"])
    revision = archive.desk.sheet(number).revision
    assert json.loads(body) == {
        "type": "document.confirmed",
        "timestamp": archive.desk.sheet(number).closed_at,
        "data": {"key": keys["b.txt"], "state": "done", "revision": revision, "closed": True},
    }
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.new(SECRET, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{wanted}"
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 600


def test_a_document_that_was_read_is_told_whoever_read_it(archive, receiver, tmp_path):
    registered(archive, hook(receiver(204)))
    for name in ("một.txt", "hỏng.txt"):
        (tmp_path / name).write_text(name, encoding="utf-8")

    def work(job):
        if "hỏng" in job.path:
            return Outcome(job, failure=Failure.of(FormatError("x")))
        return HereAndNow().work(job)

    archive.batch([tmp_path / "một.txt", tmp_path / "hỏng.txt"], executor=HereAndNow(work))
    done = archive.ledger.entry_at(str(tmp_path / "một.txt")).sha256
    assert told(archive) == [("document.done", done, "waiting", 0, None)]


def test_nothing_is_written_where_there_are_no_hooks(archive, keys, receiver):
    close(archive, keys["a.txt"])
    registered(archive, hook(receiver(204)))
    registered(archive)
    close(archive, keys["b.txt"])
    assert told(archive) == []


@pytest.mark.parametrize("bad", [500, 302, 404])
def test_what_fails_twice_is_told_the_third_time_under_the_same_name(archive, keys, receiver, bad):
    there = receiver(bad, bad, 200)
    with Hooks(archive.path, (hook(there),)):
        close(archive, keys["a.txt"])
        at_once(archive)
        until(lambda: told(archive)[0][2] == "delivered")
    assert told(archive)[0][3:] == (3, "200")
    assert len({headers["webhook-id"] for _, headers, _ in there.requests}) == 1
    assert {path for path, _, _ in there.requests} == {"/hook?office=1"}  # no redirection was followed


@pytest.mark.parametrize(("answer", "attempts"), [(500, 4), (410, 1)])
def test_a_hook_is_given_up_in_the_end(archive, keys, receiver, answer, attempts):
    there = receiver(answer)
    with Hooks(archive.path, (hook(there),)):
        close(archive, keys["a.txt"])
        at_once(archive)
        until(lambda: told(archive)[0][2] == "given up")
    assert told(archive)[0][3:] == (attempts, str(answer))


def test_a_hook_that_hangs_holds_up_no_other_and_ends_in_time(archive, keys, receiver, monkeypatch):
    monkeypatch.setattr(module, "SECONDS", 0.3)
    hanging, other = receiver("hang"), receiver(200)
    with Hooks(archive.path, (hook(hanging), hook(other))):
        close(archive, keys["a.txt"])
        at_once(archive)
        until(lambda: ("delivered", 1, "200") in [row[2:] for row in told(archive)])
        until(lambda: ("given up", 4, "no answer in time") in [row[2:] for row in told(archive)])


def test_an_answer_that_drips_ends_in_time(archive, keys, monkeypatch):
    monkeypatch.setattr(module, "SECONDS", 0.3)
    stop = threading.Event()

    def drip(listening):
        connection, _ = listening.accept()
        with connection:
            connection.sendall(b"HTTP/1.1 200 OK\r\n")
            while not stop.wait(0.05):
                try:
                    connection.sendall(b"X-Drop: 1\r\n")
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=drip, args=(listening,), daemon=True)
        thread.start()
        there = Hook(f"http://127.0.0.1:{listening.getsockname()[1]}/", SECRET)
        registered(archive, there)
        close(archive, keys["a.txt"])
        at_once(archive)
        answer = module._Request(there, due(archive.desk.db, 1)).send()
        stop.set()
        thread.join()
    assert answer == "no answer in time"


def test_stopping_does_not_wait_for_a_hook_and_a_restart_goes_on(archive, keys, receiver):
    there = receiver("hang", 200)
    hooks = Hooks(archive.path, (hook(there),))
    with hooks:
        close(archive, keys["a.txt"])
        at_once(archive)
        until(lambda: there.requests)
    assert told(archive)[0][2:] == ("waiting", 0, None)
    with hooks:
        until(lambda: told(archive)[0][2] == "delivered")
    assert len(there.requests) == 2


def test_nobody_listens(archive, keys):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with Hooks(archive.path, (Hook(f"http://127.0.0.1:{port}/", SECRET),)):
        close(archive, keys["a.txt"])
        at_once(archive)
        until(lambda: told(archive)[0][2] == "given up")
    assert told(archive)[0][4] == "ConnectionRefusedError"


def test_a_hook_that_is_taken_away_is_told_nothing_more(archive, keys, receiver):
    first, second = hook(receiver(200)), hook(receiver(200))
    registered(archive, first, second)
    close(archive, keys["a.txt"])
    numbers = registered(archive, second)
    assert [row[2] for row in told(archive)] == ["given up", "waiting"]
    assert registered(archive, first, second) == [1, *numbers]


def test_what_the_receiver_did_as_its_user_is_not_told_to_it(archive, keys, receiver):
    registered(archive, hook(receiver(200), user="qlvb"), hook(receiver(200)))
    close(archive, keys["a.txt"], who="qlvb")
    assert len(told(archive)) == 1
    close(archive, keys["b.txt"], who="vanthu")
    assert len(told(archive)) == 3


def test_what_a_message_caused_is_not_told_to_whoever_got_it(archive, keys, receiver):
    registered(archive, hook(receiver(200)), hook(receiver(200)))
    close(archive, keys["a.txt"])
    with untold(archive, archive.document_id(keys["b.txt"]), "msg_1"):
        close(archive, keys["b.txt"])
        close(archive, keys["c.txt"])
    key = [row[1] for row in told(archive)]
    assert (key.count(keys["a.txt"]), key.count(keys["b.txt"]), key.count(keys["c.txt"])) == (2, 1, 2)
    for made_up in ("msg_99", "msg_", "msg_1x", "msg_٣", "1", "", None, "msg_" + "9" * 40):
        with untold(archive, None, made_up):
            archive.desk.undo(next(archive.desk.changes()).id, "vanthu")
            close(archive, keys["c.txt"])
    assert len(told(archive)) == 5 + 2 * 8


def test_confirming_and_taking_back_fires_once_for_each_closing(archive, keys, receiver):
    registered(archive, hook(receiver(200)))
    number = archive.document_id(keys["b.txt"])
    change = archive.desk.confirm(
        number, [ValueFact(pointer="/issued_date", value="2024-03-21")], "vanthu", archive.desk.sheet(number).revision
    )
    assert told(archive) == []
    close(archive, keys["b.txt"])
    archive.desk.reopen(number, "vanthu", change.revision + 1)
    assert [row[0] for row in told(archive)] == ["document.confirmed"]


def test_old_messages_are_forgotten(archive, keys, receiver):
    there = hook(receiver(200))
    registered(archive, there)
    close(archive, keys["a.txt"])
    archive.desk.db.execute("UPDATE delivery SET due = 1, state = 'delivered'")
    registered(archive, there)
    assert told(archive) == []


def test_what_became_of_the_document_meanwhile_is_told(archive, keys, receiver):
    registered(archive, hook(receiver(200)))
    close(archive, keys["a.txt"])
    assert due(archive.desk.db, 1) is None  # some moments are left to take it out again
    at_once(archive)
    archive.desk.undo(next(archive.desk.changes()).id, "vanthu")
    message = due(archive.desk.db, 1)
    assert not message.closed
    answered(archive.desk.db, message, 200)
    assert due(archive.desk.db, 1) is None


@pytest.mark.parametrize(
    "url", ["ftp://a/b", "file:///etc/passwd", "hook", "http://", "http://user:word@a/", "https://a/#x"]
)
def test_addresses_that_are_none(url):
    with pytest.raises(SetupError, match="webhook"):
        Hook(url, SECRET)


def test_a_secret_is_long_and_not_shown():
    with pytest.raises(SetupError, match="secret"):
        Hook("https://a/", b"short")
    assert "0123" not in repr(Hook("https://a/", SECRET))
