"""What is taken out of the archive over HTTP, and how the server is."""

import io
import json

import icalendar
import openpyxl
import pytest

from tests.web.conftest import client_of
from vndoc import Archive

API = "/api/v1"


def test_search(client, keys):
    hits = client.get(f"{API}/search", params={"q": "doi ngoai"}).json()
    assert [hit["name"] for hit in hits] == ["a.txt", "b.txt"]
    assert hits[0]["key"] == keys["a.txt"]
    start, end = hits[0]["marks"][0]
    assert hits[0]["snippet"][start:end].lower().startswith("đối")
    assert len(client.get(f"{API}/search", params={"limit": 2}).json()) == 2
    for odd in ('"', "NEAR(", "* OR", "a\0b", "'; DROP TABLE words"):
        assert client.get(f"{API}/search", params={"q": odd}).status_code == 200


def test_the_register_in_three_forms(client, keys, archive_path):
    rows = client.get(f"{API}/register").json()
    assert {row["key"] for row in rows} == set(keys.values())
    doubtful = next(row for row in rows if row["key"] == keys["b.txt"])
    assert doubtful["issued_date"] is None
    assert "issued_date" in doubtful["doubts"]
    assert [row["key"] for row in client.get(f"{API}/register", params={"offset": 1, "limit": 1}).json()] == [
        rows[1]["key"]
    ]
    table = client.get(f"{API}/register", params={"format": "csv", "organ": "binh son"})
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert table.text.startswith("\ufeffNgày đến,")
    assert "'=HYPERLINK" in table.text or "=HYPERLINK" not in table.text.split("Công văn ")[0]
    book = client.get(f"{API}/register", params={"format": "xlsx"})
    assert openpyxl.load_workbook(io.BytesIO(book.content)).active.max_row == 7
    assert str(archive_path.parent) not in json.dumps(rows) + table.text


def test_duties_in_three_forms(client, keys, archive_path):
    duties = client.get(f"{API}/tasks").json()
    assert [duty["due_date"] for duty in duties] == ["2024-11-05", None, None]
    assert (duties[0]["key"], duties[0]["name"]) == (keys["a.txt"], "a.txt")
    assert client.get(f"{API}/tasks", params={"assignee": "huyen uy"}).json()[0]["recurrence"] == "hằng tháng"
    assert client.get(f"{API}/tasks", params={"due_after": "2024-11-06"}).json() == []
    events = icalendar.Calendar.from_ical(client.get(f"{API}/tasks", params={"format": "ics"}).content).walk("VEVENT")
    assert len(events) == 2
    table = client.get(f"{API}/tasks", params={"format": "csv"}).text
    assert str(archive_path.parent) not in table + json.dumps(duties)


def test_cites(client, keys):
    told = client.get(f"{API}/cites", params={"notation": "254-KH/TU"}).json()
    assert [link["key"] for link in told["documents"]] == [keys["a.txt"]]
    assert [(link["key"], link["certain"]) for link in told["cited_by"]] == [
        (keys["c.txt"], False),
        (keys["b.txt"], True),
    ]
    assert [(link["notation"], link["key"]) for link in told["cites"]] == [("57-KL/TW", None)]
    assert client.get(f"{API}/cites", params={"notation": ""}).status_code == 422


def test_a_calendar_is_subscribed_by_its_address_alone(shared_app, reader_client, clerk_client, admin_client):
    made = reader_client.post(f"{API}/calendars", json={"assignee": "huyện"})
    assert made.status_code == 201
    url = made.json()["url"]
    assert url.startswith("http://127.0.0.1:8815/api/v1/calendars/")
    anyone = client_of(shared_app)
    answer = anyone.get(url)
    assert answer.headers["content-type"].startswith("text/calendar")
    assert len(icalendar.Calendar.from_ical(answer.content).walk("VEVENT")) == 1
    assert reader_client.get(f"{API}/calendars").json() == [{k: v for k, v in made.json().items() if k != "url"}]
    assert clerk_client.get(f"{API}/calendars").json() == []
    number = made.json()["id"]
    assert clerk_client.delete(f"{API}/calendars/{number}").status_code == 404
    assert anyone.get(f"{API}/calendars").status_code == 401
    assert admin_client.delete(f"{API}/calendars/{number}").status_code == 204
    assert anyone.get(url).status_code == 404


