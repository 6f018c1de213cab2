"""What is saved of a damaged archive: of a whole one all, of a damaged one every row that no damage touched."""

import json
import os
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.archive.conftest import DISPATCHES, HereAndNow, ledger_rows, results
from vndoc import Archive
from vndoc.archive.care.check import check
from vndoc.archive.care.pages import PageFile
from vndoc.archive.care.salvage import salvage
from vndoc.archive.database import blank
from vndoc.errors import FormatError, MachineError, MissingFileError
from vndoc.facts import ValueFact


@pytest.fixture
def corrected(filled):
    """An archive with what people have said of two documents, one of them closed; all of it in the file itself."""
    for number, value in ((1, "9"), (2, "10"), (1, "11")):
        revision = filled.desk.sheet(number).revision
        filled.desk.confirm(number, [ValueFact(pointer="/code_number", value=value)], "Lan", revision)
    filled.desk.close(2, "Minh", filled.desk.sheet(2).revision)
    return filled


def settled(archive):
    """The bytes of the file, its log written into it."""
    archive._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return archive.path.read_bytes()


def copied(archive, folder):
    """A copy of the files of an archive that is open here, its log too: what is open must not be salvaged."""
    for part in ("", "-wal"):
        (folder / f"copy.sqlite{part}").write_bytes(Path(f"{archive.path}{part}").read_bytes())
    return folder / "copy.sqlite"


def _plain(row):
    """The values of a row, JSON loaded: it may be spelt in two ways."""
    return [json.loads(v) if isinstance(v, str) and v[:1] in ("[", "{") else v for v in row]


def content(archive):
    db = archive._db
    tables = ("change", "fact", "file", "left_out", "pipeline", "task", "citation", "doubt")
    rows = {name: [_plain(row) for row in db.execute(f"SELECT * FROM {name} ORDER BY 1, 2")] for name in tables}
    rows["review"] = [tuple(row) for row in db.execute("SELECT document_id, closed_at, closed_by FROM review")]
    rows["document"] = [tuple(row) for row in db.execute("SELECT id, sha256, state, attempts FROM document")]
    return rows


def test_all_of_a_whole_archive(corrected, tmp_path):
    report = salvage(copied(corrected, tmp_path), tmp_path / "new.sqlite")
    assert (report.broken_pages, report.lost_rows, report.lost, report.again) == (0, 0, (), ())
    assert check(report.path).whole
    with Archive(report.path, create=False) as new:
        assert content(new) == content(corrected)
        assert results(new) == results(corrected)
        assert [hit.code for hit in new.search("thong tin doi ngoai")] == [
            hit.code for hit in corrected.search("thong tin doi ngoai")
        ]


def test_a_salvage_that_was_killed_leaves_nothing_under_the_name_and_is_begun_anew(corrected, tmp_path):
    def killed(table):
        assert not (tmp_path / "new.sqlite").exists()
        copy.mkdir(exist_ok=True)
        for path in tmp_path.glob("new.sqlite*"):
            (copy / path.name).write_bytes(path.read_bytes())

    copy = tmp_path / "killed"
    old = copied(corrected, tmp_path)
    salvage(old, tmp_path / "new.sqlite", killed)
    assert sorted(path.name for path in tmp_path.glob("new.sqlite*")) == ["new.sqlite"]
    assert "new.sqlite.part" in {path.name for path in copy.iterdir()}
    report = salvage(old, copy / "new.sqlite")
    assert [path.name for path in copy.iterdir()] == ["new.sqlite"]
    assert check(report.path).whole


@pytest.mark.parametrize("left", [0, 5000, 40_000])
def test_a_file_that_is_cut_while_it_is_read_costs_its_end_alone(corrected, tmp_path, left):
    """So does a disk that fails at a page: where the file is mapped, the process is ended (SIGBUS)."""
    path = tmp_path / "cut.sqlite"
    path.write_bytes(settled(corrected))
    with PageFile(path) as file:
        os.truncate(path, left)
        assert len(b"".join(file.page(number) for number in range(1, file.count + 1))) == left


