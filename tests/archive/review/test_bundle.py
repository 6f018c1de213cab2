"""A file cut into its documents and joined again: nothing counted twice, nothing that was said lost."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vndoc.archive.review.bundle import parts_of
from vndoc.errors import InputError, MissingFileError
from vndoc.facts import EntryFact, ValueFact, WordFact

pytestmark = pytest.mark.slow  # the scans are read once


def recut(archive, starts, document=1):
    return archive.desk.recut(document, starts, "Lan", archive.desk.sheet(document).revision)


def keys(archive):
    return sorted(row.key.partition(".")[2] for row in archive.queue() if row.name == "cv815.pdf")


def word(archive, document, page):
    sheet = archive.desk.sheet(document)
    return next(w for view in sheet.pages if view.number == page for w in view.words if len(w.text) > 4)


def test_a_file_of_two_documents(scans, read_again):
    whole = scans.key(1)
    before = scans.stats()
    change = recut(scans, [1, 3])
    assert (change.kind, change.before, change.after) == ("recut", [1], [1, 3])
    assert keys(scans) == ["1", "3"]
    first, second = scans.document_id(f"{whole}.1"), scans.document_id(f"{whole}.3")
    sheet = scans.desk.sheet(first)
    assert [(part.first_page, part.last_page) for part in sheet.parts] == [(1, 2), (3, 3)]
    assert (sheet.dispatch.code_number, sheet.dispatch.source.page_amount, sheet.state) == ("815", 2, "queued")
    assert [view.number for view in scans.desk.sheet(second).pages] == [3]
    with pytest.raises(MissingFileError):
        scans.desk.sheet(1)
    assert scans.counts() == {"queued": 2, "running": 0, "done": 1, "failed": 0}
    after = scans.stats()
    assert (after.pages, after.files, sum(after.by_type.values())) == (before.pages, before.files, 3)
    assert [row.path for row in scans.register()].count(scans.search("815/UBND").__next__().path) == 2
    assert read_again(scans, None) == 2
    assert scans.counts() == {"queued": 0, "running": 0, "done": 3, "failed": 0}
    assert scans.desk.sheet(first).dispatch.source.page_amount == 2
    assert scans.desk.sheet(second).dispatch.pages[0].number == 3
    assert scans.stats().pages == before.pages
    assert read_again(scans) == 3


def test_what_was_said_stays_with_its_page(scans, read_again):
    whole = scans.key(1)
    box = word(scans, 1, 3)
    facts = [
        ValueFact(pointer="/code_number", value="816"),
        WordFact(page=3, box=box.box, before=box.text, after="Mới"),
    ]
    scans.desk.confirm(1, facts, "Lan", scans.desk.sheet(1).revision)
    recut(scans, [1, 2])
    first, second = (scans.document_id(f"{whole}.{page}") for page in (1, 2))
    assert scans.desk.sheet(first).dispatch.code_number == "816"
    assert "Mới" in scans.desk.sheet(second).dispatch.text
    said = ValueFact(pointer="/subject", value="phụ lục")
    scans.desk.confirm(second, [said], "Lan", scans.desk.sheet(second).revision)
    moved = recut(scans, [1, 3], first)
    third = scans.document_id(f"{whole}.3")
    assert "Mới" in scans.desk.sheet(third).dispatch.text
    assert scans.desk.sheet(third).dispatch.subject != "phụ lục"
    assert [step.before for step in moved.facts] == [said]
    scans.desk.undo(moved.id, "Minh")
    assert scans.desk.sheet(scans.document_id(f"{whole}.2")).dispatch.subject == "phụ lục"
    joined = recut(scans, [1], scans.document_id(f"{whole}.1"))
    sheet = scans.desk.sheet(1)
    assert (sheet.dispatch.code_number, sheet.dispatch.source.page_amount) == ("816", 3)
    assert "Mới" in sheet.dispatch.text
    assert {change.kind for change in scans.desk.changes(1)} == {"confirm", "recut"}
    scans.desk.undo(joined.id, "Minh")
    assert scans.desk.sheet(scans.document_id(f"{whole}.2")).dispatch.subject == "phụ lục"
    read_again(scans, None)
    assert scans.desk.sheet(scans.document_id(f"{whole}.2")).dispatch.subject == "phụ lục"


@pytest.mark.parametrize("starts", [[], [2], [1, 4], [0, 1], [1]])
def test_pages_that_begin_no_document(scans, starts):
    with pytest.raises(ValueError, match=r"documents begin on pages from 1 to 3|cut like this already"):
        recut(scans, starts)
    assert [part.first_page for part in scans.desk.sheet(1).parts] == [1]


def test_a_file_that_is_being_read_is_not_cut(scans):
    scans._db.execute("UPDATE document SET state = 'running' WHERE id = 1")
    with pytest.raises(InputError, match="being read"):
        recut(scans, [1, 2])


@given(st.lists(st.sets(st.integers(2, 3)), min_size=1, max_size=4))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_however_it_is_cut_each_page_is_in_one_document_and_undoing_gives_back(scans, cuts):
    whole = 1
    texts = {p.number: p.text for p in scans.desk.sheet(whole).dispatch.pages}
    note = EntryFact(pointer="/recipients", after="Sở Nội vụ", at=0)
    said = scans.desk.confirm(whole, [note], "Lan", scans.desk.sheet(whole).revision)
    made = []
    for cut in cuts:
        own = parts_of(scans._db, whole)
        starts = sorted({1} | cut)
        if [part.first_page for part in own] == starts:
            continue
        made.append(recut(scans, starts, own[0].document_id))
        sheets = [scans.desk.sheet(part.document_id) for part in parts_of(scans._db, whole)]
        assert {p.number: p.text for sheet in sheets for p in sheet.dispatch.pages} == texts
        assert [sheet.dispatch.recipients[0] for sheet in sheets[:1]] == ["Sở Nội vụ"]
    for change in reversed(made):
        scans.desk.undo(change.id, "Minh")
    assert [part.document_id for part in parts_of(scans._db, whole)] == [whole]
    scans.desk.undo(said.id, "Minh")
    assert scans.desk.sheet(whole).facts == ()
