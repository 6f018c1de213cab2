"""An archive of the version before, with its results, is brought up to this one and can be worked with."""

import json
import sqlite3
from datetime import date
from importlib import resources

import pytest

from tests.archive.conftest import DISPATCHES, HereAndNow, dispatch_for
from vndoc import Archive
from vndoc.archive import database
from vndoc.archive.jobs import Outcome
from vndoc.facts import ValueFact


@pytest.fixture
def old(tmp_path):
    """An archive as vndoc 0.1 wrote it: version 2, three documents, one of them failed."""
    path = tmp_path / "old.sqlite"
    db = sqlite3.connect(path, isolation_level=None)
    for script in ("schema", "upgrade-2"):
        db.executescript(resources.files("vndoc.archive").joinpath(f"data/{script}.sql").read_text(encoding="utf-8"))
    db.executescript(f"PRAGMA application_id = {database.APPLICATION_ID}; PRAGMA user_version = 2;")
    db.execute("INSERT INTO pipeline VALUES ('f', '{}', '2025-01-01')")
    for number, name in enumerate(DISPATCHES, 1):
        dispatch = dispatch_for(name, f"{number:064x}")
        db.execute(
            """INSERT INTO document (sha256, state, fingerprint, page_amount, queued_at, finished_at)
               VALUES (?, 'done', 'f', 1, '2025-01-01', '2025-01-02')""",
            (dispatch.source.sha256,),
        )
        db.execute("INSERT INTO file VALUES (?, 'file', NULL, 1, 1, ?)", (str(tmp_path / name), number))
        db.execute(
            """INSERT INTO dispatch (document_id, fingerprint, code_number, code_notation, type_name, organ_name,
               due_date, page_amount, organ_folded, json) VALUES (?, 'f', ?, ?, ?, ?, ?, 1, '', ?)""",
            (
                number,
                dispatch.code_number,
                dispatch.code_notation,
                dispatch.type_name,
                dispatch.organ_name,
                str(dispatch.due_date) if dispatch.due_date else None,
                dispatch.model_dump_json(),
            ),
        )
        for pointer, evidence in dispatch.evidence.items():
            if evidence.confidence < 0.5:
                db.execute("INSERT INTO doubt VALUES (?, ?)", (number, pointer))
    db.execute(
        "INSERT INTO document (sha256, state, category, queued_at) VALUES ('x', 'failed', 'format', '2025-01-01')"
    )
    db.close()
    return path


def test_nothing_is_lost(old, tmp_path):
    with Archive(old) as archive:
        assert archive.counts() == {"queued": 0, "running": 0, "done": 3, "failed": 1}
        assert [entry.sha256[-1] for entry in archive.entries()] == ["1", "2", "3", "x"]
        assert archive.dispatch(1).model_dump_json() == dispatch_for("a.txt", f"{1:064x}").model_dump_json()
        assert {row.code: row.doubts for row in archive.queue()} == {"254-KH/TU": 0, "815/UBND": 1, None: 1}
        assert archive.queue_counts(date(2024, 11, 1)).due_soon == 1
        assert archive.completions("/organ_name", "tinh uy") == ["Tỉnh ủy Quảng Bình"]
        assert archive.pages(1) == ()
    with Archive(old) as archive, Archive(tmp_path / "new.sqlite") as new:
        upgraded, made = (
            {row["name"]: row["sql"] for row in db.execute("SELECT name, sql FROM sqlite_master")}
            for db in (archive._db, new._db)
        )
        assert upgraded == made
        assert list(archive._db.execute("PRAGMA foreign_key_check")) == []
        assert archive._db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_what_was_read_before_can_be_confirmed_and_taken_back(old):
    with Archive(old) as archive:
        read = archive.dispatch(2)
        change = archive.desk.confirm(2, [ValueFact(pointer="/issued_date", value="2024-03-21")], "Lan", 0)
        assert archive.dispatch(2).issued_date == date(2024, 3, 21)
        assert archive.desk.sheet(2).doubts == ()
        archive.desk.undo(change.id, "Lan")
        assert archive.dispatch(2) == read


def test_a_reading_anew_keeps_what_was_confirmed(old, tmp_path):
    for name in DISPATCHES:
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / name).write_text(name, encoding="utf-8")

    def work(job):
        return Outcome(job, dispatch_for(job.path.rpartition("/")[2], job.sha256).model_dump_json())

    with Archive(old) as archive:
        archive.batch([tmp_path / "in"], executor=HereAndNow(work))
        document = next(row.document_id for row in archive.queue() if row.code == "815/UBND" and row.document_id > 4)
        archive.desk.confirm(document, [ValueFact(pointer="/issued_date", value="2024-03-27")], "Lan", 1)
        archive.batch([tmp_path / "in"], executor=HereAndNow(work), refresh="all")
        assert archive.dispatch(document).issued_date == date(2024, 3, 27)
        assert json.loads(archive._db.execute("SELECT json FROM reading").fetchone()["json"])["issued_date"] is None
