"""A bundle in a batch: its documents are members of the file, counted once, and what a person has said of it stays."""

import shutil

import pytest

from tests.archive.conftest import HereAndNow
from tests.bundles.conftest import bundle
from vndoc import Archive
from vndoc.archive.worker import work
from vndoc.facts import ValueFact
from vndoc.settings import Settings

__all__ = ["bundle"]

pytestmark = pytest.mark.slow  # the bundle is really read


@pytest.fixture
def cut(bundle, tmp_path):
    """An archive that has read the bundle, and the folder in which it lies."""
    (tmp_path / "incoming").mkdir()
    shutil.copy(bundle, tmp_path / "incoming" / "a.pdf")
    with Archive(tmp_path / "archive.sqlite") as archive:
        archive.batch([tmp_path / "incoming"], executor=HereAndNow(work))
        yield archive, tmp_path / "incoming"


def parts(archive):
    rows = archive._db.execute(
        "SELECT id, first_page, last_page, state, page_amount FROM document WHERE bundle_id IS NOT NULL ORDER BY 2"
    )
    return [tuple(row) for row in rows]


def codes(archive):
    rows = archive._db.execute("SELECT code_notation FROM dispatch ORDER BY document_id")
    return [row[0] for row in rows]


def test_documents_are_members_with_their_pages(cut):
    archive, folder = cut
    assert [row[1:] for row in parts(archive)] == [(1, 3, "done", 2), (4, 5, "done", 2), (6, 7, "done", 2)]
    assert codes(archive) == ["TTr-UBND", "QĐ-UBND", "TB-VP"]
    assert archive.counts() == {"queued": 0, "running": 0, "done": 3, "failed": 0}
    stats = archive.stats()
    assert (stats.pages, stats.files) == (6, 1)  # the blank one belongs to no document
    assert len(list(archive.register())) == 3
    (found,) = archive.search("1247/QĐ-UBND", limit=5)
    assert archive.key(found.document_id).endswith(".4")
    assert archive.batch([folder], executor=HereAndNow(work)).done == 0
    (change,) = archive.desk.changes()
    assert (change.kind, change.who, change.after) == ("recut", "vndoc", [1, 4, 6])


def test_parts_are_read_again_by_themselves(cut):
    archive, folder = cut
    before = parts(archive)
    assert archive.batch([folder], executor=HereAndNow(work), refresh="all").done == 3
    assert parts(archive) == before
    assert codes(archive) == ["TTr-UBND", "QĐ-UBND", "TB-VP"]
    assert archive.stats().pages == 6


def test_what_a_person_joined_is_not_cut_again(cut):
    archive, folder = cut
    (change,) = archive.desk.changes()
    archive.desk.undo(change.id, "Lan")
    assert parts(archive) == []
    assert archive.batch([folder], executor=HereAndNow(work)).done == 1
    assert parts(archive) == []
    assert archive.batch([folder], executor=HereAndNow(work), refresh="all").done == 1
    assert parts(archive) == []
    assert archive.stats().pages == 7


def test_what_a_person_cut_elsewhere_stays(cut):
    archive, folder = cut
    first = parts(archive)[0][0]
    archive.desk.recut(first, [1, 6], "Lan", archive.desk.sheet(first).revision)
    archive.batch([folder], executor=HereAndNow(work), refresh="all")
    assert [row[1:3] for row in parts(archive)] == [(1, 5), (6, 7)]


def test_what_was_confirmed_before_it_was_cut_goes_with_its_document(bundle, tmp_path):
    (tmp_path / "incoming").mkdir()
    shutil.copy(bundle, tmp_path / "incoming" / "a.pdf")
    with Archive(tmp_path / "archive.sqlite") as archive:
        archive.batch([tmp_path / "incoming"], executor=HereAndNow(work), settings=Settings(split="never"))
        assert parts(archive) == []
        fact = ValueFact(pointer="/code_number", value="999")
        archive.desk.confirm(1, [fact], "Lan", archive.desk.sheet(1).revision)
        archive.batch([tmp_path / "incoming"], executor=HereAndNow(work), refresh="all")
        first = parts(archive)[0][0]
        assert [row[1:3] for row in parts(archive)] == [(1, 3), (4, 5), (6, 7)]
        assert archive.desk.sheet(first).dispatch.code_number == "999"
        assert archive.counts()["done"] == 3