def test_the_secret_of_a_calendar_is_not_kept(reader_client, archive_path):
    url = reader_client.post(f"{API}/calendars").json()["url"]
    secret = url.rpartition("/")[2].removesuffix(".ics")
    with Archive(archive_path) as archive:
        archive.desk.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert secret.encode() not in archive_path.read_bytes()


def test_the_calendar_of_a_user_who_is_gone(shared_app, reader_client, users_file):
    url = reader_client.post(f"{API}/calendars").json()["url"]
    content = json.loads(users_file.read_text())
    del content["users"]["doc"]
    users_file.write_text(json.dumps(content))
    assert client_of(shared_app).get(url).status_code == 404


def test_calendars_do_not_pile_up(client):
    for _ in range(20):
        assert client.post(f"{API}/calendars").status_code == 201
    assert client.post(f"{API}/calendars").status_code == 409


def test_health(app, served, shared_app):
    assert served.get("/healthz").json() == {"status": "ok", "archive": True, "reader": True, "disk": True}
    stopped = client_of(shared_app).get("/healthz")  # nobody signed in, and nothing started
    assert (stopped.status_code, stopped.json()["reader"]) == (503, False)


def test_what_is_missing_is_told_to_those_who_may_read(served, workers, monkeypatch):
    from tests.web.work.conftest import until  # noqa: PLC0415
    from vndoc.archive.jobs import Failure, Outcome  # noqa: PLC0415
    from vndoc.errors import SetupError  # noqa: PLC0415
    from vndoc.web.work import reader  # noqa: PLC0415

    monkeypatch.setattr(reader, "PATIENCE", (60.0,))
    workers.work = lambda job: Outcome(job, failure=Failure.of(SetupError("Tesseract is missing; install it")))
    served.post(f"{API}/documents", files={"file": ("a.txt", b"mot")})
    until(lambda: served.get("/healthz").status_code == 503)
    told = {"state": "troubled", "trouble": "Tesseract is missing; install it", "queued": 1, "running": 0}
    until(lambda: served.get(f"{API}/reader").json() == told)  # the upload may have woken it once more


def test_figures(client, keys, tokens, shared_app):
    client.get(f"{API}/documents/{keys['a.txt']}")
    client.get(f"{API}/documents/{'0' * 64}")
    client.get("/nowhere")
    told = client.get("/metrics")
    assert told.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = told.text.splitlines()
    for line in (
        'vndoc_documents{state="done"} 3',
        'vndoc_documents{state="failed"} 0',
        "vndoc_pages_read 4",
        "vndoc_reading_seconds 1.5",
        "vndoc_review_doubts 2",
        'vndoc_reader{state="stopped"} 1',
        'vndoc_http_requests_total{method="GET",route="/api/v1/documents/{key}",status="200"} 1',
        'vndoc_http_requests_total{method="GET",route="/api/v1/documents/{key}",status="404"} 1',
        'vndoc_http_request_seconds_count{route="/api/v1/documents/{key}"} 2',
        'vndoc_http_request_seconds_bucket{route="/api/v1/documents/{key}",le="+Inf"} 2',
    ):
        assert line in lines
    assert "nowhere" not in told.text
    assert keys["a.txt"] not in told.text
    anyone = client_of(shared_app)
    assert anyone.get("/metrics").status_code == 401
    assert anyone.get("/metrics", headers={"Authorization": f"Bearer {tokens['doc']}"}).status_code == 200


@pytest.mark.parametrize("line", ["# HELP ", "# TYPE "])
def test_each_figure_is_explained_once(client, line):
    told = [text.split()[2] for text in client.get("/metrics").text.splitlines() if text.startswith(line)]
    assert len(told) == len(set(told)) >= 11
