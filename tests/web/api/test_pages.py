"""Images, crops and files of documents over HTTP."""

import io
from concurrent.futures import Future
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from tests.web.conftest import client_of, with_csrf
from tests.web.work.test_images import Pool
from vndoc import Archive
from vndoc.web.work import images as images_module
from vndoc.web.work.drawing import page_tag
from vndoc.web.work.images import Images

API = "/api/v1"


class AtOnce(Pool):
    """Makes everything at once, without the limits of a process of its own."""

    def submit(self, call, work, task, **limits):
        future = Future()
        try:
            future.set_result(work(task))
        except Exception as error:
            future.set_exception(error)
        return future


@pytest.fixture
def client(app, monkeypatch):
    pool = AtOnce()
    monkeypatch.setattr(Images, "_made", lambda self: pool)
    with app.state.work.images:
        client = with_csrf(client_of(app))
        client.pool = pool
        yield client


def pixels(answer):
    return np.asarray(Image.open(io.BytesIO(answer.content)).convert("L"))


def test_a_page_and_a_crop(client, scan):
    page = client.get(f"{API}/documents/{scan}/pages/1/image", params={"width": 240})
    assert page.headers["content-type"] == "image/jpeg"
    image = pixels(page)
    assert image.shape[1] == 240
    assert image[35, 58] < 60  # the word
    crop = client.get(f"{API}/documents/{scan}/pages/2/crop", params={"box": "100,100,300,140", "zoom": 2})
    assert pixels(crop).shape == (80, 400)
    assert 100 < pixels(crop).mean() < 140


def test_a_browser_keeps_what_does_not_change(client, scan, archive_path):
    path = f"{API}/documents/{scan}/pages/1/image?width=240"
    first = client.get(path)
    assert first.headers["cache-control"] == "private, no-cache"
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    with Archive(archive_path) as archive:
        (page, _) = archive.pages(archive.document_id(scan))
    kept = client.get(f"{path}&v={page_tag(page)}")
    assert kept.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert kept.content == first.content
    assert client.get(f"{path}&v=other").headers["cache-control"] == "private, no-cache"


def test_the_next_page_is_drawn_before_it_is_asked_for(client, scan, app):
    client.get(f"{API}/documents/{scan}/pages/1/image", params={"width": 240})
    work = app.state.work.images
    kept = [path for path in work._cache.folder.glob("*/*") if path.parent.name != "locks"]
    assert len(kept) == 4  # two pages, and an image of each


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("pages/3/image", 404),
        ("pages/0/image", 422),
        ("pages/1/image?width=241", 422),
        ("pages/1/crop", 422),
        ("pages/1/crop?box=1,2,3", 422),
        ("pages/1/crop?box=10,10,10,20", 422),
        ("pages/1/crop?box=0,0,99999,99999", 422),
        ("pages/1/crop?box=5000,5000,5010,5010", 422),
        ("pages/1/crop?box=0,0,10,10&zoom=9", 422),
    ],
)
def test_what_is_not_there(client, scan, path, status):
    answer = client.get(f"{API}/documents/{scan}/{path}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_page_that_cannot_be_drawn(client, keys, scan, archive_path, monkeypatch):
    text = client.get(f"{API}/documents/{keys['a.txt']}/pages/1/image")
    assert (text.status_code, text.json()["reason"]) == (404, "text")
    with Archive(archive_path) as archive:
        path = Path(archive.ledger.entry_of(scan).paths[0])
    path.write_bytes(b"II*\0 another file")
    changed = client.get(f"{API}/documents/{scan}/pages/1/image")
    assert (changed.status_code, changed.json()["reason"]) == (410, "missing")
    path.unlink()
    assert client.get(f"{API}/documents/{scan}/pages/1/crop?box=0,0,10,10").status_code == 410
    assert client.get(f"{API}/documents/{scan}/original").status_code == 410
    assert client.get(f"{API}/documents/{scan}/searchable.pdf").status_code == 410
    monkeypatch.setattr(images_module, "MOST_WAITING", 0)
    monkeypatch.setattr(images_module, "lies", lambda job: True)
    busy = client.get(f"{API}/documents/{scan}/pages/2/image")
    assert (busy.status_code, busy.headers["retry-after"]) == (503, "2")


def test_the_original_is_given_to_keep_and_not_to_open(client, scan, keys, archive_path):
    answer = client.get(f"{API}/documents/{scan}/original")
    with Archive(archive_path) as archive:
        path = Path(archive.ledger.entry_of(scan).paths[0])
    assert answer.content == path.read_bytes()
    assert answer.headers["content-type"] == "image/tiff"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''C%C3%B4ng%20v%C4%83n%20815.tif"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert client.get(f"{API}/documents/{keys['a.txt']}/original").text == "a.txt"


def test_a_searchable_pdf_with_the_words_that_were_mended(client, scan, keys):
    first = client.get(f"{API}/documents/{scan}/searchable.pdf")
    assert first.headers["content-type"] == "application/pdf"
    assert first.headers["content-disposition"].endswith("815.pdf")
    told = client.get(f"{API}/documents/{scan}").json()
    word = {"kind": "word", "page": 1, "box": [100, 100, 300, 140], "before": "hoach", "after": "hoạch"}
    client.post(f"{API}/documents/{scan}/corrections", json={"revision": told["revision"], "facts": [word]})
    assert client.get(f"{API}/documents/{scan}/searchable.pdf").content != first.content
    told = client.get(f"{API}/documents/{scan}").json()
    client.post(f"{API}/documents/{scan}/recut", json={"revision": told["revision"], "starts": [1, 2]})
    part = client.get(f"{API}/documents/{scan}.2/searchable.pdf")
    with pikepdf.open(io.BytesIO(part.content)) as pdf:
        assert len(pdf.pages) == 1
    assert client.get(f"{API}/documents/{keys['a.txt']}/searchable.pdf").status_code == 404