def test_what_stands_only_in_the_log_is_saved_too(corrected, tmp_path):
    assert corrected.path.with_name("filled.sqlite-wal").stat().st_size > 0
    report = salvage(copied(corrected, tmp_path), tmp_path / "new.sqlite")
    assert report.saved["fact"] == 2


@pytest.mark.parametrize("version", [1, 2, 3])
def test_an_archive_of_an_older_vndoc(tmp_path, version):
    with closing(blank(tmp_path / "old.sqlite", version)) as db:
        db.execute("INSERT INTO document (sha256, state, queued_at) VALUES ('0a', 'queued', '2024')")
        db.execute("INSERT INTO file VALUES ('/a', 'file', NULL, 1, 1, 1)")
    report = salvage(tmp_path / "old.sqlite", tmp_path / "new.sqlite")
    assert report.again == ("/a",)
    with Archive(report.path, create=False) as new:
        assert new.counts()["queued"] == 1


def test_the_new_archive_is_never_written_over_another(corrected, tmp_path):
    (tmp_path / "new.sqlite").write_text("mine")
    with pytest.raises(MissingFileError, match="is there already"):
        salvage(copied(corrected, tmp_path), tmp_path / "new.sqlite")
    with pytest.raises(MissingFileError, match="no such archive"):
        salvage(tmp_path / "none.sqlite", tmp_path / "new2.sqlite")
    (tmp_path / "text").write_text("Công văn " * 5000)
    with pytest.raises(FormatError, match="nothing of an archive"):
        salvage(tmp_path / "text", tmp_path / "new3.sqlite")
    assert not (tmp_path / "new3.sqlite").exists()


def pages_of(path, table):
    """The pages of a table's tree, the root first."""
    from vndoc.archive.care.pages import PageFile  # noqa: PLC0415

    with PageFile(path) as file:
        roots = {row.values[1]: row.values[3] for row in file.rows(1)}
        file.visited.clear()
        list(file.rows(roots[table]))
        return sorted(file.visited, key=lambda page: page != roots[table])


def damage(path, data, pages, filling=b"\x07"):
    size = int.from_bytes(data[16:18])
    broken = bytearray(data)
    for page in pages:
        broken[(page - 1) * size : page * size] = filling * size
    path.write_bytes(broken)


@pytest.mark.parametrize("filling", [b"\x07", b"\0", b"A", b"\xff"])
def test_results_are_queued_where_their_table_is_lost(corrected, tmp_path, filling):
    copy = tmp_path / "damaged.sqlite"
    copy.write_bytes(settled(corrected))
    damage(copy, copy.read_bytes(), pages_of(copy, "dispatch"), filling)
    assert not check(copy).whole
    report = salvage(copy, tmp_path / "new.sqlite")
    assert report.broken_pages
    assert check(report.path).whole
    with Archive(report.path, create=False) as new:
        assert {path.rpartition("/")[2] for path in report.again} | {
            Path(entry.paths[0]).name for entry in new.entries("done")
        } == set(DISPATCHES)
        assert [change.id for change in new.desk.changes()] == [4, 3, 2, 1]
        new.batch([], executor=HereAndNow())
        assert new.counts()["done"] == 3
        assert new.dispatch(1).code_number == "11"


def test_what_people_said_is_said_again_from_the_audit(corrected, tmp_path):
    copy = tmp_path / "damaged.sqlite"
    copy.write_bytes(settled(corrected))
    damage(copy, copy.read_bytes(), pages_of(copy, "fact"))
    report = salvage(copy, tmp_path / "new.sqlite")
    with Archive(report.path, create=False) as new:
        assert (new.dispatch(1).code_number, new.dispatch(2).code_number) == ("11", "10")
        assert len(content(new)["fact"]) == 2
        assert content(new)["review"] == content(corrected)["review"]


