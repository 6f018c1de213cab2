"""One-use links, as a person of another system meets them."""

import pytest

from tests.web.conftest import BASE, client_of, with_csrf
from vndoc import Archive
from vndoc.facts import ValueFact
from vndoc.web.work.links import make


@pytest.fixture
def link(archive_path, keys):
    """The address of a link to one of the documents."""
    with Archive(archive_path) as archive:
        secret, _ = make(archive, keys["b.txt"], "quantri", "Nguyễn Văn A", "/issued_date", 60.0)
    return f"/open/{secret}"


@pytest.fixture
def visitor(shared_app):
    """A browser that nobody knows."""
    return client_of(shared_app)


def test_a_link_opens_its_document_at_its_field(visitor, link, keys):
    for _ in range(2):  # what only looks does not use it up
        assert "vndoc-link" not in visitor.cookies
        assert visitor.get(link).status_code == 200
    answer = visitor.post(link, headers={"origin": BASE})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/documents/{keys['b.txt']}#issued_date")
    page = visitor.get(f"/documents/{keys['b.txt']}")
    assert page.status_code == 200
    assert keys["a.txt"] not in page.text
    assert keys["c.txt"] not in page.text
    for path in ("/audit", "/cites", "/parts", 'href="/"', "/take-in"):
        assert path not in page.text
    assert visitor.get(f"/documents/{keys['a.txt']}").status_code == 403
    assert visitor.get("/").status_code == 403


def test_a_link_opens_once(visitor, link, shared_app):
    assert visitor.post(link).status_code == 303
    other = client_of(shared_app)
    for answer in (other.get(link), other.post(link), visitor.post(link)):
        assert answer.status_code == 410
    assert "vndoc-link" not in other.cookies


def test_what_a_guest_does_stands_in_the_audit(visitor, link, keys, archive_path):
    visitor.post(link)
    with_csrf(visitor)
    form = {"kind": "value", "pointer": "/code_number", "value": "816", "revision": "1"}
    assert visitor.post(f"/documents/{keys['b.txt']}/facts", data=form).status_code == 303
    with Archive(archive_path) as archive:
        (change,) = archive.desk.changes()
    assert change.who == "Nguyễn Văn A (quantri)"
    answer = visitor.post(f"/documents/{keys['b.txt']}/close", data={"revision": change.revision})
    assert answer.headers["location"] == f"/documents/{keys['b.txt']}"  # not another one


def test_a_guest_takes_back_only_what_was_done_to_the_document(visitor, link, keys, archive_path):
    with Archive(archive_path) as archive:
        other = archive.document_id(keys["a.txt"])
        change = archive.desk.confirm(other, [ValueFact(pointer="/code_number", value="1")], "vanthu", 1)
    visitor.post(link)
    with_csrf(visitor)
    assert visitor.post(f"/documents/{keys['b.txt']}/undo", data={"change": change.id}).status_code == 404
    with Archive(archive_path) as archive:
        assert archive.dispatch(other).code_number == "1"


def test_a_link_that_has_expired(visitor, archive_path, keys):
    with Archive(archive_path) as archive:
        secret, _ = make(archive, keys["b.txt"], "quantri", None, None, -1.0)
    assert visitor.get(f"/open/{secret}").status_code == 410
    assert visitor.post(f"/open/{secret}").status_code == 410


def test_another_site_cannot_use_a_link_up(visitor, link):
    assert visitor.post(link, headers={"origin": "http://evil.example"}).status_code == 403
    assert visitor.get(link).status_code == 200


def test_who_is_signed_in_stays_who_they_are(reader_client, link, keys):
    answer = reader_client.post(link)
    assert answer.status_code == 303
    assert "set-cookie" not in answer.headers
    assert reader_client.get("/api/v1/session").json()["user"] == "doc"
