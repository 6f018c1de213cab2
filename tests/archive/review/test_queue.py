"""What waits for a person, in which order; fields beside each other; what is offered while one types."""

from dataclasses import replace
from datetime import date

import pytest

from tests.archive.conftest import HereAndNow
from vndoc.archive import Archive, Filters
from vndoc.archive.jobs import Outcome
from vndoc.dispatch import Dispatch, Evidence, Notice, Source
from vndoc.facts import ValueFact

TODAY = date(2026, 11, 30)
DUE = [None, "2026-12-05", "2026-12-01", "2020-01-01", "2026-12-01", "2027-06-01", "2026-11-20"]
DOUBTS = [2, 0, 1, 3, 2, 0, 0]
FIELDS = ("/code_number", "/issued_date", "/subject")


@pytest.fixture
def waiting(tmp_path):
    """Seven documents, named by their numbers, with these days and doubts."""
    folder = tmp_path / "in"
    folder.mkdir()
    for k in range(len(DUE)):
        (folder / f"{k}.txt").write_text(str(k), encoding="utf-8")

    def work(job):
        k = int(job.path[-5])
        evidence = {
            pointer: Evidence(confidence=0.4, page=1, box=(1, 2, 3, 4), candidates=[("7", 0.4)], method="handwriting")
            for pointer in FIELDS[: DOUBTS[k]]
        }
        source = Source(name=f"{k}.txt", sha256=job.sha256, media_type="text/plain", page_amount=1)
        return Outcome(
            job,
            Dispatch(
                source=source,
                code_notation=f"{k}/CV-SYT",
                due_date=DUE[k],
                evidence=evidence,
                type_name="Công văn" if k % 2 else "Kế hoạch",
                urgency="Khẩn" if k == 3 else None,
            ).model_dump_json(),
        )

    with Archive(tmp_path / "a.sqlite") as archive:
        archive.batch([folder], executor=HereAndNow(work))
        yield archive


def names(rows):
    return [row.name[0] for row in rows]


def test_first_what_is_due_soon_then_what_is_most_in_doubt(waiting):
    assert names(waiting.queue(today=TODAY)) == ["6", "4", "2", "1", "3", "0", "5"]
    assert names(waiting.queue(Filters(type_name="công văn"), today=TODAY)) == ["1", "3", "5"]
    assert names(waiting.queue(Filters(due_before=date(2026, 11, 30)), today=TODAY)) == ["6", "3"]
    counts = waiting.queue_counts(TODAY)
    assert (counts.open, counts.doubtful, counts.closed, counts.overdue, counts.due_soon) == (7, 4, 0, 2, 3)


@pytest.mark.parametrize("size", [1, 2, 3, 6])
def test_page_by_page_it_is_the_same(waiting, size):
    waiting.desk.close(3, "Lan", 1)
    waiting.desk.close(4, "Lan", 1)
    for wanted in ("open", "closed", "all"):
        whole = names(waiting.queue(wanted=wanted, today=TODAY))
        found, after = [], None
        while page := waiting.queue(wanted=wanted, after=after, limit=size, today=TODAY):
            found, after = found + names(page), page[-1].cursor
        assert found == whole


@pytest.mark.parametrize("cursor", ["x", "soon", "soon~1", "rest~1~2~3", "closed~~", "~"])
def test_no_place_in_the_queue(waiting, cursor):
    if cursor in ("closed~~", "~"):
        waiting.queue(after=cursor, wanted="all")
    else:
        with pytest.raises(ValueError, match="no such place"):
            waiting.queue(after=cursor)


def test_a_settled_doubt_moves_the_document_back(waiting):
    document = next(row.document_id for row in waiting.queue(today=TODAY) if row.name == "3.txt")
    facts = [ValueFact(pointer=p, value=None) for p in FIELDS]
    waiting.desk.confirm(document, facts, "Lan", 1)
    assert names(waiting.queue(today=TODAY)) == ["6", "4", "2", "1", "0", "3", "5"]


def test_one_field_of_many_documents(waiting):
    items = waiting.grid("/issued_date")
    assert [(item.value, item.confidence, item.box, item.revision) for item in items] == [
        ("7", 0.4, (1, 2, 3, 4), 1)
    ] * 3
    assert [item.document_id for item in waiting.grid("/issued_date", 2)] == [i.document_id for i in items[:2]]
    assert waiting.grid("/issued_date", after=items[1].document_id) == items[2:]
    waiting.desk.confirm(items[0].document_id, [ValueFact(pointer="/issued_date", value="2024-01-02")], "Lan", 1)
    assert waiting.grid("/issued_date") == items[1:]
    waiting.desk.close(items[1].document_id, "Lan", 1)
    assert waiting.grid("/issued_date") == items[2:]


def test_nothing_found_where_something_must_be_is_a_doubt(tmp_path):
    source = Source(name="a", sha256="0" * 64, media_type="text/plain", page_amount=1)
    notices = [Notice(code="number-missing", pointer="/code_number", message=""), Notice(code="draft", message="")]
    from vndoc.archive.review.sheet import doubts_of  # noqa: PLC0415

    evidence = {"/subject": Evidence(confidence=0.7, method="rule"), "/place": Evidence(confidence=0.9, method="rule")}
    evidence |= {"/tasks/0": Evidence(confidence=0.6, method="rule"), "/recipients/0": evidence["/subject"]}
    found = doubts_of(Dispatch(source=source, warnings=notices, evidence=evidence))
    assert [(doubt.pointer, doubt.label) for doubt in found] == [
        ("/code_number", "Số"),
        ("/subject", "Trích yếu"),
        ("/recipients/0", "Kính gửi"),
    ]


def test_values_are_offered_while_one_types(filled):
    assert filled.completions("/organ_name", "ủy ban") == []  # no evidence says that they were read surely
    for document, name in ((1, "Ủy ban nhân dân xã Đại Đồng"), (2, "Ủy ban nhân dân huyện Bình Sơn")):
        filled.desk.confirm(document, [ValueFact(pointer="/organ_name", value=name)], "Lan", 1)
    assert filled.completions("/organ_name", "uy ban") == [
        "Ủy ban nhân dân xã Đại Đồng",
        "Ủy ban nhân dân huyện Bình Sơn",
    ]
    assert filled.completions("/organ_name", "Binh s") == ["Ủy ban nhân dân huyện Bình Sơn"]
    assert filled.completions("/organ_name", "%") == filled.completions("/place", "uy") == []
    assert len(filled.completions("/organ_name", "u", limit=1)) == 1


def test_a_row_has_what_a_clerk_knows_it_by(filled):
    row = next(row for row in filled.queue() if row.code == "254-KH/TU")
    assert (row.type_name, row.issued_date, row.due_date) == ("Kế hoạch", date(2024, 1, 19), date(2024, 11, 5))
    assert filled.document_id(row.key) == row.document_id
    assert filled.key(row.document_id) == row.key
    assert replace(row, cursor="") != row
