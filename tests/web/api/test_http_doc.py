"""The examples of docs/http.md do what they say."""

import json
import re
import time
import types
from pathlib import Path

from pydantic import TypeAdapter

from tests.web.conftest import client_of
from vndoc.facts import Fact
from vndoc.web.deps import route_roles
from vndoc.web.work.webhooks import signature

TEXT = (Path(__file__).parents[3] / "docs" / "http.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)


def test_the_client_in_ten_lines(served, app, tmp_path, monkeypatch, capsys):
    (tmp_path / "scan.pdf").write_text("Cong van so 815")
    monkeypatch.chdir(tmp_path)

    class Client:
        """As the module would make one, for an application in this process."""

        def __init__(self, base_url, headers):
            assert base_url == "http://127.0.0.1:8815/api/v1"
            assert headers == {"Authorization": "Bearer token"}

        def get(self, path):
            return served.get(f"/api/v1{path}")

        def post(self, path, **given):
            if "files" in given:  # the canned reader reads texts
                given["files"]["file"] = ("scan.txt", given["files"]["file"].read())
            return served.post(f"/api/v1{path}", **given)

    source = blocks("python")[0]
    assert len([line for line in source.splitlines() if line and "import" not in line]) <= 11
    sleep = time.sleep
    monkeypatch.setattr(time, "sleep", lambda _: sleep(0.01))
    monkeypatch.setitem(__import__("sys").modules, "httpx", types.SimpleNamespace(Client=Client))
    names = {"TOKEN": "token"}
    exec(source, names)
    assert served.get(f"/api/v1/documents/{names['key']}").json()["dispatch"]["code_number"] == "815"


def test_the_receiver_knows_its_messages():
    names = {}
    exec(blocks("python")[1], names)
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": "1000",
        "webhook-signature": signature(b"x", "msg_1", 1000, b"{}"),
    }
    assert names["is_from_vndoc"](b"x", headers, b"{}", 1100)
    assert not names["is_from_vndoc"](b"x", headers, b"{ }", 1100)
    assert not names["is_from_vndoc"](b"y", headers, b"{}", 1100)
    assert not names["is_from_vndoc"](b"x", headers, b"{}", 2000)


def test_the_facts_are_facts():
    facts = [json.loads(line) for line in blocks("json")[0].splitlines()]
    assert [fact.kind for fact in map(TypeAdapter(Fact).validate_python, facts)] == ["value", "entry", "word"]
    for text in blocks("json")[1:]:
        json.loads(text)


def test_the_routes_are_there(app, client):
    routes = {path.removeprefix("/api/v1") for _, path, _ in route_roles(app)}
    named = re.findall(r"(?:GET|POST|DELETE) (/[\w/.]+)", TEXT)
    assert len(named) > 15
    shapes = {re.sub(r"\{\w+\}", "X", path) for path in routes}
    for path in named:
        assert re.sub(r"\b(KEY|N|ID)\b", "X", path.removeprefix("/api/v1")) in shapes, path
    assert client_of(app).get("/healthz").status_code == 503
