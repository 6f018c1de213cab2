"""What a person says holds: at once, in all that follows from it, after another reading; and can be taken back."""

from datetime import date

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from vndoc.archive import Filters
from vndoc.archive.review import ConflictError
from vndoc.errors import MissingFileError
from vndoc.facts import EntryFact, ValueFact, WordFact

pytestmark = pytest.mark.slow  # the scans are read once


def confirm(archive, *facts, document=1, who="Lan"):
    revision = archive.desk.sheet(document).revision
    return archive.desk.confirm(document, facts, who, revision)


def shown(archive, document=1):
    return archive.desk.sheet(document).dispatch


def test_a_value_is_certain_and_keeps_its_place_and_candidates(scans):
    before = shown(scans).evidence["/code_number"]
    change = confirm(scans, ValueFact(pointer="/code_number", value="816"))
    after = shown(scans)
    evidence = after.evidence["/code_number"]
    assert (after.code_number, evidence.confidence, evidence.method) == ("816", 1.0, "human")
    assert (evidence.page, evidence.box, evidence.candidates) == (before.page, before.box, before.candidates)
    assert [(v.pointer, v.before, v.after) for v in change.values] == [("/code_number", "815", "816")]
    assert (change.who, change.kind, change.revision) == ("Lan", "confirm", 2)
    assert [hit.code for hit in scans.search("816/UBND")] == ["816/UBND"]
    assert [row.code for row in scans.register(Filters(type_name="công văn"))] == ["816/UBND"]


def test_the_first_deadline_follows_its_tasks(scans):
    assert shown(scans, 2).due_date == date(2024, 9, 20)
    confirm(scans, EntryFact(pointer="/tasks", after={"text": "Báo cáo", "due_date": "2024-01-02"}), document=2)
    assert shown(scans, 2).due_date == date(2024, 1, 2)
    confirm(scans, ValueFact(pointer="/due_date", value="2024-09-30"), document=2)
    assert shown(scans, 2).due_date == date(2024, 9, 30)
    assert next(row.document_id for row in scans.queue(today=date(2024, 9, 15))) == 2
    assert next(duty.text for duty in scans.tasks()) == "Báo cáo"


def test_what_nobody_can_read_is_settled(scans):
    confirm(scans, ValueFact(pointer="/code_number", value=None, unreadable=True))
    sheet = scans.desk.sheet(1)
    assert sheet.dispatch.code_number is None
    assert sheet.dispatch.evidence["/code_number"].method == "unreadable"
    assert "/code_number" not in {doubt.pointer for doubt in sheet.doubts}
    assert "number-unsure" not in {notice.code for notice in sheet.dispatch.warnings}


def test_a_mended_word_changes_what_is_read_from_it(scans):
    sheet = scans.desk.sheet(1)
    word = next(word for word in sheet.pages[0].words if word.text == "triển")
    change = confirm(scans, WordFact(page=1, box=word.box, before="triển", after="phát triển"))
    assert shown(scans).subject.startswith("phát triển khai thực hiện Kế hoạch")
    assert (change.values[0].before, change.values[0].after) == ("triển", "phát triển")
    two = [w for w in scans.desk.sheet(1).pages[0].words if w.human]
    assert [w.text for w in two] == ["phát", "triển"]
    assert word.box[0] == two[0].box[0] < two[0].box[2] < two[1].box[0] < two[1].box[2] == word.box[2]
    scans.desk.undo(change.id, "Lan")
    assert shown(scans).subject.startswith("triển khai")


def test_all_holds_after_another_reading(scans, read_again):
    sheet = scans.desk.sheet(1)
    word = next(word for word in sheet.pages[0].words if word.text == "triển")
    confirm(
        scans,
        ValueFact(pointer="/issued_date", value="2024-03-22"),
        WordFact(page=1, box=word.box, before="triển", after="Triển"),
        EntryFact(pointer="/recipients", after="Sở Nội vụ", at=0),
        EntryFact(pointer="/recipients", before="Công an huyện"),
    )
    before = shown(scans)
    assert read_again(scans) == 2
    assert shown(scans) == before
    assert before.recipients == ["Sở Nội vụ", "Các phòng, ban thuộc huyện", "UBND các xã, thị trấn"]
    assert before.evidence["/recipients/0"].method == "human"
    assert before.evidence["/recipients/1"].method != "human"