def test_documents_are_known_again_by_their_results_and_by_their_files(corrected, tmp_path):
    copy = tmp_path / "damaged.sqlite"
    copy.write_bytes(settled(corrected))
    damage(copy, copy.read_bytes(), pages_of(copy, "document"))
    report = salvage(copy, tmp_path / "new.sqlite")
    with Archive(report.path, create=False) as new:
        assert [(e.document_id, e.sha256, e.state) for e in new.entries()] == [
            (e.document_id, e.sha256, "done") for e in corrected.entries()
        ]
    both = tmp_path / "both.sqlite"
    damage(both, copy.read_bytes(), [*pages_of(copy, "dispatch"), *pages_of(copy, "reading")])
    report = salvage(both, tmp_path / "new2.sqlite")
    with Archive(report.path, create=False) as new:
        assert {e.sha256 for e in new.entries("queued")} == {e.sha256 for e in corrected.entries()}
        assert len(report.again) == 3


def test_a_lost_list_of_tables_loses_no_row(corrected, tmp_path):
    copy = tmp_path / "damaged.sqlite"
    copy.write_bytes(settled(corrected))
    damage(copy, copy.read_bytes(), [1])
    report = salvage(copy, tmp_path / "new.sqlite")
    with Archive(report.path, create=False) as new:
        assert ledger_rows(new) == ledger_rows(corrected)
        assert results(new) == results(corrected)
        assert content(new)["change"] == content(corrected)["change"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(data=st.data())
def test_any_damage_gives_an_archive_that_is_whole_with_every_row_that_was_not_hit(corrected, tmp_path, data):
    whole = settled(corrected)
    copy, new = tmp_path / "damaged.sqlite", tmp_path / "new.sqlite"
    new.unlink(missing_ok=True)
    size = int.from_bytes(whole[16:18])
    broken = bytearray(whole)
    hit = set()
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(whole) - 1))
        length = data.draw(st.sampled_from([1, 16, 4096, 12_000]))
        filling = data.draw(st.binary(min_size=1, max_size=8))
        end = min(len(whole), start + length)
        broken[start:end] = (filling * length)[: end - start]
        hit |= set(range(start // size + 1, (end - 1) // size + 2))
    cut = data.draw(st.one_of(st.none(), st.integers(1, len(whole))))
    if cut:
        del broken[cut:]
        hit |= set(range(cut // size + 1, len(whole) // size + 2))
    copy.write_bytes(whole)
    untouched = {
        table for table in ("change", "dispatch", "fact") if not hit & _all_pages(copy, table) and 1 not in hit
    }
    copy.write_bytes(broken)
    try:
        report = salvage(copy, new)
    except FormatError:
        assert not untouched
        return
    assert check(new).whole, check(new)
    with Archive(new, create=False) as saved:
        if "change" in untouched:
            assert content(saved)["change"] == content(corrected)["change"]
            assert {tuple(row[1:3]) for row in content(saved)["fact"]} >= {(1, "/code_number"), (2, "/code_number")}
        if "dispatch" in untouched:
            assert report.saved["dispatch"] == 3


def _all_pages(path, table):
    from vndoc.archive.care.pages import PageFile  # noqa: PLC0415

    with PageFile(path) as file:
        roots = {row.values[1]: row.values[3] for row in file.rows(1)}
        file.visited.clear()
        list(file.rows(roots[table]))
        return set(file.visited)


def test_a_full_disk_loses_no_result(corrected, tmp_path, monkeypatch):
    def full(*_):
        raise MachineError("no room is left")

    monkeypatch.setattr("vndoc.archive.care.mending.store", full)
    with pytest.raises(MachineError):
        salvage(copied(corrected, tmp_path), tmp_path / "new.sqlite")
    assert not (tmp_path / "new.sqlite").exists()
