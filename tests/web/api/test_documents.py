"""Documents over HTTP: handed in, read, told about, given up."""

import io
import threading
import zipfile
from pathlib import Path

import pikepdf
import pytest

from tests.conftest import SAMPLES
from tests.web.conftest import client_of, with_csrf
from tests.web.work.conftest import until
from vndoc import Archive
from vndoc.archive.jobs import Category, Failure, Outcome, Progress
from vndoc.settings import Limits, Settings
from vndoc.web.app import create_app
from vndoc.web.config import WebConfig
from vndoc.web.work import uploads as uploads_module

API = "/api/v1"


def hand_in(client, data, name="a.txt", **headers):
    return client.post(f"{API}/documents", files={"file": (name, data)}, headers=headers)


def document(client, key):
    return client.get(f"{API}/documents/{key}").json()


def test_a_document_is_handed_in_read_and_told(served):
    answer = hand_in(served, b"Cong van so 9", "Công văn 9.txt")
    assert answer.status_code == 202
    told = answer.json()
    assert answer.headers["location"] == f"{API}/documents/{told['sha256']}"
    assert [d["known"] for d in told["documents"]] == [False]
    key = told["sha256"]
    until(lambda: document(served, key)["state"] == "done")
    read = served.get(answer.headers["location"]).json()
    assert read["dispatch"]["subject"] == "Cong van so 9"
    assert (read["name"], read["revision"], read["failure"], read["doubts"]) == ("Công văn 9.txt", 1, None, [])
    assert read["parts"] == [{"key": key, "first_page": 1, "last_page": 1}]


def test_the_same_again_is_no_new_job(client):
    assert hand_in(client, b"mot").status_code == 202
    again = hand_in(client, b"mot", "other.txt")
    assert again.status_code == 200
    assert again.json()["documents"][0]["known"]
    assert client.get(f"{API}/reader").json()["queued"] == 1


def zipped(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_a_zip_file_is_its_documents(client):
    told = hand_in(client, zipped(**{"a.txt": b"1", "b.txt": b"2", "c.dwg": b"3"}), "gói.zip")
    assert told.status_code == 202
    assert "location" not in told.headers
    assert [d["name"] for d in told.json()["documents"]] == ["a.txt", "b.txt"]
    assert (told.json()["kind"], told.json()["left_out"]) == ("zip", ["c.dwg"])


@pytest.mark.parametrize(
    ("data", "name", "status", "kind", "words"),
    [
        (b"", "a.pdf", 422, "empty", "0 bytes"),
        (zipped(**{"xl/workbook.xml": b"x"}), "thư.xlsx", 415, "format", "XLSX"),
        (b"\0\1\2\3", "a.bin", 415, "format", "PDF, an image"),
        (b"Rar!\x1a\x07\x01\0", "a.rar", 415, "format", "RAR"),
    ],
)
def test_what_is_not_read_is_refused_with_what_it_is(client, data, name, status, kind, words):
    answer = hand_in(client, data, name)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == f"urn:vndoc:{kind}"
    assert words in problem["detail"]
    if status == 415:
        assert set(problem["read"]) >= {"application/pdf", "image/tiff", "application/zip", "text/plain"}


def test_too_much_and_a_full_disk(client, monkeypatch):
    monkeypatch.setattr(uploads_module, "MAX_FILE_BYTES", 3)
    assert hand_in(client, b"four").status_code == 413
    monkeypatch.setattr(uploads_module, "LEAST_FREE_BYTES", 1 << 60)
    assert hand_in(client, b"fo").status_code == 507


@pytest.mark.parametrize("name", ["../../../etc/passwd", "..\\..\\x.txt", "/srv/x.txt", "a\u202e.txt", "x" * 2000])
def test_names_that_lead_elsewhere(client, archive_path, name):
    assert hand_in(client, b"mot", name).status_code == 202
    files = archive_path.with_name("archive.sqlite.files")
    kept = [path for path in archive_path.parent.rglob("*") if path.is_file() and path.read_bytes() == b"mot"]
    assert len(kept) == 1
    assert kept[0].parent.parent == files


def test_a_reader_hands_nothing_in(reader_client, clerk_client):
    assert hand_in(reader_client, b"mot").status_code == 403
    assert hand_in(clerk_client, b"mot").status_code == 202


@pytest.mark.slow
def test_hostile_files_fail_alone(archive_path):
    """The real reader, with its limits; poppler gets less time than usual."""
    app = create_app(WebConfig(archive_path, settings=Settings(limits=Limits(render_seconds=6.0))))
    empty, bomb = io.BytesIO(), io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.save(empty)
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(14_400, 14_400))
        squares = b"".join(b"%d %d 9999 9999 re f " % (n, n) for n in range(2_000))
        pdf.pages[0].Contents = pdf.make_stream(squares)
        pdf.save(bomb)
    with client_of(app) as client:
        with_csrf(client)
        keys = [
            hand_in(client, data, name).json()["sha256"]
            for data, name in [
                (empty.getvalue(), "empty.pdf"),
                (b"%PDF-1.7\n" + b"\0" * 5000, "broken.pdf"),
                (bomb.getvalue(), "bomb.pdf"),
                (b"\x89PNG\r\n\x1a\n" + b"\xff" * 3000, "broken.png"),
                ("Số: 815/UBND".encode(), "good.txt"),
            ]
        ]
        until(lambda: all(document(client, key)["state"] in ("done", "failed") for key in keys), 300)
        told = {document(client, key)["name"]: document(client, key) for key in keys}
    assert told["good.txt"]["state"] == "done"
    assert told["empty.pdf"]["failure"]["category"] == "empty"
    assert told["broken.pdf"]["failure"]["category"] == "format"
    assert told["broken.png"]["failure"]["category"] == "format"
    assert told["bomb.pdf"]["state"] in ("done", "failed")


