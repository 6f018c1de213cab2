"""What people do with documents over HTTP: corrections, conflicts, the audit, the queue."""

import threading

import pytest

from tests.web.conftest import client_of, signed_in, with_csrf

API = "/api/v1"


def document(client, key):
    return client.get(f"{API}/documents/{key}").json()


def value(pointer, text):
    return {"kind": "value", "pointer": pointer, "value": text}


def correct(client, key, *facts, revision=None, **headers):
    revision = document(client, key)["revision"] if revision is None else revision
    return client.post(
        f"{API}/documents/{key}/corrections", json={"revision": revision, "facts": list(facts)}, headers=headers
    )


def test_a_value_is_settled_told_and_taken_back(client, keys):
    key = keys["b.txt"]
    assert [d["pointer"] for d in document(client, key)["doubts"]] == ["/issued_date"]
    change = correct(client, key, value("/issued_date", "2024-03-21"))
    assert change.status_code == 200
    assert change.json()["values"] == [{"pointer": "/issued_date", "before": None, "after": "2024-03-21"}]
    told = document(client, key)
    assert (told["dispatch"]["issued_date"], told["doubts"]) == ("2024-03-21", [])
    assert told["facts"] == [{**value("/issued_date", "2024-03-21"), "unreadable": False}]
    assert change.json()["revision"] == told["revision"]
    undone = client.post(f"{API}/changes/{change.json()['id']}/undo")
    assert undone.status_code == 200
    assert undone.json()["undoes"] == change.json()["id"]
    assert document(client, key)["dispatch"]["issued_date"] is None
    again = client.post(f"{API}/changes/{change.json()['id']}/undo", json={})
    assert again.status_code == 409


def test_of_two_at_once_one_is_told_who_was_first(shared_app, keys):
    first, second = signed_in(shared_app, "vanthu"), signed_in(shared_app, "vanthu")
    revision = document(first, keys["b.txt"])["revision"]
    assert correct(first, keys["b.txt"], value("/place", "Bình Sơn"), revision=revision).status_code == 200
    late = correct(second, keys["b.txt"], value("/place", "Khác"), revision=revision)
    assert late.status_code == 409
    problem = late.json()
    assert problem["type"] == "urn:vndoc:conflict"
    assert (problem["who"], problem["revision"]) == ("vanthu", revision + 1)
    assert problem["at"]
    assert document(second, keys["b.txt"])["dispatch"]["place"] == "Bình Sơn"


