"""What a check finds, what vacuum gives back, and both as commands."""

import json
from contextlib import closing

import pytest

from tests.archive.care.test_salvage import copied, corrected, damage, pages_of, settled
from tests.archive.conftest import DISPATCHES
from tests.cli.conftest import one_line, run
from vndoc import Archive
from vndoc.archive.care import check, vacuum
from vndoc.archive.care.vacuum import room
from vndoc.archive.database import blank
from vndoc.archive.runner import BusyError, alone
from vndoc.errors import FormatError, MachineError, MissingFileError

__all__ = ["corrected"]

WRONG = {
    "DELETE FROM dispatch WHERE document_id = 1": "state",
    "UPDATE dispatch SET json = '{}' WHERE document_id = 1": "dispatch",
    "UPDATE dispatch SET subject = 'khác' WHERE document_id = 1": "columns",
    "DELETE FROM task WHERE document_id = 1": "columns",
    "DELETE FROM review WHERE document_id = 1": "state",
    "INSERT INTO reading (document_id, pages) VALUES (3, x'00')": "reading",
    "UPDATE fact SET json = '{}' WHERE document_id = 1": "fact",
    "UPDATE change SET facts = 'x' WHERE id = 1": "audit",
    "UPDATE change SET \"values\" = '[{}]' WHERE id = 1": "audit",
    "INSERT INTO words (words) VALUES ('delete-all')": "index",
    "UPDATE document SET bundle_id = 2, first_page = 1, last_page = 9, sha256 = NULL WHERE id = 1": "parts",
    "PRAGMA foreign_keys = OFF; DELETE FROM document WHERE id = 1": "reference",
}


@pytest.mark.parametrize("wrong", WRONG)
def test_each_promise_that_is_broken_is_found(corrected, wrong):
    assert check(corrected.path).whole
    corrected._db.executescript(wrong)
    report = check(corrected.path)
    kinds = {finding.kind for finding in report.findings}
    assert WRONG[wrong] in kinds, report
    text = run("archive", "check", corrected.path)
    assert text.exit_code == 6
    assert not any(values["subject"] in text.stdout + text.stderr for values in DISPATCHES.values())


def test_a_check_writes_nothing_and_a_batch_may_be_at_work(corrected):
    corrected._db.execute("BEGIN IMMEDIATE")
    before = corrected.path.read_bytes()
    result = run("archive", "check", corrected.path)
    assert result.exit_code == 0
    assert "3 documents, 3 results, whole" in result.stderr
    assert corrected.path.read_bytes() == before
    corrected._db.execute("ROLLBACK")
    assert json.loads(run("archive", "check", corrected.path, "--quick", "--json").stdout)["whole"] is True


def test_damage_is_told_by_documents(corrected, tmp_path):
    copy = tmp_path / "damaged.sqlite"
    copy.write_bytes(settled(corrected))
    damage(copy, copy.read_bytes(), [page for page in pages_of(copy, "dispatch") if page > 0][1:2] or [4])
    result = run("archive", "check", copy)
    assert result.exit_code == 6
    found = json.loads(run("archive", "check", copy, "--json").stdout)
    assert found["whole"] is False
    assert found["findings"]


def test_files_that_are_none(tmp_path, corrected):
    (tmp_path / "letter.txt").write_text("Công văn")
    with pytest.raises(FormatError, match="no archive"):
        check(tmp_path / "letter.txt")
    assert run("archive", "check", tmp_path / "none.sqlite").exit_code == 4
    copy = tmp_path / "short.sqlite"
    copy.write_bytes(settled(corrected)[:3000])
    assert "file" in run("archive", "check", copy).stdout
    copy.write_bytes(b"")
    assert "empty" in run("archive", "check", copy).stdout


@pytest.mark.parametrize("version", [1, 2, 3])
def test_an_older_archive_is_checked_as_it_is(tmp_path, version):
    blank(tmp_path / "old.sqlite", version).close()
    assert check(tmp_path / "old.sqlite").whole
    with closing(blank(tmp_path / "old2.sqlite", version)) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(FormatError, match="newer vndoc"):
        check(tmp_path / "old2.sqlite")


def test_vacuum_gives_space_back_and_words_of_old_results_go(corrected):
    for value in range(20, 60):
        from vndoc.facts import ValueFact  # noqa: PLC0415

        fact = ValueFact(pointer="/subject", value=f"trích yếu {value} " + "dài " * 400)
        corrected.desk.confirm(1, [fact], "Lan", corrected.desk.sheet(1).revision)
    hits = [hit.document_id for hit in corrected.search("doi ngoai")]
    (words,) = corrected._db.execute("SELECT count(*) FROM words").fetchone()
    done = vacuum(corrected.path)
    assert done.after < done.before
    assert words > 40
    assert corrected._db.execute("SELECT count(*) FROM words").fetchone()[0] == 3
    assert [hit.document_id for hit in corrected.search("doi ngoai")] == hits
    assert check(corrected.path).whole


def test_vacuum_asks_for_room_first(corrected, monkeypatch):
    asked = room(corrected.path)
    assert asked.needed == 2 * asked.archive
    shown = run("archive", "vacuum", corrected.path, "--dry-run")
    assert (shown.exit_code, shown.stdout) == (0, "")
    assert "MB are free" in shown.stderr
    usage = type("Usage", (), {"free": asked.archive})
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage)
    with pytest.raises(MachineError, match="make room or set TMPDIR"):
        vacuum(corrected.path)
    assert run("archive", "vacuum", corrected.path).exit_code == 10


def test_vacuum_waits_for_nobody_and_hides_no_damage(corrected, tmp_path):
    with alone(corrected.path), pytest.raises(BusyError):
        vacuum(corrected.path)
    with pytest.raises(MissingFileError):
        vacuum(tmp_path / "none.sqlite")
    copy = tmp_path / "damaged.sqlite"
    copy.write_bytes(settled(corrected))
    damage(copy, copy.read_bytes(), pages_of(copy, "task"))
    with pytest.raises(FormatError, match="damaged"):
        vacuum(copy)


def test_commands(corrected, tmp_path):
    new = tmp_path / "new.sqlite"
    old = copied(corrected, tmp_path)
    saved = run("archive", "salvage", old, new)
    assert saved.exit_code == 0
    assert "3 documents, 3 results" in saved.stdout
    assert "is there already" in one_line(run("archive", "salvage", old, new))
    assert run("archive", "vacuum", new).exit_code == 0
    out = run("archive", "export", new, tmp_path / "out.zip")
    assert "3 documents, 3 results, 2 facts of people, 4 changes" in out.stdout
    again = run("archive", "import", new, tmp_path / "out.zip")
    assert "0 documents added, 0 replaced, 3 kept" in again.stdout
    found = json.loads(run("archive", "import", tmp_path / "third.sqlite", tmp_path / "out.zip", "--json").stdout)
    assert found == {"added": 3, "replaced": 0, "kept": 0, "changes": 4}
    with Archive(tmp_path / "third.sqlite") as third:
        assert third.counts()["done"] == 3
    damaged = tmp_path / "damaged.sqlite"
    damaged.write_bytes(settled(corrected))
    damage(damaged, damaged.read_bytes(), [*pages_of(damaged, "dispatch"), *pages_of(damaged, "file")])
    result = run("archive", "salvage", damaged, tmp_path / "saved.sqlite")
    assert result.exit_code == 9
    assert "lost: " in result.stdout
    result = json.loads(run("archive", "salvage", damaged, tmp_path / "saved2.sqlite", "--json").stdout)
    assert result["lost"]