def test_a_second_person_is_told_and_nothing_is_overwritten(scans):
    seen = scans.desk.sheet(1).revision
    scans.desk.confirm(1, [ValueFact(pointer="/code_number", value="816")], "Lan", seen)
    with pytest.raises(ConflictError) as conflict:
        scans.desk.confirm(1, [ValueFact(pointer="/code_number", value="817")], "Minh", seen)
    assert (conflict.value.who, conflict.value.revision) == ("Lan", seen + 1)
    for step in (scans.desk.close, scans.desk.reopen):
        with pytest.raises(ConflictError):
            step(1, "Minh", seen)
    with pytest.raises(ConflictError):
        scans.desk.recut(1, [1, 2], "Minh", seen)
    assert shown(scans).code_number == "816"
    assert [change.who for change in scans.desk.changes()] == ["Lan"]


def test_another_reading_is_a_change_too(scans, read_again):
    seen = scans.desk.sheet(1).revision
    read_again(scans)
    with pytest.raises(ConflictError, match="reading it anew") as conflict:
        scans.desk.confirm(1, [ValueFact(pointer="/code_number", value="816")], "Minh", seen)
    assert conflict.value.who is None


def test_undoing_gives_back_what_was_and_can_be_undone(scans):
    read = shown(scans)
    first = confirm(scans, ValueFact(pointer="/code_number", value="816"))
    second = confirm(scans, ValueFact(pointer="/code_number", value="817"))
    with pytest.raises(ConflictError):
        scans.desk.undo(first.id, "Minh")
    undone = scans.desk.undo(second.id, "Minh")
    assert shown(scans).code_number == "816"
    with pytest.raises(ConflictError):
        scans.desk.undo(second.id, "Minh")
    scans.desk.undo(undone.id, "Minh")
    assert shown(scans).code_number == "817"
    scans.desk.undo(next(scans.desk.changes()).id, "Minh")
    scans.desk.undo(first.id, "Minh")
    assert shown(scans) == read
    assert [(c.kind, c.undoes) for c in scans.desk.changes()][:2] == [("undo", first.id), ("undo", undone.id + 1)]
    with pytest.raises(MissingFileError):
        scans.desk.undo(999, "Minh")


def test_closing(scans):
    closed = scans.desk.close(1, "Lan", scans.desk.sheet(1).revision)
    assert scans.desk.sheet(1).closed
    assert [row.document_id for row in scans.queue()] == [2]
    assert [(row.document_id, row.closed_by) for row in scans.queue(wanted="closed")] == [(1, "Lan")]
    assert scans.queue_counts(since="2000-01-01").closed_today_by == {"Lan": 1}
    scans.desk.undo(closed.id, "Lan")
    assert {row.document_id for row in scans.queue()} == {1, 2}
    scans.desk.reopen(1, "Lan", scans.desk.sheet(1).revision)
    assert [change.kind for change in scans.desk.changes(1)] == ["reopen", "reopen", "close"]


def test_cited_documents_added_changed_removed(scans):
    before = shown(scans)
    first = before.references[0].model_dump(mode="json")
    pointing = [p.document for p in before.provisions] + [m.relation_of for r in before.references for m in r.mentions]
    confirm(scans, EntryFact(pointer="/references", after={"notation": "1/KH-UBND", "type_name": "Kế hoạch"}, at=0))
    assert [r.notation for r in shown(scans).references[:2]] == ["1/KH-UBND", first["notation"]]
    assert shown(scans).evidence["/references/1"] == before.evidence["/references/0"]
    confirm(scans, EntryFact(pointer="/references", before=first, after=first | {"organ_name": "Tỉnh ủy"}))
    assert shown(scans).references[1].organ_name == "Tỉnh ủy"
    confirm(scans, EntryFact(pointer="/references", before=shown(scans).references[1].model_dump(mode="json")))
    notations = [r.notation for r in shown(scans).references]
    assert notations == ["1/KH-UBND", *(r.notation for r in before.references[1:])]
    after = shown(scans)
    now = [p.document for p in after.provisions] + [m.relation_of for r in after.references for m in r.mentions]
    assert {p for p in now if p} <= {f"/references/{i}" for i in range(len(notations))} | set(pointing) | {""}
    assert [link.notation for link in scans.cites("1/KH-UBND").cited_by] == ["815/UBND"]


