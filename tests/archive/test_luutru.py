"""The data of digitised documents, out of an archive."""

from pathlib import Path

from tests.archive.conftest import HereAndNow
from tests.archive.faults import canned
from vndoc.archive import Filters
from vndoc.archive.jobs import Outcome, PartOutcome
from vndoc.dispatch import Dispatch, PageText, Source


def test_rows_in_the_order_of_their_files(archive, tmp_path):
    for name in ("b/10.txt", "b/9.txt", "a/H49.2001.160.10.txt", "a/H49.2001.160.9.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    archive.batch([tmp_path / "a", tmp_path / "b"], executor=HereAndNow(canned))
    found = list(archive.luutru())
    assert [Path(row.place.path).name for row in found] == [
        "H49.2001.160.9.txt",
        "H49.2001.160.10.txt",
        "9.txt",
        "10.txt",
    ]
    assert [row.cells["docOrdinal"] for row in found] == [9, 10, None, None]
    assert list(archive.luutru(Filters(year=1999))) == []


def parts_of(job):
    """A file of two documents, of two pages and of one."""
    found = []
    for first, amount in ((1, 2), (4, 1)):
        source = Source(name="x", sha256=job.sha256, media_type="application/pdf", page_amount=amount)
        pages = [
            PageText(number=first + n, text="a", layer="none", method="lines", width=1654, height=2339, dpi=200)
            for n in range(amount)
        ]
        found.append(PartOutcome(first, Dispatch(source=source, pages=pages).model_dump_json(), b""))
    return Outcome(job, None, None, None, 0.1, 1, tuple(found), 4)


def test_documents_of_a_file_that_is_a_whole_file(archive, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "H49.64.33.2001.160.txt").write_text("both")
    archive.batch([tmp_path / "in"], executor=HereAndNow(parts_of))
    rows = list(archive.luutru())
    assert [row.cells["docId"] for row in rows] == ["H49.64.33.2001.160.1", "H49.64.33.2001.160.2"]
    assert [row.cells["pages"] for row in rows] == ["1-2", "4"]
    assert [row.cells["numberOfPage"] for row in rows] == [2, 1]