@pytest.mark.slow
def test_a_scan_from_upload_to_correction(app):
    """All of it, with the real reader."""
    data = (SAMPLES / "cv815" / "scan.pdf").read_bytes()
    with client_of(app) as client:
        with_csrf(client)
        location = hand_in(client, data, "scan.pdf").headers["location"]
        seen = set()

        def read():
            told = client.get(location).json()
            seen.add((told["state"], str(told["progress"])))
            return told["state"] == "done"

        until(read, 300)
        told = client.get(location).json()
        assert told["dispatch"]["code_notation"] == "UBND"
        image = client.get(f"{location}/pages/1/image?width=800")
        assert image.headers["content-type"] == "image/jpeg"
        given = {"revision": told["revision"], "facts": [{"kind": "value", "pointer": "/place", "value": "Bình Sơn"}]}
        assert client.post(f"{location}/corrections", json=given).status_code == 200
        searchable = client.get(f"{location}/searchable.pdf")
        assert searchable.content.startswith(b"%PDF")
    assert any(state == "running" for state, _ in seen)


def test_progress_cancel_and_reading_again(served, workers):
    workers.free.clear()
    first, second = (hand_in(served, text).json()["sha256"] for text in (b"mot", b"hai"))
    until(lambda: document(served, first)["state"] == "running")
    Progress(3, 10, 1).write(workers.waiting[0].progress)
    assert document(served, first)["progress"] == {"done": 3, "total": 10}
    assert served.delete(f"{API}/documents/{second}/job").json()["failure"]["category"] == "cancelled"
    assert served.delete(f"{API}/documents/{second}/job").status_code == 409
    assert served.delete(f"{API}/documents/{first}/job").status_code == 202
    until(lambda: document(served, first)["state"] == "failed")
    workers.free.set()
    assert served.post(f"{API}/documents/{second}/job").status_code == 202
    until(lambda: document(served, second)["state"] == "done")
    assert served.post(f"{API}/documents/{second}/job").status_code == 409


def test_a_failure_tells_its_cause_and_no_path(served, workers, archive_path):
    workers.work = lambda job: Outcome(job, failure=Failure(Category.ENCRYPTED, f"{job.path}: asks for a password"))
    key = hand_in(served, b"mot").json()["sha256"]
    until(lambda: document(served, key)["state"] == "failed")
    answer = served.get(f"{API}/documents/{key}")
    assert answer.json()["failure"]["category"] == "encrypted"
    assert str(archive_path.parent) not in answer.text


def test_what_is_queued_is_read_after_a_restart(app, workers, archive_path):
    key = hand_in(with_csrf(client_of(app)), b"mot").json()["sha256"]
    with client_of(app) as client:
        until(lambda: document(client, key)["state"] == "done")


def test_the_list_goes_page_by_page(client, keys, scan):
    first = client.get(f"{API}/documents", params={"limit": 2}).json()
    assert [d["key"] for d in first["documents"]] == [scan, keys["c.txt"]]
    second = client.get(f"{API}/documents", params={"limit": 2, "after": first["next"]}).json()
    assert [d["key"] for d in second["documents"]] == [keys["b.txt"], keys["a.txt"]]
    last = client.get(f"{API}/documents", params={"limit": 2, "after": second["next"]}).json()
    assert last == {"documents": [], "next": None}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"organ": "binh son"}, ["b.txt"]),
        ({"year": 2024}, ["a.txt"]),
        ({"type_name": "ke hoach"}, ["c.txt", "a.txt"]),
        ({"urgency": "hoa toc"}, ["b.txt"]),
        ({"due_before": "2024-12-01"}, ["a.txt"]),
        ({"since": "2025-01-01"}, ["c.txt"]),
        ({"state": "queued"}, ["neu.txt"]),
        ({"state": "failed"}, []),
    ],
)
def test_filters(client, query, names):
    hand_in(client, b"neu", "neu.txt")
    told = client.get(f"{API}/documents", params=query).json()["documents"]
    assert [d["name"] for d in told] == names


@pytest.mark.parametrize("key", ["0" * 64, "0" * 64 + ".2", "x", "0" * 63, "0" * 64 + ".0", "../../etc/passwd"])
def test_no_such_document(client, key):
    answer = client.get(f"{API}/documents/{key}")
    assert answer.status_code in (404, 422)
    assert answer.headers["content-type"] == "application/problem+json"


def test_two_clients_at_once_hand_in_the_same(app, archive_path):
    clients = [with_csrf(client_of(app)) for _ in range(4)]
    statuses = []

    def send(client):
        statuses.append(hand_in(client, b"mot" * 100_000).status_code)

    threads = [threading.Thread(target=send, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) <= {200, 202}
    files = [p for p in archive_path.with_name("archive.sqlite.files").rglob("*") if p.is_file()]
    assert len(files) == 1
    with Archive(archive_path) as archive:
        assert archive.counts()["queued"] == 1
        assert Path(next(archive.entries("queued")).paths[0]) == files[0]


def test_an_archive_that_is_away_is_told(archive_path):
    client = client_of(create_app(WebConfig(archive_path)))
    archive_path.rename(archive_path.with_name("away"))
    assert client.get(f"{API}/documents").status_code in (404, 503)
    assert client.get("/healthz").json()["archive"] is False