def test_many_at_once_and_nothing_is_lost(app, keys):
    clients = [with_csrf(client_of(app)) for _ in range(4)]
    statuses, pointers = [], ["/place", "/subject", "/organ_name", "/signer/full_name"]

    def settle(client, number):
        while (status := correct(client, keys["a.txt"], value(pointers[number], "x")).status_code) == 409:
            statuses.append(status)
        statuses.append(status)

    threads = [threading.Thread(target=settle, args=pair) for pair in zip(clients, range(4), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) <= {200, 409}
    assert sorted(fact["pointer"] for fact in document(clients[0], keys["a.txt"])["facts"]) == sorted(pointers)


@pytest.mark.parametrize(
    "facts",
    [
        [],
        [value("/nothing", "x")],
        [value("/issued_date", "tomorrow")],
        [value("/issued_date", "2024-02-30")],
        [{"kind": "value", "pointer": "/place", "value": "x", "unreadable": True}],
        [{"kind": "entry", "pointer": "/recipients"}],
        [{"kind": "entry", "pointer": "/tasks", "after": {"nothing": "such"}}],
        [{"kind": "word", "page": 0, "box": [0, 0, 1, 1], "before": "a", "after": "b"}],
        [value("/place", "x" * 30_000)],
        [value("/place", "x")] * 501,
    ],
)
def test_what_does_not_fit_changes_nothing(client, keys, facts):
    before = document(client, keys["b.txt"])
    answer = correct(client, keys["b.txt"], *facts)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert document(client, keys["b.txt"]) == before


def test_an_entry_and_a_word(client, keys, scan):
    added = {"kind": "entry", "pointer": "/recipients", "after": "Sở Nội vụ"}
    assert correct(client, keys["b.txt"], added).status_code == 200
    assert "Sở Nội vụ" in document(client, keys["b.txt"])["dispatch"]["recipients"]
    word = {"kind": "word", "page": 1, "box": [100, 100, 300, 140], "before": "hoach", "after": "hoạch"}
    assert correct(client, scan, word).status_code == 200
    assert document(client, scan)["dispatch"]["pages"][0]["text"] == "hoạch"


def test_close_reopen_and_the_queue(client, keys):
    key = keys["b.txt"]
    waiting = client.get(f"{API}/queue").json()
    assert waiting["counts"]["open"] == 3
    assert key in [row["key"] for row in waiting["documents"]]
    revision = document(client, key)["revision"]
    closed = client.post(f"{API}/documents/{key}/close", json={"revision": revision})
    assert (closed.status_code, closed.json()["kind"]) == (200, "close")
    assert document(client, key)["closed_by"] == closed.json()["who"]
    told = client.get(f"{API}/queue", params={"wanted": "closed"}).json()
    assert [row["key"] for row in told["documents"]] == [key]
    assert told["counts"]["closed_today_by"] == {closed.json()["who"]: 1}
    assert client.post(f"{API}/documents/{key}/close", json={"revision": revision}).status_code == 409
    reopened = client.post(f"{API}/documents/{key}/reopen", json={"revision": closed.json()["revision"]})
    assert reopened.json()["kind"] == "reopen"
    assert document(client, key)["closed_at"] is None


def test_the_queue_goes_page_by_page(client):
    seen, after = [], None
    for _ in range(4):
        told = client.get(f"{API}/queue", params={"limit": 1} | ({"after": after} if after else {})).json()
        seen += [row["name"] for row in told["documents"]]
        after = told["next"]
        if not after:
            break
    assert sorted(seen) == ["a.txt", "b.txt", "c.txt"]
    assert client.get(f"{API}/queue", params={"after": "nonsense"}).status_code == 422
    assert client.get(f"{API}/queue", params={"organ": "binh son"}).json()["documents"][0]["name"] == "b.txt"


def test_the_audit(shared_app, keys):
    clerk = signed_in(shared_app, "vanthu")
    for name in ("a.txt", "b.txt"):
        correct(clerk, keys[name], value("/place", "Bình Sơn"))
    told = clerk.get(f"{API}/audit", params={"limit": 1}).json()
    assert [(c["key"], c["who"], c["kind"]) for c in told["changes"]] == [(keys["b.txt"], "vanthu", "confirm")]
    rest = clerk.get(f"{API}/audit", params={"before": told["next"]}).json()
    assert ([c["key"] for c in rest["changes"]], rest["next"]) == ([keys["a.txt"]], None)
    assert clerk.get(f"{API}/audit", params={"who": "nobody"}).json()["changes"] == []
    own = clerk.get(f"{API}/documents/{keys['a.txt']}/changes").json()["changes"]
    assert [c["key"] for c in own] == [keys["a.txt"]]


def test_a_file_is_cut_into_its_documents(client, scan):
    answer = client.post(
        f"{API}/documents/{scan}/recut", json={"revision": document(client, scan)["revision"], "starts": [1, 2]}
    )
    assert answer.status_code == 200
    whole = document(client, scan)
    assert [part["key"] for part in whole["parts"]] == [f"{scan}.1", f"{scan}.2"]
    assert whole["dispatch"] is None
    part = document(client, f"{scan}.2")
    assert (part["key"], part["state"], part["name"]) == (f"{scan}.2", "queued", "Công văn 815.tif")
    assert [row["key"] for row in client.get(f"{API}/documents").json()["documents"][:2]] == [f"{scan}.2", f"{scan}.1"]
    wrong = client.post(
        f"{API}/documents/{scan}.1/recut", json={"revision": document(client, f"{scan}.1")["revision"], "starts": [9]}
    )
    assert wrong.status_code == 422


def test_grid_and_completions(client, keys, scan):
    told = client.get(f"{API}/grid", params={"pointer": "/code_number"}).json()
    assert [(item["key"], item["value"], item["box"]) for item in told["items"]] == [
        (scan, "815", [100, 100, 300, 140])
    ]
    last = client.get(f"{API}/grid", params={"pointer": "/code_number", "limit": 1}).json()
    assert client.get(f"{API}/grid", params={"pointer": "/code_number", "after": last["next"]}).json()["items"] == []
    correct(client, keys["b.txt"], value("/place", "Bình Sơn"))
    assert client.get(f"{API}/completions", params={"pointer": "/place", "typed": "binh"}).json() == ["Bình Sơn"]
    assert client.get(f"{API}/completions", params={"pointer": "place", "typed": "x"}).status_code == 422


def test_a_reader_changes_nothing(reader_client, keys):
    for path, body in [
        (f"/documents/{keys['a.txt']}/corrections", {"revision": 1, "facts": [value("/place", "x")]}),
        (f"/documents/{keys['a.txt']}/close", {"revision": 1}),
        (f"/documents/{keys['a.txt']}/reopen", {"revision": 1}),
        (f"/documents/{keys['a.txt']}/recut", {"revision": 1, "starts": [1]}),
        (f"/documents/{keys['a.txt']}/job", None),
        (f"/documents/{keys['a.txt']}/links", None),
        ("/changes/1/undo", None),
    ]:
        answer = reader_client.post(API + path, json=body)
        assert answer.status_code == 403, path
        assert answer.json()["type"] == "urn:vndoc:role"
