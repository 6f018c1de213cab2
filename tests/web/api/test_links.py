"""Links that another system makes, and hooks that it is told by, over HTTP."""

import json
import threading
from urllib.parse import urlsplit

import pytest

from tests.web.conftest import client_of, with_csrf
from tests.web.work.conftest import until
from tests.web.work.test_webhooks import SECRET, Receiver
from vndoc import Archive
from vndoc.web.app import create_app
from vndoc.web.config import Hook, WebConfig
from vndoc.web.work import links as module
from vndoc.web.work import webhooks

API = "/api/v1"


def link_to(client, key, **wish):
    return client.post(f"{API}/documents/{key}/links", json=wish)


def follow(app, url):
    """A browser that opens a link."""
    client = client_of(app)
    answer = client.post(urlsplit(url).path)
    if answer.status_code == 303:
        client.headers["cookie"] = answer.headers["set-cookie"].partition(";")[0]
    return answer, client


def test_a_link_opens_one_document_once(shared_app, admin_client, keys):
    made = link_to(admin_client, keys["b.txt"], pointer="/issued_date", person="Nguyễn Văn A")
    assert made.status_code == 201
    answer, guest = follow(shared_app, made.json()["url"])
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"/documents/{keys['b.txt']}#")
    with_csrf(guest)
    told = guest.get(f"{API}/documents/{keys['b.txt']}").json()
    given = {
        "revision": told["revision"],
        "facts": [{"kind": "value", "pointer": "/issued_date", "value": "2024-03-21"}],
    }
    change = guest.post(f"{API}/documents/{keys['b.txt']}/corrections", json=given)
    assert change.json()["who"] == "Nguyễn Văn A (quantri)"
    for path in ("documents", f"documents/{keys['a.txt']}", "search", "audit", "queue", "register", "calendars"):
        assert guest.get(f"{API}/{path}").status_code == 403, path
    recut = {"revision": change.json()["revision"], "starts": [1]}
    assert guest.post(f"{API}/documents/{keys['b.txt']}/recut", json=recut).status_code == 403
    assert follow(shared_app, made.json()["url"])[0].status_code == 410


def test_of_many_who_use_a_link_at_once_one_comes_in(shared_app, admin_client, keys):
    url = link_to(admin_client, keys["b.txt"]).json()["url"]
    statuses = []
    threads = [
        threading.Thread(target=lambda: statuses.append(follow(shared_app, url)[0].status_code)) for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [303, 410, 410, 410, 410]


def test_looking_at_a_link_does_not_use_it_up(shared_app, admin_client, keys):
    url = link_to(admin_client, keys["b.txt"]).json()["url"]
    anyone = client_of(shared_app)
    for _ in range(3):
        assert anyone.get(url).status_code == 200
    assert follow(shared_app, url)[0].status_code == 303


def test_a_link_expires_and_its_secret_is_not_kept(shared_app, admin_client, keys, archive_path, monkeypatch):
    made = link_to(admin_client, keys["b.txt"], minutes=1).json()
    now = module.time.time()
    monkeypatch.setattr(module.time, "time", lambda: now + 61)
    assert follow(shared_app, made["url"])[0].status_code == 410
    with Archive(archive_path) as archive:
        archive.desk.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert made["url"].rpartition("/")[2].encode() not in archive_path.read_bytes()
    monkeypatch.setattr(module.time, "time", lambda: now + 40 * 86_400)
    link_to(admin_client, keys["a.txt"])
    with Archive(archive_path) as archive:
        assert archive.desk.db.execute("SELECT count(*) FROM link").fetchone()[0] == 1


def test_a_link_ends_with_its_maker(shared_app, admin_client, keys, users_file):
    _, guest = follow(shared_app, link_to(admin_client, keys["b.txt"]).json()["url"])
    assert guest.get(f"{API}/documents/{keys['b.txt']}").status_code == 200
    content = json.loads(users_file.read_text())
    del content["users"]["quantri"]
    users_file.write_text(json.dumps(content))
    assert guest.get(f"{API}/documents/{keys['b.txt']}").status_code == 401


@pytest.mark.parametrize(
    "wish",
    [{"minutes": 0}, {"minutes": 1e9}, {"pointer": "x"}, {"person": "\u202e"}, {"person": "x" * 101}, {"other": 1}],
)
def test_wishes_that_are_none(admin_client, keys, wish):
    assert link_to(admin_client, keys["b.txt"], **wish).status_code == 422


def test_who_may_make_links(clerk_client, reader_client, admin_client, keys):
    assert link_to(clerk_client, keys["b.txt"]).status_code == 403
    assert link_to(reader_client, keys["b.txt"]).status_code == 403
    assert link_to(admin_client, "0" * 64).status_code == 404


@pytest.mark.parametrize(
    ("config", "cookie", "ancestors"),
    [
        ({}, "SameSite=strict", "'none'"),
        ({"embed_origins": ("https://qlvb.example.vn",)}, "SameSite=strict", "https://qlvb.example.vn"),
        (
            {"embed_origins": ("https://qlvb.example.vn",), "public_url": "https://127.0.0.1"},
            "Secure; HttpOnly; SameSite=None; Partitioned",
            "https://qlvb.example.vn",
        ),
    ],
)
def test_in_a_frame_of_whom_the_operator_allows(archive_path, users_file, keys, config, cookie, ancestors):
    app = create_app(WebConfig(archive_path, users=users_file, **config))
    with Archive(archive_path) as archive:
        secret, _ = module.make(archive, keys["b.txt"], "quantri", None, None, 60)
    page = client_of(app).get(f"/open/{secret}")
    assert f"frame-ancestors {ancestors}" in page.headers["content-security-policy"]
    answer, guest = follow(app, f"/open/{secret}")
    assert cookie in answer.headers["set-cookie"]
    document = guest.get(f"/documents/{keys['b.txt']}")
    assert document.status_code == 200
    assert f"frame-ancestors {ancestors}" in document.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in client_of(app).get("/login").headers["content-security-policy"]


def test_a_receiver_that_answers_by_correcting_is_not_told_of_that(archive_path, keys, monkeypatch):
    monkeypatch.setattr(webhooks, "TICK", 0.02)
    there = Receiver(204)
    try:
        app = create_app(WebConfig(archive_path, hooks=(Hook(f"{there.url}/hook", SECRET),)))
        with app.state.work.hooks, Archive(archive_path) as archive:
            client = with_csrf(client_of(app))

            def close(key, **headers):
                revision = client.get(f"{API}/documents/{key}").json()["revision"]
                answer = client.post(f"{API}/documents/{key}/close", json={"revision": revision}, headers=headers)
                assert answer.status_code == 200
                archive.desk.db.execute("UPDATE delivery SET due = 0")

            close(keys["a.txt"])
            until(lambda: len(there.requests) == 1)
            name = there.requests[0][1]["webhook-id"]
            close(keys["b.txt"], **{"Vndoc-Caused-By": name})
            close(keys["c.txt"])
            until(lambda: len(there.requests) == 2)
            assert json.loads(there.requests[1][2])["data"]["key"] == keys["c.txt"]
    finally:
        there.close()
