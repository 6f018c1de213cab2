"""The made-up archive that the web is measured on is a real one."""

from collections import Counter
from datetime import date

import pytest

from benchmarks import web_filling as filling
from tests.conftest import SAMPLES
from vndoc.archive import Archive
from vndoc.facts import ValueFact

pytestmark = pytest.mark.slow  # the repair is loaded to read a sample

ROWS = 110
TODAY = date(2024, 11, 5)


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """An archive whose scans are texts, which are read faster; the keys of those with a file."""
    folder = tmp_path_factory.mktemp("filled")
    short = filling._read(SAMPLES / "giay-moi-89" / "text.txt")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(filling, "bases", lambda: ([short], [filling.unsure(short)]))
        patch.setattr(filling, "WITH_FILE", 2)
        keys = filling.fill(folder / "a.sqlite", ROWS, folder / "scans", today=TODAY)
    with Archive(folder / "a.sqlite", create=False) as archive:
        yield archive, keys


def test_its_rows_are_spread_as_in_an_office(filled):
    archive, _ = filled
    assert archive.counts() == {"queued": 0, "running": 0, "done": ROWS, "failed": 0}
    assert Counter(row.type_name for row in archive.queue(wanted="all", limit=ROWS)).most_common(1)[0][0] == "Công văn"
    counts = archive.queue_counts(TODAY)
    assert counts.open + counts.closed == ROWS
    assert counts.closed == 3 * ROWS // 5
    assert 0 < counts.doubtful <= counts.open
    assert len(list(archive.search("giay moi", limit=5))) == 5
    assert len(list(archive.desk.changes(limit=500))) == 2 * counts.closed
    assert archive.grid("/code_number", limit=3)


def test_scans_lie_where_the_archive_says_and_are_what_they_are_known_by(filled):
    archive, keys = filled
    assert len(keys) == 2
    for key in keys:
        (path,) = next(entry.paths for entry in archive.entries() if entry.sha256 == key)
        assert filling.hashlib.sha256(filling.Path(path).read_bytes()).hexdigest() == key
    assert len(filling.sample_keys(archive.path, 5)) == 5


def test_what_has_a_reading_is_parsed_again_where_a_person_mends_it(filled):
    archive, keys = filled
    document = archive.document_id(keys[0])  # the first: open or closed, it can be mended
    sheet = archive.desk.sheet(document)
    archive.desk.confirm(document, [ValueFact(pointer="/code_number", value="815")], "lan", sheet.revision)
    assert archive.dispatch(document).code_number == "815"
    assert archive.dispatch(document).source.sha256 == keys[0]