def test_acts_cited_by_name_too(scans):
    confirm(
        scans, EntryFact(pointer="/named_references", after={"type_name": "Luật", "title": "Đất đai", "year": 2024})
    )
    added = shown(scans).named_references[-1]
    assert (added.type_name, added.title, added.year, added.mentions) == ("Luật", "Đất đai", 2024, [])
    confirm(scans, EntryFact(pointer="/named_references", before=added.model_dump(mode="json")))
    assert shown(scans).named_references == []


def test_an_added_entry_is_changed_and_removed_again(scans):
    read = shown(scans)
    confirm(scans, EntryFact(pointer="/to_places", after="Sở Nội vụ", at=1))
    confirm(scans, EntryFact(pointer="/to_places", before="Sở Nội vụ", after="Sở Y tế"))
    assert shown(scans).to_places[1] == "Sở Y tế"
    confirm(scans, EntryFact(pointer="/to_places", before="Sở Y tế"))
    assert shown(scans) == read
    assert scans.desk.sheet(1).facts == ()


def test_sections_are_changed_too(scans):
    section = shown(scans).sections[0].model_dump(mode="json")
    confirm(scans, EntryFact(pointer="/sections", before=section, after=section | {"title": "Trung tâm"}))
    assert shown(scans).sections[0].title == "Trung tâm"
    confirm(scans, EntryFact(pointer="/sections", after={"label": "99", "text": "Thêm"}))
    assert (shown(scans).sections[-1].label, shown(scans).sections[-1].style) == ("99", "khoan")


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: ValueFact(pointer="/issued_date", value="2024-02-31"),
        lambda: ValueFact(pointer="/urgency", value="gấp"),
        lambda: ValueFact(pointer="/code_number", value=""),
        lambda: ValueFact(pointer="/code_number", value="8", unreadable=True),
        lambda: ValueFact(pointer="/code_number", value="8\x00"),
        lambda: ValueFact(pointer="/code_number", value="\ud800"),
        lambda: ValueFact(pointer="/text", value="x"),
        lambda: EntryFact(pointer="/recipients"),
        lambda: EntryFact(pointer="/recipients", after={"notation": "1"}),
        lambda: EntryFact(pointer="/evidence", after="x"),
    ],
)
def test_what_no_document_has_is_refused(wrong):
    with pytest.raises(ValueError, match=r".+"):
        wrong()


def test_a_section_that_is_not_there_has_no_entries(scans):
    with pytest.raises(ValueError, match="the document has no /sections/99/children"):
        confirm(scans, EntryFact(pointer="/sections/99/children", after={"label": "a"}))


def test_an_entry_that_is_none_changes_nothing(scans):
    read = shown(scans)
    with pytest.raises(ValidationError):
        confirm(
            scans, ValueFact(pointer="/code_number", value="9"), EntryFact(pointer="/tasks", after={"due_date": "x"})
        )
    assert shown(scans) == read
    assert list(scans.desk.changes()) == []


values = st.builds(
    lambda pointer, value: ValueFact(pointer=pointer, value=value),
    st.sampled_from(["/code_number", "/place", "/subject", "/organ_name", "/signer/full_name"]),
    st.none() | st.text("abcđ ơ", min_size=1, max_size=8).map(str.strip).filter(bool),
)
entries = st.builds(
    lambda pointer, i, after: (pointer, i, after),
    st.sampled_from(["/recipients", "/to_places"]),
    st.integers(-1, 4),
    st.none() | st.text("abcđ ơ", min_size=1, max_size=8).map(str.strip).filter(bool),
)


@example([("/recipients", -1, "đ"), ("/recipients", 0, "đ"), ("/recipients", 0, None)])
@given(st.lists(values | entries, min_size=1, max_size=6))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_said_undoing_all_of_it_gives_back_what_was_read(filled, steps):
    """Every change, from the last to the first, whatever it was."""
    document = next(filled.entries()).document_id
    read, made = shown(filled, document), []
    for step in steps:
        fact = step
        if isinstance(step, tuple):
            pointer, i, after = step
            now = getattr(shown(filled, document), pointer[1:])
            before = now[i] if 0 <= i < len(now) else None
            if before is None and after is None:
                continue
            fact = EntryFact(pointer=pointer, before=before, after=after)
        made.append(confirm(filled, fact, document=document))
    for change in reversed(made):
        filled.desk.undo(change.id, "Minh")
    assert shown(filled, document) == read
    assert filled.desk.sheet(document).facts == ()
